//! breiband-session.
