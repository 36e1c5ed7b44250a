//! The business case: what a programme earns and costs to run once it is built. The scenario's section `[programme.business]`,
//! and what comes of it. Amounts are major units.

use serde::{Deserialize, Serialize};

use crate::{SettingsFault, Step};

/// The section `[programme.business]`. Amounts are major units. What the file leaves out is an example, uncalibrated: `source`
/// says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BusinessSettings {
    /// Where the figures come from.
    pub source: String,
    /// Share of the homes passed that are customers, in the year they are passed, the next year, and so on; the last one stays.
    pub take_rate: Vec<f64>,
    /// What a customer pays to be connected, once.
    pub connection_fee: f64,
    /// What the network earns from a customer in a year.
    pub revenue: f64,
    /// What a customer costs to serve in a year.
    pub opex_per_customer: f64,
    /// What a kilometre of line costs to keep in a year.
    pub opex_per_km: f64,
    /// What is renewed in a year, per cent of what was built.
    pub renewal_per_cent: f64,
    /// Discount rate, per cent a year. The first year is not discounted.
    pub discount_per_cent: f64,
    /// Years that are looked at, from the first one with a budget.
    pub horizon: u16,
    /// Factors that one case in ten, half of all and nine in ten stay below.
    pub spread: Spread,
}

/// How sure the figures are: factors that one case in ten, half of all and nine in ten stay below. The cost of building has its
/// own, by price class, in the cost book.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Spread {
    /// Of the share that become customers.
    pub take_rate: [f64; 3],
    /// Of what a customer pays.
    pub revenue: [f64; 3],
    /// Of running costs and renewal.
    pub opex: [f64; 3],
}

impl Default for Spread {
    fn default() -> Self {
        Self { take_rate: [0.8, 1.0, 1.15], revenue: [0.9, 1.0, 1.1], opex: [0.85, 1.0, 1.25] }
    }
}

impl Default for BusinessSettings {
    fn default() -> Self {
        Self {
            source: "General knowledge: example, uncalibrated".to_owned(),
            take_rate: vec![0.35, 0.5, 0.6],
            connection_fee: 4_500.0,
            revenue: 5_400.0,
            opex_per_customer: 1_400.0,
            opex_per_km: 2_500.0,
            renewal_per_cent: 1.0,
            discount_per_cent: 4.0,
            horizon: 25,
            spread: Spread::default(),
        }
    }
}

impl BusinessSettings {
    /// The first fault, with the way to it.
    pub(crate) fn check(&self, years: usize) -> Result<(), SettingsFault> {
        use Step::Key;
        let fault = |keys: &[&'static str], problem: &'static str| {
            let path: Vec<Step> = ["business"].iter().chain(keys).map(|key| Key(key)).collect();
            Err(SettingsFault::new(path, problem))
        };
        if self.take_rate.is_empty() || self.take_rate.iter().any(|share| !(0.0..=1.0).contains(share)) {
            return fault(&["take_rate"], "give a share from 0 to 1 for each year, such as [0.35, 0.5, 0.6]");
        }
        let amounts = [
            ("connection_fee", self.connection_fee),
            ("revenue", self.revenue),
            ("opex_per_customer", self.opex_per_customer),
            ("opex_per_km", self.opex_per_km),
        ];
        if let Some((key, _)) = amounts.iter().find(|(_, amount)| !(0.0..=1e9).contains(amount)) {
            return fault(&[key], "write an amount from 0 to 1,000,000,000");
        }
        for (key, per_cent) in
            [("renewal_per_cent", self.renewal_per_cent), ("discount_per_cent", self.discount_per_cent)]
        {
            if !(0.0..=100.0).contains(&per_cent) {
                return fault(&[key], "write 0 to 100 per cent");
            }
        }
        if usize::from(self.horizon) < years || !(1..=100).contains(&self.horizon) {
            return fault(&["horizon"], "choose up to 100 years, and no fewer than there are budgets");
        }
        let Spread { take_rate, revenue, opex } = self.spread;
        for (key, [p10, p50, p90]) in [("take_rate", take_rate), ("revenue", revenue), ("opex", opex)] {
            if !(0.0 < p10 && p10 <= p50 && p50 <= p90 && p90 <= 10.0) {
                return fault(&["spread", key], "give three factors above 0 and at most 10, none below the one before");
            }
        }
        Ok(())
    }
}

/// A year of the business. Amounts are major units.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CashYear {
    /// Year.
    pub year: u16,
    /// Homes passed by its end.
    pub passed: f64,
    /// Customers at its end.
    pub customers: f64,
    /// Spent on building and fixed costs.
    pub capex: f64,
    /// Running costs.
    pub opex: f64,
    /// Renewal.
    pub renewal: f64,
    /// From customers, connection fees included.
    pub revenue: f64,
    /// Revenue less all costs.
    pub net: f64,
    /// The sum of the nets up to it.
    pub cumulative: f64,
    /// `net`, discounted to the first year.
    pub discounted: f64,
}

/// What one figure does to the net present value, major units.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sway {
    /// The figure: `take-rate`, `revenue`, `opex`, or a price class.
    pub of: String,
    /// The net present value where only it stands at its P10.
    pub at_p10: f64,
    /// And at its P90.
    pub at_p90: f64,
}

/// The business case of a programme. Amounts are major units, discounted to the first year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BusinessCase {
    /// Year by year.
    pub years: Vec<CashYear>,
    /// Net present value: the discounted nets of all years.
    pub npv: f64,
    /// The year in which the nets have added up to nothing owed, for good; `None`: not within the horizon.
    pub payback: Option<u16>,
    /// Paid in the first year, this would make the net present value zero; 0 where it is not below that.
    pub subsidy: f64,
    /// The same for each home passed.
    pub subsidy_per_home: f64,
    /// What matters most, first.
    pub sways: Vec<Sway>,
    /// Net present values that one case in ten, half of all and nine in ten stay below.
    pub npv_range: [f64; 3],
    /// The share of cases, 0 to 1, in which it is not below zero.
    pub pays: f64,
}
