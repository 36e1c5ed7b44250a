//! The types that every stage of Breiband shares: units, the region, the scenario, the candidate network and the plan.
//!
//! Architecture invariant: this crate does nothing. It reads no file and no clock, and knows no algorithm; a value of its
//! types that exists is sound.

mod business;
mod cost_book;
mod game;
mod geometry;
mod id;
mod issue;
mod mix;
mod network;
mod partnership;
mod plan;
mod policy;
mod policy_change;
mod programme;
mod region;
mod scenario;
mod sentence;
mod stage;
mod support;
mod syntax;
mod table;
mod terrain;
mod units;

pub use business::{BusinessCase, BusinessSettings, CashYear, Spread, Sway};
pub use cost_book::{Condition, CostBook, CostBookError, CostBookFile, Limits, Method, Price, Rule, Uses};
pub use game::{
    ALL_GROUPS, Allocation, Game, GameSettings, GroupCost, LeastCore, MOST_PLAYERS, OwnedHandover, Shapley, Territory,
    Verdict, everybody,
};
pub use geometry::{Bounds, Plane, Point, Polygon, length_mm};
pub use id::{
    CabinetId, EdgeId, HandoverId, MastId, MunicipalityId, NodeId, PremisesId, PriceId, RuleId, SiteId, SourceId,
    VertexId, WayId,
};
pub use issue::{Issue, Severity, count_by_code};
pub use mix::{
    Mast, MastSummary, MixSettings, MixSummary, Need, SectorLoad, Served, SitedMast, Technologies, Technology,
    TechnologySummary, Wireless,
};
pub use network::{
    Assumption, Cabinet, CandidateNetwork, Demand, Edge, LeftOut, LeftOutReason, Origin, Part, PartKind, Side,
    Terminal, Vertex, VertexKind,
};
pub use partnership::{
    Budget, Crews, Density, DensityClass, DropPolicy, FixedCost, Freeze, KeyPart, Lots, Measure, Member, Milestone,
    Order, OrderStatus, Ordering, ProgrammeSettings, SettingsFault, SharingKey, Step, Weights,
};
pub use plan::{
    Choice, CurvePoint, MunicipalitySummary, PlaceKind, PlaceSummary, PremisesOutcome, Quantity, Reason, RoutePlan,
    Status, Summary,
};
pub use policy::{
    BusyHour, Equipment, HomeDemand, Host, HostPolicy, LinkLoad, Policy, PolicyError, Services, SiteDemand, SiteService,
};
pub use policy_change::{PolicyChange, PolicyValue};
pub use programme::{
    CoverageRow, FirstYear, Flow, Job, Joining, KeyOutcome, Leaving, Measured, MemberFigures, MilestoneOutcome,
    OrderOutcome, Phase, PremisesPhase, Programme, YearOutcome,
};
pub use region::{
    Access, AreaRule, Building, Handover, LandArea, LandUse, Line, LineKind, Municipality, PlacePrice, Premises,
    PremisesKind, PublicSite, Region, RegionParts, RuledArea, Service, SiteKind, Source, Structure, SupportPolygon,
    Surface, UnsoundRegion, Water, Way, WayClass,
};
pub use scenario::{
    AreaUse, BorderEdit, Count, DrawnArea, DrawnMast, DrawnRoute, Goal, Input, Leg, NamedCabinet, NamedPlace, Options,
    PremisesFrom, PriceChange, Role, RouteUse, Scenario, ScenarioError, line_in_toml,
};
pub use sentence::Sentence;
pub use stage::{Cancelled, Context, Observer, Silent, Staged};
pub use support::{
    Eligibility, Funding, Support, SupportArea, SupportAreas, SupportField, SupportMunicipality, SupportScheme,
};
pub use syntax::in_words;
pub use table::separator;
pub use terrain::Terrain;
pub use units::{Money, per_cent};
