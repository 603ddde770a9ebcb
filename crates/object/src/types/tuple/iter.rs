//! `tuple_iterator`.

use super::{PyTuple, free_object};
use crate::abstracts::iter;
use crate::header::PyObject;
use crate::memory::{alloc, gc};
use crate::{Py, PyResult, Python, Slot, Trace, id, pack, pyclass};
use core::cell::Cell;

/// An iterator over a tuple (`_PyTupleIterObject`).
#[derive(Trace)]
#[repr(C)]
pub struct PyTupleIter {
    pub ob_base: PyObject,
    #[trace(skip)]
    pub it_index: Cell<isize>,
    /// Empty when exhausted.
    pub it_seq: Slot<PyTuple>,
}

const _: () = assert!(size_of::<PyTupleIter>() == 32);

impl PyTupleIter {
    /// An iterator over `tuple`.
    #[inline]
    pub fn new(py: Python, tuple: &PyTuple) -> PyResult<Py<PyTupleIter>> {
        let mut p = py.interp().freelists.tuple_iters.pop();
        // SAFETY: memory for a tuple iterator, written whole before it is tracked.
        unsafe {
            if p.is_null() {
                p = alloc::gc_new(py, &PyTupleIter_Type, size_of::<PyTupleIter>())?;
            } else {
                alloc::init(p, &PyTupleIter_Type);
            }
            let it = p as *mut PyTupleIter;
            (&raw mut (*it).it_index).write(Cell::new(0));
            (&raw mut (*it).it_seq).write(Slot::some(Py::new_ref(tuple)));
            gc::track(&(*it).ob_base);
            Ok(Py::from_owned(it))
        }
    }

    /// The next item (what `tp_iternext` does).
    #[inline(always)]
    pub fn next(&self) -> Option<Py> {
        // SAFETY: no Python code runs while the borrow is used.
        let seq = unsafe { self.it_seq.borrow() }?;
        let i = self.it_index.get();
        if let Some(item) = seq.as_slice().get(i as usize) {
            self.it_index.set(i + 1);
            return Some(item.clone());
        }
        self.it_seq.clear();
        None
    }
}

#[pyclass(name = "tuple_iterator", static_name = PyTupleIter_Type, flags(GC, DISALLOW_INSTANTIATION), iter_self)]
impl PyTupleIter {
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the count is zero.
        unsafe {
            gc::untrack(&(*this).ob_base);
            (*this).it_seq.clear();
            let py = Python::assume();
            if !py.interp().freelists.tuple_iters.push(this as *mut PyObject) {
                free_object(this as *mut PyObject);
            }
        }
    }

    fn tp_iternext(&self, _py: Python) -> PyResult<Option<Py>> {
        Ok(self.next())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    #[signature("(self, /)")]
    fn __length_hint__(&self, _py: Python) -> PyResult<isize> {
        Ok(self.it_seq.get().map_or(0, |seq| seq.len() as isize - self.it_index.get()))
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult {
        let iter = iter::builtin(py, id!(py, "iter"))?;
        match self.it_seq.get() {
            Some(seq) => {
                let args = pack!(py, seq)?;
                let index = crate::PyLong::from_isize(py, self.it_index.get())?;
                Ok(pack!(py, iter, args, index)?.into_object())
            }
            None => {
                let args = pack!(py, PyTuple::empty_ref())?;
                Ok(pack!(py, iter, args)?.into_object())
            }
        }
    }

    /// Set state information for unpickling.
    #[method]
    #[signature("(self, object, /)")]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        let index = iter::state_index(py, state)?;
        if let Some(seq) = self.it_seq.get() {
            self.it_index.set(index.clamp(0, seq.len() as isize));
        }
        Ok(())
    }
}
