//! The graph while it grows: vertices, edges and their parts in flat arrays.

use breiband_model::{Money, Origin, Part, PartKind, Point, PriceId, Side, Vertex, VertexKind};

/// An edge under construction: its parts run from tail to head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DraftEdge {
    pub(crate) tail: u32,
    pub(crate) head: u32,
    pub(crate) parts: (u32, u32),
}

/// The growing graph.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) vertices: Vec<Vertex>,
    pub(crate) edges: Vec<DraftEdge>,
    pub(crate) parts: Vec<Part>,
    pub(crate) points: Vec<Point>,
    /// Where the parts of the next edge start.
    begun: usize,
}

impl Draft {
    /// Makes room for about so many lines, along ways of so many points.
    pub(crate) fn reserve(&mut self, lines: usize, points: usize) {
        self.vertices.reserve(2 * lines);
        self.edges.reserve(3 * lines);
        self.parts.reserve(3 * lines);
        self.points.reserve(2 * lines + points);
    }

    pub(crate) fn vertex(&mut self, point: Point, kind: VertexKind) -> u32 {
        self.vertices.push(Vertex { point, kind });
        self.vertices.len() as u32 - 1
    }

    pub(crate) fn geometry(&mut self, line: &[Point]) -> (u32, u32) {
        let from = self.points.len() as u32;
        self.points.extend_from_slice(line);
        (from, self.points.len() as u32)
    }

    /// Adds a part to the edge that [`Draft::edge`] will close.
    #[expect(clippy::too_many_arguments, reason = "a part has that many fields")]
    pub(crate) fn part(
        &mut self,
        kind: PartKind,
        origin: Origin,
        side: Side,
        price: Option<PriceId>,
        geometry: (u32, u32),
        count: u32,
        permille: u32,
    ) {
        self.parts.push(Part { kind, origin, side, price, geometry, count, permille, lump: Money::ZERO });
    }

    /// Adds a part that is charged by the piece, at the factor of the areas it lies in.
    pub(crate) fn lump_part(&mut self, kind: PartKind, origin: Origin, price: PriceId, count: u32, permille: u32) {
        self.part(kind, origin, Side::Middle, Some(price), (0, 0), count, permille);
    }

    /// Adds what a place costs: its `own` price, or the book's for one; the book's class says how sure either is.
    pub(crate) fn place_part(
        &mut self,
        kind: PartKind,
        origin: Origin,
        place: Point,
        price: Option<PriceId>,
        own: Option<Money>,
    ) {
        let (geometry, side) = (self.geometry(&[place]), Side::Middle);
        let (count, lump) = (u32::from(own.is_none()), own.unwrap_or(Money::ZERO));
        self.parts.push(Part { kind, origin, side, price, geometry, count, permille: 1000, lump });
    }

    /// Adds the lump of an area.
    pub(crate) fn area_lump(&mut self, origin: Origin, lump: Money) {
        let kind = PartKind::AreaLump;
        let side = Side::Middle;
        self.parts.push(Part { kind, origin, side, price: None, geometry: (0, 0), count: 0, permille: 1000, lump });
    }

    /// Closes an edge over the parts added since the last one. An edge from a vertex to itself is dropped.
    pub(crate) fn edge(&mut self, tail: u32, head: u32) {
        let parts = (self.begun as u32, self.parts.len() as u32);
        if tail == head {
            self.parts.truncate(self.begun);
            return;
        }
        self.begun = self.parts.len();
        self.edges.push(DraftEdge { tail, head, parts });
    }

    /// Forgets the parts added since the last edge.
    pub(crate) fn abandon(&mut self) {
        self.parts.truncate(self.begun);
    }

    pub(crate) fn parts_of(&self, edge: &DraftEdge) -> &[Part] {
        &self.parts[edge.parts.0 as usize..edge.parts.1 as usize]
    }
}
