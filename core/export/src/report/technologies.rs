//! The report's page on who gets what: premises by technology and the speed that each delivers, where the plan mixes them.

use breiband_messages::{decimal, text};
use breiband_model::{Phase, Status, Technology, TechnologySummary};

use super::{Report, table};
use crate::html::escape;

impl Report<'_> {
    /// The technologies that serve anybody; none where the plan is of fibre alone.
    fn in_use(&self) -> Vec<&TechnologySummary> {
        let mix = self.drawn.view.summary.mix.iter();
        mix.flat_map(|mix| &mix.technologies).filter(|one| one.premises > 0).collect()
    }

    /// Premises of a technology: in the plan, and of them connected in the programme's years.
    fn counts(&self, technology: Technology) -> [u64; 2] {
        let outcomes = self.drawn.view.route.outcomes.iter().zip(&self.programme.premises);
        let own = outcomes.filter(|(outcome, _)| outcome.technology == Some(technology));
        own.fold([0, 0], |[all, done], (outcome, row)| {
            let is_done = outcome.status == Status::Connected && row.connected && matches!(row.phase, Phase::Year(_));
            [all + 1, done + u64::from(is_done)]
        })
    }

    /// What a technology delivers, Mbit/s: in what is built no more than the programme says.
    fn down_mbps(&self, one: &TechnologySummary) -> f64 {
        let built = self.settings.delivers_mbps;
        match one.technology {
            Technology::Fibre => built,
            Technology::Wireless => one.down_mbps.min(built),
            Technology::Satellite => one.down_mbps,
        }
    }

    /// Something by a technology: "70 by fibre".
    fn by(&self, technology: Technology, what: &str) -> String {
        self.say(&format!("by_{}", technology.name()), &[("what", what)])
    }

    /// How many of the premises that the years connect get which technology, to end the headline with; empty for fibre alone.
    /// Where that would tell of a few, the technologies only.
    pub(super) fn connected_by(&self) -> String {
        let built = self.in_use().into_iter().map(|one| one.technology);
        let built = built.map(|one| (one, self.counts(one)[1])).filter(|(_, count)| *count > 0);
        let built: Vec<_> = built.collect();
        let few = built.iter().any(|(_, count)| self.is_few(*count));
        let said = built.into_iter().map(|(one, count)| match few {
            true => text(self.language, &format!("technology.{}", one.name()), &[]).to_lowercase(),
            false => self.by(one, &self.count(count)),
        });
        let said: Vec<String> = said.collect();
        if said.is_empty() { String::new() } else { format!(": {}", said.join(", ")) }
    }

    /// What is built delivers: one speed, or one for each technology.
    pub(super) fn delivers(&self) -> String {
        let speed = |mbps: f64| self.say("speed", &[("speed", &decimal(self.language, mbps, 0))]);
        let built: Vec<_> = self.in_use().into_iter().filter(|one| one.technology != Technology::Satellite).collect();
        match built.as_slice() {
            [] => speed(self.settings.delivers_mbps),
            each => {
                let each = each.iter().map(|one| self.by(one.technology, &speed(self.down_mbps(one))));
                each.collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// Who gets what; nothing where the plan is of fibre alone.
    pub(super) fn technologies(&self) -> String {
        let used = self.in_use();
        if used.is_empty() {
            return String::new();
        }
        let shared = |key: &str| text(self.language, &format!("report.{key}"), &[]);
        let counts: Vec<Vec<u64>> = used.iter().map(|one| self.counts(one.technology).to_vec()).collect();
        let all = [(0..used.len()).collect::<Vec<_>>()];
        let hidden = self.hidden(&counts, &all, &[]);
        let head = vec![
            shared("technology_column"),
            shared("speed_column"),
            self.say("in_plan", &[]),
            self.say("tile_connected", &[]),
        ];
        let row = |((one, counts), &hidden): ((&&TechnologySummary, &Vec<u64>), &bool)| {
            let mut row = vec![
                text(self.language, &format!("technology.{}", one.technology.name()), &[]),
                decimal(self.language, self.down_mbps(one), 0),
            ];
            row.extend(counts.iter().map(|&count| self.told(hidden, || self.count(count))));
            if one.technology == Technology::Satellite {
                row[3] = "–".to_owned();
            }
            row
        };
        let rows: Vec<_> = used.iter().zip(&counts).zip(&hidden.rows).map(row).collect();
        let mut words = self.paragraph("technologies_text", &[]);
        if used.iter().any(|one| one.technology == Technology::Satellite) {
            words += &self.paragraph("technologies_satellite", &[]);
        }
        let title = escape(&shared("technology_title"));
        format!("<section><h2>{title}</h2>{words}{}</section>", table("", &head, &rows, None))
    }
}
