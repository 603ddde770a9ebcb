//! Filling a dict from something else: another dict, a mapping with `keys()`, a sequence of pairs, keys alone.

use super::PyDict;
use super::PyDict_Type;
use super::keys::{LOG_MINSIZE, log2_size_for_entries, usable_fraction};
use super::table::hash_key;
use super::watch::Event;
use crate::abstracts::{mapping, sequence};
use crate::header::PyObject;
use crate::types::set::PySetObject;
use crate::{Py, PyResult, PyStr, PyType, Python, Raised, err, exceptions, id, raise};

/// What becomes of a key that the dict has already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OnConflict {
    /// The old value stays.
    Keep,
    /// The new value replaces it.
    Replace,
    /// KeyError with the key.
    Raise,
}

impl PyDict {
    /// True if iterating over the object is iterating over its table: an exact dict, or a subclass without `__iter__` of
    /// its own.
    pub(crate) fn iterates_as_dict(&self) -> bool {
        let f = |ty: &PyType| ty.tp_iter.get().map(|f| f as usize);
        f(self.ty()) == f(&PyDict_Type)
    }

    /// `self.update(other)` (`PyDict_Update`): `other` is a dict or a mapping with `keys()`.
    pub fn update(&self, py: Python, other: &PyObject) -> PyResult<()> {
        self.merge_with(py, other, OnConflict::Replace)
    }

    /// As [`PyDict::update`]; without `override_` values that are there stay (`PyDict_Merge`).
    pub fn merge(&self, py: Python, other: &PyObject, override_: bool) -> PyResult<()> {
        self.merge_with(py, other, if override_ { OnConflict::Replace } else { OnConflict::Keep })
    }

    /// As [`PyDict::update`], with a choice of what a key that is there means (`_PyDict_MergeEx`).
    pub fn merge_with(&self, py: Python, other: &PyObject, conflict: OnConflict) -> PyResult<()> {
        if let Some(other) = other.downcast::<PyDict>()
            && other.iterates_as_dict()
        {
            return self.merge_dict(py, other, conflict);
        }
        let it = mapping::keys(py, other)?.as_object().iter(py)?;
        while let Some(key) = it.iter_next(py)? {
            if conflict != OnConflict::Replace && self.contains(py, &key)? {
                if conflict == OnConflict::Raise {
                    return Err(err::key_error(py, &key));
                }
                continue;
            }
            let value = other.get_item(py, &key)?;
            self.set_owned(py, key, value)?;
        }
        Ok(())
    }

    fn merge_dict(&self, py: Python, other: &PyDict, mut conflict: OnConflict) -> PyResult<()> {
        if core::ptr::eq(self, other) || other.len() == 0 {
            return Ok(());
        }
        let theirs = other.table();
        if self.len() == 0 {
            // Nothing can be in conflict.
            conflict = OnConflict::Replace;
            // A table without gaps that is no larger than need be is copied as it stands.
            if other.split_values().is_none()
                && self.split_values().is_none()
                && other.len() == theirs.nentries()
                && (theirs.log2_size() == LOG_MINSIZE || usable_fraction(theirs.log2_size() - 1) < other.len())
            {
                self.notify(py, Event::Cloned, other.as_ptr(), core::ptr::null_mut());
                let copy = theirs.duplicate(py)?;
                copy.set_version(0);
                let old = self.table();
                self.set_table(copy, None);
                self.set_used(other.len());
                // SAFETY: the reference that the dict held.
                unsafe { old.decref(py) };
                return Ok(());
            }
        }
        if usable_fraction(self.table().log2_size()) < other.len() {
            let log2 = log2_size_for_entries(self.len() + other.len());
            self.resize(py, log2, theirs.is_unicode())?;
        }
        let entries = theirs.nentries();
        let mut pos = 0;
        while let Some((ix, key, value, after)) = other.item_from(pos) {
            pos = after;
            let hash = other.table().hash(ix);
            // SAFETY: an item's key and value are live.
            let (key, value) = unsafe { (Py::from_borrowed(key), Py::from_borrowed(value)) };
            if conflict == OnConflict::Replace || !self.contains_known_hash(py, &key, hash)? {
                self.insert(py, key, hash, value)?;
            } else if conflict == OnConflict::Raise {
                return Err(err::key_error(py, &key));
            }
            if other.table().nentries() != entries {
                return Err(raise!(py, RuntimeError, "dict mutated during update"));
            }
        }
        Ok(())
    }

    /// Adds the pairs that `pairs` yields (`PyDict_MergeFromSeq2`).
    pub fn merge_from_pairs(&self, py: Python, pairs: &PyObject, override_: bool) -> PyResult<()> {
        let it = pairs.iter(py)?;
        let mut n = 0usize;
        while let Some(item) = it.iter_next(py)? {
            let pair = match sequence::fast(py, &item, "object is not iterable") {
                Ok(pair) => pair,
                Err(e) => {
                    if err::matches(py, exceptions::TypeError()) {
                        return Err(with_note(
                            py,
                            e,
                            &format!("Cannot convert dictionary update sequence element #{n} to a sequence"),
                        ));
                    }
                    return Err(e);
                }
            };
            let (Some(key), Some(value), 2) = (pair.get(0), pair.get(1), pair.len()) else {
                return Err(raise!(
                    py,
                    ValueError,
                    "dictionary update sequence element #{n} has length {}; 2 is required",
                    pair.len()
                ));
            };
            if override_ {
                self.set(py, &key, &value)?;
            } else {
                self.set_default(py, &key, &value)?;
            }
            n += 1;
        }
        Ok(())
    }

    /// The argument of `dict(arg)` and `update(arg)`: a mapping if it has `keys`, else pairs.
    pub(crate) fn update_from_argument(&self, py: Python, arg: &PyObject) -> PyResult<()> {
        if PyDict::check_exact(arg) {
            return self.merge(py, arg, true);
        }
        match arg.getattr_opt(py, id!(py, "keys"))? {
            Some(_) => self.merge(py, arg, true),
            None => self.merge_from_pairs(py, arg, true),
        }
    }

    /// `cls.fromkeys(iterable, value)` (`_PyDict_FromKeys`).
    pub(crate) fn from_keys(py: Python, cls: &PyType, iterable: &PyObject, value: &PyObject) -> PyResult {
        let made = cls.call(py, &[])?;
        if let Some(dict) = made.downcast_exact::<PyDict>() {
            if dict.len() == 0 {
                if let Some(keys) = iterable.downcast_exact::<PyDict>() {
                    dict.fill_from_dict_keys(py, keys, value)?;
                    return Ok(made);
                }
                if let Some(keys) = PySetObject::from_exact(iterable) {
                    dict.fill_from_set(py, keys, value)?;
                    return Ok(made);
                }
            }
            let it = iterable.iter(py)?;
            while let Some(key) = it.iter_next(py)? {
                let hash = hash_key(py, &key)?;
                dict.insert(py, key, hash, Py::new_ref(value))?;
            }
            return Ok(made);
        }
        let it = iterable.iter(py)?;
        while let Some(key) = it.iter_next(py)? {
            made.set_item(py, &key, value)?;
        }
        Ok(made)
    }

    fn fill_from_dict_keys(&self, py: Python, keys: &PyDict, value: &PyObject) -> PyResult<()> {
        let log2 = log2_size_for_entries(keys.len()).max(self.table().log2_size());
        self.resize(py, log2, keys.table().is_unicode())?;
        let mut pos = 0;
        while let Some((ix, key, _, after)) = keys.item_from(pos) {
            pos = after;
            let hash = keys.table().hash(ix);
            // SAFETY: an item's key is live.
            self.insert(py, unsafe { Py::from_borrowed(key) }, hash, Py::new_ref(value))?;
        }
        Ok(())
    }

    fn fill_from_set(&self, py: Python, keys: &PySetObject, value: &PyObject) -> PyResult<()> {
        let log2 = log2_size_for_entries(keys.len()).max(self.table().log2_size());
        self.resize(py, log2, false)?;
        let mut pos = 0;
        while let Some((key, hash)) = keys.next_hashed(&mut pos) {
            self.insert(py, key, hash, Py::new_ref(value))?;
        }
        Ok(())
    }
}

/// Adds a note (PEP 678) to the exception that is set.
fn with_note(py: Python, raised: Raised, note: &str) -> Raised {
    let Some(exc) = err::take(py) else { return raised };
    let added = PyStr::new(py, note).and_then(|note| exc.call_method(py, id!(py, "add_note"), &[&note]));
    match added {
        Ok(_) => err::restore(py, exc),
        Err(e) => e,
    }
}
