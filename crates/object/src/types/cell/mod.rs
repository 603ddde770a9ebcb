//! `cell`: a variable shared by a function and those nested in it.

use crate::{CompareOp, Py, PyClass, PyObject, PyResult, PyStr, PyType, Python, Slot, Trace, pyclass, raise};
use core::cmp::Ordering;

/// A cell (`PyCellObject`).
#[derive(Trace)]
#[repr(C)]
pub struct PyCell {
    pub ob_base: PyObject,
    ob_ref: Slot,
}

const _: () = assert!(size_of::<PyCell>() == 24 && core::mem::offset_of!(PyCell, ob_ref) == 16);

impl PyCell {
    /// A new cell, empty for `None` (`PyCell_New`).
    pub fn new(py: Python, contents: Option<Py>) -> PyResult<Py<PyCell>> {
        PyCell::alloc_exact(py, |head| PyCell { ob_base: head, ob_ref: Slot::new(contents) })
    }

    /// What the cell holds; `None` if it is empty.
    #[inline(always)]
    pub fn get(&self) -> Option<Py> {
        self.ob_ref.get()
    }

    /// Fills or empties the cell. The old contents are dropped after the new ones are in place.
    #[inline(always)]
    pub fn set(&self, contents: Option<Py>) {
        self.ob_ref.set(contents);
    }

    /// As [`PyCell::set`]; gives the old contents.
    #[inline(always)]
    pub fn replace(&self, contents: Option<Py>) -> Option<Py> {
        self.ob_ref.replace(contents)
    }

    /// The field itself, for instructions that work on it directly.
    #[inline(always)]
    pub fn slot(&self) -> &Slot {
        &self.ob_ref
    }
}

#[pyclass(name = "cell", static_name = PyCell_Type, flags(GC))]
impl PyCell {
    /// Make a cell.
    ///
    ///   contents
    ///     What the cell holds. Without it, the cell is empty.
    #[signature("(contents=<unrepresentable>, /)", text = "([contents])")]
    fn tp_new(py: Python, cls: &PyType, contents: Option<&PyObject>) -> PyResult<Py<PyCell>> {
        let contents = contents.map(Py::new_ref);
        PyCell::alloc(py, cls, |head| PyCell { ob_base: head, ob_ref: Slot::new(contents) })
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let text = match self.get() {
            None => format!("<cell at {self:p}: empty>"),
            Some(v) => format!("<cell at {self:p}: {:.80} object at {:p}>", v.ty().full_name(), v.as_raw()),
        };
        PyStr::new(py, &text)
    }

    /// Cells compare as their contents do; an empty cell comes before all others.
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast::<PyCell>() else { return Ok(py.not_implemented()) };
        let ordering = match (self.get(), other.get()) {
            (Some(a), Some(b)) => return a.rich_compare(py, &b, op),
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
        };
        Ok(py.bool(op.matches(ordering)))
    }

    /// The contents; ValueError if the cell is empty.
    #[getter]
    fn cell_contents(&self, py: Python) -> PyResult {
        self.get().ok_or_else(|| raise!(py, ValueError, "Cell is empty"))
    }

    #[setter]
    fn set_cell_contents(&self, _py: Python, value: Option<&PyObject>) {
        self.set(value.map(Py::new_ref));
    }
}
