//! Native modules of the standard library that compute, a file or folder each under Python's own name.
#![deny(unsafe_code)]

pub mod _bisect;

use taipan_object::declare::NativeModule;

/// The modules of this crate, for the table of built-in modules.
pub static MODULES: &[&NativeModule] = &[&_bisect::MODULE];
