//! What the passes found, kept for the next scenario over the same region at the same prices: an edit touches a place, and what
//! is found elsewhere is found again.
//!
//! Nothing here chooses: a pass that finds its answer kept gives the same bytes as one that looks for it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use breiband_model::{
    CostBook, DrawnArea, DrawnRoute, Issue, LeftOutReason, Part, Point, PremisesId, Region, RouteUse, Scenario, Way,
};

use crate::carry::{Change, Nearest};
use crate::demand::Sink;
use crate::draft::Draft;
use crate::ground::{Ground, Lie};
use crate::links::{Link, Place, Places};
use crate::routes;
use crate::stretches::{self, Barred, Stretches};
use crate::water::Shores;

/// What is kept between two builds.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) lie: Option<Arc<Lie>>,
    pub(crate) ways: Option<Arc<Ways>>,
    /// The last ways that no drawn route barred: where forbidden routes run is found on those.
    pub(crate) open: Option<Arc<Ways>>,
    /// Links over water, and near-misses with what was mended at which reach: of `ways`.
    pub(crate) water: Option<Vec<Link>>,
    pub(crate) gaps: Option<(f64, Vec<Link>, Vec<Issue>)>,
    /// By the first premises of a sink.
    pub(crate) doors: Vec<Door>,
    /// Lines between places on ways and existing lines.
    pub(crate) others: HashMap<(Point, Point), Laid>,
    pub(crate) shores: Shores,
    /// The places beside the points of pole lines and ducts.
    pub(crate) beside: Nearest,
}

/// Whether a line may be laid, or why not.
pub(crate) type Outcome = Result<(), (LeftOutReason, String)>;

impl Kept {
    /// The lie of the region's land.
    pub(crate) fn lie(&mut self, region: &Region) -> Arc<Lie> {
        Arc::clone(self.lie.get_or_insert_with(|| Arc::new(Lie::new(region))))
    }

    /// Goes on with ways that are cut otherwise: what is known away from the change stays, in new numbers. Drops, landings at a
    /// shore, and existing lines reach so far.
    pub(crate) fn carry(&mut self, region: &Region, ways: &Arc<Ways>, [reach_mm, shore_mm, beside_mm]: [u32; 3]) {
        if let Some(old) = self.ways.replace(Arc::clone(ways)) {
            let change = Change::between(region, &old, ways);
            for (door, premises) in self.doors.iter_mut().zip(&region.premises) {
                door.carry(&change, premises.drop_point(), reach_mm);
            }
            self.shores.carry(&change, shore_mm);
            self.beside.carry(&change, beside_mm);
            let mut found = Vec::new();
            self.others.retain(|&(from, to), _| !change.is_along(from, to, &mut found));
        }
        (self.water, self.gaps) = (None, None);
    }

    /// Forgets what depends on what things cost: which cables over the water are worth it.
    pub(crate) fn forget_costs(&mut self) {
        self.water = None;
        self.shores.forget_costs();
    }

    /// What is kept of a sink.
    pub(crate) fn door(&mut self, sink: &Sink) -> &mut Door {
        let door = &mut self.doors[sink.premises[0].index()];
        door.meet(sink);
        door
    }

    /// Lays a straight line from a sink, or between other places where there is none, as `lay` does, or as it was laid before.
    pub(crate) fn lay(
        &mut self,
        sink: Option<&Sink>,
        (from, to): (Point, Point),
        draft: &mut Draft,
        lay: impl FnOnce(&mut Draft) -> Outcome,
    ) -> Outcome {
        let known = match sink {
            Some(sink) => self.door(sink).to(to),
            None => self.others.get(&(from, to)),
        };
        if let Some(known) = known {
            return known.again(draft);
        }
        let before = (draft.parts.len(), draft.points.len());
        let outcome = lay(draft);
        let laid = Laid::of(draft, before, to, &outcome);
        match sink {
            Some(sink) => self.door(sink).laid.push(laid),
            None => drop(self.others.insert((from, to), laid)),
        }
        outcome
    }
}

/// What the cut ways depend on besides the region and the prices.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cut {
    pub(crate) areas: Vec<DrawnArea>,
    pub(crate) forbid_ways: Vec<String>,
    pub(crate) barred: Vec<DrawnRoute>,
}

impl Cut {
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let barred = scenario.routes.iter().filter(|route| route.usage == RouteUse::Forbidden);
        Self {
            areas: scenario.areas.clone(),
            forbid_ways: scenario.options.forbid_ways.clone(),
            barred: barred.cloned().collect(),
        }
    }
}

/// The ways as a scenario cuts them, and the index over them.
pub(crate) struct Ways {
    pub(crate) cut: Cut,
    pub(crate) stretches: Arc<Stretches>,
    pub(crate) index: Arc<Places>,
}

impl Ways {
    pub(crate) fn new(region: &Region, cut: Cut, stretches: Stretches) -> Self {
        Self { cut, index: Arc::new(Places::new(region, &stretches)), stretches: Arc::new(stretches) }
    }
}

/// Cuts the ways as a scenario wants them, over its ground: first as they are without barred routes, which are kept, or found kept, by
/// themselves.
pub(crate) fn cut(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    ground: &Ground<'_>,
    kept: Option<&mut Kept>,
) -> Arc<Ways> {
    let cut = Cut::of(scenario);
    let ids: BTreeSet<&str> = cut.forbid_ways.iter().map(String::as_str).collect();
    let is_forbidden = |way: &Way| !ids.is_empty() && ids.contains(way.external_id.as_str());
    let forbidden: Vec<bool> = region.ways.iter().map(is_forbidden).collect();
    let known = kept.as_ref().and_then(|kept| kept.ways.clone().or_else(|| kept.open.clone()));
    let known = known.as_ref().map(|ways| &*ways.stretches);
    let lay = |cut: Cut, barred: &Barred| {
        let stretches = stretches::cut(region, &forbidden, barred, book, ground, known);
        Arc::new(Ways::new(region, cut, stretches))
    };
    let bare = Cut { barred: Vec::new(), ..cut.clone() };
    let open = kept.as_ref().and_then(|kept| kept.open.clone()).filter(|open| open.cut == bare);
    let open = open.unwrap_or_else(|| lay(bare, &Barred::new()));
    if let Some(kept) = kept {
        kept.open = Some(Arc::clone(&open));
    }
    if cut.barred.is_empty() { open } else { lay(cut, &routes::barred(region, scenario, book, &open)) }
}

/// What is known of a sink, by its first premises, which says where it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Door {
    /// Where its drops may end.
    pub(crate) places: Option<Vec<Place>>,
    /// All its premises when the lines were laid, and the buildings that a line from it may leave.
    members: Vec<PremisesId>,
    buildings: Option<Vec<u32>>,
    laid: Vec<Laid>,
}

/// What a straight line lies on.
#[derive(Debug, Clone)]
pub(crate) struct Laid {
    to: Point,
    /// Its parts, whose geometry is counted in `points`; or why it may not be.
    outcome: Result<Vec<Part>, (LeftOutReason, String)>,
    points: Vec<Point>,
}

impl Door {
    /// Forgets what it knows of the ground, if it is of other premises now.
    pub(crate) fn meet(&mut self, sink: &Sink) {
        if self.members != sink.premises {
            self.members.clone_from(&sink.premises);
            self.buildings = None;
            self.laid.clear();
        }
    }

    /// Forgets what may be otherwise, and numbers the rest anew.
    fn carry(&mut self, change: &Change, at: Point, reach_mm: u32) {
        let Some(places) = &mut self.places else { return };
        if !change.is_near(at, reach_mm)
            && let Some(now) = places.iter().map(|place| change.place(place)).collect()
        {
            *places = now;
            return;
        }
        self.places = None;
        self.laid.clear();
    }

    /// The buildings that a line may leave without crossing them; `find` looks for them.
    pub(crate) fn buildings(&mut self, find: impl FnOnce() -> Vec<u32>) -> &[u32] {
        self.buildings.get_or_insert_with(find)
    }

    /// What is known of the line to `to`.
    fn to(&mut self, to: Point) -> Option<&Laid> {
        self.laid.iter().find(|laid| laid.to == to)
    }
}

impl Laid {
    /// Adds the parts of the line, or says why it may not be.
    fn again(&self, draft: &mut Draft) -> Outcome {
        let parts = self.outcome.as_ref().map_err(Clone::clone)?;
        let base = draft.geometry(&self.points).0;
        draft.parts.extend(parts.iter().map(|part| moved(part, 0, base)));
        Ok(())
    }

    /// What came of a line to `to`: the draft's parts and points from there on.
    fn of(draft: &Draft, (parts, points): (usize, usize), to: Point, outcome: &Outcome) -> Self {
        let outcome = outcome.clone().map(|()| {
            let base = points as u32;
            draft.parts[parts..].iter().map(|part| moved(part, base, 0)).collect()
        });
        Self { to, outcome, points: draft.points[points..].to_vec() }
    }
}

/// A part whose geometry is counted from elsewhere; a part without geometry has none anywhere.
fn moved(part: &Part, from: u32, to: u32) -> Part {
    let (first, last) = part.geometry;
    let geometry = if first == last { (0, 0) } else { (first - from + to, last - from + to) };
    Part { geometry, ..*part }
}
