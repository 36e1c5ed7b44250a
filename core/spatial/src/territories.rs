//! On whose ground a stretch lies.

use breiband_model::{CandidateNetwork, Edge, Money, Municipality, MunicipalityId, Part, PartKind, Point, length_mm};

use crate::PolygonIndex;

/// The areas of municipalities. Where they overlap, and on the border between two, the ground is the earlier one's.
#[derive(Debug, Clone)]
pub struct Territories {
    index: PolygonIndex,
    /// Whose each polygon is.
    owners: Vec<MunicipalityId>,
}

/// Length on somebody's ground, or on nobody's.
type Piece = (Option<MunicipalityId>, u64);

impl Territories {
    /// An index of the areas.
    pub fn new(municipalities: &[Municipality]) -> Self {
        let own = |(at, m): (usize, &Municipality)| vec![MunicipalityId::from_usize(at); m.area.len()];
        Self {
            index: PolygonIndex::build(municipalities.iter().flat_map(|m| &m.area)),
            owners: municipalities.iter().enumerate().flat_map(own).collect(),
        }
    }

    /// Whose ground `p` is on.
    pub fn at(&self, p: Point) -> Option<MunicipalityId> {
        self.index.containing(p).map(|polygon| self.owners[polygon as usize])
    }

    /// Millimetres of a part on each one's ground, nobody's twice; together they are the part's length. What has no length
    /// stands somewhere: a crossing where its edge begins, a radio link where it ends.
    pub fn of(&self, network: &CandidateNetwork, edge: &Edge, part: &Part) -> Vec<Piece> {
        let line = network.geometry_of(part);
        if part.kind == PartKind::Radio || length_mm(line) == 0 {
            let place = line.last().copied().unwrap_or(network.vertices[edge.tail.index()].point);
            return vec![(self.at(place), 0)];
        }
        self.along(line)
    }

    /// As [`Territories::of`], with what each one's ground has of the part's cost by length.
    pub fn paid(
        &self,
        network: &CandidateNetwork,
        edge: &Edge,
        part: &Part,
        cost: Money,
    ) -> impl Iterator<Item = (Option<MunicipalityId>, u64, Money)> {
        let pieces = self.of(network, edge, part);
        let lengths: Vec<u64> = pieces.iter().map(|piece| piece.1).collect();
        pieces.into_iter().zip(cost.split(&lengths)).map(|((owner, mm), cost)| (owner, mm, cost))
    }

    /// Millimetres of a line on each one's ground, which add up to its length. A border is crossed where it is crossed.
    pub fn along(&self, line: &[Point]) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut add = |owner: Option<MunicipalityId>, mm: u64| match pieces.iter_mut().find(|piece| piece.0 == owner) {
            Some(piece) => piece.1 += mm,
            None if mm > 0 => pieces.push((owner, mm)),
            None => {}
        };
        for pair in line.windows(2) {
            let crossed = self.index.crossed_by(pair[0], pair[1]);
            let mut left = pair[0].distance_mm(pair[1]);
            for one in &crossed {
                let inside = one.inside_mm.min(left);
                add(Some(self.owners[one.polygon as usize]), inside);
                left -= inside;
            }
            match crossed.first() {
                // Along a border, or outside every area.
                None => add(self.at(pair[0].towards(pair[1], 1, 2)), left),
                // Where borders cut a line, a millimetre may be lost to rounding.
                Some(one) if left <= crossed.len() as u64 => add(Some(self.owners[one.polygon as usize]), left),
                Some(_) => add(None, left),
            }
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use breiband_model::Polygon;
    use proptest::prelude::*;

    fn square(code: &str, x: i32, y: i32, side: i32) -> Municipality {
        let corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)];
        let outer = corners.map(|(x, y)| Point::new(x, y)).to_vec();
        Municipality { code: code.into(), name: code.into(), area: vec![Polygon { outer, holes: Vec::new() }] }
    }

    fn along(line: &[(i32, i32)]) -> Vec<(Option<usize>, u64)> {
        let areas = [square("a", 0, 0, 1_000), square("b", 1_000, 0, 1_000)];
        let line: Vec<Point> = line.iter().map(|&(x, y)| Point::new(x, y)).collect();
        let pieces = Territories::new(&areas).along(&line);
        pieces.into_iter().map(|(owner, mm)| (owner.map(MunicipalityId::index), mm)).collect()
    }

    #[test]
    fn a_border_is_crossed_where_it_is_crossed() {
        assert_eq!(along(&[(900, 500), (1_300, 500)]), [(Some(0), 100), (Some(1), 300)]);
        // A line of two points that ends on a border, from either side.
        assert_eq!(along(&[(200, 500), (1_000, 500)]), [(Some(0), 800)]);
        assert_eq!(along(&[(1_800, 500), (1_000, 500)]), [(Some(1), 800)]);
        // Along the border, outside, and out of an area.
        assert_eq!(along(&[(1_000, 100), (1_000, 900)]), [(Some(0), 800)]);
        assert_eq!(along(&[(100, 2_000), (300, 2_000)]), [(None, 200)]);
        assert_eq!(along(&[(1_900, 500), (2_400, 500)]), [(Some(1), 100), (None, 400)]);
        assert_eq!(along(&[(500, 500)]), []);
    }

    proptest! {
        #[test]
        fn pieces_add_up_to_the_length(ends in prop::collection::vec((-500i32..2_500, -500i32..1_500), 2..6)) {
            let line: Vec<Point> = ends.iter().map(|&(x, y)| Point::new(x, y)).collect();
            prop_assert_eq!(along(&ends).iter().map(|piece| piece.1).sum::<u64>(), length_mm(&line));
        }
    }
}
