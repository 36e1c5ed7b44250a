//! Who is covered: by municipality, year and speed; households passed and connected.

use breiband_model::{CoverageRow, PremisesKind, PremisesPhase, ProgrammeSettings, Region};

/// A row for all and for each municipality with premises, for today and the end of each year, for each speed. Outbuildings
/// are left out. Whoever has the speed today counts as connected. `delivers` is what is built for a premises, Mbit/s down.
pub(crate) fn coverage(
    region: &Region,
    settings: &ProgrammeSettings,
    phases: &[PremisesPhase],
    delivers: impl Fn(usize) -> f64,
) -> Vec<CoverageRow> {
    let areas = 1 + region.municipalities.len();
    let years: Vec<Option<u16>> = std::iter::once(None).chain(settings.budgets.iter().map(|b| Some(b.year))).collect();
    let mut rows = Vec::new();
    for area in 0..areas {
        let inside = |m: Option<breiband_model::MunicipalityId>| area == 0 || m.is_some_and(|m| m.index() + 1 == area);
        let here: Vec<_> = region
            .premises
            .iter()
            .zip(phases)
            .enumerate()
            .map(|(at, (p, phase))| (p, phase, delivers(at)))
            .filter(|(p, ..)| p.kind != PremisesKind::Outbuilding && inside(p.municipality))
            .collect();
        if here.is_empty() {
            continue;
        }
        for &year in &years {
            for &threshold_mbps in &settings.thresholds_mbps {
                let mut row = CoverageRow {
                    municipality: if area == 0 { String::new() } else { region.municipalities[area - 1].code.clone() },
                    year,
                    threshold_mbps,
                    households: 0,
                    households_passed: 0,
                    households_connected: 0,
                    premises: 0,
                    premises_passed: 0,
                    premises_connected: 0,
                };
                for (p, phase, delivered) in &here {
                    let today = p.service.as_ref().is_some_and(|service| service.down_mbps >= threshold_mbps);
                    let built = *delivered >= threshold_mbps && phase.phase.by(year);
                    let (passed, connected) = (today || built, today || (built && phase.connected));
                    row.households += u64::from(p.households);
                    row.premises += 1;
                    if passed {
                        row.households_passed += u64::from(p.households);
                        row.premises_passed += 1;
                    }
                    if connected {
                        row.households_connected += u64::from(p.households);
                        row.premises_connected += 1;
                    }
                }
                rows.push(row);
            }
        }
    }
    rows
}
