//! Generators, coroutines and asynchronous generators: layout. Running them is the interpreter's.

mod class;

pub use class::{PyAsyncGen_Type, PyCoro_Type, PyGen_Type, awaitable_iter, is_async_gen_exact};

use crate::runtime::tstate::ErrStackItem;
use crate::types::frame::InterpreterFrame;
use crate::{PyLayout, PyObject, PyStr, Slot};
use core::cell::Cell;

/// `PyGenObject`, also `PyCoroObject` and `PyAsyncGenObject`: all three have one layout.
#[repr(C)]
pub struct PyGenerator {
    pub ob_base: PyObject,
    pub weakreflist: Slot,
    pub name: Slot<PyStr>,
    pub qualname: Slot<PyStr>,
    pub exc_state: ErrStackItem,
    /// `cr_origin` of coroutines, the finalizer hook of asynchronous generators.
    pub origin_or_finalizer: Slot,
    pub hooks_inited: Cell<u8>,
    pub closed: Cell<u8>,
    pub running_async: Cell<u8>,
    /// `FRAME_*` of [`state`].
    pub frame_state: Cell<i8>,
    /// The frame; its locals and stack follow.
    pub iframe: InterpreterFrame,
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyGenerator {}

impl core::ops::Deref for PyGenerator {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

/// `enum _framestate`.
pub mod state {
    pub const CREATED: i8 = -3;
    pub const SUSPENDED: i8 = -2;
    pub const SUSPENDED_YIELD_FROM: i8 = -1;
    pub const EXECUTING: i8 = 0;
    pub const COMPLETED: i8 = 1;
    pub const CLEARED: i8 = 4;
}
