//! Tables of service and sign-ups, joined to premises by external id.

use std::collections::HashMap;

use breiband_model::{Issue, Options, RegionParts, Severity};

use super::Issues;
use crate::raw::RawRegion;

/// Joins all tables, in the order of the files. The first row of an id counts.
pub(super) fn join(raws: &mut [RawRegion], parts: &mut RegionParts, issues: &mut Issues) {
    if raws.iter().all(|raw| raw.service.is_empty() && raw.sign_ups.is_empty()) {
        return;
    }
    let by_id: HashMap<String, usize> =
        parts.premises.iter().enumerate().map(|(number, p)| (p.external_id.clone(), number)).collect();
    let (mut served, mut signed) = (vec![false; parts.premises.len()], vec![false; parts.premises.len()]);
    for (index, raw) in raws.iter_mut().enumerate() {
        let file = parts.sources[index].name.clone();
        let unknown = || {
            let message = "no premises has this id, so the row was left out; are the ids those of the address file?";
            Issue::new("unknown-premises", Severity::Warning, message)
        };
        let twice = |code: &str| Issue::new(code, Severity::Warning, "this id was in an earlier row, which counts");
        for (id, service, record) in std::mem::take(&mut raw.service) {
            let Some(&number) = by_id.get(&id) else {
                issues.push(&file, &record, unknown().field("id", &id));
                continue;
            };
            if std::mem::replace(&mut served[number], true) {
                issues.push(&file, &record, twice("duplicate-service").field("id", &id));
            } else {
                parts.premises[number].service = Some(service);
            }
        }
        for (id, yes, record) in std::mem::take(&mut raw.sign_ups) {
            let Some(&number) = by_id.get(&id) else {
                issues.push(&file, &record, unknown().field("id", &id));
                continue;
            };
            if std::mem::replace(&mut signed[number], true) {
                issues.push(&file, &record, twice("duplicate-sign-up").field("id", &id));
            } else {
                parts.premises[number].signed_up = Some(yes);
            }
        }
    }
}

/// Ids that the scenario's options name and no file has.
pub(super) fn unknown_options(options: &Options, parts: &RegionParts, issues: &mut Issues) {
    let check = |ids: &[String], known: std::collections::BTreeSet<&str>, field: &str, issues: &mut Issues| {
        for id in ids.iter().filter(|id| !known.contains(id.as_str())) {
            let message = "nothing in the inputs has this id, so the option does nothing";
            issues.push("", "", Issue::new("unknown-option-id", Severity::Warning, message).field(field, id));
        }
    };
    if !options.exclude.is_empty() {
        let known = parts.premises.iter().map(|p| p.external_id.as_str()).collect();
        check(&options.exclude, known, "options.exclude", issues);
    }
    if !options.include.is_empty() {
        let known = parts.premises.iter().map(|p| p.external_id.as_str()).collect();
        check(&options.include, known, "options.include", issues);
    }
    if !options.forbid_ways.is_empty() {
        let known = parts.ways.iter().map(|w| w.external_id.as_str()).collect();
        check(&options.forbid_ways, known, "options.forbid_ways", issues);
    }
}
