//! How far the cost may be from its figure: the factors of the price classes, drawn many times.

use breiband_model::{CostBook, Price};
use breiband_random::{DRAWS, SplitMix64, at_rank, p10_p50_p90};

/// The totals that one project in ten, half of all and nine in ten stay below, in the unit of the costs given.
///
/// Each price class has one factor for the whole project (what makes one asphalt metre dear makes all of them dear), drawn
/// independently of the other classes'. So the range is narrower than the sum of the classes' own P10 and P90. Nothing but
/// + − × ÷ is needed, so that every machine draws the same. What has no price class, as an area's lump, is certain.
pub(crate) fn range<'a>(book: &CostBook, costs: impl Iterator<Item = (&'a str, f64)>, seed: u64) -> [f64; 3] {
    let mut certain = 0.0;
    let mut classes: Vec<(&Price, f64)> = Vec::new();
    for (name, cost) in costs {
        match book.price_id(name) {
            Some(id) => classes.push((book.price(id), cost)),
            None => certain += cost,
        }
    }
    let mut random = SplitMix64::new(seed);
    let factor = |price: &Price, rank| at_rank([price.p10, price.p50, price.p90], rank);
    let totals: Vec<f64> = (0..DRAWS)
        .map(|_| certain + classes.iter().map(|(price, cost)| cost * factor(price, random.unit())).sum::<f64>())
        .collect();
    p10_p50_p90(totals).map(|total| (total * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_class_gives_its_own_factors() {
        let book = CostBook::example();
        for (_, price) in book.prices() {
            let range = range(&book, [(price.id.as_str(), 1000.0)].into_iter(), 1);
            for (found, factor) in range.into_iter().zip([price.p10, price.p50, price.p90]) {
                assert!((found / 1000.0 - factor).abs() < 0.03, "{}: {found} of {factor}", price.id);
            }
        }
    }

    #[test]
    fn several_classes_even_out_and_lumps_are_certain() {
        let book = CostBook::example();
        let classes = || ["forest", "rock", "bore", "asphalt-verge"].into_iter().map(|name| (name, 1000.0));
        let sum = |pick: fn(&Price) -> f64| -> f64 {
            classes().map(|(name, cost)| cost * pick(book.price(book.price_id(name).expect("in the book")))).sum()
        };
        let [p10, p50, p90] = range(&book, classes(), 1);
        assert!(sum(|p| p.p10) < p10 && p10 < p50 && p50 < p90 && p90 < sum(|p| p.p90), "{p10} {p50} {p90}");
        let lumped = range(&book, classes().chain([("area-lump", 500.0)]), 1);
        assert!(lumped.iter().zip([p10, p50, p90]).all(|(a, b)| (a - b - 500.0).abs() < 0.011));
        assert_eq!(range(&book, [("area-lump", 500.0)].into_iter(), 9), [500.0; 3]);
    }
}
