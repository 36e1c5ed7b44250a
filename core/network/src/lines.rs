//! The lines along the ways: verges and single lines between corners and feet, and the crossings between them.

use breiband_model::{CostBook, Money, Origin, PartKind, Point, PriceId, RuleId, Side, VertexKind};
use breiband_spatial::line::locate;

use crate::draft::Draft;
use crate::links::{From, Link, Target};
use crate::stretches::{Arm, Stretch, Stretches, Use};

/// Where feet and corners are in the draft.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// Stretch and distance from its tail, ascending.
    feet: Vec<(u32, u32)>,
    /// The vertices of each foot, left and right; one and the same for a single line.
    vertices: Vec<[u32; 2]>,
    /// The first corner's vertex of each junction.
    corners: Vec<u32>,
    /// What each rule's ways cost along and across: looked up once.
    prices: Vec<[Option<PriceId>; 2]>,
}

/// What a link joins, and what it must cross to get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Join {
    pub(crate) vertex: u32,
    /// A stretch to be crossed first: its single line runs on the other side.
    pub(crate) crossing: Option<u32>,
}

impl Join {
    /// Joins a vertex, crossing nothing.
    pub(crate) fn to(vertex: u32) -> Self {
        Self { vertex, crossing: None }
    }
}

/// Single lines run on the side of their road where most drops come from; to the right where that is a tie.
pub(crate) fn choose_sides(stretches: &Stretches, links: &[Link]) -> Vec<Side> {
    let mut surplus = vec![0_i32; stretches.roads as usize];
    for link in links.iter().filter(|l| l.first && matches!(l.from, From::Sink(_))) {
        if let Target::Foot { stretch, side, .. } = link.target {
            let s = &stretches.all[stretch as usize];
            match (side, s.against) {
                (Side::Middle, _) => {}
                (Side::Left, false) | (Side::Right, true) => surplus[s.road as usize] += 1,
                _ => surplus[s.road as usize] -= 1,
            }
        }
    }
    let side = |s: &Stretch| {
        let left = (surplus[s.road as usize] > 0) != s.against;
        // A tie is to the right of the road, whichever way the stretch runs.
        if left { Side::Left } else { Side::Right }
    };
    stretches.all.iter().map(side).collect()
}

impl Lines {
    /// Builds all lines, with a vertex at each foot that `links` ask for.
    pub(crate) fn build(
        stretches: &Stretches,
        chosen: &[Side],
        links: &[Link],
        book: &CostBook,
        draft: &mut Draft,
    ) -> Self {
        let mut feet: Vec<(u32, u32)> = links
            .iter()
            .flat_map(Link::targets)
            .filter_map(|target| match target {
                Target::Foot { stretch, along_mm, .. } => Some((stretch, along_mm)),
                Target::Corner { .. } | Target::Drawn(_) => None,
            })
            .collect();
        feet.sort_unstable();
        feet.dedup();
        let rules = (0..book.file().rules.len()).map(RuleId::from_usize);
        let prices = rules.map(|rule| [book.along(rule), book.crossing(rule)]).collect();
        let corners = Vec::with_capacity(stretches.junctions.len());
        let mut lines = Self { feet, vertices: Vec::new(), corners, prices };
        for (junction, &point) in (0..).zip(&stretches.junctions) {
            lines.corners.push(draft.vertices.len() as u32);
            for _ in 0..stretches.arms_of(junction).len().max(1) {
                draft.vertex(point, VertexKind::Way);
            }
            lines.cross_arms(stretches, junction, book, draft);
        }
        let mut next = 0;
        for stretch in 0..stretches.all.len() as u32 {
            let first = next;
            while lines.feet.get(next).is_some_and(|foot| foot.0 == stretch) {
                next += 1;
            }
            lines.lay(stretches, stretch, &chosen[stretch as usize], first..next, draft);
        }
        lines
    }

    /// The vertex of a corner.
    pub(crate) fn corner(&self, junction: u32, corner: u32) -> u32 {
        self.corners[junction as usize] + corner
    }

    /// Where a line along `stretch` ends on `side`.
    pub(crate) fn end(&self, stretches: &Stretches, stretch: u32, at_head: bool, side: Side) -> u32 {
        let s = &stretches.all[stretch as usize];
        let (junction, before) = if at_head { (s.head, s.tail) } else { (s.tail, s.head) };
        let corner = if s.usage == Use::Ferry {
            // A ferry is no arm: it lands in the corner it comes from.
            let line = stretches.line(stretch);
            let towards = if at_head { line[line.len() - 2] } else { line[1] };
            let towards = if towards == stretches.junctions[junction as usize] {
                stretches.junctions[before as usize]
            } else {
                towards
            };
            stretches.corner_towards(junction, towards)
        } else {
            stretches.corner(stretch, at_head, side)
        };
        self.corner(junction, corner)
    }

    /// What links to `target` join: one vertex, or both sides where the link comes from the way itself.
    pub(crate) fn joins(&self, stretches: &Stretches, chosen: &[Side], target: Target) -> impl Iterator<Item = Join> {
        let (first, second) = match target {
            Target::Corner { junction, corner } => {
                (Some(Join { vertex: self.corner(junction, corner), crossing: None }), None)
            }
            // The drawn lines know their own vertices.
            Target::Drawn(_) => (None, None),
            Target::Foot { stretch, along_mm, side } => {
                let [left, right] = match self.feet.binary_search(&(stretch, along_mm)) {
                    Ok(index) => self.vertices[index],
                    Err(_) => return None.into_iter().chain(None),
                };
                let s = &stretches.all[stretch as usize];
                let join = |vertex, crossing| Some(Join { vertex, crossing });
                match (s.usage, side) {
                    (Use::Verges, Side::Middle) => (join(left, None), join(right, None)),
                    (Use::Verges, Side::Left) => (join(left, None), None),
                    (Use::Verges, Side::Right) => (join(right, None), None),
                    (_, Side::Middle) => (join(left, None), None),
                    (_, side) => (join(left, (side != chosen[stretch as usize]).then_some(stretch)), None),
                }
            }
        };
        first.into_iter().chain(second)
    }

    /// What crossing a stretch costs.
    pub(crate) fn crossing(&self, s: &Stretch) -> Option<PriceId> {
        s.rule.and_then(|rule| self.prices[rule.index()][1])
    }

    /// Joins the two corners beside each arm, at the price of crossing it; where a road merely continues, at the cheaper of
    /// the two.
    fn cross_arms(&self, stretches: &Stretches, junction: u32, book: &CostBook, draft: &mut Draft) {
        let arms = stretches.arms_of(junction);
        let count = arms.len() as u32;
        if count < 2 {
            return;
        }
        let price_of = |arm: &Arm| self.crossing(&stretches.all[arm.stretch as usize]);
        let cheaper = if count == 2 {
            let permille = |place: usize| stretches.all[arms[place].stretch as usize].permille;
            let cost = |place: usize| price_of(&arms[place]).map(|p| book.price(p).cost(0, 1, permille(place)));
            match (cost(0), cost(1)) {
                (Some(a), Some(b)) if b < a => Some(1),
                (None, Some(_)) => Some(1),
                _ => Some(0),
            }
        } else {
            None
        };
        for (place, arm) in arms.iter().enumerate() {
            if cheaper.is_some_and(|c| c != place) {
                continue;
            }
            let Some(price) = price_of(arm) else { continue };
            let s = &stretches.all[arm.stretch as usize];
            draft.lump_part(PartKind::Crossing, Origin::Way(s.way), price, 1, s.permille);
            let (left, right) = (place as u32, (place as u32 + count - 1) % count);
            draft.edge(self.corner(junction, left), self.corner(junction, right));
        }
    }

    /// The lines along one stretch.
    fn lay(
        &mut self,
        stretches: &Stretches,
        stretch: u32,
        chosen: &Side,
        feet: std::ops::Range<usize>,
        draft: &mut Draft,
    ) {
        let s = &stretches.all[stretch as usize];
        let line = stretches.line(stretch);
        let sides: &[Side] = match s.usage {
            Use::Verges => &[Side::Left, Side::Right],
            Use::Line => std::slice::from_ref(chosen),
            Use::Ferry => &[Side::Middle],
            Use::LeftOut(_) => return,
        };
        let alongs: Vec<u32> = self.feet[feet.clone()].iter().map(|foot| foot.1).collect();
        for &along in &alongs {
            let point = locate(line, u64::from(along)).unwrap_or(line[0]);
            let left = draft.vertex(point, VertexKind::Way);
            let right = if s.usage == Use::Verges { draft.vertex(point, VertexKind::Way) } else { left };
            self.vertices.push([left, right]);
        }
        let pieces = pieces(line, &alongs, draft);
        let Some(rule) = s.rule else { return };
        let price = self.prices[rule.index()][0];
        let count = if s.usage == Use::Ferry { landings(stretches, stretch) } else { 0 };
        for &side in sides {
            let mut tail = self.end(stretches, stretch, false, side);
            for (number, &geometry) in pieces.iter().enumerate() {
                let head = match feet.clone().nth(number) {
                    Some(foot) => self.vertices[foot][usize::from(side == Side::Right)],
                    None => self.end(stretches, stretch, true, side),
                };
                draft.part(PartKind::Along, Origin::Way(s.way), side, price, geometry, count, s.permille);
                let at_tail = if number == 0 { s.lumps[0] } else { 0 };
                let at_head = if number + 1 == pieces.len() { s.lumps[1] } else { 0 };
                if at_tail.max(at_head) > 0 {
                    draft.area_lump(Origin::Way(s.way), Money::from_minor(at_tail.max(at_head)));
                }
                draft.edge(tail, head);
                tail = head;
            }
        }
        if s.usage == Use::Verges
            && let Some(price) = self.crossing(s)
        {
            for foot in feet {
                let [left, right] = self.vertices[foot];
                draft.lump_part(PartKind::Crossing, Origin::Way(s.way), price, 1, s.permille);
                draft.edge(left, right);
            }
        }
    }
}

/// The geometry of `line` cut at `alongs`, in the draft: one piece more than there are cuts.
fn pieces(line: &[Point], alongs: &[u32], draft: &mut Draft) -> Vec<(u32, u32)> {
    let mut pieces = Vec::with_capacity(alongs.len() + 1);
    let mut from = draft.points.len() as u32;
    let mut cuts = alongs.iter().map(|&a| u64::from(a)).peekable();
    let mut at = 0;
    draft.points.push(line[0]);
    for pair in line.windows(2) {
        let length = pair[0].distance_mm(pair[1]);
        while let Some(cut) = cuts.next_if(|&cut| cut < at + length) {
            let point = pair[0].towards(pair[1], cut - at, length);
            draft.points.push(point);
            pieces.push((from, draft.points.len() as u32));
            from = draft.points.len() as u32;
            draft.points.push(point);
        }
        draft.points.push(pair[1]);
        at += length;
    }
    pieces.push((from, draft.points.len() as u32));
    pieces
}

/// The ends of a ferry's stretch that are on land.
pub(crate) fn landings(stretches: &Stretches, stretch: u32) -> u32 {
    let s = &stretches.all[stretch as usize];
    [s.tail, s.head].into_iter().filter(|&junction| !stretches.arms_of(junction).is_empty()).count() as u32
}
