//! `code`: layout, and making one from the compiler's or marshal's code data.
//!
//! Code that does not come from the compiler is verified when the object is made. What the verifier refuses is an object
//! like any other, but its instructions are replaced by ones that raise.

mod class;
mod compare;
mod lines;
mod make;

pub use class::PyCode_Type;
pub use compare::constants_equal;
pub use lines::{_PyBranchesIterator, _PyLineIterator, _PyPositionsIterator};
pub use make::{Parts, constant_to_object, from_code_object, from_parts, new_internal, quicken};

use crate::types::bytes::PyBytes;
use crate::types::frame::CodeUnit;
use crate::types::tuple::PyTuple;
use crate::{Py, PyLayout, PyObject, PyResult, PyStr, PyVarObject, Python, Slot};
use core::cell::Cell;
use core::ffi::c_void;
use std::borrow::Cow;
use taipan_bytecode::Opcode;
use taipan_bytecode::code::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_LOCAL};
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

/// What `_co_cached` points to: attributes made when they are first asked for.
#[derive(Default)]
struct Cached {
    code: Slot<PyBytes>,
    varnames: Slot<PyTuple>,
    cellvars: Slot<PyTuple>,
    freevars: Slot<PyTuple>,
    /// The exception table of code that the verifier has refused; the object itself then has an empty one.
    exceptiontable: Slot<PyBytes>,
    /// The verifier has refused it: `code` holds the instructions.
    refused: Cell<bool>,
}

impl PyCode {
    fn cached(&self) -> &Cached {
        if self._co_cached.get().is_null() {
            self._co_cached.set(Box::into_raw(Box::<Cached>::default()) as *mut c_void);
        }
        // SAFETY: just seen to be there; freed with the code object.
        unsafe { &*(self._co_cached.get() as *const Cached) }
    }

    /// Frees the cached attributes.
    unsafe fn drop_cached(&self) {
        let p = self._co_cached.replace(core::ptr::null_mut()) as *mut Cached;
        if !p.is_null() {
            // SAFETY: made by `cached`, not used any more.
            drop(unsafe { Box::from_raw(p) });
        }
    }

    fn is_refused(&self) -> bool {
        // SAFETY: null or made by `cached`.
        unsafe { (self._co_cached.get() as *const Cached).as_ref() }.is_some_and(|c| c.refused.get())
    }

    /// `co_name` for a message.
    pub fn name_lossy(&self) -> String {
        self.co_name.get().map_or_else(String::new, |n| n.to_string_lossy().into_owned())
    }

    /// The code units as they run: specialised, instrumented, with inline caches (`_co_code_adaptive`).
    pub fn raw_code(&self) -> &[u8] {
        // SAFETY: the units follow the head; others write them only between two instructions.
        unsafe { core::slice::from_raw_parts(self.code_ptr() as *const u8, self.code_len() * 2) }
    }

    /// The instruction at a code unit, without specialisation and instrumentation (`_Py_GetBaseCodeUnit`): number and
    /// argument.
    pub fn base_unit(&self, unit: usize) -> (u8, u8) {
        let own = if self.is_refused() { self.cached().code.get() } else { None };
        let bytes: &[u8] = match &own {
            Some(code) => code.as_slice(),
            None => self.raw_code(),
        };
        let (op, arg) = (bytes[unit * 2], bytes[unit * 2 + 1]);
        let base = if own.is_some() { op } else { Opcode::from_u8(op).map_or(op, |op| op.base().to_u8()) };
        (base, arg)
    }

    /// The instructions, caches left out: unit, number, argument.
    pub fn instructions(&self) -> impl Iterator<Item = (usize, u8, u8)> + '_ {
        let mut unit = 0;
        core::iter::from_fn(move || {
            if unit >= self.code_len() {
                return None;
            }
            let (op, arg) = self.base_unit(unit);
            let at = unit;
            unit += 1 + Opcode::from_u8(op).map_or(0, Opcode::caches);
            Some((at, op, arg))
        })
    }

    /// `co_code`: the instructions as the compiler made them, caches empty.
    pub fn code_bytes(&self, py: Python) -> PyResult<Py<PyBytes>> {
        if let Some(code) = self.cached().code.get() {
            return Ok(code);
        }
        let mut bytes = vec![0; self.code_len() * 2];
        for (unit, op, arg) in self.instructions() {
            bytes[unit * 2] = op;
            bytes[unit * 2 + 1] = arg;
        }
        let code = PyBytes::new(py, &bytes)?;
        self.cached().code.set(Some(code.clone()));
        Ok(code)
    }

    /// `co_exceptiontable`.
    pub fn exception_table(&self, py: Python) -> PyResult<Py<PyBytes>> {
        let table = match self.is_refused() {
            true => self.cached().exceptiontable.get(),
            false => self.co_exceptiontable.get(),
        };
        table.ok_or_else(|| crate::err::bad_internal_call(py))
    }

    fn names_of_kind(&self, py: Python, kind: u8, field: impl Fn(&Cached) -> &Slot<PyTuple>) -> PyResult<Py<PyTuple>> {
        if let Some(names) = field(self.cached()).get() {
            return Ok(names);
        }
        let (Some(all), Some(kinds)) = (self.co_localsplusnames.get(), self.co_localspluskinds.get()) else {
            return Err(crate::err::bad_internal_call(py));
        };
        let pairs = all.as_slice().iter().zip(kinds.as_slice());
        let names = pairs.filter(|(_, k)| *k & kind != 0).map(|(name, _)| name.clone()).collect();
        let names = PyTuple::from_vec(py, names)?;
        field(self.cached()).set(Some(names.clone()));
        Ok(names)
    }

    /// `co_varnames`.
    pub fn varnames(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.names_of_kind(py, CO_FAST_LOCAL, |c| &c.varnames)
    }

    /// `co_cellvars`.
    pub fn cellvars(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.names_of_kind(py, CO_FAST_CELL, |c| &c.cellvars)
    }

    /// `co_freevars`.
    pub fn freevars(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.names_of_kind(py, CO_FAST_FREE, |c| &c.freevars)
    }

    /// `co_filename` for a message.
    pub fn filename_lossy(&self) -> Cow<'static, str> {
        self.co_filename.get().map_or(Cow::Borrowed("?"), |n| Cow::Owned(n.to_string_lossy().into_owned()))
    }
}
