//! What the rest of the implementation calls on a dict. Keys and values are borrowed parameters; results are owned, unless
//! a name says *borrowed*.

use super::PyDict;
use super::keys::{EMPTY, Keys, Kind, log2_size_for_entries, usable_fraction};
use super::table::{exact_str, hash_key};
use super::values::Values;
use super::watch::Event;
use crate::header::PyObject;
use crate::{Py, PyList, PyResult, PyStr, PyTuple, Python, err};

/// Tables asked for in advance are no larger than `2**17` slots.
const LOG_MAX_PRESIZE: u8 = 17;

impl PyDict {
    /// An empty dict. Allocates no table.
    #[inline]
    pub fn new(py: Python) -> PyResult<Py<PyDict>> {
        PyDict::from_table(py, Keys::empty(), None, 0)
    }

    /// An empty dict with room for `n` items (`_PyDict_NewPresized`); `unicode` if all keys will be exact strings.
    pub fn with_capacity(py: Python, n: usize, unicode: bool) -> PyResult<Py<PyDict>> {
        if n <= usable_fraction(super::keys::LOG_MINSIZE) {
            return PyDict::new(py);
        }
        let log2 = if n > usable_fraction(LOG_MAX_PRESIZE) { LOG_MAX_PRESIZE } else { log2_size_for_entries(n) };
        let keys = Keys::new(py, log2, if unicode { Kind::Unicode } else { Kind::General })?;
        PyDict::from_table(py, keys, None, 0)
    }

    /// A dict of `n` keys and values, the pointers lying `key_step` and `value_step` apart (`_PyDict_FromItems`).
    ///
    /// # Safety
    /// Both arrays hold that many live objects, and go on doing so if Python code runs.
    pub unsafe fn from_items(
        py: Python,
        keys: *const *mut PyObject,
        key_step: usize,
        values: *const *mut PyObject,
        value_step: usize,
        n: usize,
    ) -> PyResult<Py<PyDict>> {
        // SAFETY: by contract.
        let key = |i: usize| unsafe { &**keys.add(i * key_step) };
        // SAFETY: by contract.
        let value = |i: usize| unsafe { &**values.add(i * value_step) };
        let unicode = (0..n).all(|i| exact_str(key(i)).is_some());
        let dict = PyDict::with_capacity(py, n, unicode)?;
        for i in 0..n {
            dict.set(py, key(i), value(i))?;
        }
        Ok(dict)
    }

    /// The value of `key`, or `None`. Raises what hashing and comparing raise.
    #[inline]
    pub fn get(&self, py: Python, key: &PyObject) -> PyResult<Option<Py>> {
        let hash = hash_key(py, key)?;
        self.get_known_hash(py, key, hash)
    }

    /// As [`PyDict::get`] for a key whose hash is at hand.
    #[inline]
    pub fn get_known_hash(&self, py: Python, key: &PyObject, hash: isize) -> PyResult<Option<Py>> {
        let (_, value) = self.lookup(py, key, hash)?;
        // SAFETY: just found, and nothing ran since.
        Ok(unsafe { Py::from_borrowed_nullable(value) })
    }

    /// As [`PyDict::get`] for a string.
    #[inline]
    pub fn get_str(&self, py: Python, key: &PyStr) -> PyResult<Option<Py>> {
        self.get_known_hash(py, key, key.hash_value())
    }

    /// The value of `key`, borrowed, or null (`PyDict_GetItemWithError`).
    ///
    /// # Safety
    /// The caller makes sure that the item stays in the dict as long as it uses the pointer.
    #[inline]
    pub unsafe fn get_borrowed(&self, py: Python, key: &PyObject) -> PyResult<*mut PyObject> {
        let hash = hash_key(py, key)?;
        Ok(self.lookup(py, key, hash)?.1)
    }

    /// As [`PyDict::get_borrowed`] for a string whose dict may also hold other keys. The quick way is inlined.
    ///
    /// # Safety
    /// As [`PyDict::get_borrowed`].
    #[inline(always)]
    pub unsafe fn get_str_borrowed(&self, py: Python, key: &PyStr) -> PyResult<*mut PyObject> {
        match self.lookup_str_fast(key) {
            Some(value) => Ok(value),
            None => Ok(self.lookup(py, key, key.hash_value())?.1),
        }
    }

    /// `self[key] = value`.
    #[inline]
    pub fn set(&self, py: Python, key: &PyObject, value: &PyObject) -> PyResult<()> {
        let hash = hash_key(py, key)?;
        self.insert(py, Py::new_ref(key), hash, Py::new_ref(value))
    }

    /// As [`PyDict::set`]; takes the references over (`_PyDict_SetItem_Take2`).
    #[inline]
    pub fn set_owned(&self, py: Python, key: Py, value: Py) -> PyResult<()> {
        let hash = hash_key(py, &key)?;
        self.insert(py, key, hash, value)
    }

    /// As [`PyDict::set`] for a key whose hash is at hand.
    #[inline]
    pub fn set_known_hash(&self, py: Python, key: &PyObject, hash: isize, value: &PyObject) -> PyResult<()> {
        self.insert(py, Py::new_ref(key), hash, Py::new_ref(value))
    }

    /// `del self[key]`. KeyError if it is not there.
    pub fn del(&self, py: Python, key: &PyObject) -> PyResult<()> {
        let hash = hash_key(py, key)?;
        self.del_known_hash(py, key, hash)
    }

    /// As [`PyDict::del`] for a key whose hash is at hand.
    pub fn del_known_hash(&self, py: Python, key: &PyObject, hash: isize) -> PyResult<()> {
        match self.pop_known_hash(py, key, hash)? {
            Some(value) => {
                drop(value);
                Ok(())
            }
            None => Err(err::key_error(py, key)),
        }
    }

    /// Deletes the item if it is there and `predicate` says so of its value (`_PyDict_DelItemIf`). True if it was deleted.
    pub fn del_if(
        &self,
        py: Python,
        key: &PyObject,
        predicate: impl FnOnce(&PyObject) -> PyResult<bool>,
    ) -> PyResult<bool> {
        let hash = hash_key(py, key)?;
        let (ix, value) = self.lookup(py, key, hash)?;
        if ix == EMPTY || value.is_null() {
            return Err(err::key_error(py, key));
        }
        // SAFETY: just found; the predicate must not change the dict, as in C.
        if !predicate(unsafe { &*value })? {
            return Ok(false);
        }
        drop(self.remove_entry(py, ix as usize, hash, value));
        Ok(true)
    }

    /// `key in self`.
    #[inline]
    pub fn contains(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        let hash = hash_key(py, key)?;
        self.contains_known_hash(py, key, hash)
    }

    /// As [`PyDict::contains`] for a key whose hash is at hand.
    #[inline]
    pub fn contains_known_hash(&self, py: Python, key: &PyObject, hash: isize) -> PyResult<bool> {
        Ok(!self.lookup(py, key, hash)?.1.is_null())
    }

    /// Removes a key and gives its value, `None` if it is not there. An empty dict does not even hash the key.
    pub fn pop(&self, py: Python, key: &PyObject) -> PyResult<Option<Py>> {
        if self.len() == 0 {
            return Ok(None);
        }
        let hash = hash_key(py, key)?;
        self.pop_known_hash(py, key, hash)
    }

    /// As [`PyDict::pop`] for a key whose hash is at hand.
    pub fn pop_known_hash(&self, py: Python, key: &PyObject, hash: isize) -> PyResult<Option<Py>> {
        let (ix, value) = self.lookup(py, key, hash)?;
        if ix == EMPTY || value.is_null() {
            return Ok(None);
        }
        Ok(Some(self.remove_entry(py, ix as usize, hash, value)))
    }

    /// The value of `key`, which is set to `default` if it is not there. The key is hashed once.
    pub fn set_default(&self, py: Python, key: &PyObject, default: &PyObject) -> PyResult<Py> {
        let hash = hash_key(py, key)?;
        if let Some(value) = self.get_known_hash(py, key, hash)? {
            return Ok(value);
        }
        self.set_known_hash(py, key, hash, default)?;
        Ok(Py::new_ref(default))
    }

    /// The next item, in order of insertion; `pos` starts at 0 (`PyDict_Next`). The dict may change values of existing
    /// keys meanwhile, but not gain or lose keys, or items are missed.
    #[inline]
    pub fn next(&self, pos: &mut usize) -> Option<(Py, Py)> {
        let (_, key, value, after) = self.item_from(*pos)?;
        *pos = after;
        // SAFETY: keys and values of items are live.
        unsafe { Some((Py::from_borrowed(key), Py::from_borrowed(value))) }
    }

    /// As [`PyDict::next`] with the key's hash, borrowed.
    ///
    /// # Safety
    /// The item stays in the dict as long as the borrows are used: no Python code may run that could change it.
    #[inline]
    pub unsafe fn next_borrowed(&self, pos: &mut usize) -> Option<(&PyObject, &PyObject, isize)> {
        let (ix, key, value, after) = self.item_from(*pos)?;
        *pos = after;
        // SAFETY: by contract.
        unsafe { Some((&*key, &*value, self.table().hash(ix))) }
    }

    /// All keys, in order. Allocating the list may start a collection, which may change the dict: the list is made anew then.
    pub fn keys(&self, py: Python) -> PyResult<Py<PyList>> {
        self.collect(py, |key, _| Ok(key))
    }

    /// All values, in order.
    pub fn values(&self, py: Python) -> PyResult<Py<PyList>> {
        self.collect(py, |_, value| Ok(value))
    }

    /// All items as pairs, in order.
    pub fn items(&self, py: Python) -> PyResult<Py<PyList>> {
        self.collect(py, |key, value| Ok(PyTuple::from_vec(py, vec![key, value])?.into_object()))
    }

    fn collect(&self, py: Python, mut pick: impl FnMut(Py, Py) -> PyResult<Py>) -> PyResult<Py<PyList>> {
        let mut out = Vec::with_capacity(self.len());
        let mut pos = 0;
        while let Some((key, value)) = self.next(&mut pos) {
            out.push(pick(key, value)?);
        }
        PyList::from_vec(py, out)
    }

    /// A dict (never of a subclass) with the same items. Copies tables that are full enough as they stand.
    pub fn copy(&self, py: Python) -> PyResult<Py<PyDict>> {
        if self.len() == 0 {
            return PyDict::new(py);
        }
        let keys = self.table();
        if let Some(values) = self.split_values() {
            let copy = values.duplicate_uncounted(py)?;
            for i in 0..copy.capacity() {
                // SAFETY: null or live.
                if let Some(v) = unsafe { copy.get(i).as_ref() } {
                    v.incref();
                }
            }
            keys.incref();
            return PyDict::from_table(py, keys, Some(copy), self.len());
        }
        if self.iterates_as_dict() && self.len() >= keys.nentries() * 2 / 3 {
            let copy = keys.duplicate(py)?;
            return PyDict::from_table(py, copy, None, self.len());
        }
        let copy = PyDict::new(py)?;
        copy.merge(py, self, true)?;
        Ok(copy)
    }

    /// Removes all items.
    pub fn clear(&self, py: Python) {
        let keys = self.table();
        if keys.is_shared_empty() {
            return;
        }
        self.notify_all(py, Event::Cleared);
        self.set_used(0);
        match self.split_values() {
            None => {
                self.set_table(Keys::empty(), None);
                // SAFETY: the reference that the dict held.
                unsafe { keys.decref(py) };
            }
            Some(values) if values.is_embedded() => values.clear(),
            Some(values) => {
                self.set_table(Keys::empty(), None);
                values.clear();
                // SAFETY: the block and the reference were the dict's own.
                unsafe {
                    values.free();
                    keys.decref(py);
                }
            }
        }
    }

    /// Removes and gives the item that was inserted last, `None` if there is none.
    pub fn pop_item(&self, py: Python) -> PyResult<Option<(Py, Py)>> {
        if self.len() == 0 {
            return Ok(None);
        }
        if self.split_values().is_some() {
            // A shared table keeps its keys; the rest of this function takes the last one away.
            self.resize(py, self.table().log2_size(), true)?;
        }
        let keys = self.table();
        keys.set_version(0);
        let mut ix = keys.nentries() - 1;
        while keys.value(ix).is_null() {
            ix -= 1;
        }
        let (key, value, hash) = (keys.key(ix), keys.value(ix), keys.hash(ix));
        self.notify(py, Event::Deleted, key, core::ptr::null_mut());
        keys.set_index(keys.slot_of(hash, ix as isize), super::keys::DUMMY);
        keys.write(ix, 0, core::ptr::null_mut(), core::ptr::null_mut());
        // The slot stays used (dummy), so the room does not come back.
        keys.set_nentries(ix);
        self.set_used(self.len() - 1);
        // SAFETY: the entry's references are ours now.
        Ok(Some(unsafe { (Py::from_owned(key), Py::from_owned(value)) }))
    }

    /// True if all keys are strings, subclasses included (`_PyDict_HasOnlyStringKeys`).
    pub fn has_only_string_keys(&self) -> bool {
        if self.table().is_unicode() {
            return true;
        }
        let mut pos = 0;
        while let Some((_, key, _, after)) = self.item_from(pos) {
            // SAFETY: keys are live.
            if unsafe { &*key }.downcast::<PyStr>().is_none() {
                return false;
            }
            pos = after;
        }
        true
    }

    /// True if both have equal keys with equal values.
    pub fn equals(&self, py: Python, other: &PyDict) -> PyResult<bool> {
        if self.len() != other.len() {
            return Ok(false);
        }
        let mut pos = 0;
        while let Some((ix, key, value, after)) = self.item_from(pos) {
            pos = after;
            let hash = self.table().hash(ix);
            // SAFETY: an item's key and value are live; comparing may change the dict, so they are held.
            let (key, value) = unsafe { (Py::from_borrowed(key), Py::from_borrowed(value)) };
            let Some(theirs) = other.get_known_hash(py, &key, hash)? else { return Ok(false) };
            if !value.rich_compare_bool(py, &theirs, crate::CompareOp::Eq)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Bytes of the object with its table, as `sys.getsizeof` counts without the collector head (`_PyDict_SizeOf`). A
    /// shared table counts for the class.
    pub fn size_of(&self) -> usize {
        let mut n = self.ty().tp_basicsize.get() as usize;
        if self.split_values().is_some() {
            n += self.table().shared_capacity() * size_of::<usize>();
        }
        if self.table().refcnt() == 1 {
            n += self.table().byte_size();
        }
        n
    }

    /// Looks a name up in globals, then in builtins (`_PyDict_LoadGlobal`). `None` if neither has it.
    pub fn load_global(&self, py: Python, builtins: &PyDict, name: &PyStr) -> PyResult<Option<Py>> {
        let hash = name.hash_value();
        match self.get_known_hash(py, name, hash)? {
            Some(v) => Ok(Some(v)),
            None => builtins.get_known_hash(py, name, hash),
        }
    }

    /// Number of the entry of a string in a table of strings: `Some(EMPTY)` if it is not there, `None` if the table holds
    /// other keys (`_PyDictKeys_StringLookup`).
    #[inline]
    pub fn string_lookup(&self, name: &PyStr) -> Option<isize> {
        let keys = self.table();
        if keys.is_unicode() { Some(keys.lookup_unicode(name, name.hash_value())) } else { None }
    }

    /// Gives the dict's block of values a new owner; for objects that take their values back.
    pub(crate) fn replace_values(&self, values: Option<Values>) {
        self.set_table(self.table(), values);
    }
}
