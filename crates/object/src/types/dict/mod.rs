//! `dict`: ordered, compact hash tables, laid out as CPython 3.14 lays them out.
//!
//! * [`keys`]: the table itself (`PyDictKeysObject`): indices, entries, probing.
//! * [`values`]: the values of a dict that shares its keys with other instances of a class (a *split* dict).
//! * [`table`]: looking up, inserting, deleting, growing.
//! * [`inline_values`]: attribute values inside an instance, and the dict made of them on demand.
//! * [`api`]: what the rest of the implementation calls. [`class`]: the Python class. [`merge`], [`iter`], [`views`],
//!   [`watch`] are what their names say.

pub mod api;
pub mod class;
pub mod inline_values;
pub mod iter;
pub mod keys;
pub mod merge;
pub mod table;
pub mod values;
pub mod views;
pub mod watch;

#[cfg(test)]
pub(crate) mod tests;

pub use class::PyDict_Type;
pub use keys::{DictKeys, Keys};
pub use values::{DictValues, Values};

use crate::handle::PyLayout;
use crate::header::PyObject;
use core::cell::Cell;

/// A dict object (`PyDictObject`).
#[repr(C)]
pub struct PyDict {
    pub ob_base: PyObject,
    ma_used: Cell<isize>,
    ma_watcher_tag: Cell<u64>,
    ma_keys: Cell<Keys>,
    /// Null for a combined table, whose entries hold the values.
    ma_values: Cell<*mut DictValues>,
}

// SAFETY: starts with the header; all fields are cells.
unsafe impl PyLayout for PyDict {}

const _: () = assert!(size_of::<PyDict>() == 48);

impl core::ops::Deref for PyDict {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

impl PyDict {
    /// The table, for inline caches and specialised instructions: see [`Keys`] for how long it may be held.
    #[inline(always)]
    pub fn table(&self) -> Keys {
        self.ma_keys.get()
    }

    /// The values of a split dict (`ma_values`), `None` if combined.
    #[inline(always)]
    pub fn split_values(&self) -> Option<Values> {
        let p = self.ma_values.get();
        // SAFETY: not null, so live as long as the dict is not changed.
        if p.is_null() { None } else { Some(unsafe { Values::from_raw(p) }) }
    }

    #[inline(always)]
    pub(crate) fn set_table(&self, keys: Keys, values: Option<Values>) {
        self.ma_keys.set(keys);
        self.ma_values.set(values.map_or(core::ptr::null_mut(), Values::as_raw));
    }

    /// True if a watcher listens to changes of the dict.
    #[inline(always)]
    pub fn is_watched(&self) -> bool {
        self.ma_watcher_tag.get() & watch::WATCHER_MASK != 0
    }

    /// Number of items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.ma_used.get() as usize
    }

    #[inline(always)]
    pub(crate) fn set_used(&self, n: usize) {
        self.ma_used.set(n as isize);
    }

    /// True if `obj` is a dict or an instance of a subclass (`PyDict_Check`).
    #[inline(always)]
    pub fn check(obj: &PyObject) -> bool {
        obj.ty().has_feature(crate::typeobj::flags::DICT_SUBCLASS)
    }

    /// True if `obj` is exactly a dict (`PyDict_CheckExact`).
    #[inline(always)]
    pub fn check_exact(obj: &PyObject) -> bool {
        obj.is_type(&PyDict_Type)
    }
}
