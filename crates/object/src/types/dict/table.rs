//! Looking up, inserting, deleting and growing: the operations on a dict's table.
//!
//! Two dangers shape this file. Comparing keys can run Python code that changes the very table that is being searched:
//! then the search starts anew. And dropping a key or a value can run Python code too: so it is done last, when the dict
//! is whole again.

use super::keys::{EMPTY, Keys, Kind, LOG_MINSIZE, Probe, log2_size_for_entries, log2_size_for_slots, usable_fraction};
use super::values::Values;
use super::watch::Event;
use super::{PyDict, PyDict_Type};
use crate::declare::CompareOp;
use crate::header::PyObject;
use crate::memory::{alloc, gc};
use crate::{Py, PyResult, PyStr, Python, Raised, err, exceptions, raise};
use core::cell::Cell;
use core::ptr::null_mut;

/// The comparison raised.
const ERROR: isize = -3;
/// The table changed while keys were being compared.
const KEY_CHANGED: isize = -4;

/// The key as an exact string.
#[inline(always)]
pub(crate) fn exact_str(key: &PyObject) -> Option<&PyStr> {
    key.downcast_exact::<PyStr>()
}

/// The hash of a key. TypeError "cannot use 'list' as a dict key (unhashable type: 'list')".
#[inline(always)]
pub(crate) fn hash_key(py: Python, key: &PyObject) -> PyResult<isize> {
    match exact_str(key) {
        Some(s) => Ok(s.hash_value()),
        None => key.hash(py).map_err(|e| unhashable(py, e, key, "dict key")),
    }
}

/// Says in the message of a TypeError that hashing raised what the object was wanted for.
#[cold]
#[inline(never)]
pub(crate) fn unhashable(py: Python, raised: Raised, key: &PyObject, role: &str) -> Raised {
    let Some(exc) = err::take(py) else { return raised };
    if !exc.is_type(exceptions::TypeError()) {
        return err::restore(py, exc);
    }
    match exc.str(py) {
        Ok(text) => {
            raise!(py, TypeError, "cannot use '{}' as a {role} ({})", key.ty().full_name(), text.to_string_lossy())
        }
        Err(e) => e,
    }
}

impl PyDict {
    /// A new dict over this table, which it takes over. Tracked by the collector.
    pub(crate) fn from_table(py: Python, keys: Keys, values: Option<Values>, used: usize) -> PyResult<Py<PyDict>> {
        let recycled = py.interp().freelists.dicts.pop();
        let obj = if recycled.is_null() {
            match alloc::gc_new(py, &PyDict_Type, size_of::<PyDict>()) {
                Ok(p) => p,
                Err(e) => {
                    // SAFETY: the table was handed over; its values, if any, are still the caller's object's own or
                    // belong to the new dict alone.
                    unsafe {
                        if let Some(v) = values
                            && !v.is_embedded()
                        {
                            v.clear();
                            v.free();
                        }
                        keys.decref(py);
                    }
                    return Err(e);
                }
            }
        } else {
            // SAFETY: a dead dict's memory.
            unsafe { alloc::init(recycled, &PyDict_Type) };
            recycled
        } as *mut PyDict;
        // SAFETY: memory for a dict whose header is written; the other fields are set before anyone sees it.
        unsafe {
            (&raw mut (*obj).ma_used).write(Cell::new(used as isize));
            (&raw mut (*obj).ma_watcher_tag).write(Cell::new(0));
            (&raw mut (*obj).ma_keys).write(Cell::new(keys));
            (&raw mut (*obj).ma_values).write(Cell::new(values.map_or(null_mut(), Values::as_raw)));
            gc::track(&(*obj).ob_base);
            Ok(Py::from_owned(obj))
        }
    }

    /// Finds a key whose hash is known. Gives the entry's number (or [`EMPTY`]) and its value, borrowed, null if there is
    /// none. Comparing may run Python code and raise.
    #[inline]
    pub(crate) fn lookup(&self, py: Python, key: &PyObject, hash: isize) -> PyResult<(isize, *mut PyObject)> {
        let keys = self.table();
        if keys.is_unicode()
            && let Some(s) = exact_str(key)
        {
            let ix = keys.lookup_unicode(s, hash);
            return Ok((ix, self.value_at(keys, ix)));
        }
        self.lookup_general(py, key, hash)
    }

    /// Value of entry `ix` of this dict; null for [`EMPTY`].
    #[inline(always)]
    fn value_at(&self, keys: Keys, ix: isize) -> *mut PyObject {
        if ix < 0 {
            return null_mut();
        }
        match self.split_values() {
            None => keys.value(ix as usize),
            Some(v) => v.get(ix as usize),
        }
    }

    #[inline(never)]
    fn lookup_general(&self, py: Python, key: &PyObject, hash: isize) -> PyResult<(isize, *mut PyObject)> {
        loop {
            let keys = self.table();
            let ix = if keys.is_unicode() {
                self.probe_strings(py, keys, key, hash)
            } else {
                self.probe_any(py, keys, key, hash)
            };
            match ix {
                ERROR => return Err(Raised::assume()),
                KEY_CHANGED => continue,
                ix => return Ok((ix, self.value_at(self.table(), ix))),
            }
        }
    }

    /// Compares the key of an entry with the one that is wanted, by Python's `==`.
    #[inline]
    fn compare(&self, py: Python, keys: Keys, ix: usize, entry_key: *mut PyObject, key: &PyObject) -> Probe {
        // SAFETY: entries hold live keys; the handle keeps this one alive while Python code runs.
        let entry_key = unsafe { Py::from_borrowed(entry_key) };
        let outcome = entry_key.rich_compare_bool(py, key, CompareOp::Eq);
        match outcome {
            Err(_) => Probe::Stop(ERROR),
            Ok(_) if self.table() != keys || keys.key(ix) != entry_key.as_raw() => Probe::Stop(KEY_CHANGED),
            Ok(true) => Probe::Found,
            Ok(false) => Probe::Differs,
        }
    }

    fn probe_any(&self, py: Python, keys: Keys, key: &PyObject, hash: isize) -> isize {
        let entries = keys.entries();
        let string = exact_str(key);
        keys.probe(hash, |ix| {
            // SAFETY: indices name entries of the table, which is live: `compare` stops the search if it was replaced.
            let entry = unsafe { *entries.add(ix) };
            if core::ptr::eq(entry.me_key, key) {
                return Probe::Found;
            }
            if entry.me_hash != hash {
                return Probe::Differs;
            }
            // SAFETY: keys are live objects.
            if let Some(s) = string
                && let Some(k) = exact_str(unsafe { &*entry.me_key })
            {
                return if k.equals(s) { Probe::Found } else { Probe::Differs };
            }
            self.compare(py, keys, ix, entry.me_key, key)
        })
    }

    /// Searches a table of strings for something that is not an exact string.
    fn probe_strings(&self, py: Python, keys: Keys, key: &PyObject, hash: isize) -> isize {
        let entries = keys.unicode_entries();
        keys.probe(hash, |ix| {
            // SAFETY: as above; the keys are live exact strings.
            let (k, k_hash) = unsafe {
                let k = (*entries.add(ix)).me_key;
                (k, (*(k as *const PyStr)).hash_value())
            };
            if k_hash != hash {
                return Probe::Differs;
            }
            self.compare(py, keys, ix, k, key)
        })
    }

    /// Finds a string in a table; `None` if the table is not one of strings alone (then Python code could run).
    #[inline(always)]
    pub(crate) fn lookup_str_fast(&self, key: &PyStr) -> Option<*mut PyObject> {
        let keys = self.table();
        if !keys.is_unicode() {
            return None;
        }
        let ix = keys.lookup_unicode(key, key.hash_value());
        Some(self.value_at(keys, ix))
    }

    /// Sets an item; takes over the references to key and value (`insertdict`).
    pub(crate) fn insert(&self, py: Python, key: Py, hash: isize, value: Py) -> PyResult<()> {
        let string = exact_str(&key);
        if self.table().is_shared_empty() {
            return self.insert_first(py, key, hash, value);
        }
        if self.table().is_unicode() && string.is_none() {
            self.grow(py, false)?;
        }
        if let Some(values) = self.split_values() {
            // The table is of strings, or it would have been made general above.
            if let Some(s) = exact_str(&key) {
                let keys = self.table();
                let ix = insert_split_key(keys, s, hash);
                if ix != EMPTY {
                    return self.insert_split(py, values, ix as usize, &key, value);
                }
            }
            // The shared table is full: go on with one of our own.
        } else {
            let (ix, old) = self.lookup(py, &key, hash)?;
            if ix != EMPTY {
                if !core::ptr::eq(old, value.as_raw()) {
                    self.notify(py, Event::Modified, key.as_raw(), value.as_raw());
                    self.replace_value(ix as usize, value);
                }
                return Ok(());
            }
        }
        self.notify(py, Event::Added, key.as_raw(), value.as_raw());
        if self.table().usable() <= 0 {
            self.grow(py, true)?;
        }
        let keys = self.table();
        keys.set_version(0);
        keys.append(hash, key.into_raw(), value.into_raw());
        self.set_used(self.len() + 1);
        Ok(())
    }

    /// Replaces the value of entry `ix` of a combined table.
    fn replace_value(&self, ix: usize, value: Py) {
        let keys = self.table();
        let old = keys.value(ix);
        keys.set_value(ix, value.into_raw());
        // SAFETY: the entry owned its value.
        drop(unsafe { Py::from_owned_nullable(old) });
    }

    /// Sets value `ix` of a split dict.
    fn insert_split(&self, py: Python, values: Values, ix: usize, key: &Py, value: Py) -> PyResult<()> {
        let old = values.get(ix);
        if old.is_null() {
            self.notify(py, Event::Added, key.as_raw(), value.as_raw());
            values.put(ix, value.into_raw());
            values.note_added(ix);
            self.set_used(self.len() + 1);
        } else {
            self.notify(py, Event::Modified, key.as_raw(), value.as_raw());
            values.put(ix, value.into_raw());
            // SAFETY: the slot owned its value.
            drop(unsafe { Py::from_owned(old) });
        }
        Ok(())
    }

    fn insert_first(&self, py: Python, key: Py, hash: isize, value: Py) -> PyResult<()> {
        self.notify(py, Event::Added, key.as_raw(), value.as_raw());
        let kind = if exact_str(&key).is_some() { Kind::Unicode } else { Kind::General };
        let keys = Keys::new(py, LOG_MINSIZE, kind)?;
        keys.append(hash, key.into_raw(), value.into_raw());
        self.set_table(keys, None);
        self.set_used(self.len() + 1);
        Ok(())
    }

    /// Makes room for the next item (`insertion_resize`): three slots for every item.
    #[cold]
    #[inline(never)]
    fn grow(&self, py: Python, unicode: bool) -> PyResult<()> {
        self.resize(py, log2_size_for_slots(self.len().saturating_mul(3)), unicode)
    }

    /// Rebuilds the table with `2**log2_size` slots, without deleted entries; it takes all items (`dictresize`). A split
    /// dict becomes combined. With `unicode` a table of strings stays one.
    pub(crate) fn resize(&self, py: Python, log2_size: u8, unicode: bool) -> PyResult<()> {
        let old = self.table();
        let kind = if unicode && old.is_unicode() { Kind::Unicode } else { Kind::General };
        let new = Keys::new(py, log2_size, kind)?;
        let used = self.len();
        debug_assert!(new.usable() as usize >= used);
        if let Some(values) = self.split_values() {
            for n in 0..used {
                let ix = values.nth(n);
                let key = old.key(ix);
                // SAFETY: the key of a set value is live; the new table takes a reference of its own.
                unsafe { (*key).incref() };
                new.write(n, old.hash(ix), key, values.get(ix));
            }
            new.build_indices(used);
            new.set_nentries(used);
            new.set_usable(new.usable() - used as isize);
            self.set_table(new, None);
            // The references have moved to the new table.
            if values.is_embedded() {
                values.head().size.set(0);
                for i in 0..values.capacity() {
                    values.put(i, null_mut());
                }
                values.head().valid.set(0);
            } else {
                // SAFETY: the block was ours alone.
                unsafe { values.free() };
            }
            // SAFETY: the reference that the dict held. The class keeps the shared table, or it dies with its keys.
            unsafe { old.decref(py) };
        } else {
            let mut n = 0;
            for ix in 0..old.nentries() {
                let value = old.value(ix);
                if !value.is_null() {
                    new.write(n, old.hash(ix), old.key(ix), value);
                    n += 1;
                }
            }
            debug_assert!(n == used);
            new.build_indices(used);
            new.set_nentries(used);
            new.set_usable(new.usable() - used as isize);
            self.set_table(new, None);
            if !old.is_shared_empty() {
                // SAFETY: combined tables have one owner; the references have moved.
                unsafe { old.free(py) };
            }
        }
        Ok(())
    }

    /// Removes entry `ix`, whose key has this hash, and gives the value (`delitem_common`).
    pub(crate) fn remove_entry(&self, py: Python, ix: usize, hash: isize, value: *mut PyObject) -> Py {
        let keys = self.table();
        self.notify(py, Event::Deleted, keys.key(ix), null_mut());
        self.set_used(self.len() - 1);
        let key = match self.split_values() {
            Some(values) => {
                values.put(ix, null_mut());
                values.note_removed(ix);
                null_mut()
            }
            None => {
                keys.set_version(0);
                keys.set_index(keys.slot_of(hash, ix as isize), super::keys::DUMMY);
                let key = keys.key(ix);
                keys.write(ix, 0, null_mut(), null_mut());
                key
            }
        };
        // SAFETY: the entry owned both references, which are ours now.
        let value = unsafe { Py::from_owned(value) };
        // SAFETY: as above.
        drop(unsafe { Py::from_owned_nullable(key) });
        value
    }

    /// Makes room for `n` items in all, if the table is smaller.
    pub(crate) fn reserve(&self, py: Python, n: usize, unicode: bool) -> PyResult<()> {
        if usable_fraction(self.table().log2_size()) < n {
            self.resize(py, log2_size_for_entries(n), unicode)?;
        }
        Ok(())
    }

    /// The item at or behind position `pos` and the position after it, borrowed (`_PyDict_Next`). Positions are opaque.
    #[inline]
    pub(crate) fn item_from(&self, pos: usize) -> Option<(usize, *mut PyObject, *mut PyObject, usize)> {
        let keys = self.table();
        if let Some(values) = self.split_values() {
            if pos >= self.len() {
                return None;
            }
            let ix = values.nth(pos);
            return Some((ix, keys.key(ix), values.get(ix), pos + 1));
        }
        let n = keys.nentries();
        let mut i = pos;
        while i < n {
            let value = keys.value(i);
            if !value.is_null() {
                return Some((i, keys.key(i), value, i + 1));
            }
            i += 1;
        }
        None
    }

    /// As [`PyDict::item_from`], backwards: the item at or before `pos`, and the position before it (-1 at the end).
    #[inline]
    pub(crate) fn item_back_from(&self, pos: isize) -> Option<(*mut PyObject, *mut PyObject, isize)> {
        let keys = self.table();
        if let Some(values) = self.split_values() {
            if pos < 0 || pos as usize >= self.len() {
                return None;
            }
            let ix = values.nth(pos as usize);
            return Some((keys.key(ix), values.get(ix), pos - 1));
        }
        let mut i = pos;
        if i >= keys.nentries() as isize {
            return None;
        }
        while i >= 0 {
            let value = keys.value(i as usize);
            if !value.is_null() {
                return Some((keys.key(i as usize), value, i - 1));
            }
            i -= 1;
        }
        None
    }
}

/// Finds a string in a shared table or adds it; [`EMPTY`] if the table is full (`insert_split_key`).
pub(crate) fn insert_split_key(keys: Keys, key: &PyStr, hash: isize) -> isize {
    debug_assert!(keys.is_split());
    let ix = keys.lookup_unicode(key, hash);
    if ix != EMPTY || keys.usable() <= 0 {
        return ix;
    }
    keys.set_version(0);
    let key = Py::new_ref(key);
    keys.append(hash, key.into_raw_object(), null_mut()) as isize
}

/// The version of a table's keys for inline caches, giving one out if need be; 0 when the numbers are used up
/// (`_PyDictKeys_GetVersionForCurrentState`).
pub fn keys_version(py: Python, keys: Keys) -> u32 {
    if keys.version() != 0 {
        return keys.version();
    }
    let next = &py.interp().next_keys_version;
    let v = next.get();
    if v != 0 {
        next.set(v.wrapping_add(1));
        keys.set_version(v);
    }
    v
}
