//! The candidate network: everything that could be dug, hung or laid, priced, with its way back to the region.

use crate::{
    CabinetId, CostBook, EdgeId, HandoverId, MastId, Money, Point, PremisesId, PriceId, VertexId, WayId, length_mm,
};

/// Which side of a way's direction a line runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// On the way itself, or not along a way.
    Middle,
    /// Left of the way's direction.
    Left,
    /// Right of it.
    Right,
}

/// What a part of an edge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// Along a way.
    Along,
    /// Across a way, from one side to the other.
    Crossing,
    /// From a premises towards a way.
    Drop,
    /// Through or around an obstacle on the way of a drop: building, railway, stream.
    Obstacle,
    /// Shore to shore, or across a lake.
    Water,
    /// Over a gap between ways that nearly meet.
    Gap,
    /// On existing poles.
    Poles,
    /// In an existing duct.
    Duct,
    /// From a handover to the network.
    Handover,
    /// A lump that an area's rule adds.
    AreaLump,
    /// Over the ground, where a route was drawn by hand.
    Drawn,
    /// From a mast to the network.
    MastLead,
    /// Through the air, from a mast to a premises or another mast, with what stands at its ends: it has no metres.
    Radio,
    /// A mast, its antennas and sectors.
    Mast,
    /// Equipment at a home.
    Equipment,
    /// What something costs to run, at its present value.
    Running,
    /// Opening a point of presence.
    Opening,
    /// From a cabinet to the network.
    CabinetLead,
    /// A cabinet.
    Cabinet,
}

impl PartKind {
    /// Every kind, in order.
    pub const ALL: [Self; 19] = [
        Self::Along,
        Self::Crossing,
        Self::Drop,
        Self::Obstacle,
        Self::Water,
        Self::Gap,
        Self::Poles,
        Self::Duct,
        Self::Handover,
        Self::AreaLump,
        Self::Drawn,
        Self::MastLead,
        Self::Radio,
        Self::Mast,
        Self::Equipment,
        Self::Running,
        Self::Opening,
        Self::CabinetLead,
        Self::Cabinet,
    ];

    /// The kind's name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Along => "along",
            Self::Crossing => "crossing",
            Self::Drop => "drop",
            Self::Obstacle => "obstacle",
            Self::Water => "water",
            Self::Gap => "gap",
            Self::Poles => "poles",
            Self::Duct => "duct",
            Self::Handover => "handover",
            Self::AreaLump => "area-lump",
            Self::Drawn => "drawn",
            Self::MastLead => "mast-lead",
            Self::Radio => "radio",
            Self::Mast => "mast",
            Self::Equipment => "equipment",
            Self::Running => "running",
            Self::Opening => "opening",
            Self::CabinetLead => "cabinet-lead",
            Self::Cabinet => "cabinet",
        }
    }
}

/// What a part was made from: the way back to the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A way.
    Way(WayId),
    /// A premises' drop.
    Premises(PremisesId),
    /// A line of the region (power line, duct), by position.
    Line(u32),
    /// A handover.
    Handover(HandoverId),
    /// A mast.
    Mast(MastId),
    /// A cabinet.
    Cabinet(CabinetId),
    /// Nothing in the inputs: a shore-to-shore or gap candidate.
    Derived,
}

/// A stretch of an edge with one price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// What it was made from.
    pub origin: Origin,
    /// Side of the way.
    pub side: Side,
    /// Price; `None` costs only the lump.
    pub price: Option<PriceId>,
    /// Metres are charged over this geometry: positions in [`CandidateNetwork::points`], the first and the one after the last.
    /// Empty for crossings.
    pub geometry: (u32, u32),
    /// Pieces charged by the price's `each`.
    pub count: u32,
    /// Factor, thousandths: of areas with a rule; of running also what a year's price is worth over all years.
    pub permille: u32,
    /// A lump on top, from areas with a rule.
    pub lump: Money,
}

/// An undirected edge: from `tail` to `head`, its parts in that order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// One end.
    pub tail: VertexId,
    /// The other end.
    pub head: VertexId,
    /// The sum of its parts' costs.
    pub cost: Money,
    /// What of it is not building but running, at its present value: the sum of its [`PartKind::Running`] parts.
    pub running: Money,
    /// Its parts: positions in [`CandidateNetwork::parts`], the first and the one after the last.
    pub parts: (u32, u32),
}

impl Edge {
    /// What building it costs: all but what it costs to run. This is what a programme's budgets, lots, shares and support are
    /// about; the goal of a plan counts what it costs in all.
    pub fn building(&self) -> Money {
        Money::from_minor(self.cost.as_minor().saturating_sub(self.running.as_minor()))
    }
}

/// What a vertex stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VertexKind {
    /// The one root: all handovers' backbone.
    Root,
    /// A handover.
    Handover(HandoverId),
    /// A mast: every edge that brings the network to it carries its cost.
    Mast(MastId),
    /// A place on a way.
    Way,
    /// A premises' building entry: a sink that no path passes through.
    Premises,
    /// A cabinet, which every plan must reach: a sink, each of whose edges carries its price, so that it is paid once.
    Cabinet(CabinetId),
}

impl VertexKind {
    /// Whether a path may end there and not pass through.
    #[must_use]
    pub fn is_sink(self) -> bool {
        matches!(self, Self::Premises | Self::Cabinet(_))
    }
}

/// A cabinet that the planner has fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cabinet {
    /// Its id in files.
    pub external_id: String,
    /// Name.
    pub name: String,
    /// Where it is.
    pub point: Point,
    /// Its own price; without one, the cost book's.
    pub price: Option<crate::PlacePrice>,
    /// Its vertex; none where no handover reaches it.
    pub vertex: Option<VertexId>,
}

/// A vertex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vertex {
    /// Where it is. The root has the first handover's place.
    pub point: Point,
    /// What it is.
    pub kind: VertexKind,
}

/// Premises that share one building entry and thus one drop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    /// The sink.
    pub vertex: VertexId,
    /// The premises behind it, at least one.
    pub premises: Vec<PremisesId>,
}

/// Why something is not in the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOutReason {
    /// A rule of the cost book forbids it.
    ForbiddenByRule,
    /// No rule matches it.
    NoRule,
    /// The scenario forbids the way.
    ForbiddenByScenario,
    /// An area with a rule forbids it.
    ForbiddenArea,
    /// No handover reaches it.
    Disconnected,
}

impl LeftOutReason {
    /// The reason's name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::ForbiddenByRule => "forbidden-by-rule",
            Self::NoRule => "no-rule",
            Self::ForbiddenByScenario => "forbidden-by-scenario",
            Self::ForbiddenArea => "forbidden-area",
            Self::Disconnected => "disconnected",
        }
    }
}

/// Something that could have been in the graph and is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What it is made from.
    pub origin: Origin,
    /// Why it is not there.
    pub reason: LeftOutReason,
    /// Its length, millimetres.
    pub length_mm: u64,
    /// The rule's or area's name, or empty.
    pub detail: String,
}

/// What becomes of a premises before any route is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Demand {
    /// It is to be connected: its terminal's position in [`CandidateNetwork::terminals`].
    Terminal(u32),
    /// Its service today reaches the goal's threshold.
    AlreadyServed,
    /// The scenario leaves it out by id.
    ExcludedByScenario,
    /// The scenario leaves out its kind.
    ExcludedKind,
    /// An area's rule leaves it out.
    ExcludedArea,
    /// No way a drop may end on lies within the longest drop.
    NoWay,
}

/// Everything that could be built, priced: an undirected graph whose vertices and edges go by their positions here.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CandidateNetwork {
    /// Vertices. The root is vertex 0.
    pub vertices: Vec<Vertex>,
    /// Edges; parallel ones are allowed.
    pub edges: Vec<Edge>,
    /// Parts of edges.
    pub parts: Vec<Part>,
    /// Points of parts' geometries.
    pub points: Vec<Point>,
    /// Terminals, in the order of their first premises.
    pub terminals: Vec<Terminal>,
    /// One entry per premises of the region.
    pub demand: Vec<Demand>,
    /// What is not in the graph.
    pub left_out: Vec<LeftOut>,
    /// What was assumed, such as a default handover.
    pub assumptions: Vec<Assumption>,
    /// Handovers, those of the region and those assumed or named in the scenario.
    pub handovers: Vec<crate::Handover>,
    /// Masts that could be used, those of the region and those proposed.
    pub masts: Vec<crate::SitedMast>,
    /// Cabinets that every plan must reach.
    pub cabinets: Vec<Cabinet>,
    /// What each premises needs, Mbit/s down, where the scenario mixes technologies; else empty.
    pub needs_mbps: Vec<f64>,
}

/// Something the plan rests on that no input says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Assumption {
    /// A stable kebab-case code, the key of its message in every language.
    pub code: String,
    /// Values for the message.
    pub values: Vec<String>,
}

impl Assumption {
    /// No input says who has which service today.
    pub const NO_COVERAGE: &str = "no-coverage-data";
    /// One household behind each of so many addresses.
    pub const HOUSEHOLDS: &str = "households-assumed";
    /// The cost book's prices are nobody's own: which, and of what date.
    pub const EXAMPLE_PRICES: &str = "example-prices";
}

impl CandidateNetwork {
    /// The root.
    pub const ROOT: VertexId = VertexId::new(0);

    /// What a plan that connects everybody must reach: the terminals, then the cabinets that have a vertex.
    pub fn required(&self) -> impl Iterator<Item = VertexId> {
        let cabinets = self.cabinets.iter().filter_map(|cabinet| cabinet.vertex);
        self.terminals.iter().map(|terminal| terminal.vertex).chain(cabinets)
    }

    /// The parts of an edge, from tail to head.
    #[inline]
    pub fn parts_of(&self, edge: &Edge) -> &[Part] {
        &self.parts[edge.parts.0 as usize..edge.parts.1 as usize]
    }

    /// The parts of an edge that are built, from tail to head: those that [`Edge::building`] is the cost of.
    pub fn built_parts_of(&self, edge: &Edge) -> impl Iterator<Item = &Part> {
        self.parts_of(edge).iter().filter(|part| part.kind != PartKind::Running)
    }

    /// The mast at a vertex, if one stands there.
    pub fn mast_at(&self, vertex: VertexId) -> Option<MastId> {
        match self.vertices[vertex.index()].kind {
            VertexKind::Mast(id) => Some(id),
            _ => None,
        }
    }

    /// The mast at an edge's tail or, where none stands there, at its head.
    pub fn mast_of(&self, edge: &Edge) -> Option<MastId> {
        self.mast_at(edge.tail).or_else(|| self.mast_at(edge.head))
    }

    /// Whether an edge is a radio link. Its ends do not tell: fibre may lead to a mast and on from it.
    pub fn is_radio(&self, edge: &Edge) -> bool {
        self.parts_of(edge).iter().any(|part| part.kind == PartKind::Radio)
    }

    /// Costs an edge anew by the book, as the sum of its parts.
    pub fn price(&mut self, edge: EdgeId, book: &CostBook) {
        let parts = self.parts_of(&self.edges[edge.index()]);
        let (mut cost, mut running) = (Money::ZERO, Money::ZERO);
        for part in parts {
            let own = self.cost_of(part, book);
            cost = cost.saturating_add(own);
            if part.kind == PartKind::Running {
                running = running.saturating_add(own);
            }
        }
        let edge = &mut self.edges[edge.index()];
        (edge.cost, edge.running) = (cost, running);
    }

    /// Costs every edge anew by the book. Linear in the network's points.
    pub fn price_all(&mut self, book: &CostBook) {
        (0..self.edges.len()).for_each(|edge| self.price(EdgeId::from_usize(edge), book));
    }

    /// The geometry of a part.
    #[inline]
    pub fn geometry_of(&self, part: &Part) -> &[Point] {
        &self.points[part.geometry.0 as usize..part.geometry.1 as usize]
    }

    /// The length of a part, millimetres; a radio link has none.
    pub fn length_of(&self, part: &Part) -> u64 {
        if part.kind == PartKind::Radio { 0 } else { length_mm(self.geometry_of(part)) }
    }

    /// The length of an edge, millimetres: the sum of its parts'.
    #[must_use]
    pub fn edge_length(&self, edge: &Edge) -> u64 {
        self.parts_of(edge).iter().map(|part| self.length_of(part)).sum()
    }

    /// What a part costs by the book, which must have the price classes of the one that the network was made with, in their
    /// order.
    pub fn cost_of(&self, part: &Part, book: &CostBook) -> Money {
        self.cost_over(part, self.length_of(part), book)
    }

    /// What a part costs by the book, whose length in millimetres is known.
    pub fn cost_over(&self, part: &Part, length_mm: u64, book: &CostBook) -> Money {
        let priced = part.price.map(|p| book.price(p).cost(length_mm, part.count, part.permille));
        priced.unwrap_or_default().saturating_add(part.lump)
    }
}
