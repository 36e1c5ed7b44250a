//! Is a sharing fair, and does it pay to join? The game of what each group of members would pay on its own.
//!
//! Nothing here chooses a route: [`groups`] says which groups to plan on which [`Ground`], and [`settle`] takes their networks
//! and bounds. The bounds are made consistent first, so that one good network or proof helps every group it says something of.

mod ground;
mod least_core;
mod shapley;

use std::collections::BTreeMap;

use breiband_model::{
    ALL_GROUPS, Allocation, Game, GroupCost, LeastCore, Money, Shapley, SharingKey, Verdict, everybody,
};

use breiband_random::SplitMix64;

use crate::sharing::{Basis, split};
pub use ground::{Ground, Stretch};

/// Wronged groups that are listed for an allocation.
const LISTED: usize = 12;

/// What planning a group came to, fixed costs left out; amounts are minor units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Planned {
    /// Bits of its members.
    pub members: u32,
    /// No network costs less, and one that costs this; `None` where its ground does not suffice.
    pub cost: Option<(u64, u64)>,
    /// Stretches of that network.
    pub tree: Vec<u32>,
    /// The bound by member: what its premises' potentials add up to.
    pub proof: Vec<u64>,
}

/// Orders of joining, drawn with a seed where there are too many members to plan every group.
pub fn orders(members: usize, samples: u32, seed: u64) -> Vec<Vec<usize>> {
    if members <= ALL_GROUPS {
        return Vec::new();
    }
    let mut random = SplitMix64::new(seed);
    let mut draw = |below: usize| ((u128::from(random.bits()) * below as u128) >> 64) as usize;
    let mut order = || {
        let mut order: Vec<usize> = (0..members).collect();
        for i in (1..members).rev() {
            order.swap(i, draw(i + 1));
        }
        order
    };
    (0..samples).map(|_| order()).collect()
}

/// The groups to plan, ascending: all of them, or those met in the orders drawn, each member, everybody, and everybody but one.
pub fn groups(members: usize, orders: &[Vec<usize>]) -> Vec<u32> {
    let all = everybody(members);
    if members <= ALL_GROUPS {
        return (1..=all).collect();
    }
    let mut found = std::collections::BTreeSet::from([all]);
    for m in 0..members {
        found.extend([1 << m, all & !(1 << m)]);
    }
    for order in orders {
        let mut group = 0;
        found.extend(order.iter().map(|m| {
            group |= 1 << m;
            group
        }));
    }
    found.into_iter().collect()
}

/// What [`settle`] needs besides the groups' plans.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Codes and names of the members.
    pub members: &'a [(String, String)],
    /// Orders of joining, where not every group is planned.
    pub orders: &'a [Vec<usize>],
    /// What every group pays once, minor units.
    pub fixed: u64,
    /// Keys to hold against the game, and what each member has of their measures in the final design.
    pub keys: &'a [SharingKey],
    /// One a member.
    pub bases: &'a [Basis],
}

/// Works the game out from the groups' plans: `planned` as [`groups`] lists them, on `ground`; `whole` is the plan of everybody
/// on its own numbering of stretches, whose network and proof help all groups. O(groups²) and the least core's programme.
pub fn settle(rules: &Rules<'_>, ground: &Ground, planned: &[Planned], whole: Option<(&Ground, &Planned)>) -> Game {
    let n = rules.members.len();
    let bounds = consistent(ground, planned, whole);
    let groups: Vec<GroupCost> = planned
        .iter()
        .zip(&bounds)
        .map(|(p, b)| GroupCost { members: p.members, cost: b.map(|(l, u)| (l + rules.fixed, u + rules.fixed)) })
        .collect();
    let cost_of: BTreeMap<u32, Option<(u64, u64)>> = groups.iter().map(|g| (g.members, g.cost)).collect();
    let known = |group: u32| if group == 0 { Some((0, 0)) } else { cost_of.get(&group).copied().flatten() };
    let all = everybody(n);
    let every = n <= ALL_GROUPS;
    let everywhere = groups.iter().all(|g| g.cost.is_some());
    let shapley = match (everywhere, every) {
        (false, _) => Vec::new(),
        (_, true) => shapley::exact(n, |s| known(s).unwrap_or_default()),
        (_, false) => shapley::sampled(n, rules.orders, |s| known(s).unwrap_or_default()),
    };
    let least_core = (every && n > 1).then(|| least_core(n, &groups, known(all)?)).flatten();
    let singles: Option<Vec<(u64, u64)>> = (0..n).map(|m| known(1 << m)).collect();
    let saving = singles.as_ref().zip(known(all)).map(|(singles, (least, most))| {
        let sum = |of: fn(&(u64, u64)) -> u64| singles.iter().map(of).sum::<u64>() as i64;
        (sum(|s| s.0) - most as i64, sum(|s| s.1) - least as i64)
    });
    let mut allocations = Vec::new();
    if let Some((_, total)) = known(all) {
        let mut judge = |name: &str, shares: Vec<i64>| {
            allocations.push(judged(name, shares, &groups, &shapley, all));
        };
        for key in rules.keys {
            let shares = split(Money::from_minor(total), key, rules.bases);
            judge(&key.name, shares.iter().map(|s| s.as_minor() as i64).collect());
        }
        if !shapley.is_empty() {
            judge("shapley", shapley.iter().map(|value| value.share).collect());
        }
        if let Some(core) = &least_core {
            judge("least-core", core.shares.clone());
        }
    }
    let proofs = planned.iter().filter(|p| p.members == all).chain(whole.map(|(_, p)| p));
    let dual = proofs.max_by_key(|p| p.proof.iter().sum::<u64>()).map(|p| p.proof.clone()).unwrap_or_default();
    let members = rules.members.to_vec();
    Game { members, groups, all: every, fixed: rules.fixed, shapley, dual, least_core, allocations, saving }
}

/// A group's network and proof.
struct Known<'a> {
    members: u32,
    ground: &'a Ground,
    /// Its stretches, with the players behind each.
    behind: Vec<(u32, u32)>,
    proof: &'a [u64],
}

/// Each group's bounds with what the other groups' networks and proofs say of it.
fn consistent(ground: &Ground, planned: &[Planned], whole: Option<(&Ground, &Planned)>) -> Vec<Option<(u64, u64)>> {
    let mut bounds: Vec<Option<(u64, u64)>> = planned.iter().map(|p| p.cost).collect();
    let at: BTreeMap<u32, usize> = planned.iter().enumerate().map(|(i, p)| (p.members, i)).collect();
    // What a larger group's proof gives its part's premises is paid by the part alone too: for it, stretches cost no less.
    // And a larger group's network, pruned to the part's premises, serves it, at its own prices.
    let mut known: Vec<Known<'_>> = Vec::new();
    let sources = planned.iter().map(|p| (ground, p)).chain(whole);
    for (ground, plan) in sources.filter(|(_, p)| p.cost.is_some()) {
        let (members, behind, proof) = (plan.members, ground.behind(&plan.tree), plan.proof.as_slice());
        known.push(Known { members, ground, behind, proof });
    }
    for (i, plan) in planned.iter().enumerate() {
        for larger in known.iter().filter(|k| plan.members & !k.members == 0) {
            let own = (0..larger.proof.len()).filter(|m| plan.members >> m & 1 == 1);
            let proven: u64 = own.map(|m| larger.proof[m]).sum();
            if let Some((least, most)) = &mut bounds[i] {
                *least = (*least).max(proven);
                *most = larger.ground.pruned(&larger.behind, plan.members).map_or(*most, |cost| cost.min(*most));
            }
        }
    }
    let mut ascending: Vec<usize> = (0..planned.len()).collect();
    ascending.sort_by_key(|&i| (planned[i].members.count_ones(), planned[i].members));
    // Where nobody that joins makes anything cheaper, a larger group does not pay less.
    let matters = ground.missed();
    for &i in &ascending {
        let group = planned[i].members;
        for (j, part) in planned.iter().enumerate().filter(|(_, p)| p.members & !group == 0 && p.members != group) {
            // Two networks beside each other are one for both.
            if let (Some(a), Some(b)) = (bounds[j], at.get(&(group & !part.members)).and_then(|&k| bounds[k])) {
                bounds[i] = bounds[i].map(|(least, most)| (least, most.min(a.1 + b.1)));
            }
            if let (Some(a), true) = (bounds[j], group & !part.members & matters == 0) {
                bounds[i] = bounds[i].map(|(least, most)| (least.max(a.0), most));
            }
        }
    }
    bounds
}

/// A sharing held against every group but everybody.
fn judged(name: &str, shares: Vec<i64>, groups: &[GroupCost], shapley: &[Shapley], all: u32) -> Allocation {
    let mut wronged = Vec::new();
    let mut undecided = 0;
    let mut over_alone = vec![0; shares.len()];
    for group in groups.iter().filter(|g| g.members != all) {
        let Some((least, most)) = group.cost else { continue };
        let pays: i64 = (0..shares.len()).filter(|m| group.members >> m & 1 == 1).map(|m| shares[m]).sum();
        let over = |cost: u64| u64::try_from(pays - cost as i64).ok().filter(|&over| over > 0);
        match (over(most), over(least)) {
            (Some(more), _) => wronged.push((group.members, more)),
            (None, Some(_)) => undecided += 1,
            (None, None) => {}
        }
        if group.members.is_power_of_two() {
            over_alone[group.members.trailing_zeros() as usize] = over(most).unwrap_or(0);
        }
    }
    let verdict = match (wronged.is_empty(), undecided) {
        (false, _) => Verdict::Fails,
        (true, 0) => Verdict::Holds,
        (true, _) => Verdict::Undecided,
    };
    wronged.sort_by_key(|&(group, more)| (std::cmp::Reverse(more), group));
    wronged.truncate(LISTED);
    let over_shapley = shares
        .iter()
        .zip(shapley)
        .map(|(&share, value)| (share - value.most).max(0) + (share - value.least).min(0))
        .collect();
    Allocation { name: name.to_owned(), shares, verdict, wronged, undecided, over_alone, over_shapley }
}

/// The least core between the games that the bounds allow: ε falls as groups get dearer and rises with the whole's cost.
fn least_core(members: usize, groups: &[GroupCost], whole: (u64, u64)) -> Option<LeastCore> {
    let proper = &groups[..groups.len() - 1];
    let costs = |of: fn((u64, u64)) -> u64| -> Vec<(u32, i128)> {
        proper.iter().filter_map(|g| Some((g.members, i128::from(of(g.cost?))))).collect()
    };
    let low = least_core::least_core(members, &costs(|c| c.1), whole.0.into())?;
    let high = least_core::least_core(members, &costs(|c| c.0), whole.1.into())?;
    Some(LeastCore {
        least: low.epsilon.div_euclid(low.denominator) as i64,
        most: -(-high.epsilon).div_euclid(high.denominator) as i64,
        shares: shapley::rounded(&high.shares, high.denominator),
    })
}

#[cfg(test)]
mod tests;
