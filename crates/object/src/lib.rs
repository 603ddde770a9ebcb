//! Taipan object.
