//! Benches that assert their answers; nothing is in the library itself.
