//! breiband.
