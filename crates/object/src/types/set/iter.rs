//! `set_iterator`.

use super::PySetObject;
use crate::abstracts::iter;
use crate::header::PyObject;
use crate::{Py, PyClass, PyList, PyResult, PyTuple, Python, Slot, Trace, id, pack, pyclass, raise};
use core::cell::Cell;

/// An iterator over a set or frozenset (`setiterobject`).
#[derive(Trace)]
#[repr(C)]
pub struct PySetIter {
    pub ob_base: PyObject,
    /// Empty when exhausted.
    si_set: Slot<PySetObject>,
    /// Size of the set at the start; -1 once it was seen to have changed.
    #[trace(skip)]
    si_used: Cell<isize>,
    #[trace(skip)]
    si_pos: Cell<isize>,
    /// Elements left.
    #[trace(skip)]
    len: Cell<isize>,
}

const _: () = assert!(size_of::<PySetIter>() == 48);

impl PySetIter {
    /// An iterator over `set`.
    pub fn new(py: Python, set: &PySetObject) -> PyResult<Py<PySetIter>> {
        PySetIter::alloc_exact(py, |ob_base| PySetIter {
            ob_base,
            si_set: Slot::some(Py::new_ref(set)),
            si_used: Cell::new(set.len() as isize),
            si_pos: Cell::new(0),
            len: Cell::new(set.len() as isize),
        })
    }

    /// The next element (what `tp_iternext` does).
    pub fn next(&self, py: Python) -> PyResult<Option<Py>> {
        // SAFETY: nothing that could empty the field runs while the borrow is used.
        let Some(set) = (unsafe { self.si_set.borrow() }) else { return Ok(None) };
        if self.si_used.get() != set.len() as isize {
            self.si_used.set(-1);
            return Err(raise!(py, RuntimeError, "Set changed size during iteration"));
        }
        let mut pos = self.si_pos.get() as usize;
        let found = set.next(&mut pos);
        self.si_pos.set(pos as isize);
        if found.is_none() {
            self.si_set.clear();
        } else {
            self.len.set(self.len.get() - 1);
        }
        Ok(found)
    }
}

#[pyclass(name = "set_iterator", static_name = PySetIter_Type, flags(GC, DISALLOW_INSTANTIATION), iter_self, no_clear)]
impl PySetIter {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        self.next(py)
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    #[signature("(self, /)")]
    fn __length_hint__(&self, _py: Python) -> PyResult<isize> {
        Ok(match self.si_set.get() {
            Some(set) if self.si_used.get() == set.len() as isize => self.len.get(),
            _ => 0,
        })
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let iter = iter::builtin(py, id!(py, "iter"))?;
        // A copy does the walking, so that this one stays where it is.
        let rest = PyList::new(py)?;
        if let Some(set) = self.si_set.get() {
            let copy = PySetIter::new(py, &set)?;
            copy.si_used.set(self.si_used.get());
            copy.si_pos.set(self.si_pos.get());
            while let Some(item) = copy.next(py)? {
                rest.push_owned(py, item)?;
            }
        }
        let args = pack!(py, rest)?;
        pack!(py, iter, args)
    }
}
