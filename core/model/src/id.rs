//! Ids: positions in a stage's own tables, four bytes each, `Option` included. Saved files carry external ids, never these.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        ///
        /// A position in that table alone: elsewhere the same id is something else, or nothing, and looking it up may panic.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::num::NonZeroU32);

        impl $name {
            /// The id of position `index`. Indexes from 2³²−1 on do not exist: tables are bounded where they are made.
            pub const fn new(index: u32) -> Self {
                match std::num::NonZeroU32::new(index.wrapping_add(1)) {
                    Some(id) => Self(id),
                    None => Self(std::num::NonZeroU32::MAX),
                }
            }

            /// The id of position `index`, saturating at the last one.
            pub fn from_usize(index: usize) -> Self {
                Self::new(u32::try_from(index).unwrap_or(u32::MAX - 1))
            }

            /// The position.
            #[inline]
            pub const fn index(self) -> usize {
                (self.0.get() - 1) as usize
            }

            /// The position, as kept in files and graphs.
            #[inline]
            pub const fn as_u32(self) -> u32 {
                self.0.get() - 1
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_u32())
            }
        }
    )+};
}

ids! {
    /// A node of the way network in a `Region`: where ways may meet.
    NodeId,
    /// A way in a `Region`.
    WayId,
    /// A premises in a `Region`.
    PremisesId,
    /// A mast in a `CandidateNetwork`.
    MastId,
    /// A cabinet in a `CandidateNetwork`.
    CabinetId,
    /// A municipality in a `Region`.
    MunicipalityId,
    /// A handover in a `Region`.
    HandoverId,
    /// A public site in a `Region`.
    SiteId,
    /// A price in a `CostBook`.
    PriceId,
    /// A rule in a `CostBook`.
    RuleId,
    /// A vertex of a `CandidateNetwork`.
    VertexId,
    /// An edge of a `CandidateNetwork`.
    EdgeId,
    /// An input file of a `Region`.
    SourceId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optional_ids_are_free() {
        assert_eq!(size_of::<Option<NodeId>>(), 4);
        assert_eq!(NodeId::new(0).index(), 0);
        assert_eq!(NodeId::from_usize(7), NodeId::new(7));
    }
}
