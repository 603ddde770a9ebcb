//! `function`: layout and attributes. Running one is the interpreter's.

mod class;

pub use class::PyFunction_Type;

use crate::typeobj::vectorcallfunc;
use crate::types::code::PyCode;
use crate::types::dict::PyDict;
use crate::types::tuple::PyTuple;
use crate::{PyObject, Slot, Trace};
use core::cell::Cell;

/// `PyFunctionObject`.
#[derive(Trace)]
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
    #[trace(skip)]
    pub vectorcall: Cell<Option<vectorcallfunc>>,
    /// Version for inline caches; 0: none.
    pub func_version: Cell<u32>,
}


impl PyFunction {
    /// The code object, borrowed: it is replaced only by assignment to `__code__`.
    #[inline(always)]
    pub fn code(&self) -> &PyCode {
        // SAFETY: never null; kept alive by the function.
        unsafe { &*self.func_code.as_raw() }
    }
}
