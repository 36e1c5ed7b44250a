//! Building together where it is not as in the sample: one municipality, thirty years, no money, caps that bind for all,
//! nobody's ground. What the files say adds up, and the report says it in sentences.

use breiband::{
    Budget, Context, CostBook, Crews, FixedCost, Freeze, OutputFile, Phase, Plan, Programme, ProgrammeSettings, Recipe,
    Region, Scenario, Silent, Staged,
};

struct Case {
    region: Staged<Region>,
    scenario: Scenario,
    book: CostBook,
    plan: Staged<Plan>,
}

impl Case {
    /// An invented region with its files as `change` leaves them.
    fn of(change: impl Fn(&str, String) -> String) -> Self {
        let mut files = breiband::generate(&Recipe { premises: 300, seed: 5, ..Recipe::default() });
        for file in files.iter_mut().filter(|file| file.name.ends_with(".csv") || file.name.ends_with(".geojson")) {
            let text = String::from_utf8(std::mem::take(&mut file.bytes)).expect("UTF-8");
            file.bytes = change(&file.name, text).into_bytes();
        }
        let (mut scenario, sources) = breiband::scenario_of(&files).expect("its own scenario");
        scenario.options.steps = 20_000_000;
        let mut silent = Silent;
        let mut context = Context::new(&mut silent);
        let region = breiband::import(&sources, &scenario.options, &mut context).expect("its own files");
        let book = CostBook::example();
        let plan = breiband::plan(&region, &scenario, &book, &mut context).expect("a plan");
        Self { region, scenario, book, plan }
    }

    fn new() -> Self {
        Self::of(|_, text| text)
    }

    fn asked(&self, change: impl FnOnce(&mut ProgrammeSettings)) -> Scenario {
        let mut scenario = self.scenario.clone();
        change(scenario.programme.as_mut().expect("the section"));
        scenario
    }

    fn programme(&self, scenario: &Scenario) -> Result<Programme, breiband::ProgrammeFailure> {
        breiband::programme(&self.region.value, scenario, &self.book, &self.plan.value, None)
    }

    fn files(&self, scenario: &Scenario) -> (Programme, Vec<OutputFile>) {
        let mut programme = self.programme(scenario).expect("a programme");
        let mut context_of = Silent;
        let mut context = Context::new(&mut context_of);
        let game = breiband::game(&self.region.value, scenario, &self.book, &self.plan.value, &mut context);
        programme.game = Some(game.expect("every group is planned"));
        let policy = breiband::Policy::example();
        let found = breiband::services(&self.region.value, scenario, &self.book, &self.plan.value, &programme, &policy);
        programme.services = Some(found.expect("sites"));
        let files = breiband::report(&self.region.value, scenario, &self.book, &self.plan, &programme);
        (programme, files)
    }
}

fn text<'a>(files: &'a [OutputFile], name: &str) -> &'a str {
    let file = files.iter().find(|file| file.name == name).unwrap_or_else(|| panic!("{name} is written"));
    std::str::from_utf8(&file.bytes).expect("UTF-8")
}

/// A table's rows by its columns' names; no cell here holds a comma.
fn rows<'a>(files: &'a [OutputFile], name: &str) -> Vec<std::collections::BTreeMap<&'a str, &'a str>> {
    let mut lines = text(files, name).lines();
    let head: Vec<&str> = lines.next().expect("a head").split(',').collect();
    lines.map(|line| head.iter().copied().zip(line.split(',')).collect()).collect()
}

fn minor(cell: &str) -> i64 {
    let (sign, digits) = cell.strip_prefix('-').map_or((1, cell), |digits| (-1, digits));
    sign * digits.replace('.', "").parse::<i64>().unwrap_or_else(|_| panic!("{cell} is an amount"))
}

#[test]
fn what_fixed_costs_lack_is_carried_on() {
    let case = Case::new();
    let scenario = case.asked(|settings| {
        settings.budgets = [0.0, 400_000.0].iter().zip(2027..).map(|(&amount, year)| Budget { year, amount }).collect();
        settings.fixed = vec![FixedCost { name: "Tender".into(), year: 2027, amount: 50_000.0 }];
        (settings.milestones, settings.freezes) = (Vec::new(), Vec::new());
    });
    let (programme, files) = case.files(&scenario);
    assert!(programme.years[1].work.as_minor() > 0, "something is built");
    let mut carried = 0;
    for row in rows(&files, "years.csv") {
        let [begin, budget, fixed, work, end] =
            ["carried_in", "budget", "fixed", "work", "carried_out"].map(|name| minor(row[name]));
        assert_eq!((begin, begin + budget - fixed - work), (carried, end), "{row:?}");
        carried = end;
    }
    let page = text(&files, "report-en.html");
    assert_eq!(page.matches("<td>−50,000.00</td>").count(), 2, "left for the next year, and from the year before");
    assert!(page.contains("Nothing is connected in 2027") || programme.years.iter().any(|y| y.connected > 0));
}

#[test]
fn a_years_shares_add_up_where_caps_bind_for_all() {
    let case = Case::new();
    let scenario = case.asked(|settings| settings.members.iter_mut().for_each(|member| member.cap = Some(1_000.01)));
    let (programme, files) = case.files(&scenario);
    let rows = rows(&files, "shares.csv");
    for (key, year) in programme.keys.iter().flat_map(|key| programme.years.iter().map(move |year| (key, year))) {
        let of = rows.iter().filter(|row| row["key"] == key.name && row["year"] == year.year.to_string());
        let sum: i64 = of.map(|row| minor(row["share"])).sum();
        assert_eq!(sum as u64, year.work.as_minor() + year.fixed.as_minor(), "{} {}", key.name, year.year);
    }
    assert!(text(&files, "report-en.html").contains("Less what caps leave unpaid."));
}

#[test]
fn shares_can_be_worked_out_from_what_is_written() {
    let case = Case::new();
    let (programme, files) = case.files(&case.scenario);
    let (measured, shares) = (rows(&files, "measures.csv"), rows(&files, "shares.csv"));
    for (key, column) in [("metres", "built_m"), ("connected-premises", "connected"), ("causer-pays", "caused")] {
        for year in &programme.years {
            let of = |row: &&std::collections::BTreeMap<&str, &str>| row["year"] == year.year.to_string();
            let figures: Vec<f64> =
                measured.iter().filter(of).map(|row| row[column].parse().expect("a number")).collect();
            let all: f64 = figures.iter().sum();
            let amount = (year.work.as_minor() + year.fixed.as_minor()) as f64;
            let paid = shares.iter().filter(of).filter(|row| row["key"] == key).map(|row| minor(row["share"]));
            assert_eq!(figures.len(), 8);
            for (figure, paid) in figures.iter().zip(paid).filter(|_| all > 0.0) {
                assert!((amount * figure / all - paid as f64).abs() < 1.01, "{key} {}: {paid}", year.year);
            }
        }
    }
}

#[test]
fn whoever_has_left_settles_nothing_for_its_ground() {
    let case = Case::new();
    let scenario = case.asked(|settings| settings.members[0].until = Some("2028-01-01".into()));
    let programme = case.programme(&scenario).expect("a programme");
    for key in &programme.keys {
        for (year, (shares, net)) in programme.years.iter().zip(key.shares.iter().zip(&key.net)).skip(1) {
            assert_eq!((shares[0].as_minor(), net[0]), (0, 0), "{} {}", key.name, year.year);
        }
    }
}

#[test]
fn who_waits_for_crews_or_a_freeze_is_not_told_of_money() {
    let case = Case::new();
    let crews = case.asked(|settings| settings.crews = Some(Crews { count: 1, metres: 1.0 }));
    let freeze = Freeze { from: 2020, to: 2040, municipality: String::new(), reason: String::new() };
    let frozen = case.asked(|settings| settings.freezes.push(freeze));
    for scenario in [crews, frozen] {
        let (programme, files) = case.files(&scenario);
        assert!(programme.premises.iter().any(|row| row.phase == Phase::Unfunded && row.missing.as_minor() == 0));
        let why = text(&files, "premises-phases.csv");
        assert!(!why.contains("NOK 0 ") && !why.contains("NOK\u{a0}0 ") && why.contains("leave no time"));
        let page = text(&files, "report-en.html");
        assert!(page.contains("Nothing is connected in 2027") && !page.contains("NOK\u{a0}0 for each home"));
    }
}

#[test]
fn one_member_is_compared_with_nobody_and_no_sites_with_no_place() {
    let without_sites = |name: &str, text: String| match name {
        "sites.geojson" => "{\"type\":\"FeatureCollection\",\"features\":[]}".to_owned(),
        _ => text,
    };
    let case = Case::of(without_sites);
    let scenario = case.asked(|settings| {
        settings.members.truncate(1);
        settings.milestones.clear();
        settings.freezes.clear();
    });
    let (_, files) = case.files(&scenario);
    for name in ["report-en.html", "report-public-nn.html"] {
        let page = text(&files, name);
        for gone in ["Shapley", "shared server room", "felles serverrommet", "Feide"] {
            assert!(!page.contains(gone), "{name} speaks of {gone}");
        }
    }
    assert!(!text(&files, "report-en.html").contains("øre"), "the currency may be any");
}

#[test]
fn thirty_years_fit_the_page() {
    let case = Case::new();
    let scenario = case.asked(|settings| {
        settings.budgets = (2027..2057).map(|year| Budget { year, amount: 900_000.0 }).collect();
        settings.business.as_mut().expect("the section").horizon = 40;
    });
    let (_, files) = case.files(&scenario);
    let page = text(&files, "report-en.html");
    let widest =
        page.split("<tr").map(|row| row.split("</tr>").next().unwrap_or_default().matches("<td").count()).max();
    assert!(widest <= Some(9), "{widest:?}");
    assert!(page.contains("<td>2056</td>"), "the last year is there");
}

#[test]
fn a_code_that_nothing_has_is_refused_and_a_neighbours_is_not() {
    let case = Case::new();
    let freeze = |code: &str| Freeze { from: 2028, to: 2028, municipality: code.into(), reason: String::new() };
    let of = |change: &dyn Fn(&mut ProgrammeSettings)| {
        let scenario = case.asked(|settings| {
            settings.keys = ProgrammeSettings::usual().keys;
            change(settings);
        });
        let text = scenario.to_toml();
        Scenario::parse(&text).map_err(|error| error.to_string())?;
        case.programme(&scenario).map(|_| ()).map_err(|error| error.to_string())
    };
    // Ground of one that builds not along, where trunk may lie.
    assert_eq!(
        of(&|settings| {
            settings.members.pop();
            settings.freezes.push(freeze("9908"));
        }),
        Ok(())
    );
    for members in [0, 8] {
        let said = of(&|settings| {
            settings.members.truncate(members);
            settings.freezes = vec![freeze("99O3")];
        });
        assert!(
            said.as_ref().is_err_and(|said| said.contains("freeze[1].municipality") && said.contains("99O3")),
            "{said:?}"
        );
    }
    let said = of(&|settings| {
        settings.members.clear();
        settings.freezes.clear();
        settings.ordering.votes.insert("99O3".into(), 2);
    });
    assert!(said.as_ref().is_err_and(|said| said.contains("ordering.votes")), "{said:?}");
}

#[test]
fn who_lives_in_no_municipality_has_a_row_and_namesakes_are_told_apart() {
    let case = Case::of(|name, text| match name {
        // Without its border and its code, a municipality's people are in none.
        "premises.csv" => text.replace(",9907,", ",,"),
        "borders.geojson" => {
            let kept = text.lines().filter(|line| !line.contains("\"9907\"")).collect::<Vec<_>>().join("\n");
            kept.replace("\"name\":\"Ravnøyane\"", "\"name\":\"Tåkefjord\"")
        }
        _ => text,
    });
    let scenario = case.asked(|settings| {
        settings.members.retain(|member| member.code != "9907");
    });
    let (programme, files) = case.files(&scenario);
    let page = text(&files, "report-en.html");
    assert!(page.contains("Tåkefjord (9901)") && page.contains("Tåkefjord (9902)") && !page.contains(">Tåkefjord<"));
    let row = page.split("<th>In no municipality</th><td>").nth(1).expect("a row");
    let rest: u64 = row.split('<').next().and_then(|count| count.replace(',', "").parse().ok()).expect("a count");
    let count = |all: bool| -> u64 {
        let today = programme.coverage.iter().filter(|row| row.year.is_none() && row.threshold_mbps == 100.0);
        let today = today.filter(|row| row.density.is_empty() && row.municipality.is_empty() == all);
        today.map(|row| row.households).sum()
    };
    assert_eq!(rest, count(true) - count(false));
    assert!(rest > 0);
}
