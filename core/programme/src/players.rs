//! Who plays the game of building together, and by which keys.

use breiband_model::{MOST_PLAYERS, Member, Money, MunicipalityId};

use crate::build::{Input, ProgrammeError, members};
use crate::game::{Ground, Rules};
use crate::sharing::Basis;
use crate::whole;

/// The players and the ground of a game.
#[derive(Debug, Clone)]
pub struct Players {
    /// Codes and names.
    pub members: Vec<(String, String)>,
    /// What each has of the keys' measures in the whole plan.
    pub bases: Vec<Basis>,
    /// Fixed costs of all years, minor units.
    pub fixed: u64,
    /// The candidates as groups meet them, numbered as the network's.
    pub ground: Ground,
}

impl Players {
    /// The members of any year with a budget, and what they build on.
    ///
    /// # Errors
    /// A member that the region does not have, more than thirty, or a handover that is not there.
    pub fn new(input: &Input<'_>) -> Result<Self, ProgrammeError> {
        let settings = input.settings;
        let in_years = |m: &Member| settings.budgets.is_empty() || settings.budgets.iter().any(|b| m.in_year(b.year));
        let members: Vec<Member> = members(input.region, settings)?.into_iter().filter(in_years).collect();
        if members.len() > MOST_PLAYERS {
            return Err(ProgrammeError::TooManyPlayers(members.len()));
        }
        let id = |m: &Member| {
            input.region.municipalities.iter().position(|r| r.code == m.code).map(MunicipalityId::from_usize)
        };
        let players: Vec<Option<MunicipalityId>> = members.iter().map(id).collect();
        let game = settings.game.clone().unwrap_or_default();
        let ground = Ground::new(input.region, input.network, input.route, &game, &players);
        let fixed = settings.fixed.iter().map(|f| Money::from_major(f.amount).unwrap_or_default().as_minor()).sum();
        Ok(Self {
            bases: whole::bases(input, &members),
            ground: ground?,
            fixed,
            members: members.into_iter().map(|m| (m.code, m.name)).collect(),
        })
    }

    /// The rules of the game that they play.
    pub fn rules<'a>(&'a self, orders: &'a [Vec<usize>], keys: &'a [breiband_model::SharingKey]) -> Rules<'a> {
        Rules { members: &self.members, orders, fixed: self.fixed, keys, bases: &self.bases }
    }
}
