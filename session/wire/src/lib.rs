//! What the page and the planning session say to each other: commands one way, events the other, and nothing of the
//! domain's own types, so that a change in the core does not reach the page.
//!
//! A message is its postcard bytes and a list of *attachments*: big byte strings (input files, map layers) that travel
//! beside it and are handed over, not copied. Every request carries a revision, every reply the revision it answers, so
//! that a stale reply can be dropped.

mod command;
mod edit;
mod event;
pub mod place;
mod programme;
pub mod range;
mod together;

pub use command::{Command, Export, LayerId, Request};
pub use edit::{
    AreaView, Choice, DocumentView, Draw, DrawingView, Edit, EditName, FoundView, GoalKind, GoalView, MastView,
    PlaceKind, PlaceView, PolicyView, PriceView, Purpose, RouteView, ScenarioFigures, ScenarioView, Setting,
    SettingView, Which,
};
pub use event::{
    Amount, AssumptionView, ChoiceView, CurveView, Event, Fact, FileView, IssueGroup, IssueView, MunicipalityView,
    OutputView, PhaseId, ProgressView, RegionView, Reply, SummaryView, Value,
};
pub use programme::{
    CoverageView, KeyView, MilestoneView, NOT_PLANNED, OrderView, ProgrammeView, UNFUNDED, WhatIfView, YearView,
};
pub use together::{
    BusinessView, FirstYearView, FundingView, GameView, HostView, PlayerView, SharingView, SiteView, SitesView,
    SupportView, TogetherView,
};

/// The bytes of a message.
///
/// # Errors
/// Never for the types of this crate; postcard's signature allows it.
pub fn encode<T: serde::Serialize>(message: &T) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_stdvec(message)
}

/// The message of these bytes.
///
/// # Errors
/// The bytes are not a message of this type: page and worker are of different builds.
pub fn decode<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, postcard::Error> {
    postcard::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_the_way() {
        let request = Request { revision: 7, command: Command::Pick { layer: LayerId::Premises, id: 12 } };
        let bytes = encode(&request).unwrap();
        assert_eq!(decode::<Request>(&bytes).unwrap(), request);
        assert!(decode::<Request>(&bytes[..1]).is_err());
    }

    #[test]
    fn layers_have_distinct_names() {
        let names: std::collections::BTreeSet<&str> = LayerId::ALL.iter().map(|l| l.name()).collect();
        assert_eq!(names.len(), LayerId::ALL.len());
        assert!(LayerId::ALL.iter().all(|l| LayerId::from_name(l.name()) == Some(*l)));
    }
}
