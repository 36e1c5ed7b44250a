//! The demand policy: what homes and public sites ask of the network, which equipment there is, and what counts in choosing the
//! server room's host. A file like the cost book: dated, with its source. And what comes of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{EdgeId, Money, Phase, Premises, PremisesKind, PublicSite, Region, Sentence, SiteKind};

/// A demand policy as it stands in its file: what homes and public sites ask of the network, which equipment there is, and what
/// counts in choosing the server room's host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Name, shown in every output.
    pub name: String,
    /// Date of the figures, `yyyy-mm-dd`.
    pub date: String,
    /// Where they come from.
    pub source: String,
    /// Per cent of its capacity that a link is used to before it counts as full.
    pub fill_per_cent: f64,
    /// Years from the first budget that links are looked at.
    pub horizon: u16,
    /// Homes.
    pub homes: HomeDemand,
    /// Public sites by kind; kinds that are not listed ask for nothing.
    #[serde(rename = "site", default)]
    pub sites: Vec<SiteDemand>,
    /// Equipment, the smallest first.
    pub equipment: Vec<Equipment>,
    /// The shared server room.
    pub server_room: HostPolicy,
}

/// What homes ask for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeDemand {
    /// Customers among the homes behind a link, per cent.
    pub take_per_cent: f64,
    /// Average of a customer in the busy hour, Mbit/s.
    pub busy_mbps: f64,
    /// The fastest subscription, Mbit/s.
    pub peak_mbps: f64,
    /// Growth of all demand, per cent a year.
    pub growth_per_cent: f64,
}

/// What a kind of site asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteDemand {
    /// Kind.
    pub kind: SiteKind,
    /// Pupils, staff, beds of a site that says nothing else.
    pub heads: u32,
    /// Average of each in the busy hour, Mbit/s.
    pub busy_mbps_per_head: f64,
    /// Guests on the Wi-Fi.
    #[serde(default)]
    pub guests: u32,
    /// Average of each in the busy hour, Mbit/s.
    #[serde(default)]
    pub busy_mbps_per_guest: f64,
    /// The service that makes it ready, Mbit/s down.
    pub needs_mbps: f64,
    /// Whether it needs Feide (the login of Norwegian education), and so the way to the server room.
    #[serde(default)]
    pub feide: bool,
}

/// Equipment at the ends of a link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equipment {
    /// Name.
    pub name: String,
    /// Capacity, Mbit/s.
    pub mbps: f64,
}

/// What counts in choosing the server room's host, in major units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostPolicy {
    /// Kinds of sites that may be its host, besides the handovers.
    pub kinds: Vec<SiteKind>,
    /// What a kilometre of the average way from the sites is held to be worth.
    pub per_km: f64,
    /// What a site is held to be worth that the worst single failure cuts off.
    pub per_site_cut: f64,
}

/// Why a policy cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Not TOML, or fields of the wrong type.
    #[error("the policy is not readable: {0}")]
    Syntax(String),
    /// A value out of range.
    #[error("the policy's {0}")]
    Value(Sentence),
}

impl PolicyError {
    /// The line, from 1, in the text that the policy was read from; a fault of syntax says its own.
    pub fn line(&self, text: &str) -> Option<usize> {
        let Self::Value(fault) = self else { return None };
        // It begins with the way to the value: `site[2]: …`, `homes: busy_mbps …`.
        let fault = fault.to_string();
        let mut words = fault.split([' ', ':', '[', ']']).filter(|word| !word.is_empty());
        let keys: Vec<&str> = words.by_ref().take(2).collect();
        crate::line_in_toml(text, &keys)
    }
}

impl Policy {
    /// The policy that ships with Breiband: general knowledge, uncalibrated.
    pub fn example() -> Self {
        match Self::parse(EXAMPLE) {
            Ok(policy) => policy,
            Err(error) => unreachable!("the shipped policy is checked by a test: {error}"),
        }
    }

    /// The text of [`Policy::example`], to copy and change.
    pub fn example_text() -> &'static str {
        EXAMPLE
    }

    /// Reads and checks a policy in TOML.
    ///
    /// # Errors
    /// The first fault, with its field; of syntax, with its line.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let policy: Self = toml::from_str(text).map_err(|e| PolicyError::Syntax(crate::in_words(&e.to_string())))?;
        let fault = |sentence: Sentence| Err(PolicyError::Value(sentence));
        let per_cent = |x: f64| (0.0..=100.0).contains(&x);
        let speed = |x: f64| (0.0..=1e9).contains(&x);
        if !crate::scenario::is_date(&policy.date) {
            return fault("date must be a day that there was, written yyyy-mm-dd".into());
        }
        if !(policy.fill_per_cent > 0.0 && per_cent(policy.fill_per_cent)) {
            return fault("fill_per_cent must lie above 0 and not over 100".into());
        }
        if !(1..=60).contains(&policy.horizon) {
            return fault("horizon must be 1 to 60 years".into());
        }
        let homes = policy.homes;
        if !(per_cent(homes.take_per_cent) && per_cent(homes.growth_per_cent)) {
            return fault("homes: take_per_cent and growth_per_cent must be 0 to 100".into());
        }
        if !(speed(homes.busy_mbps) && speed(homes.peak_mbps)) {
            return fault("homes: busy_mbps and peak_mbps must be 0 to 1,000,000,000".into());
        }
        for (at, site) in policy.sites.iter().enumerate() {
            let of_site = |words| fault(Sentence::with(words, [("n", (at + 1).to_string())]));
            if ![site.busy_mbps_per_head, site.busy_mbps_per_guest, site.needs_mbps].into_iter().all(speed) {
                return of_site("site[{n}]: speeds must be 0 to 1,000,000,000 Mbit/s");
            }
            if policy.sites[..at].iter().any(|other| other.kind == site.kind) {
                return of_site("site[{n}]: its kind is there twice");
            }
        }
        if policy.equipment.is_empty() || policy.equipment.windows(2).any(|pair| pair[0].mbps >= pair[1].mbps) {
            return fault("equipment must be listed, the smallest first, no two of one capacity".into());
        }
        if policy.equipment.iter().any(|one| !(one.mbps > 0.0 && speed(one.mbps))) {
            return fault("equipment: mbps must lie above 0 and not over 1,000,000,000".into());
        }
        let room = &policy.server_room;
        if ![room.per_km, room.per_site_cut].iter().all(|&x| Money::from_major(x).is_some()) {
            return fault("server_room: amounts must be 0 or more".into());
        }
        Ok(policy)
    }

    /// What a kind of site asks for.
    pub fn site(&self, kind: SiteKind) -> Option<&SiteDemand> {
        self.sites.iter().find(|site| site.kind == kind)
    }

    /// Heads of a site, and whether they are the policy's assumption; `said` are those of the scenario, by the site's id.
    pub fn heads(&self, site: &PublicSite, said: &BTreeMap<String, u32>) -> (u32, bool) {
        match said.get(&site.external_id) {
            Some(&heads) => (heads, false),
            None => (self.site(site.kind).map_or(0, |demand| demand.heads), true),
        }
    }

    /// What the homes of a premises ask for; nothing of an outbuilding, nor of a public site's house.
    pub fn home_busy(&self, premises: &Premises) -> BusyHour {
        let homes = match premises.kind {
            PremisesKind::Outbuilding | PremisesKind::Public => 0,
            _ => u64::from(premises.households),
        };
        BusyHour {
            homes,
            sites: 0,
            busy_mbps: homes as f64 * self.homes.take_per_cent / 100.0 * self.homes.busy_mbps,
            peak_mbps: if homes > 0 { self.homes.peak_mbps } else { 0.0 },
        }
    }

    /// What a public site asks for with its heads; nothing where the policy does not know its kind.
    pub fn site_busy(&self, kind: SiteKind, heads: u32) -> BusyHour {
        self.site(kind).map_or_else(BusyHour::default, |demand| BusyHour {
            homes: 0,
            sites: 1,
            busy_mbps: f64::from(heads) * demand.busy_mbps_per_head
                + f64::from(demand.guests) * demand.busy_mbps_per_guest,
            peak_mbps: demand.needs_mbps,
        })
    }

    /// What each premises of a region asks for, the public sites in it included; `heads` are the scenario's, by the site's id.
    pub fn busy_hours(&self, region: &Region, heads: &BTreeMap<String, u32>) -> Vec<BusyHour> {
        let mut hours: Vec<BusyHour> = region.premises.iter().map(|premises| self.home_busy(premises)).collect();
        for site in &region.sites {
            if let Some(id) = site.premises {
                hours[id.index()].add(self.site_busy(site.kind, self.heads(site, heads).0));
            }
        }
        hours
    }
}

/// What somebody asks for in the busy hour of the first year.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BusyHour {
    /// Homes.
    pub homes: u64,
    /// Public sites that the policy knows.
    pub sites: u64,
    /// Average of all of them together, Mbit/s.
    pub busy_mbps: f64,
    /// The fastest single user, Mbit/s.
    pub peak_mbps: f64,
}

impl BusyHour {
    /// Together with others.
    pub fn add(&mut self, other: Self) {
        self.homes += other.homes;
        self.sites += other.sites;
        self.busy_mbps += other.busy_mbps;
        self.peak_mbps = self.peak_mbps.max(other.peak_mbps);
    }

    /// What they load a link or a sector with, Mbit/s: the average of all, and one at full speed besides; nothing where there
    /// is nobody.
    pub fn load_mbps(&self) -> f64 {
        if self.homes + self.sites == 0 { 0.0 } else { self.busy_mbps + self.peak_mbps }
    }
}

/// A public site in the programme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SiteService {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: SiteKind,
    /// Name of its municipality, or empty.
    pub municipality: String,
    /// Heads, and whether they are the policy's assumption.
    pub heads: (u32, bool),
    /// Average in the busy hour of the first year, Mbit/s.
    pub busy_mbps: f64,
    /// What makes it ready, Mbit/s.
    pub needs_mbps: f64,
    /// What it has today, where that is known.
    pub today_mbps: Option<f64>,
    /// When it has what it needs: built is today.
    pub ready: Phase,
    /// When it reaches Feide by a way to the server room; `None` where it needs none, or there is no server room.
    pub feide: Option<Phase>,
}

/// The load of a link in the tree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkLoad {
    /// A handover's name, or the number of a lot in the order of building.
    pub name: String,
    /// Whether it is a handover.
    pub handover: bool,
    /// Homes behind it.
    pub homes: u64,
    /// Public sites behind it.
    pub sites: u64,
    /// Busy-hour load in the first year and in the last that is looked at, Mbit/s.
    pub load_mbps: [f64; 2],
    /// The smallest equipment that carries the first year; `None`: more than the largest.
    pub equipment: Option<String>,
    /// The year in which that is full; `None`: not within the horizon.
    pub fills: Option<u16>,
    /// The smallest equipment that lasts to the end.
    pub lasting: Option<String>,
}

/// A place for the shared server room.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Host {
    /// Id of the site or handover.
    pub id: String,
    /// Name.
    pub name: String,
    /// What reaching the nearest handover costs beyond what the plan builds.
    pub backbone: Money,
    /// What a second path costs that shares no stretch with the first and leads to another handover, if there are several;
    /// `None`: there is none.
    pub second_path: Option<Money>,
    /// Average way from the public sites along the candidates, metres.
    pub mean_metres: f64,
    /// Public sites that the worst single failure cuts off from it, were everything built.
    pub cut: u64,
    /// The sum that is compared, major units.
    pub score: f64,
}

/// Public sites, links and the server room, by a policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Services {
    /// Policy: name, date and source.
    pub policy: [String; 3],
    /// The first year and the last one that is looked at.
    pub years: [u16; 2],
    /// Public sites that the policy knows, in the region's order.
    pub sites: Vec<SiteService>,
    /// Links: handovers, then lots.
    pub links: Vec<LinkLoad>,
    /// Hosts, the best first.
    pub hosts: Vec<Host>,
    /// Equipment, the smallest first.
    pub equipment: Vec<String>,
    /// The load of every stretch that is built, by its edge; the name is empty.
    #[serde(skip)]
    pub stretches: BTreeMap<EdgeId, LinkLoad>,
}

const EXAMPLE: &str = include_str!("../policies/norway-example.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_policy_is_sound_and_faults_are_named() {
        let policy = Policy::example();
        assert!(policy.source.contains("uncalibrated") && policy.site(SiteKind::School).is_some_and(|s| s.feide));
        let refused = |from: &str, to: &str| {
            let text = EXAMPLE.replacen(from, to, 1);
            assert_ne!(text, EXAMPLE);
            Policy::parse(&text).expect_err(to).to_string()
        };
        assert!(refused("fill_per_cent = 70", "fill_per_cent = 0").contains("fill_per_cent"));
        assert!(refused("kind = \"kindergarten\"", "kind = \"school\"").contains("site[2]"));
        assert!(refused("name = \"10G\"\nmbps = 10000", "name = \"10G\"\nmbps = 10").contains("smallest first"));
        assert!(refused("horizon = 15", "horizon = many").contains("line 6"));
        let line = |from: &str, to: &str| {
            let text = EXAMPLE.replacen(from, to, 1);
            let begins = text[..text.find(to).expect("it is there")].matches('\n').count() + 1;
            (Policy::parse(&text).expect_err(to).line(&text), begins)
        };
        let (found, line_of_value) = line("fill_per_cent = 70", "fill_per_cent = 0");
        assert_eq!(found, Some(line_of_value));
        let (found, line_of_value) = line("busy_mbps = 3.0", "busy_mbps = nan");
        assert_eq!(found, Some(line_of_value));
        assert!(refused("feide = true", "fede = true").contains("fede"));
        assert!(refused("date = \"2026-01-01\"", "date = \"2026-02-30\"").contains("date must be a day"));
    }
}
