//! breiband-tests.
