//! The passes that look at the region: what there is to connect, what is there already, and what could be laid.

use std::sync::Arc;

use breiband_model::{Assumption, Cancelled, Context, Issue, Origin, PremisesFrom, RouteUse, Severity};

use crate::assets::{self};
use crate::carry::Nearest;
use crate::demand::{self};
use crate::finish::leave_out;
use crate::gaps;
use crate::handovers;
use crate::kept::{self, Cut, Ways};
use crate::lines::{self};
use crate::links::{Finder, From, Link, millimetres};
use crate::masts::{Masts, Mix};
use crate::routes::{self, Drawn};
use crate::stretches::Use;
use crate::water::{self, Shores};

use super::State;

impl State<'_> {
    pub(super) fn demand(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        (self.network.demand, self.sinks) = demand::decide(self.region, self.scenario, &self.ground);
        let premises = &self.region.premises;
        if !premises.is_empty() && premises.iter().all(|p| p.service.is_none()) {
            self.assume(Assumption::NO_COVERAGE, Vec::new());
        }
        if self.scenario.options.premises_from == PremisesFrom::AllBuildings {
            self.assume("all-buildings", Vec::new());
        }
        let assumed = premises.iter().filter(|p| p.households_assumed).count();
        if assumed > 0 {
            self.assume(Assumption::HOUSEHOLDS, vec![assumed.to_string()]);
        }
        let projection = breiband_spatial::Projection::new(self.region.plane);
        let areas = self.scenario.areas.iter().filter(|area| crate::ground::placed(self.region, area).is_empty());
        let routes = self.scenario.routes.iter().filter(|route| routes::points_of(route, &projection).is_empty());
        for name in areas.map(|area| &area.name).chain(routes.map(|route| &route.name)) {
            let message = "What is drawn there lies off the map or has no extent, and counts for nothing: its points are \
                           [longitude, latitude], in degrees.";
            self.issues.push(Issue::new("drawn-off-map", Severity::Warning, message).record(name));
        }
        for area in self.scenario.areas.iter().filter(|area| crate::ground::crosses_itself(self.region, area)) {
            let message = "The drawn area crosses itself: what its line goes round an odd number of times is inside. Move its \
                           corners until no side crosses another, if something else is meant.";
            self.issues.push(Issue::new("polygon-mended", Severity::Warning, message).record(&area.name));
        }
        let file = self.book.file();
        if file.source.contains("example") || file.source.contains("uncalibrated") {
            self.assume(Assumption::EXAMPLE_PRICES, vec![file.name.clone(), file.date.clone()]);
        }
        Ok(())
    }

    pub(super) fn stretches(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
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
            kept.carry(self.region, &ways, [limits.drop_max_m, limits.landing_max_m, limits.beside_m].map(millimetres));
        }
        ways
    }

    pub(super) fn drops(&mut self, ctx: &mut Context<'_>) -> Result<(), Cancelled> {
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

    pub(super) fn handovers(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
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

    pub(super) fn masts(&mut self, ctx: &mut Context<'_>) -> Result<(), Cancelled> {
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

    pub(super) fn gaps(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
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

    pub(super) fn water(&mut self, ctx: &mut Context<'_>) -> Result<(), Cancelled> {
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

    pub(super) fn assets(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        let finder = Finder::over(&self.ways.stretches, &self.ways.index);
        let mut none = Nearest::default();
        let near = self.kept.as_mut().map_or(&mut none, |kept| &mut kept.beside);
        let stretches = &self.ways.stretches;
        self.assets = assets::find((self.region, self.scenario), self.book, stretches, &finder, &mut self.links, near);
        Ok(())
    }

    pub(super) fn drawn(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        if self.scenario.routes.iter().any(|route| route.usage == RouteUse::Candidate) {
            let finder = Finder::over(&self.ways.stretches, &self.ways.index);
            let (ground, sinks) = (&self.ground, &self.sinks);
            self.drawn = Drawn::find(self.region, self.scenario, self.book, ground, &finder, sinks, &mut self.links);
        }
        Ok(())
    }

    pub(super) fn sides(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        self.sides = lines::choose_sides(&self.ways.stretches, &self.links);
        Ok(())
    }
}
