//! The Python class `tuple`.

use super::iter::PyTupleIter;
use super::{PyTuple, TupleBuilder};
use crate::abstracts::sequence::{self, ReprGuard};
use crate::declare::CompareOp;
use crate::declare::{Stop, Visit};
use crate::header::PyObject;
use crate::typeobj::PyType;
use crate::types::slice::{PySlice, SliceRange};
use crate::{Py, PyClass, PyResult, PyStr, Python, StrBuilder, err, id, pyclass, raise};
use core::cell::Cell;

impl PyTuple {
    /// An instance of `cls`, a subclass, with the items of `items`.
    fn for_subclass(py: Python, cls: &PyType, items: Py<PyTuple>) -> PyResult<Py<PyTuple>> {
        let obj = PyTuple::alloc_var(py, cls, items.len(), |ob_base| PyTuple {
            ob_base,
            ob_hash: Cell::new(-1),
            ob_item: [],
        })?;
        for (i, item) in items.as_slice().iter().enumerate() {
            // SAFETY: `tp_alloc` made room for the items and cleared it; nobody else has the tuple yet.
            unsafe { obj.items_ptr().add(i).write(item.clone().into_raw()) };
        }
        Ok(obj)
    }

    /// Items picked by a slice; the whole of an exact tuple is the tuple itself.
    fn pick(&self, py: Python, range: SliceRange) -> PyResult<Py<PyTuple>> {
        if range.len == 0 {
            return Ok(PyTuple::empty(py));
        }
        if range.start == 0 && range.step == 1 && range.len == self.len() && PyTuple::check_exact(self) {
            return Ok(Py::new_ref(self));
        }
        let mut builder = TupleBuilder::new(py, range.len)?;
        let mut i = range.start;
        for _ in 0..range.len {
            builder.push(self.as_slice()[i as usize].clone());
            i = i.wrapping_add(range.step);
        }
        Ok(builder.finish())
    }

    /// `self + other`.
    pub fn concat(&self, py: Python, other: &PyTuple) -> PyResult<Py<PyTuple>> {
        if self.len() == 0 && PyTuple::check_exact(other) {
            return Ok(Py::new_ref(other));
        }
        if other.len() == 0 && PyTuple::check_exact(self) {
            return Ok(Py::new_ref(self));
        }
        let mut builder = TupleBuilder::new(py, self.len() + other.len())?;
        for item in self.as_slice().iter().chain(other.as_slice()) {
            builder.push(item.clone());
        }
        Ok(builder.finish())
    }

    /// `self * n`.
    pub fn repeat(&self, py: Python, n: isize) -> PyResult<Py<PyTuple>> {
        if (self.len() == 0 || n == 1) && PyTuple::check_exact(self) {
            return Ok(Py::new_ref(self));
        }
        if self.len() == 0 || n <= 0 {
            return Ok(PyTuple::empty(py));
        }
        let Some(total) = self.len().checked_mul(n as usize) else { return Err(err::no_memory(py)) };
        let mut builder = TupleBuilder::new(py, total)?;
        for _ in 0..n {
            for item in self.as_slice() {
                builder.push(item.clone());
            }
        }
        Ok(builder.finish())
    }
}

/// Built-in immutable sequence.
///
/// If no argument is given, the constructor returns an empty tuple.
/// If iterable is specified the tuple is initialized from iterable's items.
///
/// If the argument is a tuple, the return value is the same object.
#[pyclass(name = "tuple", static_name = PyTuple_Type, itemsize = 8, flags(GC, BASETYPE, TUPLE_SUBCLASS, MATCH_SELF, SEQUENCE),
    vectorcall, class_getitem)]
impl PyTuple {
    #[signature("(iterable=(), /)")]
    fn tp_new(py: Python, cls: &PyType, iterable: Option<&PyObject>) -> PyResult<Py<PyTuple>> {
        let items = match iterable {
            Some(iterable) => sequence::to_tuple(py, iterable)?,
            None => PyTuple::empty(py),
        };
        if cls.is(&PyTuple_Type) { Ok(items) } else { PyTuple::for_subclass(py, cls, items) }
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: by the slot's contract.
        unsafe { PyTuple::dealloc(this) }
    }

    unsafe fn tp_traverse(this: *mut Self, visit: &mut Visit) -> Result<(), Stop> {
        // SAFETY: the object is alive; items are null while it is being built.
        unsafe {
            for i in 0..(*this).len() {
                visit.raw(*(*this).items_ptr().add(i))?;
            }
        }
        Ok(())
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        if self.len() == 0 {
            return Ok(Py::new_ref(id!(py, "()")));
        }
        let Some(_guard) = ReprGuard::enter(py, self) else { return Ok(Py::new_ref(id!(py, "(...)"))) };
        let mut out = StrBuilder::new();
        out.push_char('(' as u32);
        for (i, item) in self.as_slice().iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            let text = item.repr(py)?;
            out.push_pystr(&text);
        }
        out.push_str(if self.len() == 1 { ",)" } else { ")" });
        out.finish(py)
    }

    fn tp_hash(&self, py: Python) -> PyResult<isize> {
        self.hash_value(py)
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        if !PyTuple::check(other) {
            return Ok(py.not_implemented());
        }
        // SAFETY: just checked.
        let other = unsafe { &*(other.as_ptr() as *const PyTuple) };
        for (a, b) in self.as_slice().iter().zip(other.as_slice()) {
            if a.rich_compare_bool(py, b, CompareOp::Eq)? {
                continue;
            }
            return match op {
                CompareOp::Eq => Ok(py.bool(false)),
                CompareOp::Ne => Ok(py.bool(true)),
                _ => a.rich_compare(py, b, op),
            };
        }
        Ok(py.bool(sequence::compare_lengths(self.len(), other.len(), op)))
    }

    fn tp_iter(&self, py: Python) -> PyResult<Py<PyTupleIter>> {
        PyTupleIter::new(py, self)
    }

    fn sq_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }
    fn mp_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }

    fn sq_item(&self, py: Python, i: isize) -> PyResult {
        match self.as_slice().get(i as usize) {
            Some(item) => Ok(item.clone()),
            None => Err(raise!(py, IndexError, "tuple index out of range")),
        }
    }

    fn mp_subscript(&self, py: Python, key: &PyObject) -> PyResult {
        if sequence::has_index(key) {
            let i = sequence::index_argument(py, key, self.len())?;
            return self.sq_item(py, i);
        }
        let Some(slice) = key.downcast_exact::<PySlice>() else {
            return Err(raise!(
                py,
                TypeError,
                "tuple indices must be integers or slices, not {}",
                key.ty().full_name()
            ));
        };
        let range = slice.range(py, || self.len())?;
        Ok(self.pick(py, range)?.into_object())
    }

    fn sq_concat(&self, py: Python, other: &PyObject) -> PyResult<Py<PyTuple>> {
        match other.downcast::<PyTuple>() {
            Some(other) => self.concat(py, other),
            None => {
                Err(raise!(py, TypeError, "can only concatenate tuple (not \"{}\") to tuple", other.ty().full_name()))
            }
        }
    }

    fn sq_repeat(&self, py: Python, n: isize) -> PyResult<Py<PyTuple>> {
        self.repeat(py, n)
    }

    fn sq_contains(&self, py: Python, value: &PyObject) -> PyResult<bool> {
        for item in self.as_slice() {
            if item.rich_compare_bool(py, value, CompareOp::Eq)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[method]
    #[signature("(self, /)")]
    fn __getnewargs__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let items = PyTuple::from_py_slice(py, self.as_slice())?;
        PyTuple::from_array(py, [items.into_object()])
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method]
    #[signature("(self, value, start=0, stop=sys.maxsize, /)")]
    fn index(
        &self,
        py: Python,
        value: &PyObject,
        start: Option<&PyObject>,
        stop: Option<&PyObject>,
    ) -> PyResult<isize> {
        let (start, stop) = sequence::search_bounds(py, start, stop, self.len())?;
        for i in start..stop.min(self.len()) {
            if self.as_slice()[i].rich_compare_bool(py, value, CompareOp::Eq)? {
                return Ok(i as isize);
            }
        }
        Err(raise!(py, ValueError, "tuple.index(x): x not in tuple"))
    }

    /// Return number of occurrences of value.
    #[method]
    #[signature("(self, value, /)")]
    fn count(&self, py: Python, value: &PyObject) -> PyResult<isize> {
        let mut n = 0;
        for item in self.as_slice() {
            if item.rich_compare_bool(py, value, CompareOp::Eq)? {
                n += 1;
            }
        }
        Ok(n)
    }
}
