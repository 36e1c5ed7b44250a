//! The report's pages on the game: what building together saves, and whether a key holds against every group.

use breiband_messages::shipped;
use breiband_model::{Allocation, Game, Money, Territory, Verdict};

use super::disclosure::NOT_TOLD;
use super::{Report, table};
use crate::html::escape;

/// Names of a group that are written out; larger groups are counted.
const NAMED: usize = 5;

/// Whether an allocation follows from the game, and is no key of the members'.
fn is_rule(name: &str) -> bool {
    matches!(name, "shapley" | "least-core")
}

impl Report<'_> {
    pub(super) fn game(&self, game: &Game) -> String {
        let parts = [self.saved(game), self.savings(game), self.values(game), self.verdicts(game), self.overpaid(game)];
        parts.concat()
    }

    /// An allocation's name for people.
    fn allocation_name(&self, name: &str) -> String {
        match name {
            "shapley" => self.say("shapley", &[]),
            "least-core" => self.say("least_core", &[]),
            key => self.key_name(key),
        }
    }

    fn group_names(&self, game: &Game, group: u32) -> String {
        let names: Vec<&str> = game.names(group).collect();
        match names.len() {
            ..=NAMED => names.join(", "),
            count => self.say(
                "and_more",
                &[("names", &names[..NAMED - 1].join(", ")), ("count", &self.count((count - NAMED + 1) as u64))],
            ),
        }
    }

    fn saved(&self, game: &Game) -> String {
        let mut out = String::new();
        let minor = |minor: u64| self.money(Money::from_minor(minor));
        let whole = game.group(game.everybody()).and_then(|group| group.cost);
        if let (Some((least, _)), Some(joint)) = (game.saving, whole) {
            let single = |m: usize| game.group(1 << m).and_then(|group| group.cost).map_or(0, |cost| cost.0);
            let alone: u64 = (0..game.members.len()).map(single).sum();
            let args = [minor(joint.1), minor(alone), minor(u64::try_from(least).unwrap_or(0))];
            let word = if least >= 0 { "game_saved" } else { "game_not_saved" };
            out += &self.paragraph(word, &[("joint", &args[0]), ("alone", &args[1]), ("saved", &args[2])]);
        }
        let rules = self.settings.game.clone().unwrap_or_default();
        let price = |major: f64| self.money(Money::from_major(major).unwrap_or_default());
        let source = shipped(self.language, &rules.source);
        let args = [minor(game.fixed), price(rules.wayleave_per_metre), price(rules.outsider_price)];
        let named = [("fixed", args[0].as_str()), ("wayleave", &args[1]), ("toll", &args[2]), ("source", &source)];
        out += &self.paragraph("game_rules", &named[..3]);
        if !rules.source.is_empty() {
            out += &self.paragraph("game_source", &named[3..]);
        }
        if rules.territory == Territory::Own {
            let cannot: Vec<u32> = game.groups.iter().filter(|g| g.cost.is_none()).map(|g| g.members).collect();
            let (count, of) = (self.count(cannot.len() as u64), self.count(game.groups.len() as u64));
            out += &self.paragraph("game_own", &[("count", &count), ("of", &of)]);
        }
        if !game.all {
            out += &self.paragraph("game_drawn", &[("count", &self.count(game.groups.len() as u64))]);
        }
        out
    }

    /// Whether what a player's premises would cost is not told, because they are few.
    fn few_of(&self, game: &Game, player: usize) -> bool {
        let member = self.programme.members.iter().position(|m| m.code == game.members[player].0);
        member.is_some_and(|member| self.untold.members[member])
    }

    /// What each would pay alone, and what it saves by each key against the least of that.
    fn savings(&self, game: &Game) -> String {
        let keys: Vec<&Allocation> = game.allocations.iter().filter(|a| !is_rule(&a.name)).collect();
        if keys.is_empty() || game.members.len() < 2 {
            return String::new();
        }
        let mut head: Vec<String> = ["municipality", "alone_least", "alone_most"].map(|k| self.say(k, &[])).into();
        head.extend(keys.iter().map(|key| self.say("saves_by", &[("key", &self.key_name(&key.name))])));
        let alone = |m: usize| game.group(1 << m).and_then(|group| group.cost);
        let minor = |minor: u64| self.whole(i64::try_from(minor).unwrap_or(i64::MAX));
        let row = |m: usize| {
            let mut row = vec![game.members[m].1.clone()];
            let few = self.few_of(game, m);
            match alone(m) {
                Some((least, most)) => row.extend([least, most].map(|cost| self.told(few, || minor(cost)))),
                None => row.extend([self.say("impossible", &[]), "–".to_owned()]),
            }
            row.extend(keys.iter().map(|key| match alone(m) {
                Some((least, _)) => self.told(few, || self.whole(least as i64 - key.shares[m])),
                None => "–".to_owned(),
            }));
            row
        };
        let rows: Vec<Vec<String>> = (0..game.members.len()).map(row).collect();
        let sum = game.saving.map(|(least, _)| {
            let all = |of: fn((u64, u64)) -> u64| minor((0..game.members.len()).filter_map(alone).map(of).sum());
            let saved = std::iter::repeat_n(self.whole(least), keys.len());
            [self.say("together", &[]), all(|cost| cost.0), all(|cost| cost.1)].into_iter().chain(saved).collect()
        });
        let title = format!("<h3>{}</h3>", escape(&self.say("savings_title", &[])));
        format!("{title}{}{}", self.paragraph("savings_text", &[]), table("", &head, &rows, sum))
    }

    fn values(&self, game: &Game) -> String {
        let mut head = vec!["municipality"];
        if !game.shapley.is_empty() {
            head.extend(["shapley", "value_least", "value_most"]);
        }
        // Where every group is planned, the least core says more than the proof's parts do.
        if !game.all {
            head.push("proof_share");
        }
        if head.len() == 1 {
            return String::new();
        }
        let head: Vec<String> = head.into_iter().map(|key| self.say(key, &[])).collect();
        let row = |m: usize| {
            let mut row = vec![game.members[m].1.clone()];
            let few = self.few_of(game, m);
            if let Some(value) = game.shapley.get(m) {
                row.extend([value.share, value.least, value.most].map(|minor| self.told(few, || self.whole(minor))));
            }
            if !game.all {
                let part = game.dual.get(m).copied();
                row.push(part.map_or_else(String::new, |part| self.told(few, || self.whole(part as i64))));
            }
            row
        };
        let rows: Vec<Vec<String>> = (0..game.members.len()).map(row).collect();
        let title = format!("<h3>{}</h3>", escape(&self.say("values_title", &[])));
        let mut words = self.paragraph("values_text", &[]);
        if !game.all {
            words += &self.paragraph("values_proof", &[]);
        }
        let error = game.shapley.iter().map(|value| value.error).max().filter(|&error| error > 0);
        let drawn = error.map_or_else(String::new, |e| {
            self.paragraph("values_drawn", &[("error", &self.money(Money::from_minor(e)))])
        });
        // Values add up to the whole, their bounds do not; a sum would tell the public what is left out above it.
        let sum = (!game.shapley.is_empty() && !self.public).then(|| {
            let mut sum =
                vec![self.say("together", &[]), self.whole(game.shapley.iter().map(|value| value.share).sum())];
            sum.resize(head.len(), String::new());
            sum
        });
        format!("{title}{words}{}{drawn}", table("", &head, &rows, sum))
    }

    fn verdicts(&self, game: &Game) -> String {
        if game.allocations.is_empty() || game.members.len() < 2 {
            return String::new();
        }
        let head: Vec<String> = ["by_key", "verdict", "wronged", "too_much"].map(|key| self.say(key, &[])).into();
        let row = |allocation: &Allocation| {
            let [undecided, of] = [allocation.undecided, game.groups.len() as u64].map(|count| self.count(count));
            let verdict = match allocation.verdict {
                Verdict::Holds => self.say("core_holds", &[]),
                Verdict::Fails => self.say("core_fails", &[]),
                Verdict::Undecided => self.say("core_undecided", &[("count", &undecided), ("of", &of)]),
            };
            let worst = allocation.wronged.first();
            let group = worst.map_or_else(|| "–".to_owned(), |worst| self.group_names(game, worst.0));
            let by = worst.map_or_else(|| "–".to_owned(), |worst| self.whole(worst.1 as i64));
            vec![self.allocation_name(&allocation.name), verdict, group, by]
        };
        let rows: Vec<Vec<String>> = game.allocations.iter().map(row).collect();
        let title = format!("<h3>{}</h3>", escape(&self.say("core_title", &[])));
        let mut out = format!("{title}{}{}", self.paragraph("core_text", &[]), table("t2 t3", &head, &rows, None));
        if let Some(core) = &game.least_core {
            let amount = |minor: i64| self.money(Money::from_minor(minor.unsigned_abs()));
            let (least, most) = (amount(core.least), amount(core.most));
            let args = [("least", least.as_str()), ("most", most.as_str())];
            out += &match (core.least > 0, core.most < 0) {
                (true, _) => self.paragraph("core_empty", &args),
                (_, true) => self.paragraph("core_roomy", &args),
                _ => self.paragraph("core_open", &args),
            };
        }
        out
    }

    fn overpaid(&self, game: &Game) -> String {
        if game.shapley.is_empty() {
            return String::new();
        }
        let judged: Vec<&Allocation> = game.allocations.iter().filter(|a| a.name != "shapley").collect();
        let mut head = vec![self.say("municipality", &[])];
        head.extend(judged.iter().map(|a| self.allocation_name(&a.name)));
        let row = |m: usize| {
            let mut row = vec![game.members[m].1.clone()];
            row.extend(judged.iter().map(|a| match a.over_shapley.get(m) {
                _ if self.few_of(game, m) => NOT_TOLD.to_owned(),
                Some(0) | None => "·".to_owned(),
                Some(&over) => self.whole(over),
            }));
            row
        };
        let rows: Vec<Vec<String>> = (0..game.members.len()).map(row).collect();
        let title = format!("<h3>{}</h3>", escape(&self.say("over_title", &[])));
        format!("{title}{}{}", self.paragraph("over_text", &[]), table("", &head, &rows, None))
    }
}
