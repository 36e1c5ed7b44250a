//! What each municipality has of something, and what none has.

use breiband_model::MunicipalityId;

/// A municipality, or none.
pub(crate) type Owner = Option<MunicipalityId>;

/// One entry an owner, ascending. There are few, and tens of thousands of such lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ByOwner<T>(Vec<(Owner, T)>);

impl<T: Default> ByOwner<T> {
    /// The owner's entry, which begins as nothing.
    pub(crate) fn of(&mut self, owner: Owner) -> &mut T {
        let at = self.0.binary_search_by_key(&owner, |entry| entry.0).unwrap_or_else(|at| {
            self.0.insert(at, (owner, T::default()));
            at
        });
        &mut self.0[at].1
    }
}

impl<T> ByOwner<T> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Owner, &T)> {
        self.0.iter().map(|(owner, entry)| (*owner, entry))
    }

    pub(crate) fn owners(&self) -> impl Iterator<Item = Owner> {
        self.0.iter().map(|entry| entry.0)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|entry| &entry.1)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The owner, if there is one and no other.
    pub(crate) fn only(&self) -> Option<Owner> {
        match self.0[..] {
            [(owner, _)] => Some(owner),
            _ => None,
        }
    }
}
