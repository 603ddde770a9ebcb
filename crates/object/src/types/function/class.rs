//! The type `function`.

use super::PyFunction;
use crate::runtime::hooks;
use crate::types::cell::PyCell;
use crate::types::method::PyMethod;
use crate::{Py, PyCode, PyDict, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, id, pyclass, raise};

fn audit(py: Python, event: &str, f: &PyFunction, name: &str) -> PyResult<()> {
    let name = PyStr::intern(py, name)?;
    (hooks::get().audit)(py, event, &[f, &name])
}

fn none_or<'a>(obj: Option<&'a PyObject>) -> Option<&'a PyObject> {
    obj.filter(|o| !o.is_none())
}

/// Create a function object.
///
///   code
///     The code object that it runs.
///   globals
///     The dictionary of its global variables.
///   name
///     The function's name, in place of the code object's.
///   argdefs
///     The default values of its positional parameters.
///   closure
///     The cells of its free variables.
///   kwdefaults
///     The default values of its keyword-only parameters.
#[pyclass(
    name = "function",
    static_name = PyFunction_Type,
    flags(GC, HAVE_VECTORCALL, METHOD_DESCRIPTOR),
    dict = func_dict,
    weaklist = func_weakreflist,
    vectorcall_offset = vectorcall,
    members(
        func_closure as "__closure__": OBJECT readonly,
        func_globals as "__globals__": OBJECT readonly,
        func_builtins as "__builtins__": OBJECT readonly,
    ),
    slots(tp_call = crate::abstracts::call::PyVectorcall_Call),
)]
impl PyFunction {
    #[signature("(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)")]
    #[allow(clippy::too_many_arguments)]
    fn tp_new(
        py: Python,
        _cls: &PyType,
        code: &PyCode,
        globals: &PyDict,
        name: Option<&PyObject>,
        argdefs: Option<&PyObject>,
        closure: Option<&PyObject>,
        kwdefaults: Option<&PyObject>,
    ) -> PyResult<Py<PyFunction>> {
        let name = match name {
            None => None,
            Some(n) => match n.downcast::<PyStr>() {
                Some(n) => Some(n),
                None => return Err(raise!(py, TypeError, "arg 3 (name) must be None or string")),
            },
        };
        let defaults = match argdefs {
            None => None,
            Some(d) => match d.downcast::<PyTuple>() {
                Some(d) => Some(d),
                None => return Err(raise!(py, TypeError, "arg 4 (defaults) must be None or tuple")),
            },
        };
        let nfree = code.co_nfreevars.get() as usize;
        let closure = match closure {
            None if nfree > 0 => return Err(raise!(py, TypeError, "arg 5 (closure) must be tuple")),
            None => None,
            Some(c) => match c.downcast::<PyTuple>() {
                Some(c) => Some(c),
                None => return Err(raise!(py, TypeError, "arg 5 (closure) must be None or tuple")),
            },
        };
        let kwdefaults = match kwdefaults {
            None => None,
            Some(d) => match d.downcast::<PyDict>() {
                Some(d) => Some(d),
                None => return Err(raise!(py, TypeError, "arg 6 (kwdefaults) must be None or dict")),
            },
        };
        let ncells = closure.map_or(0, |c| c.len());
        if ncells != nfree {
            let code_name = code.name_lossy();
            return Err(raise!(py, ValueError, "{code_name} requires closure of length {nfree}, not {ncells}"));
        }
        if let Some(bad) = closure.into_iter().flat_map(|c| c.as_slice()).find(|c| c.downcast::<PyCell>().is_none()) {
            return Err(raise!(py, TypeError, "arg 5 (closure) expected cell, found {}", bad.ty().full_name()));
        }
        (hooks::get().audit)(py, "function.__new__", &[code])?;
        let f = PyFunction::new(py, code, globals)?;
        if let Some(name) = name {
            f.func_name.set(Some(Py::new_ref(name)));
        }
        f.func_defaults.set(defaults.map(Py::new_ref));
        f.func_closure.set(closure.map(Py::new_ref));
        f.func_kwdefaults.set(kwdefaults.map(Py::new_ref));
        Ok(f)
    }

    /// Globals, builtins, code and name stay: destructors that the collector runs may call the function.
    unsafe fn tp_clear(this: *mut Self) {
        // SAFETY: alive.
        let f = unsafe { &*this };
        f.func_version.set(0);
        f.func_module.clear();
        f.func_defaults.clear();
        f.func_kwdefaults.clear();
        f.func_doc.clear();
        f.func_dict.clear();
        f.func_closure.clear();
        f.func_annotations.clear();
        f.func_annotate.clear();
        f.func_typeparams.clear();
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let mut text = crate::StrBuilder::new();
        text.push_str("<function ");
        if let Some(name) = self.func_qualname.get() {
            text.push_pystr(&name);
        }
        text.push_str(&format!(" at {self:p}>"));
        text.finish(py)
    }

    fn tp_descr_get(&self, py: Python, obj: Option<&PyObject>, _ty: Option<&PyObject>) -> PyResult {
        match none_or(obj) {
            None => Ok(Py::new_ref(self as &PyObject)),
            Some(o) => Ok(PyMethod::new(py, self, o)?.into_object()),
        }
    }

    #[getter]
    fn __code__(&self, py: Python) -> PyResult<Option<Py<PyCode>>> {
        audit(py, "object.__getattr__", self, "__code__")?;
        Ok(self.func_code.get())
    }
    #[setter]
    fn set___code__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        let Some(code) = value.and_then(|v| v.downcast::<PyCode>()) else {
            return Err(raise!(py, TypeError, "__code__ must be set to a code object"));
        };
        audit(py, "object.__setattr__", self, "__code__")?;
        let nfree = code.co_nfreevars.get() as usize;
        let ncells = self.func_closure.get().map_or(0, |c| c.len());
        if nfree != ncells {
            let name = self.func_name.get();
            let name = name.as_ref().map_or("".into(), |n| n.to_string_lossy());
            return Err(raise!(py, ValueError, "{name}() requires a code object with {ncells} free vars, not {nfree}"));
        }
        const KINDS: i32 = 0x20 | 0x80 | 0x200;
        if self.code().co_flags.get() & KINDS != code.co_flags.get() & KINDS {
            let text = "Assigning a code object of non-matching type is deprecated \
                        (e.g., from a generator to a plain function)";
            crate::err::warn(py, crate::exceptions::DeprecationWarning(), text, 1)?;
        }
        self.func_version.set(0);
        self.func_code.set(Some(Py::new_ref(code)));
        Ok(())
    }

    #[getter]
    fn __defaults__(&self, py: Python) -> PyResult<Option<Py<PyTuple>>> {
        audit(py, "object.__getattr__", self, "__defaults__")?;
        Ok(self.func_defaults.get())
    }
    #[setter]
    fn set___defaults__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        let defaults = match none_or(value) {
            None => None,
            Some(v) => match v.downcast::<PyTuple>() {
                Some(d) => Some(d),
                None => return Err(raise!(py, TypeError, "__defaults__ must be set to a tuple object")),
            },
        };
        let event = if value.is_some() { "object.__setattr__" } else { "object.__delattr__" };
        audit(py, event, self, "__defaults__")?;
        self.func_version.set(0);
        self.func_defaults.set(defaults.map(Py::new_ref));
        Ok(())
    }

    #[getter]
    fn __kwdefaults__(&self, py: Python) -> PyResult<Option<Py<PyDict>>> {
        audit(py, "object.__getattr__", self, "__kwdefaults__")?;
        Ok(self.func_kwdefaults.get())
    }
    #[setter]
    fn set___kwdefaults__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        let defaults = match none_or(value) {
            None => None,
            Some(v) => match v.downcast::<PyDict>() {
                Some(d) => Some(d),
                None => return Err(raise!(py, TypeError, "__kwdefaults__ must be set to a dict object")),
            },
        };
        let event = if value.is_some() { "object.__setattr__" } else { "object.__delattr__" };
        audit(py, event, self, "__kwdefaults__")?;
        self.func_version.set(0);
        self.func_kwdefaults.set(defaults.map(Py::new_ref));
        Ok(())
    }

    /// The function's annotations, a dict. They are evaluated when they are first asked for (PEP 649).
    #[getter]
    fn __annotations__(&self, py: Python) -> PyResult<Py<PyDict>> {
        self.annotations(py)
    }
    #[setter]
    fn set___annotations__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        let annotations = match none_or(value) {
            None => None,
            Some(v) if v.downcast::<PyDict>().is_some() => Some(v),
            Some(_) => return Err(raise!(py, TypeError, "__annotations__ must be set to a dict object")),
        };
        self.func_annotations.set(annotations.map(Py::new_ref));
        self.func_annotate.set(None);
        Ok(())
    }

    /// The function that evaluates the annotations, or None.
    #[getter]
    fn __annotate__(&self) -> Option<Py> {
        self.func_annotate.get()
    }
    #[setter]
    fn set___annotate__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        match value {
            None => Err(raise!(py, TypeError, "__annotate__ cannot be deleted")),
            Some(v) if v.is_none() => {
                self.func_annotate.set(Some(Py::new_ref(v)));
                Ok(())
            }
            Some(v) if v.is_callable() => {
                self.func_annotate.set(Some(Py::new_ref(v)));
                self.func_annotations.set(None);
                Ok(())
            }
            Some(_) => Err(raise!(py, TypeError, "__annotate__ must be callable or None")),
        }
    }

    #[getter]
    fn __dict__(&self, py: Python) -> PyResult {
        self.generic_get_dict(py)
    }
    #[setter]
    fn set___dict__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        crate::abstracts::object::set_instance_dict(py, self, value)
    }

    #[getter]
    fn __doc__(&self) -> Option<Py> {
        self.func_doc.get()
    }
    #[setter]
    fn set___doc__(&self, _py: Python, value: Option<&PyObject>) {
        self.func_doc.set(value.map(Py::new_ref));
    }

    #[getter]
    fn __module__(&self) -> Option<Py> {
        self.func_module.get()
    }
    #[setter]
    fn set___module__(&self, _py: Python, value: Option<&PyObject>) {
        self.func_module.set(value.map(Py::new_ref));
    }

    #[getter]
    fn __name__(&self) -> Option<Py<PyStr>> {
        self.func_name.get()
    }
    #[setter]
    fn set___name__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        let Some(name) = value.and_then(|v| v.downcast::<PyStr>()) else {
            return Err(raise!(py, TypeError, "__name__ must be set to a string object"));
        };
        self.func_name.set(Some(Py::new_ref(name)));
        Ok(())
    }

    #[getter]
    fn __qualname__(&self) -> Option<Py<PyStr>> {
        self.func_qualname.get()
    }
    #[setter]
    fn set___qualname__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        let Some(name) = value.and_then(|v| v.downcast::<PyStr>()) else {
            return Err(raise!(py, TypeError, "__qualname__ must be set to a string object"));
        };
        self.func_qualname.set(Some(Py::new_ref(name)));
        Ok(())
    }

    /// The function's type parameters, a tuple (PEP 695).
    #[getter]
    fn __type_params__(&self, py: Python) -> Py {
        self.func_typeparams.get().unwrap_or_else(|| PyTuple::empty(py).into_object())
    }
    #[setter]
    fn set___type_params__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        match value {
            Some(v) if v.downcast::<PyTuple>().is_some() => {
                self.func_typeparams.set(Some(Py::new_ref(v)));
                Ok(())
            }
            _ => Err(raise!(py, TypeError, "__type_params__ must be set to a tuple")),
        }
    }
}

impl PyFunction {
    /// `__annotations__`: what is stored, else what `__annotate__` gives, else a new dict.
    pub fn annotations(&self, py: Python) -> PyResult<Py<PyDict>> {
        let stored = match self.func_annotations.get() {
            Some(stored) => stored,
            None => {
                let made = match self.func_annotate.get() {
                    Some(annotate) if annotate.is_callable() => {
                        let made = annotate.call(py, &[PyLong::from_i64(py, 1)?.as_object()])?;
                        if made.downcast::<PyDict>().is_none() {
                            let found = made.ty().full_name();
                            return Err(raise!(py, TypeError, "__annotate__ returned non-dict of type '{found}'"));
                        }
                        made
                    }
                    _ => PyDict::new(py)?.into_object(),
                };
                self.func_annotations.set(Some(made.clone()));
                made
            }
        };
        // The compiler stores names and values in turn (`from __future__ import annotations`).
        let dict = match stored.downcast_into::<PyDict>() {
            Ok(dict) => return Ok(dict),
            Err(stored) => {
                let dict = PyDict::new(py)?;
                let items = stored.downcast::<PyTuple>().map_or(&[][..], |t| t.as_slice());
                for pair in items.chunks_exact(2) {
                    dict.set(py, &pair[0], &pair[1])?;
                }
                dict
            }
        };
        self.func_annotations.set(Some(dict.clone().into_object()));
        Ok(dict)
    }
}

/// The builtins that code with these globals uses: `__builtins__`, a module's dict or a mapping; else those of the running
/// frame, else the interpreter's (`_PyEval_BuiltinsFromGlobals`).
pub fn builtins_of(py: Python, globals: &PyDict) -> PyResult<Py> {
    if let Some(b) = globals.get_str(py, id!(py, "__builtins__"))? {
        if let Some(module) = b.downcast::<crate::PyModule>() {
            return Ok(Py::new_ref(module.dict()).into_object());
        }
        return Ok(b);
    }
    let frame = py.tstate().current_frame.get();
    let frame = crate::types::frame::InterpreterFrame::first_complete(frame);
    // SAFETY: null or a running frame.
    if let Some(frame) = unsafe { frame.as_ref() } {
        return Ok(Py::new_ref(frame.builtins()));
    }
    match py.interp().builtins.get() {
        Some(b) => Ok(b.into_object()),
        None => Ok(PyDict::new(py)?.into_object()),
    }
}
