//! Native modules of the standard library that front the operating system, a file or folder each under Python's own name.
#![allow(clippy::missing_safety_doc)]

pub mod errno;
pub mod posix;

use taipan_object::declare::NativeModule;

/// The modules of this crate, for the table of built-in modules.
pub static MODULES: &[&NativeModule] = &[&errno::MODULE, &posix::MODULE];
