//! breiband-sqlite.
