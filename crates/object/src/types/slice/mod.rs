//! `slice`, and the arithmetic of slices.

use crate::abstracts::{number, sequence};
use crate::declare::CompareOp;
use crate::header::PyObject;
use crate::memory::{alloc, gc};
use crate::types::tuple::free_object;
use crate::types::tuple::hash::TupleHasher;
use crate::{
    Py, PyDict, PyLong, PyResult, PyStr, PyTuple, PyType, Python, Slot, StrBuilder, Trace, pack, pyclass, raise,
};

/// A slice object (`PySliceObject`). The fields are never empty in a live slice.
#[derive(Trace)]
#[repr(C)]
pub struct PySlice {
    pub ob_base: PyObject,
    pub start: Slot,
    pub stop: Slot,
    pub step: Slot,
}

const _: () = assert!(size_of::<PySlice>() == 40);

/// The indices of a slice as machine words, clipped, not yet fitted to a length (`PySlice_Unpack`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceBounds {
    pub start: isize,
    pub stop: isize,
    pub step: isize,
}

/// Which positions of a sequence a slice picks: `start`, `start + step`, …, `len` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceRange {
    pub start: isize,
    pub step: isize,
    pub len: usize,
}

impl SliceBounds {
    /// Start and stop fitted to a sequence of `length` items, and the number of items picked (`PySlice_AdjustIndices`).
    pub fn adjust(self, length: usize) -> (isize, isize, usize) {
        let length = length as isize;
        let (low, high) = if self.step < 0 { (-1, length - 1) } else { (0, length) };
        let fit = |i: isize| if i < 0 { (i + length).max(low) } else { i.min(high) };
        let (start, stop) = (fit(self.start), fit(self.stop));
        let len = if self.step < 0 {
            if stop < start { (start - stop - 1) as usize / self.step.unsigned_abs() + 1 } else { 0 }
        } else if start < stop {
            (stop - start - 1) as usize / self.step as usize + 1
        } else {
            0
        };
        (start, stop, len)
    }

    /// The positions picked of a sequence of `length` items.
    pub fn range(self, length: usize) -> SliceRange {
        let (start, _, len) = self.adjust(length);
        SliceRange { start, step: self.step, len }
    }
}

impl SliceRange {
    /// The positions, in the slice's order.
    pub fn positions(self) -> impl ExactSizeIterator<Item = usize> {
        (0..self.len).map(move |k| self.start.wrapping_add((k as isize).wrapping_mul(self.step)) as usize)
    }

    /// The same positions from the lowest up: first one and step.
    pub fn ascending(self) -> (usize, usize) {
        if self.step > 0 || self.len == 0 {
            (self.start as usize, self.step.unsigned_abs())
        } else {
            ((self.start + (self.len as isize - 1) * self.step) as usize, self.step.unsigned_abs())
        }
    }
}

impl PySlice {
    /// `slice(start, stop, step)`.
    pub fn new(py: Python, start: &PyObject, stop: &PyObject, step: &PyObject) -> PyResult<Py<PySlice>> {
        PySlice::from_owned_parts(py, Py::new_ref(start), Py::new_ref(stop), Py::new_ref(step))
    }

    /// As [`PySlice::new`]; takes the references over.
    pub fn from_owned_parts(py: Python, start: Py, stop: Py, step: Py) -> PyResult<Py<PySlice>> {
        let mut p = py.interp().freelists.slices.pop();
        // SAFETY: memory for a slice, written whole before it is tracked.
        unsafe {
            if p.is_null() {
                p = alloc::gc_new(py, &PySlice_Type, size_of::<PySlice>())?;
            } else {
                alloc::init(p, &PySlice_Type);
            }
            let s = p as *mut PySlice;
            (&raw mut (*s).start).write(Slot::some(start));
            (&raw mut (*s).stop).write(Slot::some(stop));
            (&raw mut (*s).step).write(Slot::some(step));
            gc::track(&(*s).ob_base);
            Ok(Py::from_owned(s))
        }
    }

    /// `slice(start, stop)` of two words (`_PySlice_FromIndices`).
    pub fn from_indices(py: Python, start: isize, stop: isize) -> PyResult<Py<PySlice>> {
        let start = PyLong::from_isize(py, start)?.into_object();
        let stop = PyLong::from_isize(py, stop)?.into_object();
        PySlice::from_owned_parts(py, start, stop, py.none())
    }

    fn parts(&self, py: Python) -> [Py; 3] {
        [&self.start, &self.stop, &self.step].map(|s| s.get().unwrap_or_else(|| py.none()))
    }

    /// The indices as words. TypeError for what has no `__index__`, ValueError for a step of zero. Runs Python code.
    pub fn unpack(&self, py: Python) -> PyResult<SliceBounds> {
        let [start, stop, step] = self.parts(py);
        let step = if step.is_none() {
            1
        } else {
            let step = sequence::slice_index(py, &step)?;
            if step == 0 {
                return Err(raise!(py, ValueError, "slice step cannot be zero"));
            }
            // So that it can be negated.
            step.max(-isize::MAX)
        };
        let start =
            if start.is_none() { if step < 0 { isize::MAX } else { 0 } } else { sequence::slice_index(py, &start)? };
        let stop = if stop.is_none() {
            if step < 0 { isize::MIN } else { isize::MAX }
        } else {
            sequence::slice_index(py, &stop)?
        };
        Ok(SliceBounds { start, stop, step })
    }

    /// The positions that the slice picks. `length` is asked after the indices are converted, for that may change it.
    pub fn range(&self, py: Python, length: impl FnOnce() -> usize) -> PyResult<SliceRange> {
        let bounds = self.unpack(py)?;
        Ok(bounds.range(length()))
    }

    /// Start, stop and step fitted to a length that may be any int (`_PySlice_GetLongIndices`).
    pub(crate) fn long_indices(&self, py: Python, length: &PyLong) -> PyResult<[Py; 3]> {
        let [start, stop, step] = self.parts(py);
        let zero = PyLong::from_isize(py, 0)?.into_object();
        let one = PyLong::from_isize(py, 1)?.into_object();
        let length: &PyObject = length;
        let step = if step.is_none() { one.clone() } else { sequence::slice_index_object(py, &step)? };
        let sign = step.downcast::<PyLong>().map_or(0, PyLong::sign);
        if sign == 0 {
            return Err(raise!(py, ValueError, "slice step cannot be zero"));
        }
        let backwards = sign < 0;
        let (lower, upper) = if backwards {
            (PyLong::from_isize(py, -1)?.into_object(), number::subtract(py, length, &one)?)
        } else {
            (zero.clone(), Py::new_ref(length))
        };
        let less = |a: &PyObject, b: &PyObject| a.rich_compare_bool(py, b, CompareOp::Lt);
        let fit = |index: &PyObject, default: &Py| -> PyResult {
            if index.is_none() {
                return Ok(default.clone());
            }
            let mut index = sequence::slice_index_object(py, index)?;
            if less(&index, &zero)? {
                index = number::add(py, &index, length)?;
                if less(&index, &lower)? {
                    index = lower.clone();
                }
            } else if less(&upper, &index)? {
                index = upper.clone();
            }
            Ok(index)
        };
        let (first, last) = if backwards { (&upper, &lower) } else { (&lower, &upper) };
        let start = fit(&start, first)?;
        let stop = fit(&stop, last)?;
        Ok([start, stop, step])
    }
}

/// slice(stop)
/// slice(start, stop[, step])
///
/// Create a slice object.  This is used for extended slicing (e.g. a[0:10:2]).
#[pyclass(name = "slice", static_name = PySlice_Type, flags(GC), no_clear,
    members(start: OBJECT readonly, stop: OBJECT readonly, step: OBJECT readonly))]
impl PySlice {
    fn tp_new(py: Python, _cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PySlice>> {
        if kwargs.is_some_and(|k| k.len() != 0) {
            return Err(raise!(py, TypeError, "slice() takes no keyword arguments"));
        }
        let n = args.len();
        if n == 0 {
            return Err(raise!(py, TypeError, "slice expected at least 1 argument, got 0"));
        }
        if n > 3 {
            return Err(raise!(py, TypeError, "slice expected at most 3 arguments, got {n}"));
        }
        let none = crate::singletons::none();
        if n == 1 {
            return PySlice::new(py, none, args.get(0), none);
        }
        PySlice::new(py, args.get(0), args.get(1), if n == 3 { args.get(2) } else { none })
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the count is zero.
        unsafe {
            gc::untrack(&(*this).ob_base);
            (*this).step.clear();
            (*this).start.clear();
            (*this).stop.clear();
            if !Python::assume().interp().freelists.slices.push(this as *mut PyObject) {
                free_object(this as *mut PyObject);
            }
        }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let mut out = StrBuilder::new();
        out.push_str("slice(");
        for (i, part) in self.parts(py).iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            let text = part.repr(py)?;
            out.push_pystr(&text);
        }
        out.push_str(")");
        out.finish(py)
    }

    fn tp_hash(&self, py: Python) -> PyResult<isize> {
        let mut hasher = TupleHasher::new();
        for part in self.parts(py) {
            hasher.add(part.hash(py)?);
        }
        Ok(hasher.finish_unsized())
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast_exact::<PySlice>() else { return Ok(py.not_implemented()) };
        if self.ob_base.is(&other.ob_base) {
            // Equal to itself even if its parts are not.
            return Ok(py.bool(matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge)));
        }
        let a = PyTuple::from_array(py, self.parts(py))?;
        let b = PyTuple::from_array(py, other.parts(py))?;
        a.as_object().rich_compare(py, &b, op)
    }

    /// S.indices(len) -> (start, stop, stride)
    ///
    /// Assuming a sequence of length len, calculate the start and stop
    /// indices, and the stride length of the extended slice described by
    /// S. Out of bounds indices are clipped in a manner consistent with the
    /// handling of normal slices.
    #[method]
    #[signature("(self, object, /)")]
    fn indices(&self, py: Python, len: &PyObject) -> PyResult<Py<PyTuple>> {
        let len = number::index(py, len)?;
        if len.sign() < 0 {
            return Err(raise!(py, ValueError, "length should not be negative"));
        }
        PyTuple::from_array(py, self.long_indices(py, &len)?)
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let args = PyTuple::from_array(py, self.parts(py))?;
        pack!(py, PySlice_Type, args)
    }
}
