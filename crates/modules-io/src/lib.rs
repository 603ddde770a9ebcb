//! Native modules of the standard library for input and output: `_io` and `_codecs`.

mod args;
pub mod codecs_;
pub mod io_;

use taipan_object::declare::NativeModule;

/// The modules of this crate, for the table of built-in modules.
pub static MODULES: &[&NativeModule] = &[&io_::MODULE, &codecs_::MODULE];
