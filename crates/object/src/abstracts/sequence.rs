//! The sequence protocol (CPython's `PySequence_*`), and what the built-in sequences share.

use super::number;
use crate::declare::CompareOp;
use crate::header::PyObject;
use crate::types::slice::PySlice;
use crate::{Py, PyDict, PyList, PyLong, PyResult, PyTuple, Python, Raised, err, exceptions, raise};

/// True if the object can be indexed with ints (`PySequence_Check`): dicts cannot.
pub fn check(obj: &PyObject) -> bool {
    !PyDict::check(obj) && obj.ty().as_sequence().is_some_and(|s| s.sq_item.get().is_some())
}

/// True if the object has an `__index__` (`PyIndex_Check`).
#[inline(always)]
pub fn has_index(obj: &PyObject) -> bool {
    obj.ty().as_number().is_some_and(|n| n.nb_index.get().is_some())
}

fn has_mapping_length(obj: &PyObject) -> bool {
    obj.ty().as_mapping().is_some_and(|m| m.mp_length.get().is_some())
}

fn not_a_sequence(py: Python, obj: &PyObject) -> Raised {
    raise!(py, TypeError, "{} is not a sequence", obj.ty().full_name())
}

/// `len(obj)` by the sequence slot (`PySequence_Size`).
pub fn size(py: Python, obj: &PyObject) -> PyResult<isize> {
    if let Some(f) = obj.ty().as_sequence().and_then(|s| s.sq_length.get()) {
        // SAFETY: the slot of a live object's type.
        let n = unsafe { f(obj.as_ptr()) };
        return if n < 0 { Err(Raised::assume()) } else { Ok(n) };
    }
    if has_mapping_length(obj) {
        return Err(not_a_sequence(py, obj));
    }
    Err(raise!(py, TypeError, "object of type '{}' has no len()", obj.ty().full_name()))
}

/// `a + b` of sequences (`PySequence_Concat`).
pub fn concat(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    if let Some(f) = a.ty().as_sequence().and_then(|s| s.sq_concat.get()) {
        // SAFETY: the slot of a live object's type.
        return unsafe { Py::from_owned_or_raised(f(a.as_ptr(), b.as_ptr())) };
    }
    // Classes written in Python define `__add__`, which fills the number slot alone.
    if check(a) && check(b) {
        return number::add(py, a, b);
    }
    Err(raise!(py, TypeError, "'{}' object can't be concatenated", a.ty().full_name()))
}

/// `a += b` of sequences (`PySequence_InPlaceConcat`).
pub fn inplace_concat(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    if let Some(f) = a.ty().as_sequence().and_then(|s| s.sq_inplace_concat.get().or(s.sq_concat.get())) {
        // SAFETY: the slot of a live object's type.
        return unsafe { Py::from_owned_or_raised(f(a.as_ptr(), b.as_ptr())) };
    }
    if check(a) && check(b) {
        return number::inplace_add(py, a, b);
    }
    Err(raise!(py, TypeError, "'{}' object can't be concatenated", a.ty().full_name()))
}

/// `obj * n` (`PySequence_Repeat`).
pub fn repeat(py: Python, obj: &PyObject, n: isize) -> PyResult {
    if let Some(f) = obj.ty().as_sequence().and_then(|s| s.sq_repeat.get()) {
        // SAFETY: the slot of a live object's type.
        return unsafe { Py::from_owned_or_raised(f(obj.as_ptr(), n)) };
    }
    if check(obj) {
        let n = PyLong::from_isize(py, n)?;
        return number::multiply(py, obj, &n);
    }
    Err(raise!(py, TypeError, "'{}' object can't be repeated", obj.ty().full_name()))
}

/// `obj *= n` (`PySequence_InPlaceRepeat`).
pub fn inplace_repeat(py: Python, obj: &PyObject, n: isize) -> PyResult {
    if let Some(f) = obj.ty().as_sequence().and_then(|s| s.sq_inplace_repeat.get().or(s.sq_repeat.get())) {
        // SAFETY: the slot of a live object's type.
        return unsafe { Py::from_owned_or_raised(f(obj.as_ptr(), n)) };
    }
    if check(obj) {
        let n = PyLong::from_isize(py, n)?;
        return number::inplace_multiply(py, obj, &n);
    }
    Err(raise!(py, TypeError, "'{}' object can't be repeated", obj.ty().full_name()))
}

/// A negative index counted from the end, if the object has a length; the slots do not do that.
fn from_end(obj: &PyObject, i: isize) -> PyResult<isize> {
    if i >= 0 {
        return Ok(i);
    }
    match obj.ty().as_sequence().and_then(|s| s.sq_length.get()) {
        Some(f) => {
            // SAFETY: the slot of a live object's type.
            let n = unsafe { f(obj.as_ptr()) };
            if n < 0 { Err(Raised::assume()) } else { Ok(i + n) }
        }
        None => Ok(i),
    }
}

/// `obj[i]` (`PySequence_GetItem`).
pub fn get_item(py: Python, obj: &PyObject, i: isize) -> PyResult {
    if let Some(f) = obj.ty().as_sequence().and_then(|s| s.sq_item.get()) {
        let i = from_end(obj, i)?;
        // SAFETY: the slot of a live object's type.
        return unsafe { Py::from_owned_or_raised(f(obj.as_ptr(), i)) };
    }
    if obj.ty().as_mapping().is_some_and(|m| m.mp_subscript.get().is_some()) {
        return Err(not_a_sequence(py, obj));
    }
    Err(raise!(py, TypeError, "'{}' object does not support indexing", obj.ty().full_name()))
}

/// Assigns to `obj[i]`, or deletes it with `None`.
fn assign_item(py: Python, obj: &PyObject, i: isize, value: Option<&PyObject>) -> PyResult<()> {
    if let Some(f) = obj.ty().as_sequence().and_then(|s| s.sq_ass_item.get()) {
        let i = from_end(obj, i)?;
        // SAFETY: the slot of a live object's type.
        let status = unsafe { f(obj.as_ptr(), i, value.map_or(core::ptr::null_mut(), PyObject::as_ptr)) };
        return if status < 0 { Err(Raised::assume()) } else { Ok(()) };
    }
    if obj.ty().as_mapping().is_some_and(|m| m.mp_ass_subscript.get().is_some()) {
        return Err(not_a_sequence(py, obj));
    }
    let what = if value.is_some() { "does not support item assignment" } else { "doesn't support item deletion" };
    Err(raise!(py, TypeError, "'{}' object {what}", obj.ty().full_name()))
}

/// `obj[i] = value` (`PySequence_SetItem`).
pub fn set_item(py: Python, obj: &PyObject, i: isize, value: &PyObject) -> PyResult<()> {
    assign_item(py, obj, i, Some(value))
}

/// `del obj[i]` (`PySequence_DelItem`).
pub fn del_item(py: Python, obj: &PyObject, i: isize) -> PyResult<()> {
    assign_item(py, obj, i, None)
}

/// `obj[start:stop]` (`PySequence_GetSlice`).
pub fn get_slice(py: Python, obj: &PyObject, start: isize, stop: isize) -> PyResult {
    let Some(f) = obj.ty().as_mapping().and_then(|m| m.mp_subscript.get()) else {
        return Err(raise!(py, TypeError, "'{}' object is unsliceable", obj.ty().full_name()));
    };
    let slice = PySlice::from_indices(py, start, stop)?;
    // SAFETY: the slot of a live object's type.
    unsafe { Py::from_owned_or_raised(f(obj.as_ptr(), slice.as_object().as_ptr())) }
}

/// `obj[start:stop] = value`, or deletes the slice with `None` (`PySequence_SetSlice`, `PySequence_DelSlice`).
pub fn set_slice(py: Python, obj: &PyObject, start: isize, stop: isize, value: Option<&PyObject>) -> PyResult<()> {
    let Some(f) = obj.ty().as_mapping().and_then(|m| m.mp_ass_subscript.get()) else {
        let what = if value.is_some() { "assignment" } else { "deletion" };
        return Err(raise!(py, TypeError, "'{}' object doesn't support slice {what}", obj.ty().full_name()));
    };
    let slice = PySlice::from_indices(py, start, stop)?;
    let value = value.map_or(core::ptr::null_mut(), PyObject::as_ptr);
    // SAFETY: the slot of a live object's type.
    let status = unsafe { f(obj.as_ptr(), slice.as_object().as_ptr(), value) };
    if status < 0 { Err(Raised::assume()) } else { Ok(()) }
}

/// `list(obj)` (`PySequence_List`).
pub fn to_list(py: Python, obj: &PyObject) -> PyResult<Py<PyList>> {
    PyList::from_iterable(py, obj)
}

/// `tuple(obj)`: an exact tuple is itself (`PySequence_Tuple`).
pub fn to_tuple(py: Python, obj: &PyObject) -> PyResult<Py<PyTuple>> {
    if let Some(tuple) = obj.downcast_exact::<PyTuple>() {
        return Ok(Py::new_ref(tuple));
    }
    if let Some(list) = obj.downcast::<PyList>()
        && PyList::check_exact(obj)
    {
        return list.as_tuple(py);
    }
    let it = obj.iter(py)?;
    let mut items = Vec::with_capacity(super::iter::length_hint(py, obj, 10)?.min(1 << 16));
    while let Some(item) = it.iter_next(py)? {
        items.push(item);
    }
    PyTuple::from_exact_iter(py, items.into_iter())
}

/// The items of an iterable, as a list or tuple of their own or the iterable itself if it is one.
pub enum Fast {
    List(Py<PyList>),
    Tuple(Py<PyTuple>),
}

impl Fast {
    pub fn len(&self) -> usize {
        match self {
            Fast::List(l) => l.len(),
            Fast::Tuple(t) => t.len(),
        }
    }
    /// Item `i`, if it (still) exists.
    pub fn get(&self, i: usize) -> Option<Py> {
        match self {
            Fast::List(l) => l.get(i),
            Fast::Tuple(t) => t.as_slice().get(i).cloned(),
        }
    }
    /// The items, borrowed.
    ///
    /// # Safety
    /// No Python code may run while the slice is used.
    pub unsafe fn items(&self) -> &[Py] {
        match self {
            // SAFETY: by contract.
            Fast::List(l) => unsafe { l.items() },
            Fast::Tuple(t) => t.as_slice(),
        }
    }
    pub fn to_vec(&self) -> Vec<Py> {
        // SAFETY: cloning runs no Python code.
        unsafe { self.items() }.to_vec()
    }
    pub fn as_object(&self) -> &PyObject {
        match self {
            Fast::List(l) => l.as_object(),
            Fast::Tuple(t) => t.as_object(),
        }
    }
}

/// The items of an iterable; TypeError with `message` if it is none (`PySequence_Fast`).
pub fn fast(py: Python, obj: &PyObject, message: &str) -> PyResult<Fast> {
    if let Some(list) = obj.downcast_exact::<PyList>() {
        return Ok(Fast::List(Py::new_ref(list)));
    }
    if let Some(tuple) = obj.downcast_exact::<PyTuple>() {
        return Ok(Fast::Tuple(Py::new_ref(tuple)));
    }
    match obj.iter(py) {
        Ok(it) => Ok(Fast::List(PyList::from_iterable(py, &it)?)),
        Err(e) => {
            if !err::matches(py, exceptions::TypeError()) {
                return Err(e);
            }
            err::clear(py);
            Err(raise!(py, TypeError, "{message}"))
        }
    }
}

/// Calls `f` with the number of each item that equals `value`, until it says stop.
fn search(
    py: Python,
    obj: &PyObject,
    value: &PyObject,
    not_iterable: &str,
    mut f: impl FnMut(isize) -> bool,
) -> PyResult<()> {
    let it = match obj.iter(py) {
        Ok(it) => it,
        Err(e) => {
            if !err::matches(py, exceptions::TypeError()) {
                return Err(e);
            }
            err::clear(py);
            return Err(raise!(py, TypeError, "argument of type '{}' is not {not_iterable}", obj.ty().full_name()));
        }
    };
    let mut n: isize = 0;
    while let Some(item) = it.iter_next(py)? {
        if item.rich_compare_bool(py, value, CompareOp::Eq)? && !f(n) {
            return Ok(());
        }
        n = n.saturating_add(1);
    }
    Ok(())
}

/// `operator.countOf(obj, value)`.
pub fn count(py: Python, obj: &PyObject, value: &PyObject) -> PyResult<isize> {
    let mut n: isize = 0;
    search(py, obj, value, "iterable", |_| {
        n = n.saturating_add(1);
        true
    })?;
    if n == isize::MAX {
        return Err(raise!(py, OverflowError, "count exceeds C integer size"));
    }
    Ok(n)
}

/// `operator.indexOf(obj, value)`. ValueError if it is not there.
pub fn index(py: Python, obj: &PyObject, value: &PyObject) -> PyResult<isize> {
    let mut found = None;
    search(py, obj, value, "iterable", |i| {
        found = Some(i);
        false
    })?;
    match found {
        Some(isize::MAX) => Err(raise!(py, OverflowError, "index exceeds C integer size")),
        Some(i) => Ok(i),
        None => Err(raise!(py, ValueError, "sequence.index(x): x not in sequence")),
    }
}

/// `value in obj` by iterating over it (`_PySequence_IterSearch`).
pub fn iter_contains(py: Python, obj: &PyObject, value: &PyObject) -> PyResult<bool> {
    let mut found = false;
    search(py, obj, value, "a container or iterable", |_| {
        found = true;
        false
    })?;
    Ok(found)
}

/// `value in obj` (`PySequence_Contains`).
pub fn contains(py: Python, obj: &PyObject, value: &PyObject) -> PyResult<bool> {
    match obj.ty().as_sequence().and_then(|s| s.sq_contains.get()) {
        Some(f) => {
            // SAFETY: the slot of a live object's type.
            match unsafe { f(obj.as_ptr(), value.as_ptr()) } {
                0 => Ok(false),
                n if n < 0 => Err(Raised::assume()),
                _ => Ok(true),
            }
        }
        None => iter_contains(py, obj, value),
    }
}

// What the built-in sequences share.

/// An index as a word, counted from the end if negative; IndexError if it does not fit. May be out of range.
#[inline]
pub(crate) fn index_argument(py: Python, key: &PyObject, len: usize) -> PyResult<isize> {
    let i = number::as_ssize(py, key, Some(exceptions::IndexError()))?;
    Ok(if i < 0 { i + len as isize } else { i })
}

/// A start or stop of a slice, clipped to a word; not None.
pub(crate) fn slice_index(py: Python, index: &PyObject) -> PyResult<isize> {
    if has_index(index) {
        return number::as_ssize(py, index, None);
    }
    Err(bad_slice_index(py))
}

/// A start or stop of a slice as an int.
pub(crate) fn slice_index_object(py: Python, index: &PyObject) -> PyResult {
    if has_index(index) {
        return Ok(number::index(py, index)?.into_object());
    }
    Err(bad_slice_index(py))
}

fn bad_slice_index(py: Python) -> Raised {
    raise!(py, TypeError, "slice indices must be integers or None or have an __index__ method")
}

/// The bounds that `index` methods take: counted from the end if negative, clipped.
pub(crate) fn search_bounds(
    py: Python,
    start: Option<&PyObject>,
    stop: Option<&PyObject>,
    len: usize,
) -> PyResult<(usize, usize)> {
    let bound = |arg: Option<&PyObject>, default: usize| -> PyResult<usize> {
        let Some(arg) = arg else { return Ok(default) };
        if !has_index(arg) {
            return Err(raise!(py, TypeError, "slice indices must be integers or have an __index__ method"));
        }
        let i = number::as_ssize(py, arg, None)?;
        Ok(if i < 0 { (i + len as isize).max(0) as usize } else { i as usize })
    };
    Ok((bound(start, 0)?, bound(stop, isize::MAX as usize)?))
}

/// The comparison of sequences whose common part is equal.
#[inline]
pub(crate) fn compare_lengths(a: usize, b: usize, op: CompareOp) -> bool {
    match op {
        CompareOp::Lt => a < b,
        CompareOp::Le => a <= b,
        CompareOp::Eq => a == b,
        CompareOp::Ne => a != b,
        CompareOp::Gt => a > b,
        CompareOp::Ge => a >= b,
    }
}

/// Held while the `repr` of a container is made, so that one that contains itself is noticed (`Py_ReprEnter`).
pub struct ReprGuard<'py> {
    py: Python<'py>,
    obj: *const PyObject,
}

impl<'py> ReprGuard<'py> {
    /// `None` if the `repr` of this object is being made already in this thread.
    pub fn enter(py: Python<'py>, obj: &PyObject) -> Option<ReprGuard<'py>> {
        let mut stack = py.tstate().ext.repr_stack.borrow_mut();
        let obj: *const PyObject = obj;
        if stack.contains(&obj) {
            return None;
        }
        stack.push(obj);
        Some(ReprGuard { py, obj })
    }
}

impl Drop for ReprGuard<'_> {
    fn drop(&mut self) {
        let mut stack = self.py.tstate().ext.repr_stack.borrow_mut();
        if let Some(i) = stack.iter().rposition(|&o| core::ptr::eq(o, self.obj)) {
            stack.remove(i);
        }
    }
}
