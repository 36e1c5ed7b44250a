//! Ways become stretches between junctions, each under one rule of the cost book.
//!
//! A junction is a node where ways meet or end. Its arms are sorted by angle, exactly; between neighbouring arms lie its
//! corners: corner `i` lies left of arm `i` (seen outwards from the junction) and right of arm `i + 1`. A dead end has one
//! corner.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use breiband_model::{CostBook, LeftOutReason, NodeId, Point, Region, RuleId, Side, Structure, WayId, length_mm};

use crate::ground::{AreaSays, Ground};

/// What a stretch is in the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Either verge can be dug.
    Verges,
    /// One line is laid.
    Line,
    /// A cable on the ferry's course.
    Ferry,
    /// It is there and may be crossed, but not followed.
    LeftOut(LeftOutReason),
}

impl Use {
    /// Whether something can be laid along the stretch.
    pub(crate) fn is_laid(self) -> bool {
        !matches!(self, Self::LeftOut(_))
    }
}

/// A part of one way between two junctions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    pub(crate) way: WayId,
    /// Positions in [`Stretches::points`].
    pub(crate) points: (u32, u32),
    pub(crate) length_mm: u32,
    pub(crate) rule: Option<RuleId>,
    pub(crate) usage: Use,
    /// Whether a drop may end on it.
    pub(crate) drops: bool,
    /// Factor of areas with a rule, thousandths.
    pub(crate) permille: u32,
    /// Lump of areas with a rule, minor units, where it is entered at the tail and the head.
    pub(crate) lumps: [u64; 2],
    /// Junctions at its ends.
    pub(crate) tail: u32,
    pub(crate) head: u32,
    /// Its places among the arms of those junctions.
    pub(crate) tail_arm: u32,
    pub(crate) head_arm: u32,
    /// The road it belongs to: stretches that merely continue each other.
    pub(crate) road: u32,
    /// Whether it runs against its road's direction.
    pub(crate) against: bool,
}

/// A stretch seen from one of its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arm {
    pub(crate) stretch: u32,
    /// Whether the junction is the stretch's head.
    pub(crate) at_head: bool,
}

/// All stretches, and the junctions between them.
#[derive(Debug, Default)]
pub(crate) struct Stretches {
    pub(crate) all: Vec<Stretch>,
    pub(crate) points: Vec<Point>,
    pub(crate) junctions: Vec<Point>,
    /// Where each junction's arms start.
    pub(crate) first_arm: Vec<u32>,
    /// The arms on the ground, by junction and angle. Ferries and ways without a rule have none.
    pub(crate) arms: Vec<Arm>,
    /// Number of roads.
    pub(crate) roads: u32,
    /// Stretches before they were cut where something bars them.
    uncut: u32,
}

impl Stretches {
    pub(crate) fn line(&self, stretch: u32) -> &[Point] {
        let (from, to) = self.all[stretch as usize].points;
        &self.points[from as usize..to as usize]
    }

    pub(crate) fn arms_of(&self, junction: u32) -> &[Arm] {
        let first = |j: u32| self.first_arm[j as usize] as usize;
        &self.arms[first(junction)..first(junction + 1)]
    }

    /// Where the corner on `side` of a stretch is at one of its ends: the corner's number at that junction.
    pub(crate) fn corner(&self, stretch: u32, at_head: bool, side: Side) -> u32 {
        let s = &self.all[stretch as usize];
        let (junction, arm) = if at_head { (s.head, s.head_arm) } else { (s.tail, s.tail_arm) };
        let count = self.arms_of(junction).len().max(1) as u32;
        // Seen outwards from the head, the way's left is the arm's right.
        let left_of_arm = (side == Side::Left) != at_head;
        if left_of_arm { arm } else { (arm + count - 1) % count }
    }

    /// The corner that lies in the direction of `p` from the junction.
    pub(crate) fn corner_towards(&self, junction: u32, p: Point) -> u32 {
        let at = self.junctions[junction as usize];
        let arms = self.arms_of(junction);
        if arms.len() < 2 || at == p {
            return 0;
        }
        let wanted = direction(at, p);
        let before = arms.iter().filter(|&&arm| by_angle(self.outwards(arm), wanted) != Ordering::Greater).count();
        (before + arms.len() - 1) as u32 % arms.len() as u32
    }

    /// The direction in which an arm leaves its junction.
    pub(crate) fn outwards(&self, arm: Arm) -> (i64, i64) {
        let line = self.line(arm.stretch);
        let outwards = if arm.at_head {
            direction(line[line.len() - 1], line[line.len() - 2])
        } else {
            direction(line[0], line[1])
        };
        // Two nodes in one place: any direction will do, as long as it is one.
        if outwards == (0, 0) { (1, 0) } else { outwards }
    }
}

fn direction(from: Point, to: Point) -> (i64, i64) {
    (i64::from(to.x) - i64::from(from.x), i64::from(to.y) - i64::from(from.y))
}

/// Anticlockwise from east, exactly.
pub(crate) fn by_angle(a: (i64, i64), b: (i64, i64)) -> Ordering {
    let lower = |(x, y): (i64, i64)| y < 0 || (y == 0 && x < 0);
    lower(a).cmp(&lower(b)).then_with(|| {
        let cross = i128::from(a.0) * i128::from(b.1) - i128::from(a.1) * i128::from(b.0);
        0.cmp(&cross)
    })
}

/// Parts of stretches that may not be followed.
pub(crate) type Barred = BTreeMap<u32, Vec<(u32, u32)>>;

/// Cuts every way at its junctions and gives each stretch its rule.
///
/// `barred` are the parts that may not be followed, by the number that a stretch has without any: distances from its tail. What
/// holds wherever they are cut, length and rule, is taken from the ways as they were cut before, if they are `known`.
pub(crate) fn cut(
    region: &Region,
    forbidden: &[bool],
    barred: &Barred,
    book: &CostBook,
    ground: &Ground<'_>,
    known: Option<&Stretches>,
) -> Stretches {
    let mut known = known.map(|stretches| (stretches, 0..0));
    let mut meets = vec![0_u8; region.nodes.len()];
    for way in &region.ways {
        for (position, node) in way.nodes.iter().enumerate() {
            let end = position == 0 || position + 1 == way.nodes.len();
            // An end counts as three, so that it is a junction even where two ways merely continue.
            let met = &mut meets[node.index()];
            *met = met.saturating_add(if end { 3 } else { 2 });
        }
    }
    let mut stretches = Stretches::default();
    let mut junction_of = vec![u32::MAX; region.nodes.len()];
    let mut line = Vec::new();
    for (index, way) in region.ways.iter().enumerate() {
        let id = WayId::from_usize(index);
        if let Some((before, range)) = &mut known {
            let here = before.all[range.end..].iter().take_while(|s| s.way == id).count();
            *range = range.end..range.end + here;
        }
        let mut start = 0;
        for end in 1..way.nodes.len() {
            if meets[way.nodes[end].index()] == 2 && end + 1 < way.nodes.len() {
                continue;
            }
            // A ring with one junction is cut once more, so that no stretch joins a junction to itself.
            let ring = way.nodes[start] == way.nodes[end];
            let halves = if ring { [(start, (start + end) / 2), ((start + end) / 2, end)] } else { [(start, end); 2] };
            for &(from, to) in &halves[..if ring { 2 } else { 1 }] {
                line.clear();
                line.extend(way.nodes[from..=to].iter().map(|&n| region.node(n)));
                line.dedup();
                let tail = stretches.junction(&mut junction_of, way.nodes[from], region);
                let head = stretches.junction(&mut junction_of, way.nodes[to], region);
                if line.len() < 2 {
                    line.push(line[0]);
                }
                stretches.add(id, &line, tail, head, forbidden[index], barred, region, book, ground, known.as_ref());
            }
            start = end;
        }
    }
    stretches.sort_arms();
    stretches.find_roads();
    stretches
}

impl Stretches {
    fn junction(&mut self, junction_of: &mut [u32], node: NodeId, region: &Region) -> u32 {
        let junction = &mut junction_of[node.index()];
        if *junction == u32::MAX {
            *junction = self.junctions.len() as u32;
            self.junctions.push(region.node(node));
        }
        *junction
    }

    /// Adds a line between two junctions, cut further where areas with a rule begin and end.
    #[expect(clippy::too_many_arguments, reason = "one caller")]
    fn add(
        &mut self,
        way: WayId,
        line: &[Point],
        tail: u32,
        head: u32,
        forbidden: bool,
        barred: &Barred,
        region: &Region,
        book: &CostBook,
        ground: &Ground<'_>,
        known: Option<&(&Self, std::ops::Range<usize>)>,
    ) {
        let mut tail = tail;
        let areas = ground.cut_at_areas(line);
        let last_area = areas.len() - 1;
        let mut pieces: Vec<(Vec<Point>, bool, [bool; 2])> = Vec::new();
        for (number, piece) in areas.into_iter().enumerate() {
            let ends = [number > 0, number < last_area];
            match barred.get(&self.uncut) {
                None => pieces.push((piece, forbidden, ends)),
                Some(bars) => cut_at_bars(&piece, bars, forbidden, ends, &mut pieces),
            }
            self.uncut += 1;
        }
        let last = pieces.len() - 1;
        for (number, (piece, forbidden, area_ends)) in pieces.into_iter().enumerate() {
            let end = if number == last {
                head
            } else {
                self.junctions.push(piece[piece.len() - 1]);
                self.junctions.len() as u32 - 1
            };
            let source = region.way(way);
            let known = known.and_then(|(before, range)| {
                let same = range.clone().find(|&at| before.line(at as u32) == piece)?;
                Some(&before.all[same])
            });
            let (rule, length_mm, areas) = match known {
                Some(known) if ground.is_apart(&piece) => (known.rule, known.length_mm, AreaSays::NOTHING),
                _ => {
                    let middle = middle_of(&piece);
                    let rule = known.map(|known| known.rule);
                    let rule = rule.unwrap_or_else(|| book.rule_for(source, ground.land_use(middle)));
                    (rule, u32::try_from(length_mm(&piece)).unwrap_or(u32::MAX), ground.areas_at(middle))
                }
            };
            let priced = rule.and_then(|r| book.along(r)).is_some();
            let usage = match rule {
                None => Use::LeftOut(LeftOutReason::NoRule),
                Some(_) if forbidden => Use::LeftOut(LeftOutReason::ForbiddenByScenario),
                Some(_) if !priced => Use::LeftOut(LeftOutReason::ForbiddenByRule),
                Some(_) if areas.forbidden => Use::LeftOut(LeftOutReason::ForbiddenArea),
                Some(_) if source.structure == Structure::Ferry => Use::Ferry,
                Some(r) if book.rule(r).verges == 2 && source.structure == Structure::None => Use::Verges,
                Some(_) => Use::Line,
            };
            let drops = matches!(usage, Use::Verges | Use::Line)
                && source.structure == Structure::None
                && source.class != breiband_model::WayClass::Motorway
                && rule.is_some_and(|r| book.rule(r).drops);
            let from = self.points.len() as u32;
            self.points.extend_from_slice(&piece);
            self.all.push(Stretch {
                way,
                points: (from, self.points.len() as u32),
                length_mm,
                rule,
                usage,
                drops,
                permille: areas.permille,
                lumps: area_ends.map(|at_area| if at_area { areas.lump } else { 0 }),
                tail,
                head: end,
                tail_arm: 0,
                head_arm: 0,
                road: 0,
                against: false,
            });
            tail = end;
        }
    }

    fn sort_arms(&mut self) {
        let mut counts = vec![0_u32; self.junctions.len() + 1];
        let on_ground = |s: &Stretch| !matches!(s.usage, Use::Ferry | Use::LeftOut(LeftOutReason::NoRule));
        for s in self.all.iter().filter(|s| on_ground(s)) {
            counts[s.tail as usize] += 1;
            counts[s.head as usize] += 1;
        }
        let mut total = 0;
        for count in &mut counts {
            total += std::mem::replace(count, total);
        }
        self.arms = vec![Arm { stretch: 0, at_head: false }; total as usize];
        let mut next = counts.clone();
        for (stretch, s) in self.all.iter().enumerate().filter(|(_, s)| on_ground(s)) {
            for (junction, at_head) in [(s.tail, false), (s.head, true)] {
                let slot = &mut next[junction as usize];
                self.arms[*slot as usize] = Arm { stretch: stretch as u32, at_head };
                *slot += 1;
            }
        }
        self.first_arm = counts;
        for junction in 0..self.junctions.len() {
            let range = self.first_arm[junction] as usize..self.first_arm[junction + 1] as usize;
            let mut arms = self.arms[range.clone()].to_vec();
            arms.sort_by(|&a, &b| {
                let key = |arm: Arm| (arm.stretch, arm.at_head);
                by_angle(self.outwards(a), self.outwards(b)).then_with(|| key(a).cmp(&key(b)))
            });
            for (place, arm) in (0..).zip(&arms) {
                let stretch = &mut self.all[arm.stretch as usize];
                *(if arm.at_head { &mut stretch.head_arm } else { &mut stretch.tail_arm }) = place;
            }
            self.arms[range].copy_from_slice(&arms);
        }
    }

    /// Joins stretches into roads where exactly two laid ones meet.
    fn find_roads(&mut self) {
        let mut seen = vec![false; self.all.len()];
        let mut stack = Vec::new();
        for start in 0..self.all.len() as u32 {
            if seen[start as usize] {
                continue;
            }
            let road = self.roads;
            self.roads += 1;
            seen[start as usize] = true;
            stack.push((start, false));
            while let Some((stretch, against)) = stack.pop() {
                let s = &mut self.all[stretch as usize];
                (s.road, s.against) = (road, against);
                if !matches!(s.usage, Use::Verges | Use::Line) {
                    continue;
                }
                for (junction, at_head) in [(s.tail, false), (s.head, true)] {
                    let &[a, b] = self.arms_of(junction) else { continue };
                    let other = if a == (Arm { stretch, at_head }) { b } else { a };
                    let usage = self.all[other.stretch as usize].usage;
                    if !seen[other.stretch as usize] && matches!(usage, Use::Verges | Use::Line) {
                        seen[other.stretch as usize] = true;
                        // Head to tail keeps the direction.
                        stack.push((other.stretch, against ^ (other.at_head == at_head)));
                    }
                }
            }
        }
    }
}

/// Cuts a piece between areas where bars begin and end.
fn cut_at_bars(
    piece: &[Point],
    bars: &[(u32, u32)],
    forbidden: bool,
    [at_tail, at_head]: [bool; 2],
    pieces: &mut Vec<(Vec<Point>, bool, [bool; 2])>,
) {
    let length = u32::try_from(length_mm(piece)).unwrap_or(u32::MAX);
    let mut cuts: Vec<u32> = bars.iter().flat_map(|&(from, to)| [from, to]).collect();
    cuts.extend([0, length]);
    cuts.retain(|&cut| cut <= length);
    cuts.sort_unstable();
    cuts.dedup();
    for pair in cuts.windows(2) {
        let middle = u64::midpoint(u64::from(pair[0]), u64::from(pair[1]));
        let is_barred = bars.iter().any(|&(from, to)| (u64::from(from)..u64::from(to)).contains(&middle));
        let line = breiband_spatial::line::slice(piece, u64::from(pair[0]), u64::from(pair[1]));
        if line.len() < 2 {
            continue;
        }
        pieces.push((line, forbidden || is_barred, [at_tail && pair[0] == 0, at_head && pair[1] == length]));
    }
}

/// The place half-way along a line.
pub(crate) fn middle_of(line: &[Point]) -> Point {
    breiband_spatial::line::locate(line, length_mm(line) / 2).unwrap_or(line[0])
}
