//! The nouns of the whole project, by subject. All of them can be named at the crate's root too: `breiband::Goal` is
//! `breiband::model::scenario::Goal`.
//!
//! | what | where |
//! |---|---|
//! | what is on the ground: ways, premises, handovers, municipalities | [`region`] |
//! | what is asked: inputs, goal, options, what was drawn by hand | [`scenario`] |
//! | prices, and the rules that choose them | [`cost_book`] |
//! | everything that could be built, and what is left out of it | [`network`] |
//! | what is built, who is connected, what it costs at least | [`plan`] |
//! | fibre, masts and satellite side by side | [`mix`] |
//! | who builds together: members, keys, budgets, orders | [`partnership`] |
//! | what is built when, who pays what, who is covered | [`programme`] |
//! | what groups of municipalities would pay on their own | [`game`] |
//! | whether it pays | [`business`] |
//! | what a public scheme pays | [`support`] |
//! | what homes and public sites ask for | [`policy`] |
//! | progress, cancellation, and a value with its problems | [`stage`] |
//! | money, points, lengths, ids, and sentences for people | [`units`] |

/// What is on the ground before anything is planned.
pub mod region {
    pub use breiband_model::{
        Access, AreaRule, Building, Handover, LandArea, LandUse, Line, LineKind, Mast, Municipality, PlacePrice,
        Premises, PremisesKind, PublicSite, Region, RegionParts, RuledArea, Service, SiteKind, Source, Structure,
        SupportPolygon, Surface, Terrain, UnsoundRegion, Water, Way, WayClass,
    };
}

/// What is to be planned, from which inputs.
pub mod scenario {
    pub use breiband_model::{
        AreaUse, BorderEdit, Count, DrawnArea, DrawnMast, DrawnRoute, Goal, Input, Leg, NamedCabinet, NamedPlace,
        Options, PremisesFrom, PriceChange, Role, RouteUse, Scenario, ScenarioError, line_in_toml,
    };
}

/// Prices, and the ordered rules that choose them.
pub mod cost_book {
    pub use breiband_model::{Condition, CostBook, CostBookError, CostBookFile, Limits, Method, Price, Rule, Uses};
}

/// Everything that could be built, priced, with its way back to the region.
pub mod network {
    pub use breiband_model::{
        Assumption, Cabinet, CandidateNetwork, Demand, Edge, LeftOut, LeftOutReason, Origin, Part, PartKind, Side,
        SitedMast, Terminal, Vertex, VertexKind,
    };
}

/// What is built, who is connected, and how close to cheapest it is.
pub mod plan {
    pub use breiband_model::{
        Choice, CurvePoint, MunicipalitySummary, PlaceKind, PlaceSummary, PremisesOutcome, Quantity, Reason, RoutePlan,
        Status, Summary,
    };
}

/// Technologies besides fibre: what they need, give and cost.
pub mod mix {
    pub use breiband_model::{
        MastSummary, MixSettings, MixSummary, Need, SectorLoad, Served, Technologies, Technology, TechnologySummary,
        Wireless,
    };
}

/// How municipalities build together: the scenario's section `[programme]`.
pub mod partnership {
    pub use breiband_model::{
        Budget, Crews, Density, DensityClass, DropPolicy, FixedCost, Freeze, KeyPart, Lots, Measure, Member, Milestone,
        Order, OrderStatus, Ordering, ProgrammeSettings, SettingsFault, SharingKey, Step, Weights,
    };
}

/// What is built in which year, who pays what, who is covered by when.
pub mod programme {
    pub use breiband_model::{
        CoverageRow, FirstYear, Flow, Job, Joining, KeyOutcome, Leaving, Measured, MemberFigures, MilestoneOutcome,
        OrderOutcome, Phase, PremisesPhase, Programme, YearOutcome,
    };
}

/// What each group of municipalities would pay on its own, and whether a sharing holds against it.
pub mod game {
    pub use breiband_model::{
        ALL_GROUPS, Allocation, Game, GameSettings, GroupCost, LeastCore, MOST_PLAYERS, OwnedHandover, Shapley,
        Territory, Verdict, everybody,
    };
}

/// What a programme earns and costs to run.
pub mod business {
    pub use breiband_model::{BusinessCase, BusinessSettings, CashYear, Spread, Sway};
}

/// Public support for building: the scenario's section `[support]`, and what comes of it.
pub mod support {
    pub use breiband_model::{
        Eligibility, Funding, Support, SupportArea, SupportAreas, SupportField, SupportMunicipality, SupportScheme,
    };
}

/// What homes and public sites ask of the network, and what that comes to on its links.
pub mod policy {
    pub use breiband_model::{
        BusyHour, Equipment, HomeDemand, Host, HostPolicy, LinkLoad, Policy, PolicyChange, PolicyError, PolicyValue,
        Services, SiteDemand, SiteService,
    };
}

/// What every stage takes and returns: progress, cancellation; a value with its problems.
pub mod stage {
    pub use breiband_model::{Cancelled, Context, Issue, Observer, Severity, Silent, Staged, count_by_code};
}

/// Money, points, lengths, ids, and sentences for people.
pub mod units {
    pub use breiband_model::{
        Bounds, CabinetId, EdgeId, HandoverId, MastId, Money, MunicipalityId, NodeId, Plane, Point, Polygon,
        PremisesId, PriceId, RuleId, Sentence, SiteId, SourceId, VertexId, WayId, in_words, length_mm, per_cent,
        separator,
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_noun_has_a_subject() {
        let names = |text: &str| -> Vec<String> {
            let uses = text.split("pub use ").skip(1).filter_map(|rest| rest.split_once(';'));
            let words = uses.flat_map(|(list, _)| list.split(|c: char| !c.is_alphanumeric() && c != '_').skip(1));
            let mut words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
            words.sort();
            words
        };
        let (here, _) = include_str!("model.rs").split_once("#[cfg(test)]").expect("the tests are last");
        assert_eq!(names(here), names(include_str!("../../model/src/lib.rs")), "and each is named once");
    }
}
