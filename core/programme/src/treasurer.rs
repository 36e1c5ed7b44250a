//! An amount shared by the keys that need no plan: what a treasurer checks by hand.

use breiband_model::{Measure, Member, Money, ProgrammeSettings, Sentence, SettingsFault, SharingKey, Step};

use crate::sharing::{Basis, Capped, split_capped};

/// An amount shared among the members of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmountShares {
    /// Codes and names of the year's members.
    pub members: Vec<(String, String)>,
    /// Inhabitants of each with the date of the figure, where they are known.
    pub inhabitants: Vec<Option<(String, u64)>>,
    /// Each key that needs no plan, with its shares.
    pub keys: Vec<(String, Capped)>,
    /// Keys that go by what is built, which only a plan knows.
    pub need_plan: Vec<String>,
}

/// What if one leaves, or joins: a member's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhatIf<'a> {
    /// As the scenario has it.
    Agreed,
    /// Without this member.
    Leaves(&'a str),
    /// With this one, in all years, whatever the scenario says.
    Joins(&'a str),
}

impl WhatIf<'_> {
    /// Whether a member is one in a year.
    pub(crate) fn is_there(self, member: &Member, year: u16) -> bool {
        match self {
            WhatIf::Leaves(code) if code == member.code => false,
            WhatIf::Joins(code) if code == member.code => true,
            _ => member.in_year(year),
        }
    }
}

/// Shares `amount` of `year` among its members, `what_if` one of them leaves or joins.
///
/// ```
/// use breiband_model::{Measure, Member, Money, ProgrammeSettings, SharingKey};
/// use breiband_programme::{WhatIf, share_amount};
/// let member = |code: &str| Member { code: code.to_owned(), ..Member::default() };
/// let settings = ProgrammeSettings {
///     members: vec![member("1504"), member("1528"), member("1532")],
///     keys: vec![SharingKey::of(Measure::Equal)],
///     ..ProgrammeSettings::usual()
/// };
/// let shared = share_amount(&settings, 2027, Money::from_minor(100), WhatIf::Leaves("1528"))?;
/// assert_eq!(shared.keys[0].1.shares, [50, 50].map(Money::from_minor));
/// # Ok::<(), breiband_model::SettingsFault>(())
/// ```
///
/// # Errors
/// Where there are no members in that year, or one lacks the inhabitants that a key asks for.
pub fn share_amount(
    settings: &ProgrammeSettings,
    year: u16,
    amount: Money,
    what_if: WhatIf<'_>,
) -> Result<AmountShares, SettingsFault> {
    if let WhatIf::Leaves(code) | WhatIf::Joins(code) = what_if
        && !settings.members.iter().any(|member| member.code == code)
    {
        return Err(SettingsFault::new([Step::Key("member")], Member::is_unknown(code)));
    }
    let there = settings.members.iter().enumerate().filter(|(_, member)| what_if.is_there(member, year));
    let (at, members): (Vec<usize>, Vec<&Member>) = there.unzip();
    if members.is_empty() {
        return Err(nobody(settings, year));
    }
    let planless =
        |key: &&SharingKey| key.parts.iter().all(|part| matches!(part.by, Measure::Equal | Measure::Inhabitants));
    let (without_plan, with_plan): (Vec<_>, Vec<_>) = settings.keys.iter().partition(planless);
    let figures: Vec<Option<(&str, u64)>> = members.iter().map(|member| member.inhabitants_in(year)).collect();
    if let (Some(lacking), Some(key)) =
        (figures.iter().position(Option::is_none), without_plan.iter().find(|key| key.goes_by(Measure::Inhabitants)))
    {
        return Err(no_inhabitants(settings, at[lacking], &members[lacking].code, key, year));
    }
    let bases: Vec<Basis> = figures
        .iter()
        .map(|figure| Basis { inhabitants: figure.map_or(0, |(_, count)| count), ..Basis::default() })
        .collect();
    let caps: Vec<Option<Money>> = members.iter().map(|member| member.cap.and_then(Money::from_major)).collect();
    Ok(AmountShares {
        members: members.iter().map(|member| (member.code.clone(), member.name.clone())).collect(),
        inhabitants: figures.into_iter().map(|f| f.map(|(date, count)| (date.to_owned(), count))).collect(),
        keys: without_plan
            .into_iter()
            .map(|key| (key.name.clone(), split_capped(amount, key, &bases, &caps)))
            .collect(),
        need_plan: with_plan.into_iter().map(|key| key.name.clone()).collect(),
    })
}

/// Says that a key asks for inhabitants that a member, at a position of the settings' where they list any, does not have.
pub(crate) fn no_inhabitants(
    settings: &ProgrammeSettings,
    at: usize,
    member: &str,
    key: &SharingKey,
    year: u16,
) -> SettingsFault {
    let path = match settings.members.len() {
        0 => vec![Step::Key("key")],
        _ => vec![Step::Key("member"), Step::At(at), Step::Key("inhabitants")],
    };
    let words = "member {member} has no inhabitants on or before 1 January {year}, and the key {key} asks for them: \
                 add the figure, with its date";
    let values = [("member", member.to_owned()), ("year", year.to_string()), ("key", format!("{:?}", key.name))];
    let problem = Sentence::with(words, values);
    SettingsFault::new(path, problem)
}

/// Says that a year has no members, at the date that comes nearest: when the last one left, or else when the first one comes.
pub(crate) fn nobody(settings: &ProgrammeSettings, year: u16) -> SettingsFault {
    let first_day = format!("{year:04}-01-01");
    let dated = |date: fn(&Member) -> &Option<String>| {
        settings.members.iter().enumerate().filter_map(move |(at, member)| Some((date(member).as_ref()?, at)))
    };
    let left = dated(|member| &member.until).filter(|(until, _)| **until <= first_day).max();
    let comes = dated(|member| &member.from).filter(|(from, _)| **from > first_day).min();
    let said = |words, date: &str| Sentence::with(words, [("year", year.to_string()), ("date", date.to_owned())]);
    let (path, problem) = match (left, comes) {
        (Some((date, at)), _) => (
            vec![Step::At(at), Step::Key("until")],
            said("nobody is a member in {year}; the last one leaves on {date}: choose an earlier year", date),
        ),
        (None, Some((date, at))) => (
            vec![Step::At(at), Step::Key("from")],
            said("nobody is a member in {year}; the first one joins on {date}: choose a later year", date),
        ),
        (None, None) => {
            // Without borders nobody is a member by them, and a member that is listed would be refused next.
            let words = "nobody is a member in {year}; list members in [[programme.member]], and add their borders to the inputs";
            (Vec::new(), Sentence::with(words, [("year", year.to_string())]))
        }
    };
    let path: Vec<Step> = [Step::Key("member")].into_iter().chain(path).collect();
    SettingsFault::new(path, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_raises_what_the_others_pay() {
        let member = |code: &str, count, until: Option<&str>| Member {
            code: code.into(),
            until: until.map(str::to_owned),
            inhabitants: [("2017-01-01".to_owned(), count)].into(),
            ..Member::default()
        };
        let settings = ProgrammeSettings {
            members: vec![member("1", 100, None), member("2", 300, None), member("3", 600, Some("2018-01-01"))],
            keys: vec![SharingKey::of(Measure::Inhabitants), SharingKey::of(Measure::Metres)],
            ..ProgrammeSettings::default()
        };
        let shares = |year, what_if| share_amount(&settings, year, Money::from_minor(1_000), what_if);
        let minor =
            |shares: AmountShares| -> Vec<u64> { shares.keys[0].1.shares.iter().map(|s| s.as_minor()).collect() };
        let all = shares(2017, WhatIf::Agreed).expect("members");
        assert_eq!(all.need_plan, ["metres"]);
        assert_eq!(minor(all), [100, 300, 600]);
        assert_eq!(minor(shares(2017, WhatIf::Leaves("2")).expect("members")), [143, 857]);
        assert_eq!(minor(shares(2018, WhatIf::Agreed).expect("members")), [250, 750]);
        let error = shares(2016, WhatIf::Agreed).expect_err("no figure").to_string();
        assert!(error.starts_with("programme.member[1].inhabitants: ") && error.contains("1 January 2016"), "{error}");
        assert!(shares(2017, WhatIf::Leaves("9")).is_err());
        // The third is a member no longer; with it, the others pay what they did.
        assert_eq!(minor(shares(2018, WhatIf::Joins("3")).expect("members")), [100, 300, 600]);
        assert!(shares(2018, WhatIf::Joins("9")).is_err());
    }

    #[test]
    fn a_year_without_members_names_the_nearest_date() {
        let member = |from: Option<&str>, until: Option<&str>| Member {
            from: from.map(str::to_owned),
            until: until.map(str::to_owned),
            ..Member::default()
        };
        let of = |members, year, what_if| {
            let settings = ProgrammeSettings { members, ..ProgrammeSettings::default() };
            share_amount(&settings, year, Money::from_minor(1), what_if).expect_err("nobody").to_string()
        };
        let members = || {
            vec![
                member(Some("2017-01-01"), Some("2019-01-01")),
                member(Some("2018-01-01"), Some("2020-01-01")),
                member(Some("2025-01-01"), None),
            ]
        };
        let agreed = |year| of(members(), year, WhatIf::Agreed);
        assert!(agreed(2016).starts_with("programme.member[1].from: "), "{}", agreed(2016));
        assert!(agreed(2022).starts_with("programme.member[2].until: "), "{}", agreed(2022));
        let nobody = of(Vec::new(), 2017, WhatIf::Agreed);
        assert!(nobody.starts_with("programme.member: ") && nobody.contains("borders"), "{nobody}");
        assert!(of(vec![member(None, None)], 2017, WhatIf::Leaves("")).starts_with("programme.member: "));
    }
}
