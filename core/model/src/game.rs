//! The game of building together: what each group of municipalities would pay on its own, and whether a sharing holds against
//! it. The scenario's section `[programme.game]`, and what comes of it. Amounts are minor units.

use serde::{Deserialize, Serialize};

use crate::{Money, Sentence, SettingsFault, Step};

/// Members that a game may have: groups are bits of a number.
pub const MOST_PLAYERS: usize = 30;
/// Members up to which every group is planned.
pub const ALL_GROUPS: usize = 10;

/// The section `[programme.game]`: what a group of municipalities meets that builds without the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GameSettings {
    /// What a group pays for each metre on the ground of a municipality outside it, major units.
    pub wayleave_per_metre: f64,
    /// What a group pays for a handover of a municipality outside it, major units.
    pub outsider_price: f64,
    /// Where a group may build.
    pub territory: Territory,
    /// Optimiser steps for each group's network.
    pub steps: u64,
    /// Orders of joining that are drawn where there are more than ten members.
    pub samples: u32,
    /// Where the wayleave and the outsiders' price come from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Handovers that belong to a municipality; the others are shared by all.
    #[serde(rename = "handover", skip_serializing_if = "Vec::is_empty")]
    pub handovers: Vec<OwnedHandover>,
}

/// Where a group may build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Territory {
    /// Everywhere, for a wayleave.
    #[default]
    Anywhere,
    /// On its members' ground and on nobody's; a group that cannot connect its own premises so is infeasible.
    Own,
}

/// Whose a handover is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnedHandover {
    /// Its id or name in the inputs.
    pub name: String,
    /// Code of the municipality that owns it.
    pub owner: String,
}

impl Default for GameSettings {
    fn default() -> Self {
        Self {
            wayleave_per_metre: 0.0,
            outsider_price: 0.0,
            territory: Territory::Anywhere,
            steps: 200_000,
            samples: 100,
            source: String::new(),
            handovers: Vec::new(),
        }
    }
}

impl GameSettings {
    /// The first fault, with the way to it; `knows` says whether a code is a member's.
    pub(crate) fn check(&self, knows: impl Fn(&str) -> bool) -> Result<(), SettingsFault> {
        use Step::{At, Key};
        let fault =
            |path: Vec<Step>, problem: Sentence| Err(SettingsFault::new([vec![Key("game")], path].concat(), problem));
        let amount = |major: f64| Money::from_major(major).is_some_and(|m| (m.as_major() - major).abs() < 1e-6);
        for (key, major, most) in
            [("wayleave_per_metre", self.wayleave_per_metre, 1e6), ("outsider_price", self.outsider_price, 1e12)]
        {
            if !amount(major) || major > most {
                return fault(
                    vec![Key(key)],
                    Sentence::with(
                        "write an amount from 0 to {most} with at most two decimals",
                        [("most", most.to_string())],
                    ),
                );
            }
        }
        if !(2..=100_000).contains(&self.samples) {
            return fault(vec![Key("samples")], "draw 2 to 100,000 orders of joining".into());
        }
        for (at, handover) in self.handovers.iter().enumerate() {
            if !knows(&handover.owner) {
                let problem = crate::Member::is_unknown(&handover.owner);
                return fault(vec![Key("handover"), At(at), Key("owner")], problem);
            }
            if self.handovers[..at].iter().any(|other| other.name == handover.name) {
                let name = format!("{:?}", handover.name);
                let problem =
                    Sentence::with("the handover {name} is there twice: leave one of them out", [("name", name)]);
                return fault(vec![Key("handover"), At(at), Key("name")], problem);
            }
        }
        Ok(())
    }
}

/// What a group would pay on its own: its fixed costs included, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct GroupCost {
    /// Bit m is set where member m is in the group.
    pub members: u32,
    /// No network costs less, and a network that costs this; `None` where its ground alone does not suffice.
    pub cost: Option<(u64, u64)>,
}

/// A member's Shapley value (Shapley 1953), minor units: what it adds to the cost, on the average over the orders in which the
/// group may come together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Shapley {
    /// By the networks found; together they are the cost of the whole.
    pub share: i64,
    /// It cannot be less, by the proven bounds.
    pub least: i64,
    /// It cannot be more.
    pub most: i64,
    /// Standard error of `share`, where orders were drawn; 0 where all groups are known.
    pub error: u64,
}

/// What is known of a sharing in the face of all groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No group would pay less on its own: proven.
    Holds,
    /// A group would pay less on its own: proven by its network.
    Fails,
    /// Some group's cost is not known closely enough.
    Undecided,
}

/// A way of sharing the whole cost, held against the game. Amounts are minor units, groups bits of their members.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Allocation {
    /// The key's name, `shapley` or `least-core`.
    pub name: String,
    /// What each member pays.
    pub shares: Vec<i64>,
    /// Whether every group is content.
    pub verdict: Verdict,
    /// Groups that would pay less on their own, with what they pay too much for certain; the most wronged first.
    pub wronged: Vec<(u32, u64)>,
    /// Groups that may or may not.
    pub undecided: u64,
    /// For each member what it pays above the most that its own network would cost; 0 where it does not.
    pub over_alone: Vec<u64>,
    /// For each member what it pays above (or, negative, below) every value that its Shapley value may have.
    pub over_shapley: Vec<i64>,
}

/// How discontented the most discontented group must be, whatever the sharing (Maschler, Peleg and Shapley 1979); minor units.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeastCore {
    /// The least core's ε is not below this; negative where a sharing leaves every group better off than alone.
    pub least: i64,
    /// And not above this.
    pub most: i64,
    /// A sharing of the whole cost by which no group is more discontented than `most`.
    pub shares: Vec<i64>,
}

/// What came of the game. Amounts are minor units, groups bits of their members: bit m is that of member m.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Game {
    /// Codes and names of the players: the programme's members.
    pub members: Vec<(String, String)>,
    /// Groups whose networks were planned, by `members`.
    pub groups: Vec<GroupCost>,
    /// Whether that is every group; else only those met in drawn orders.
    pub all: bool,
    /// Fixed costs, once in every group.
    pub fixed: u64,
    /// One a member; empty where some group cannot do without the others.
    pub shapley: Vec<Shapley>,
    /// What the proof of the whole network says of each member: no group of them pays less on its own than these together,
    /// and all together pay at least the bound (fixed costs left out).
    pub dual: Vec<u64>,
    /// Only where every group is known and each member could build alone.
    pub least_core: Option<LeastCore>,
    /// The keys, the Shapley value and the least core held against the groups.
    pub allocations: Vec<Allocation>,
    /// What all save together against each building alone: at least and at most; `None` where one cannot.
    pub saving: Option<(i64, i64)>,
}

impl Game {
    /// The group of everybody.
    pub fn everybody(&self) -> u32 {
        everybody(self.members.len())
    }

    /// A group's cost, if its network was planned. O(log groups).
    pub fn group(&self, members: u32) -> Option<&GroupCost> {
        self.groups.binary_search_by_key(&members, |group| group.members).ok().map(|at| &self.groups[at])
    }

    /// Names of a group's members.
    pub fn names(&self, members: u32) -> impl Iterator<Item = &str> {
        (0..self.members.len()).filter(move |m| members >> m & 1 == 1).map(|m| self.members[m].1.as_str())
    }
}

/// The group of all of `players` members.
pub fn everybody(players: usize) -> u32 {
    ((1u64 << players.min(MOST_PLAYERS)) - 1) as u32
}
