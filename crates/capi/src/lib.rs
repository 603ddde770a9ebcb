//! Taipan capi.
