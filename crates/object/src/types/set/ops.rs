//! The operations of set theory. Where sizes differ much, the smaller set is walked over; results are sets or frozensets
//! proper, whatever subclass the operands are of.

use super::table::hash_element;
use super::{PyFrozenSet_Type, PySet_Type, PySetObject};
use crate::declare::CompareOp;
use crate::header::PyObject;
use crate::types::dict::PyDict;
use crate::{Py, PyResult, Python};

impl PySetObject {
    /// An empty set or frozenset, as `self` is (`make_new_set_basetype`).
    fn empty_like(&self, py: Python) -> PyResult<Py<PySetObject>> {
        PySetObject::make(py, if PySetObject::is_set(self) { &PySet_Type } else { &PyFrozenSet_Type })
    }

    /// A set or frozenset, as `self` is, of what `iterable` yields.
    fn like_from(&self, py: Python, iterable: &PyObject) -> PyResult<Py<PySetObject>> {
        let set = self.empty_like(py)?;
        set.update(py, iterable)?;
        Ok(set)
    }

    /// A shallow copy.
    pub fn copy(&self, py: Python) -> PyResult<Py<PySetObject>> {
        self.like_from(py, self)
    }

    /// `self & other`; any iterable will do.
    pub fn intersection(&self, py: Python, other: &PyObject) -> PyResult<Py<PySetObject>> {
        if other.is(self) {
            return self.copy(py);
        }
        let result = self.empty_like(py)?;
        if let Some(other) = PySetObject::of(other) {
            let (walked, asked) = if other.len() > self.len() { (self, other) } else { (other, self) };
            let mut pos = 0;
            while let Some((key, hash)) = walked.next_hashed(&mut pos) {
                if asked.contains_hashed(py, &key, hash)? {
                    result.add_hashed(py, &key, hash)?;
                }
            }
            return Ok(result);
        }
        let it = other.iter(py)?;
        while let Some(key) = it.iter_next(py)? {
            let hash = key.hash(py)?;
            if self.contains_hashed(py, &key, hash)? {
                result.add_hashed(py, &key, hash)?;
            }
        }
        Ok(result)
    }

    /// `self.intersection(*others)`.
    pub(super) fn intersection_multi(&self, py: Python, others: &[&PyObject]) -> PyResult<Py<PySetObject>> {
        let Some((first, rest)) = others.split_first() else { return self.copy(py) };
        let mut result = self.intersection(py, first)?;
        for other in rest {
            result = result.intersection(py, other)?;
        }
        Ok(result)
    }

    /// `self &= others`.
    pub(super) fn intersection_update(&self, py: Python, others: &[&PyObject]) -> PyResult<()> {
        let result = self.intersection_multi(py, others)?;
        self.swap(&result);
        Ok(())
    }

    /// `self - other`; any iterable will do.
    pub fn difference(&self, py: Python, other: &PyObject) -> PyResult<Py<PySetObject>> {
        let set = PySetObject::of(other);
        let dict = if set.is_some() { None } else { other.downcast_exact::<PyDict>() };
        let other_len = match (set, dict) {
            (Some(s), _) => s.len(),
            (_, Some(d)) => d.len(),
            _ => usize::MAX,
        };
        // Walking over a small other one and discarding takes less than asking it for each of many elements.
        if other_len == usize::MAX || self.len() >> 2 > other_len {
            let result = self.copy(py)?;
            result.difference_update(py, other)?;
            return Ok(result);
        }
        let result = self.empty_like(py)?;
        let mut pos = 0;
        while let Some((key, hash)) = self.next_hashed(&mut pos) {
            let there = match (set, dict) {
                (Some(s), _) => s.contains_hashed(py, &key, hash)?,
                (_, Some(d)) => d.contains_known_hash(py, &key, hash)?,
                _ => false,
            };
            if !there {
                result.add_hashed(py, &key, hash)?;
            }
        }
        Ok(result)
    }

    /// `self -= other`; any iterable will do.
    pub fn difference_update(&self, py: Python, other: &PyObject) -> PyResult<()> {
        if other.is(self) {
            self.clear();
            return Ok(());
        }
        match PySetObject::of(other) {
            Some(set) => {
                // Of a much larger set only what they have in common matters.
                let common;
                let set = if set.len() >> 3 > self.len() {
                    common = self.intersection(py, other)?;
                    &*common
                } else {
                    set
                };
                let mut pos = 0;
                while let Some((key, hash)) = set.next_hashed(&mut pos) {
                    self.discard_hashed(py, &key, hash)?;
                }
            }
            None => {
                let it = other.iter(py)?;
                while let Some(key) = it.iter_next(py)? {
                    self.discard(py, &key)?;
                }
            }
        }
        self.sweep(py)
    }

    /// `self ^= other`; any iterable will do.
    pub fn symmetric_difference_update(&self, py: Python, other: &PyObject) -> PyResult<()> {
        if other.is(self) {
            self.clear();
            return Ok(());
        }
        if let Some(dict) = other.downcast_exact::<PyDict>() {
            let mut pos = 0;
            while let Some((ix, key, _, after)) = dict.item_from(pos) {
                pos = after;
                let hash = dict.table().hash(ix);
                // SAFETY: an item's key is live; it is held while Python code may run.
                let key = unsafe { Py::from_borrowed(key) };
                self.toggle(py, &key, hash)?;
            }
            return Ok(());
        }
        let made;
        let set = match PySetObject::of(other) {
            Some(set) => set,
            None => {
                made = self.like_from(py, other)?;
                &*made
            }
        };
        let mut pos = 0;
        while let Some((key, hash)) = set.next_hashed(&mut pos) {
            self.toggle(py, &key, hash)?;
        }
        Ok(())
    }

    fn toggle(&self, py: Python, key: &PyObject, hash: isize) -> PyResult<()> {
        if !self.discard_hashed(py, key, hash)? {
            self.add_hashed(py, key, hash)?;
        }
        Ok(())
    }

    /// `self ^ other`; any iterable will do.
    pub fn symmetric_difference(&self, py: Python, other: &PyObject) -> PyResult<Py<PySetObject>> {
        let result = self.like_from(py, other)?;
        result.symmetric_difference_update(py, self)?;
        Ok(result)
    }

    /// `self | others`; any iterables will do.
    pub fn union(&self, py: Python, others: &[&PyObject]) -> PyResult<Py<PySetObject>> {
        let result = self.copy(py)?;
        for other in others {
            if !other.is(self) {
                result.update(py, other)?;
            }
        }
        Ok(result)
    }

    /// True if no element is in both.
    pub fn is_disjoint(&self, py: Python, other: &PyObject) -> PyResult<bool> {
        if other.is(self) {
            return Ok(self.len() == 0);
        }
        if let Some(other) = PySetObject::from_exact(other) {
            let (walked, asked) = if other.len() > self.len() { (self, other) } else { (other, self) };
            let mut pos = 0;
            while let Some((key, hash)) = walked.next_hashed(&mut pos) {
                if asked.contains_hashed(py, &key, hash)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let it = other.iter(py)?;
        while let Some(key) = it.iter_next(py)? {
            let hash = hash_element(py, &key)?;
            if self.contains_hashed(py, &key, hash)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// True if all elements are in `other` too.
    pub fn is_subset(&self, py: Python, other: &PyObject) -> PyResult<bool> {
        let Some(other) = PySetObject::of(other) else {
            return Ok(self.intersection(py, other)?.len() == self.len());
        };
        if self.len() > other.len() {
            return Ok(false);
        }
        let mut pos = 0;
        while let Some((key, hash)) = self.next_hashed(&mut pos) {
            if !other.contains_hashed(py, &key, hash)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// True if all elements of `other` are here too.
    pub fn is_superset(&self, py: Python, other: &PyObject) -> PyResult<bool> {
        if let Some(other) = PySetObject::of(other) {
            return other.is_subset(py, self);
        }
        let it = other.iter(py)?;
        while let Some(key) = it.iter_next(py)? {
            if !self.contains(py, &key)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Comparison with another set: equality, and inclusion as order.
    pub(super) fn compare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(set) = PySetObject::of(other) else { return Ok(py.not_implemented()) };
        let equal = || -> PyResult<bool> {
            if self.len() != set.len() {
                return Ok(false);
            }
            let (a, b) = (self.hash.get(), set.hash.get());
            if a != -1 && b != -1 && a != b {
                return Ok(false);
            }
            self.is_subset(py, other)
        };
        let answer = match op {
            CompareOp::Eq => equal()?,
            CompareOp::Ne => !equal()?,
            CompareOp::Le => self.is_subset(py, other)?,
            CompareOp::Ge => self.is_superset(py, other)?,
            CompareOp::Lt => self.len() < set.len() && self.is_subset(py, other)?,
            CompareOp::Gt => self.len() > set.len() && self.is_superset(py, other)?,
        };
        Ok(py.bool(answer))
    }
}
