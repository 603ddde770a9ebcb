//! What lives in memory: Python objects laid out as CPython lays them out, owned by Rust's types.
//!
//! * [`header`], [`handle`], [`typeobj`]: the object header and its count, who owns a reference, the layout of types.
//! * [`gil`], [`runtime`]: the GIL token, thread and interpreter states.
//! * [`err`]: raising and handling exceptions; [`Raised`] is the zero-sized mark that one is set.
//! * [`memory`]: allocation, the cycle collector, freelists, the trashcan.
//! * [`abstracts`]: the protocols (attributes, calls, numbers, sequences, mappings, iteration, buffers).
//! * [`types`]: the built-in types, a folder each.
//! * [`text`], [`codecs`]: what strings and bytes have in common; encodings, error handlers, file names.
//! * [`numfmt`]: texts of numbers and the format mini-language.
//! * [`declare`]: what the declaring macros of `taipan-macros` need at run time.
#![allow(clippy::missing_safety_doc)]

extern crate self as taipan_object;

pub mod abstracts;
pub mod bytes_methods;
pub mod codecs;
pub mod declare;
pub mod err;
pub mod gil;
pub mod handle;
pub mod header;
pub mod marshal;
pub mod memory;
pub mod numfmt;
pub mod runtime;
pub mod singletons;
pub mod strings;
pub mod text;
pub mod typeobj;
pub mod types;

pub use declare::{Args, CompareOp, KwArgs, PyClass, Stop, Trace, Visit};
pub use gil::Python;
pub use handle::{Py, PyLayout, PyResult, Raised, Slot};
pub use header::{PyObject, PyVarObject};
pub use taipan_macros::{Trace, pyclass, pyfunction, pymodule};
pub use typeobj::{PyType, PyTypeObject};
pub use types::exceptions;
pub use types::prelude::*;
