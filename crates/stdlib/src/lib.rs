//! Taipan stdlib.
