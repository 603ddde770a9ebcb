//! `range_iterator`, on machine words, and `longrange_iterator`, on ints of any size.

use super::{PyRange, field, int, word};
use crate::abstracts::{iter, number};
use crate::header::PyObject;
use crate::memory::alloc;
use crate::types::tuple::free_object;
use crate::{Py, PyClass, PyLong, PyResult, PyTuple, Python, Slot, Trace, id, pack, pyclass};
use core::cell::Cell;

/// An iterator over a range whose ends and step fit in words (`_PyRangeIterObject`).
#[derive(Trace)]
#[repr(C)]
pub struct PyRangeIter {
    pub ob_base: PyObject,
    /// The next item.
    #[trace(skip)]
    pub start: Cell<i64>,
    #[trace(skip)]
    pub step: Cell<i64>,
    /// Items left.
    #[trace(skip)]
    pub len: Cell<i64>,
}

/// An iterator over any range.
#[derive(Trace)]
#[repr(C)]
pub struct PyLongRangeIter {
    pub ob_base: PyObject,
    start: Slot,
    step: Slot,
    len: Slot,
}

const _: () = assert!(size_of::<PyRangeIter>() == 40 && size_of::<PyLongRangeIter>() == 40);

impl PyRangeIter {
    /// An iterator over `len` ints from `start` by `step`.
    pub fn new(py: Python, start: i64, step: i64, len: i64) -> PyResult<Py<PyRangeIter>> {
        let mut p = py.interp().freelists.range_iters.pop();
        // SAFETY: memory for a range iterator, written whole.
        unsafe {
            if p.is_null() {
                p = alloc::new(py, &PyRangeIter_Type, size_of::<PyRangeIter>())?;
            } else {
                alloc::init(p, &PyRangeIter_Type);
            }
            let it = p as *mut PyRangeIter;
            (*it).start.set(start);
            (*it).step.set(step);
            (*it).len.set(len);
            Ok(Py::from_owned(it))
        }
    }

    /// The next int (what `tp_iternext` yields).
    #[inline(always)]
    pub fn next(&self) -> Option<i64> {
        let n = self.len.get();
        if n <= 0 {
            return None;
        }
        let value = self.start.get();
        self.len.set(n - 1);
        // Past the last item the sum may wrap, but is not used.
        self.start.set(value.wrapping_add(self.step.get()));
        Some(value)
    }
}

#[pyclass(name = "range_iterator", static_name = PyRangeIter_Type, flags(DISALLOW_INSTANTIATION), iter_self)]
impl PyRangeIter {
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the count is zero.
        unsafe {
            if !Python::assume().interp().freelists.range_iters.push(this as *mut PyObject) {
                free_object(this as *mut PyObject);
            }
        }
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py<PyLong>>> {
        self.next().map(|n| PyLong::from_i64(py, n)).transpose()
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    #[signature("(self, /)")]
    fn __length_hint__(&self, _py: Python) -> PyResult<i64> {
        Ok(self.len.get())
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let (start, step) = (self.start.get() as i128, self.step.get() as i128);
        let stop = start + self.len.get() as i128 * step;
        let range = PyRange::new(py, int(py, start)?, int(py, stop)?, int(py, step)?)?;
        let iter = iter::builtin(py, id!(py, "iter"))?;
        let args = pack!(py, range)?;
        pack!(py, iter, args, crate::singletons::none())
    }

    /// Set state information for unpickling.
    #[method]
    #[signature("(self, object, /)")]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        let skip = (iter::state_index(py, state)? as i64).clamp(0, self.len.get());
        self.start.set(self.start.get().wrapping_add(skip.wrapping_mul(self.step.get())));
        self.len.set(self.len.get() - skip);
        Ok(())
    }
}

impl PyLongRangeIter {
    /// An iterator over `len` ints from `start` by `step`.
    pub fn new(py: Python, start: Py, step: Py, len: Py) -> PyResult<Py<PyLongRangeIter>> {
        PyLongRangeIter::alloc_exact(py, |ob_base| PyLongRangeIter {
            ob_base,
            start: Slot::some(start),
            step: Slot::some(step),
            len: Slot::some(len),
        })
    }
}

#[pyclass(name = "longrange_iterator", static_name = PyLongRangeIter_Type, flags(DISALLOW_INSTANTIATION), iter_self)]
impl PyLongRangeIter {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        let len = field(py, &self.len);
        if word(&len).is_some_and(|n| n <= 0) {
            return Ok(None);
        }
        let one = int(py, 1)?;
        let value = field(py, &self.start);
        let next = number::add(py, &value, &field(py, &self.step))?;
        let left = number::subtract(py, &len, &one)?;
        self.start.set(Some(next));
        self.len.set(Some(left));
        Ok(Some(value))
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    #[signature("(self, /)")]
    fn __length_hint__(&self, py: Python) -> PyResult {
        Ok(field(py, &self.len))
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let (start, step) = (field(py, &self.start), field(py, &self.step));
        let whole = number::multiply(py, &field(py, &self.len), &step)?;
        let stop = number::add(py, &start, &whole)?;
        let range = PyRange::new(py, start, stop, step)?;
        let iter = iter::builtin(py, id!(py, "iter"))?;
        let args = pack!(py, range)?;
        pack!(py, iter, args, crate::singletons::none())
    }

    /// Set state information for unpickling.
    #[method]
    #[signature("(self, object, /)")]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        let Some(skip) = state.downcast::<PyLong>() else {
            return Err(crate::raise!(py, TypeError, "state must be an int, not {}", state.ty().full_name()));
        };
        let len = field(py, &self.len);
        let skip = if skip.sign() < 0 {
            int(py, 0)?
        } else if super::less(py, &len, skip)? {
            len.clone()
        } else {
            Py::new_ref(skip).into_object()
        };
        let offset = number::multiply(py, &skip, &field(py, &self.step))?;
        let start = number::add(py, &field(py, &self.start), &offset)?;
        let left = number::subtract(py, &len, &skip)?;
        self.start.set(Some(start));
        self.len.set(Some(left));
        Ok(())
    }
}
