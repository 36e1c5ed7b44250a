//! Who is covered: by municipality, density, year and speed; households passed and connected.

use breiband_model::{CoverageRow, Premises, PremisesKind, PremisesPhase, ProgrammeSettings, Region};
use breiband_spatial::PointIndex;

/// A row for all and for each municipality, in it for all and for each density class, for today and the end of each year, for
/// each speed; where there are no premises there is none. Outbuildings are left out. Whoever has the speed today counts as
/// connected. `delivers` is what is built for a premises, Mbit/s down. O(n log n) for the densities.
pub(crate) fn coverage(
    region: &Region,
    settings: &ProgrammeSettings,
    phases: &[PremisesPhase],
    delivers: impl Fn(usize) -> f64,
) -> Vec<CoverageRow> {
    let density = settings.density.clone().unwrap_or_default();
    let counted: Vec<(&Premises, &PremisesPhase, f64)> = (region.premises.iter().zip(phases).enumerate())
        .filter(|(_, (p, _))| p.kind != PremisesKind::Outbuilding)
        .map(|(at, (p, phase))| (p, phase, delivers(at)))
        .collect();
    let points: Vec<_> = counted.iter().map(|(p, ..)| p.point).collect();
    let index = PointIndex::build(&points);
    let classes = density.classes.len() + 1;
    // Itself, and others as far as they make a difference.
    let most = density.classes.last().map_or(1, |class| class.from.saturating_add(1)) as usize;
    // Class 0 and area 0 are all of them.
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); (1 + region.municipalities.len()) * classes];
    for (at, (p, ..)) in counted.iter().enumerate() {
        let near = index.count_within(p.point, (density.within_m * 1000.0) as u32, most) as u64;
        let class = density.classes.partition_point(|class| class.from < near.max(1));
        for area in [Some(0), p.municipality.map(|m| m.index() + 1)].into_iter().flatten() {
            groups[area * classes].push(at);
            groups[area * classes + class].push(at);
        }
    }
    let years: Vec<Option<u16>> = std::iter::once(None).chain(settings.budgets.iter().map(|b| Some(b.year))).collect();
    let mut rows = Vec::new();
    for (group, here) in groups.iter().enumerate().filter(|(_, here)| !here.is_empty()) {
        let (area, class) = (group / classes, group % classes);
        for &year in &years {
            for &threshold_mbps in &settings.thresholds_mbps {
                let mut row = CoverageRow {
                    municipality: if area == 0 { String::new() } else { region.municipalities[area - 1].code.clone() },
                    density: if class == 0 { String::new() } else { density.classes[class - 1].name.clone() },
                    year,
                    threshold_mbps,
                    households: 0,
                    households_passed: 0,
                    households_connected: 0,
                    premises: 0,
                    premises_passed: 0,
                    premises_connected: 0,
                };
                for (p, phase, delivered) in here.iter().map(|&at| &counted[at]) {
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
