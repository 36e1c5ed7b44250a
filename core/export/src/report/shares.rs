//! The report's pages on who pays what: each key, the agreed one by year, trunk that serves others, and what if one leaves or joins.

use breiband_messages::{decimal, text};
use breiband_model::{Joining, KeyOutcome, Measure, Money};

use super::{Report, table};
use crate::html::escape;

/// Columns of amounts that fit on a page.
const COLUMNS: usize = 9;

impl Report<'_> {
    /// Whether a key's shares tell how many premises are connected, or what they cost. What a municipality pays by the agreed key
    /// is in its accounts, which are public.
    fn goes_by_premises(&self, name: &str) -> bool {
        let key = self.settings.keys.iter().find(|key| key.name == name);
        key.is_none_or(|key| key.goes_by(Measure::ConnectedPremises) || key.goes_by(Measure::CauserPays))
    }

    /// A key's parts: `30 % equal parts, 70 % inhabitants`.
    fn key_parts(&self, name: &str) -> String {
        let key = self.settings.keys.iter().find(|key| key.name == name);
        let part = |part: &breiband_model::KeyPart| {
            let places = if part.per_cent.fract() == 0.0 { 0 } else { 3 };
            let measure = text(self.language, &format!("measure.{}", part.by.name()), &[]);
            format!("{}\u{a0}% {measure}", decimal(self.language, part.per_cent, places))
        };
        key.map(|key| key.parts.iter().map(part).collect::<Vec<_>>().join(", ")).unwrap_or_default()
    }

    /// The pages on who pays what.
    pub(super) fn shares(&self) -> String {
        let mut out = self.with_files("shares_text", "shares_files", &[]) + &self.by_key();
        if let Some(agreed) = self.programme.keys.first() {
            out += &self.agreed(agreed);
            out += &self.ground();
        }
        self.section("shares_title", &out)
    }

    /// What each pays by each key.
    fn by_key(&self) -> String {
        let programme = self.programme;
        // A column for each year in which other figures begin to count.
        let mut from: Vec<u16> = programme.members.iter().flat_map(|m| m.inhabitants.iter().map(|f| f.0)).collect();
        from.sort_unstable();
        from.dedup();
        let figure = |m: &breiband_model::MemberFigures, year: u16| {
            m.inhabitants.iter().rev().find(|figure| figure.0 <= year).map(|figure| figure.2)
        };
        let mut head = vec![self.say("municipality", &[])];
        head.extend(from.iter().map(|year| self.say("inhabitants_from", &[("year", &year.to_string())])));
        head.extend(programme.keys.iter().map(|key| self.key_name(&key.name)));
        let rows: Vec<Vec<String>> = programme
            .members
            .iter()
            .enumerate()
            .map(|(m, member)| {
                let mut row = vec![member.name.clone()];
                row.extend(from.iter().map(|&y| figure(member, y).map_or_else(|| "–".to_owned(), |n| self.count(n))));
                row.extend(programme.keys.iter().enumerate().map(|(number, key)| {
                    let few = number > 0 && self.untold.members[m] && self.goes_by_premises(&key.name);
                    self.told(few, || self.minor(key.all_years(m)))
                }));
                row
            })
            .collect();
        let mut sum = vec![self.say("together", &[])];
        let all = |year: u16| programme.members.iter().filter_map(|member| figure(member, year)).sum();
        sum.extend(from.iter().map(|&year| self.count(all(year))));
        sum.extend(programme.keys.iter().map(|key| self.minor(key.shares.iter().flatten().copied().sum())));
        let mut out = table("", &head, &rows, Some(sum));
        // A key that is named by its measure says what it is; the agreed one's parts stand with its years.
        let named = programme.keys.iter().skip(1).filter(|key| self.key_name(&key.name) == key.name);
        for key in named {
            out += &self.paragraph("key_is", &[("key", &key.name), ("parts", &self.key_parts(&key.name))]);
        }
        for key in &programme.keys {
            let unpaid: Money = key.unpaid.iter().copied().sum();
            if unpaid > Money::ZERO {
                out +=
                    &self.paragraph("unpaid", &[("key", &self.key_name(&key.name)), ("amount", &self.money(unpaid))]);
            }
        }
        out
    }

    /// What each pays by the agreed key, by year.
    fn agreed(&self, agreed: &KeyOutcome) -> String {
        let programme = self.programme;
        let parts = format!("{} ({})", self.key_name(&agreed.name), self.key_parts(&agreed.name));
        let out = format!("<h3>{}</h3>", escape(&self.say("agreed_title", &[("key", &parts)])));
        let years: Vec<String> = programme.years.iter().map(|y| y.year.to_string()).collect();
        // Columns of the table: a year's, and then those of all years, each with what every member pays and the sum.
        let mut columns: Vec<(String, Vec<i128>)> = Vec::new();
        let minor = |amount: &Money| i128::from(amount.as_minor());
        columns.extend(years.into_iter().zip(agreed.shares.iter().map(|year| year.iter().map(minor).collect())));
        let all = |of: &dyn Fn(usize) -> i128| (0..programme.members.len()).map(of).collect::<Vec<_>>();
        columns.push((self.say("together", &[]), all(&|m| agreed.shares.iter().map(|year| minor(&year[m])).sum())));
        columns.push((self.say("net", &[]), all(&|m| agreed.net.iter().map(|year| i128::from(year[m])).sum())));
        // What is wider than a page goes on in the next table.
        let part = |columns: &[(String, Vec<i128>)]| {
            let line = |first: String, figure: &dyn Fn(&[i128]) -> i128| {
                std::iter::once(first).chain(columns.iter().map(|column| self.exact(figure(&column.1)))).collect()
            };
            let head: Vec<String> =
                std::iter::once(self.say("municipality", &[])).chain(columns.iter().map(|c| c.0.clone())).collect();
            let rows = programme.members.iter().enumerate().map(|(m, member)| line(member.name.clone(), &|c| c[m]));
            let sum = line(self.say("together", &[]), &|column| column.iter().sum());
            table("", &head, &rows.collect::<Vec<_>>(), Some(sum))
        };
        let tables: String = columns.chunks(COLUMNS).map(part).collect();
        let mut net = self.say("net_text", &[]);
        if agreed.unpaid.iter().any(|&unpaid| unpaid > Money::ZERO) {
            net = format!("{net} {}", self.say("net_unpaid", &[]));
        }
        format!("{out}{tables}<p>{}</p>", escape(&net))
    }

    /// On whose ground building is done, and for whom.
    fn ground(&self) -> String {
        let programme = self.programme;
        let title = format!("<h3>{}</h3>", escape(&self.say("ground_title", &[])));
        let head: Vec<String> = ["municipality", "ground", "for_others", "caused", "by_others", "owed"]
            .map(|key| self.say(key, &[]))
            .into();
        let rows: Vec<Vec<String>> = programme
            .members
            .iter()
            .zip(&self.untold.members)
            .map(|(m, &few)| {
                let mut row = vec![m.name.clone(), self.minor(m.ground)];
                row.extend([m.for_others, m.caused, m.by_others].map(|amount| self.told(few, || self.minor(amount))));
                row.push(self.told(few, || self.exact(i128::from(m.owed()))));
                row
            })
            .chain((programme.outside != (Money::ZERO, Money::ZERO)).then(|| {
                let [ground, caused] = [programme.outside.0, programme.outside.1].map(|amount| self.minor(amount));
                vec![self.say("outside", &[]), ground, String::new(), caused, String::new(), String::new()]
            }))
            .collect();
        let sum_of = |of: fn(&breiband_model::MemberFigures) -> Money, outside: Money| {
            self.minor(programme.members.iter().map(of).sum::<Money>().saturating_add(outside))
        };
        let sum = vec![
            self.say("together", &[]),
            sum_of(|m| m.ground, programme.outside.0),
            String::new(),
            sum_of(|m| m.caused, programme.outside.1),
            String::new(),
            String::new(),
        ];
        title + &self.with_files("ground_text", "ground_files", &[]) + &table("", &head, &rows, Some(sum))
    }

    pub(super) fn together(&self) -> String {
        let programme = self.programme;
        let mut out = String::new();
        // One alone has nobody to compare with.
        if let Some(game) = programme.game.as_ref().filter(|game| game.members.len() > 1) {
            out += &self.game(game);
        }
        if programme.members.len() > 1 && !programme.leaving.is_empty() {
            out += &format!("<h3>{}</h3>", escape(&self.say("leaving_title", &[])));
            out += &self.paragraph("leaving_text", &[]);
            let head: Vec<String> = ["leaves", "avoided", "others_more"].map(|key| self.say(key, &[])).into();
            let rows: Vec<Vec<String>> = programme
                .leaving
                .iter()
                .map(|l| {
                    let others: i128 = l.change.iter().map(|&c| i128::from(c)).sum();
                    let few = self.untold.members[l.member];
                    vec![
                        programme.members[l.member].name.clone(),
                        self.told(few, || self.minor(l.avoided)),
                        self.told(few, || self.exact(others)),
                    ]
                })
                .collect();
            out += &table("", &head, &rows, None);
        }
        if !programme.joining.is_empty() {
            out += &format!("<h3>{}</h3>", escape(&self.say("joining_title", &[])));
            out += &self.paragraph("joining_text", &[]);
            let head: Vec<String> = ["joins", "pays_then", "others_more"].map(|key| self.say(key, &[])).into();
            let row = |j: &Joining| {
                let others = j.change.iter().enumerate().filter(|(m, _)| *m != j.member);
                let others: i128 = others.map(|(_, &c)| i128::from(c)).sum();
                vec![programme.members[j.member].name.clone(), self.minor(j.pays), self.exact(others)]
            };
            let rows: Vec<Vec<String>> = programme.joining.iter().map(row).collect();
            out += &table("", &head, &rows, None);
        }
        if out.is_empty() { out } else { self.section("together_title", &out) }
    }
}
