//! breiband-import.
