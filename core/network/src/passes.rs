//! The passes, in order.

use std::borrow::Cow;
use std::sync::Arc;

use breiband_model::{
    Assumption, Cancelled, CandidateNetwork, Context, CostBook, Demand, Issue, LeftOutReason, Origin, PartKind, Region,
    RouteUse, Scenario, Severity, Side, Staged, Terminal, VertexId, VertexKind,
};

use crate::assets::{self, Assets};
use crate::demand::{self, Sink};
use crate::draft::Draft;
use crate::finish::{self, leave_out};
use crate::gaps;
use crate::ground::{Ground, Lie, Scratch};
use crate::handovers;
use crate::held::Held;
use crate::kept::{self, Cut, Door, Kept, Ways};
use crate::lines::{self, Join, Lines};
use crate::links::{Finder, From, Link, Target, millimetres};
use crate::masts::{Feeder, Masts, Mix};
use crate::routes::{self, Drawn};
use crate::stretches::{Stretches, Use};
use crate::water::{self, Shores};

/// The names of the passes, in order.
pub const PASSES: [&str; 14] = [
    "demand",
    "stretches",
    "drops",
    "handovers",
    "masts",
    "gaps",
    "water",
    "assets",
    "drawn",
    "sides",
    "lines",
    "links",
    "reach",
    "freeze",
];

type Pass<'a> = fn(&mut State<'a>, &mut Context<'_>) -> Result<(), Cancelled>;

pub(crate) fn steps<'a>() -> [Pass<'a>; PASSES.len()] {
    [
        State::demand,
        State::stretches,
        State::drops,
        State::handovers,
        State::masts,
        State::gaps,
        State::water,
        State::assets,
        State::drawn,
        State::sides,
        State::lines,
        State::links,
        State::reach,
        State::freeze,
    ]
}

/// Builds the candidate network of a region: O(n log n) in ways and premises together.
///
/// The root is vertex 0. Every premises has a [`Demand`]; every metre of every way is in the graph (once for a single line,
/// once on each verge) or in [`CandidateNetwork::left_out`].
///
/// # Errors
/// [`Cancelled`], where the observer says so.
pub fn build(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    ctx: &mut Context<'_>,
) -> Result<Staged<CandidateNetwork>, Cancelled> {
    build_with(region, scenario, book, None, ctx).map(|(network, _)| network)
}

/// As [`build`], with what is kept of the last time, if anything is; and what is to be kept now.
pub(crate) fn build_with(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    kept: Option<Kept>,
    ctx: &mut Context<'_>,
) -> Result<(Staged<CandidateNetwork>, Option<Kept>), Cancelled> {
    let mut state = State::new(region, scenario, book, kept);
    for (number, step) in steps().iter().enumerate() {
        ctx.check()?;
        ctx.observer.progress("network", number as u64, PASSES.len() as u64);
        step(&mut state, ctx)?;
    }
    ctx.observer.progress("network", PASSES.len() as u64, PASSES.len() as u64);
    Ok((Staged::new(state.network, state.issues), state.kept))
}

/// What the passes hand to each other. Each field is filled by one pass and only read afterwards, but for the draft, the
/// network and the issues, which grow.
pub(crate) struct State<'a> {
    pub(crate) region: &'a Region,
    pub(crate) scenario: &'a Scenario,
    pub(crate) book: &'a CostBook,
    pub(crate) ground: Ground<'a>,
    pub(crate) sinks: Vec<Sink>,
    pub(crate) ways: Arc<Ways>,
    /// The side of each stretch that carries a single line.
    pub(crate) sides: Vec<Side>,
    pub(crate) links: Vec<Link>,
    pub(crate) lines: Lines,
    pub(crate) draft: Draft,
    /// The draft's vertex of each sink.
    pub(crate) sink_vertices: Vec<u32>,
    /// Masts with what they see.
    pub(crate) masts: Masts,
    /// The draft's vertex of each mast.
    pub(crate) mast_vertices: Vec<u32>,
    /// The draft's vertex of each handover.
    pub(crate) handover_vertices: Vec<u32>,
    /// The draft's vertex of each cabinet.
    pub(crate) cabinet_vertices: Vec<u32>,
    pub(crate) assets: Assets<'a>,
    /// The draft's vertex of each place on a pole line or duct.
    pub(crate) asset_vertices: Vec<u32>,
    pub(crate) drawn: Drawn,
    /// The draft's vertex of each place on a line drawn by hand.
    pub(crate) drawn_vertices: Vec<u32>,
    pub(crate) network: CandidateNetwork,
    pub(crate) issues: Vec<Issue>,
    /// What the passes found the last time, and found now: nothing where the candidates are laid out once.
    pub(crate) kept: Option<Kept>,
}

/// The buildings of the place that links come from.
struct Own {
    from: Option<From>,
    buildings: Vec<u32>,
}

impl<'a> State<'a> {
    pub(crate) fn new(region: &'a Region, scenario: &'a Scenario, book: &'a CostBook, mut kept: Option<Kept>) -> Self {
        let lie = match &mut kept {
            Some(kept) => kept.lie(region),
            None => Arc::new(Lie::new(region)),
        };
        if let Some(kept) = &mut kept {
            kept.doors.resize(region.premises.len(), Door::default());
        }
        let ways = Arc::new(Ways::new(region, Cut::of(scenario), Stretches::default()));
        Self {
            region,
            scenario,
            book,
            ground: Ground::new(Held::Borrowed(region), Cow::Borrowed(book), lie, &scenario.areas),
            sinks: Vec::new(),
            ways,
            sides: Vec::new(),
            links: Vec::new(),
            lines: Lines::default(),
            draft: Draft::default(),
            sink_vertices: Vec::new(),
            masts: Masts::default(),
            mast_vertices: Vec::new(),
            handover_vertices: Vec::new(),
            cabinet_vertices: Vec::new(),
            assets: Assets::default(),
            asset_vertices: Vec::new(),
            drawn: Drawn::default(),
            drawn_vertices: Vec::new(),
            network: CandidateNetwork::default(),
            issues: Vec::new(),
            kept,
        }
    }

    fn assume(&mut self, code: &str, values: Vec<String>) {
        self.network.assumptions.push(Assumption { code: code.to_owned(), values });
    }

    fn demand(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        (self.network.demand, self.sinks) = demand::decide(self.region, self.scenario, &self.ground);
        let premises = &self.region.premises;
        if !premises.is_empty() && premises.iter().all(|p| p.service.is_none()) {
            self.assume("no-coverage-data", Vec::new());
        }
        let assumed = premises.iter().filter(|p| p.households_assumed).count();
        if assumed > 0 {
            self.assume("households-assumed", vec![assumed.to_string()]);
        }
        let projection = breiband_spatial::Projection::new(self.region.plane);
        let areas = self.scenario.areas.iter().filter(|area| crate::ground::placed(self.region, area).is_empty());
        let routes = self.scenario.routes.iter().filter(|route| routes::points_of(route, &projection).is_empty());
        for name in areas.map(|area| &area.name).chain(routes.map(|route| &route.name)) {
            let message = "What is drawn there lies off the map or has no extent, and counts for nothing: its points are \
                           [longitude, latitude], in degrees.";
            self.issues.push(Issue::new("drawn-off-map", Severity::Warning, message).record(name));
        }
        let file = self.book.file();
        if file.source.contains("example") || file.source.contains("uncalibrated") {
            self.assume("example-prices", vec![file.name.clone(), file.date.clone()]);
        }
        Ok(())
    }

    fn stretches(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        let cut = Cut::of(self.scenario);
        let known = self.kept.as_ref().and_then(|kept| kept.ways.clone()).filter(|ways| ways.cut == cut);
        self.ways = match known {
            Some(known) => known,
            None => self.cut(),
        };
        self.ground.set_ways(Arc::clone(&self.ways.index));
        for s in &self.ways.stretches.all {
            if let Use::LeftOut(reason) = s.usage {
                let detail = s.rule.map_or("", |r| self.book.rule(r).name.as_str());
                leave_out(&mut self.network.left_out, Origin::Way(s.way), reason, u64::from(s.length_mm), detail);
            }
        }
        Ok(())
    }

    /// Cuts the ways, and numbers what is kept of them anew.
    fn cut(&mut self) -> Arc<Ways> {
        let ways = kept::cut(self.region, self.scenario, self.book, &self.ground, self.kept.as_mut());
        if let Some(kept) = &mut self.kept {
            let limits = self.book.limits();
            kept.carry(self.region, &ways, [limits.drop_max_m, limits.landing_max_m].map(millimetres));
        }
        ways
    }

    fn drops(&mut self, ctx: &mut Context<'_>) -> Result<(), Cancelled> {
        let limits = self.book.limits();
        let (reach, count) = (millimetres(limits.drop_max_m), usize::from(limits.drop_candidates));
        let finder = Finder::of_drops(&self.ways.stretches, &self.ways.index);
        // Neighbours ask for the same cells: asking in the order of a coarse grid keeps those in the cache.
        let mut order: Vec<u32> = (0..self.sinks.len() as u32).collect();
        order.sort_unstable_by_key(|&i| {
            let p = self.sinks[i as usize].point;
            (p.y >> 17, p.x, i)
        });
        let mut places = Vec::new();
        for (number, &sink) in order.iter().enumerate() {
            ctx.check_at(number)?;
            let start = self.sinks[sink as usize].point;
            let mut known = self.kept.as_mut().map(|kept| kept.door(&self.sinks[sink as usize]));
            match known.as_mut().and_then(|door| door.places.as_ref()) {
                Some(found) => places.clone_from(found),
                None => finder.on_roads(start, reach, count, &mut places),
            }
            if let Some(door) = known {
                door.places.get_or_insert_with(|| places.clone());
            }
            for (rank, place) in places.iter().enumerate() {
                let (end, target) = (place.point, place.target);
                self.links.push(Link { from: From::Sink(sink), start, end, target, first: rank == 0 });
            }
        }
        self.links.sort_by_key(|l| l.from);
        Ok(())
    }

    fn handovers(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        let finder = Finder::over(&self.ways.stretches, &self.ways.index);
        let mut all = handovers::named(self.region, self.scenario, &mut self.issues);
        if all.is_empty()
            && let Some((handover, assumption)) =
                handovers::assumed(self.region, &self.ways.stretches, &finder, &self.sinks, &self.links)
        {
            all.push(handover);
            self.network.assumptions.insert(0, assumption);
        }
        let cabinets = handovers::cabinets(self.region, self.scenario, &mut self.issues);
        let named =
            |from: fn(u32) -> From, code, message| move |(index, point, id)| (from(index), point, id, code, message);
        let doors = (0..).zip(&all).map(|(index, h)| (index, h.point, h.external_id.as_str()));
        let closets = (0..).zip(&cabinets).map(|(index, c)| (index, c.point, c.external_id.as_str()));
        let doors = doors.map(named(
            From::Handover,
            "handover-far",
            "No way lies within the longest drop of this handover; it is joined to the nearest one, if any.",
        ));
        let closets = closets.map(named(
            From::Cabinet,
            "cabinet-far",
            "No way lies within the longest drop of this cabinet; it is joined to the nearest one, if any.",
        ));
        let limits = self.book.limits();
        let (reach, count) = (millimetres(limits.drop_max_m), usize::from(limits.drop_candidates));
        let mut places = Vec::new();
        for (from, start, id, code, message) in doors.chain(closets) {
            finder.on_roads(start, reach, count, &mut places);
            if places.is_empty() {
                // However far: a place that the user names is meant to be used.
                places.extend(finder.nearest(start, u32::MAX, |_| true));
                self.issues.push(Issue::new(code, Severity::Warning, message).record(id));
            }
            for (rank, place) in places.iter().enumerate() {
                self.links.push(Link { from, start, end: place.point, target: place.target, first: rank == 0 });
            }
        }
        (self.network.handovers, self.network.cabinets) = (all, cabinets);
        Ok(())
    }

    fn masts(&mut self, ctx: &mut Context<'_>) -> Result<(), Cancelled> {
        let Some(mix) = Mix::of(self.scenario, self.book) else { return Ok(()) };
        self.network.needs_mbps = mix.needs(self.region);
        let finder = Finder::over(&self.ways.stretches, &self.ways.index);
        let (network, issues) = (&mut self.network, &mut self.issues);
        let (needs, handovers) = (&network.needs_mbps, &network.handovers);
        self.masts = Masts::find(
            (self.region, self.scenario),
            &mix,
            needs,
            (&self.sinks, handovers),
            &finder,
            &mut self.links,
            issues,
            ctx,
        )?;
        network.masts = std::mem::take(&mut self.masts.all);
        Ok(())
    }

    fn gaps(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        let finder = Finder::over(&self.ways.stretches, &self.ways.index);
        let (region, scenario, book) = (self.region, self.scenario, self.book);
        let mended = scenario.options.mend_gaps_m;
        if let Some((_, links, issues)) =
            self.kept.as_ref().and_then(|kept| kept.gaps.as_ref()).filter(|gaps| gaps.0.total_cmp(&mended).is_eq())
        {
            self.links.extend_from_slice(links);
            self.issues.extend_from_slice(issues);
            return Ok(());
        }
        let before = (self.links.len(), self.issues.len());
        gaps::find(region, scenario, book, &self.ways.stretches, &finder, &mut self.links, &mut self.issues);
        if let Some(kept) = &mut self.kept {
            kept.gaps = Some((mended, self.links[before.0..].to_vec(), self.issues[before.1..].to_vec()));
        }
        Ok(())
    }

    fn water(&mut self, ctx: &mut Context<'_>) -> Result<(), Cancelled> {
        let finder = Finder::over(&self.ways.stretches, &self.ways.index);
        if let Some(known) = self.kept.as_ref().and_then(|kept| kept.water.as_ref()) {
            self.links.extend_from_slice(known);
            return Ok(());
        }
        let before = self.links.len();
        let mut none = Shores::default();
        let shores = self.kept.as_mut().map_or(&mut none, |kept| &mut kept.shores);
        water::find(&self.ways.stretches, &self.ground, &finder, self.book, &mut self.links, shores, ctx)?;
        if let Some(kept) = &mut self.kept {
            kept.water = Some(self.links[before..].to_vec());
        }
        Ok(())
    }

    fn assets(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        let finder = Finder::over(&self.ways.stretches, &self.ways.index);
        self.assets =
            assets::find(self.region, self.scenario, self.book, &self.ways.stretches, &finder, &mut self.links);
        Ok(())
    }

    fn drawn(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        if self.scenario.routes.iter().any(|route| route.usage == RouteUse::Candidate) {
            let finder = Finder::over(&self.ways.stretches, &self.ways.index);
            let (ground, sinks) = (&self.ground, &self.sinks);
            self.drawn = Drawn::find(self.region, self.scenario, self.book, ground, &finder, sinks, &mut self.links);
        }
        Ok(())
    }

    fn sides(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        self.sides = lines::choose_sides(&self.ways.stretches, &self.links);
        Ok(())
    }

    fn lines(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        self.draft.reserve(self.links.len(), self.ways.stretches.points.len());
        let first = self.network.handovers.first().map(|h| h.point).unwrap_or_default();
        let root = self.draft.vertex(first, VertexKind::Root);
        for (index, handover) in self.network.handovers.iter().enumerate() {
            let kind = VertexKind::Handover(breiband_model::HandoverId::from_usize(index));
            let vertex = self.draft.vertex(handover.point, kind);
            if let Some(opening) = &handover.opening {
                let origin = Origin::Handover(breiband_model::HandoverId::from_usize(index));
                let price = self.book.opening_price();
                self.draft.place_part(PartKind::Opening, origin, handover.point, price, Some(opening.cost));
            }
            self.draft.edge(root, vertex);
            self.handover_vertices.push(vertex);
        }
        for (index, cabinet) in self.network.cabinets.iter().enumerate() {
            let id = breiband_model::CabinetId::from_usize(index);
            self.cabinet_vertices.push(self.draft.vertex(cabinet.point, VertexKind::Cabinet(id)));
        }
        for (index, mast) in self.network.masts.iter().enumerate() {
            let kind = VertexKind::Mast(breiband_model::MastId::from_usize(index));
            self.mast_vertices.push(self.draft.vertex(mast.point, kind));
        }
        let drawn = self.drawn.vertices.iter().map(|&p| self.draft.vertex(p, VertexKind::Way));
        self.drawn_vertices = drawn.collect();
        self.asset_vertices = self.assets.lay(self.book, &self.ground, &mut self.draft);
        self.lines = Lines::build(&self.ways.stretches, &self.sides, &self.links, self.book, &mut self.draft);
        Ok(())
    }

    fn links(&mut self, ctx: &mut Context<'_>) -> Result<(), Cancelled> {
        for sink in &self.sinks {
            self.sink_vertices.push(self.draft.vertex(sink.point, VertexKind::Premises));
        }
        let mut scratch = Scratch::default();
        let mut laid = vec![false; self.sinks.len()];
        let mut joined = vec![false; self.network.handovers.len()];
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        let mut own = Own { from: None, buildings: Vec::new() };
        for number in 0..self.links.len() {
            ctx.check_at(number)?;
            let link = self.links[number];
            // A point of presence has one line to the network: nothing passes through one that is not opened.
            let door = match link.from {
                From::Handover(index) if self.network.handovers[index as usize].opening.is_some() => {
                    Some(index as usize)
                }
                _ => None,
            };
            if door.is_some_and(|door| joined[door]) {
                continue;
            }
            let mut found = false;
            starts.clear();
            match link.from {
                From::Sink(sink) => starts.push(Join::to(self.sink_vertices[sink as usize])),
                From::Handover(index) => starts.push(Join::to(self.handover_vertices[index as usize])),
                From::Mast(index) => starts.push(Join::to(self.mast_vertices[index as usize])),
                From::Cabinet(index) => starts.push(Join::to(self.cabinet_vertices[index as usize])),
                From::Asset(index) => starts.push(Join::to(self.asset_vertices[index as usize])),
                From::Drawn(index) => starts.push(Join::to(self.drawn_vertices[index as usize])),
                From::Gap(target) | From::Shore(target) => {
                    starts.extend(self.lines.joins(&self.ways.stretches, &self.sides, target))
                }
            }
            ends.clear();
            match link.target {
                Target::Drawn(index) => ends.push(Join::to(self.drawn_vertices[index as usize])),
                target => ends.extend(self.lines.joins(&self.ways.stretches, &self.sides, target)),
            }
            self.own_buildings(&link, &mut own);
            for &start in &starts {
                for &end in &ends {
                    if door.is_some() && found {
                        break;
                    }
                    found |= self.lay(&link, start, end, &own.buildings, &mut scratch);
                }
            }
            if let From::Sink(sink) = link.from {
                laid[sink as usize] |= found;
            }
            if let Some(door) = door {
                joined[door] = found;
            }
        }
        self.lay_radio(&mut laid);
        self.name_terminals(&laid);
        self.lay_drawn(&mut scratch);
        Ok(())
    }

    /// Lays the radio links: from handovers and masts to masts, and from masts to premises.
    fn lay_radio(&mut self, laid: &mut [bool]) {
        let Some(mix) = Mix::of(self.scenario, self.book) else { return };
        let masts = &self.network.masts;
        for feed in &self.masts.feeds {
            let from = match feed.from {
                Feeder::Handover(index) => self.handover_vertices[index as usize],
                Feeder::Mast(index) => self.mast_vertices[index as usize],
            };
            mix.lay_feed(&mut self.draft, masts, feed, (from, self.mast_vertices[feed.to as usize]));
        }
        for link in &self.masts.links {
            let sink = &self.sinks[link.sink as usize];
            let homes = sink.homes(self.region);
            let ends = (self.mast_vertices[link.mast as usize], self.sink_vertices[link.sink as usize]);
            mix.lay_access(&mut self.draft, link.mast, sink.premises[0], homes, ends);
            laid[link.sink as usize] = true;
        }
    }

    /// Lays the lines drawn by hand; what may not be is listed.
    fn lay_drawn(&mut self, scratch: &mut Scratch) {
        for span in &self.drawn.spans {
            let [tail, head] = span.ends.map(|end| self.drawn_vertices[end as usize]);
            match self.ground.lay_drawn(&self.ways.stretches, &mut self.draft, scratch, &span.pieces) {
                Ok(()) => self.draft.edge(tail, head),
                Err((reason, detail)) => {
                    self.draft.abandon();
                    let length = span.pieces.iter().map(|piece| piece.from.distance_mm(piece.to)).sum();
                    leave_out(&mut self.network.left_out, Origin::Derived, reason, length, &detail);
                }
            }
        }
    }

    /// The buildings that a line from where the link comes from may leave without crossing them. Links of one place follow
    /// one another, and are asked for once.
    fn own_buildings(&mut self, link: &Link, own: &mut Own) {
        if own.from == Some(link.from) {
            return;
        }
        own.from = Some(link.from);
        own.buildings.clear();
        if let From::Sink(sink) = link.from {
            let sink = &self.sinks[sink as usize];
            let find = || {
                let premises = sink.premises.iter().filter_map(|&p| self.region.premises_of(p).building);
                premises.chain(self.ground.buildings_at(link.start)).collect()
            };
            match &mut self.kept {
                Some(kept) => own.buildings.extend_from_slice(kept.door(sink).buildings(find)),
                None => own.buildings = find(),
            }
        }
        if matches!(link.from, From::Handover(_) | From::Mast(_) | From::Cabinet(_)) {
            own.buildings.extend(self.ground.buildings_at(link.start));
        }
    }

    /// Lays one straight line; whether it could be laid.
    fn lay(&mut self, link: &Link, start: Join, end: Join, own: &[u32], scratch: &mut Scratch) -> bool {
        let gap = || Some(self.book.use_price(|u| &u.gap));
        let (kind, origin, price) = match link.from {
            From::Sink(sink) => (PartKind::Drop, Origin::Premises(self.sinks[sink as usize].premises[0]), None),
            From::Handover(index) => {
                (PartKind::Handover, Origin::Handover(breiband_model::HandoverId::new(index)), gap())
            }
            From::Mast(index) => (PartKind::MastLead, Origin::Mast(breiband_model::MastId::new(index)), None),
            From::Cabinet(index) => {
                (PartKind::CabinetLead, Origin::Cabinet(breiband_model::CabinetId::new(index)), None)
            }
            From::Gap(_) | From::Shore(_) | From::Asset(_) | From::Drawn(_) => (PartKind::Gap, Origin::Derived, gap()),
        };
        let to = self.draft.vertices[end.vertex as usize].point;
        let from = if matches!(link.from, From::Gap(_) | From::Shore(_)) {
            self.draft.vertices[start.vertex as usize].point
        } else {
            link.start
        };
        if let From::Cabinet(index) = link.from {
            let own = self.network.cabinets[index as usize].price.as_ref().map(|price| price.cost);
            self.draft.place_part(PartKind::Cabinet, origin, link.start, self.book.cabinet_price(), own);
        }
        if let Some(mix) = Mix::of(self.scenario, self.book) {
            match link.from {
                From::Sink(sink) => {
                    let sink = &self.sinks[sink as usize];
                    mix.lay_fibre_home(&mut self.draft, sink.premises[0], sink.homes(self.region));
                }
                From::Mast(index) => mix.lay_mast(&mut self.draft, index, &self.network.masts[index as usize]),
                _ => {}
            }
        }
        self.cross(start);
        let mut lay = |draft: &mut Draft| {
            self.ground.lay(&self.ways.stretches, draft, scratch, (from, to), (kind, origin), price, own)
        };
        let sink = match link.from {
            From::Sink(sink) => Some(Some(&self.sinks[sink as usize])),
            From::Gap(_) | From::Shore(_) | From::Asset(_) | From::Drawn(_) => Some(None),
            From::Handover(_) | From::Mast(_) | From::Cabinet(_) => None,
        };
        let draft = &mut self.draft;
        let outcome = match (&mut self.kept, sink) {
            (Some(kept), Some(sink)) => kept.lay(sink, (from, to), draft, lay),
            _ => lay(draft),
        };
        match outcome {
            Ok(()) => {
                self.cross(end);
                self.draft.edge(start.vertex, end.vertex);
                true
            }
            Err((reason, detail)) => {
                draft.abandon();
                leave_out(&mut self.network.left_out, origin, reason, from.distance_mm(to), &detail);
                false
            }
        }
    }

    /// Adds the crossing that a join asks for.
    fn cross(&mut self, join: Join) {
        let Some(stretch) = join.crossing else { return };
        let s = &self.ways.stretches.all[stretch as usize];
        if let Some(price) = self.lines.crossing(s) {
            self.draft.lump_part(PartKind::Crossing, Origin::Way(s.way), price, 1, s.permille);
        }
    }

    /// Sinks with a drop become terminals; the others have no way.
    fn name_terminals(&mut self, laid: &[bool]) {
        let mut vertices = Vec::with_capacity(self.sinks.len());
        for (sink, (&vertex, &laid)) in self.sinks.iter().zip(self.sink_vertices.iter().zip(laid)) {
            if !laid {
                continue;
            }
            let terminal = self.network.terminals.len() as u32;
            for premises in &sink.premises {
                self.network.demand[premises.index()] = Demand::Terminal(terminal);
            }
            self.network.terminals.push(Terminal { vertex: VertexId::new(0), premises: sink.premises.clone() });
            vertices.push(vertex);
        }
        self.sink_vertices = vertices;
    }

    fn reach(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        let reached = finish::reached(&self.draft);
        for ((index, s), &side) in (0..).zip(&self.ways.stretches.all).zip(&self.sides) {
            if s.usage.is_laid() && !reached[self.lines.end(&self.ways.stretches, index, false, side) as usize] {
                let (origin, length) = (Origin::Way(s.way), u64::from(s.length_mm));
                leave_out(&mut self.network.left_out, origin, LeftOutReason::Disconnected, length, "");
            }
        }
        for (cabinet, &vertex) in self.network.cabinets.iter().zip(&self.cabinet_vertices) {
            if !reached[vertex as usize] {
                let message = "no handover reaches this cabinet's road: the plan goes without it. Move it to a road that is reached, \
                               or take it away";
                self.issues
                    .push(Issue::new("cabinet-unreachable", Severity::Warning, message).record(&cabinet.external_id));
            }
        }
        finish::keep_reached(&mut self.draft, &reached);
        Ok(())
    }

    fn freeze(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        let draft = std::mem::take(&mut self.draft);
        finish::freeze(draft, (&self.sink_vertices, &self.cabinet_vertices), self.book, &mut self.network);
        Ok(())
    }
}
