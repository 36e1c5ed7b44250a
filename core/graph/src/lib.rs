//! breiband-graph.
