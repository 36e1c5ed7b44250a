//! Maps of what is few, entered one by one. One that is collected sorts its entries first, with code for each type of entry: some
//! six kilobytes of the worker each.

use std::collections::BTreeMap;

/// A map of some entries.
pub(crate) fn map<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(entries);
    map
}
