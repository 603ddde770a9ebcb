//! `iterator`, which walks over anything with `__getitem__`, and `callable_iterator`, the iterator of `iter(f, sentinel)`.

#[cfg(test)]
mod tests;

use crate::abstracts::{iter, sequence};
use crate::declare::CompareOp;
use crate::header::PyObject;
use crate::{Py, PyClass, PyLong, PyResult, PyTuple, Python, Slot, Trace, err, exceptions, id, pack, pyclass, raise};
use core::cell::Cell;

/// An iterator over a sequence by index (`seqiterobject`).
#[derive(Trace)]
#[repr(C)]
pub struct PySeqIter {
    pub ob_base: PyObject,
    #[trace(skip)]
    it_index: Cell<isize>,
    /// Empty when exhausted.
    it_seq: Slot,
}

/// An iterator that calls (`calliterobject`).
#[derive(Trace)]
#[repr(C)]
pub struct PyCallIter {
    pub ob_base: PyObject,
    /// Both are empty when exhausted.
    it_callable: Slot,
    it_sentinel: Slot,
}

const _: () = assert!(size_of::<PySeqIter>() == 32 && size_of::<PyCallIter>() == 32);

/// True, and the exception is cleared, if what was raised means that there are no more items.
pub(crate) fn is_end(py: Python) -> bool {
    let end = err::matches(py, exceptions::IndexError()) || err::matches(py, exceptions::StopIteration());
    if end {
        err::clear(py);
    }
    end
}

impl PySeqIter {
    /// An iterator over `seq` (`PySeqIter_New`).
    pub fn new(py: Python, seq: &PyObject) -> PyResult<Py<PySeqIter>> {
        PySeqIter::alloc_exact(py, |ob_base| PySeqIter {
            ob_base,
            it_index: Cell::new(0),
            it_seq: Slot::some(Py::new_ref(seq)),
        })
    }
}

#[pyclass(name = "iterator", static_name = PySeqIter_Type, flags(GC, DISALLOW_INSTANTIATION), iter_self, no_clear)]
impl PySeqIter {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        let Some(seq) = self.it_seq.get() else { return Ok(None) };
        let i = self.it_index.get();
        if i == isize::MAX {
            return Err(raise!(py, OverflowError, "iter index too large"));
        }
        match sequence::get_item(py, &seq, i) {
            Ok(item) => {
                self.it_index.set(i + 1);
                Ok(Some(item))
            }
            Err(_) if is_end(py) => {
                self.it_seq.clear();
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    #[signature("(self, /)")]
    fn __length_hint__(&self, py: Python) -> PyResult {
        let Some(seq) = self.it_seq.get() else { return Ok(PyLong::from_isize(py, 0)?.into_object()) };
        let has_len = seq.ty().as_sequence().is_some_and(|s| s.sq_length.get().is_some())
            || seq.ty().as_mapping().is_some_and(|m| m.mp_length.get().is_some());
        if !has_len {
            return Ok(py.not_implemented());
        }
        let left = sequence::size(py, &seq)? - self.it_index.get();
        Ok(PyLong::from_isize(py, left.max(0))?.into_object())
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let iter = iter::builtin(py, id!(py, "iter"))?;
        match self.it_seq.get() {
            Some(seq) => {
                let args = pack!(py, seq)?;
                let index = PyLong::from_isize(py, self.it_index.get())?;
                pack!(py, iter, args, index)
            }
            None => {
                let args = pack!(py, PyTuple::empty_ref())?;
                pack!(py, iter, args)
            }
        }
    }

    /// Set state information for unpickling.
    #[method]
    #[signature("(self, object, /)")]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        let index = iter::state_index(py, state)?;
        if !self.it_seq.is_none() {
            self.it_index.set(index.max(0));
        }
        Ok(())
    }
}

impl PyCallIter {
    /// `iter(callable, sentinel)` (`PyCallIter_New`).
    pub fn new(py: Python, callable: &PyObject, sentinel: &PyObject) -> PyResult<Py<PyCallIter>> {
        PyCallIter::alloc_exact(py, |ob_base| PyCallIter {
            ob_base,
            it_callable: Slot::some(Py::new_ref(callable)),
            it_sentinel: Slot::some(Py::new_ref(sentinel)),
        })
    }

    fn finish(&self) {
        self.it_callable.clear();
        self.it_sentinel.clear();
    }
}

#[pyclass(name = "callable_iterator", static_name = PyCallIter_Type, flags(GC, DISALLOW_INSTANTIATION), iter_self,
    no_clear)]
impl PyCallIter {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        let Some(callable) = self.it_callable.get() else { return Ok(None) };
        let result = match callable.call(py, &[]) {
            Ok(result) => result,
            Err(e) => {
                if !err::matches(py, exceptions::StopIteration()) {
                    return Err(e);
                }
                err::clear(py);
                self.finish();
                return Ok(None);
            }
        };
        // The call may have exhausted the iterator.
        let Some(sentinel) = self.it_sentinel.get() else { return Ok(None) };
        if sentinel.rich_compare_bool(py, &result, CompareOp::Eq)? {
            self.finish();
            return Ok(None);
        }
        Ok(Some(result))
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let iter = iter::builtin(py, id!(py, "iter"))?;
        let args = match (self.it_callable.get(), self.it_sentinel.get()) {
            (Some(callable), Some(sentinel)) => pack!(py, callable, sentinel)?,
            _ => pack!(py, PyTuple::empty_ref())?,
        };
        pack!(py, iter, args)
    }
}
