//! Taipan macros.
