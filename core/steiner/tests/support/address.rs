//! Address networks as the project plans them: a perturbed street grid, two verges a street joined by crossings at each
//! drop foot, houses that are sinks with up to three drops to the streets around their block.

use breiband_random::SplitMix64;
use breiband_steiner::{Instance, Terminal};

/// `blocks`² blocks with some 3.5 houses each; a drop costs `drop_price` a thousandth of a block (verges some 36 on average).
pub(crate) fn address_network(blocks: u32, seed: u64, drop_price: u64) -> Instance {
    let mut random = SplitMix64::new(seed);
    let side = blocks + 1;
    // A spanning comb is always there, the rest of the streets by chance.
    let spacing: Vec<u64> = (0..side * side * 2).map(|_| 80 + random.below(120)).collect();
    // Street (i, j, along x) from junction (i, j) to (i + 1, j); along y to (i, j + 1).
    let street = |i: u32, j: u32, y: u32| ((j * side + i) * 2 + y) as usize;
    let mut exists = vec![false; (side * side * 2) as usize];
    for j in 0..side {
        for i in 0..side {
            if i + 1 < side {
                exists[street(i, j, 0)] = j == 0 || random.below(100) < 70;
            }
            if j + 1 < side {
                exists[street(i, j, 1)] = random.below(100) < 80 || i == 0;
            }
        }
    }
    // Feet on each street: (position in permille, verge, house, drop cost).
    let mut feet: Vec<Vec<(u64, u8, u32, u64)>> = vec![Vec::new(); exists.len()];
    let mut houses = 0;
    for j in 0..blocks {
        for i in 0..blocks {
            for _ in 0..random.below(8) {
                let (mut x, mut y) = (random.below(1000), random.below(1000));
                let near = 50 + random.below(200);
                match random.below(4) {
                    0 => x = near,
                    1 => x = 1000 - near,
                    2 => y = near,
                    _ => y = 1000 - near,
                }
                let mut around = [
                    (y, street(i, j, 0), x, 1),
                    (1000 - y, street(i, j + 1, 0), x, 0),
                    (x, street(i, j, 1), y, 1),
                    (1000 - x, street(i + 1, j, 1), y, 0),
                ];
                around.sort_unstable();
                let mut any = false;
                for &(away, street, at, verge) in around.iter().filter(|a| exists[a.1]).take(3) {
                    feet[street].push((at, verge, houses, 3_000 + away * drop_price + random.below(2000)));
                    any = true;
                }
                houses += u32::from(any);
            }
        }
    }
    let mut vertices = side * side + houses;
    let mut edges = Vec::new();
    for j in 0..side {
        for i in 0..side {
            for y in 0..2 {
                let s = street(i, j, y);
                if !exists[s] {
                    continue;
                }
                let ends = (j * side + i, if y == 0 { j * side + i + 1 } else { (j + 1) * side + i });
                feet[s].sort_unstable();
                let length = spacing[s];
                let price = [200, 300, 300, 500][random.below(4) as usize];
                let mut last = [(ends.0, 0), (ends.0, 0)];
                for &(at, verge, house, drop) in &feet[s] {
                    for (verge, last) in last.iter_mut().enumerate() {
                        edges.push((last.0, vertices + verge as u32, (at - last.1) * length * price / 1000 + 2000));
                        *last = (vertices + verge as u32, at);
                    }
                    edges.push((vertices, vertices + 1, 9_000));
                    edges.push((vertices + u32::from(verge), side * side + house, drop));
                    vertices += 2;
                }
                for last in last {
                    edges.push((last.0, ends.1, (1000 - last.1) * length * price / 1000 + 2000));
                }
            }
        }
    }
    let sinks: Vec<u32> = (side * side..side * side + houses).collect();
    let terminals = sinks.iter().map(|&vertex| Terminal { vertex, prize: None }).collect();
    Instance::new(vertices, edges, 0, terminals, sinks).expect("a sound instance")
}
