//! The report's page on the business case: what it earns, when it is paid back, what matters most and how sure it is.

use breiband_messages::{decimal, has, money, number, per_cent, shipped, text};
use breiband_model::{BusinessCase, Sway};

use super::{Report, table};
use crate::html::escape;
use crate::palette::CURVES;

/// Years that are listed: all up to the last budget's, then every fifth.
const STEP: usize = 5;
/// Figures that the chart shows.
const BARS: usize = 8;

impl Report<'_> {
    pub(super) fn business(&self) -> String {
        let Some(case) = &self.programme.business else { return String::new() };
        let settings = self.settings.business.clone().unwrap_or_default();
        let amount = |major: f64| money(self.language, major, &self.drawn.view.summary.currency);
        let figure = |value: f64, places| decimal(self.language, value, places);
        let last = case.years.last().map_or(0, |y| y.year);
        let payback = case.payback.map_or_else(
            || self.say("business_never", &[("year", &last.to_string())]),
            |year| self.say("business_payback", &[("year", &year.to_string())]),
        );
        let subsidy = if case.subsidy > 0.0 {
            let args = [amount(case.subsidy), amount(case.subsidy_per_home)];
            let word = if case.subsidy_per_home > 0.0 { "business_subsidy" } else { "business_subsidy_all" };
            self.say(word, &[("subsidy", &args[0]), ("each", &args[1])])
        } else {
            self.say("business_no_subsidy", &[])
        };
        let rate = figure(settings.discount_per_cent, 1);
        let main =
            self.say("business_npv", &[("npv", &amount(case.npv)), ("year", &last.to_string()), ("rate", &rate)]);
        let [low, middle, high] = case.npv_range.map(amount);
        let pays = per_cent(self.language, case.pays, 0);
        let sure = [("low", low.as_str()), ("middle", &middle), ("high", &high), ("pays", &pays)];
        let takes: Vec<String> = settings.take_rate.iter().map(|&share| per_cent(self.language, share, 0)).collect();
        let rules = [
            takes.join(", "),
            amount(settings.revenue),
            amount(settings.connection_fee),
            amount(settings.opex_per_customer),
            amount(settings.opex_per_km),
            figure(settings.renewal_per_cent, 1),
        ];
        let source = shipped(self.language, &settings.source);
        let rules = [
            ("takes", rules[0].as_str()),
            ("revenue", &rules[1]),
            ("fee", &rules[2]),
            ("opex", &rules[3]),
            ("km", &rules[4]),
            ("renewal", &rules[5]),
            ("source", &source),
        ];
        let mut out = format!("<p>{} {} {}</p>", escape(&main), escape(&payback), escape(&subsidy));
        out += &self.paragraph("business_sure", &sure);
        out += &self.paragraph("business_rules", &rules);
        // Customers and revenue of a year would tell how few are connected in it.
        if !self.untold.years.contains(&true) {
            out += &self.cash(case);
        }
        out += &self.sways(case);
        self.section("business_title", &out)
    }

    fn cash(&self, case: &BusinessCase) -> String {
        let head: Vec<String> =
            ["year", "passed_homes", "customers", "revenue", "running", "renewal", "capex", "net_cash", "cumulative"]
                .map(|key| self.say(key, &[]))
                .into();
        let budgets = self.programme.years.len();
        let listed = case.years.iter().enumerate();
        let listed =
            listed.filter(|(at, _)| *at < budgets || (at + 1).is_multiple_of(STEP) || at + 1 == case.years.len());
        let whole = |value: f64| decimal(self.language, value, 0);
        let row = |(_, y): (usize, &breiband_model::CashYear)| {
            let counts = [y.passed, y.customers].map(|homes| number(self.language, homes.round() as i64));
            let amounts = [y.revenue, y.opex, y.renewal, y.capex, y.net, y.cumulative].map(whole);
            std::iter::once(y.year.to_string()).chain(counts).chain(amounts).collect()
        };
        table("", &head, &listed.map(row).collect::<Vec<_>>(), None)
    }

    /// The tornado: what each figure does to the net present value by itself.
    fn sways(&self, case: &BusinessCase) -> String {
        let shown: Vec<&Sway> = case.sways.iter().take(BARS).filter(|s| s.at_p10 != s.at_p90).collect();
        let ends = || shown.iter().flat_map(|s| [s.at_p10, s.at_p90]).chain([case.npv]);
        let (least, most) = (ends().fold(f64::INFINITY, f64::min), ends().fold(f64::NEG_INFINITY, f64::max));
        if shown.is_empty() || most - least <= 0.0 {
            return String::new();
        }
        let x = |value: f64| ((value - least) / (most - least) * 1_000.0).round();
        // A bar in each row: it stays beside its figures however long the name is.
        let bar = |sway: &Sway| {
            let (from, to) = (x(sway.at_p10.min(sway.at_p90)), x(sway.at_p10.max(sway.at_p90)));
            format!(
                "<svg class=\"bar\" viewBox=\"0 0 1000 44\" preserveAspectRatio=\"none\" aria-hidden=\"true\" xmlns=\"http://www.w3.org/2000/svg\"><rect x=\"{from}\" y=\"10\" width=\"{}\" height=\"24\" fill=\"{}\"/><path d=\"M{} 0v44\" stroke=\"#1a1a1a\" stroke-width=\"4\"/></svg>",
                (to - from).max(2.0),
                CURVES[1],
                x(case.npv)
            )
        };
        let name = |of: &str| match of {
            "take-rate" | "revenue" | "opex" => self.say(&format!("sway_{of}"), &[]),
            class => {
                // A class of somebody's own book goes by its own name.
                let key = format!("price.{class}");
                let name = if has(&key) { text(self.language, &key, &[]) } else { class.to_owned() };
                self.say("sway_price", &[("name", &name)])
            }
        };
        let cells = |cells: &[String], more: &str| {
            let (first, rest) = cells.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
            let rest: String = rest.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
            format!("<th>{}</th>{rest}<td class=\"swing\">{more}</td>", escape(first))
        };
        let whole = |value: f64| decimal(self.language, value, 0);
        let head = ["figure", "at_p10", "at_p90"].map(|key| self.say(key, &[]));
        let rows: String = (shown.iter())
            .map(|s| format!("<tr>{}</tr>", cells(&[name(&s.of), whole(s.at_p10), whole(s.at_p90)], &bar(s))))
            .collect();
        format!(
            "<h3>{}</h3>{}<table class=\"short\"><thead><tr class=\"head\">{}</tr></thead><tbody>{rows}</tbody></table>",
            escape(&self.say("sways_title", &[])),
            self.paragraph("sways_text", &[]),
            cells(&head, "")
        )
    }
}
