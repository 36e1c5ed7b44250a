//! What files that overlap have in common: a house or a stream that two extracts hold is there once, and is crossed for one price.

use std::collections::HashMap;

use crate::raw::LonLat;

/// The things of one kind that were read so far. Within a file nothing is compared.
pub(super) struct Seen {
    several: bool,
    /// Places in `first` by id, first point to the bit, and number of points.
    by_key: HashMap<String, usize>,
    /// File and place in it.
    first: Vec<(usize, usize)>,
}

impl Seen {
    pub(super) fn new(files: usize) -> Self {
        Self { several: files > 1, by_key: HashMap::new(), first: Vec::new() }
    }

    /// An earlier file that has the same thing, and its place there; else notes the one that comes now, at `place` of file `index`.
    pub(super) fn earlier(
        &mut self,
        index: usize,
        id: &str,
        points: &[LonLat],
        place: usize,
    ) -> Option<(usize, usize)> {
        let at = points.first().filter(|_| self.several)?;
        let key = format!("{id} {} {} {}", at.lon.to_bits(), at.lat.to_bits(), points.len());
        let known = *self.by_key.entry(key).or_insert(self.first.len());
        if known == self.first.len() {
            self.first.push((index, place));
        }
        let first = self.first[known];
        (first.0 != index).then_some(first)
    }
}
