//! Evaluators, and the marker of a missing default.

use crate::header::PyObject;
use crate::types::generic_alias::type_repr;
use crate::{Py, PyClass, PyLayout, PyLong, PyResult, PyStr, Python, Slot, StrBuilder, Trace, id, pyclass, raise};
use crate::{PyDict, PyTuple, PyType};

/// The type of `typing.NoDefault`: nothing but the header.
#[repr(C)]
pub struct PyNoDefault {
    pub ob_base: PyObject,
}
// SAFETY: just the header.
unsafe impl PyLayout for PyNoDefault {}

/// `typing.NoDefault`.
#[unsafe(no_mangle)]
pub static _Py_NoDefaultStruct: PyObject = PyObject::static_head(&raw const _PyNoDefault_Type);

/// Borrowed `typing.NoDefault`.
pub fn no_default() -> &'static PyObject {
    &_Py_NoDefaultStruct
}

/// The type of the NoDefault singleton.
#[pyclass(name = "NoDefaultType", static_name = _PyNoDefault_Type)]
impl PyNoDefault {
    fn tp_new(py: Python, _cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        if args.len() != 0 || kwargs.is_some_and(|k| k.len() != 0) {
            return Err(raise!(py, TypeError, "NoDefaultType takes no arguments"));
        }
        Ok(Py::new_ref(no_default()))
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        Ok(Py::new_ref(id!(py, "typing.NoDefault")))
    }
    #[method]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyStr>> {
        Ok(Py::new_ref(id!(py, "NoDefault")))
    }
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the object is static; its count was driven to zero by faulty native code.
        unsafe { (*this).ob_base.set_immortal() }
    }
}

/// What evaluates to a value that is there already.
#[derive(Trace)]
#[repr(C)]
pub struct PyConstEvaluator {
    pub ob_base: PyObject,
    value: Slot,
}

impl PyConstEvaluator {
    /// An evaluator of `value`.
    pub fn new(py: Python, value: Py) -> PyResult<Py<PyConstEvaluator>> {
        PyConstEvaluator::alloc_exact(py, |head| PyConstEvaluator { ob_base: head, value: Slot::some(value) })
    }
}

/// Evaluates to a fixed value, in any format.
#[pyclass(name = "_typing._ConstEvaluator", flags(GC, DISALLOW_INSTANTIATION, IMMUTABLETYPE))]
impl PyConstEvaluator {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let value = self.value.get().unwrap_or_else(|| py.none());
        PyStr::new(py, &format!("<constevaluator {}>", value.repr(py)?))
    }

    #[signature("(self, format, /)", hidden)]
    fn tp_call(&self, py: Python, format: i32) -> PyResult {
        let value = self.value.get().unwrap_or_else(|| py.none());
        if format != 4 {
            return Ok(value);
        }
        // As source text.
        if let Some(t) = value.downcast::<PyTuple>() {
            let mut b = StrBuilder::new();
            b.push_str("(");
            for i in 0..t.len() {
                if i > 0 {
                    b.push_str(", ");
                }
                b.push_pystr(&*type_repr(py, t.get(i))?);
            }
            b.push_str(")");
            return Ok(b.finish(py)?.into_object());
        }
        Ok(type_repr(py, &value)?.into_object())
    }
}

/// Evaluates to the value itself (format 1).
pub fn evaluate(py: Python, evaluator: &PyObject) -> PyResult {
    evaluator.call(py, &[&*PyLong::from_i64(py, 1)?])
}

/// A value that is there or can be evaluated, kept once it was.
pub fn lazy(py: Python, value: &Slot, evaluator: &Slot, otherwise: &PyObject) -> PyResult {
    if let Some(v) = value.get() {
        return Ok(v);
    }
    let Some(e) = evaluator.get() else { return Ok(Py::new_ref(otherwise)) };
    let v = evaluate(py, &e)?;
    value.set(Some(v.clone()));
    Ok(v)
}

/// The evaluator of a value: the compiler's, or one made for a value that is there; None if there is no value.
pub fn evaluator_of(py: Python, value: &Slot, evaluator: &Slot, absent: impl Fn(&PyObject) -> bool) -> PyResult {
    if let Some(e) = evaluator.get() {
        return Ok(e);
    }
    match value.get() {
        Some(v) if !absent(&v) => Ok(PyConstEvaluator::new(py, v)?.into_object()),
        _ => Ok(py.none()),
    }
}
