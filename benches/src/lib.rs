//! breiband-benches.
