//! The report's page on support: who is eligible, which areas are taken whole, and who pays what.

use breiband_messages::{decimal, shipped};
use breiband_model::{Eligibility, Funding, Money, Support, SupportArea, SupportMunicipality, SupportScheme};

use super::{Report, table};
use crate::html::escape;

/// Areas that are listed, those with most to pay first; all are in the table beside the report.
const MOST_AREAS: usize = 15;

/// What of a scheme's outcome the public is not told.
struct HiddenSupport {
    /// One a municipality.
    municipalities: Vec<bool>,
    /// One an area.
    areas: Vec<bool>,
    /// Even the sum of all.
    total: bool,
}

impl Report<'_> {
    pub(super) fn support(&self) -> String {
        let (Some(support), Some(scheme)) = (&self.programme.support, &self.drawn.view.scenario.support) else {
            return String::new();
        };
        let hidden = self.hidden_support(support);
        let mut out = if hidden.total { String::new() } else { self.support_main(&support.total) };
        out += &self.rules(scheme);
        out += &self.who(support);
        out += &self.by_municipality(support, &hidden);
        out += &self.by_area(support, &hidden);
        self.section("support_title", &out)
    }

    fn support_main(&self, total: &Funding) -> String {
        let amounts = [total.cost, total.support, total.own, total.gap].map(|amount| self.money(amount));
        let counts = [total.eligible, total.reached].map(|count| self.count(count));
        let main = [
            ("eligible", counts[0].as_str()),
            ("reached", &counts[1]),
            ("cost", &amounts[0]),
            ("support", &amounts[1]),
            ("own", &amounts[2]),
            ("gap", &amounts[3]),
        ];
        self.paragraph("support_main", &main)
    }

    fn rules(&self, scheme: &SupportScheme) -> String {
        let amount = |major: Option<f64>| major.and_then(Money::from_major).map(|amount| self.money(amount));
        let speed = |mbps: f64| decimal(self.language, mbps, 0);
        let part = |per_cent: f64| decimal(self.language, per_cent, if per_cent.fract() == 0.0 { 0 } else { 1 });
        let (below, delivers) = (speed(scheme.below_mbps), speed(scheme.delivers_mbps));
        let (most, own) = (part(scheme.per_cent), part(scheme.own_per_cent));
        let name = shipped(self.language, &scheme.name);
        let args =
            [("name", name.as_str()), ("below", &below), ("delivers", &delivers), ("most", &most), ("own", &own)];
        let mut words = vec![self.say("support_rules", &args)];
        if scheme.whole {
            words.push(self.say("support_whole", &[]));
        }
        if let Some(each) = amount(scheme.most_per_premises) {
            words.push(self.say("support_each", &[("each", &each)]));
        }
        if let Some(cap) = amount(scheme.yearly_cap) {
            words.push(self.say("support_cap", &[("cap", &cap)]));
        }
        words.push(self.say("support_source", &[("source", &shipped(self.language, &scheme.source))]));
        format!("<p>{}</p>", escape(&words.join(" ")))
    }

    fn who(&self, support: &Support) -> String {
        let shown: Vec<_> =
            Eligibility::ALL.into_iter().filter_map(|one| Some((one, *support.counts.get(&one)?))).collect();
        // How many premises there are in all is no secret.
        let counts: Vec<Vec<u64>> = shown.iter().map(|(_, count)| vec![*count]).collect();
        let hidden = self.hidden(&counts, &[(0..shown.len()).collect()], &[]).rows;
        let rows: Vec<Vec<String>> = shown
            .iter()
            .zip(hidden)
            .map(|((one, count), few)| {
                let name = self.say(&format!("eligibility_{}", one.name()), &[]);
                vec![name, self.told(few, || self.count(*count))]
            })
            .collect();
        let head: Vec<String> = ["eligibility", "premises"].map(|key| self.say(key, &[])).into();
        let assumed = match support.assumed {
            0 => String::new(),
            count if self.is_few(count) => String::new(),
            count => self.paragraph("support_assumed", &[("count", &self.count(count))]),
        };
        format!("<div class=\"narrow\">{}</div>{assumed}", table("", &head, &rows, None))
    }

    /// Of which municipalities and areas the sums are of so few addresses that the public is not told them, or give those away:
    /// areas add up to municipalities, and municipalities to all.
    fn hidden_support(&self, support: &Support) -> HiddenSupport {
        let counts = |f: &Funding| vec![f.eligible, f.reached, f.eligible - f.reached];
        let places: Vec<Vec<u64>> = support.municipalities.iter().map(|m| counts(&m.funding)).collect();
        let all = |rows: usize| (0..rows).collect::<Vec<_>>();
        let by_place = self.hidden(&places, &[all(places.len())], &[]);
        let lies_in = |area: &SupportArea, at: usize| area.municipalities.contains(&support.municipalities[at].name);
        let told = (0..places.len()).filter(|&at| !by_place.rows[at]);
        let mut groups: Vec<Vec<usize>> = told
            .map(|at| all(support.areas.len()).into_iter().filter(|&a| lies_in(&support.areas[a], at)).collect())
            .collect();
        groups.push(all(support.areas.len()));
        let before: Vec<bool> = (support.areas.iter())
            .map(|area| (0..places.len()).any(|at| by_place.rows[at] && lies_in(area, at)))
            .collect();
        let areas: Vec<Vec<u64>> = support.areas.iter().map(|area| counts(&area.funding)).collect();
        let by_area = self.hidden(&areas, &groups, &before);
        HiddenSupport { municipalities: by_place.rows, areas: by_area.rows, total: by_place.totals == [true] }
    }

    /// A row's sums, where they are told.
    fn sums(&self, funding: &Funding, hidden: bool) -> Vec<String> {
        let counts = [funding.eligible, funding.reached].map(|count| self.told(hidden, || self.count(count)));
        let amounts = [funding.cost, funding.support, funding.own, funding.gap];
        counts.into_iter().chain(amounts.map(|amount| self.told(hidden, || self.minor(amount)))).collect()
    }

    fn funding_head(&self, first: &[&str]) -> Vec<String> {
        let sums = ["eligible", "reached", "cost", "support_paid", "own_share", "gap"];
        first.iter().chain(&sums).map(|key| self.say(key, &[])).collect()
    }

    fn by_municipality(&self, support: &Support, hidden: &HiddenSupport) -> String {
        // What is built for those without support is told where they are many, and so is the sum of both, which is above.
        let others = |m: &SupportMunicipality| {
            let member = self.programme.members.iter().position(|one| one.code == m.code);
            member.is_some_and(|member| self.untold.members[member])
        };
        let row = |(m, &few): (&SupportMunicipality, &bool)| {
            let name = if m.name.is_empty() { self.say("outside", &[]) } else { m.name.clone() };
            let other = self.told(few || others(m), || self.minor(m.unsupported));
            std::iter::once(name).chain(self.sums(&m.funding, few)).chain([other]).collect()
        };
        let rows: Vec<Vec<String>> = support.municipalities.iter().zip(&hidden.municipalities).map(row).collect();
        let mut head = self.funding_head(&["municipality"]);
        head.push(self.say("not_eligible_cost", &[]));
        let mut sum = vec![self.say("together", &[])];
        sum.extend(self.sums(&support.total, hidden.total));
        sum.push(self.told(hidden.total, || self.minor(support.unsupported)));
        let capped = match support.capped {
            Money::ZERO => String::new(),
            amount => self.paragraph("support_capped", &[("amount", &self.money(amount))]),
        };
        format!("{}{}{capped}", self.paragraph("support_text", &[]), table("", &head, &rows, Some(sum)))
    }

    fn by_area(&self, support: &Support, hidden: &HiddenSupport) -> String {
        let mut areas: Vec<(&SupportArea, bool)> = support.areas.iter().zip(hidden.areas.iter().copied()).collect();
        // The order would tell where a hidden cost lies: those are last, by name.
        areas.sort_by_key(|(area, few)| (*few, std::cmp::Reverse(if *few { Money::ZERO } else { area.funding.cost })));
        let state = |area: &SupportArea| match (area.whole, area.funding.reached) {
            (true, _) => self.say("area_whole", &[]),
            (false, 0) => self.say("area_none", &[]),
            (false, _) => self.say("area_part", &[]),
        };
        let row = |(area, few): &(&SupportArea, bool)| {
            [area.name.clone(), state(area)].into_iter().chain(self.sums(&area.funding, *few)).collect()
        };
        let rows: Vec<Vec<String>> = areas.iter().take(MOST_AREAS).map(row).collect();
        let more = self.rest("more_areas", areas.len().saturating_sub(MOST_AREAS));
        let title = escape(&self.say("areas_title", &[]));
        let mut words = self.with_files("areas_text", "areas_files", &[]);
        let by_trunk =
            |(area, few): &(&SupportArea, bool)| !few && area.funding.reached == 0 && area.funding.cost > Money::ZERO;
        if areas.iter().take(MOST_AREAS).any(by_trunk) {
            words += &self.paragraph("areas_trunk", &[]);
        }
        format!("<h3>{title}</h3>{words}{}{more}", table("t2", &self.funding_head(&["area", "built_as"]), &rows, None))
    }
}
