//! breiband-spatial.
