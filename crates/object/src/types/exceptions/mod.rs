//! Exceptions: `BaseException` and its family (PEP 3134, 654, 678), each under its C name.
//!
//! For every class there is a function of its Python name here that gives its type: `exceptions::TypeError()`.

mod base;
mod group;
mod hierarchy;
mod import_error;
mod named;
mod os_error;
mod syntax_error;
pub mod unicode_error;

pub use base::{PyBaseException, PyException, PyLookupError, PyValueError};
pub use group::{PyBaseExceptionGroup, prep_reraise_star};
pub use hierarchy::*;
pub use import_error::{PyImportError, set_import_error_fields, set_import_error_name_from};
pub use named::{
    PyAttributeError, PyNameError, PyStopIteration, PySystemExit, set_attribute_error_fields, set_name_error_name,
    stop_iteration_value,
};
pub use os_error::PyOSError;
pub use syntax_error::PySyntaxError;
pub use unicode_error::{
    PyUnicodeError, raise_unicode_decode_error, raise_unicode_encode_error, raise_unicode_translate_error,
};

use crate::declare::InterpLocal;
use crate::typeobj::flags;
use crate::{Py, PyObject, PyTuple, PyType, Python, Slot};
use core::cell::RefCell;

/// True for an instance of `BaseException` (`PyExceptionInstance_Check`).
#[inline(always)]
pub fn is_exception_instance(obj: &PyObject) -> bool {
    obj.ty().has_feature(flags::BASE_EXC_SUBCLASS)
}

/// The exception class that the object is, if it is one (`PyExceptionClass_Check`).
#[inline]
pub fn exception_class(obj: &PyObject) -> Option<&PyType> {
    PyType::from_object(obj).filter(|t| t.has_feature(flags::BASE_EXC_SUBCLASS))
}

/// The common part of an exception instance.
#[inline(always)]
pub fn as_base(obj: &PyObject) -> Option<&PyBaseException> {
    if is_exception_instance(obj) {
        // SAFETY: all exceptions start with the common part.
        Some(unsafe { &*(obj.as_ptr() as *const PyBaseException) })
    } else {
        None
    }
}

/// Does `exc` (an instance or class) match `wanted`, a class or a tuple of them? (`PyErr_GivenExceptionMatches`)
pub fn given_exception_matches(exc: &PyObject, wanted: &PyObject) -> bool {
    if let Some(tuple) = wanted.downcast::<PyTuple>() {
        return (0..tuple.len()).any(|i| given_exception_matches(exc, tuple.get(i)));
    }
    let class = if is_exception_instance(exc) {
        exc.ty()
    } else {
        match exception_class(exc) {
            Some(c) => c,
            None => return exc.is(wanted),
        }
    };
    match exception_class(wanted) {
        Some(w) => class.is_subtype(w),
        None => class.is(wanted),
    }
}

/// A MemoryError made beforehand, so that raising one needs no memory. `None` if all are in use.
pub fn memory_error_instance(py: Python) -> Option<Py> {
    static SPARE: InterpLocal<RefCell<Vec<Py>>> = InterpLocal::new();
    let spare = SPARE.get(py);
    let mut list = spare.try_borrow_mut().ok()?;
    let exc = list.pop()?;
    drop(list);
    Some(exc)
}

static EXCEPTION_GROUP: InterpLocal<Slot<PyType>> = InterpLocal::new();

/// The class `ExceptionGroup`, a heap type as in CPython, having two bases.
#[allow(non_snake_case)]
pub fn ExceptionGroup<'a>() -> &'a PyType {
    // SAFETY: whoever deals with exceptions holds the GIL. The interpreter keeps the class from its start on.
    unsafe {
        let slot = EXCEPTION_GROUP.get(Python::assume());
        slot.as_raw().as_ref().unwrap_or(BaseExceptionGroup())
    }
}

/// Makes what needs a running interpreter: `ExceptionGroup`, spare MemoryErrors.
pub fn init(py: Python) -> crate::PyResult<()> {
    let class = group::make_exception_group(py)?;
    EXCEPTION_GROUP.get(py).set(Some(class));
    Ok(())
}
