//! Masts proposed on high ground.
//!
//! The region is cut into squares, at least a kilometre wide and at most 400 of them. In each, the highest node of the terrain that has a
//! way within the longest lead is a candidate. Then, over and over, the candidate that lets most homes see a mast which see none
//! yet is taken; a tie goes to the higher ground, then to the first from the south-west. Homes are looked at by neighbourhoods, at
//! most 3,000, each by its first.

use std::collections::{BTreeMap, BTreeSet};

use breiband_model::{Cancelled, Context, MixSettings, Point, SitedMast, Terrain};
use breiband_terrain::Antenna;

use crate::links::{Finder, millimetres};
use crate::masts::{View, antenna};

/// Squares at most.
const SQUARES: usize = 400;
/// A square's side at least, millimetres: 2²⁰, about a kilometre.
const SQUARE_SHIFT: u32 = 20;
/// Neighbourhoods at most.
const NEIGHBOURHOODS: usize = 3_000;
/// A neighbourhood's side at least, millimetres: 2¹⁸, about a quarter of a kilometre.
const NEIGHBOURHOOD_SHIFT: u32 = 18;
/// Nodes of a square that are asked for a way, the highest first.
const TRIES: usize = 64;

/// A place for a mast.
struct Candidate {
    point: Point,
    height: i32,
    /// Neighbourhoods that it sees.
    sees: Vec<u32>,
}

/// Proposes at most `settings.propose` masts besides `given`, for the sinks in `wanted`; none that reaches fewer homes than
/// `settings.propose_least` for the first time. They are as high as the cost book says and stand on nodes of the terrain, the best
/// first.
///
/// Takes at most 3,000 looks along the terrain for each of 400 candidates and of the masts given, and a pass over the terrain's nodes.
///
/// # Errors
/// [`Cancelled`], which is asked for at each mast and candidate.
pub(crate) fn propose(
    view: &View<'_>,
    settings: &MixSettings,
    wanted: &[u32],
    given: &[SitedMast],
    finder: &Finder<'_>,
    ctx: &Context<'_>,
) -> Result<Vec<SitedMast>, Cancelled> {
    let wireless = view.wireless;
    let homes = neighbourhoods(view, wanted);
    let sees = |mast: Antenna| -> Vec<u32> {
        let range = view.range_squared(wireless.range_m);
        let near = (0..).zip(&homes).filter(|(_, home)| home.0.point.distance_squared(mast.point) <= range);
        near.filter(|(_, home)| view.sight.is_clear(view.terrain, mast, home.0)).map(|(n, _)| n).collect()
    };
    let mut served = vec![false; homes.len()];
    for mast in given {
        ctx.check()?;
        let seen = sees(Antenna { point: mast.point, height_mm: mast.height_mm });
        seen.into_iter().for_each(|n| served[n as usize] = true);
    }
    let mut candidates = Vec::new();
    for (point, height) in high_places(view.terrain, finder, millimetres(wireless.lead_max_m), ctx)? {
        ctx.check()?;
        candidates.push(Candidate { point, height, sees: sees(antenna(point, wireless.mast_height_m)) });
    }
    // A mast that an earlier plan proposed may be among the inputs by now, under the id it had.
    let taken: BTreeSet<&str> = given.iter().map(|mast| mast.external_id.as_str()).collect();
    let mut free = (1_u32..).filter(|number| !taken.contains(id(*number).as_str()));
    let mut masts = Vec::new();
    while masts.len() < settings.propose as usize {
        let gain = |c: &Candidate| -> u64 {
            c.sees.iter().filter(|&&n| !served[n as usize]).map(|&n| u64::from(homes[n as usize].1)).sum()
        };
        let best = candidates.iter().max_by_key(|c| (gain(c), c.height, std::cmp::Reverse((c.point.y, c.point.x))));
        let Some(best) = best.filter(|c| gain(c) >= u64::from(settings.propose_least.max(1))) else { break };
        best.sees.iter().for_each(|&n| served[n as usize] = true);
        let Some(number) = free.next() else { break };
        masts.push(SitedMast {
            external_id: id(number),
            name: format!("{} m #{number}", best.height / 1000),
            point: best.point,
            height_mm: antenna(best.point, wireless.mast_height_m).height_mm,
            sectors: wireless.sectors,
            existing: false,
        });
    }
    Ok(masts)
}

fn id(number: u32) -> String {
    format!("proposed/{number}")
}

/// An antenna for each neighbourhood, with its homes.
fn neighbourhoods(view: &View<'_>, wanted: &[u32]) -> Vec<(Antenna, u32)> {
    let mut shift = NEIGHBOURHOOD_SHIFT;
    loop {
        let mut cells: BTreeMap<(i32, i32), (u32, u32)> = BTreeMap::new();
        for &sink in wanted {
            let p = view.sinks[sink as usize].point;
            let cell = cells.entry((p.y >> shift, p.x >> shift)).or_insert((sink, 0));
            cell.1 = cell.1.saturating_add(view.sinks[sink as usize].homes(view.region));
        }
        if cells.len() <= NEIGHBOURHOODS {
            return cells.into_values().map(|(sink, homes)| (view.home(sink), homes)).collect();
        }
        shift += 1;
    }
}

/// The highest node of each square that has a way near, with its height.
fn high_places(
    terrain: &Terrain,
    finder: &Finder<'_>,
    lead_mm: u32,
    ctx: &Context<'_>,
) -> Result<Vec<(Point, i32)>, Cancelled> {
    let step = terrain.step_mm() as usize;
    let (columns, rows) = (terrain.columns() as usize, terrain.rows() as usize);
    // A side of whole steps.
    let mut side = (1_usize << SQUARE_SHIFT).div_ceil(step);
    while columns.div_ceil(side) * rows.div_ceil(side) > SQUARES {
        side += side.div_ceil(4);
    }
    let mut places = Vec::new();
    let mut nodes: Vec<(std::cmp::Reverse<i32>, usize)> = Vec::new();
    for square in 0..columns.div_ceil(side) * rows.div_ceil(side) {
        let (left, low) = (square % columns.div_ceil(side) * side, square / columns.div_ceil(side) * side);
        ctx.check()?;
        nodes.clear();
        for row in low..(low + side).min(rows) {
            for column in left..(left + side).min(columns) {
                let height = terrain.heights()[row * columns + column];
                if height != Terrain::UNKNOWN {
                    nodes.push((std::cmp::Reverse(height), row * columns + column));
                }
            }
        }
        if nodes.len() > TRIES {
            nodes.select_nth_unstable(TRIES);
            nodes.truncate(TRIES);
        }
        nodes.sort_unstable();
        let near = nodes.iter().find_map(|&(std::cmp::Reverse(height), at)| {
            let axis = |from: i32, n: usize| i32::try_from(i64::from(from) + (n * step) as i64).ok();
            let origin = terrain.origin();
            let point = Point::new(axis(origin.x, at % columns)?, axis(origin.y, at / columns)?);
            finder.nearest(point, lead_mm, |_| true).map(|_| (point, height))
        });
        places.extend(near);
    }
    Ok(places)
}
