//! `ImportError`.

use super::base::{PyBaseException, PyException};
use super::named::take_keywords;
use crate::{Py, PyDict, PyObject, PyResult, PyStr, PyTuple, Python, Slot, Trace, id, pyclass};

/// `PyImportErrorObject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyImportError {
    pub ob_base: PyBaseException,
    pub msg: Slot,
    pub name: Slot,
    pub path: Slot,
    pub name_from: Slot,
}

/// Import can't find module, or can't find name in module.
#[pyclass(
    name = "ImportError",
    static_name = _PyExc_ImportError,
    base = PyException,
    flags(GC, BASETYPE, BASE_EXC_SUBCLASS),
    members(
        msg: OBJECT "exception message",
        name: OBJECT "module name",
        path: OBJECT "module path",
        name_from: OBJECT "name imported from module",
    ),
)]
impl PyImportError {
    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        self.ob_base.args.set(Some(Py::new_ref(args)));
        let [name, path, name_from] = take_keywords(py, self, kwargs, ["name", "path", "name_from"])?;
        self.name.set(name);
        self.path.set(path);
        self.name_from.set(name_from);
        let msg = if args.len() == 1 { Some(Py::new_ref(args.get(0))) } else { None };
        self.msg.set(msg);
        Ok(())
    }

    fn tp_str(&self, py: Python) -> PyResult<Py<PyStr>> {
        if let Some(msg) = self.msg.get() {
            if let Some(s) = msg.downcast_exact::<PyStr>() {
                return Ok(Py::new_ref(s));
            }
        }
        match self.ob_base.args.get() {
            Some(args) if args.len() == 1 => args.get(0).str(py),
            Some(args) if args.len() > 1 => args.str(py),
            _ => Ok(PyStr::empty(py)),
        }
    }

    /// Helper for pickle.
    #[method]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let args = self.ob_base.args.get().unwrap_or_else(|| PyTuple::empty(py));
        let class: &PyObject = self.ty();
        let named = [
            (id!(py, "name"), self.name.get()),
            (id!(py, "path"), self.path.get()),
            (id!(py, "name_from"), self.name_from.get()),
        ];
        let dict = self.ob_base.dict.get();
        if dict.is_none() && named.iter().all(|(_, v)| v.is_none()) {
            return PyTuple::from_slice(py, &[class, args.as_object()]);
        }
        let state = match dict {
            Some(d) => d.copy(py)?,
            None => PyDict::new(py)?,
        };
        for (key, value) in named {
            if let Some(v) = value {
                state.set(py, key, &v)?;
            }
        }
        PyTuple::from_slice(py, &[class, args.as_object(), state.as_object()])
    }
}

/// Sets `name` and `path` of an ImportError just made.
pub fn set_import_error_fields(exc: &PyObject, name: Option<&PyObject>, path: Option<&PyObject>) {
    if exc.ty().is_subtype(super::ImportError()) {
        // SAFETY: just checked.
        let e = unsafe { &*(exc.as_ptr() as *const PyImportError) };
        e.name.set(name.map(Py::new_ref));
        e.path.set(path.map(Py::new_ref));
    }
}

/// Notes which name could not be imported.
pub fn set_import_error_name_from(exc: &PyObject, name: &PyObject) {
    if exc.ty().is_subtype(super::ImportError()) {
        // SAFETY: just checked.
        unsafe { (*(exc.as_ptr() as *const PyImportError)).name_from.set(Some(Py::new_ref(name))) }
    }
}
