//! Attribute values inside an instance, and the dict that is made of them on demand.
//!
//! A class whose instances need nothing else (`INLINE_VALUES`) puts the values of attributes right behind the instance's
//! fields, and the keys in a table that all instances share (`ht_cached_keys`). No dict exists until someone asks for
//! `__dict__`; then a dict is made that uses the same values in place (*materialised*), and both see each other's changes.
//! The pointer to it stands in front of the object, three words before the header. When the dict outgrows the shared
//! keys or outlives the instance, it takes the values along and the ones in the instance become invalid.

use super::PyDict;
use super::keys::{EMPTY, Keys};
use super::table::insert_split_key;
use super::values::{DictValues, Values};
use super::watch::Event;
use crate::declare::{Stop, Visit};
use crate::header::PyObject;
use crate::typeobj::{PyHeapTypeObject, PyTypeObject, flags};
use crate::{Py, PyResult, PyStr, PyTuple, Python, raise};
use core::ptr::null_mut;

/// Where the pointer to a managed dict stands, in words from the object (`MANAGED_DICT_OFFSET`).
pub const MANAGED_DICT_WORD: isize = -3;
/// Where the pointer to the managed list of weak references stands (`MANAGED_WEAKREF_OFFSET`).
pub const MANAGED_WEAKREF_WORD: isize = -4;

/// The place of an object's managed dict pointer (`_PyObject_ManagedDictPointer`).
///
/// # Safety
/// The object's type has `MANAGED_DICT`.
#[inline(always)]
pub unsafe fn managed_dict_slot(obj: *const PyObject) -> *mut *mut PyDict {
    // SAFETY: such objects are allocated with the pre-header.
    unsafe { (obj as *mut *mut PyDict).offset(MANAGED_DICT_WORD) }
}

/// The managed dict, borrowed, null if there is none yet (`_PyObject_GetManagedDict`).
///
/// # Safety
/// As [`managed_dict_slot`].
#[inline(always)]
pub unsafe fn managed_dict<'a>(obj: *const PyObject) -> Option<&'a PyDict> {
    // SAFETY: the slot holds null or a reference to a live dict.
    unsafe { (*managed_dict_slot(obj)).as_ref() }
}

/// The values inside an object (`_PyObject_InlineValues`).
///
/// # Safety
/// The object's type has `INLINE_VALUES`.
#[inline(always)]
pub unsafe fn of(obj: *const PyObject) -> Values {
    // SAFETY: such objects have the block right behind their fields.
    unsafe {
        let offset = (*obj).ty().tp_basicsize.get() as usize;
        Values::from_raw((obj as *mut u8).add(offset) as *mut DictValues)
    }
}

/// The keys that the instances of a class share, if it has them.
#[inline(always)]
pub fn cached_keys(tp: &PyTypeObject) -> Option<Keys> {
    if !tp.is_heap_type() {
        return None;
    }
    // SAFETY: heap types are whole PyHeapTypeObjects; the table lives as long as the type.
    unsafe {
        let p = (*(tp as *const PyTypeObject as *const PyHeapTypeObject)).ht_cached_keys.get();
        if p.is_null() { None } else { Some(Keys::from_raw(p as *mut super::DictKeys)) }
    }
}

#[inline(always)]
fn shared_keys(tp: &PyTypeObject) -> Keys {
    // A type without shared keys gets the empty table, which takes no key: attributes then go to a dict.
    cached_keys(tp).unwrap_or(Keys::empty())
}

/// Bytes that values take inside an instance of `tp` (`_PyInlineValuesSize`).
#[inline(always)]
pub fn byte_size(tp: &PyTypeObject) -> usize {
    Values::byte_size(shared_keys(tp).shared_capacity())
}

/// Makes the table that the instances of a new class will share, with the names of `__static_attributes__` entered
/// (`_PyDict_NewKeysForClass`).
pub fn new_keys_for_class(py: Python, static_attributes: Option<&PyTuple>) -> PyResult<Keys> {
    let keys = Keys::new_shared(py)?;
    if let Some(names) = static_attributes {
        for name in names.as_slice() {
            if let Some(name) = name.downcast_exact::<PyStr>() {
                insert_split_key(keys, name, name.hash_value());
            }
        }
    }
    Ok(keys)
}

/// Writes the head of the values of a new object, and no dict in front of it (`_PyObject_InitInlineValues`).
///
/// # Safety
/// `obj` is new memory for an instance of `tp`, with [`byte_size`] bytes behind its fields.
#[inline]
pub unsafe fn init(obj: *mut PyObject, tp: &PyTypeObject) {
    let keys = shared_keys(tp);
    let capacity = keys.shared_capacity();
    // Keys that no early instance used are not worth room in the later ones. The one that stays lets the table grow.
    if keys.usable() > 1 {
        keys.set_usable(keys.usable() - 1);
    }
    // SAFETY: by contract.
    unsafe {
        Values::init((obj as *mut u8).add(tp.tp_basicsize.get() as usize) as *mut DictValues, capacity, true);
        *managed_dict_slot(obj) = null_mut();
    }
}

/// What [`lookup`] knows of an attribute.
pub enum Lookup {
    /// The value.
    Found(Py),
    /// The instance has no such attribute.
    Missing,
    /// The values are not in the instance any more: ask [`managed_dict`].
    AskDict,
}

/// Looks an instance attribute up without a dict (`_PyObject_TryGetInstanceAttribute`).
///
/// # Safety
/// The object's type has `INLINE_VALUES`.
#[inline]
pub unsafe fn lookup(obj: &PyObject, name: &PyStr) -> Lookup {
    // SAFETY: by contract.
    let values = unsafe { of(obj) };
    if !values.is_valid() {
        return Lookup::AskDict;
    }
    let ix = shared_keys(obj.ty()).lookup_unicode(name, name.hash_value());
    if ix == EMPTY {
        return Lookup::Missing;
    }
    // SAFETY: the slot holds null or a live value.
    match unsafe { Py::from_borrowed_nullable(values.get(ix as usize)) } {
        Some(v) => Lookup::Found(v),
        None => Lookup::Missing,
    }
}

fn no_attribute(py: Python, obj: &PyObject, name: &PyStr) -> crate::Raised {
    raise!(py, AttributeError, "'{}' object has no attribute '{}'", obj.ty().full_name(), name.to_string_lossy())
}

/// Sets an instance attribute, or deletes it with `None` (`_PyObject_StoreInstanceAttribute`). AttributeError if the one to
/// delete is not there.
///
/// # Safety
/// The object's type has `INLINE_VALUES`.
pub unsafe fn store(py: Python, obj: &PyObject, name: &PyStr, value: Option<&PyObject>) -> PyResult<()> {
    // SAFETY: by contract.
    let (values, dict) = unsafe { (of(obj), managed_dict(obj)) };
    let ix = if values.is_valid() && name.ty().is(&crate::types::str_::PyUnicode_Type) {
        insert_split_key(shared_keys(obj.ty()), name, name.hash_value())
    } else {
        EMPTY
    };
    if ix == EMPTY {
        // SAFETY: by contract.
        let dict = unsafe { materialize_dict(py, obj)? };
        return match value {
            Some(v) => dict.set(py, name, v),
            None => match dict.pop_known_hash(py, name, name.hash_value())? {
                Some(_) => Ok(()),
                None => Err(no_attribute(py, obj, name)),
            },
        };
    }
    // A shared table never grows beyond what its first instance had room for, and later ones have what it can still take.
    let ix = ix as usize;
    debug_assert!(ix < values.capacity());
    let old = values.get(ix);
    let new = value.map_or(null_mut(), |v| v.as_ptr());
    if old.is_null() && new.is_null() {
        return Err(no_attribute(py, obj, name));
    }
    if old == new {
        return Ok(());
    }
    if let Some(dict) = dict {
        let event = match (old.is_null(), new.is_null()) {
            (true, _) => Event::Added,
            (_, true) => Event::Deleted,
            _ => Event::Modified,
        };
        dict.notify(py, event, name.as_ptr(), new);
    }
    values.put(ix, value.map_or(null_mut(), |v| Py::new_ref(v).into_raw()));
    if old.is_null() {
        values.note_added(ix);
        if let Some(dict) = dict {
            dict.set_used(dict.len() + 1);
        }
        return Ok(());
    }
    if new.is_null() {
        values.note_removed(ix);
        if let Some(dict) = dict {
            dict.set_used(dict.len() - 1);
        }
    }
    // SAFETY: the slot owned the old value.
    drop(unsafe { Py::from_owned(old) });
    Ok(())
}

/// True if the instance has no attribute, without making a dict (`_PyObject_IsInstanceDictEmpty`).
///
/// # Safety
/// The object's type has `INLINE_VALUES`.
pub unsafe fn is_empty(obj: &PyObject) -> bool {
    // SAFETY: by contract.
    unsafe {
        let values = of(obj);
        if values.is_valid() { values.len() == 0 } else { managed_dict(obj).is_none_or(|d| d.len() == 0) }
    }
}

/// The instance's dict, made now if there is none: over the inline values while they are valid
/// (`_PyObject_MaterializeManagedDict`).
///
/// # Safety
/// The object's type has `MANAGED_DICT`.
pub unsafe fn materialize_dict(py: Python, obj: &PyObject) -> PyResult<Py<PyDict>> {
    // SAFETY: by contract.
    if let Some(dict) = unsafe { managed_dict(obj) } {
        return Ok(Py::new_ref(dict));
    }
    let tp = obj.ty();
    // SAFETY: the flag is checked.
    let inline = if tp.has_feature(flags::INLINE_VALUES) { Some(unsafe { of(obj) }) } else { None };
    let dict = match (inline, cached_keys(tp)) {
        (Some(values), Some(keys)) if values.is_valid() => {
            keys.incref();
            PyDict::from_table(py, keys, Some(values), values.len())?
        }
        (_, Some(keys)) => new_dict_with_shared_keys(py, keys)?,
        (_, None) => PyDict::new(py)?,
    };
    // Allocating may have run a collection, and that a finaliser that asked for the dict of the same object.
    // SAFETY: by contract.
    if let Some(theirs) = unsafe { managed_dict(obj) } {
        let theirs = Py::new_ref(theirs);
        if dict.split_values().is_some_and(Values::is_embedded) {
            let keys = dict.table();
            dict.set_used(0);
            dict.set_table(Keys::empty(), None);
            // SAFETY: the reference taken above.
            unsafe { keys.decref(py) };
        }
        return Ok(theirs);
    }
    // SAFETY: by contract; the slot owns a reference.
    unsafe { *managed_dict_slot(obj) = dict.clone().into_raw() };
    Ok(dict)
}

/// An empty dict with values of its own over shared keys, for an instance whose `__dict__` is asked for before it has
/// attributes (`new_dict_with_shared_keys`).
pub fn new_dict_with_shared_keys(py: Python, keys: Keys) -> PyResult<Py<PyDict>> {
    let values = Values::new_for(py, keys)?;
    keys.incref();
    PyDict::from_table(py, keys, Some(values), 0)
}

/// Cuts a materialised dict loose from the instance: it takes the values along (`_PyDict_DetachFromObject`).
///
/// # Safety
/// `dict` is or was the managed dict of `obj`, whose type has `INLINE_VALUES`.
pub unsafe fn detach(py: Python, dict: &PyDict, obj: &PyObject) -> PyResult<()> {
    // SAFETY: by contract.
    let values = unsafe { of(obj) };
    if dict.split_values() != Some(values) {
        return Ok(());
    }
    let own = values.duplicate_uncounted(py)?;
    values.head().valid.set(0);
    values.head().size.set(0);
    for i in 0..values.capacity() {
        values.put(i, null_mut());
    }
    dict.replace_values(Some(own));
    Ok(())
}

/// Makes `dict` the instance's `__dict__`, or none with `None` (`_PyObject_SetManagedDict`).
///
/// # Safety
/// The object's type has `MANAGED_DICT`.
pub unsafe fn set_dict(py: Python, obj: &PyObject, dict: Option<&PyDict>) -> PyResult<()> {
    // SAFETY: by contract.
    unsafe {
        let slot = managed_dict_slot(obj);
        let new = dict.map_or(null_mut(), |d| Py::new_ref(d).into_raw());
        if obj.ty().has_feature(flags::INLINE_VALUES) {
            let values = of(obj);
            match managed_dict(obj) {
                None => {
                    *slot = new;
                    if values.is_valid() {
                        values.head().valid.set(0);
                        values.clear();
                    }
                    return Ok(());
                }
                Some(old) => {
                    let old = Py::new_ref(old);
                    if let Err(e) = detach(py, &old, obj) {
                        drop(Py::from_owned_nullable(new));
                        return Err(e);
                    }
                }
            }
        }
        drop(Py::from_owned_nullable(slot.replace(new)));
    }
    Ok(())
}

/// Drops all attributes of a dying or collected instance (`PyObject_ClearManagedDict`). Cannot fail: a dict that others
/// hold keeps the values; if there is no memory for that, it loses them.
///
/// # Safety
/// The object's type has `MANAGED_DICT`.
pub unsafe fn clear(py: Python, obj: &PyObject) {
    // SAFETY: by contract.
    unsafe {
        let slot = managed_dict_slot(obj);
        let dict = Py::from_owned_nullable(slot.replace(null_mut()));
        if !obj.ty().has_feature(flags::INLINE_VALUES) {
            return;
        }
        let values = of(obj);
        if let Some(dict) = dict
            && dict.split_values() == Some(values)
        {
            if !dict.is_unique() && detach(py, &dict, obj).is_ok() {
                return;
            }
            // Nobody else will look at the dict (or it must do without the values).
            let keys = dict.table();
            dict.set_table(Keys::empty(), None);
            dict.set_used(0);
            keys.decref(py);
        }
        if values.is_valid() {
            values.head().valid.set(0);
            values.clear();
        }
    }
}

/// As [`clear`], at deallocation: nothing is left to be looked at afterwards.
///
/// # Safety
/// As [`clear`]; the object is being deallocated.
#[inline]
pub unsafe fn free(py: Python, obj: &PyObject) {
    // SAFETY: by contract.
    unsafe { clear(py, obj) }
}

/// Visits the values inside an instance and its managed dict (`PyObject_VisitManagedDict`).
///
/// # Safety
/// The object's type has `MANAGED_DICT`.
pub unsafe fn visit(obj: *mut PyObject, visit: &mut Visit) -> Result<(), Stop> {
    // SAFETY: by contract.
    unsafe {
        if (*obj).ty().has_feature(flags::INLINE_VALUES) {
            let values = of(obj);
            if values.is_valid() {
                for i in 0..values.capacity() {
                    visit.raw(values.get(i))?;
                }
            }
        }
        visit.raw(*managed_dict_slot(obj) as *mut PyObject)
    }
}
