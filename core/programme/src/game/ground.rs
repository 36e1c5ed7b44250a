//! The candidates as a group of municipalities meets them: what a stretch costs, whose ground it lies on, what outsiders pay.

use std::collections::BTreeMap;

use breiband_model::{
    CandidateNetwork, GameSettings, Money, MunicipalityId, Region, RoutePlan, Sentence, SettingsFault, Status, Step,
    Territory, VertexKind,
};
use breiband_spatial::Territories;

/// The bit of municipalities that are no players: they are outside every group.
const OUTSIDE: u8 = 31;

/// A stretch that may be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// One end.
    pub tail: u32,
    /// The other.
    pub head: u32,
    /// What building it costs, minor units.
    pub cost: u64,
    /// Bits of the players on whose ground it lies.
    on: u32,
    /// What it costs more, by owner, where the owner is not in the group.
    charges: Vec<(u8, u64)>,
}

impl Stretch {
    #[cfg(test)]
    pub(crate) fn of(tail: u32, head: u32, cost: u64, on: u32, charges: Vec<(u8, u64)>) -> Self {
        Self { tail, head, cost, on, charges: charges.into_iter().filter(|c| c.1 > 0).collect() }
    }

    /// What it costs a group; `None` where the group may not build it.
    pub fn cost_for(&self, group: u32) -> Option<u64> {
        let more = self.charges.iter().filter(|(owner, _)| group >> owner & 1 == 0).map(|(_, charge)| charge);
        (self.on & !group == 0).then(|| self.cost + more.sum::<u64>())
    }

    /// Whether no group that may build `other` is worse off with this one.
    fn dominates(&self, other: &Self) -> bool {
        let charge = |owner| other.charges.iter().find(|c| c.0 == owner).map_or(0, |c| c.1);
        self.cost <= other.cost && self.on & !other.on == 0 && self.charges.iter().all(|&(o, c)| c <= charge(o))
    }

    fn joined(&self, other: &Self, tail: u32, head: u32) -> Self {
        let mut charges: BTreeMap<u8, u64> = BTreeMap::new();
        for &(owner, charge) in self.charges.iter().chain(&other.charges) {
            *charges.entry(owner).or_default() += charge;
        }
        let charges = charges.into_iter().collect();
        Self { tail, head, cost: self.cost + other.cost, on: self.on | other.on, charges }
    }
}

/// Everything that could be built, and who needs what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// Number of vertices.
    pub vertices: u32,
    /// Where every path begins.
    pub root: u32,
    /// Stretches, numbered as edges.
    pub stretches: Vec<Stretch>,
    /// Building entries, and the players with premises there; no path passes through one.
    pub terminals: Vec<(u32, u32)>,
}

impl Ground {
    /// The candidates of a plan, for `players`, and the premises that it connects. Stretches have the edges' numbers.
    ///
    /// # Errors
    /// A handover in the settings that the network does not have.
    pub fn new(
        region: &Region,
        network: &CandidateNetwork,
        route: &RoutePlan,
        settings: &GameSettings,
        players: &[Option<MunicipalityId>],
    ) -> Result<Self, SettingsFault> {
        let player_of = |m: MunicipalityId| {
            players
                .iter()
                .position(|player| *player == Some(m))
                .map_or(OUTSIDE, |at| u8::try_from(at).unwrap_or(OUTSIDE))
        };
        let wayleave = Money::from_major(settings.wayleave_per_metre).unwrap_or_default().as_minor();
        let toll = Money::from_major(settings.outsider_price).unwrap_or_default().as_minor();
        let mut owner_of_handover: BTreeMap<usize, u8> = BTreeMap::new();
        for (nth, owned) in settings.handovers.iter().enumerate() {
            let named = |h: &breiband_model::Handover| h.external_id == owned.name || h.name == owned.name;
            let at = network.handovers.iter().position(named).ok_or_else(|| {
                SettingsFault::new(
                    vec![Step::Key("game"), Step::Key("handover"), Step::At(nth), Step::Key("name")],
                    Sentence::with(
                        "no handover of the inputs has the id or name {name}",
                        [("name", format!("{:?}", owned.name))],
                    ),
                )
            })?;
            let owner = region.municipalities.iter().position(|m| m.code == owned.owner);
            owner_of_handover.insert(at, owner.map_or(OUTSIDE, |m| player_of(MunicipalityId::from_usize(m))));
        }
        let territories = Territories::new(&region.municipalities);
        let grounds = wayleave > 0 || settings.territory == Territory::Own;
        let stretch = |edge: &breiband_model::Edge| {
            let mut metres: BTreeMap<u8, u64> = BTreeMap::new();
            for part in network.parts_of(edge).iter().filter(|_| grounds) {
                for (owner, mm) in territories.of(network, edge, part) {
                    if let Some(owner) = owner {
                        *metres.entry(player_of(owner)).or_default() += mm;
                    }
                }
            }
            let own = settings.territory == Territory::Own;
            let on = if own { metres.keys().fold(0, |bits, &owner| bits | 1 << owner) } else { 0 };
            let fee = |(owner, mm): (u8, u64)| (owner, ((u128::from(mm) * u128::from(wayleave) + 500) / 1000) as u64);
            let mut charges: BTreeMap<u8, u64> = metres.into_iter().map(fee).filter(|(_, fee)| *fee > 0).collect();
            let ends = [edge.tail, edge.head].map(|v| network.vertices[v.index()].kind);
            let handover = ends.into_iter().find_map(|kind| match kind {
                VertexKind::Handover(id) if ends.contains(&VertexKind::Root) => Some(id),
                _ => None,
            });
            if let Some(&owner) = handover.and_then(|id| owner_of_handover.get(&id.index())).filter(|_| toll > 0) {
                *charges.entry(owner).or_default() += toll;
            }
            let (tail, head) = (edge.tail.as_u32(), edge.head.as_u32());
            Stretch { tail, head, cost: edge.building().as_minor(), on, charges: charges.into_iter().collect() }
        };
        let mut terminals = Vec::new();
        for terminal in &network.terminals {
            let connected = |id: &&breiband_model::PremisesId| route.outcomes[id.index()].status == Status::Connected;
            let whose = |id| region.premises_of(id).municipality.map(player_of).filter(|&p| p != OUTSIDE);
            let bits =
                terminal.premises.iter().filter(connected).filter_map(|&id| whose(id)).fold(0, |b, p| b | 1 << p);
            if bits != 0 {
                terminals.push((terminal.vertex.as_u32(), bits));
            }
        }
        // A cabinet is needed by whoever's ground it stands on.
        for cabinet in &network.cabinets {
            let owner = territories.at(cabinet.point).map(player_of).filter(|&player| player != OUTSIDE);
            terminals.extend(cabinet.vertex.zip(owner).map(|(vertex, player)| (vertex.as_u32(), 1 << player)));
        }
        Ok(Self {
            vertices: network.vertices.len() as u32,
            root: CandidateNetwork::ROOT.as_u32(),
            stretches: network.edges.iter().map(stretch).collect(),
            terminals,
        })
    }

    /// Players whose leaving a group makes anything dearer or forbidden for it.
    pub(crate) fn missed(&self) -> u32 {
        self.stretches
            .iter()
            .fold(0, |bits, s| s.charges.iter().fold(bits | s.on, |bits, (owner, _)| bits | 1 << owner))
    }

    /// The same for every group, and smaller: dead ends, places with two neighbours and dominated stretches are gone, and the
    /// premises that nobody here connects. O(n log n).
    #[must_use]
    pub fn contracted(&self, sinks: &[u32]) -> Self {
        let n = self.vertices as usize;
        let mut kept = vec![false; n];
        let mut barred = vec![false; n];
        sinks.iter().for_each(|&v| barred[v as usize] = true);
        for &(v, _) in &self.terminals {
            kept[v as usize] = true;
            barred[v as usize] = false;
        }
        kept[self.root as usize] = true;
        let mut at: Vec<Vec<u32>> = vec![Vec::new(); n];
        let mut all: Vec<Option<Stretch>> = Vec::new();
        for stretch in self.stretches.iter().filter(|s| !barred[s.tail as usize] && !barred[s.head as usize]) {
            add(&mut all, &mut at, stretch.clone());
        }
        merge(&mut all, &mut at, &kept);
        let stretches: Vec<Stretch> = all.into_iter().flatten().collect();
        let mut name = vec![u32::MAX; n];
        let ends = stretches.iter().flat_map(|s| [s.tail, s.head]);
        let mut used: Vec<u32> = ends.chain(self.terminals.iter().map(|t| t.0)).chain([self.root]).collect();
        used.sort_unstable();
        used.dedup();
        for (new, &old) in used.iter().enumerate() {
            name[old as usize] = new as u32;
        }
        let named = |v: u32| name[v as usize];
        Self {
            vertices: used.len() as u32,
            root: named(self.root),
            stretches: stretches
                .into_iter()
                .map(|s| Stretch { tail: named(s.tail), head: named(s.head), ..s })
                .collect(),
            terminals: self.terminals.iter().map(|&(v, bits)| (named(v), bits)).collect(),
        }
    }

    /// A tree's stretches with the players behind each. The root's part of it is followed, nothing else.
    pub(crate) fn behind(&self, tree: &[u32]) -> Vec<(u32, u32)> {
        let mut at: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &e in tree {
            let s = &self.stretches[e as usize];
            at.entry(s.tail).or_default().push(e);
            at.entry(s.head).or_default().push(e);
        }
        let needs: BTreeMap<u32, u32> = self.terminals.iter().copied().collect();
        let mut rows: Vec<(u32, u32, Option<usize>)> = Vec::with_capacity(tree.len());
        let mut seen: std::collections::BTreeSet<u32> = [self.root].into();
        let mut open = vec![(self.root, None)];
        while let Some((v, above)) = open.pop() {
            for &e in at.get(&v).into_iter().flatten() {
                let s = &self.stretches[e as usize];
                let far = if s.tail == v { s.head } else { s.tail };
                if seen.insert(far) {
                    open.push((far, Some(rows.len())));
                    rows.push((e, needs.get(&far).copied().unwrap_or(0), above));
                }
            }
        }
        for row in (0..rows.len()).rev() {
            if let (bits, Some(above)) = (rows[row].1, rows[row].2) {
                rows[above].1 |= bits;
            }
        }
        rows.into_iter().map(|(e, bits, _)| (e, bits)).collect()
    }

    /// What the part of a tree that a group needs costs it; `None` where some of it is forbidden to it.
    pub(crate) fn pruned(&self, behind: &[(u32, u32)], group: u32) -> Option<u64> {
        let needed = behind.iter().filter(|(_, bits)| bits & group != 0);
        needed.map(|&(e, _)| self.stretches[e as usize].cost_for(group)).sum()
    }
}

/// Takes dead ends away and makes one stretch of two at a place that is not `kept` and has no other neighbours.
fn merge(all: &mut Vec<Option<Stretch>>, at: &mut [Vec<u32>], kept: &[bool]) {
    let mut open: Vec<u32> = (0..at.len() as u32).rev().collect();
    while let Some(v) = open.pop() {
        at[v as usize].retain(|&e| all[e as usize].is_some());
        if kept[v as usize] {
            continue;
        }
        let far = |s: &Stretch| if s.tail == v { s.head } else { s.tail };
        match *at[v as usize].as_slice() {
            [only] => {
                open.extend(all[only as usize].take().map(|s| far(&s)));
            }
            [one, two] => {
                let (Some(one), Some(two)) = (all[one as usize].take(), all[two as usize].take()) else { continue };
                let (a, b) = (far(&one), far(&two));
                if a != b {
                    add(all, at, one.joined(&two, a, b));
                }
                open.extend([a, b]);
            }
            _ => {}
        }
    }
}

/// Adds a stretch unless one beside it is as good for every group; takes away those that it is better than.
fn add(all: &mut Vec<Option<Stretch>>, at: &mut [Vec<u32>], stretch: Stretch) {
    let (tail, head) = (stretch.tail, stretch.head);
    let fewer = if at[tail as usize].len() <= at[head as usize].len() { tail } else { head };
    for &e in &at[fewer as usize] {
        let Some(beside) = &all[e as usize] else { continue };
        if [(tail, head), (head, tail)].contains(&(beside.tail, beside.head)) {
            if beside.dominates(&stretch) {
                return;
            }
            if stretch.dominates(beside) {
                all[e as usize] = None;
            }
        }
    }
    for end in [tail, head] {
        at[end as usize].push(all.len() as u32);
    }
    all.push(Some(stretch));
}
