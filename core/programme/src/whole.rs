//! What each member has of a key's measures in the whole plan, whatever the years: what a key means in the end.

use std::collections::BTreeMap;

use breiband_model::{Member, MunicipalityId};

use crate::build::Input;
use crate::sharing::Basis;
use crate::tree::branches;

/// One a member: inhabitants as in its first year with a budget, premises and metres of everything that is planned.
pub(crate) fn bases(input: &Input<'_>, members: &[Member]) -> Vec<Basis> {
    let branches = branches(input.region, input.book, input.network, input.route, input.settings);
    let mut whole: BTreeMap<Option<MunicipalityId>, Basis> = BTreeMap::new();
    for branch in &branches {
        for (owner, ground) in branch.ground.iter() {
            whole.entry(owner).or_default().built_mm += ground.1;
        }
        for (user, share) in branch.caused(branch.cost) {
            whole.entry(user).or_default().caused += share;
        }
        for &id in &branch.premises {
            whole.entry(input.region.premises_of(id).municipality).or_default().connected += 1;
        }
    }
    let basis = |member: &Member| {
        let id = input.region.municipalities.iter().position(|m| m.code == member.code).map(MunicipalityId::from_usize);
        let year = input.settings.budgets.iter().map(|b| b.year).find(|&year| member.in_year(year));
        Basis {
            inhabitants: year.and_then(|year| member.inhabitants_in(year)).map_or(0, |(_, count)| count),
            premises: input.region.premises.iter().filter(|p| p.municipality == id).count() as u64,
            ..whole.get(&id).copied().unwrap_or_default()
        }
    };
    members.iter().map(basis).collect()
}
