//! Weak references: `weakref.ref`, the proxies, and what happens when a referent dies.
//!
//! An object that can be referred to weakly has a word (in front of it, or at the type's `tp_weaklistoffset`) that heads
//! a doubly linked list of its [`PyWeakReference`]s. A plain reference without callback and a plain proxy without callback
//! are shared and come first. When the object dies its references are cleared, then their callbacks called.

mod proxy;
mod reference;

pub use proxy::{_PyWeakref_CallableProxyType, _PyWeakref_ProxyType, new_proxy};
pub use reference::{_PyWeakref_RefType, PyWeakReference};

use crate::typeobj::{PyTypeObject, flags};
use crate::types::dict::inline_values::MANAGED_WEAKREF_WORD;
use crate::{Py, PyObject, PyResult, Python, err, singletons};

/// True if instances of the type can be referred to weakly (`_PyType_SUPPORTS_WEAKREFS`).
#[inline(always)]
pub fn supports(ty: &PyTypeObject) -> bool {
    ty.tp_weaklistoffset.get() != 0
}

/// The word that heads the object's list.
///
/// # Safety
/// The type supports weak references.
#[inline(always)]
pub(crate) unsafe fn list_of(obj: &PyObject) -> *mut *mut PyWeakReference {
    let ty = obj.ty();
    // Types are objects of `type`, which keeps the list of a static type elsewhere.
    if ty.has_feature(flags::TYPE_SUBCLASS) {
        // SAFETY: a type.
        unsafe {
            let py = Python::assume();
            let t = &*(obj.as_ptr() as *const PyTypeObject);
            return crate::types::type_::weaklist_cell(py, t).as_ptr() as *mut *mut PyWeakReference;
        }
    }
    // SAFETY: by contract.
    unsafe {
        if ty.has_feature(flags::MANAGED_WEAKREF) {
            (obj.as_ptr() as *mut *mut PyWeakReference).offset(MANAGED_WEAKREF_WORD)
        } else {
            (obj.as_ptr() as *mut u8).offset(ty.tp_weaklistoffset.get()) as *mut *mut PyWeakReference
        }
    }
}

/// Is the object a weak reference or proxy?
pub fn is_reference(obj: &PyObject) -> bool {
    let ty = obj.ty();
    ty.is(&_PyWeakref_RefType)
        || ty.is(&_PyWeakref_ProxyType)
        || ty.is(&_PyWeakref_CallableProxyType)
        || ty.is_subtype(&_PyWeakref_RefType)
}

fn as_reference(obj: &PyObject) -> Option<&PyWeakReference> {
    // SAFETY: checked.
    if is_reference(obj) { Some(unsafe { &*(obj.as_ptr() as *const PyWeakReference) }) } else { None }
}

/// Does the reference have a callback?
pub fn has_callback(obj: &PyObject) -> bool {
    as_reference(obj).is_some_and(|r| !r.wr_callback.is_none())
}

/// The collector found this reference to be garbage: it lets go of its referent and will not call back, since the callback
/// may be garbage too. The callback itself is dropped with the reference.
pub fn detach_callback_of_trash(obj: &PyObject) {
    if let Some(r) = as_reference(obj) {
        r.detach();
    }
}

/// Clears all references to a dying object, then calls their callbacks (`PyObject_ClearWeakRefs`). An exception that is
/// set meanwhile is kept.
pub fn clear_weakrefs(obj: &PyObject) {
    if !supports(obj.ty()) {
        return;
    }
    // SAFETY: deallocation happens with the GIL held; the type supports weak references.
    let (py, list) = unsafe { (Python::assume(), list_of(obj)) };
    // SAFETY: the word is the object's own.
    unsafe {
        if (*list).is_null() {
            return;
        }
        let mut pending: Vec<Py<PyWeakReference>> = Vec::new();
        while !(*list).is_null() {
            let r = &**list;
            r.detach();
            if !r.wr_callback.is_none() {
                // A reference that is dying itself does not call back.
                if r.refcnt() > 0 {
                    pending.push(Py::new_ref(r));
                }
            }
        }
        if pending.is_empty() {
            return;
        }
        err::with_saved(py, || {
            for r in pending {
                if let Some(callback) = r.wr_callback.take() {
                    call(py, &r, &callback);
                }
            }
        });
    }
}

fn call(py: Python, r: &PyWeakReference, callback: &PyObject) {
    if callback.call(py, &[r as &PyObject]).is_err() {
        err::write_unraisable_msg(py, "Exception ignored while calling weakref callback", Some(callback));
    }
}

/// For the collector: clears all references to `obj` and hands those with a callback to `pending`.
///
/// # Safety
/// `obj` is alive and its type supports weak references.
pub unsafe fn clear_for_gc(obj: &PyObject, pending: &mut dyn FnMut(Py)) {
    // SAFETY: by contract.
    unsafe {
        let list = list_of(obj);
        while !(*list).is_null() {
            let r = &**list;
            r.detach();
            if !r.wr_callback.is_none() {
                pending(Py::new_ref(r as &PyObject));
            }
        }
    }
}

/// For the collector: clears all references to `obj`; nobody is told.
///
/// # Safety
/// As [`clear_for_gc`].
pub unsafe fn clear_no_callbacks(obj: &PyObject) {
    // SAFETY: by contract.
    unsafe {
        let list = list_of(obj);
        while !(*list).is_null() {
            (**list).detach();
        }
    }
}

/// For the collector: calls the callback of a cleared reference.
pub fn call_callback(py: Python, obj: &PyObject) {
    if let Some(r) = as_reference(obj) {
        if let Some(callback) = r.wr_callback.take() {
            call(py, r, &callback);
        }
    }
}

/// Number of weak references to the object (`weakref.getweakrefcount`).
pub fn count(obj: &PyObject) -> usize {
    references(obj).len()
}

/// All weak references to the object, the shared ones first.
pub fn references(obj: &PyObject) -> Vec<Py> {
    let mut all = Vec::new();
    if supports(obj.ty()) {
        // SAFETY: the list is whole while nothing runs.
        unsafe {
            let mut r = *list_of(obj);
            while !r.is_null() {
                all.push(Py::from_borrowed(r as *const PyObject));
                r = (*r).wr_next.get();
            }
        }
    }
    all
}

/// The referent of a dead reference.
pub(crate) fn dead() -> *const PyObject {
    singletons::none()
}

/// A new reference to what `r` refers to; `None` once it is gone or going.
pub fn get_ref(r: &PyObject) -> Option<Py> {
    as_reference(r)?.get()
}

/// A plain weak reference to `obj` (`PyWeakref_NewRef`). TypeError if its type does not support them.
pub fn new_ref(py: Python, obj: &PyObject, callback: Option<&PyObject>) -> PyResult<Py<PyWeakReference>> {
    reference::make(py, &_PyWeakref_RefType, obj, callback)
}
