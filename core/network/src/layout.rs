//! A region's candidates for one scenario after another.

use std::sync::Arc;

use breiband_model::{Cancelled, CandidateNetwork, Context, CostBook, Region, Scenario, Staged};

use crate::kept::Kept;
use crate::{Sketch, passes};

/// Lays out the candidates of one region by one book, again and again: what a scenario asks for that was asked before
/// is not looked for anew, and other amounts in the book lay nothing elsewhere but cables over water.
///
/// ```
/// use std::sync::Arc;
/// use breiband_model::{Context, CostBook, Plane, Region, RegionParts, Scenario, Silent, Staged};
/// use breiband_network::{Layout, build};
/// let plane = Plane { central_meridian_e7: 65_000_000, origin_latitude_e7: 625_000_000 };
/// let region = Arc::new(Staged::new(Region::new(RegionParts::empty(plane)).expect("sound"), Vec::new()));
/// let (scenario, book, mut silent) = (Scenario::new("s", "2026-01-01", vec![]), CostBook::example(), Silent);
/// let mut context = Context::new(&mut silent);
/// let mut layout = Layout::new(Arc::clone(&region), &book);
/// let fresh = build(&region.value, &scenario, &book, &mut context);
/// assert!(layout.build(&scenario, &mut context) == fresh && layout.build(&scenario, &mut context) == fresh);
/// ```
pub struct Layout {
    region: Arc<Staged<Region>>,
    book: CostBook,
    kept: Kept,
}

impl std::fmt::Debug for Layout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Layout").field("doors", &self.kept.doors.len()).finish_non_exhaustive()
    }
}

impl Layout {
    /// Nothing is looked at yet.
    pub fn new(region: Arc<Staged<Region>>, book: &CostBook) -> Self {
        Self { region, book: book.clone(), kept: Kept::default() }
    }

    /// The same at a book's prices, where it is one of this very region and the book is another in its amounts alone.
    pub fn at(mut self, region: &Arc<Staged<Region>>, book: &CostBook) -> Option<Self> {
        if !Arc::ptr_eq(&self.region, region) {
            return None;
        }
        if self.book != *book {
            let mut priced = self.book.file().clone();
            for (price, now) in
                priced.prices.iter_mut().zip(&book.file().prices).filter(|(price, now)| price.id == now.id)
            {
                price.clone_from(now);
            }
            if priced != *book.file() {
                return None;
            }
            self.kept.forget_costs();
            self.book.clone_from(book);
        }
        Some(self)
    }

    /// Its region.
    pub fn region(&self) -> &Region {
        &self.region.value
    }

    /// Its prices.
    pub fn book(&self) -> &CostBook {
        &self.book
    }

    /// What [`build`](crate::build) gives, byte for byte. As long as that the first time; afterwards the search for drops, the
    /// ground under them and the crossings of water are found again, save near ways that are cut otherwise than the last time.
    ///
    /// # Errors
    /// [`Cancelled`], where the observer says so; then nothing is kept.
    pub fn build(&mut self, scenario: &Scenario, ctx: &mut Context<'_>) -> Result<Staged<CandidateNetwork>, Cancelled> {
        let kept = std::mem::take(&mut self.kept);
        let (network, kept) = passes::build_with(&self.region.value, scenario, &self.book, Some(kept), ctx)?;
        self.kept = kept.unwrap_or_default();
        Ok(network)
    }

    /// A sketch over the region as a scenario has it: what [`Sketch::new`] makes, sooner.
    pub fn sketch(&mut self, scenario: &Scenario) -> Sketch {
        Sketch::with(Arc::clone(&self.region), scenario, &self.book, &mut self.kept)
    }
}
