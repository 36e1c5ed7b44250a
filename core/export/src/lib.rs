//! breiband-export.
