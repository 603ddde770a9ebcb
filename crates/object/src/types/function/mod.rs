//! `function`: layout. Running one is the interpreter's.

use crate::typeobj::vectorcallfunc;
use crate::types::code::PyCode;
use crate::types::dict::PyDict;
use crate::types::tuple::PyTuple;
use crate::{PyLayout, PyObject, Slot};
use core::cell::Cell;

/// `PyFunctionObject`.
#[repr(C)]
pub struct PyFunction {
    pub ob_base: PyObject,
    pub func_globals: Slot<PyDict>,
    pub func_builtins: Slot,
    pub func_name: Slot<crate::PyStr>,
    pub func_qualname: Slot<crate::PyStr>,
    pub func_code: Slot<PyCode>,
    pub func_defaults: Slot<PyTuple>,
    pub func_kwdefaults: Slot<PyDict>,
    pub func_closure: Slot<PyTuple>,
    pub func_doc: Slot,
    pub func_dict: Slot<PyDict>,
    pub func_weakreflist: Slot,
    pub func_module: Slot,
    pub func_annotations: Slot,
    pub func_annotate: Slot,
    pub func_typeparams: Slot,
    pub vectorcall: Cell<Option<vectorcallfunc>>,
    /// Version for inline caches; 0: none.
    pub func_version: Cell<u32>,
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyFunction {}

impl core::ops::Deref for PyFunction {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

impl PyFunction {
    /// The code object, borrowed: it is replaced only by assignment to `__code__`.
    #[inline(always)]
    pub fn code(&self) -> &PyCode {
        // SAFETY: never null; kept alive by the function.
        unsafe { &*self.func_code.as_raw() }
    }
}
