//! `BaseException`.

use crate::abstracts::object::set_instance_dict;
use crate::types::dict::PyDict;
use crate::types::traceback::{PyTraceBack_Type, PyTraceback};
use crate::types::tuple::PyTuple;
use crate::types::type_::PyType_GenericAlloc;
use crate::{Py, PyList, PyObject, PyResult, PyStr, PyType, Python, Slot, Trace, err, id, pyclass, raise};
use core::cell::Cell;

/// `PyBaseExceptionObject`: the head of every exception.
#[derive(Trace)]
#[repr(C)]
pub struct PyBaseException {
    pub ob_base: PyObject,
    pub dict: Slot<PyDict>,
    pub args: Slot<PyTuple>,
    pub notes: Slot,
    pub traceback: Slot<PyTraceback>,
    pub context: Slot,
    pub cause: Slot,
    pub suppress_context: Cell<i8>,
}

/// Common base class for all exceptions.
#[pyclass(
    name = "BaseException",
    static_name = _PyExc_BaseException,
    flags(GC, BASETYPE, BASE_EXC_SUBCLASS),
    dict = dict,
    members(suppress_context as "__suppress_context__": BOOL),
)]
impl PyBaseException {
    fn tp_new(py: Python, cls: &PyType, args: &PyTuple, _kwargs: Option<&PyDict>) -> PyResult {
        // SAFETY: every exception class is laid out with this head; tp_alloc gives zeroed memory, which is what empty
        // slots are.
        unsafe {
            let alloc = cls.tp_alloc.get().unwrap_or(PyType_GenericAlloc);
            let exc: Py = Py::from_owned_or_raised(alloc(cls as *const PyType as *mut PyType, 0))?;
            let _ = py;
            (*(exc.as_raw() as *const PyBaseException)).args.set(Some(Py::new_ref(args)));
            Ok(exc)
        }
    }

    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        if kwargs.is_some_and(|k| k.len() != 0) {
            return Err(raise!(py, TypeError, "{}() takes no keyword arguments", self.ty().name()));
        }
        self.args.set(Some(Py::new_ref(args)));
        Ok(())
    }

    fn tp_str(&self, py: Python) -> PyResult<Py<PyStr>> {
        match self.args.get() {
            Some(args) if args.len() == 1 => args.get(0).str(py),
            Some(args) if args.len() > 1 => args.str(py),
            _ => Ok(PyStr::empty(py)),
        }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let name = self.ty().name();
        match self.args.get() {
            Some(args) if args.len() == 1 => {
                let mut b = crate::StrBuilder::new();
                b.push_str(name);
                b.push_char('(' as u32);
                b.push_pystr(&*args.get(0).repr(py)?);
                b.push_char(')' as u32);
                b.finish(py)
            }
            Some(args) => {
                let mut b = crate::StrBuilder::new();
                b.push_str(name);
                b.push_pystr(&*args.repr(py)?);
                b.finish(py)
            }
            None => PyStr::new(py, &format!("{name}()")),
        }
    }

    /// Helper for pickle.
    #[method]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let args = self.args.get().unwrap_or_else(|| PyTuple::empty(py));
        let class: &PyObject = self.ty();
        match self.dict.get() {
            Some(d) => PyTuple::from_slice(py, &[class, args.as_object(), d.as_object()]),
            None => PyTuple::from_slice(py, &[class, args.as_object()]),
        }
    }

    /// Sets attributes from a dict.
    #[method]
    #[signature("(self, state, /)")]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        if state.is_none() {
            return Ok(());
        }
        let Some(d) = state.downcast::<PyDict>() else {
            return Err(raise!(py, TypeError, "state is not a dictionary"));
        };
        let mut pos = 0;
        while let Some((k, v)) = d.next(&mut pos) {
            let Some(name) = k.downcast::<PyStr>() else {
                return Err(raise!(py, TypeError, "attribute name must be string, not '{}'", k.ty().name()));
            };
            self.setattr(py, name, &v)?;
        }
        Ok(())
    }

    /// Set self.__traceback__ to tb and return self.
    #[method]
    #[signature("(self, object, /)")]
    fn with_traceback(&self, py: Python, object: &PyObject) -> PyResult {
        self.store_traceback(py, object)?;
        Ok(Py::new_ref(self as &PyObject))
    }

    /// Add a note to the exception.
    #[method]
    #[signature("(self, object, /)")]
    fn add_note(&self, py: Python, object: &PyObject) -> PyResult<()> {
        let Some(note) = object.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "note must be a str, not '{}'", object.ty().name()));
        };
        let notes = match self.getattr_opt(py, id!(py, "__notes__"))? {
            Some(n) => n,
            None => {
                let list = PyList::new(py)?.into_object();
                self.setattr(py, id!(py, "__notes__"), &list)?;
                list
            }
        };
        let Some(list) = notes.downcast::<PyList>() else {
            return Err(raise!(py, TypeError, "Cannot add note: __notes__ is not a list"));
        };
        list.append(py, note)
    }

    #[getter]
    fn args(&self, py: Python) -> PyResult {
        Ok(self.args.get().map_or_else(|| py.none(), Py::into_object))
    }
    #[setter]
    fn set_args(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        let Some(value) = value else {
            return Err(raise!(py, TypeError, "args may not be deleted"));
        };
        self.args.set(Some(crate::abstracts::sequence::to_tuple(py, value)?));
        Ok(())
    }

    #[getter]
    fn __traceback__(&self, py: Python) -> PyResult {
        Ok(self.traceback.get().map_or_else(|| py.none(), Py::into_object))
    }
    #[setter]
    fn set___traceback__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        match value {
            None => Err(raise!(py, TypeError, "__traceback__ may not be deleted")),
            Some(tb) => self.store_traceback(py, tb),
        }
    }

    #[getter]
    fn __context__(&self, py: Python) -> PyResult {
        Ok(self.context.get().unwrap_or_else(|| py.none()))
    }
    #[setter]
    fn set___context__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        let new = related(py, value, "__context__", "exception context")?;
        self.context.set(new);
        Ok(())
    }

    #[getter]
    fn __cause__(&self, py: Python) -> PyResult {
        Ok(self.cause.get().unwrap_or_else(|| py.none()))
    }
    #[setter]
    fn set___cause__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        let new = related(py, value, "__cause__", "exception cause")?;
        self.suppress_context.set(1);
        self.cause.set(new);
        Ok(())
    }

    #[getter]
    fn __dict__(&self, py: Python) -> PyResult {
        self.generic_get_dict(py)
    }
    #[setter]
    fn set___dict__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        set_instance_dict(py, self, value)
    }
}

/// The value for `__context__` or `__cause__`.
fn related(py: Python, value: Option<&PyObject>, attr: &str, what: &str) -> PyResult<Option<Py>> {
    match value {
        None => Err(raise!(py, TypeError, "{attr} may not be deleted")),
        Some(v) if v.is_none() => Ok(None),
        Some(v) if super::is_exception_instance(v) => Ok(Some(Py::new_ref(v))),
        Some(_) => Err(raise!(py, TypeError, "{what} must be None or derive from BaseException")),
    }
}

impl PyBaseException {
    fn store_traceback(&self, py: Python, tb: &PyObject) -> PyResult<()> {
        if tb.is_none() {
            self.traceback.set(None);
            return Ok(());
        }
        if !tb.is_type(&PyTraceBack_Type) {
            return Err(raise!(py, TypeError, "__traceback__ must be a traceback or None"));
        }
        // SAFETY: just checked.
        self.traceback.set(Some(unsafe { Py::new_ref(tb).cast_unchecked() }));
        Ok(())
    }

    /// Sets the traceback at hand; used by the evaluation loop.
    pub fn set_traceback_field(&self, tb: Option<Py<PyTraceback>>) {
        self.traceback.set(tb);
    }

    /// Adds a note from native code; errors are dropped.
    pub fn add_note_text(&self, py: Python, text: &str) {
        let r = PyStr::new(py, text).and_then(|t| self.add_note(py, &t));
        if r.is_err() {
            err::clear(py);
        }
    }
}

macro_rules! parents {
    ($($(#[$doc:meta])* $name:ident, $python:literal, $static:ident, $base:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Trace)]
        #[repr(C)]
        pub struct $name {
            pub ob_base: PyBaseException,
        }

        $(#[$doc])*
        #[pyclass(name = $python, static_name = $static, base = $base, flags(GC, BASETYPE, BASE_EXC_SUBCLASS))]
        impl $name {}
    )*};
}
parents! {
    /// Common base class for all non-exit exceptions.
    PyException, "Exception", _PyExc_Exception, PyBaseException;
    /// Base class for lookup errors.
    PyLookupError, "LookupError", _PyExc_LookupError, PyException;
    /// Inappropriate argument value (of correct type).
    PyValueError, "ValueError", _PyExc_ValueError, PyException;
    /// Unicode related error.
    PyUnicodeErrorBase, "UnicodeError", _PyExc_UnicodeError, PyValueError;
}
