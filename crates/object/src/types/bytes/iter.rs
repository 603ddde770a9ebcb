//! `bytes_iterator`.

use super::PyBytes;
use crate::abstracts::iter;
use crate::header::PyObject;
use crate::{Py, PyClass, PyLong, PyResult, PyTuple, Python, Slot, Trace, id, pack, pyclass};
use core::cell::Cell;

/// An iterator over bytes (`striterobject`).
#[derive(Trace)]
#[repr(C)]
pub struct PyBytesIter {
    pub ob_base: PyObject,
    #[trace(skip)]
    it_index: Cell<isize>,
    /// Empty when exhausted.
    it_seq: Slot<PyBytes>,
}

const _: () = assert!(size_of::<PyBytesIter>() == 32);

impl PyBytesIter {
    /// An iterator over `bytes`.
    pub fn new(py: Python, bytes: &PyBytes) -> PyResult<Py<PyBytesIter>> {
        PyBytesIter::alloc_exact(py, |ob_base| PyBytesIter {
            ob_base,
            it_index: Cell::new(0),
            it_seq: Slot::some(Py::new_ref(bytes)),
        })
    }
}

#[pyclass(name = "bytes_iterator", static_name = PyBytesIter_Type, flags(GC, DISALLOW_INSTANTIATION), iter_self, no_clear)]
impl PyBytesIter {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py<PyLong>>> {
        // SAFETY: no Python code runs while the borrow is used.
        let Some(seq) = (unsafe { self.it_seq.borrow() }) else { return Ok(None) };
        let i = self.it_index.get();
        match seq.as_slice().get(i as usize) {
            Some(&b) => {
                self.it_index.set(i + 1);
                PyLong::from_i64(py, b as i64).map(Some)
            }
            None => {
                self.it_seq.clear();
                Ok(None)
            }
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    #[signature("(self, /)")]
    fn __length_hint__(&self, _py: Python) -> PyResult<isize> {
        Ok(self.it_seq.get().map_or(0, |s| s.len() as isize - self.it_index.get()))
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
        let to = iter::state_index(py, state)?;
        if let Some(seq) = self.it_seq.get() {
            self.it_index.set(to.clamp(0, seq.len() as isize));
        }
        Ok(())
    }
}
