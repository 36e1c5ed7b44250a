//! breiband-network.
