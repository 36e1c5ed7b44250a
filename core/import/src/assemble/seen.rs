//! What files that overlap have in common: a house or a stream that two extracts hold is there once, and is crossed for one price.

use std::collections::HashMap;

use crate::raw::LonLat;

/// A thing by its id, its first point to the bit, and its number of points.
type Key = (String, u64, u64, usize);

/// The things of one kind that were read so far. Within a file nothing is compared.
pub(super) struct Seen {
    /// The first one's file and place in it; nothing where there is one file only.
    first: Option<HashMap<Key, (usize, usize)>>,
}

impl Seen {
    pub(super) fn new(files: usize) -> Self {
        Self { first: (files > 1).then(HashMap::new) }
    }

    /// An earlier file that has the same thing, and its place there; else notes the one that comes now, at `place` of file `index`.
    pub(super) fn earlier(
        &mut self,
        index: usize,
        id: &str,
        points: &[LonLat],
        place: usize,
    ) -> Option<(usize, usize)> {
        let at = points.first()?;
        let key = (id.to_owned(), at.lon.to_bits(), at.lat.to_bits(), points.len());
        let first = *self.first.as_mut()?.entry(key).or_insert((index, place));
        (first.0 != index).then_some(first)
    }
}
