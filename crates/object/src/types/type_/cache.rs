//! What an interpreter knows about types: the attribute cache, version tags, and its share of the static types.
//!
//! Looking an attribute up along an MRO is remembered under the type's version tag; a change to the type or to any base
//! ends the version ([`PyTypeObject::modified`]), and with it every entry.

use super::subclasses::SubclassList;
use crate::typeobj::flags;
use crate::{Py, PyDict, PyObject, PyResult, PyStr, PyTuple, PyType, PyTypeObject, Python, Slot};
use core::cell::{Cell, UnsafeCell};
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// log2 of the number of attribute cache entries (`MCACHE_SIZE_EXP`).
pub const CACHE_SIZE_EXP: usize = 12;
/// Entries of the table from version tags to types (`TYPE_VERSION_CACHE_SIZE`).
pub const VERSION_CACHE_SIZE: usize = 1 << 12;
/// First version tag that is not reserved for built-in static types (`_Py_TYPE_BASE_VERSION_TAG`).
pub const BASE_VERSION_TAG: u32 = 2 << 16;

/// One remembered lookup: `name` in the MRO of the type whose version is `version`.
pub struct CacheEntry {
    pub version: Cell<u32>,
    /// Owned, so that the address cannot come to mean another string.
    pub name: Cell<*mut PyObject>,
    /// Borrowed: valid as long as the version is. Null: the MRO has no such name.
    pub value: Cell<*mut PyObject>,
}

/// The part of a built-in static type that belongs to one interpreter.
pub struct StaticState {
    pub dict: Slot<PyDict>,
    pub subclasses: SubclassList,
    pub weaklist: Cell<*mut PyObject>,
}

/// An interpreter's types.
pub struct TypeCache {
    cache: Box<[CacheEntry]>,
    pub next_version_tag: Cell<u32>,
    by_version: Box<[Cell<*const PyType>]>,
    builtins: UnsafeCell<Vec<Option<Box<StaticState>>>>,
}

impl Default for TypeCache {
    fn default() -> Self {
        TypeCache::new()
    }
}

impl TypeCache {
    pub fn new() -> TypeCache {
        let entry = || CacheEntry { version: Cell::new(0), name: Cell::new(null_mut()), value: Cell::new(null_mut()) };
        TypeCache {
            cache: (0..1 << CACHE_SIZE_EXP).map(|_| entry()).collect(),
            next_version_tag: Cell::new(BASE_VERSION_TAG),
            by_version: (0..VERSION_CACHE_SIZE).map(|_| Cell::new(null())).collect(),
            builtins: UnsafeCell::new(Vec::new()),
        }
    }

    /// The only entry that may hold `name` of the type with this version.
    #[inline(always)]
    pub fn entry(&self, version: u32, name: *const PyObject) -> &CacheEntry {
        let index = (version as usize ^ (name as usize >> 3)) & ((1 << CACHE_SIZE_EXP) - 1);
        // SAFETY: the index is below the number of entries by the mask.
        unsafe { self.cache.get_unchecked(index) }
    }

    /// Forgets every lookup (`PyType_ClearCache`).
    pub fn clear_cache(&self) {
        for entry in &self.cache {
            entry.version.set(0);
            entry.value.set(null_mut());
            let name = entry.name.replace(null_mut());
            if !name.is_null() {
                // SAFETY: the entry owned the name.
                unsafe { PyObject::decref(name) }
            }
        }
    }

    /// The type that had this version when it was last set (`_PyType_LookupByVersion`).
    pub fn by_version(&self, version: u32) -> Option<&PyType> {
        let p = self.by_version[version as usize % VERSION_CACHE_SIZE].get();
        // SAFETY: a type removes itself from the table when its version ends, at the latest when it dies.
        let ty = unsafe { p.as_ref()? };
        (ty.tp_version_tag.get() == version).then_some(ty)
    }

    pub(super) fn set_by_version(&self, version: u32, ty: &PyType) {
        self.by_version[version as usize % VERSION_CACHE_SIZE].set(ty);
    }

    pub(super) fn forget_version(&self, version: u32, ty: &PyType) {
        let cell = &self.by_version[version as usize % VERSION_CACHE_SIZE];
        if core::ptr::eq(cell.get(), ty) {
            cell.set(null());
        }
    }

    /// This interpreter's part of static type number `index`, if it has been made.
    #[inline]
    pub fn static_state(&self, index: usize) -> Option<&StaticState> {
        // SAFETY: only the thread with the GIL comes here; the boxes stay where they are when the vector grows.
        unsafe { (&*self.builtins.get()).get(index)?.as_deref() }
    }

    pub(super) fn add_static_state(&self, index: usize) -> &StaticState {
        // SAFETY: only the thread with the GIL comes here, and nothing below runs Python code.
        let all = unsafe { &mut *self.builtins.get() };
        if all.len() <= index {
            all.resize_with(index + 1, || None);
        }
        all[index].get_or_insert_with(|| {
            Box::new(StaticState {
                dict: Slot::empty(),
                subclasses: SubclassList::new(),
                weaklist: Cell::new(null_mut()),
            })
        })
    }
}

/// Next version tag of built-in static types, shared by all interpreters; the first ones are fixed (`_Py_TYPE_VERSION_*`).
static NEXT_GLOBAL_VERSION: AtomicU32 = AtomicU32::new(16);

/// A type whose attributes change this often is not worth a version any more (`MAX_VERSIONS_PER_CLASS`).
const MAX_VERSIONS_PER_CLASS: u16 = 1000;
/// `tp_versions_used` of a type that must never have a version (`_Py_ATTR_CACHE_UNUSED`).
pub const ATTR_CACHE_UNUSED: u16 = 30000;
/// Longest name that is cached.
const MAX_NAME_LENGTH: usize = 100;

/// The type state of the current interpreter.
#[inline(always)]
pub fn of(py: Python) -> &TypeCache {
    &py.interp().type_cache
}

impl PyTypeObject {
    /// Looks `name` up along the MRO, through the attribute cache (`_PyType_Lookup`). `None` if no class has it; errors of
    /// exotic keys in class dictionaries count as "not there".
    #[inline]
    pub fn lookup(&self, py: Python, name: &PyStr) -> Option<Py> {
        // SAFETY: the class that holds the value is alive and nothing ran since.
        unsafe { Py::from_borrowed_nullable(self.lookup_raw(py, name)) }
    }

    /// As [`PyTypeObject::lookup`], borrowed.
    ///
    /// # Safety
    /// The result is used only as long as no Python code runs that could change the class.
    #[inline]
    pub unsafe fn lookup_ref(&self, py: Python, name: &PyStr) -> Option<&PyObject> {
        // SAFETY: by contract.
        unsafe { self.lookup_raw(py, name).as_ref() }
    }

    /// As [`PyTypeObject::lookup_ref`], as a raw pointer that is null when there is nothing.
    #[inline(always)]
    pub fn lookup_raw(&self, py: Python, name: &PyStr) -> *mut PyObject {
        let version = self.tp_version_tag.get();
        let entry = of(py).entry(version, name.as_ptr());
        if version != 0 && entry.version.get() == version && entry.name.get() == name.as_ptr() {
            return entry.value.get();
        }
        self.lookup_uncached(py, name)
    }

    #[cold]
    #[inline(never)]
    fn lookup_uncached(&self, py: Python, name: &PyStr) -> *mut PyObject {
        let version = self.assign_version(py);
        let found = match self.find_in_mro(py, name) {
            // A class of the MRO holds it.
            Ok(found) => found.map_or(null_mut(), |v| v.as_ptr()),
            Err(_) => {
                crate::err::clear(py);
                return null_mut();
            }
        };
        // The search may have run code that changed the type.
        if version != 0
            && self.tp_version_tag.get() == version
            && name.is_type(str_type())
            && name.len() <= MAX_NAME_LENGTH
        {
            let entry = of(py).entry(version, name.as_ptr());
            entry.version.set(version);
            entry.value.set(found);
            let old = entry.name.replace(Py::new_ref(name).into_raw_object());
            if !old.is_null() {
                // SAFETY: the entry owned the old name.
                unsafe { PyObject::decref(old) }
            }
        }
        found
    }

    /// The search itself: the first class of the MRO whose dictionary has `name`.
    pub(super) fn find_in_mro(&self, py: Python, name: &PyStr) -> PyResult<Option<Py>> {
        let mro = self.tp_mro.get();
        if mro.is_null() {
            // A type that is being made ready.
            return match self.try_dict(py) {
                Some(dict) => dict.get_str(py, name),
                None => Ok(None),
            };
        }
        // SAFETY: tp_mro is a tuple; the handle keeps it while the search may run code.
        let mro = unsafe { Py::from_borrowed(mro as *const PyTuple) };
        for base in mro.as_slice() {
            // SAFETY: an MRO holds only types.
            let base = unsafe { &*(base.as_ptr() as *const PyType) };
            if let Some(dict) = base.try_dict(py) {
                if let Some(value) = dict.get_str(py, name)? {
                    return Ok(Some(value));
                }
            }
        }
        Ok(None)
    }

    /// The current version tag, given out if need be; 0 if the type cannot have one.
    pub fn assign_version(&self, py: Python) -> u32 {
        let version = self.tp_version_tag.get();
        if version != 0 {
            return version;
        }
        if !self.has_feature(flags::READY) || self.tp_versions_used.get() >= MAX_VERSIONS_PER_CLASS {
            return 0;
        }
        let bases = self.tp_bases.get();
        if !bases.is_null() {
            // SAFETY: tp_bases is a tuple of types; nothing below runs Python code.
            for base in unsafe { (*(bases as *const PyTuple)).as_slice() } {
                // SAFETY: see above.
                if unsafe { (*(base.as_ptr() as *const PyType)).assign_version(py) } == 0 {
                    return 0;
                }
            }
        }
        let version = if self.has_feature(flags::IMMUTABLETYPE) && !self.is_heap_type() {
            let mut seen = NEXT_GLOBAL_VERSION.load(Relaxed);
            loop {
                if seen >= BASE_VERSION_TAG {
                    return 0;
                }
                match NEXT_GLOBAL_VERSION.compare_exchange(seen, seen + 1, Relaxed, Relaxed) {
                    Ok(v) => break v,
                    Err(now) => seen = now,
                }
            }
        } else {
            let next = &of(py).next_version_tag;
            if next.get() == 0 {
                return 0; // all used up
            }
            let v = next.get();
            next.set(v.wrapping_add(1));
            v
        };
        self.tp_versions_used.set(self.tp_versions_used.get() + 1);
        self.set_version(py, version);
        version
    }

    /// Sets the version tag and enters it in the table (`_PyType_SetVersion`).
    pub fn set_version(&self, py: Python, version: u32) {
        let old = self.tp_version_tag.replace(version);
        if old != 0 {
            of(py).forget_version(old, self);
        }
        if version != 0 {
            of(py).set_by_version(version, self);
        }
    }

    /// Ends the version of the type and of all its subclasses (`PyType_Modified`): to be called after any change to the
    /// dictionary, the bases or the slots.
    pub fn modified(&self) {
        if self.tp_version_tag.get() == 0 {
            // No version: no subclass can have one either.
            return;
        }
        // SAFETY: types are changed only with the GIL held.
        let py = unsafe { Python::assume() };
        for sub in super::subclasses::alive(py, self) {
            sub.modified();
        }
        if self.tp_watched.get() != 0 {
            super::watchers::notify(py, self);
        }
        self.set_version(py, 0);
        if let Some(heap) = self.as_heap() {
            heap._spec_cache.getitem.set(null_mut());
            heap._spec_cache.getitem_version.set(0);
            heap._spec_cache.init.set(null_mut());
        }
    }

    /// Sets and clears flags of this type and of every subclass that is not immutable (`_PyType_SetFlagsRecursive`).
    pub fn set_flags_recursive(&self, mask: u64, set: u64) {
        if self.has_feature(flags::IMMUTABLETYPE) || self.tp_flags.get() & mask == set {
            return;
        }
        self.modified();
        self.tp_flags.set(self.tp_flags.get() & !mask | set);
        // SAFETY: types are changed only with the GIL held.
        let py = unsafe { Python::assume() };
        for sub in super::subclasses::alive(py, self) {
            sub.set_flags_recursive(mask, set);
        }
    }
}

#[inline(always)]
fn str_type() -> &'static PyType {
    &crate::types::str_::PyUnicode_Type
}
