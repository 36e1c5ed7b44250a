//! breiband-synth.
