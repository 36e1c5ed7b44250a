//! A region that is borrowed for one run, or shared with whoever keeps it.

use std::sync::Arc;

use breiband_model::{Region, Staged};

/// A region, borrowed or shared.
#[derive(Debug, Clone)]
pub(crate) enum Held<'a> {
    /// For one run.
    Borrowed(&'a Region),
    /// For as long as it is needed.
    Shared(Arc<Staged<Region>>),
}

impl std::ops::Deref for Held<'_> {
    type Target = Region;

    fn deref(&self) -> &Region {
        match self {
            Self::Borrowed(region) => region,
            Self::Shared(region) => &region.value,
        }
    }
}
