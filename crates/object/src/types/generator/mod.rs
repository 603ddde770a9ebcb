//! Generators, coroutines and asynchronous generators.
//!
//! * this file: the layout, which all three share, and making out which one an object is;
//! * [`run`]: `send`, `throw`, `close`, finalization, on top of the interpreter's `resume` hook;
//! * [`class`]: the three types and their attributes;
//! * [`async_gen`]: what `asend`, `athrow` and `aclose` of an asynchronous generator give;
//! * [`awaitable`]: `coroutine.__await__()`, and the awaitable of `anext(it, default)`.

pub mod async_gen;
pub mod awaitable;
mod class;
pub mod run;

pub use async_gen::{_PyAsyncGenASend_Type, _PyAsyncGenAThrow_Type, _PyAsyncGenWrappedValue_Type, wrap_async_value};
pub use awaitable::{_PyAnextAwaitable_Type, _PyCoroWrapper_Type, awaitable_iter, new_anext_awaitable};
pub use class::{PyAsyncGen_Type, PyCoro_Type, PyGen_Type};
pub use run::{Sent, iter_send};

use crate::runtime::tstate::ErrStackItem;
use crate::types::code::PyCode;
use crate::types::frame::InterpreterFrame;
use crate::{Py, PyLayout, PyObject, PyStr, Slot};
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

/// Bytes of a generator without the locals and the stack of its frame: `tp_basicsize` of the three types.
pub const GENERATOR_HEAD: usize =
    core::mem::offset_of!(PyGenerator, iframe) + core::mem::offset_of!(InterpreterFrame, localsplus);

const _: () = assert!(GENERATOR_HEAD == 152);

/// `enum _framestate`.
pub mod state {
    pub const CREATED: i8 = -3;
    pub const SUSPENDED: i8 = -2;
    pub const SUSPENDED_YIELD_FROM: i8 = -1;
    pub const EXECUTING: i8 = 0;
    pub const COMPLETED: i8 = 1;
    pub const CLEARED: i8 = 4;
}

/// `co_flags` of `async def` functions.
pub const CO_COROUTINE: i32 = 0x80;
/// `co_flags` of generator functions marked by `types.coroutine`.
pub const CO_ITERABLE_COROUTINE: i32 = 0x100;
/// `co_flags` of `async def` functions with `yield`.
pub const CO_ASYNC_GENERATOR: i32 = 0x200;

impl PyGenerator {
    /// It has returned, raised or been closed (`FRAME_STATE_FINISHED`).
    #[inline(always)]
    pub fn is_finished(&self) -> bool {
        self.frame_state.get() >= state::COMPLETED
    }

    /// It stands at a `yield` or `await`.
    #[inline(always)]
    pub fn is_suspended(&self) -> bool {
        matches!(self.frame_state.get(), state::SUSPENDED | state::SUSPENDED_YIELD_FROM)
    }

    /// It is a coroutine, not a generator used as one.
    #[inline(always)]
    pub fn is_coroutine(&self) -> bool {
        self.is_type(&PyCoro_Type)
    }

    #[inline(always)]
    pub fn is_async_generator(&self) -> bool {
        self.is_type(&PyAsyncGen_Type)
    }

    /// Its code object; it has that also when it is finished (`PyGen_GetCode`).
    #[inline]
    pub fn code(&self) -> &PyCode {
        self.iframe.code()
    }

    /// The object that it delegates to: the operand of the `yield from` or `await` it is suspended in (`_PyGen_yf`).
    pub fn yield_from(&self) -> Option<Py> {
        if self.frame_state.get() != state::SUSPENDED_YIELD_FROM {
            return None;
        }
        // SAFETY: the frame is suspended with its sub-iterator on top of its stack.
        unsafe { Some(Py::new_ref((*self.iframe.stackpointer.get().sub(1)).get())) }
    }
}

/// The object as a generator or coroutine, exactly, not an asynchronous generator.
#[inline]
pub fn as_generator_or_coroutine(obj: &PyObject) -> Option<&PyGenerator> {
    if obj.is_type(&PyGen_Type) || obj.is_type(&PyCoro_Type) {
        // SAFETY: both have this layout.
        Some(unsafe { &*(obj.as_ptr() as *const PyGenerator) })
    } else {
        None
    }
}

/// The object as any of the three.
#[inline]
pub fn as_any_generator(obj: &PyObject) -> Option<&PyGenerator> {
    if is_async_gen_exact(obj) {
        // SAFETY: it has this layout.
        return Some(unsafe { &*(obj.as_ptr() as *const PyGenerator) });
    }
    as_generator_or_coroutine(obj)
}

/// Is it exactly an asynchronous generator?
#[inline]
pub fn is_async_gen_exact(obj: &PyObject) -> bool {
    obj.is_type(&PyAsyncGen_Type)
}

/// Is it a generator whose function `types.coroutine` has marked?
pub fn is_iterable_coroutine(obj: &PyObject) -> bool {
    if !obj.is_type(&PyGen_Type) {
        return false;
    }
    // SAFETY: just checked.
    let g = unsafe { &*(obj.as_ptr() as *const PyGenerator) };
    g.code().co_flags.get() & CO_ITERABLE_COROUTINE != 0
}
