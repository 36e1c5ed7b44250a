//! breiband-app.
