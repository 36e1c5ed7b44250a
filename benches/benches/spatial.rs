//! Snapping addresses to roads: the cell-sorted grid against rstar, both from the bare input to all answers, in one run.
//!
//! rstar gets the same favour as the grid: its queries are asked in space-filling order, and its sort is counted as ours is.
//! Answers are compared before times are printed. `cargo bench -p breiband-benches --bench spatial`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use breiband_model::Point;
use breiband_spatial::{Hit, SegmentGrid};
use rstar::primitives::{GeomWithData, Line};
use rstar::{PointDistance, RTree};

type Segment = (Point, Point);
type Tree = RTree<GeomWithData<Line<[f64; 2]>, u32>>;

const CELL_MM: u32 = 100_000;
const REACH_MM: u32 = 2_000_000;

fn main() {
    for (nodes, addresses, rounds) in [(100_000, 60_000, 9), (1_000_000, 600_000, 3)] {
        let (roads, places) = country(nodes, addresses);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            our_times.push(timed(|| ours = by_grid(&roads, &places)));
            their_times.push(timed(|| theirs = by_rstar(&roads, &places)));
        }
        compare(&roads, &places, &ours, &theirs);
        let (grid, tree) = (median(our_times), median(their_times));
        let rate = |time: Duration| addresses as f64 / time.as_secs_f64() / 1e3;
        println!(
            "snapping {addresses} addresses to {} segments of {nodes} nodes, build and sort included: \
             grid {grid:.1?} ({:.0} k/s), rstar {tree:.1?} ({:.0} k/s), ratio {:.2}",
            roads.len(),
            rate(grid),
            rate(tree),
            tree.as_secs_f64() / grid.as_secs_f64(),
        );
        let mut index = None;
        let build = timed(|| index = Some(SegmentGrid::build(black_box(&roads), CELL_MM)));
        let tree_build = timed(|| drop(black_box(tree_of(&roads))));
        println!("    of which building: grid {build:.1?}, rstar {tree_build:.1?}");
    }
}

fn by_grid(roads: &[Segment], places: &[Point]) -> Vec<Option<Hit>> {
    SegmentGrid::build(black_box(roads), CELL_MM).nearest_many(black_box(places), REACH_MM)
}

fn by_rstar(roads: &[Segment], places: &[Point]) -> Vec<u32> {
    let tree = tree_of(black_box(roads));
    let mut order: Vec<(u64, u32)> = black_box(places).iter().zip(0..).map(|(&p, i)| (morton(p), i)).collect();
    order.sort_unstable();
    let mut nearest = vec![u32::MAX; places.len()];
    for (_, index) in order {
        if let Some(found) = tree.nearest_neighbor(&floats(places[index as usize])) {
            nearest[index as usize] = found.data;
        }
    }
    nearest
}

fn tree_of(roads: &[Segment]) -> Tree {
    RTree::bulk_load(
        roads.iter().zip(0..).map(|(&(a, b), id)| GeomWithData::new(Line::new(floats(a), floats(b)), id)).collect(),
    )
}

/// The same segment, or one that is as near.
fn compare(roads: &[Segment], places: &[Point], ours: &[Option<Hit>], theirs: &[u32]) {
    let mut same = 0;
    for ((&p, hit), &their) in places.iter().zip(ours).zip(theirs) {
        let hit = hit.expect("every address is near a road");
        let (a, b) = roads[their as usize];
        let square = Line::new(floats(a), floats(b)).distance_2(&floats(p));
        let off = (square - hit.distance_squared as f64).abs();
        assert!(off <= 1.0 + square * 1e-9, "grid {} and rstar {their} differ by {off} mm²", hit.segment);
        same += usize::from(hit.segment == their);
    }
    assert!(same * 10 > places.len() * 9, "only ends of segments tie");
}

/// Roads of some 30 m segments that wander off from villages, and addresses beside them, in no order.
fn country(nodes: usize, addresses: usize) -> (Vec<Segment>, Vec<Point>) {
    let mut random = Random(42);
    // The density of a rural region: 1,000 nodes on 25 km².
    let side = (nodes as f64 * 25e9).sqrt() as i64;
    let villages: Vec<(i64, i64)> = (0..nodes / 2_000 + 1).map(|_| (random.below(side), random.below(side))).collect();
    let mut roads = Vec::with_capacity(nodes);
    while roads.len() < nodes {
        let (vx, vy) = villages[random.below(villages.len() as i64) as usize];
        let spread = if random.below(3) == 0 { 20_000_000 } else { 1_500_000 };
        let (mut x, mut y) = (vx + random.below(2 * spread) - spread, vy + random.below(2 * spread) - spread);
        let (mut dx, mut dy) = (random.below(60_001) - 30_000, random.below(60_001) - 30_000);
        for _ in 0..random.below(60) + 3 {
            let (nx, ny) = (x + dx, y + dy);
            roads.push((point(x, y), point(nx, ny)));
            (x, y) = (nx, ny);
            dx = (dx + random.below(20_001) - 10_000).clamp(-40_000, 40_000);
            dy = (dy + random.below(20_001) - 10_000).clamp(-40_000, 40_000);
        }
    }
    let places = (0..addresses)
        .map(|_| {
            let (a, _) = roads[random.below(roads.len() as i64) as usize];
            let beside = |v: i32, random: &mut Random| i64::from(v) + random.below(100_001) - 50_000;
            point(beside(a.x, &mut random), beside(a.y, &mut random))
        })
        .collect();
    (roads, places)
}

fn point(x: i64, y: i64) -> Point {
    Point::new(i32::try_from(x).expect("in the plane"), i32::try_from(y).expect("in the plane"))
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as i64
    }
}

/// Bits of both coordinates in turn: neighbours in the order are neighbours on the ground.
fn morton(p: Point) -> u64 {
    let spread = |v: i32| {
        let mut bits = u64::from(v as u32 ^ 0x8000_0000);
        for (shift, mask) in [
            (16, 0x0000_FFFF_0000_FFFF),
            (8, 0x00FF_00FF_00FF_00FF),
            (4, 0x0F0F_0F0F_0F0F_0F0F),
            (2, 0x3333_3333_3333_3333),
            (1, 0x5555_5555_5555_5555),
        ] {
            bits = (bits | bits << shift) & mask;
        }
        bits
    };
    spread(p.x) | spread(p.y) << 1
}

fn floats(p: Point) -> [f64; 2] {
    [f64::from(p.x), f64::from(p.y)]
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
