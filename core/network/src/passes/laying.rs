//! The passes that lay the graph: lines, links between them and everybody, and the network at last.

use breiband_model::{
    Cancelled, Context, Demand, Issue, LeftOutReason, Origin, PartKind, Severity, Terminal, VertexId, VertexKind,
};

use crate::draft::Draft;
use crate::finish::{self, leave_out};
use crate::ground::Scratch;
use crate::lines::{Join, Lines};
use crate::links::{From, Link, Target};
use crate::masts::{Feeder, Mix};

use super::State;

/// The buildings of the place that links come from.
struct Own {
    from: Option<From>,
    buildings: Vec<u32>,
}

impl State<'_> {
    pub(super) fn lines(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
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

    pub(super) fn links(&mut self, ctx: &mut Context<'_>) -> Result<(), Cancelled> {
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

    pub(super) fn reach(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
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

    pub(super) fn freeze(&mut self, _: &mut Context<'_>) -> Result<(), Cancelled> {
        let draft = std::mem::take(&mut self.draft);
        finish::freeze(draft, (&self.sink_vertices, &self.cabinet_vertices), self.book, &mut self.network);
        Ok(())
    }
}
