//! The report's pages on what is built when: the years, how good their order is, and the lots.

use breiband_messages::{decimal, length, per_cent_up};
use breiband_model::{MilestoneOutcome, Money, Phase};

use super::{MOST_ROWS, Report, built_in, table};
use crate::html::escape;

/// Years whose block under way is told.
const BLOCKS: usize = 6;

impl Report<'_> {
    pub(super) fn phases(&self) -> String {
        let programme = self.programme;
        let head: Vec<String> = ["year", "budget", "carried_in", "fixed", "work", "carried_out", "line", "connected"]
            .map(|key| self.say(key, &[]))
            .into();
        let rows: Vec<Vec<String>> = programme
            .years
            .iter()
            .zip(&self.untold.years)
            .map(|(y, &hidden)| {
                let mut row = vec![y.year.to_string()];
                let [begin, end] = y.balances();
                row.extend([
                    self.minor(y.budget),
                    self.exact(begin),
                    self.minor(y.fixed),
                    self.minor(y.work),
                    self.exact(end),
                ]);
                row.push(length(self.language, y.length_mm as f64 / 1000.0));
                row.push(self.told(hidden, || self.count(y.connected)));
                row
            })
            .collect();
        let sum = |of: fn(&breiband_model::YearOutcome) -> Money| self.minor(programme.years.iter().map(of).sum());
        let mm: u64 = programme.years.iter().map(|y| y.length_mm).sum();
        let total = vec![
            self.say("together", &[]),
            sum(|y| y.budget),
            String::new(),
            sum(|y| y.fixed),
            sum(|y| y.work),
            String::new(),
            length(self.language, mm as f64 / 1000.0),
            self.count(programme.years.iter().map(|y| y.connected).sum()),
        ];
        let mut out = self.paragraph("phases_text", &[("currency", &self.drawn.view.summary.currency)]);
        out += &table("", &head, &rows, Some(total));
        let mut notes = self.totals();
        for y in &programme.years {
            if y.short > Money::ZERO {
                notes.push(self.say("note_short", &[("year", &y.year.to_string()), ("amount", &self.money(y.short))]));
            }
        }
        notes.extend(self.order_notes());
        notes.extend(self.programme.milestones.iter().map(|milestone| self.milestone_note(milestone)));
        for freeze in &self.settings.freezes {
            let place = self.drawn.view.region.municipalities.iter().find(|m| m.code == freeze.municipality);
            let place = place.map_or_else(|| self.say("everywhere", &[]), |m| m.name.clone());
            let years = if freeze.from == freeze.to {
                freeze.from.to_string()
            } else {
                format!("{}–{}", freeze.from, freeze.to)
            };
            notes.push(self.say("note_freeze", &[("place", &place), ("years", &years), ("reason", &freeze.reason)]));
        }
        let items: String = notes.iter().map(|note| format!("<li>{}</li>", escape(note))).collect();
        out += &format!("<ul>{items}</ul>");
        self.section("phases_title", &out)
    }

    /// Whether a milestone is kept; of a few premises only that.
    fn milestone_note(&self, milestone: &MilestoneOutcome) -> String {
        let args = [
            milestone.name.clone(),
            self.count(milestone.reached),
            self.count(milestone.premises),
            milestone.year.to_string(),
            milestone.done.map_or_else(|| self.say("phase_unfunded", &[]), |year| year.to_string()),
        ];
        let kept = milestone.reached == milestone.premises;
        let counts = [milestone.premises, milestone.reached, milestone.premises - milestone.reached];
        let few = counts.into_iter().any(|count| self.is_few(count));
        let named = [
            ("name", args[0].as_str()),
            ("reached", &args[1]),
            ("premises", &args[2]),
            ("year", &args[3]),
            ("done", &args[4]),
        ];
        let word = match (milestone.premises, kept, few) {
            (0, ..) => "milestone_nothing",
            (_, true, false) => "milestone_kept",
            (_, false, false) => "milestone_missed",
            (_, true, true) => "milestone_kept_few",
            (_, false, true) => "milestone_missed_few",
        };
        self.say(word, &named)
    }

    /// What the whole plan costs: the network, moving in for its lots, and fixed costs.
    pub(super) fn parts(&self) -> [Money; 3] {
        let (programme, view) = (self.programme, self.drawn.view);
        let network: Money = view.route.edges.iter().map(|id| view.network.edges[id.index()].building()).sum();
        let planned = programme.total.saturating_add(programme.drops_later);
        let moving = Money::from_minor(planned.as_minor().saturating_sub(network.as_minor()));
        [network, moving, programme.years.iter().map(|y| y.fixed).sum()]
    }

    /// What is in no year yet, and whether so few wait for it that it is not told.
    fn away(&self) -> [(Money, bool); 2] {
        [(self.programme.unfunded, self.untold.unfunded), (self.programme.drops_later, self.untold.waiting)]
    }

    /// Whether the whole is told: less what is built it would tell what a few wait for.
    pub(super) fn tells_whole(&self) -> bool {
        !self.away().iter().any(|&(amount, few)| amount > Money::ZERO && few)
    }

    /// How the sums of the report hang together: the network, moving in, fixed costs, and what no budget pays yet.
    fn totals(&self) -> Vec<String> {
        let programme = self.programme;
        let [network, moving, fixed] = self.parts();
        let all = network.saturating_add(moving).saturating_add(fixed);
        let amounts = [network, moving, fixed, all].map(|amount| self.money(amount));
        let named =
            [("network", amounts[0].as_str()), ("moving", &amounts[1]), ("fixed", &amounts[2]), ("all", &amounts[3])];
        let mut notes = Vec::new();
        if self.tells_whole() {
            notes.push(self.say(if programme.lots { "note_total_lots" } else { "note_total" }, &named));
        }
        for ((amount, few), word) in
            self.away().into_iter().zip(["note_unfunded", "note_drops"]).filter(|(one, _)| one.0 > Money::ZERO)
        {
            notes.push(match few {
                true => self.say(&format!("{word}_few"), &[]),
                false => self.say(word, &[("amount", &self.money(amount))]),
            });
        }
        let built: Money = programme.jobs.iter().filter(|job| job.phase == Phase::Built).map(|job| job.cost).sum();
        if built > Money::ZERO {
            notes.push(self.say("note_built", &[("amount", &self.money(built))]));
        }
        notes
    }

    /// What a point of the order is.
    fn points(&self) -> String {
        let w = self.settings.weights;
        let speed = decimal(self.language, w.below_mbps, 0);
        let weights = [
            ("weight_premises", w.premises),
            ("weight_household", w.household),
            ("weight_below", w.household_below),
            ("weight_site", w.site),
            ("weight_signed", w.signed_up),
        ];
        let said = weights.into_iter().filter(|(_, points)| *points > 0);
        let mut said: Vec<String> =
            said.map(|(key, n)| self.say(key, &[("points", &self.count(n.into())), ("speed", &speed)])).collect();
        if !self.programme.orders.is_empty() {
            said.push(self.say("weight_orders", &[]));
        }
        said.join(", ")
    }

    /// How good the order of building is; of years with few premises the public is not told the points.
    fn order_notes(&self) -> Vec<String> {
        let programme = self.programme;
        let (now, horn) = programme.waiting;
        let extra = if horn == 0 { 0.0 } else { (now - horn.min(now)) as f64 / horn as f64 };
        let mut notes = vec![self.say("note_order", &[("extra", &per_cent_up(self.language, extra, 1))])];
        let told = !self.untold.years.contains(&true);
        if let Some(last) = programme.years.last().filter(|_| told) {
            let (points, most) = (self.count(last.points), self.count(last.most_points));
            let of = self.points();
            let args = [("points", points.as_str()), ("most", &most), ("year", &last.year.to_string()), ("of", &of)];
            notes.push(self.say("note_points", &args));
        }
        if let Some(first) = programme.first_year.as_ref().filter(|_| told) {
            let [reached, found, most] = [first.reached, first.found, first.most].map(|n| self.count(n));
            let year = first.year.to_string();
            let (money, spent, least) = (self.money(first.money), self.money(first.spent), self.money(first.least));
            let args = [
                ("year", year.as_str()),
                ("money", &money),
                ("spent", &spent),
                ("reached", &reached),
                ("found", &found),
                ("most", &most),
                ("least", &least),
            ];
            let is_best = first.reached >= first.most;
            let mut note = self.say(if is_best { "note_first_best" } else { "note_first_year" }, &args);
            if !is_best && first.least > Money::ZERO {
                note = format!("{note} {}", self.say("note_first_least", &args));
            }
            notes.push(note);
        }
        let under_way = programme.years.iter().filter_map(|y| {
            let (block, spent, cost) = y.in_progress?;
            let args = [y.year.to_string(), block.to_string(), self.money(spent), self.money(cost)];
            let named = [("year", args[0].as_str()), ("block", &args[1]), ("spent", &args[2]), ("cost", &args[3])];
            Some(self.say("note_block", &named))
        });
        let under_way: Vec<String> = under_way.collect();
        if !under_way.is_empty() {
            // Of many years the last ones, where it stands.
            let shown = &under_way[under_way.len().saturating_sub(BLOCKS)..];
            notes.push(self.say("note_blocks", &[("list", &shown.join("; "))]));
        }
        notes
    }

    pub(super) fn lots(&self) -> String {
        let programme = self.programme;
        if !programme.lots {
            return String::new();
        }
        let head: Vec<String> =
            ["lot", "year", "after", "premises", "line", "cost", "places"].map(|key| self.say(key, &[])).into();
        let shown: Vec<_> = programme.jobs.iter().enumerate().filter(|(_, job)| job.cost > Money::ZERO).collect();
        // What a year builds and connects is told: its lots are a group.
        let counts: Vec<Vec<u64>> = shown.iter().map(|(_, job)| vec![job.premises]).collect();
        let of = |phase: Phase| (0..shown.len()).filter(|&at| shown[at].1.phase == phase).collect();
        let groups: Vec<Vec<usize>> = built_in(programme).into_iter().map(of).collect();
        let year_hidden = |phase: Phase| {
            let mut years = programme.years.iter().zip(&self.untold.years);
            years.any(|(y, &hidden)| hidden && phase == Phase::Year(y.year))
        };
        let before: Vec<bool> = shown.iter().map(|(_, job)| year_hidden(job.phase)).collect();
        let hidden = self.hidden(&counts, &groups, &before).rows;
        let rows: Vec<Vec<String>> = shown
            .iter()
            .zip(&hidden)
            .take(MOST_ROWS)
            .map(|(&(at, job), &few)| {
                vec![
                    (at + 1).to_string(),
                    self.phase_name(job.phase),
                    job.after
                        .filter(|&above| programme.jobs[above].cost > Money::ZERO)
                        .map_or_else(|| "–".to_owned(), |above| (above + 1).to_string()),
                    self.told(few, || self.count(job.premises)),
                    self.told(few, || length(self.language, job.length_mm as f64 / 1000.0)),
                    self.told(few, || self.minor(job.cost)),
                    job.municipalities.join(", "),
                ]
            })
            .collect();
        let more = self.rest("more_lots", shown.len().saturating_sub(MOST_ROWS));
        self.section(
            "lots_title",
            &format!("{}{}{more}", self.paragraph("lots_text", &[]), table("t2 t3 t7", &head, &rows, None)),
        )
    }
}
