//! `code`: layout, and making one from the compiler's or marshal's code data.

mod class;
mod make;

pub use class::PyCode_Type;
pub use make::{constant_to_object, from_code_object, new_internal, quicken};

use crate::types::bytes::PyBytes;
use crate::types::frame::CodeUnit;
use crate::types::tuple::PyTuple;
use crate::{PyLayout, PyObject, PyStr, PyVarObject, Slot};
use core::cell::Cell;
use core::ffi::c_void;
use taipan_bytecode::location::{self, Location};

/// `PyCodeObject`. The adaptive bytecode (inline caches, specialised instructions) is at its end.
#[repr(C)]
pub struct PyCode {
    pub ob_base: PyVarObject,
    pub co_consts: Slot<PyTuple>,
    pub co_names: Slot<PyTuple>,
    pub co_exceptiontable: Slot<PyBytes>,
    pub co_flags: Cell<i32>,
    pub co_argcount: Cell<i32>,
    pub co_posonlyargcount: Cell<i32>,
    pub co_kwonlyargcount: Cell<i32>,
    pub co_stacksize: Cell<i32>,
    pub co_firstlineno: Cell<i32>,
    pub co_nlocalsplus: Cell<i32>,
    /// Frame size in words: specials, locals, stack.
    pub co_framesize: Cell<i32>,
    pub co_nlocals: Cell<i32>,
    pub co_ncellvars: Cell<i32>,
    pub co_nfreevars: Cell<i32>,
    pub co_version: Cell<u32>,
    pub co_localsplusnames: Slot<PyTuple>,
    pub co_localspluskinds: Slot<PyBytes>,
    pub co_filename: Slot<PyStr>,
    pub co_name: Slot<PyStr>,
    pub co_qualname: Slot<PyStr>,
    pub co_linetable: Slot<PyBytes>,
    pub co_weakreflist: Slot,
    pub co_executors: Cell<*mut c_void>,
    pub _co_cached: Cell<*mut c_void>,
    pub _co_instrumentation_version: Cell<usize>,
    pub _co_monitoring: Cell<*mut c_void>,
    pub _co_unique_id: Cell<isize>,
    pub _co_firsttraceable: Cell<i32>,
    pub co_extra: Cell<*mut c_void>,
    pub co_code_adaptive: [Cell<CodeUnit>; 1],
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyCode {}

impl core::ops::Deref for PyCode {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base.ob_base
    }
}

/// Bytes of a code object without instructions.
pub const CODE_HEAD: usize = core::mem::offset_of!(PyCode, co_code_adaptive);

impl PyCode {
    /// First code unit.
    #[inline(always)]
    pub fn code_ptr(&self) -> *mut CodeUnit {
        self.co_code_adaptive.as_ptr() as *mut CodeUnit
    }

    /// Where the code unit comes from in the source.
    pub fn location_of(&self, unit: usize) -> Location {
        // SAFETY: a code object never replaces its table.
        let Some(table) = (unsafe { self.co_linetable.borrow() }) else { return Location::NONE };
        let mut entries = location::entries(table.as_slice(), self.co_firstlineno.get());
        entries.find(|entry| unit < entry.end).map_or(Location::NONE, |entry| entry.location)
    }

    /// The line of a code unit; -1 if it has none (`PyCode_Addr2Line`).
    pub fn line_of(&self, unit: usize) -> i32 {
        self.location_of(unit).line
    }

    /// Number of code units.
    #[inline(always)]
    pub fn code_len(&self) -> usize {
        self.ob_base.size() as usize
    }
}
