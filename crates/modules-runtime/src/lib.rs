//! Native modules of the standard library that are part of running programs, a file or folder each under Python's own name.
#![allow(clippy::missing_safety_doc)]

pub mod _imp;
pub mod _library;
pub mod _thread;
pub mod _weakref;
pub mod marshal;

use taipan_object::declare::NativeModule;

/// The modules of this crate, for the table of built-in modules.
pub static MODULES: &[&NativeModule] =
    &[&_imp::MODULE, &_library::MODULE, &_thread::MODULE, &_weakref::MODULE, &marshal::MODULE];
