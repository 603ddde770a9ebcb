//! Exceptions with a field or two: `StopIteration`, `SystemExit`, `NameError`, `AttributeError`, `KeyError`.

use super::base::{PyBaseException, PyException, PyLookupError};
use crate::{Py, PyDict, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, id, pyclass, raise};

/// `PyStopIterationObject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyStopIteration {
    pub ob_base: PyBaseException,
    pub value: Slot,
}

fn init_base(this: &PyBaseException, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
    if kwargs.is_some_and(|k| k.len() != 0) {
        return Err(raise!(py, TypeError, "{}() takes no keyword arguments", this.ty().name()));
    }
    this.args.set(Some(Py::new_ref(args)));
    Ok(())
}

/// Takes `names` out of keyword arguments; TypeError for others. Gives their values in order.
pub(super) fn take_keywords<const N: usize>(
    py: Python,
    this: &PyObject,
    kwargs: Option<&PyDict>,
    names: [&str; N],
) -> PyResult<[Option<Py>; N]> {
    let mut values = [const { None }; N];
    let Some(kwargs) = kwargs else { return Ok(values) };
    let mut pos = 0;
    while let Some((key, value)) = kwargs.next(&mut pos) {
        let Some(key) = key.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "keywords must be strings"));
        };
        match names.iter().position(|n| key.eq_str(n)) {
            Some(i) => values[i] = Some(value),
            None => {
                return Err(raise!(
                    py,
                    TypeError,
                    "{}() got an unexpected keyword argument '{}'",
                    this.ty().name(),
                    key
                ));
            }
        }
    }
    Ok(values)
}

/// Signal the end from iterator.__next__().
#[pyclass(
    name = "StopIteration",
    static_name = _PyExc_StopIteration,
    base = PyException,
    flags(GC, BASETYPE, BASE_EXC_SUBCLASS),
    members(value: OBJECT "generator return value"),
)]
impl PyStopIteration {
    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        init_base(&self.ob_base, py, args, kwargs)?;
        let value = if args.len() > 0 { Py::new_ref(args.get(0)) } else { py.none() };
        self.value.set(Some(value));
        Ok(())
    }
}

/// The value that a StopIteration carries; None for another exception.
pub fn stop_iteration_value(exc: &PyObject) -> Py {
    if exc.ty().is_subtype(super::StopIteration()) {
        // SAFETY: just checked.
        if let Some(v) = unsafe { (*(exc.as_ptr() as *const PyStopIteration)).value.get() } {
            return v;
        }
    }
    Py::new_ref(crate::singletons::none())
}

/// `PySystemExitObject`.
#[derive(Trace)]
#[repr(C)]
pub struct PySystemExit {
    pub ob_base: PyBaseException,
    pub code: Slot,
}

/// Request to exit from the interpreter.
#[pyclass(
    name = "SystemExit",
    static_name = _PyExc_SystemExit,
    base = PyBaseException,
    flags(GC, BASETYPE, BASE_EXC_SUBCLASS),
    members(code: OBJECT "exception code"),
)]
impl PySystemExit {
    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        init_base(&self.ob_base, py, args, kwargs)?;
        match args.len() {
            0 => {}
            1 => self.code.set(Some(Py::new_ref(args.get(0)))),
            _ => self.code.set(Some(Py::new_ref(args as &PyObject))),
        }
        Ok(())
    }
}

/// `PyNameErrorObject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyNameError {
    pub ob_base: PyBaseException,
    pub name: Slot,
}

/// Name not found globally.
#[pyclass(
    name = "NameError",
    static_name = _PyExc_NameError,
    base = PyException,
    flags(GC, BASETYPE, BASE_EXC_SUBCLASS),
    members(name: OBJECT "name"),
)]
impl PyNameError {
    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        init_base(&self.ob_base, py, args, None)?;
        let [name] = take_keywords(py, self, kwargs, ["name"])?;
        self.name.set(name);
        Ok(())
    }
}

/// Notes the name a NameError is about, for suggestions.
pub fn set_name_error_name(exc: &PyObject, name: &PyStr) {
    if exc.ty().is_subtype(super::NameError()) {
        // SAFETY: just checked.
        let e = unsafe { &*(exc.as_ptr() as *const PyNameError) };
        if e.name.is_none() {
            e.name.set(Some(Py::new_ref(name as &PyObject)));
        }
    }
}

/// `PyAttributeErrorObject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyAttributeError {
    pub ob_base: PyBaseException,
    pub obj: Slot,
    pub name: Slot,
}

/// Attribute not found.
#[pyclass(
    name = "AttributeError",
    static_name = _PyExc_AttributeError,
    base = PyException,
    flags(GC, BASETYPE, BASE_EXC_SUBCLASS),
    members(name: OBJECT "attribute name", obj: OBJECT "object"),
)]
impl PyAttributeError {
    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        init_base(&self.ob_base, py, args, None)?;
        let [name, obj] = take_keywords(py, self, kwargs, ["name", "obj"])?;
        self.name.set(name);
        self.obj.set(obj);
        Ok(())
    }

    /// Copies what can be pickled.
    #[method]
    fn __getstate__(&self, py: Python) -> PyResult {
        let dict = match self.ob_base.dict.get() {
            Some(d) => d.copy(py)?,
            None => {
                if self.name.is_none() && self.ob_base.args.is_none() {
                    return Ok(py.none());
                }
                PyDict::new(py)?
            }
        };
        if let Some(name) = self.name.get() {
            dict.set(py, id!(py, "name"), &name)?;
        }
        if let Some(args) = self.ob_base.args.get() {
            dict.set(py, id!(py, "args"), &args)?;
        }
        Ok(dict.into_object())
    }

    /// Helper for pickle.
    #[method]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let state = self.__getstate__(py)?;
        let args = self.ob_base.args.get().unwrap_or_else(|| PyTuple::empty(py));
        PyTuple::from_slice(py, &[self.ty() as &PyObject, args.as_object(), &state])
    }
}

/// Notes what an AttributeError is about, if it does not say so yet.
pub fn set_attribute_error_fields(exc: &PyObject, obj: &PyObject, name: &PyObject) {
    if exc.ty().is_subtype(super::AttributeError()) {
        // SAFETY: just checked.
        let e = unsafe { &*(exc.as_ptr() as *const PyAttributeError) };
        if e.name.is_none() && e.obj.is_none() {
            e.name.set(Some(Py::new_ref(name)));
            e.obj.set(Some(Py::new_ref(obj)));
        }
    }
}

/// A KeyError has the common layout; only its text differs.
#[derive(Trace)]
#[repr(C)]
pub struct PyKeyError {
    pub ob_base: PyBaseException,
}

/// Mapping key not found.
#[pyclass(name = "KeyError", static_name = _PyExc_KeyError, base = PyLookupError, flags(GC, BASETYPE, BASE_EXC_SUBCLASS))]
impl PyKeyError {
    /// A lone argument is shown by its repr, so that an empty or blank key can be seen.
    fn tp_str(&self, py: Python) -> PyResult<Py<PyStr>> {
        match self.ob_base.args.get() {
            Some(args) if args.len() == 1 => args.get(0).repr(py),
            Some(args) if args.len() > 1 => args.str(py),
            _ => Ok(PyStr::empty(py)),
        }
    }
}
