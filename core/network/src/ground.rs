//! What lies on the ground, for pricing straight lines across it: land use, areas with a rule, water, buildings, railways,
//! streams.

use std::borrow::Cow;
use std::sync::Arc;

use breiband_model::{
    AreaRule, Bounds, CostBook, DrawnArea, LandUse, LeftOutReason, LineKind, Money, Origin, PartKind, Point, PriceId,
    Region, RuledArea, Side,
};
use breiband_spatial::{
    Crossing, Mended, PolygonIndex, Projection, SegmentGrid, crossing_point, mend_polygon, segments_cross, side_of,
};

use crate::draft::Draft;
use crate::held::Held;
use crate::links::Places;
use crate::stretches::{Stretches, Use};

/// Cells of the grids, millimetres.
const CELL_MM: u32 = 100_000;
/// A foot is rounded to the millimetre: what is crossed this near to an end of a line is met there, not crossed.
const END_MM: u64 = 3;

/// What areas with a rule say about a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AreaSays {
    pub(crate) forbidden: bool,
    pub(crate) permille: u32,
    pub(crate) lump: u64,
}

impl AreaSays {
    /// What no area says.
    pub(crate) const NOTHING: Self = Self { forbidden: false, permille: 1000, lump: 0 };
}

/// A line's segment that is crossed at a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shore {
    /// The edge of a water area.
    Water,
    /// Sea on the right.
    Coast,
}

/// Indexes over everything that does not follow a way.
pub(crate) struct Ground<'a> {
    region: Held<'a>,
    book: Cow<'a, CostBook>,
    lie: Arc<Lie>,
    /// Areas that the scenario draws itself.
    drawn: Vec<RuledArea>,
    /// Areas with a rule: the region's, then those.
    areas: PolygonIndex,
    area_edges: SegmentGrid,
    area_segments: Vec<(Point, Point)>,
    /// What holds them all.
    area_bounds: Option<Bounds>,
    /// Ways on the ground, once they are cut.
    ways: Arc<Places>,
}

/// The lie of the land: indexes over what the region has, whatever a scenario says.
pub(crate) struct Lie {
    land: PolygonIndex,
    buildings: PolygonIndex,
    water: PolygonIndex,
    shores: SegmentGrid,
    shore_segments: Vec<(Point, Point, Shore)>,
    lines: SegmentGrid,
    line_segments: Vec<(Point, Point, u32)>,
}

impl Lie {
    pub(crate) fn new(region: &Region) -> Self {
        let mut shore_segments: Vec<_> =
            rings(region.water.iter().map(|w| &w.polygon)).into_iter().map(|(a, b)| (a, b, Shore::Water)).collect();
        let mut line_segments = Vec::new();
        for (index, line) in region.lines.iter().enumerate() {
            let pairs = line.points.windows(2).map(|pair| (pair[0], pair[1]));
            match line.kind {
                LineKind::Coastline => shore_segments.extend(pairs.map(|(a, b)| (a, b, Shore::Coast))),
                LineKind::Rail | LineKind::Stream => line_segments.extend(pairs.map(|(a, b)| (a, b, index as u32))),
                _ => {}
            }
        }
        let grid = |segments: &mut dyn Iterator<Item = (Point, Point)>| {
            SegmentGrid::build(&segments.collect::<Vec<_>>(), CELL_MM)
        };
        Self {
            land: PolygonIndex::build(region.land.iter().map(|l| &l.polygon)),
            buildings: PolygonIndex::build(region.buildings.iter().map(|b| &b.polygon)),
            water: PolygonIndex::build(region.water.iter().map(|w| &w.polygon)),
            shores: grid(&mut shore_segments.iter().map(|s| (s.0, s.1))),
            shore_segments,
            lines: grid(&mut line_segments.iter().map(|s| (s.0, s.1))),
            line_segments,
        }
    }
}

/// Scratch space of [`Ground::lay`].
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    found: Vec<u32>,
    cuts: Vec<(u64, Point, Option<bool>)>,
    /// From, to, and whether it is under water.
    pieces: Vec<(Point, Point, bool)>,
    crossed: Vec<(u32, Point)>,
}

/// A piece of a straight line over the ground, at one price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GroundPiece {
    pub(crate) from: Point,
    pub(crate) to: Point,
    pub(crate) wet: bool,
    pub(crate) land_use: Option<LandUse>,
    pub(crate) price: PriceId,
    pub(crate) permille: u32,
    pub(crate) lump: u64,
}

impl GroundPiece {
    fn is_like(&self, next: &Self) -> bool {
        (self.wet, self.land_use, self.price, self.permille) == (next.wet, next.land_use, next.price, next.permille)
            && next.lump == 0
    }
}

fn rings<'p>(polygons: impl Iterator<Item = &'p breiband_model::Polygon>) -> Vec<(Point, Point)> {
    polygons
        .flat_map(|polygon| polygon.rings())
        .flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)).map(|(&a, &b)| (a, b)))
        .collect()
}

/// A drawn area in the region's plane, mended as those of a file are; none where it lies off it, or encloses nothing.
pub(crate) fn placed(region: &Region, area: &DrawnArea) -> Vec<RuledArea> {
    let (Some(mended), Some(rule)) = (mended(region, area), area.area_rule()) else { return Vec::new() };
    let polygons = mended.polygons.into_iter();
    polygons.map(|polygon| RuledArea { external_id: area.name.clone(), rule: rule.clone(), polygon }).collect()
}

/// Whether a drawn area's line crosses itself.
pub(crate) fn crosses_itself(region: &Region, area: &DrawnArea) -> bool {
    mended(region, area).is_some_and(|mended| mended.crossed())
}

fn mended(region: &Region, area: &DrawnArea) -> Option<Mended> {
    let projection = Projection::new(region.plane);
    let corners: Option<Vec<Point>> = area.ring.iter().map(|p| projection.to_plane(p[0], p[1]).ok()).collect();
    let mut ring = corners?;
    ring.extend(ring.first().copied());
    Some(mend_polygon(&[ring]))
}

impl<'a> Ground<'a> {
    /// `drawn` are the scenario's own areas.
    pub(crate) fn new(held: Held<'a>, book: Cow<'a, CostBook>, lie: Arc<Lie>, drawn: &[DrawnArea]) -> Self {
        let region: &Region = &held;
        let drawn: Vec<RuledArea> = drawn.iter().flat_map(|area| placed(region, area)).collect();
        let ruled = || region.ruled_areas.iter().chain(&drawn).map(|area| &area.polygon);
        let area_segments = rings(ruled());
        let areas = PolygonIndex::build(ruled());
        Self {
            region: held,
            book,
            lie,
            drawn,
            areas,
            area_edges: SegmentGrid::build(&area_segments, CELL_MM),
            area_bounds: Bounds::of(area_segments.iter().map(|segment| segment.0)),
            area_segments,
            ways: Arc::default(),
        }
    }

    /// Takes the ways that a line on the ground would have to cross.
    pub(crate) fn set_ways(&mut self, ways: Arc<Places>) {
        self.ways = ways;
    }

    pub(crate) fn land_use(&self, p: Point) -> Option<LandUse> {
        self.lie.land.containing(p).map(|i| self.region.land[i as usize].land_use)
    }

    /// The buildings around `p`.
    pub(crate) fn buildings_at(&self, p: Point) -> Vec<u32> {
        self.lie.buildings.all_containing(p)
    }

    /// Whether an area's rule leaves out premises at `p`.
    pub(crate) fn excludes_premises(&self, p: Point) -> bool {
        !self.areas.is_empty()
            && self.areas.all_containing(p).iter().any(|&i| self.ruled(i).rule == AreaRule::ExcludePremises)
    }

    /// An area with a rule, by its number in the index.
    fn ruled(&self, index: u32) -> &RuledArea {
        let (given, index) = (&self.region.ruled_areas, index as usize);
        given.get(index).unwrap_or_else(|| &self.drawn[index - given.len()])
    }

    pub(crate) fn areas_at(&self, p: Point) -> AreaSays {
        let mut says = AreaSays::NOTHING;
        if self.areas.is_empty() {
            return says;
        }
        for index in self.areas.all_containing(p) {
            match self.ruled(index).rule {
                AreaRule::Forbid => says.forbidden = true,
                AreaRule::Multiply { permille } => {
                    let product = (u64::from(says.permille) * u64::from(permille) + 500) / 1000;
                    says.permille = u32::try_from(product).unwrap_or(u32::MAX);
                }
                AreaRule::Lump { amount } => says.lump = says.lump.saturating_add(amount),
                AreaRule::ExcludePremises => {}
            }
        }
        says
    }

    /// Whether a line surely lies away from all areas with a rule.
    pub(crate) fn is_apart(&self, line: &[Point]) -> bool {
        let Some(areas) = &self.area_bounds else { return true };
        Bounds::of(line.iter().copied()).is_none_or(|line| !line.overlaps(areas))
    }

    /// The line in pieces, cut where it meets the edge of an area with a rule. At least one piece.
    pub(crate) fn cut_at_areas(&self, line: &[Point]) -> Vec<Vec<Point>> {
        let mut pieces = vec![vec![line[0]]];
        let mut found = Vec::new();
        for pair in line.windows(2) {
            let mut cuts: Vec<Point> = Vec::new();
            if !self.areas.is_empty() {
                self.area_edges.crossing(pair[0], pair[1], &mut found);
                cuts.extend(found.iter().filter_map(|&s| {
                    let (a, b) = self.area_segments[s as usize];
                    crossing_point(pair[0], pair[1], a, b)
                }));
                cuts.sort_by_key(|&p| (pair[0].distance_squared(p), p));
            }
            cuts.push(pair[1]);
            for (number, &cut) in cuts.iter().enumerate() {
                let Some(piece) = pieces.last_mut() else { continue };
                if piece.last() != Some(&cut) {
                    piece.push(cut);
                }
                // The end of a segment is a cut only where it is one of the crossings.
                if number + 1 < cuts.len() && piece.len() > 1 {
                    pieces.push(vec![cut]);
                }
            }
        }
        match pieces.last() {
            Some(piece) if piece.len() == 1 && pieces.len() > 1 => drop(pieces.pop()),
            Some(piece) if piece.len() == 1 => pieces[0].push(line[line.len() - 1]),
            _ => {}
        }
        pieces
    }

    /// Adds the parts of a straight line over the ground to `draft`, from `from` to `to`: pieces on land and under water,
    /// and what they cross. `kind` and `origin` name the pieces on land. Ways that the line only meets at its ends are not
    /// crossed, nor are the `own` buildings.
    ///
    /// # Errors
    /// Why the line cannot be: an area forbids it, or a way in between may not be crossed (with the name of its rule).
    #[expect(clippy::too_many_arguments, reason = "a line has two ends, a kind, an origin and a price")]
    pub(crate) fn lay(
        &self,
        stretches: &Stretches,
        draft: &mut Draft,
        scratch: &mut Scratch,
        (from, to): (Point, Point),
        (kind, origin): (PartKind, Origin),
        price: Option<PriceId>,
        own: &[u32],
    ) -> Result<(), (LeftOutReason, String)> {
        self.may_cross(from, to)?;
        self.cross_ways(stretches, draft, scratch, from, to)?;
        self.pieces(draft, scratch, (from, to), (kind, origin), price);
        self.obstacles(draft, scratch, (from, to), origin, own);
        Ok(())
    }

    /// Whether areas let a line from `from` to `to` be laid.
    fn may_cross(&self, from: Point, to: Point) -> Result<(), (LeftOutReason, String)> {
        if !self.areas.is_empty() {
            let crossed = self.areas.crossed_by(from, to);
            let forbids = |c: &&breiband_spatial::Crossed| self.ruled(c.polygon).rule == AreaRule::Forbid;
            if let Some(area) = crossed.iter().find(forbids) {
                let name = self.ruled(area.polygon).external_id.clone();
                return Err((LeftOutReason::ForbiddenArea, name));
            }
        }
        Ok(())
    }

    /// Adds buildings, railways and streams on the way of a line.
    fn obstacles(
        &self,
        draft: &mut Draft,
        scratch: &mut Scratch,
        (from, to): (Point, Point),
        origin: Origin,
        own: &[u32],
    ) {
        let buildings = self.lie.buildings.crossed_among(from, to, |building| !own.contains(&building)).len() as u32;
        if buildings > 0 {
            let price = self.book.use_price(|u| &u.building_crossing);
            let permille = self.areas_at(from.towards(to, 1, 2)).permille;
            draft.lump_part(PartKind::Obstacle, origin, price, buildings, permille);
        }
        if !self.lie.lines.is_empty() {
            self.lie.lines.crossing(from, to, &mut scratch.found);
            scratch.crossed.clear();
            for &segment in &scratch.found {
                let (a, b, line) = self.lie.line_segments[segment as usize];
                scratch.crossed.extend(crossing_point(from, to, a, b).map(|p| (line, p)));
            }
            scratch.crossed.sort_unstable();
            scratch.crossed.dedup();
            for &(line, at) in &scratch.crossed {
                let price = match self.region.lines[line as usize].kind {
                    LineKind::Rail => self.book.use_price(|u| &u.rail_crossing),
                    _ => self.book.use_price(|u| &u.stream_crossing),
                };
                draft.lump_part(PartKind::Obstacle, Origin::Line(line), price, 1, self.areas_at(at).permille);
            }
        }
    }

    /// As [`Ground::lay`], for a line drawn by hand whose `pieces` on the ground are known.
    pub(crate) fn lay_drawn(
        &self,
        stretches: &Stretches,
        draft: &mut Draft,
        scratch: &mut Scratch,
        pieces: &[GroundPiece],
    ) -> Result<(), (LeftOutReason, String)> {
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return Ok(()) };
        let (from, to) = (first.from, last.to);
        let origin = Origin::Derived;
        self.may_cross(from, to)?;
        self.cross_ways(stretches, draft, scratch, from, to)?;
        for piece in pieces {
            let geometry = draft.geometry(&[piece.from, piece.to]);
            let (kind, count) = if piece.wet { (PartKind::Water, 2) } else { (PartKind::Drawn, 0) };
            draft.part(kind, origin, Side::Middle, Some(piece.price), geometry, count, piece.permille);
            if piece.lump > 0 {
                draft.area_lump(origin, Money::from_minor(piece.lump));
            }
        }
        self.obstacles(draft, scratch, (from, to), origin, &[]);
        Ok(())
    }

    /// What a straight line lies on: cut at shores, and on land where the land's use or an area with a rule changes, so
    /// that every piece has one price. An area's lump is in the first piece within it.
    /// `inside` says that an area's lump is paid for already where the line begins.
    pub(crate) fn ground_pieces(
        &self,
        scratch: &mut Scratch,
        (from, to): (Point, Point),
        inside: bool,
    ) -> Vec<GroundPiece> {
        self.cut_at_shores(scratch, from, to);
        if let [only] = scratch.pieces.as_mut_slice()
            && !only.2
        {
            // No shore is crossed: the line may lie at sea altogether.
            only.2 = self.is_at_sea(from.towards(to, 1, 2));
        }
        let mut pieces: Vec<GroundPiece> = Vec::new();
        for &(begin, end, wet) in &scratch.pieces {
            let mut cuts = vec![begin];
            if !wet {
                let land = self.lie.land.crossed_by(begin, end);
                let land = land.iter().map(|c| &self.region.land[c.polygon as usize].polygon);
                let areas = self.areas.crossed_by(begin, end);
                let areas = areas.iter().map(|c| &self.ruled(c.polygon).polygon);
                for (a, b) in rings(land.chain(areas)) {
                    cuts.extend(crossing_point(begin, end, a, b));
                }
                cuts.sort_unstable_by_key(|&p| (begin.distance_squared(p), p));
                cuts.dedup();
            }
            cuts.retain(|&p| p != end);
            cuts.push(end);
            for pair in cuts.windows(2) {
                let middle = pair[0].towards(pair[1], 1, 2);
                let land_use = self.land_use(middle);
                let price = if wet { self.book.use_price(|u| &u.water) } else { self.book.ground_price(land_use) };
                let says = self.areas_at(middle);
                let before = pieces.last().map(|last| self.areas_at(last.from.towards(last.to, 1, 2)).lump > 0);
                let entered = !before.unwrap_or(inside);
                let lump = if entered { says.lump } else { 0 };
                let piece =
                    GroundPiece { from: pair[0], to: pair[1], wet, land_use, price, permille: says.permille, lump };
                match pieces.last_mut() {
                    Some(last) if last.is_like(&piece) => last.to = piece.to,
                    _ => pieces.push(piece),
                }
            }
        }
        pieces
    }

    fn cross_ways(
        &self,
        stretches: &Stretches,
        draft: &mut Draft,
        scratch: &mut Scratch,
        from: Point,
        to: Point,
    ) -> Result<(), (LeftOutReason, String)> {
        self.ways.grid.crossing(from, to, &mut scratch.found);
        scratch.crossed.clear();
        for &segment in &scratch.found {
            let (a, b) = self.ways.segments[segment as usize];
            let Some(at) = crossing_point(from, to, a, b) else { continue };
            if at.distance_mm(from) > END_MM && at.distance_mm(to) > END_MM {
                scratch.crossed.push((self.ways.owners[segment as usize], at));
            }
        }
        // At a junction several ways share the point: the first stands for all of them.
        scratch.crossed.sort_unstable_by_key(|&(stretch, at)| (at, stretch));
        scratch.crossed.dedup_by_key(|&mut (_, at)| at);
        scratch.crossed.sort_unstable_by_key(|&(stretch, at)| (from.distance_squared(at), stretch));
        for &(stretch, _) in &scratch.crossed {
            let s = &stretches.all[stretch as usize];
            let Some(rule) = s.rule else { continue };
            let Some(price) = self.book.crossing(rule) else {
                return Err((LeftOutReason::ForbiddenByRule, self.book.rule(rule).name.clone()));
            };
            draft.lump_part(PartKind::Crossing, Origin::Way(s.way), price, 1, s.permille);
        }
        Ok(())
    }

    /// Adds the pieces between shores.
    fn pieces(
        &self,
        draft: &mut Draft,
        scratch: &mut Scratch,
        (from, to): (Point, Point),
        (kind, origin): (PartKind, Origin),
        price: Option<PriceId>,
    ) {
        self.cut_at_shores(scratch, from, to);
        for &(begin, end, wet) in &scratch.pieces {
            self.piece(draft, (begin, end), wet, (kind, origin), price);
        }
    }

    /// Cuts a line at the shores, into pieces by turns dry and wet; at least one.
    fn cut_at_shores(&self, scratch: &mut Scratch, from: Point, to: Point) {
        scratch.cuts.clear();
        scratch.pieces.clear();
        if !self.lie.shores.is_empty() {
            self.lie.shores.crossing(from, to, &mut scratch.found);
            for &segment in &scratch.found {
                let (a, b, shore) = self.lie.shore_segments[segment as usize];
                let Some(at) = crossing_point(from, to, a, b) else { continue };
                // Whether the sea begins here: the land is left of its coast.
                let into_sea = (shore == Shore::Coast && segments_cross(from, to, a, b) == Crossing::Proper)
                    .then(|| side_of(a, b, to) == breiband_spatial::Side::Right);
                scratch.cuts.push((from.distance_mm(at), at, into_sea));
            }
        }
        scratch.cuts.sort_unstable();
        scratch.cuts.push((u64::MAX, to, None));
        // Before the first coast: what it leads out of.
        let mut sea = scratch.cuts.iter().find_map(|c| c.2).is_some_and(|into_sea| !into_sea);
        let mut start = from;
        for &(_, at, into_sea) in &scratch.cuts {
            if at != start {
                let wet =
                    sea || !self.lie.water.is_empty() && self.lie.water.containing(start.towards(at, 1, 2)).is_some();
                match scratch.pieces.last_mut() {
                    // Neighbouring pieces of one kind are one piece.
                    Some(last) if last.2 == wet => last.1 = at,
                    _ => scratch.pieces.push((start, at, wet)),
                }
                start = at;
            }
            sea = into_sea.unwrap_or(sea);
        }
        if scratch.pieces.is_empty() {
            scratch.pieces.push((from, to, false));
        }
    }

    /// Whether `p` lies beyond the coast nearest to it: the land is left of a coast.
    fn is_at_sea(&self, p: Point) -> bool {
        let is_coast = |segment: u32| self.lie.shore_segments[segment as usize].2 == Shore::Coast;
        let nearest = self.lie.shores.nearest_by(p, u32::MAX, is_coast);
        nearest.is_some_and(|hit| {
            let (a, b, _) = self.lie.shore_segments[hit.segment as usize];
            side_of(a, b, p) == breiband_spatial::Side::Right
        })
    }

    /// The book that everything is priced by.
    pub(crate) fn book(&self) -> &CostBook {
        &self.book
    }

    /// The region that lies on the ground.
    pub(crate) fn region(&self) -> &Region {
        &self.region
    }

    /// Whether there is any water to cross.
    pub(crate) fn has_shores(&self) -> bool {
        !self.lie.shores.is_empty()
    }

    /// The segments of all shores with the number of their shore, those of one shore together. Waters that are quickly
    /// walked around are left out.
    pub(crate) fn shore_lines(&self) -> impl Iterator<Item = (u32, Point, Point)> {
        let large = |line: &[Point]| {
            breiband_model::Bounds::of(line.iter().copied())
                .is_some_and(|b| b.max.x.abs_diff(b.min.x).max(b.max.y.abs_diff(b.min.y)) >= 100_000)
        };
        let rings = self.region.water.iter().flat_map(|w| w.polygon.rings()).filter(move |ring| large(ring));
        let rings = rings.map(|ring| (ring, true));
        let coasts = self.region.lines.iter().filter(|l| l.kind == LineKind::Coastline);
        (0..).zip(rings.chain(coasts.map(|l| (l.points.as_slice(), false)))).flat_map(|(number, (line, closed))| {
            let closing = if closed { line.last().zip(line.first()) } else { None };
            let pairs = line.windows(2).map(|pair| (pair[0], pair[1])).chain(closing.map(|(&a, &b)| (a, b)));
            pairs.map(move |(a, b)| (number, a, b))
        })
    }

    /// What a cable over the water between two places costs, in minor units, where the line runs into water within
    /// `landing_mm` of either end. What else it crosses is not counted.
    pub(crate) fn crossing_cost(&self, from: Point, to: Point, landing_mm: u64) -> Option<u64> {
        let mut scratch = Scratch::default();
        self.cut_at_shores(&mut scratch, from, to);
        let dry =
            |piece: Option<&(Point, Point, bool)>| piece.is_none_or(|p| p.2 || p.0.distance_mm(p.1) <= landing_mm);
        let wet = scratch.pieces.iter().any(|p| p.2);
        if !wet || !dry(scratch.pieces.first()) || !dry(scratch.pieces.last()) {
            return None;
        }
        let (water, gap) = (self.book.use_price(|u| &u.water), self.book.use_price(|u| &u.gap));
        let cost = |&(a, b, wet): &(Point, Point, bool)| {
            let (price, count) = if wet { (water, 2) } else { (gap, 0) };
            self.book.price(price).cost(a.distance_mm(b), count, 1000)
        };
        Some(scratch.pieces.iter().map(cost).sum::<Money>().as_minor())
    }

    fn piece(
        &self,
        draft: &mut Draft,
        (from, to): (Point, Point),
        wet: bool,
        (kind, origin): (PartKind, Origin),
        price: Option<PriceId>,
    ) {
        let middle = from.towards(to, 1, 2);
        let (kind, price, count) = if wet {
            (PartKind::Water, self.book.use_price(|u| &u.water), 2)
        } else {
            (kind, price.unwrap_or_else(|| self.book.ground_price(self.land_use(middle))), 0)
        };
        let says = self.areas_at(middle);
        let geometry = draft.geometry(&[from, to]);
        draft.part(kind, origin, Side::Middle, Some(price), geometry, count, says.permille);
        if says.lump > 0 {
            draft.area_lump(origin, Money::from_minor(says.lump));
        }
    }
}

/// The segments of the stretches that `keep` accepts, and the stretch of each.
pub(crate) fn segments_of(
    stretches: &Stretches,
    keep: impl Fn(&crate::stretches::Stretch) -> bool,
) -> (Vec<(Point, Point)>, Vec<u32>) {
    let (mut segments, mut owners) = (Vec::new(), Vec::new());
    for (index, _) in stretches.all.iter().enumerate().filter(|(_, s)| keep(s)) {
        for pair in stretches.line(index as u32).windows(2) {
            segments.push((pair[0], pair[1]));
            owners.push(index as u32);
        }
    }
    (segments, owners)
}

/// Whether anything but a ferry is laid along the stretch.
pub(crate) fn is_dug(s: &crate::stretches::Stretch) -> bool {
    matches!(s.usage, Use::Verges | Use::Line)
}
