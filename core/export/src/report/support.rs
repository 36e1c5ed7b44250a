//! The report's page on support: who is eligible, which areas are taken whole, and who pays what.

use breiband_messages::decimal;
use breiband_model::{Eligibility, Funding, Money, Support, SupportArea, SupportScheme};

use super::{Report, table};
use crate::html::escape;

/// Areas that are listed, those with most to pay first; all are in the table beside the report.
const MOST_AREAS: usize = 20;

impl Report<'_> {
    pub(super) fn support(&self) -> String {
        let (Some(support), Some(scheme)) = (&self.programme.support, &self.drawn.view.scenario.support) else {
            return String::new();
        };
        let main = Some(support.total).filter(|total| !self.hides(total));
        let mut out = main.map(|total| self.support_main(&total)).unwrap_or_default();
        out += &self.rules(scheme);
        out += &self.who(support);
        out += &self.by_municipality(support);
        out += &self.by_area(support);
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
        let args = [
            ("name", scheme.name.as_str()),
            ("below", &below),
            ("delivers", &delivers),
            ("most", &most),
            ("own", &own),
        ];
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
        words.push(self.say("support_source", &[("source", &scheme.source)]));
        format!("<p>{}</p>", escape(&words.join(" ")))
    }

    fn who(&self, support: &Support) -> String {
        let shown = Eligibility::ALL.into_iter().filter_map(|one| Some((one, *support.counts.get(&one)?)));
        let rows: Vec<Vec<String>> = shown
            .map(|(one, count)| {
                let hidden = self.public && count < self.settings.public_least;
                vec![
                    self.say(&format!("eligibility_{}", one.name()), &[]),
                    if hidden { self.few() } else { self.count(count) },
                ]
            })
            .collect();
        let head: Vec<String> = ["eligibility", "premises"].map(|key| self.say(key, &[])).into();
        let assumed = match support.assumed {
            0 => String::new(),
            count => self.paragraph("support_assumed", &[("count", &self.count(count))]),
        };
        format!("<div class=\"narrow\">{}</div>{assumed}", table("", &head, &rows, None))
    }

    /// Whether the sums are of so few addresses that the public is not told them.
    fn hides(&self, funding: &Funding) -> bool {
        let least = self.settings.public_least;
        self.public && (funding.eligible < least || (1..least).contains(&funding.reached))
    }

    /// A row's sums; of few addresses, in public, only that they are few. The money is that of those who are reached.
    fn sums(&self, funding: &Funding) -> Vec<String> {
        if self.hides(funding) {
            let is_few = funding.eligible < self.settings.public_least;
            let counts =
                if is_few { [self.few(), "–".to_owned()] } else { [self.count(funding.eligible), self.few()] };
            return counts.into_iter().chain((0..4).map(|_| "–".to_owned())).collect();
        }
        let counts = [funding.eligible, funding.reached].map(|count| self.count(count));
        let amounts = [funding.cost, funding.support, funding.own, funding.gap].map(|amount| self.minor(amount));
        counts.into_iter().chain(amounts).collect()
    }

    fn funding_head(&self, first: &[&str]) -> Vec<String> {
        let sums = ["eligible", "reached", "cost", "support_paid", "own_share", "gap"];
        first.iter().chain(&sums).map(|key| self.say(key, &[])).collect()
    }

    fn by_municipality(&self, support: &Support) -> String {
        let row = |m: &breiband_model::SupportMunicipality| {
            let name = if m.name.is_empty() { self.say("outside", &[]) } else { m.name.clone() };
            let other = if self.hides(&m.funding) { "–".to_owned() } else { self.minor(m.unsupported) };
            std::iter::once(name).chain(self.sums(&m.funding)).chain([other]).collect()
        };
        let rows: Vec<Vec<String>> = support.municipalities.iter().map(row).collect();
        let mut head = self.funding_head(&["municipality"]);
        head.push(self.say("not_eligible_cost", &[]));
        let mut sum = vec![self.say("together", &[])];
        sum.extend(self.sums(&support.total));
        sum.push(self.minor(support.unsupported));
        let capped = match support.capped {
            Money::ZERO => String::new(),
            amount => self.paragraph("support_capped", &[("amount", &self.money(amount))]),
        };
        format!("{}{}{capped}", self.paragraph("support_text", &[]), table("", &head, &rows, Some(sum)))
    }

    fn by_area(&self, support: &Support) -> String {
        let mut areas: Vec<&SupportArea> = support.areas.iter().collect();
        areas.sort_by_key(|area| std::cmp::Reverse(area.funding.cost));
        let state = |area: &SupportArea| match (area.whole, area.funding.reached) {
            (true, _) => self.say("area_whole", &[]),
            (false, 0) => self.say("area_none", &[]),
            (false, _) => self.say("area_part", &[]),
        };
        let row = |area: &&SupportArea| {
            [area.name.clone(), state(area)].into_iter().chain(self.sums(&area.funding)).collect()
        };
        let rows: Vec<Vec<String>> = areas.iter().take(MOST_AREAS).map(row).collect();
        let more = match areas.len().saturating_sub(MOST_AREAS) {
            0 => String::new(),
            rest => self.paragraph("more_areas", &[("count", &self.count(rest as u64))]),
        };
        let title = escape(&self.say("areas_title", &[]));
        let words = self.paragraph("areas_text", &[]);
        format!("<h3>{title}</h3>{words}{}{more}", table("t2", &self.funding_head(&["area", "built_as"]), &rows, None))
    }
}
