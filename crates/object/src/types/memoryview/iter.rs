//! Iterating over a memoryview of one dimension.

use super::{PyMemoryView, items};
use crate::{Py, PyClass, PyObject, PyResult, Python, Slot, Trace, pyclass};
use core::cell::Cell;

/// The iterator (`memoryiterobject`).
#[derive(Trace)]
#[repr(C)]
pub struct PyMemoryIter {
    pub ob_base: PyObject,
    index: Cell<isize>,
    seq: Slot<PyMemoryView>,
    length: isize,
    code: u8,
}

pub(super) fn new(py: Python, view: &PyMemoryView, code: u8) -> PyResult<Py<PyMemoryIter>> {
    let length = view.view().shape_slice().first().copied().unwrap_or(0);
    PyMemoryIter::alloc_exact(py, |ob_base: PyObject| PyMemoryIter {
        ob_base,
        index: Cell::new(0),
        seq: Slot::some(Py::new_ref(view)),
        length,
        code,
    })
}

#[pyclass(name = "memory_iterator", static_name = _PyMemoryIter_Type, flags(GC, DISALLOW_INSTANTIATION), iter_self)]
impl PyMemoryIter {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        let Some(seq) = self.seq.get() else { return Ok(None) };
        let i = self.index.get();
        if i >= self.length {
            self.seq.clear();
            return Ok(None);
        }
        seq.check_released(py)?;
        self.index.set(i + 1);
        let p = seq.item_at(py, &[i])?;
        // SAFETY: the index is within the shape.
        unsafe { items::unpack(py, self.code, p) }.map(Some)
    }
}
