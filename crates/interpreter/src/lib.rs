//! Running Python: the evaluation loop, frames, calls, exceptions, generators, import, the GIL's events, `builtins` and `sys`.
//!
//! * [`eval`]: the loop; its module documentation is where to begin.
//! * [`lifecycle`]: an interpreter's start and end.
//! * [`import`]: the native part of the import system.
//! * [`builtins`], [`sys`]: the two modules that are part of the machine.
#![allow(clippy::missing_safety_doc)]

pub mod builtins;
pub mod compile;
pub mod eval;
pub mod events;
pub mod exception_groups;
pub mod frame_object;
pub mod function;
pub mod generator;
pub mod import;
pub mod import_relative;
pub mod intrinsics;
pub mod lifecycle;
pub mod monitor;
pub mod sys;
pub mod traceback;
pub mod traceback_print;
pub mod typing;
pub mod warnings;
