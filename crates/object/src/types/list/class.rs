//! The Python class `list`.

use super::PyList;
use super::iter::{PyListIter, PyListRevIter};
use crate::abstracts::number;
use crate::abstracts::sequence::{self, ReprGuard};
use crate::declare::{Args, CompareOp, Stop, Visit};
use crate::header::PyObject;
use crate::typeobj::PyType;
use crate::types::slice::PySlice;
use crate::{Py, PyClass, PyResult, PyStr, Python, StrBuilder, exceptions, id, pyclass, raise};
use core::cell::Cell;
use core::ptr::null_mut;

impl PyList {
    fn bad_index(py: Python, key: &PyObject) -> crate::Raised {
        raise!(py, TypeError, "list indices must be integers or slices, not {}", key.ty().full_name())
    }

    /// The items that are assigned to a slice; assigning a list to a slice of itself takes a copy.
    fn assigned(&self, py: Python, value: &PyObject, message: &str) -> PyResult<Vec<Py>> {
        if value.is(self) {
            return Ok(self.to_vec());
        }
        Ok(sequence::fast(py, value, message)?.to_vec())
    }
}

/// Built-in mutable sequence.
///
/// If no argument is given, the constructor creates a new empty list.
/// The argument must be an iterable if specified.
#[pyclass(name = "list", static_name = PyList_Type, flags(GC, BASETYPE, LIST_SUBCLASS, MATCH_SELF, SEQUENCE), unhashable,
    class_getitem)]
impl PyList {
    fn tp_new(
        py: Python,
        cls: &PyType,
        _args: &crate::PyTuple,
        _kwargs: Option<&crate::PyDict>,
    ) -> PyResult<Py<PyList>> {
        if cls.is(&PyList_Type) {
            return PyList::new(py);
        }
        PyList::alloc(py, cls, |ob_base| PyList { ob_base, ob_item: Cell::new(null_mut()), allocated: Cell::new(0) })
    }

    #[signature("(iterable=(), /)")]
    fn tp_init(&self, py: Python, iterable: Option<&PyObject>) -> PyResult<()> {
        self.clear();
        match iterable {
            Some(iterable) => self.extend(py, iterable),
            None => Ok(()),
        }
    }

    fn tp_vectorcall(py: Python, _cls: &PyObject, args: Args) -> PyResult<Py<PyList>> {
        args.no_keywords("list")?;
        args.check_count(py, "list", 0, 1)?;
        let list = PyList::new(py)?;
        if let Some(iterable) = args.first() {
            list.extend(py, iterable)?;
        }
        Ok(list)
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: by the slot's contract.
        unsafe { PyList::dealloc(this) }
    }

    unsafe fn tp_traverse(this: *mut Self, visit: &mut Visit) -> Result<(), Stop> {
        // SAFETY: the object is alive, its places are live or (while the list is being filled) not yet counted.
        unsafe {
            for i in 0..(*this).len() {
                visit.raw(*(*this).items_ptr().add(i))?;
            }
        }
        Ok(())
    }

    unsafe fn tp_clear(this: *mut Self) {
        // SAFETY: the object is alive.
        unsafe { PyList::clear(&*this) }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        if self.len() == 0 {
            return Ok(Py::new_ref(id!(py, "[]")));
        }
        let Some(_guard) = ReprGuard::enter(py, self) else { return Ok(Py::new_ref(id!(py, "[...]"))) };
        let mut out = StrBuilder::new();
        out.push_char('[' as u32);
        let mut i = 0;
        while let Some(item) = self.get(i) {
            if i > 0 {
                out.push_str(", ");
            }
            let text = item.repr(py)?;
            out.push_pystr(&text);
            i += 1;
        }
        out.push_char(']' as u32);
        out.finish(py)
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        match other.downcast::<PyList>() {
            Some(other) => self.compare(py, other, op),
            None => Ok(py.not_implemented()),
        }
    }

    fn tp_iter(&self, py: Python) -> PyResult<Py<PyListIter>> {
        PyListIter::new(py, self)
    }

    fn sq_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }
    fn mp_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }

    fn sq_item(&self, py: Python, i: isize) -> PyResult {
        match self.get(i as usize) {
            Some(item) => Ok(item),
            None => Err(raise!(py, IndexError, "list index out of range")),
        }
    }

    fn sq_ass_item(&self, py: Python, i: isize, value: Option<&PyObject>) -> PyResult<()> {
        if i < 0 || i as usize >= self.len() {
            return Err(raise!(py, IndexError, "list assignment index out of range"));
        }
        match value {
            Some(value) => drop(self.replace(i as usize, Py::new_ref(value))),
            None => drop(self.remove_at(py, i as usize)?),
        }
        Ok(())
    }

    fn mp_subscript(&self, py: Python, key: &PyObject) -> PyResult {
        if sequence::has_index(key) {
            let i = sequence::index_argument(py, key, self.len())?;
            return self.sq_item(py, i);
        }
        let Some(slice) = key.downcast_exact::<PySlice>() else { return Err(PyList::bad_index(py, key)) };
        let range = slice.range(py, || self.len())?;
        Ok(self.pick(py, range)?.into_object())
    }

    fn mp_ass_subscript(&self, py: Python, key: &PyObject, value: Option<&PyObject>) -> PyResult<()> {
        if sequence::has_index(key) {
            let i = number::as_ssize(py, key, Some(exceptions::IndexError()))?;
            let i = if i < 0 { i + self.len() as isize } else { i };
            return self.sq_ass_item(py, i, value);
        }
        let Some(slice) = key.downcast_exact::<PySlice>() else { return Err(PyList::bad_index(py, key)) };
        // The length is asked for after the indices were converted, and again after the value was: both run Python code.
        let bounds = slice.unpack(py)?;
        let Some(value) = value else { return self.del_range(py, bounds.range(self.len())) };
        if bounds.step == 1 {
            let new = self.assigned(py, value, "must assign iterable to extended slice")?;
            let range = bounds.range(self.len());
            return self.set_slice(py, range.start as usize, range.start as usize + range.len, new);
        }
        let new = self.assigned(py, value, "must assign iterable to extended slice")?;
        self.set_range(py, bounds.range(self.len()), new)
    }

    fn sq_concat(&self, py: Python, other: &PyObject) -> PyResult<Py<PyList>> {
        match other.downcast::<PyList>() {
            Some(other) => self.concat(py, other),
            None => {
                Err(raise!(py, TypeError, "can only concatenate list (not \"{}\") to list", other.ty().full_name()))
            }
        }
    }

    fn sq_repeat(&self, py: Python, n: isize) -> PyResult<Py<PyList>> {
        self.repeat(py, n)
    }

    fn sq_inplace_concat(&self, py: Python, other: &PyObject) -> PyResult<Py<PyList>> {
        self.extend(py, other)?;
        Ok(Py::new_ref(self))
    }

    fn sq_inplace_repeat(&self, py: Python, n: isize) -> PyResult<Py<PyList>> {
        self.repeat_in_place(py, n)?;
        Ok(Py::new_ref(self))
    }

    fn sq_contains(&self, py: Python, value: &PyObject) -> PyResult<bool> {
        Ok(self.position(py, value, 0, usize::MAX)?.is_some())
    }

    /// Return self[index].
    #[method(coexist)]
    #[signature("(self, index, /)")]
    fn __getitem__(&self, py: Python, index: &PyObject) -> PyResult {
        self.mp_subscript(py, index)
    }

    /// Return a reverse iterator over the list.
    #[method]
    #[signature("(self, /)")]
    fn __reversed__(&self, py: Python) -> PyResult<Py<PyListRevIter>> {
        PyListRevIter::new(py, self)
    }

    /// Return the size of the list in memory, in bytes.
    #[method]
    #[signature("(self, /)")]
    fn __sizeof__(&self, _py: Python) -> PyResult<usize> {
        Ok(self.size_of())
    }

    /// Remove all items from list.
    #[method(name = "clear")]
    #[signature("(self, /)")]
    fn py_clear(&self, _py: Python) -> PyResult<()> {
        self.clear();
        Ok(())
    }

    /// Return a shallow copy of the list.
    #[method]
    #[signature("(self, /)")]
    fn copy(&self, py: Python) -> PyResult<Py<PyList>> {
        self.get_slice(py, 0, self.len())
    }

    /// Append object to the end of the list.
    #[method(name = "append")]
    #[signature("(self, object, /)")]
    fn py_append(&self, py: Python, object: &PyObject) -> PyResult<()> {
        self.append(py, object)
    }

    /// Insert object before index.
    #[method(name = "insert")]
    #[signature("(self, index, object, /)")]
    fn py_insert(&self, py: Python, index: isize, object: &PyObject) -> PyResult<()> {
        let n = self.len() as isize;
        let at = if index < 0 { (index + n).max(0) } else { index };
        self.insert(py, at as usize, object)
    }

    /// Extend list by appending elements from the iterable.
    #[method(name = "extend")]
    #[signature("(self, iterable, /)")]
    fn py_extend(&self, py: Python, iterable: &PyObject) -> PyResult<()> {
        self.extend(py, iterable)
    }

    /// Remove and return item at index (default last).
    ///
    /// Raises IndexError if list is empty or index is out of range.
    #[method]
    #[signature("(self, index=-1, /)")]
    fn pop(&self, py: Python, index: isize) -> PyResult {
        let n = self.len() as isize;
        if n == 0 {
            return Err(raise!(py, IndexError, "pop from empty list"));
        }
        let at = if index < 0 { index + n } else { index };
        if at < 0 || at >= n {
            return Err(raise!(py, IndexError, "pop index out of range"));
        }
        self.remove_at(py, at as usize)
    }

    /// Remove first occurrence of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method]
    #[signature("(self, value, /)")]
    fn remove(&self, py: Python, value: &PyObject) -> PyResult<()> {
        match self.position(py, value, 0, usize::MAX)? {
            Some(i) => self.set_slice(py, i, i + 1, Vec::new()),
            None => Err(raise!(py, ValueError, "list.remove(x): x not in list")),
        }
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
    ) -> PyResult<usize> {
        let (start, stop) = sequence::search_bounds(py, start, stop, self.len())?;
        match self.position(py, value, start, stop)? {
            Some(i) => Ok(i),
            None => Err(raise!(py, ValueError, "list.index(x): x not in list")),
        }
    }

    /// Return number of occurrences of value.
    #[method]
    #[signature("(self, value, /)")]
    fn count(&self, py: Python, value: &PyObject) -> PyResult<usize> {
        let (mut n, mut i) = (0, 0);
        while let Some(item) = self.get(i) {
            n += (item.is(value) || item.rich_compare_bool(py, value, CompareOp::Eq)?) as usize;
            i += 1;
        }
        Ok(n)
    }

    /// Reverse *IN PLACE*.
    #[method(name = "reverse")]
    #[signature("(self, /)")]
    fn py_reverse(&self, _py: Python) -> PyResult<()> {
        self.reverse();
        Ok(())
    }

    /// Sort the list in ascending order and return None.
    ///
    /// The sort happens in place, and it is stable: equal elements keep
    /// their order.
    ///
    /// If a key function is given, it is called once for each list item, and
    /// the items are sorted according to what it returns.
    ///
    /// The reverse flag can be set to sort in descending order.
    #[method(name = "sort")]
    #[signature("(self, /, *, key=None, reverse=False)")]
    fn py_sort(&self, py: Python, key: Option<&PyObject>, reverse: bool) -> PyResult<()> {
        self.sort(py, key, reverse)
    }
}
