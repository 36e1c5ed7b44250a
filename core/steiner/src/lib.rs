//! breiband-steiner.
