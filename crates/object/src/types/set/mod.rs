//! `set` and `frozenset`: open-addressed hash tables, laid out and probed as CPython's.
//!
//! The table is a power of two of entries; the first eight stand in the object. Looking for a key, up to nine neighbours
//! of a slot are tried before jumping elsewhere (by dict's recurrence). Deleted entries stay behind as dummies until the
//! table is rebuilt. Sizes and order of insertion decide the order of iteration, so all of this is CPython's exactly.

pub mod class;
pub mod iter;
pub mod ops;
pub mod table;

#[cfg(test)]
mod tests;

pub use class::{PyFrozenSet_Type, PySet_Type};
pub use iter::{PySetIter, PySetIter_Type};

use crate::handle::PyLayout;
use crate::header::PyObject;
use crate::{Py, PyClass, PyResult, PyType, Python, Slot};
use core::cell::Cell;
use core::ptr::null_mut;

/// Entries of the smallest table (`PySet_MINSIZE`).
pub const MINSIZE: usize = 8;

/// One entry (`setentry`): unused if the key is null, a dummy if the hash is -1.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct SetEntry {
    pub key: *mut PyObject,
    pub hash: isize,
}

impl SetEntry {
    const UNUSED: SetEntry = SetEntry { key: null_mut(), hash: 0 };
}

macro_rules! set_layout {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[repr(C)]
        pub struct $name {
            pub ob_base: PyObject,
            /// Active and dummy entries.
            fill: Cell<isize>,
            /// Active entries.
            used: Cell<isize>,
            /// Number of entries minus one.
            mask: Cell<isize>,
            table: Cell<*mut SetEntry>,
            /// Hash of a frozenset once it was asked for; else -1.
            hash: Cell<isize>,
            /// Where `pop` goes on looking.
            finger: Cell<isize>,
            smalltable: [Cell<SetEntry>; MINSIZE],
            weakreflist: Slot,
        }
        // SAFETY: starts with the header; the fields are cells.
        unsafe impl PyLayout for $name {}
        const _: () = assert!(size_of::<$name>() == 200);
    )*};
}
set_layout! {
    /// What sets and frozensets have in common: all of it (`PySetObject`).
    PySetObject
    /// A `set`.
    PySet
    /// A `frozenset`.
    PyFrozenSet
}

impl core::ops::Deref for PySetObject {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

macro_rules! deref_to_common {
    ($($name:ident)*) => {$(
        impl core::ops::Deref for $name {
            type Target = PySetObject;
            #[inline(always)]
            fn deref(&self) -> &PySetObject {
                // SAFETY: the layouts are the same.
                unsafe { &*(self as *const $name as *const PySetObject) }
            }
        }

        impl $name {
            /// An empty one, of this very type.
            pub fn new(py: Python) -> PyResult<Py<$name>> {
                let set = PySetObject::make(py, <$name as PyClass>::type_object(py))?;
                // SAFETY: the layouts are the same, and the type is this one.
                Ok(unsafe { set.cast_unchecked() })
            }

            /// One with what `iterable` yields.
            pub fn from_iterable(py: Python, iterable: &PyObject) -> PyResult<Py<$name>> {
                let set = $name::new(py)?;
                set.update(py, iterable)?;
                Ok(set)
            }
        }
    )*};
}
deref_to_common!(PySet PyFrozenSet);

impl PySetObject {
    /// An empty set of this type, which is `set`, `frozenset` or a subclass.
    pub(crate) fn make(py: Python, cls: &PyType) -> PyResult<Py<PySetObject>> {
        let set = PySet::alloc(py, cls, |ob_base| PySet {
            ob_base,
            fill: Cell::new(0),
            used: Cell::new(0),
            mask: Cell::new(MINSIZE as isize - 1),
            table: Cell::new(null_mut()),
            hash: Cell::new(-1),
            finger: Cell::new(0),
            smalltable: [const { Cell::new(SetEntry::UNUSED) }; MINSIZE],
            weakreflist: Slot::empty(),
        })?;
        // SAFETY: the layouts are the same.
        let set: Py<PySetObject> = unsafe { set.cast_unchecked() };
        set.table.set(set.small_table());
        Ok(set)
    }

    /// The set behind `obj`, if it is a set, a frozenset or an instance of a subclass (`PyAnySet_Check`).
    #[inline]
    pub fn of(obj: &PyObject) -> Option<&PySetObject> {
        if PySetObject::from_exact(obj).is_some()
            || obj.ty().is_subtype(&PySet_Type)
            || obj.ty().is_subtype(&PyFrozenSet_Type)
        {
            // SAFETY: just checked.
            return Some(unsafe { &*(obj.as_ptr() as *const PySetObject) });
        }
        None
    }

    /// The set behind `obj`, if it is exactly a set or a frozenset (`PyAnySet_CheckExact`).
    #[inline(always)]
    pub fn from_exact(obj: &PyObject) -> Option<&PySetObject> {
        if obj.is_type(&PySet_Type) || obj.is_type(&PyFrozenSet_Type) {
            // SAFETY: just checked.
            return Some(unsafe { &*(obj.as_ptr() as *const PySetObject) });
        }
        None
    }

    /// True for a `set` or an instance of a subclass, not a frozenset (`PySet_Check`).
    #[inline]
    pub fn is_set(obj: &PyObject) -> bool {
        obj.is_type(&PySet_Type) || obj.ty().is_subtype(&PySet_Type)
    }

    /// Number of elements.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used.get() as usize
    }

    #[inline(always)]
    fn small_table(&self) -> *mut SetEntry {
        self.smalltable.as_ptr() as *mut SetEntry
    }

    #[inline(always)]
    fn uses_small_table(&self) -> bool {
        core::ptr::eq(self.table.get(), self.small_table())
    }
}
