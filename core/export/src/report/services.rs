//! The report's pages on public sites, the load of links, and the shared server room.

use breiband_messages::{date, decimal, length, shipped, text};
use breiband_model::{Host, LinkLoad, Phase, Services, SiteService};

use super::{Report, table};
use crate::html::escape;
use crate::view::name_of;

/// Links and hosts that are listed; all are in the tables beside the report.
const MOST_LINKS: usize = 10;
const MOST_HOSTS: usize = 5;

impl Report<'_> {
    pub(super) fn services(&self) -> String {
        let Some(services) = &self.programme.services else { return String::new() };
        let [name, day, source] = &services.policy;
        let day = date(self.language, day);
        let [name, source] = [name, source].map(|text| shipped(self.language, text));
        let policy = [("name", name.as_str()), ("date", &day), ("source", &source)];
        let mut out = self.paragraph("services_text", &policy);
        out += &self.sites(services);
        out += &self.links(services);
        // Ways to nobody tell no place from another.
        if !services.sites.is_empty() {
            out += &self.hosts(&services.hosts);
        }
        self.section("services_title", &out)
    }

    fn when(&self, phase: Phase) -> String {
        match phase {
            Phase::Built => self.say("ready_today", &[]),
            Phase::NotPlanned => self.say("ready_never", &[]),
            phase => self.phase_name(phase),
        }
    }

    fn sites(&self, services: &Services) -> String {
        if services.sites.is_empty() {
            return String::new();
        }
        let years: Vec<u16> = self.programme.years.iter().map(|y| y.year).collect();
        let schools: Vec<&SiteService> = services.sites.iter().filter(|s| s.feide.is_some()).collect();
        let by = |year: Option<u16>, of: &dyn Fn(&SiteService) -> Option<Phase>, all: &[&SiteService]| {
            let there = |phase: Phase| phase == Phase::Built || phase.by(year);
            self.count(all.iter().filter(|s| of(s).is_some_and(there)).count() as u64)
        };
        let every: Vec<&SiteService> = services.sites.iter().collect();
        let mut head = vec![self.say("at_end_of", &[])];
        head.push(self.say("sites_ready", &[("of", &self.count(every.len() as u64))]));
        if !schools.is_empty() {
            head.push(self.say("schools_feide", &[("of", &self.count(schools.len() as u64))]));
        }
        let row = |year: Option<u16>| {
            let mut row = vec![year.map_or_else(|| self.say("today", &[]), |year| year.to_string())];
            row.push(by(year, &|s| Some(s.ready), &every));
            if !schools.is_empty() {
                row.push(by(year, &|s| s.feide, &schools));
            }
            row
        };
        let rows: Vec<Vec<String>> = std::iter::once(None).chain(years.into_iter().map(Some)).map(row).collect();
        let by_year = table("wide-first", &head, &rows, None);
        let mut head: Vec<String> =
            ["site", "municipality", "needs", "has_today", "ready"].map(|key| self.say(key, &[])).into();
        head.extend((!schools.is_empty()).then(|| self.say("feide", &[])));
        let speed = |mbps: f64| decimal(self.language, mbps, 0);
        let row = |s: &SiteService| {
            let kind = text(self.language, &format!("value.{}", name_of(s.kind)), &[]);
            let name = if s.name.is_empty() { s.id.clone() } else { s.name.clone() };
            let mut row = vec![
                format!("{name} ({kind})"),
                s.municipality.clone(),
                speed(s.needs_mbps),
                s.today_mbps.map_or_else(|| "–".to_owned(), speed),
                self.when(s.ready),
            ];
            row.extend((!schools.is_empty()).then(|| s.feide.map_or_else(String::new, |phase| self.when(phase))));
            row
        };
        let later = |s: &&SiteService| s.ready != Phase::Built || s.feide.is_some_and(|phase| phase != Phase::Built);
        let rows: Vec<Vec<String>> = services.sites.iter().filter(later).map(row).collect();
        if rows.is_empty() {
            return format!(
                "<div class=\"narrow\">{by_year}</div>{}",
                self.with_files("sites_all_today", "sites_files", &[])
            );
        }
        let [others, all] = [services.sites.len() - rows.len(), services.sites.len()].map(|n| self.count(n as u64));
        let mut words = self.with_files("sites_later", "sites_files", &[("count", &others), ("of", &all)]);
        if services.sites.iter().any(|site| site.ready == Phase::NotPlanned) {
            let threshold = speed(self.drawn.view.scenario.goal.threshold_mbps());
            words += &self.paragraph("sites_not_planned", &[("threshold", &threshold)]);
        }
        format!("<div class=\"narrow\">{by_year}</div>{words}{}", table("t2 t5 t6", &head, &rows, None))
    }

    fn links(&self, services: &Services) -> String {
        let last = services.years[1].to_string();
        let mut links: Vec<&LinkLoad> = services.links.iter().collect();
        links.sort_by(|a, b| b.handover.cmp(&a.handover).then_with(|| b.load_mbps[0].total_cmp(&a.load_mbps[0])));
        let head: Vec<String> = [
            self.say("link", &[]),
            self.say("homes_behind", &[]),
            self.say("sites_behind", &[]),
            self.say("load_first", &[("year", &services.years[0].to_string())]),
            self.say("equipment", &[]),
            self.say("fills", &[]),
            self.say("load_last", &[("year", &last)]),
            self.say("lasting", &[]),
        ]
        .into();
        let speed = |mbps: f64| decimal(self.language, mbps, 0);
        // A lot's homes less those of the lots that hang on it would be its own: the public is told handovers alone.
        links.retain(|link| !self.public || link.handover);
        let counts: Vec<Vec<u64>> = links.iter().map(|link| vec![link.homes]).collect();
        let hidden = self.hidden(&counts, &[(0..links.len()).collect()], &[]).rows;
        let row = |(link, few): (&&LinkLoad, bool)| {
            let beyond = || self.say("beyond_largest", &[]);
            vec![
                if link.handover { link.name.clone() } else { self.say("lot_number", &[("number", &link.name)]) },
                self.told(few, || self.count(link.homes)),
                self.count(link.sites),
                self.told(few, || speed(link.load_mbps[0])),
                link.equipment.clone().unwrap_or_else(beyond),
                link.fills.map_or_else(|| "–".to_owned(), |year| year.to_string()),
                self.told(few, || speed(link.load_mbps[1])),
                link.lasting.clone().unwrap_or_else(beyond),
            ]
        };
        let rows: Vec<Vec<String>> = links.iter().zip(hidden).take(MOST_LINKS).map(row).collect();
        let title = escape(&self.say("links_title", &[]));
        let words = self.with_files("links_text", "links_lots", &[]);
        format!("<h3>{title}</h3>{words}{}", table("t5 t8", &head, &rows, None))
    }

    fn hosts(&self, hosts: &[Host]) -> String {
        let Some(best) = hosts.first() else { return String::new() };
        let second =
            |host: &Host| host.second_path.map_or_else(|| self.say("no_second_path", &[]), |cost| self.money(cost));
        let way = |host: &Host| length(self.language, host.mean_metres);
        let args = [best.name.clone(), second(best), way(best), self.count(best.cut), self.money(best.backbone)];
        let named = [
            ("name", args[0].as_str()),
            ("second", &args[1]),
            ("way", &args[2]),
            ("cut", &args[3]),
            ("first", &args[4]),
        ];
        let head: Vec<String> =
            ["host", "first_path", "second_path", "mean_way", "cut", "score"].map(|key| self.say(key, &[])).into();
        let row = |host: &Host| {
            let score = decimal(self.language, host.score, 0);
            vec![host.name.clone(), self.money(host.backbone), second(host), way(host), self.count(host.cut), score]
        };
        let rows: Vec<Vec<String>> = hosts.iter().take(MOST_HOSTS).map(row).collect();
        let title = escape(&self.say("hosts_title", &[]));
        let text = if best.second_path.is_some() { "hosts_text" } else { "hosts_lone" };
        format!("<h3>{title}</h3>{}{}", self.paragraph(text, &named), table("", &head, &rows, None))
    }
}
