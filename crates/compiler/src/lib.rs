//! Taipan compiler.
