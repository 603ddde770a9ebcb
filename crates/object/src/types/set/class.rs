//! The Python classes `set` and `frozenset`.

use super::iter::PySetIter;
use super::table::hash_for_search;
use super::{PyFrozenSet, PySet, PySetObject};
use crate::abstracts::sequence::ReprGuard;
use crate::declare::{Args, CompareOp, Stop, Visit};
use crate::header::PyObject;
use crate::memory::{gc, trashcan};
use crate::types::tuple::free_object;
use crate::types::weakref;
use crate::{Py, PyList, PyResult, PyStr, PyTuple, PyType, Python, StrBuilder, err, id, pack, pyclass, raise};

impl PySetObject {
    fn repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let name = self.ty().name();
        let mut out = StrBuilder::new();
        let Some(_guard) = ReprGuard::enter(py, self) else {
            out.push_str(name);
            out.push_str("(...)");
            return out.finish(py);
        };
        if self.len() == 0 {
            out.push_str(name);
            out.push_str("()");
            return out.finish(py);
        }
        let plain = self.is_type(&PySet_Type);
        if !plain {
            out.push_str(name);
            out.push_str("(");
        }
        out.push_str("{");
        // The elements are held apart: making their texts may change the set.
        for (i, item) in self.to_vec().iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            let text = item.repr(py)?;
            out.push_pystr(&text);
        }
        out.push_str(if plain { "}" } else { "})" });
        out.finish(py)
    }

    /// All elements, in order of the table.
    pub fn to_vec(&self) -> Vec<Py> {
        let mut out = Vec::with_capacity(self.len());
        let mut pos = 0;
        while let Some(key) = self.next(&mut pos) {
            out.push(key);
        }
        out
    }

    /// `key in self`, where a set is looked for as a frozenset.
    fn has(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        let hash = hash_for_search(py, key)?;
        self.contains_hashed(py, key, hash)
    }

    /// Removes `key`, a set being looked for as a frozenset.
    fn discard_search(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        let hash = hash_for_search(py, key)?;
        self.discard_hashed(py, key, hash)
    }

    fn difference_multi(&self, py: Python, others: &[&PyObject]) -> PyResult<Py<PySetObject>> {
        let Some((first, rest)) = others.split_first() else { return self.copy(py) };
        let result = self.difference(py, first)?;
        for other in rest {
            result.difference_update(py, other)?;
        }
        Ok(result)
    }

    fn reduce(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let elements = PyList::from_vec(py, self.to_vec())?;
        let args = pack!(py, elements)?;
        let state = self.ob_base.call_method(py, id!(py, "__getstate__"), &[])?;
        let ty: &PyObject = self.ty();
        pack!(py, ty, args, state)
    }

    unsafe fn dealloc(this: *mut PyObject) {
        // SAFETY: the count is zero: the set is ours alone.
        unsafe {
            let set = &*(this as *const PySetObject);
            gc::untrack(&*this);
            if !trashcan::begin(this) {
                return;
            }
            if !set.weakreflist.is_none() {
                weakref::clear_weakrefs(&*this);
            }
            set.drop_table();
            free_object(this);
            trashcan::end();
        }
    }
}

/// The operands of a binary operator, if both are sets.
fn operands<'a>(a: &'a PyObject, b: &'a PyObject) -> Option<&'a PySetObject> {
    PySetObject::of(b)?;
    PySetObject::of(a)
}

macro_rules! operator {
    ($py:ident, $a:ident, $b:ident, $f:expr) => {
        match operands($a, $b) {
            Some(set) => Ok($f(set)?.into_object()),
            None => Ok($py.not_implemented()),
        }
    };
}

/// Build an unordered collection of unique elements.
#[pyclass(name = "set", static_name = PySet_Type, flags(GC, BASETYPE, MATCH_SELF), unhashable, class_getitem,
    weaklist = weakreflist)]
impl PySet {
    fn tp_new(py: Python, cls: &PyType, _args: &PyTuple, _kwargs: Option<&crate::PyDict>) -> PyResult<Py<PySetObject>> {
        PySetObject::make(py, cls)
    }

    #[signature("(iterable=(), /)")]
    fn tp_init(&self, py: Python, iterable: Option<&PyObject>) -> PyResult<()> {
        self.clear();
        match iterable {
            Some(iterable) => self.update(py, iterable),
            None => Ok(()),
        }
    }

    fn tp_vectorcall(py: Python, _cls: &PyObject, args: Args) -> PyResult<Py<PySet>> {
        args.no_keywords("set")?;
        args.check_count(py, "set", 0, 1)?;
        match args.first() {
            Some(iterable) => PySet::from_iterable(py, iterable),
            None => PySet::new(py),
        }
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: by the slot's contract.
        unsafe { PySetObject::dealloc(this as *mut PyObject) }
    }
    unsafe fn tp_traverse(this: *mut Self, visit: &mut Visit) -> Result<(), Stop> {
        // SAFETY: the object is alive.
        unsafe { (*this).for_each_raw(|key| visit.raw(key)) }
    }
    unsafe fn tp_clear(this: *mut Self) {
        // SAFETY: the object is alive.
        unsafe { PySetObject::clear(&*this) }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        PySetObject::repr(self, py)
    }
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        self.compare(py, other, op)
    }
    fn tp_iter(&self, py: Python) -> PyResult<Py<PySetIter>> {
        PySetIter::new(py, self)
    }
    fn sq_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }
    fn sq_contains(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        self.has(py, key)
    }

    fn nb_subtract(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        operator!(py, a, b, |s: &PySetObject| s.difference(py, b))
    }
    fn nb_and(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        operator!(py, a, b, |s: &PySetObject| s.intersection(py, b))
    }
    fn nb_xor(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        operator!(py, a, b, |s: &PySetObject| s.symmetric_difference(py, b))
    }
    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        operator!(py, a, b, |s: &PySetObject| s.union(py, &[b]))
    }
    fn nb_inplace_subtract(&self, py: Python, other: &PyObject) -> PyResult {
        if PySetObject::of(other).is_none() {
            return Ok(py.not_implemented());
        }
        self.difference_update(py, other)?;
        Ok(Py::new_ref(&self.ob_base))
    }
    fn nb_inplace_and(&self, py: Python, other: &PyObject) -> PyResult {
        if PySetObject::of(other).is_none() {
            return Ok(py.not_implemented());
        }
        PySetObject::intersection_update(self, py, &[other])?;
        Ok(Py::new_ref(&self.ob_base))
    }
    fn nb_inplace_xor(&self, py: Python, other: &PyObject) -> PyResult {
        if PySetObject::of(other).is_none() {
            return Ok(py.not_implemented());
        }
        self.symmetric_difference_update(py, other)?;
        Ok(Py::new_ref(&self.ob_base))
    }
    fn nb_inplace_or(&self, py: Python, other: &PyObject) -> PyResult {
        if PySetObject::of(other).is_none() {
            return Ok(py.not_implemented());
        }
        self.update(py, other)?;
        Ok(Py::new_ref(&self.ob_base))
    }

    /// x.__contains__(y) <==> y in x.
    #[method(coexist)]
    #[signature("(self, object, /)")]
    fn __contains__(&self, py: Python, object: &PyObject) -> PyResult<bool> {
        self.has(py, object)
    }
    /// Add an element to a set.
    ///
    /// This has no effect if the element is already present.
    #[method(name = "add")]
    #[signature("(self, object, /)")]
    fn py_add(&self, py: Python, object: &PyObject) -> PyResult<()> {
        self.add(py, object).map(|_| ())
    }
    /// Remove all elements from this set.
    #[method(name = "clear")]
    #[signature("(self, /)")]
    fn py_clear(&self, _py: Python) -> PyResult<()> {
        self.clear();
        Ok(())
    }
    /// Return a shallow copy of a set.
    #[method(name = "copy")]
    #[signature("(self, /)")]
    fn py_copy(&self, py: Python) -> PyResult<Py<PySetObject>> {
        self.copy(py)
    }
    /// Remove an element from a set if it is a member.
    ///
    /// Unlike set.remove(), the discard() method does not raise
    /// an exception when an element is missing from the set.
    #[method(name = "discard")]
    #[signature("(self, object, /)")]
    fn py_discard(&self, py: Python, object: &PyObject) -> PyResult<()> {
        self.discard_search(py, object).map(|_| ())
    }
    /// Return a new set with elements in the set that are not in the others.
    #[method(name = "difference")]
    #[signature("(self, /, *others)")]
    fn py_difference(&self, py: Python, others: Args) -> PyResult<Py<PySetObject>> {
        self.difference_multi(py, &others)
    }
    /// Update the set, removing elements found in others.
    #[method(name = "difference_update")]
    #[signature("(self, /, *others)")]
    fn py_difference_update(&self, py: Python, others: Args) -> PyResult<()> {
        others.iter().try_for_each(|other| self.difference_update(py, other))
    }
    /// Return a new set with elements common to the set and all others.
    #[method(name = "intersection")]
    #[signature("(self, /, *others)")]
    fn py_intersection(&self, py: Python, others: Args) -> PyResult<Py<PySetObject>> {
        self.intersection_multi(py, &others)
    }
    /// Update the set, keeping only elements found in it and all others.
    #[method(name = "intersection_update")]
    #[signature("(self, /, *others)")]
    fn py_intersection_update(&self, py: Python, others: Args) -> PyResult<()> {
        PySetObject::intersection_update(self, py, &others)
    }
    /// Return True if two sets have a null intersection.
    #[method]
    #[signature("(self, other, /)")]
    fn isdisjoint(&self, py: Python, other: &PyObject) -> PyResult<bool> {
        self.is_disjoint(py, other)
    }
    /// Report whether another set contains this set.
    #[method]
    #[signature("(self, other, /)")]
    fn issubset(&self, py: Python, other: &PyObject) -> PyResult<bool> {
        self.is_subset(py, other)
    }
    /// Report whether this set contains another set.
    #[method]
    #[signature("(self, other, /)")]
    fn issuperset(&self, py: Python, other: &PyObject) -> PyResult<bool> {
        self.is_superset(py, other)
    }
    /// Remove and return an arbitrary set element.
    ///
    /// Raises KeyError if the set is empty.
    #[method(name = "pop")]
    #[signature("(self, /)")]
    fn py_pop(&self, py: Python) -> PyResult {
        match self.pop(py) {
            Some(key) => Ok(key),
            None => Err(raise!(py, KeyError, "pop from an empty set")),
        }
    }
    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.reduce(py)
    }
    /// Remove an element from a set; it must be a member.
    ///
    /// If the element is not a member, raise a KeyError.
    #[method]
    #[signature("(self, object, /)")]
    fn remove(&self, py: Python, object: &PyObject) -> PyResult<()> {
        if self.discard_search(py, object)? { Ok(()) } else { Err(err::key_error(py, object)) }
    }
    /// S.__sizeof__() -> size of S in memory, in bytes.
    #[method]
    #[signature("(self, /)")]
    fn __sizeof__(&self, _py: Python) -> PyResult<usize> {
        Ok(self.size_of())
    }
    /// Return a new set with elements in either the set or other but not both.
    #[method(name = "symmetric_difference")]
    #[signature("(self, other, /)")]
    fn py_symmetric_difference(&self, py: Python, other: &PyObject) -> PyResult<Py<PySetObject>> {
        self.symmetric_difference(py, other)
    }
    /// Update the set, keeping only elements found in either set, but not in both.
    #[method(name = "symmetric_difference_update")]
    #[signature("(self, other, /)")]
    fn py_symmetric_difference_update(&self, py: Python, other: &PyObject) -> PyResult<()> {
        self.symmetric_difference_update(py, other)
    }
    /// Return a new set with elements from the set and all others.
    #[method(name = "union")]
    #[signature("(self, /, *others)")]
    fn py_union(&self, py: Python, others: Args) -> PyResult<Py<PySetObject>> {
        self.union(py, &others)
    }
    /// Update the set, adding elements from all others.
    #[method(name = "update")]
    #[signature("(self, /, *others)")]
    fn py_update(&self, py: Python, others: Args) -> PyResult<()> {
        others.iter().try_for_each(|other| self.update(py, other))
    }
}

/// Build an immutable unordered collection of unique elements.
#[pyclass(name = "frozenset", static_name = PyFrozenSet_Type, flags(GC, BASETYPE, MATCH_SELF), vectorcall, class_getitem,
    weaklist = weakreflist)]
impl PyFrozenSet {
    #[signature("(iterable=(), /)")]
    fn tp_new(py: Python, cls: &PyType, iterable: Option<&PyObject>) -> PyResult<Py<PySetObject>> {
        if let Some(iterable) = iterable
            && cls.is(&PyFrozenSet_Type)
            && iterable.is_type(&PyFrozenSet_Type)
            && let Some(set) = PySetObject::from_exact(iterable)
        {
            return Ok(Py::new_ref(set));
        }
        let set = PySetObject::make(py, cls)?;
        if let Some(iterable) = iterable {
            set.update(py, iterable)?;
        }
        Ok(set)
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: by the slot's contract.
        unsafe { PySetObject::dealloc(this as *mut PyObject) }
    }
    unsafe fn tp_traverse(this: *mut Self, visit: &mut Visit) -> Result<(), Stop> {
        // SAFETY: the object is alive.
        unsafe { (*this).for_each_raw(|key| visit.raw(key)) }
    }
    unsafe fn tp_clear(this: *mut Self) {
        // SAFETY: the object is alive.
        unsafe { PySetObject::clear(&*this) }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        PySetObject::repr(self, py)
    }
    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        if self.hash.get() == -1 {
            self.hash.set(self.hash_of_elements());
        }
        Ok(self.hash.get())
    }
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        self.compare(py, other, op)
    }
    fn tp_iter(&self, py: Python) -> PyResult<Py<PySetIter>> {
        PySetIter::new(py, self)
    }
    fn sq_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }
    fn sq_contains(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        self.has(py, key)
    }
    fn nb_subtract(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        operator!(py, a, b, |s: &PySetObject| s.difference(py, b))
    }
    fn nb_and(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        operator!(py, a, b, |s: &PySetObject| s.intersection(py, b))
    }
    fn nb_xor(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        operator!(py, a, b, |s: &PySetObject| s.symmetric_difference(py, b))
    }
    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        operator!(py, a, b, |s: &PySetObject| s.union(py, &[b]))
    }

    /// x.__contains__(y) <==> y in x.
    #[method(coexist)]
    #[signature("(self, object, /)")]
    fn __contains__(&self, py: Python, object: &PyObject) -> PyResult<bool> {
        self.has(py, object)
    }
    /// Return a shallow copy of a set.
    #[method(name = "copy")]
    #[signature("(self, /)")]
    fn py_copy(&self, py: Python) -> PyResult {
        if self.ob_base.is_type(&PyFrozenSet_Type) {
            return Ok(Py::new_ref(&self.ob_base));
        }
        Ok(self.copy(py)?.into_object())
    }
    /// Return a new set with elements in the set that are not in the others.
    #[method(name = "difference")]
    #[signature("(self, /, *others)")]
    fn py_difference(&self, py: Python, others: Args) -> PyResult<Py<PySetObject>> {
        self.difference_multi(py, &others)
    }
    /// Return a new set with elements common to the set and all others.
    #[method(name = "intersection")]
    #[signature("(self, /, *others)")]
    fn py_intersection(&self, py: Python, others: Args) -> PyResult<Py<PySetObject>> {
        self.intersection_multi(py, &others)
    }
    /// Return True if two sets have a null intersection.
    #[method]
    #[signature("(self, other, /)")]
    fn isdisjoint(&self, py: Python, other: &PyObject) -> PyResult<bool> {
        self.is_disjoint(py, other)
    }
    /// Report whether another set contains this set.
    #[method]
    #[signature("(self, other, /)")]
    fn issubset(&self, py: Python, other: &PyObject) -> PyResult<bool> {
        self.is_subset(py, other)
    }
    /// Report whether this set contains another set.
    #[method]
    #[signature("(self, other, /)")]
    fn issuperset(&self, py: Python, other: &PyObject) -> PyResult<bool> {
        self.is_superset(py, other)
    }
    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.reduce(py)
    }
    /// S.__sizeof__() -> size of S in memory, in bytes.
    #[method]
    #[signature("(self, /)")]
    fn __sizeof__(&self, _py: Python) -> PyResult<usize> {
        Ok(self.size_of())
    }
    /// Return a new set with elements in either the set or other but not both.
    #[method(name = "symmetric_difference")]
    #[signature("(self, other, /)")]
    fn py_symmetric_difference(&self, py: Python, other: &PyObject) -> PyResult<Py<PySetObject>> {
        self.symmetric_difference(py, other)
    }
    /// Return a new set with elements from the set and all others.
    #[method(name = "union")]
    #[signature("(self, /, *others)")]
    fn py_union(&self, py: Python, others: Args) -> PyResult<Py<PySetObject>> {
        self.union(py, &others)
    }
}
