//! Technologies besides fibre: what they need, what they give, what they cost to build and to run.

use serde::{Deserialize, Serialize};

use crate::{Point, PremisesKind, Sentence, SiteKind};

/// What a premises is served by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Technology {
    /// A fibre of its own.
    Fibre,
    /// Radio from a mast in sight.
    Wireless,
    /// A dish.
    Satellite,
}

impl Technology {
    /// Every technology, in order.
    pub const ALL: [Self; 3] = [Self::Fibre, Self::Wireless, Self::Satellite];

    /// The technology's name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fibre => "fibre",
            Self::Wireless => "wireless",
            Self::Satellite => "satellite",
        }
    }
}

/// A place for antennas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mast {
    /// The source's id.
    pub external_id: String,
    /// Name.
    pub name: String,
    /// Where it stands.
    pub point: Point,
    /// Height of its antennas above the ground, millimetres; none where the source does not say it.
    pub height_mm: Option<i32>,
    /// Sectors; none where the source does not say it.
    pub sectors: Option<u32>,
    /// Whether it stands already.
    pub existing: bool,
}

impl Mast {
    /// Antennas stand no higher above the ground, millimetres: 500 m.
    pub const HIGHEST_MM: i32 = 500_000;
    /// No mast has more sectors.
    pub const MOST_SECTORS: u32 = 36;
}

/// The scenario's section `[mix]`: which technologies besides fibre may serve whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MixSettings {
    /// Whether masts among the public sites (OSM's `man_made = mast`) may carry antennas.
    pub site_masts: bool,
    /// New masts proposed on high ground, at most.
    pub propose: u32,
    /// A proposed mast reaches so many homes that no mast before it does, at least.
    pub propose_least: u32,
    /// What a premises needs, Mbit/s down; without it, the goal's threshold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_mbps: Option<f64>,
    /// Premises that need something else; the most that applies counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
}

impl Default for MixSettings {
    fn default() -> Self {
        Self { site_masts: true, propose: 0, propose_least: 20, needs_mbps: None, needs: Vec::new() }
    }
}

/// Premises and what they need.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Need {
    /// Premises by external id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub premises: Vec<String>,
    /// Premises by kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<PremisesKind>,
    /// Premises with a public site of these kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<SiteKind>,
    /// Mbit/s down.
    pub mbps: f64,
}

/// The cost book's section `[technologies]`. Names are those of price classes without a price a metre; those of running are
/// what a year costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Technologies {
    /// Years whose running costs are counted, and for which equipment lasts.
    pub years: u32,
    /// What money in a year is worth less today, per cent.
    pub discount_per_cent: f64,
    /// Fibre.
    pub fibre: Served,
    /// Satellite.
    pub satellite: Served,
    /// Fixed wireless.
    pub wireless: Wireless,
}

/// What serving a home costs and gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Served {
    /// Service level, Mbit/s down.
    pub down_mbps: f64,
    /// A home's equipment.
    pub equipment: String,
    /// A home's running, a year.
    pub running: String,
}

/// Fixed wireless: masts, radio links, and what counts as in sight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wireless {
    /// Service level, Mbit/s down.
    pub down_mbps: f64,
    /// A home's equipment.
    pub equipment: String,
    /// A home's running, a year.
    pub running: String,
    /// A new mast with road, power and cabinet.
    pub mast_new: String,
    /// Antennas on a mast that stands.
    pub mast_existing: String,
    /// A mast's running, a year.
    pub mast_running: String,
    /// A sector's radio.
    pub sector: String,
    /// Both ends of a radio link from a handover or mast to a mast.
    pub backhaul: String,
    /// Carrier frequency towards premises, MHz.
    pub frequency_mhz: u32,
    /// Carrier frequency of radio links between masts, MHz.
    pub backhaul_frequency_mhz: u32,
    /// Farthest premises, metres.
    pub range_m: f64,
    /// Farthest mast that a radio link feeds, metres.
    pub backhaul_range_m: f64,
    /// Longest fibre over the ground from a way to a mast, metres.
    pub lead_max_m: f64,
    /// Antenna above the ground on a mast that does not say it, metres; also at a handover.
    pub mast_height_m: f64,
    /// Antenna above the ground at premises, metres.
    pub premises_height_m: f64,
    /// Sectors of a mast that does not say it.
    pub sectors: u32,
    /// What a sector carries, Mbit/s.
    pub sector_mbps: f64,
    /// Masts in sight that a premises may choose from, nearest first.
    pub candidates: u8,
    /// The Earth seems so many times as large to a radio ray.
    pub earth_factor: f64,
    /// The part of the first Fresnel zone that must be clear.
    pub clearance: f64,
    /// What trees and houses may add to the terrain's heights, metres.
    pub clutter_m: f64,
}

impl Wireless {
    /// The price class of a mast's own cost.
    pub fn mast_price(&self, existing: bool) -> &str {
        if existing { &self.mast_existing } else { &self.mast_new }
    }
}

impl Technologies {
    /// What 1 a year is worth today over all years, thousandths: Σ 1/(1 + r)ᵗ for t = 1 … years, rounded to the nearest.
    pub fn present_permille(&self) -> u32 {
        // Division alone, so that every machine has the same.
        let growth = 1.0 + self.discount_per_cent / 100.0;
        let (mut worth, mut sum) = (1.0, 0.0);
        for _ in 0..self.years {
            worth /= growth;
            sum += worth;
        }
        (sum * 1000.0 + 0.5) as u32
    }

    /// Service level of a technology, Mbit/s down.
    pub fn down_mbps(&self, technology: Technology) -> f64 {
        match technology {
            Technology::Fibre => self.fibre.down_mbps,
            Technology::Wireless => self.wireless.down_mbps,
            Technology::Satellite => self.satellite.down_mbps,
        }
    }

    /// Every price that is named, with the field that names it.
    pub fn prices(&self) -> [(&'static str, &str); 11] {
        let w = &self.wireless;
        [
            ("technologies.fibre.equipment", &self.fibre.equipment),
            ("technologies.fibre.running", &self.fibre.running),
            ("technologies.satellite.equipment", &self.satellite.equipment),
            ("technologies.satellite.running", &self.satellite.running),
            ("technologies.wireless.equipment", &w.equipment),
            ("technologies.wireless.running", &w.running),
            ("technologies.wireless.mast_new", &w.mast_new),
            ("technologies.wireless.mast_existing", &w.mast_existing),
            ("technologies.wireless.mast_running", &w.mast_running),
            ("technologies.wireless.sector", &w.sector),
            ("technologies.wireless.backhaul", &w.backhaul),
        ]
    }

    /// What is out of range.
    pub(crate) fn fault(&self) -> Option<Sentence> {
        let w = &self.wireless;
        let speed = |mbps: f64| mbps > 0.0 && mbps <= 1e6;
        let metres = |m: f64, most: f64| (0.0..=most).contains(&m);
        let highest_m = f64::from(Mast::HIGHEST_MM) / 1000.0;
        let checks = [
            ((1..=60).contains(&self.years), "technologies: years must be 1 to 60"),
            ((0.0..=50.0).contains(&self.discount_per_cent), "technologies: discount_per_cent must be 0 to 50"),
            (
                [self.fibre.down_mbps, self.satellite.down_mbps, w.down_mbps, w.sector_mbps].into_iter().all(speed),
                "technologies: speeds must be above 0 and at most 1,000,000 Mbit/s",
            ),
            (
                [w.frequency_mhz, w.backhaul_frequency_mhz].into_iter().all(|f| (100..=200_000).contains(&f)),
                "technologies: wireless: frequencies must be 100 to 200,000 MHz",
            ),
            (
                [w.range_m, w.backhaul_range_m].into_iter().all(|m| metres(m, 100_000.0)),
                "technologies: wireless: ranges must be 0 to 100,000 m",
            ),
            (metres(w.lead_max_m, 100_000.0), "technologies: wireless: lead_max_m must be 0 to 100,000"),
            (
                [w.mast_height_m, w.premises_height_m, w.clutter_m].into_iter().all(|m| metres(m, highest_m)),
                "technologies: wireless: heights must be 0 to 500 m",
            ),
            ((1..=Mast::MOST_SECTORS).contains(&w.sectors), "technologies: wireless: sectors must be 1 to 36"),
            ((1..=8).contains(&w.candidates), "technologies: wireless: candidates must be 1 to 8"),
            ((0.1..=100.0).contains(&w.earth_factor), "technologies: wireless: earth_factor must be 0.1 to 100"),
            ((0.0..=2.0).contains(&w.clearance), "technologies: wireless: clearance must be 0 to 2"),
        ];
        checks.into_iter().find(|(holds, _)| !holds).map(|(_, words)| words.into())
    }
}

/// What the mix of technologies comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MixSummary {
    /// Technologies, in the order of [`Technology::ALL`].
    pub technologies: Vec<TechnologySummary>,
    /// What all of them cost together, running included at its present value; major units.
    pub cost: f64,
    /// No mix of the same technologies costs less that serves the same premises, or more of them; major units.
    pub bound: f64,
    /// Proven gap: (cost − bound) / cost, a fraction rounded up to six decimals.
    pub gap: f64,
    /// Years whose running is counted, and the discount a year in per cent.
    pub horizon: (u32, f64),
    /// Masts in use.
    pub masts: Vec<MastSummary>,
}

/// A technology's part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TechnologySummary {
    /// Which.
    pub technology: Technology,
    /// Premises that it serves.
    pub premises: u64,
    /// Homes in them.
    pub homes: u64,
    /// Service level, Mbit/s down.
    pub down_mbps: f64,
    /// What it costs to build, major units. Fibre to a mast is the wireless technology's.
    pub capex: f64,
    /// What it costs to run in a year, major units.
    pub opex_a_year: f64,
    /// What its running is worth today, major units.
    pub opex_present: f64,
}

/// A mast in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MastSummary {
    /// External id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Longitude and latitude, degrees.
    pub place: [f64; 2],
    /// Whether it stands already.
    pub existing: bool,
    /// Antennas above the ground, metres.
    pub height_m: f64,
    /// Whether a radio link feeds it, and not a fibre.
    pub radio_fed: bool,
    /// Its sectors, the first from north to east.
    pub sectors: Vec<SectorLoad>,
}

/// A sector's load in the busy hour.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SectorLoad {
    /// Premises in it.
    pub premises: u64,
    /// Homes in it.
    pub homes: u64,
    /// Busy-hour load, Mbit/s.
    pub busy_mbps: f64,
    /// What it can be loaded with, Mbit/s.
    pub capacity_mbps: f64,
}

/// The mast of a network with all that a plan needs of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitedMast {
    /// The source's id, or `proposed/` and a number.
    pub external_id: String,
    /// Name.
    pub name: String,
    /// Where it stands.
    pub point: Point,
    /// Antennas above the ground, millimetres.
    pub height_mm: i32,
    /// Sectors.
    pub sectors: u32,
    /// Whether it stands already.
    pub existing: bool,
}

#[cfg(test)]
mod tests {
    use crate::CostBook;

    #[test]
    fn present_value_is_that_of_an_annuity() {
        let book = CostBook::example();
        let mut technologies = book.technologies().expect("the shipped book has them").clone();
        (technologies.years, technologies.discount_per_cent) = (15, 4.0);
        // (1 − 1.04⁻¹⁵) / 0.04 = 11.11839
        assert_eq!(technologies.present_permille(), 11_118);
        technologies.discount_per_cent = 0.0;
        assert_eq!(technologies.present_permille(), 15_000);
    }
}
