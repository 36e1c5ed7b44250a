//! What is exported, and what all formats draw of it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use breiband_messages::Language;
use breiband_model::{
    CandidateNetwork, CostBook, EdgeId, Issue, LinkLoad, MastSummary, Origin, Point, Region, RoutePlan, Scenario,
    Summary,
};
use breiband_spatial::Projection;

use crate::premises::{self, PremisesRow};
use crate::stretch::{self, Stretch};

/// A file's name and bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// Name, without folders.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A plan with everything it rests on.
#[derive(Debug, Clone, Copy)]
pub struct PlanView<'a> {
    /// What is on the ground.
    pub region: &'a Region,
    /// What was asked.
    pub scenario: &'a Scenario,
    /// At which prices.
    pub book: &'a CostBook,
    /// What could have been built.
    pub network: &'a CandidateNetwork,
    /// What is built.
    pub route: &'a RoutePlan,
    /// The figures.
    pub summary: &'a Summary,
    /// Problems met on the way.
    pub issues: &'a [Issue],
    /// The load of each stretch that is built, by its edge, where it is known.
    pub loads: Option<&'a BTreeMap<EdgeId, LinkLoad>>,
}

impl PlanView<'_> {
    /// The scenario's language.
    pub(crate) fn language(&self) -> Language {
        Language::from_code(&self.scenario.language).unwrap_or_default()
    }

    /// Attributions of all inputs in one line.
    pub(crate) fn attribution(&self) -> String {
        self.summary.attribution.join("; ")
    }

    /// The notice, in the scenario's language.
    pub(crate) fn notice(&self) -> String {
        breiband_messages::notice(self.language(), &self.summary.notice)
    }

    /// The external id of what something was made from; empty where nothing in the inputs was.
    pub(crate) fn origin_id(&self, origin: Origin) -> &str {
        match origin {
            Origin::Way(id) => &self.region.way(id).external_id,
            Origin::Premises(id) => &self.region.premises_of(id).external_id,
            Origin::Line(index) => self.region.lines.get(index as usize).map_or("", |line| &line.external_id),
            Origin::Handover(id) => self.network.handovers.get(id.index()).map_or("", |h| &h.external_id),
            Origin::Mast(id) => self.network.masts.get(id.index()).map_or("", |m| &m.external_id),
            Origin::Cabinet(id) => self.network.cabinets.get(id.index()).map_or("", |c| &c.external_id),
            Origin::Derived => "",
        }
    }

    /// A name for people: the street, the address, the handover.
    pub(crate) fn origin_label(&self, origin: Origin) -> Cow<'_, str> {
        match origin {
            Origin::Way(id) => Cow::Borrowed(&self.region.way(id).name),
            Origin::Premises(id) => Cow::Owned(self.region.premises_of(id).label()),
            Origin::Handover(id) => {
                Cow::Borrowed(self.network.handovers.get(id.index()).map_or("", |h| h.name.as_str()))
            }
            Origin::Mast(id) => Cow::Borrowed(self.network.masts.get(id.index()).map_or("", |m| m.name.as_str())),
            Origin::Cabinet(id) => Cow::Borrowed(self.network.cabinets.get(id.index()).map_or("", |c| c.name.as_str())),
            Origin::Line(_) | Origin::Derived => Cow::Borrowed(""),
        }
    }
}

/// What more than one format shows, made once.
pub(crate) struct Drawn<'a> {
    pub(crate) view: &'a PlanView<'a>,
    pub(crate) stretches: Vec<Stretch<'a>>,
    pub(crate) premises: Vec<PremisesRow<'a>>,
    /// Masts in use, with their places.
    pub(crate) masts: Vec<(&'a MastSummary, Point)>,
    projection: Projection,
}

impl<'a> Drawn<'a> {
    pub(crate) fn new(view: &'a PlanView<'a>) -> Self {
        let projection = Projection::new(view.region.plane);
        // Going back to degrees is dear, and three formats ask for it.
        let mut stretches = stretch::stretches(view);
        for stretch in &mut stretches {
            stretch.lon_lat = stretch.drawn.iter().map(|&point| degrees(&projection, point)).collect();
        }
        let premises = premises::rows(view, |point| degrees(&projection, point));
        let sited = view.network.masts.iter();
        let places: BTreeMap<&str, Point> = sited.map(|mast| (mast.external_id.as_str(), mast.point)).collect();
        let masts = view.summary.mix.iter().flat_map(|mix| &mix.masts);
        let masts = masts.filter_map(|mast| Some((mast, *places.get(mast.id.as_str())?))).collect();
        Self { view, stretches, premises, masts, projection }
    }

    /// Longitude and latitude in degrees, rounded to seven decimals (a centimetre); longitudes go on over the date line.
    pub(crate) fn lon_lat(&self, point: Point) -> [f64; 2] {
        degrees(&self.projection, point)
    }

    pub(crate) fn line(&self, line: &[Point]) -> Vec<[f64; 2]> {
        line.iter().map(|&point| self.lon_lat(point)).collect()
    }
}

fn degrees(projection: &Projection, point: Point) -> [f64; 2] {
    let (lon, lat) = projection.to_unbroken_lon_lat(point);
    [lon, lat].map(|degrees| (degrees * 1e7).round() / 1e7)
}

/// A longitude of [`Drawn`] as it is written: within ±180°.
pub(crate) fn within_180(lon: f64) -> f64 {
    if lon.abs() <= 180.0 { lon } else { ((lon - 360.0_f64.copysign(lon)) * 1e7).round() / 1e7 }
}

/// The name that serde gives a plain enum value in files: `micro_trench`, `home`.
pub(crate) fn name_of(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Millimetres as metres with three decimals.
pub(crate) fn metres(mm: u64) -> f64 {
    mm as f64 / 1000.0
}
