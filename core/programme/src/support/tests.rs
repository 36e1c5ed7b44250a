use super::*;
use crate::owners::ByOwner;
use breiband_model::{EdgeId, Municipality, Plane, Premises, PremisesId, PremisesKind, RegionParts, Service, SourceId};
use proptest::prelude::*;

/// Premises on a line, 100 m from each other, with what each has today.
fn region(today: &[(Option<f64>, &str, PremisesKind, u32)]) -> Region {
    let mut parts = RegionParts::empty(Plane { central_meridian_e7: 60_000_000, origin_latitude_e7: 620_000_000 });
    parts.municipalities =
        ["A", "B"].map(|name| Municipality { code: name.into(), name: name.into(), area: vec![] }).into();
    for (at, &(mbps, technology, kind, municipality)) in today.iter().enumerate() {
        parts.premises.push(Premises {
            external_id: format!("p{at}"),
            source: SourceId::new(0),
            street: String::new(),
            number: String::new(),
            postcode: String::new(),
            city: String::new(),
            parcel: String::new(),
            point: Point::new(at as i32 * 100_000, 0),
            access_point: None,
            building: None,
            municipality: (municipality < 2).then(|| MunicipalityId::new(municipality)),
            households: 1,
            households_assumed: true,
            kind,
            service: mbps.map(|down_mbps| Service { down_mbps, up_mbps: 1.0, technology: technology.into() }),
            signed_up: None,
        });
    }
    Region::new(parts).expect("a sound region")
}

#[test]
fn rules_are_applied_in_their_order() {
    use PremisesKind::{Cabin, Home};
    let region = region(&[
        (Some(10.0), "dsl", Home, 0),
        (Some(200.0), "dsl", Home, 0),
        (Some(50.0), "Coax", Home, 0),
        (None, "", Cabin, 0),
        (None, "", Home, 1),
        (Some(10.0), "dsl", Home, 0),
        (None, "", Home, 9),
    ]);
    let scheme =
        SupportScheme { upgradable: vec!["coax".into()], commercial: vec!["p5".into()], ..SupportScheme::default() };
    let found = |scheme: &SupportScheme, mbps| areas(&region, scheme, |_| mbps).premises;
    use Eligibility::{Commercial, Eligible, Kind, NoArea, Served, TooSlow, Upgradable};
    let kinds: Vec<_> = found(&scheme, 1000.0).into_iter().map(|p| p.0).collect();
    assert_eq!(kinds, [Eligible, Served, Upgradable, Kind, Eligible, Commercial, NoArea]);
    assert_eq!(found(&scheme, 500.0)[0].0, TooSlow);
    // Within 400 m of each other: p0 and p4 together; p6 is 200 m from p4.
    let clusters = SupportScheme { areas: SupportAreas::Clusters, cluster_least: 3, ..scheme.clone() };
    assert_eq!(areas(&region, &clusters, |_| 1000.0).names, ["A 1"]);
    let alone = SupportScheme { cluster_metres: 300.0, cluster_least: 2, ..clusters };
    let found = areas(&region, &alone, |_| 1000.0);
    assert_eq!((found.names, found.premises[0].0, found.premises[4].1), (vec!["B 1".to_owned()], NoArea, Some(0)));
}

/// A random tree of branches with premises at some of them.
fn cases() -> impl Strategy<Value = (Vec<(usize, u64, u8, u8)>, SupportScheme)> {
    let branch = (any::<prop::sample::Index>(), 0u64..9_999, 0u8..5, 0u8..4);
    let branches = prop::collection::vec(branch, 1..14)
        .prop_map(|list| list.into_iter().enumerate().map(|(at, b)| (b.0.index(at.max(1)), b.1, b.2, b.3)).collect());
    let scheme =
        (0u32..=100_000, 0u32..=100_000, prop::option::of(0u32..40), prop::option::of(0u32..60), any::<bool>());
    let scheme = scheme.prop_map(|(most, own, each, cap, whole)| SupportScheme {
        per_cent: f64::from(most) / 1000.0,
        own_per_cent: f64::from(own) / 1000.0,
        most_per_premises: each.map(f64::from),
        yearly_cap: cap.map(f64::from),
        whole,
        ..SupportScheme::default()
    });
    (branches, scheme)
}

proptest! {
    #[test]
    fn every_minor_unit_is_somebodys_and_no_rule_is_broken((list, scheme) in cases()) {
        let today: Vec<_> = list
            .iter()
            .map(|b| (Some(if b.2 == 0 { 500.0 } else { 5.0 }), "", PremisesKind::Home, u32::from(b.3 % 3)))
            .collect();
        let region = region(&today);
        let years = [2027, 2028];
        let branches: Vec<Branch> = list
            .iter()
            .enumerate()
            .map(|(at, b)| Branch {
                edge: EdgeId::new(at as u32),
                after: (at > 0).then_some(b.0),
                cost: b.1,
                length_mm: 0,
                later: false,
                passed: false,
                premises: vec![PremisesId::from_usize(at)],
                behind: ByOwner::default(),
                ground: ByOwner::default(),
            })
            .collect();
        // Never before what it hangs on.
        let mut phase: Vec<Phase> = Vec::new();
        for (at, b) in list.iter().enumerate() {
            let own = [Phase::Built, Phase::Year(2027), Phase::Year(2028), Phase::Unfunded][usize::from(b.3)];
            phase.push(if at == 0 { own } else { own.max(phase[b.0]) });
        }
        let row = |&phase: &Phase| PremisesPhase {
            phase,
            connected: true,
            rank: 0,
            marginal: Money::ZERO,
            missing: Money::ZERO,
            reach: Money::ZERO,
        };
        let premises: Vec<_> = phase.iter().map(row).collect();
        let cost: Vec<u64> = branches.iter().map(|b| b.cost).collect();
        let built = Built { branches: &branches, cost: &cost, phase: &phase, premises: &premises, years: &years };
        let found = support(&region, &scheme, |_| 1000.0, &built);
        let spent: u64 = phase.iter().zip(&cost).filter(|(p, _)| matches!(p, Phase::Year(_))).map(|(_, c)| c).sum();
        prop_assert_eq!(found.total.cost.as_minor() + found.unsupported.as_minor(), spent);
        prop_assert_eq!(found.counts.values().sum::<u64>(), region.premises.len() as u64);
        let parties = |f: Funding| f.support.as_minor() + f.own.as_minor() + f.gap.as_minor();
        let (most, own) = scheme.parts();
        let mut total = Funding::default();
        let mut by_year = [0, 0];
        for area in &found.areas {
            let f = area.funding;
            total = total.plus(f);
            prop_assert_eq!(parties(f), f.cost.as_minor());
            prop_assert!(f.support.as_minor() * 100_000 <= f.cost.as_minor() * most);
            prop_assert!(f.own.as_minor() * 100_000 >= f.cost.as_minor() * own);
            prop_assert_eq!(area.whole, f.reached == f.eligible);
            prop_assert!(area.whole || !scheme.whole || f.support == Money::ZERO);
            if let Some(each) = scheme.most_per_premises {
                prop_assert!(f.support.as_major() <= each * f.reached as f64 + 1e-9);
            }
            for (year, (cost, support)) in area.years.iter().enumerate() {
                prop_assert!(support <= cost);
                by_year[year] += support.as_minor();
            }
            prop_assert_eq!(area.years.iter().map(|y| y.0).sum::<Money>(), f.cost);
            prop_assert_eq!(area.years.iter().map(|y| y.1).sum::<Money>(), f.support);
        }
        prop_assert_eq!(total, found.total);
        if let Some(cap) = scheme.yearly_cap {
            prop_assert!(by_year.iter().all(|&sum| sum as f64 <= cap * 100.0 + 1e-9));
        }
        let in_places = found.municipalities.iter().fold(Funding::default(), |sum, m| sum.plus(m.funding));
        prop_assert_eq!(in_places, found.total);
        for m in &found.municipalities {
            prop_assert_eq!(parties(m.funding), m.funding.cost.as_minor());
        }
        prop_assert_eq!(found.municipalities.iter().map(|m| m.unsupported).sum::<Money>(), found.unsupported);
    }
}
