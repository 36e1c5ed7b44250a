//! The business case of a programme: net present value, payback, subsidy, what matters most, and how sure it is.
//!
//! Nothing but + − × ÷ is used, and draws come from a seed, so that every machine finds the same to the last digit.

use breiband_model::{BusinessCase, BusinessSettings, CashYear, Phase, PremisesKind, Programme, Region, Sway};
use breiband_random::{DRAWS, SplitMix64, at_rank, p10_p50_p90};

use crate::units::cents;

/// A price class of what is built: its part of the cost, and its factors.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceClass {
    /// Name.
    pub name: String,
    /// Its part of all that is built, 0 to 1.
    pub share: f64,
    /// Factors that one project in ten, half of all and nine in ten stay below.
    pub factors: [f64; 3],
}

/// What the figures are multiplied by.
#[derive(Clone, Copy)]
struct Case {
    capex: f64,
    take_rate: f64,
    revenue: f64,
    opex: f64,
}

const PLAIN: Case = Case { capex: 1.0, take_rate: 1.0, revenue: 1.0, opex: 1.0 };

/// What a programme builds, by year of its budgets.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Flows {
    /// The first year.
    pub first: u16,
    /// Building, and fixed costs.
    pub built: Vec<(f64, f64)>,
    /// Kilometres of line.
    pub km: Vec<f64>,
    /// Homes passed, and those of them whose drop is built.
    pub homes: Vec<(f64, f64)>,
    /// What a drop costs that waits for a customer.
    pub later_drop: f64,
}

impl Flows {
    /// What `programme` builds in the years of its budgets. Homes are households; what is beyond the budgets is not built.
    pub fn of(region: &Region, programme: &Programme) -> Self {
        let first = programme.years.first().map_or(0, |y| y.year);
        let mut homes = vec![(0.0, 0.0); programme.years.len()];
        let mut waiting = 0.0;
        for (premises, row) in region.premises.iter().zip(&programme.premises) {
            if premises.kind == PremisesKind::Outbuilding {
                continue;
            }
            let count = f64::from(premises.households);
            if !row.connected && row.phase != Phase::NotPlanned {
                waiting += count;
            }
            if let (Phase::Year(year), true) = (row.phase, count > 0.0) {
                let entry = &mut homes[usize::from(year - first)];
                entry.0 += count;
                entry.1 += if row.connected { count } else { 0.0 };
            }
        }
        Self {
            first,
            built: programme.years.iter().map(|y| (y.work.as_major(), y.fixed.as_major())).collect(),
            km: programme.years.iter().map(|y| y.length_mm as f64 / 1e6).collect(),
            homes,
            later_drop: if waiting > 0.0 { programme.drops_later.as_major() / waiting } else { 0.0 },
        }
    }
}

/// The business case of `flows`. `classes` are the price classes of what is built; what they do not cover is certain.
/// O(draws × horizon).
pub fn business(settings: &BusinessSettings, flows: &Flows, classes: &[PriceClass], seed: u64) -> BusinessCase {
    let years = cash(settings, flows, PLAIN);
    let value = |case: Case| npv(&cash(settings, flows, case));
    let plain = value(PLAIN);
    let passed = years.last().map_or(0.0, |y| y.passed);
    let spread = settings.spread;
    let with = |of: &str, set: &dyn Fn(f64) -> Case, factors: [f64; 3]| Sway {
        of: of.to_owned(),
        at_p10: cents(value(set(factors[0]))),
        at_p90: cents(value(set(factors[2]))),
    };
    let mut sways = vec![
        with("take-rate", &|take_rate| Case { take_rate, ..PLAIN }, spread.take_rate),
        with("revenue", &|revenue| Case { revenue, ..PLAIN }, spread.revenue),
        with("opex", &|opex| Case { opex, ..PLAIN }, spread.opex),
    ];
    for class in classes.iter().filter(|class| class.share > 0.0) {
        let set = |factor: f64| Case { capex: 1.0 + class.share * (factor - 1.0), ..PLAIN };
        sways.push(with(&class.name, &set, class.factors));
    }
    let span = |sway: &Sway| (sway.at_p10 - sway.at_p90).abs();
    sways.sort_by(|a, b| span(b).total_cmp(&span(a)).then_with(|| a.of.cmp(&b.of)));
    let mut random = SplitMix64::new(seed);
    let drawn: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let mut capex = 1.0;
            for class in classes {
                capex += class.share * (at_rank(class.factors, random.unit()) - 1.0);
            }
            let [take_rate, revenue, opex] =
                [spread.take_rate, spread.revenue, spread.opex].map(|factors| at_rank(factors, random.unit()));
            value(Case { capex: capex.max(0.0), take_rate, revenue, opex })
        })
        .collect();
    let pays = drawn.iter().filter(|&&npv| npv >= 0.0).count() as f64 / DRAWS as f64;
    let subsidy = cents((-plain).max(0.0));
    BusinessCase {
        npv: cents(plain),
        payback: payback(&years),
        subsidy,
        subsidy_per_home: if passed > 0.0 { cents(subsidy / passed) } else { 0.0 },
        sways,
        npv_range: p10_p50_p90(drawn).map(cents),
        pays,
        years: years.into_iter().map(rounded).collect(),
    }
}

/// The years of a case. A customer is served from the year it joins; what is built is renewed from the year after.
fn cash(settings: &BusinessSettings, flows: &Flows, case: Case) -> Vec<CashYear> {
    let horizon = usize::from(settings.horizon);
    let last = settings.take_rate.len().saturating_sub(1);
    let take = |age: usize| (settings.take_rate.get(age.min(last)).copied().unwrap_or(0.0) * case.take_rate).min(1.0);
    let discount = 1.0 + settings.discount_per_cent / 100.0;
    let (mut worth, mut standing, mut cumulative, mut km) = (1.0, 0.0, 0.0, 0.0);
    let (mut before, mut beyond_before) = (0.0, 0.0);
    let mut out = Vec::with_capacity(horizon);
    for t in 0..horizon {
        let begun = (t + 1).min(flows.homes.len());
        let joined = |of: &dyn Fn(&(f64, f64), f64) -> f64| -> f64 {
            flows.homes[..begun].iter().enumerate().map(|(y, homes)| of(homes, take(t - y))).sum()
        };
        let passed = flows.homes[..begun].iter().map(|homes| homes.0).sum();
        let customers = joined(&|homes, take| homes.0 * take);
        // Customers for whom no drop has been built with the trench.
        let beyond = joined(&|homes, take| (homes.0 * take - homes.1).max(0.0));
        let (work, fixed) = flows.built.get(t).copied().unwrap_or((0.0, 0.0));
        km += flows.km.get(t).copied().unwrap_or(0.0);
        let building = (work + (beyond - beyond_before).max(0.0) * flows.later_drop) * case.capex;
        let renewal = standing * settings.renewal_per_cent / 100.0 * case.opex;
        let opex = (customers * settings.opex_per_customer + km * settings.opex_per_km) * case.opex;
        let new = (customers - before).max(0.0);
        let revenue = (customers * settings.revenue + new * settings.connection_fee) * case.revenue;
        // To the minor unit, as it is told: whoever adds the table up comes to the same.
        let [capex, opex, renewal, revenue] = [building + fixed, opex, renewal, revenue].map(cents);
        let net = cents(revenue - opex - renewal - capex);
        cumulative = cents(cumulative + net);
        out.push(CashYear {
            year: flows.first + t as u16,
            passed,
            customers,
            capex,
            opex,
            renewal,
            revenue,
            net,
            cumulative,
            discounted: cents(net / worth),
        });
        worth *= discount;
        standing += building;
        (before, beyond_before) = (customers, beyond);
    }
    out
}

fn npv(years: &[CashYear]) -> f64 {
    years.iter().map(|y| y.discounted).sum()
}

/// The year from which nothing is owed any more.
fn payback(years: &[CashYear]) -> Option<u16> {
    let owing = years.iter().rposition(|y| y.cumulative < 0.0);
    match owing {
        None => years.first().map(|y| y.year),
        Some(at) => years.get(at + 1).map(|y| y.year),
    }
}

fn rounded(y: CashYear) -> CashYear {
    CashYear { passed: cents(y.passed), customers: cents(y.customers), ..y }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn settings() -> BusinessSettings {
        BusinessSettings {
            take_rate: vec![0.5, 0.75],
            connection_fee: 100.0,
            revenue: 1_000.0,
            opex_per_customer: 200.0,
            opex_per_km: 10.0,
            renewal_per_cent: 1.0,
            discount_per_cent: 10.0,
            horizon: 3,
            ..BusinessSettings::default()
        }
    }

    fn flows() -> Flows {
        Flows { first: 2027, built: vec![(10_000.0, 500.0)], km: vec![2.0], homes: vec![(20.0, 20.0)], later_drop: 0.0 }
    }

    #[test]
    fn a_case_worked_by_hand() {
        let found = business(&settings(), &flows(), &[], 1);
        // 2027: 10 customers: 10,000 + 1,000 fees − 2,000 − 20 − 10,500. 2028: 15: 15,000 + 500 − 3,000 − 20 − 100.
        assert_eq!(found.years.iter().map(|y| y.net).collect::<Vec<_>>(), [-1_520.0, 12_380.0, 11_880.0]);
        assert_eq!(found.npv, cents(-1_520.0 + cents(12_380.0 / 1.1) + cents(11_880.0 / 1.21)));
        assert_eq!((found.payback, found.subsidy), (Some(2028), 0.0));
        assert!(found.npv_range[0] < found.npv_range[1] && found.npv_range[1] < found.npv_range[2]);
        let never = business(&BusinessSettings { revenue: 0.0, connection_fee: 0.0, ..settings() }, &flows(), &[], 1);
        assert_eq!((never.payback, never.pays), (None, 0.0));
        assert_eq!(never.subsidy, -never.npv);
        assert_eq!(never.subsidy_per_home, cents(never.subsidy / 20.0));
    }

    #[test]
    fn drops_that_wait_are_paid_when_their_customers_come() {
        let waiting = Flows { homes: vec![(20.0, 4.0)], later_drop: 50.0, ..flows() };
        let found = business(&settings(), &waiting, &[], 1);
        // Ten customers in the first year, six of them without a drop; five more in the second.
        assert_eq!(found.years.iter().map(|y| y.capex).collect::<Vec<_>>(), [10_800.0, 250.0, 0.0]);
    }

    #[test]
    fn one_price_class_sways_by_its_own_factors() {
        let class = PriceClass { name: "rock".into(), share: 0.25, factors: [0.6, 1.0, 2.0] };
        let settings = BusinessSettings { renewal_per_cent: 0.0, ..settings() };
        let found = business(&settings, &flows(), &[class], 1);
        let sway = found.sways.iter().find(|s| s.of == "rock").expect("it is there");
        assert_eq!((sway.at_p10, sway.at_p90), (cents(found.npv + 1_000.0), cents(found.npv - 2_500.0)));
    }

    proptest! {
        #[test]
        fn a_subsidy_in_the_first_year_makes_it_zero(
            work in prop::collection::vec(0.0f64..1e7, 1..6), homes in prop::collection::vec(0.0f64..900.0, 6), rate in 0.0f64..12.0, seed in any::<u64>()
        ) {
            let flows = Flows {
                first: 2027,
                km: work.iter().map(|w| w / 3e5).collect(),
                homes: homes[..work.len()].iter().map(|&h| (h, h)).collect(),
                built: work.iter().map(|&w| (w, 1_000.0)).collect(),
                later_drop: 0.0,
            };
            let settings = BusinessSettings { discount_per_cent: rate, ..BusinessSettings::default() };
            let found = business(&settings, &flows, &[], seed);
            let mut years = cash(&settings, &flows, PLAIN);
            years[0].discounted += found.subsidy;
            prop_assert!(npv(&years) >= -0.01 && (found.subsidy == 0.0 || npv(&years).abs() < 0.01));
            prop_assert_eq!(&found, &business(&settings, &flows, &[], seed));
            if let Some(year) = found.payback {
                prop_assert!(found.years.iter().filter(|y| y.year >= year).all(|y| y.cumulative >= -0.01));
            }
            prop_assert!(found.npv_range[0] <= found.npv_range[1] && found.npv_range[1] <= found.npv_range[2]);
        }
    }
}
