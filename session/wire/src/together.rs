//! Building together as the page sees it: support, the business case, public sites, and the game of groups. Amounts are major
//! units.

use serde::{Deserialize, Serialize};

use crate::Value;

/// What is known of the programme on screen besides its years.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TogetherView {
    /// ISO 4217 code.
    pub currency: String,
    /// The scheme, where the scenario has one.
    pub support: Option<SupportView>,
    /// The business case, where the scenario asks for one.
    pub business: Option<BusinessView>,
    /// Public sites, links and the server room.
    pub sites: Option<SitesView>,
    /// How many members there are.
    pub members: u32,
    /// How many groups of them the game plans.
    pub groups: u64,
    /// Why sites are not known; empty where they are.
    pub problem: Value,
}

/// An amount and who pays it: `cost` is the sum of the other three.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FundingView {
    /// Of what: a municipality or an area; empty for all.
    pub name: String,
    /// Eligible addresses.
    pub eligible: u64,
    /// Of them reached by the end of the last year.
    pub reached: u64,
    /// What reaching them costs.
    pub cost: f64,
    /// What the scheme pays.
    pub support: f64,
    /// What the municipality pays at least.
    pub own: f64,
    /// What nobody pays yet.
    pub gap: f64,
}

/// A support scheme held against the programme.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SupportView {
    /// The scheme's name and source.
    pub scheme: [String; 2],
    /// All together.
    pub total: FundingView,
    /// What is built for addresses that are not eligible.
    pub unsupported: f64,
    /// What the yearly cap takes away.
    pub capped: f64,
    /// Addresses by the rule that decides: a key under `council.eligibility_`.
    pub counts: Vec<(String, u64)>,
    /// By municipality.
    pub municipalities: Vec<FundingView>,
    /// By area, those that cost most first.
    pub areas: Vec<FundingView>,
    /// How many areas are reached whole, and how many there are.
    pub whole: [u64; 2],
}

/// The business case.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BusinessView {
    /// Where its figures come from.
    pub source: String,
    /// Net present value.
    pub npv: f64,
    /// Discount rate, per cent.
    pub rate: f64,
    /// The last year that is looked at.
    pub last: u16,
    /// The year it is paid back in.
    pub payback: Option<u16>,
    /// What would make the net present value zero, and that for each home passed.
    pub subsidy: [f64; 2],
    /// Net present values that one case in ten, half of all and nine in ten stay below.
    pub range: [f64; 3],
    /// The share of cases in which it is not below zero.
    pub pays: f64,
    /// Each year with the sum of the nets up to it.
    pub cumulative: Vec<(u16, f64)>,
    /// What matters most, first: the figure, and the net present value at its P10 and P90.
    pub sways: Vec<(String, f64, f64)>,
}

/// A public site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SiteView {
    /// Name, or its id.
    pub name: String,
    /// Its kind: a key under `value`.
    pub kind: String,
    /// Its municipality.
    pub municipality: String,
    /// What makes it ready, and what it has today, Mbit/s.
    pub mbps: (f64, Option<f64>),
    /// When it is ready: 0 is today, 9998 in no budget, 9999 in no plan.
    pub ready: u16,
    /// When it reaches Feide, where that matters.
    pub feide: Option<u16>,
    /// Where it is, degrees.
    pub place: [f64; 2],
}

/// A place for the server room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HostView {
    /// Name.
    pub name: String,
    /// What reaching it costs beyond the plan.
    pub backbone: f64,
    /// What a second path costs; none where there is none.
    pub second: Option<f64>,
    /// Average way from the public sites, metres.
    pub way: f64,
    /// Sites that the worst single failure cuts off.
    pub cut: u64,
}

/// Public sites, the fullest links and the server room.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SitesView {
    /// The policy's name, date and source.
    pub policy: [String; 3],
    /// The sites.
    pub sites: Vec<SiteView>,
    /// Places for the server room, the best first.
    pub hosts: Vec<HostView>,
    /// Equipment, the smallest first: what the map's classes of load stand for.
    pub equipment: Vec<String>,
    /// Links that fill up: name (a lot's is its number), whether it is a handover, Mbit/s in the first year, equipment, the year
    /// it is full.
    pub links: Vec<(String, bool, f64, String, u16)>,
}

/// What the first year's money buys, and could buy alone. Points as the order of building counts them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FirstYearView {
    /// The year.
    pub year: u16,
    /// Its money for building.
    pub money: f64,
    /// Points that the programme reaches, that a network for this money alone does, and the most that any could.
    pub points: [u64; 3],
}

/// A member in the game.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlayerView {
    /// Name.
    pub name: String,
    /// What it would pay alone: at least, and a network found; none where it cannot.
    pub alone: Option<[f64; 2]>,
    /// What its Shapley value is at least and at most; none where it is not defined.
    pub shapley: Option<[f64; 2]>,
}

/// A sharing held against all groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SharingView {
    /// A key's name, `shapley` or `least-core`.
    pub name: String,
    /// `holds`, `fails` or `undecided`.
    pub verdict: String,
    /// What each member pays.
    pub shares: Vec<f64>,
    /// The most wronged group, and what it pays too much.
    pub wronged: Option<(Vec<String>, f64)>,
    /// Groups whose answer is open.
    pub undecided: u64,
}

/// What came of the game.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GameView {
    /// Groups planned, and whether these are all.
    pub groups: (u64, bool),
    /// What all pay together.
    pub joint: f64,
    /// What building together saves: at least and at most.
    pub saving: Option<[f64; 2]>,
    /// The members.
    pub players: Vec<PlayerView>,
    /// Keys, the Shapley value and the least core.
    pub sharings: Vec<SharingView>,
    /// What the first year could have bought alone.
    pub first_year: Option<FirstYearView>,
}
