//! breiband-worker.
