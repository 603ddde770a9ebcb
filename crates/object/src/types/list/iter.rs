//! `list_iterator` and `list_reverseiterator`.

use super::PyList;
use crate::abstracts::iter;
use crate::header::PyObject;
use crate::memory::{alloc, gc};
use crate::types::tuple::free_object;
use crate::{Py, PyClass, PyLong, PyResult, Python, Slot, Trace, id, pack, pyclass};
use core::cell::Cell;

/// An iterator over a list (`_PyListIterObject`).
#[derive(Trace)]
#[repr(C)]
pub struct PyListIter {
    pub ob_base: PyObject,
    #[trace(skip)]
    pub it_index: Cell<isize>,
    /// Empty when exhausted.
    pub it_seq: Slot<PyList>,
}

/// An iterator over a list from its end.
#[derive(Trace)]
#[repr(C)]
pub struct PyListRevIter {
    pub ob_base: PyObject,
    #[trace(skip)]
    it_index: Cell<isize>,
    it_seq: Slot<PyList>,
}

const _: () = assert!(size_of::<PyListIter>() == 32);

impl PyListIter {
    /// An iterator over `list`.
    #[inline]
    pub fn new(py: Python, list: &PyList) -> PyResult<Py<PyListIter>> {
        let mut p = py.interp().freelists.list_iters.pop();
        // SAFETY: memory for a list iterator, written whole before it is tracked.
        unsafe {
            if p.is_null() {
                p = alloc::gc_new(py, &PyListIter_Type, size_of::<PyListIter>())?;
            } else {
                alloc::init(p, &PyListIter_Type);
            }
            let it = p as *mut PyListIter;
            (&raw mut (*it).it_index).write(Cell::new(0));
            (&raw mut (*it).it_seq).write(Slot::some(Py::new_ref(list)));
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
        if let Some(item) = seq.get(i as usize) {
            self.it_index.set(i + 1);
            return Some(item);
        }
        self.it_index.set(-1);
        self.it_seq.clear();
        None
    }
}

#[pyclass(name = "list_iterator", static_name = PyListIter_Type, flags(GC, DISALLOW_INSTANTIATION), iter_self)]
impl PyListIter {
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the count is zero.
        unsafe {
            gc::untrack(&(*this).ob_base);
            (*this).it_seq.clear();
            if !Python::assume().interp().freelists.list_iters.push(this as *mut PyObject) {
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
        Ok(self.it_seq.get().map_or(0, |seq| (seq.len() as isize - self.it_index.get()).max(0)))
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult {
        let iter = iter::builtin(py, id!(py, "iter"))?;
        let seq = if self.it_index.get() >= 0 { self.it_seq.get() } else { None };
        match seq {
            Some(seq) => {
                let args = pack!(py, seq)?;
                let index = PyLong::from_isize(py, self.it_index.get())?;
                Ok(pack!(py, iter, args, index)?.into_object())
            }
            None => {
                let empty = PyList::new(py)?;
                let args = pack!(py, empty)?;
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
            self.it_index.set(index.clamp(-1, seq.len() as isize));
        }
        Ok(())
    }
}

impl PyListRevIter {
    /// An iterator over `list` from its end.
    pub fn new(py: Python, list: &PyList) -> PyResult<Py<PyListRevIter>> {
        PyListRevIter::alloc(py, &PyListRevIter_Type, |ob_base| PyListRevIter {
            ob_base,
            it_index: Cell::new(list.len() as isize - 1),
            it_seq: Slot::some(Py::new_ref(list)),
        })
    }
}

#[pyclass(name = "list_reverseiterator", static_name = PyListRevIter_Type, flags(GC, DISALLOW_INSTANTIATION), iter_self)]
impl PyListRevIter {
    fn tp_iternext(&self, _py: Python) -> PyResult<Option<Py>> {
        let i = self.it_index.get();
        if i < 0 {
            return Ok(None);
        }
        let Some(seq) = self.it_seq.get() else { return Ok(None) };
        match seq.get(i as usize) {
            Some(item) => {
                self.it_index.set(i - 1);
                Ok(Some(item))
            }
            None => {
                self.it_index.set(-1);
                self.it_seq.clear();
                Ok(None)
            }
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    #[signature("(self, /)")]
    fn __length_hint__(&self, _py: Python) -> PyResult<isize> {
        let left = self.it_index.get() + 1;
        Ok(match self.it_seq.get() {
            Some(seq) if seq.len() as isize >= left => left,
            _ => 0,
        })
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult {
        let seq = if self.it_index.get() >= 0 { self.it_seq.get() } else { None };
        let reversed = iter::builtin(py, id!(py, "reversed"))?;
        match seq {
            Some(seq) => {
                let args = pack!(py, seq)?;
                let index = PyLong::from_isize(py, self.it_index.get())?;
                Ok(pack!(py, reversed, args, index)?.into_object())
            }
            None => {
                let empty = PyList::new(py)?;
                let args = pack!(py, empty)?;
                Ok(pack!(py, reversed, args)?.into_object())
            }
        }
    }

    /// Set state information for unpickling.
    #[method]
    #[signature("(self, object, /)")]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        let index = iter::state_index(py, state)?;
        if let Some(seq) = self.it_seq.get() {
            self.it_index.set(index.clamp(-1, seq.len() as isize - 1));
        }
        Ok(())
    }
}
