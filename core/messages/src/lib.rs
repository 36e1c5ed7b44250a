//! breiband-messages.
