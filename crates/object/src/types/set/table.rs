//! The table: looking up, adding, discarding, growing, walking.

use super::{MINSIZE, PySetObject, SetEntry};
use crate::declare::CompareOp;
use crate::header::PyObject;
use crate::memory::obmalloc;
use crate::types::dict::PyDict;
use crate::types::dict::table::{exact_str, unhashable};
use crate::{Py, PyResult, Python, err, exceptions};
use core::ptr::null_mut;

/// Neighbours tried before jumping.
const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;

/// Its address is the key of deleted entries. It is never used as an object.
static DUMMY: u64 = 0;

#[inline(always)]
fn dummy() -> *mut PyObject {
    &raw const DUMMY as *mut PyObject
}

impl SetEntry {
    #[inline(always)]
    pub(super) fn is_active(&self) -> bool {
        !self.key.is_null() && self.key != dummy()
    }
}

/// The hash of an element. TypeError "cannot use 'list' as a set element (unhashable type: 'list')".
#[inline]
pub(super) fn hash_element(py: Python, key: &PyObject) -> PyResult<isize> {
    match exact_str(key) {
        Some(s) => Ok(s.hash_value()),
        None => key.hash(py).map_err(|e| unhashable(py, e, key, "set element")),
    }
}

/// As [`hash_element`] for asking and removing: a set, which has no hash, is looked for as the frozenset that it equals.
pub(super) fn hash_for_search(py: Python, key: &PyObject) -> PyResult<isize> {
    if let Some(s) = exact_str(key) {
        return Ok(s.hash_value());
    }
    key.hash(py).or_else(|e| {
        if PySetObject::is_set(key)
            && err::matches(py, exceptions::TypeError())
            && let Some(set) = PySetObject::of(key)
        {
            err::clear(py);
            return Ok(set.hash_of_elements());
        }
        Err(unhashable(py, e, key, "set element"))
    })
}

/// Enters an element that is not there into a table without dummies.
fn insert_clean(table: *mut SetEntry, mask: usize, key: *mut PyObject, hash: isize) {
    let mut perturb = hash as usize;
    let mut i = perturb & mask;
    loop {
        let probes = if i + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
        for k in i..=i + probes {
            // SAFETY: `k` is at most the mask.
            unsafe {
                let entry = table.add(k);
                if (*entry).key.is_null() {
                    *entry = SetEntry { key, hash };
                    return;
                }
            }
        }
        perturb >>= PERTURB_SHIFT;
        i = i.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb) & mask;
    }
}

/// Where a search ends.
enum Place {
    /// The element is there.
    Found(*mut SetEntry),
    /// It is not. The unused entry that ends its probe sequence, and the last dummy before it, or null.
    Absent(*mut SetEntry, *mut SetEntry),
}

impl PySetObject {
    #[inline(always)]
    fn mask_value(&self) -> usize {
        self.mask.get() as usize
    }

    /// Finds an element. Comparing can run Python code that changes the set: the search then starts anew.
    fn find(&self, py: Python, key: &PyObject, hash: isize) -> PyResult<Place> {
        'restart: loop {
            let (table, mask) = (self.table.get(), self.mask_value());
            let mut perturb = hash as usize;
            let mut i = perturb & mask;
            let mut last_dummy = null_mut();
            loop {
                let probes = if i + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
                for k in i..=i + probes {
                    // SAFETY: `k` is at most the mask; the table is live: it is looked at anew if it was replaced.
                    let entry = unsafe { table.add(k) };
                    // SAFETY: as above.
                    let e = unsafe { *entry };
                    if e.hash == 0 && e.key.is_null() {
                        return Ok(Place::Absent(entry, last_dummy));
                    }
                    if e.hash != hash {
                        if e.hash == -1 {
                            last_dummy = entry;
                        }
                        continue;
                    }
                    if core::ptr::eq(e.key, key) {
                        return Ok(Place::Found(entry));
                    }
                    // SAFETY: no hash is -1, so this is not a dummy but a live element.
                    let candidate = unsafe { &*e.key };
                    if let (Some(a), Some(b)) = (exact_str(candidate), exact_str(key)) {
                        if a.equals(b) {
                            return Ok(Place::Found(entry));
                        }
                        continue;
                    }
                    let candidate = Py::new_ref(candidate);
                    let equal = candidate.rich_compare_bool(py, key, CompareOp::Eq)?;
                    // SAFETY: read only if the table is still the same.
                    if self.table.get() != table || unsafe { (*entry).key } != candidate.as_raw() {
                        continue 'restart;
                    }
                    if equal {
                        return Ok(Place::Found(entry));
                    }
                }
                perturb >>= PERTURB_SHIFT;
                i = i.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb) & mask;
            }
        }
    }

    /// Adds an element whose hash is known. True if it is new.
    pub(crate) fn add_hashed(&self, py: Python, key: &PyObject, hash: isize) -> PyResult<bool> {
        let key = Py::new_ref(key);
        let Place::Absent(entry, dummy) = self.find(py, &key, hash)? else { return Ok(false) };
        self.used.set(self.used.get() + 1);
        if !dummy.is_null() {
            // SAFETY: a dummy entry of the table; nothing ran since it was found.
            unsafe { *dummy = SetEntry { key: key.into_raw(), hash } };
            return Ok(true);
        }
        self.fill.set(self.fill.get() + 1);
        // SAFETY: an unused entry of the table; nothing ran since it was found.
        unsafe { *entry = SetEntry { key: key.into_raw(), hash } };
        if self.fill.get() as usize * 5 >= self.mask_value() * 3 {
            self.resize(py, self.roomy_size())?;
        }
        Ok(true)
    }

    fn roomy_size(&self) -> usize {
        let used = self.len();
        if used > 50_000 { used * 2 } else { used * 4 }
    }

    /// Adds an element. True if it is new. Raises what hashing and comparing raise.
    pub fn add(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        let hash = hash_element(py, key)?;
        self.add_hashed(py, key, hash)
    }

    /// True if an equal element is there.
    pub fn contains(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        let hash = hash_element(py, key)?;
        self.contains_hashed(py, key, hash)
    }

    pub(crate) fn contains_hashed(&self, py: Python, key: &PyObject, hash: isize) -> PyResult<bool> {
        Ok(matches!(self.find(py, key, hash)?, Place::Found(_)))
    }

    /// Removes an element. False if it is not there.
    pub fn discard(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        let hash = hash_element(py, key)?;
        self.discard_hashed(py, key, hash)
    }

    pub(crate) fn discard_hashed(&self, py: Python, key: &PyObject, hash: isize) -> PyResult<bool> {
        let Place::Found(entry) = self.find(py, key, hash)? else { return Ok(false) };
        // SAFETY: an active entry, whose reference moves out.
        drop(unsafe { self.vacate(entry) });
        Ok(true)
    }

    /// Makes a dummy of an active entry and gives its element.
    ///
    /// # Safety
    /// `entry` is an active entry of the table.
    unsafe fn vacate(&self, entry: *mut SetEntry) -> Py {
        // SAFETY: by contract.
        let key = unsafe {
            let key = (*entry).key;
            *entry = SetEntry { key: dummy(), hash: -1 };
            key
        };
        self.used.set(self.used.get() - 1);
        // SAFETY: the entry owned the reference.
        unsafe { Py::from_owned(key) }
    }

    /// Removes and gives some element: the next one in the table from where the last call stopped.
    pub fn pop(&self, _py: Python) -> Option<Py> {
        if self.len() == 0 {
            return None;
        }
        let mask = self.mask_value();
        let mut i = self.finger.get() as usize & mask;
        loop {
            // SAFETY: in range; there is an active entry to be met.
            unsafe {
                let entry = self.table.get().add(i);
                if (*entry).is_active() {
                    self.finger.set(i as isize + 1);
                    return Some(self.vacate(entry));
                }
            }
            i = (i + 1) & mask;
        }
    }

    /// Rebuilds the table, without dummies, with more than `min_used` entries.
    pub(super) fn resize(&self, py: Python, min_used: usize) -> PyResult<()> {
        let mut size = MINSIZE;
        while size <= min_used {
            size <<= 1;
        }
        let old_mask = self.mask_value();
        let old = self.table.get();
        let was_small = self.uses_small_table();
        let mut saved = [SetEntry::UNUSED; MINSIZE];
        let mut from: *const SetEntry = old;
        let new = if size == MINSIZE {
            if was_small {
                if self.fill.get() == self.used.get() {
                    return Ok(());
                }
                // SAFETY: the small table has this many entries.
                unsafe { core::ptr::copy_nonoverlapping(old, saved.as_mut_ptr(), MINSIZE) };
                from = saved.as_ptr();
            }
            self.small_table()
        } else {
            let Some(bytes) = size.checked_mul(size_of::<SetEntry>()).filter(|&b| b <= isize::MAX as usize) else {
                return Err(err::no_memory(py));
            };
            // SAFETY: allocating with the GIL held.
            let p = unsafe { obmalloc::malloc(bytes) } as *mut SetEntry;
            if p.is_null() {
                return Err(err::no_memory(py));
            }
            p
        };
        // SAFETY: the new table has `size` entries, all bits zero are unused ones; the old one is whole.
        unsafe {
            new.write_bytes(0, size);
            for i in 0..=old_mask {
                let entry = *from.add(i);
                if entry.is_active() {
                    insert_clean(new, size - 1, entry.key, entry.hash);
                }
            }
        }
        self.mask.set(size as isize - 1);
        self.table.set(new);
        self.fill.set(self.used.get());
        if !was_small {
            // SAFETY: from the allocator; the references have moved.
            unsafe { obmalloc::free(old as *mut u8) };
        }
        Ok(())
    }

    /// Rebuilds the table if more than a quarter of it are dummies.
    pub(super) fn sweep(&self, py: Python) -> PyResult<()> {
        if (self.fill.get() - self.used.get()) as usize <= self.mask_value() / 4 {
            return Ok(());
        }
        self.resize(py, self.roomy_size())
    }

    /// Makes room for `n` more elements, if they could be too many.
    pub(super) fn reserve(&self, py: Python, n: usize) -> PyResult<()> {
        if (self.fill.get() as usize + n) * 5 >= self.mask_value() * 3 {
            self.resize(py, (self.len() + n) * 2)?;
        }
        Ok(())
    }

    /// Adds all elements of another set (`set_merge`).
    pub(super) fn merge(&self, py: Python, other: &PySetObject) -> PyResult<()> {
        if core::ptr::eq(self, other) || other.len() == 0 {
            return Ok(());
        }
        self.reserve(py, other.len())?;
        if self.fill.get() == 0 {
            // Nothing to compare with.
            let verbatim = self.mask.get() == other.mask.get() && other.fill.get() == other.used.get();
            for i in 0..=other.mask_value() {
                // SAFETY: in range of both tables where it is used.
                unsafe {
                    let entry = *other.table.get().add(i);
                    if !entry.is_active() {
                        continue;
                    }
                    (*entry.key).incref();
                    if verbatim {
                        *self.table.get().add(i) = entry;
                    } else {
                        insert_clean(self.table.get(), self.mask_value(), entry.key, entry.hash);
                    }
                }
            }
            self.fill.set(other.used.get());
            self.used.set(other.used.get());
            return Ok(());
        }
        let mut pos = 0;
        while let Some((key, hash)) = other.next_hashed(&mut pos) {
            self.add_hashed(py, &key, hash)?;
        }
        Ok(())
    }

    /// Adds what `iterable` yields (`_PySet_Update`).
    pub fn update(&self, py: Python, iterable: &PyObject) -> PyResult<()> {
        if let Some(other) = PySetObject::of(iterable) {
            return self.merge(py, other);
        }
        if let Some(dict) = iterable.downcast_exact::<PyDict>() {
            self.reserve(py, dict.len())?;
            let mut pos = 0;
            while let Some((ix, key, _, after)) = dict.item_from(pos) {
                pos = after;
                let hash = dict.table().hash(ix);
                // SAFETY: an item's key is live; it is held while Python code may run.
                let key = unsafe { Py::from_borrowed(key) };
                self.add_hashed(py, &key, hash)?;
            }
            return Ok(());
        }
        let it = iterable.iter(py)?;
        while let Some(key) = it.iter_next(py)? {
            self.add(py, &key)?;
        }
        Ok(())
    }

    /// Removes all elements.
    pub fn clear(&self) {
        let mask = self.mask_value();
        let old = self.table.get();
        if self.fill.get() == 0 && self.uses_small_table() {
            return;
        }
        let was_small = self.uses_small_table();
        let mut saved = [SetEntry::UNUSED; MINSIZE];
        let mut from: *const SetEntry = old;
        // SAFETY: the tables are whole; the set is empty and whole before an element is dropped.
        unsafe {
            if was_small {
                core::ptr::copy_nonoverlapping(old, saved.as_mut_ptr(), MINSIZE);
                from = saved.as_ptr();
            }
            self.small_table().write_bytes(0, MINSIZE);
            self.table.set(self.small_table());
            self.mask.set(MINSIZE as isize - 1);
            self.fill.set(0);
            self.used.set(0);
            self.hash.set(-1);
            for i in 0..=mask {
                let entry = *from.add(i);
                if entry.is_active() {
                    drop(Py::from_owned(entry.key));
                }
            }
            if !was_small {
                obmalloc::free(old as *mut u8);
            }
        }
    }

    /// Exchanges the contents of two sets (`set_swap_bodies`).
    pub(super) fn swap(&self, other: &PySetObject) {
        let (a_small, b_small) = (self.uses_small_table(), other.uses_small_table());
        self.fill.swap(&other.fill);
        self.used.swap(&other.used);
        self.mask.swap(&other.mask);
        let (a, b) = (self.table.get(), other.table.get());
        for i in 0..MINSIZE {
            self.smalltable[i].swap(&other.smalltable[i]);
        }
        self.table.set(if b_small { self.small_table() } else { b });
        other.table.set(if a_small { other.small_table() } else { a });
        // Only frozensets keep their hash.
        self.hash.set(-1);
        other.hash.set(-1);
    }

    /// The next element; `pos` starts at 0 (`_PySet_NextEntry`).
    #[inline]
    pub fn next(&self, pos: &mut usize) -> Option<Py> {
        self.next_hashed(pos).map(|(key, _)| key)
    }

    /// As [`PySetObject::next`] with the hash.
    #[inline]
    pub fn next_hashed(&self, pos: &mut usize) -> Option<(Py, isize)> {
        let mask = self.mask_value();
        let table = self.table.get();
        let mut i = *pos;
        while i <= mask {
            // SAFETY: in range.
            let entry = unsafe { *table.add(i) };
            i += 1;
            if entry.is_active() {
                *pos = i;
                // SAFETY: active entries hold live elements.
                return Some((unsafe { Py::from_borrowed(entry.key) }, entry.hash));
            }
        }
        *pos = i;
        None
    }

    /// The elements' pointers, borrowed, for the collector.
    pub(super) fn for_each_raw<E>(&self, mut f: impl FnMut(*mut PyObject) -> Result<(), E>) -> Result<(), E> {
        let table = self.table.get();
        if table.is_null() {
            // Not whole yet.
            return Ok(());
        }
        for i in 0..=self.mask_value() {
            // SAFETY: in range.
            let entry = unsafe { *table.add(i) };
            if entry.is_active() {
                f(entry.key)?;
            }
        }
        Ok(())
    }

    /// The hash of a frozenset of the same elements; it does not depend on their order.
    pub(crate) fn hash_of_elements(&self) -> isize {
        fn shuffle(h: u64) -> u64 {
            ((h ^ 89_869_747) ^ (h << 16)).wrapping_mul(3_644_798_167)
        }
        let mut h: u64 = 0;
        for i in 0..=self.mask_value() {
            // SAFETY: in range.
            let entry = unsafe { *self.table.get().add(i) };
            if entry.is_active() {
                h ^= shuffle(entry.hash as u64);
            }
        }
        h ^= (self.len() as u64 + 1).wrapping_mul(1_927_868_237);
        h ^= (h >> 11) ^ (h >> 25);
        h = h.wrapping_mul(69_069).wrapping_add(907_133_923);
        (if h == u64::MAX { 590_923_713 } else { h }) as isize
    }

    /// Bytes of the object with its table, without the collector head.
    pub(super) fn size_of(&self) -> usize {
        let own = self.ty().tp_basicsize.get() as usize;
        if self.uses_small_table() { own } else { own + (self.mask_value() + 1) * size_of::<SetEntry>() }
    }

    /// Frees the table of a dying set; its weak references were cleared.
    pub(super) fn drop_table(&self) {
        let table = self.table.get();
        if table.is_null() {
            return;
        }
        self.clear();
        self.table.set(null_mut());
    }
}
