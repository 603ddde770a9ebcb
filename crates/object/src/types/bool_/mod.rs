//! `bool`.

use crate::declare::Args;
use crate::types::int::{PyLong, PyLong_Type, arith, bool_layout};
use crate::{Py, PyLayout, PyObject, PyResult, PyStr, PyType, Python, err, exceptions, id, pyclass, raise};

/// `True` and `False` are ints with the layout of one.
#[repr(transparent)]
pub struct PyBool {
    pub value: PyLong,
}

// SAFETY: an int.
unsafe impl PyLayout for PyBool {}

impl core::ops::Deref for PyBool {
    type Target = PyLong;
    #[inline(always)]
    fn deref(&self) -> &PyLong {
        &self.value
    }
}

/// `True`.
#[unsafe(no_mangle)]
pub static _Py_TrueStruct: PyBool = PyBool { value: bool_layout(&raw const PyBool_Type, true) };
/// `False`.
#[unsafe(no_mangle)]
pub static _Py_FalseStruct: PyBool = PyBool { value: bool_layout(&raw const PyBool_Type, false) };

/// Borrowed `True`.
#[inline(always)]
pub fn true_object() -> &'static PyObject {
    &_Py_TrueStruct.value.ob_base
}

/// Borrowed `False`.
#[inline(always)]
pub fn false_object() -> &'static PyObject {
    &_Py_FalseStruct.value.ob_base
}

/// The value, if the object is one of the two.
#[inline(always)]
fn value(obj: &PyObject) -> Option<bool> {
    if obj.is(true_object()) {
        Some(true)
    } else if obj.is(false_object()) {
        Some(false)
    } else {
        None
    }
}

macro_rules! logic {
    ($py:expr, $a:expr, $b:expr, $op:tt, $fallback:path) => {
        match (value($a), value($b)) {
            (Some(a), Some(b)) => Ok($py.bool(a $op b)),
            _ => match ($a.downcast::<PyLong>(), $b.downcast::<PyLong>()) {
                (Some(a), Some(b)) => $fallback($py, a, b).map(Py::into_object),
                _ => Ok($py.not_implemented()),
            },
        }
    };
}

/// Returns True when the argument is true, False otherwise.
/// The builtins True and False are the only two instances of the class bool.
/// The class bool is a subclass of the class int, and cannot be subclassed.
#[pyclass(name = "bool", static_name = PyBool_Type, base = PyLong,
    basicsize = crate::types::int::DIGITS_OFFSET, itemsize = 4)]
impl PyBool {
    #[signature("(object=False, /)")]
    fn tp_new(py: Python, cls: &PyType, object: bool) -> Py {
        let _ = cls;
        py.bool(object)
    }

    fn tp_vectorcall(py: Python, _callable: &PyObject, args: Args<'_>) -> PyResult {
        args.no_keywords("bool")?;
        match *args.as_slice() {
            [] => Ok(py.bool(false)),
            [x] => Ok(py.bool(x.is_true(py)?)),
            ref all => Err(raise!(py, TypeError, "bool expected at most 1 argument, got {}", all.len())),
        }
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the object is static, so it is alive; its count was driven to zero by faulty native code.
        unsafe { (*this).set_immortal() }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        Ok(Py::new_ref(if self.is_zero() { id!(py, "False") } else { id!(py, "True") }))
    }

    fn nb_and(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        logic!(py, a, b, &, arith::and)
    }
    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        logic!(py, a, b, |, arith::or)
    }
    fn nb_xor(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        logic!(py, a, b, ^, arith::xor)
    }
    fn nb_invert(&self, py: Python) -> PyResult<Py<PyLong>> {
        err::warn(
            py,
            exceptions::DeprecationWarning(),
            "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise \
             inversion of the underlying int object and is usually not what you expect from negating a bool. Use the \
             'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying \
             int.",
            1,
        )?;
        arith::invert(py, self)
    }
}

const _: () = assert!(size_of::<PyBool>() == size_of::<PyLong>());
// The base, so that a change of its name is noticed here.
const _: *const PyType = &raw const PyLong_Type;
