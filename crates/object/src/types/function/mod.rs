//! `function`: layout, making one, and its attributes. Running one is the interpreter's.

mod class;

pub use class::{PyFunction_Type, builtins_of};

use crate::typeobj::vectorcallfunc;
use crate::types::code::PyCode;
use crate::types::dict::PyDict;
use crate::types::tuple::PyTuple;
use crate::{Py, PyClass, PyObject, PyResult, Python, Slot, Trace, id};
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
    #[trace(skip)]
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

/// `co_flags`: the first constant is the docstring.
const CO_HAS_DOCSTRING: i32 = 0x400_0000;

impl PyFunction {
    /// A function of `code` with the given globals, without defaults and closure (`PyFunction_New`).
    pub fn new(py: Python, code: &PyCode, globals: &PyDict) -> PyResult<Py<PyFunction>> {
        let builtins = builtins_of(py, globals)?;
        let module = globals.get_str(py, id!(py, "__name__"))?;
        let consts = code.co_consts.get();
        let doc = match &consts {
            Some(c) if code.co_flags.get() & CO_HAS_DOCSTRING != 0 && c.len() > 0 => Py::new_ref(c.get(0)),
            _ => py.none(),
        };
        PyFunction::alloc_exact(py, |head| PyFunction {
            ob_base: head,
            func_globals: Slot::some(Py::new_ref(globals)),
            func_builtins: Slot::some(builtins),
            func_name: Slot::new(code.co_name.get()),
            func_qualname: Slot::new(code.co_qualname.get()),
            func_code: Slot::some(Py::new_ref(code)),
            func_defaults: Slot::empty(),
            func_kwdefaults: Slot::empty(),
            func_closure: Slot::empty(),
            func_doc: Slot::some(doc),
            func_dict: Slot::empty(),
            func_weakreflist: Slot::empty(),
            func_module: Slot::new(module),
            func_annotations: Slot::empty(),
            func_annotate: Slot::empty(),
            func_typeparams: Slot::empty(),
            vectorcall: Cell::new(Some(crate::runtime::hooks::get().function_vectorcall)),
            func_version: Cell::new(0),
        })
    }

    /// The code object, borrowed: it is replaced only by assignment to `__code__`.
    #[inline(always)]
    pub fn code(&self) -> &PyCode {
        // SAFETY: never null; kept alive by the function.
        unsafe { &*self.func_code.as_raw() }
    }
}
