//! The hash table of a dict: `PyDictKeysObject`, laid out as CPython 3.14 lays it out.
//!
//! One block of memory holds a 32-byte head, the *indices* (a power of two of 1, 2, 4 or 8-byte signed numbers: the
//! hash table proper), and the *entries* in insertion order. An index is the number of an entry, [`EMPTY`] or [`DUMMY`].
//! Tables whose keys are all exact strings leave out the stored hash (strings cache their own).
//!
//! Collisions are resolved by `i = 5*i + perturb + 1` with `perturb >>= 5`; a table is at most two thirds full, so that
//! every probe sequence meets an empty slot. This order decides what a program can see (which of several equal keys is
//! compared, `popitem`, sizes), so it is CPython's exactly.

use crate::err;
use crate::header::PyObject;
use crate::memory::obmalloc;
use crate::{PyResult, PyStr, Python};
use core::cell::Cell;
use core::ptr::null_mut;

/// An index slot that was never used: ends a probe sequence.
pub const EMPTY: isize = -1;
/// An index slot whose entry was deleted: probing goes on behind it.
pub const DUMMY: isize = -2;

/// Binary logarithm of the smallest table (`PyDict_LOG_MINSIZE`).
pub const LOG_MINSIZE: u8 = 3;
/// Most attributes that instances of a class share keys for (`SHARED_KEYS_MAX_SIZE`).
pub const SHARED_KEYS_MAX_SIZE: usize = 30;
/// Logarithm of the size of a shared table (`NEXT_LOG2_SHARED_KEYS_MAX_SIZE`).
const LOG_SHARED_KEYS_SIZE: u8 = 6;
const PERTURB_SHIFT: u32 = 5;
/// `dk_refcnt` of the one table that is never freed.
const IMMORTAL: isize = isize::MIN;

/// What a table may hold (`DictKeysKind`).
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Any keys; entries store the hash.
    General = 0,
    /// Exact strings only.
    Unicode = 1,
    /// Exact strings, shared by the instances of a class; the values are elsewhere.
    Split = 2,
}

/// The head of a table (`struct _dictkeysobject`). Indices and entries follow in memory.
#[repr(C)]
pub struct DictKeys {
    pub dk_refcnt: Cell<isize>,
    pub dk_log2_size: u8,
    pub dk_log2_index_bytes: u8,
    pub dk_kind: u8,
    pub dk_version: Cell<u32>,
    pub dk_usable: Cell<isize>,
    pub dk_nentries: Cell<isize>,
}

/// An entry of a general table (`PyDictKeyEntry`).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Entry {
    pub me_hash: isize,
    pub me_key: *mut PyObject,
    pub me_value: *mut PyObject,
}

/// An entry of a table of strings (`PyDictUnicodeEntry`).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct UnicodeEntry {
    pub me_key: *mut PyObject,
    pub me_value: *mut PyObject,
}

const _: () = {
    assert!(size_of::<DictKeys>() == 32);
    assert!(size_of::<Entry>() == 24);
    assert!(size_of::<UnicodeEntry>() == 16);
};

#[repr(C)]
struct EmptyKeys {
    head: DictKeys,
    indices: [i8; 8],
}
// SAFETY: never written to: no entry is usable, the count and the version do not change.
unsafe impl Sync for EmptyKeys {}

/// The table of every dict that has never held anything (`Py_EMPTY_KEYS`).
static EMPTY_KEYS: EmptyKeys = EmptyKeys {
    head: DictKeys {
        dk_refcnt: Cell::new(IMMORTAL),
        dk_log2_size: 0,
        dk_log2_index_bytes: 3,
        dk_kind: Kind::Unicode as u8,
        dk_version: Cell::new(1),
        dk_usable: Cell::new(0),
        dk_nentries: Cell::new(0),
    },
    indices: [EMPTY as i8; 8],
};

/// A pointer to a live table. `Copy`, and as short-lived as a raw pointer: **whoever holds one must hold the dict or type
/// that owns the table, and must read it anew after anything that can run Python code.** On this rests the soundness of
/// all its methods.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Keys(*mut DictKeys);

/// What a comparing callback of [`Keys::probe`] says of one entry.
pub enum Probe {
    /// Another key: go on.
    Differs,
    /// This is the entry.
    Found,
    /// Leave the search with this result.
    Stop(isize),
}

/// Entries that fit in a table of `2**log2_size` slots (`USABLE_FRACTION`).
#[inline(always)]
pub const fn usable_fraction(log2_size: u8) -> usize {
    ((1usize << log2_size) << 1) / 3
}

/// Logarithm of the smallest table with at least `minsize` slots (`calculate_log2_keysize`).
#[inline]
pub fn log2_size_for_slots(minsize: usize) -> u8 {
    (usize::BITS - (minsize.max(1 << LOG_MINSIZE) - 1).leading_zeros()) as u8
}

/// Logarithm of the smallest table that takes `n` entries without growing (`estimate_log2_keysize`).
#[inline]
pub fn log2_size_for_entries(n: usize) -> u8 {
    log2_size_for_slots((n.saturating_mul(3) + 1) / 2)
}

impl Keys {
    /// The shared table without entries.
    #[inline(always)]
    pub fn empty() -> Keys {
        Keys(&raw const EMPTY_KEYS.head as *mut DictKeys)
    }

    /// True for [`Keys::empty`].
    #[inline(always)]
    pub fn is_shared_empty(self) -> bool {
        core::ptr::eq(self.0, &raw const EMPTY_KEYS.head)
    }

    /// # Safety
    /// `ptr` points to a live table.
    #[inline(always)]
    pub unsafe fn from_raw(ptr: *mut DictKeys) -> Keys {
        Keys(ptr)
    }

    #[inline(always)]
    pub fn as_raw(self) -> *mut DictKeys {
        self.0
    }

    #[inline(always)]
    fn head<'a>(self) -> &'a DictKeys {
        // SAFETY: the table is live (see the type).
        unsafe { &*self.0 }
    }

    #[inline(always)]
    pub fn log2_size(self) -> u8 {
        self.head().dk_log2_size
    }
    /// Number of slots (`DK_SIZE`).
    #[inline(always)]
    pub fn size(self) -> usize {
        1 << self.log2_size()
    }
    /// True if all keys are exact strings (`DK_IS_UNICODE`).
    #[inline(always)]
    pub fn is_unicode(self) -> bool {
        self.head().dk_kind != Kind::General as u8
    }
    #[inline(always)]
    pub fn is_split(self) -> bool {
        self.head().dk_kind == Kind::Split as u8
    }
    #[inline(always)]
    pub fn nentries(self) -> usize {
        self.head().dk_nentries.get() as usize
    }
    #[inline(always)]
    pub fn set_nentries(self, n: usize) {
        self.head().dk_nentries.set(n as isize);
    }
    /// Entries that may still be added.
    #[inline(always)]
    pub fn usable(self) -> isize {
        self.head().dk_usable.get()
    }
    #[inline(always)]
    pub fn set_usable(self, n: isize) {
        self.head().dk_usable.set(n);
    }
    /// The version that inline caches remember; 0 if none was given out since the last change of the keys.
    #[inline(always)]
    pub fn version(self) -> u32 {
        self.head().dk_version.get()
    }
    #[inline(always)]
    pub fn set_version(self, v: u32) {
        self.head().dk_version.set(v);
    }
    /// Room for values that an object using this shared table needs (`shared_keys_usable_size`).
    #[inline(always)]
    pub fn shared_capacity(self) -> usize {
        (self.head().dk_nentries.get() + self.head().dk_usable.get()) as usize
    }

    #[inline(always)]
    pub fn incref(self) {
        let h = self.head();
        if h.dk_refcnt.get() >= 0 {
            h.dk_refcnt.set(h.dk_refcnt.get() + 1);
        }
    }
    #[inline(always)]
    pub fn refcnt(self) -> isize {
        self.head().dk_refcnt.get()
    }

    #[inline(always)]
    fn indices(self) -> *mut u8 {
        // SAFETY: the indices follow the head.
        unsafe { (self.0 as *mut u8).add(size_of::<DictKeys>()) }
    }

    #[inline(always)]
    fn entries_raw(self) -> *mut u8 {
        // SAFETY: the entries follow the indices.
        unsafe { self.indices().add(1 << self.head().dk_log2_index_bytes) }
    }
    /// The entries of a general table (`DK_ENTRIES`).
    #[inline(always)]
    pub fn entries(self) -> *mut Entry {
        debug_assert!(!self.is_unicode());
        self.entries_raw() as *mut Entry
    }
    /// The entries of a table of strings (`DK_UNICODE_ENTRIES`).
    #[inline(always)]
    pub fn unicode_entries(self) -> *mut UnicodeEntry {
        debug_assert!(self.is_unicode());
        self.entries_raw() as *mut UnicodeEntry
    }

    /// Slot `i` of the hash table. `i` is less than the size.
    #[inline(always)]
    pub fn index(self, i: usize) -> isize {
        debug_assert!(i < self.size());
        let p = self.indices();
        // SAFETY: `i` is in range, the width follows from the size.
        unsafe {
            match self.log2_size() {
                0..8 => *(p as *const i8).add(i) as isize,
                8..16 => *(p as *const i16).add(i) as isize,
                16..32 => *(p as *const i32).add(i) as isize,
                _ => *(p as *const i64).add(i) as isize,
            }
        }
    }
    #[inline(always)]
    pub fn set_index(self, i: usize, ix: isize) {
        debug_assert!(i < self.size());
        let p = self.indices();
        // SAFETY: as above.
        unsafe {
            match self.log2_size() {
                0..8 => *(p as *mut i8).add(i) = ix as i8,
                8..16 => *(p as *mut i16).add(i) = ix as i16,
                16..32 => *(p as *mut i32).add(i) = ix as i32,
                _ => *(p as *mut i64).add(i) = ix as i64,
            }
        }
    }

    /// Key of entry `ix` (less than `nentries`), borrowed; null if deleted.
    #[inline(always)]
    pub fn key(self, ix: usize) -> *mut PyObject {
        // SAFETY: in range by contract.
        unsafe {
            if self.is_unicode() { (*self.unicode_entries().add(ix)).me_key } else { (*self.entries().add(ix)).me_key }
        }
    }
    /// Value of entry `ix` of a combined table, borrowed; null if deleted.
    #[inline(always)]
    pub fn value(self, ix: usize) -> *mut PyObject {
        // SAFETY: as above.
        unsafe {
            if self.is_unicode() {
                (*self.unicode_entries().add(ix)).me_value
            } else {
                (*self.entries().add(ix)).me_value
            }
        }
    }
    /// Replaces the value pointer without counting.
    #[inline(always)]
    pub fn set_value(self, ix: usize, value: *mut PyObject) {
        // SAFETY: as above.
        unsafe {
            if self.is_unicode() {
                (*self.unicode_entries().add(ix)).me_value = value;
            } else {
                (*self.entries().add(ix)).me_value = value;
            }
        }
    }
    /// Hash of the key of entry `ix`, which is not deleted.
    #[inline(always)]
    pub fn hash(self, ix: usize) -> isize {
        // SAFETY: as above; the key of a string table is a live string.
        unsafe {
            if self.is_unicode() {
                (*((*self.unicode_entries().add(ix)).me_key as *const PyStr)).hash_value()
            } else {
                (*self.entries().add(ix)).me_hash
            }
        }
    }
    /// Writes entry `ix` without counting.
    #[inline(always)]
    pub fn write(self, ix: usize, hash: isize, key: *mut PyObject, value: *mut PyObject) {
        // SAFETY: as above.
        unsafe {
            if self.is_unicode() {
                *self.unicode_entries().add(ix) = UnicodeEntry { me_key: key, me_value: value };
            } else {
                *self.entries().add(ix) = Entry { me_hash: hash, me_key: key, me_value: value };
            }
        }
    }

    /// Walks the probe sequence of `hash`, asking `compare` at each used slot. Gives the entry found, [`EMPTY`], or what
    /// `compare` stops with.
    #[inline(always)]
    pub fn probe(self, hash: isize, mut compare: impl FnMut(usize) -> Probe) -> isize {
        let mask = self.size() - 1;
        let mut perturb = hash as usize;
        let mut i = perturb & mask;
        loop {
            let ix = self.index(i);
            if ix >= 0 {
                match compare(ix as usize) {
                    Probe::Found => return ix,
                    Probe::Differs => {}
                    Probe::Stop(code) => return code,
                }
            } else if ix == EMPTY {
                return EMPTY;
            }
            perturb >>= PERTURB_SHIFT;
            i = i.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1) & mask;
        }
    }

    /// The entry of a string in a table of strings, or [`EMPTY`]. Runs no Python code.
    #[inline]
    pub fn lookup_unicode(self, key: &PyStr, hash: isize) -> isize {
        let entries = self.unicode_entries();
        let wanted = key as *const PyStr as *mut PyObject;
        self.probe(hash, |ix| {
            // SAFETY: indices name entries; their keys are live exact strings.
            unsafe {
                let k = (*entries.add(ix)).me_key;
                if k == wanted {
                    return Probe::Found;
                }
                let k = &*(k as *const PyStr);
                if k.hash_value() == hash && k.equals(key) { Probe::Found } else { Probe::Differs }
            }
        })
    }

    /// The slot whose index is `ix`; the entry exists (`lookdict_index`).
    pub fn slot_of(self, hash: isize, ix: isize) -> usize {
        let mask = self.size() - 1;
        let mut perturb = hash as usize;
        let mut i = perturb & mask;
        while self.index(i) != ix {
            debug_assert!(self.index(i) != EMPTY);
            perturb >>= PERTURB_SHIFT;
            i = i.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1) & mask;
        }
        i
    }

    /// First slot of the probe sequence that holds no entry (`find_empty_slot`).
    #[inline]
    pub fn empty_slot(self, hash: isize) -> usize {
        let mask = self.size() - 1;
        let mut perturb = hash as usize;
        let mut i = perturb & mask;
        while self.index(i) >= 0 {
            perturb >>= PERTURB_SHIFT;
            i = i.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1) & mask;
        }
        i
    }

    /// Enters the first `n` entries, none of them deleted, into a fresh hash table.
    pub fn build_indices(self, n: usize) {
        for ix in 0..n {
            self.set_index(self.empty_slot(self.hash(ix)), ix as isize);
        }
    }

    /// Appends an entry; there is room (`dk_usable > 0`), and the key is not there. Takes over the references.
    #[inline]
    pub fn append(self, hash: isize, key: *mut PyObject, value: *mut PyObject) -> usize {
        let ix = self.nentries();
        self.set_index(self.empty_slot(hash), ix as isize);
        self.write(ix, hash, key, value);
        self.set_usable(self.usable() - 1);
        self.set_nentries(ix + 1);
        ix
    }

    /// Bytes of the block (`_PyDict_KeysSize`).
    pub fn byte_size(self) -> usize {
        let entry = if self.is_unicode() { size_of::<UnicodeEntry>() } else { size_of::<Entry>() };
        size_of::<DictKeys>() + (1 << self.head().dk_log2_index_bytes) + entry * usable_fraction(self.log2_size())
    }

    /// A table of `2**log2_size` slots without entries, with one reference.
    pub fn new(py: Python, log2_size: u8, kind: Kind) -> PyResult<Keys> {
        debug_assert!(log2_size >= LOG_MINSIZE);
        let log2_index_bytes = match log2_size {
            0..8 => log2_size,
            8..16 => log2_size + 1,
            16..32 => log2_size + 2,
            // The entries of a table this large do not fit in the address space.
            32..56 => log2_size + 3,
            _ => return Err(err::no_memory(py)),
        };
        let usable = match kind {
            Kind::Split => SHARED_KEYS_MAX_SIZE,
            _ => usable_fraction(log2_size),
        };
        let room = usable_fraction(log2_size);
        let entry = if kind == Kind::General { size_of::<Entry>() } else { size_of::<UnicodeEntry>() };
        let bytes = size_of::<DictKeys>() + (1 << log2_index_bytes) + entry * room;
        let reused = if log2_size == LOG_MINSIZE && kind == Kind::Unicode {
            py.interp().freelists.dict_keys.pop()
        } else {
            null_mut()
        };
        // SAFETY: a plain allocation, with the GIL held.
        let p = if reused.is_null() { unsafe { obmalloc::malloc(bytes) } } else { reused as *mut u8 } as *mut DictKeys;
        if p.is_null() {
            return Err(err::no_memory(py));
        }
        // SAFETY: the block is `bytes` long and ours; every part of it is written here.
        unsafe {
            p.write(DictKeys {
                dk_refcnt: Cell::new(1),
                dk_log2_size: log2_size,
                dk_log2_index_bytes: log2_index_bytes,
                dk_kind: kind as u8,
                dk_version: Cell::new(0),
                dk_usable: Cell::new(usable as isize),
                dk_nentries: Cell::new(0),
            });
            let indices = (p as *mut u8).add(size_of::<DictKeys>());
            indices.write_bytes(0xff, 1 << log2_index_bytes);
            indices.add(1 << log2_index_bytes).write_bytes(0, entry * room);
        }
        Ok(Keys(p))
    }

    /// The table that the instances of a class will share.
    pub fn new_shared(py: Python) -> PyResult<Keys> {
        Keys::new(py, LOG_SHARED_KEYS_SIZE, Kind::Split)
    }

    /// A copy with its own references to all keys and values of a combined table; deleted entries included.
    pub fn duplicate(self, py: Python) -> PyResult<Keys> {
        let bytes = self.byte_size();
        // SAFETY: a plain allocation, then a copy of a block of the same size.
        let copy = unsafe {
            let p = obmalloc::malloc(bytes) as *mut DictKeys;
            if p.is_null() {
                return Err(err::no_memory(py));
            }
            core::ptr::copy_nonoverlapping(self.0 as *const u8, p as *mut u8, bytes);
            Keys(p)
        };
        copy.head().dk_refcnt.set(1);
        for ix in 0..copy.nentries() {
            // SAFETY: the entries hold live objects or null.
            unsafe {
                if let Some(v) = copy.value(ix).as_ref() {
                    v.incref();
                    (*copy.key(ix)).incref();
                }
            }
        }
        Ok(copy)
    }

    /// Gives back one reference to the table; the last one drops its keys and values.
    ///
    /// # Safety
    /// The caller owns a reference to the table and does not use it afterwards. Python code may run.
    pub unsafe fn decref(self, py: Python) {
        let h = self.head();
        let n = h.dk_refcnt.get();
        if n < 0 {
            return;
        }
        h.dk_refcnt.set(n - 1);
        if n > 1 {
            return;
        }
        for ix in 0..self.nentries() {
            // SAFETY: the entries own their references; the table is ours alone now.
            unsafe {
                let (k, v) = (self.key(ix), self.value(ix));
                if !k.is_null() {
                    PyObject::decref(k);
                }
                if !v.is_null() {
                    PyObject::decref(v);
                }
            }
        }
        // SAFETY: nobody refers to the table any more.
        unsafe { self.free(py) }
    }

    /// Frees the block; what the entries refer to has been moved away.
    ///
    /// # Safety
    /// Nobody uses the table afterwards; it is not the shared empty one.
    pub unsafe fn free(self, py: Python) {
        debug_assert!(!self.is_shared_empty());
        let h = self.head();
        // SAFETY: the block came from the allocator, and is dead by contract.
        unsafe {
            if h.dk_log2_size == LOG_MINSIZE
                && h.dk_kind == Kind::Unicode as u8
                && py.interp().freelists.dict_keys.push(self.0 as *mut PyObject)
            {
                return;
            }
            obmalloc::free(self.0 as *mut u8)
        }
    }
}
