//! Making Python functions.

use crate::eval::frames::function_vectorcall;
use core::cell::Cell;
use taipan_object::types::function::PyFunction;
use taipan_object::{Py, PyClass, PyCode, PyDict, PyResult, PyTuple, Python, Slot, id};

/// The builtins that code with these globals uses: `__builtins__`, a module's dict or a mapping; else the interpreter's
/// (`_PyEval_BuiltinsFromGlobals`).
pub fn builtins_of(py: Python, globals: &PyDict) -> PyResult<Py> {
    if let Some(b) = globals.get_str(py, id!(py, "__builtins__"))? {
        if let Some(module) = b.downcast::<taipan_object::PyModule>() {
            return Ok(Py::new_ref(module.dict()).into_object());
        }
        return Ok(b);
    }
    match py.interp().builtins.get() {
        Some(b) => Ok(b.into_object()),
        None => Ok(PyDict::new(py)?.into_object()),
    }
}

/// A function of `code` with the given globals (`PyFunction_New`).
pub fn new(py: Python, code: &PyCode, globals: &PyDict) -> PyResult<Py<PyFunction>> {
    let builtins = builtins_of(py, globals)?;
    let module = globals.get_str(py, id!(py, "__name__"))?;
    // A docstring is the first constant, and the code says so.
    const CO_HAS_DOCSTRING: i32 = 0x400_0000;
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
        vectorcall: Cell::new(Some(function_vectorcall)),
        func_version: Cell::new(0),
    })
}

/// A function for one evaluation: `exec`, a module's body.
pub fn new_for_eval(
    py: Python,
    code: &PyCode,
    globals: &PyDict,
    closure: Option<&PyTuple>,
) -> PyResult<Py<PyFunction>> {
    let f = new(py, code, globals)?;
    f.func_closure.set(closure.map(Py::new_ref));
    Ok(f)
}

/// The function's version for inline caches, given out if need be; 0 if it cannot have one (`_PyFunction_GetVersionForCurrentState`).
pub fn version(py: Python, func: &PyFunction) -> u32 {
    let v = func.func_version.get();
    if v != 0 {
        return v;
    }
    let next = &py.interp().next_func_version;
    let v = next.get();
    if v == 0 {
        return 0;
    }
    next.set(v.wrapping_add(1));
    func.func_version.set(v);
    v
}

