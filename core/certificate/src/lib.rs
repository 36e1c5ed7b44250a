//! breiband-certificate.
