//! Iteration: `iter(o)`, the next item, hints about how many there will be.

use crate::header::PyObject;
use crate::types::seqiter::PySeqIter;
use crate::{Py, PyLong, PyResult, PyStr, Python, err, exceptions, id, raise};
use core::ptr::null_mut;

pub use crate::types::generator::{Sent, iter_send as send};

/// `tp_iternext` of classes that take it away from what they inherit: such objects are not iterators.
///
/// # Safety
/// As any slot.
pub unsafe extern "C" fn _PyObject_NextNotImplemented(this: *mut PyObject) -> *mut PyObject {
    // SAFETY: a slot is called with a live object and the GIL held.
    unsafe {
        let py = Python::assume();
        let _ = raise!(py, TypeError, "'{}' object is not iterable", (*this).ty().full_name());
        null_mut()
    }
}

/// True if the object has a `__next__` (`PyIter_Check`).
#[inline]
pub fn is_iterator(obj: &PyObject) -> bool {
    match obj.ty().tp_iternext.get() {
        Some(f) => f as usize != _PyObject_NextNotImplemented as *const () as usize,
        None => false,
    }
}

impl PyObject {
    /// `iter(self)`. TypeError if it is not iterable, or its `__iter__` gives something that is no iterator.
    pub fn iter(&self, py: Python) -> PyResult {
        let Some(f) = self.ty().tp_iter.get() else {
            if super::sequence::check(self) {
                return Ok(PySeqIter::new(py, self)?.into_object());
            }
            return Err(raise!(py, TypeError, "'{}' object is not iterable", self.ty().full_name()));
        };
        // SAFETY: the slot of a live object's type.
        let it = unsafe { Py::from_owned_or_raised(f(self.as_ptr())) }?;
        if !is_iterator(&it) {
            return Err(raise!(py, TypeError, "iter() returned non-iterator of type '{}'", it.ty().full_name()));
        }
        Ok(it)
    }

    /// The next item of an iterator; `None` when it is exhausted (StopIteration is cleared).
    #[inline]
    pub fn iter_next(&self, py: Python) -> PyResult<Option<Py>> {
        let Some(f) = self.ty().tp_iternext.get() else {
            return Err(raise!(py, TypeError, "'{}' object is not an iterator", self.ty().full_name()));
        };
        // SAFETY: the slot of a live object's type.
        match unsafe { Py::from_owned_nullable(f(self.as_ptr())) } {
            Some(item) => Ok(Some(item)),
            None => exhausted(py),
        }
    }

    /// Calls `f` for each item that iterating over the object yields.
    pub fn iterate(&self, py: Python, mut f: impl FnMut(Py) -> PyResult<()>) -> PyResult<()> {
        let it = self.iter(py)?;
        while let Some(item) = it.iter_next(py)? {
            f(item)?;
        }
        Ok(())
    }

    /// `operator.length_hint(self, default)`.
    pub fn length_hint(&self, py: Python, default: usize) -> PyResult<usize> {
        length_hint(py, self, default)
    }
}

/// What NULL from `tp_iternext` means: the end, or an exception.
#[cold]
fn exhausted(py: Python) -> PyResult<Option<Py>> {
    if err::occurred(py) {
        if !err::matches(py, exceptions::StopIteration()) {
            return Err(crate::Raised::assume());
        }
        err::clear(py);
    }
    Ok(None)
}

/// How many items there will probably be: the length, else what `__length_hint__` says, else `default`
/// (`PyObject_LengthHint`).
pub fn length_hint(py: Python, obj: &PyObject, default: usize) -> PyResult<usize> {
    let ty = obj.ty();
    let has_len = ty.as_sequence().is_some_and(|s| s.sq_length.get().is_some())
        || ty.as_mapping().is_some_and(|m| m.mp_length.get().is_some());
    if has_len && let Some(n) = err::suppress(py, obj.len(py), exceptions::TypeError())? {
        return Ok(n as usize);
    }
    let Some(method) = obj.lookup_special(py, id!(py, "__length_hint__"))? else { return Ok(default) };
    let Some(hint) = err::suppress(py, method.call(py, &[]), exceptions::TypeError())? else { return Ok(default) };
    if hint.is_not_implemented() {
        return Ok(default);
    }
    let Some(n) = hint.downcast::<PyLong>() else {
        return Err(raise!(py, TypeError, "__length_hint__ must be an integer, not {}", hint.ty().full_name()));
    };
    let n = n.as_isize(py)?;
    if n < 0 {
        return Err(raise!(py, ValueError, "__length_hint__() should return >= 0"));
    }
    Ok(n as usize)
}

/// A function of the builtins module, as iterators name it when they are pickled (`_PyEval_GetBuiltin`).
pub fn builtin(py: Python, name: &PyStr) -> PyResult {
    if let Some(builtins) = py.interp().builtins.get()
        && let Some(f) = builtins.get_str(py, name)?
    {
        return Ok(f);
    }
    Err(raise!(py, AttributeError, "{}", name.to_string_lossy()))
}

/// The index that an iterator's `__setstate__` gets: TypeError "an integer is required", OverflowError.
pub fn state_index(py: Python, state: &PyObject) -> PyResult<isize> {
    match state.downcast::<PyLong>() {
        Some(n) => n.as_isize(py),
        None => Err(raise!(py, TypeError, "an integer is required")),
    }
}
