//! Life and death of instances: allocation, and deallocation and collection of instances of classes made by `class`.

use crate::header::visitproc;
use crate::memory::{alloc, gc, trashcan};
use crate::typeobj::*;
use crate::types::dict::inline_values;
use crate::types::weakref;
use crate::{Py, PyObject, PyResult, PyTypeObject, PyVarObject, Python, err};
use core::ffi::{c_int, c_void};
use core::ptr::null_mut;

/// Memory for an instance, zeroed, with its head written and its inline values empty; not tracked by the collector
/// (`_PyType_AllocNoTrack`).
pub fn alloc_untracked(py: Python, ty: &PyTypeObject, nitems: isize) -> PyResult<Py> {
    // One item more than asked for: types like bytes have a sentinel.
    let items = if ty.tp_itemsize.get() != 0 { nitems.max(0) + 1 } else { 0 };
    let Some(mut size) = alloc::var_size(ty, items) else { return Err(err::no_memory(py)) };
    if ty.has_feature(flags::INLINE_VALUES) {
        size += inline_values::byte_size(ty);
    }
    let gc = ty.has_feature(flags::HAVE_GC);
    let obj = if gc { alloc::gc_new(py, ty, size)? } else { alloc::new(py, ty, size)? };
    // SAFETY: the block has `size` bytes, of which the header is written.
    unsafe {
        let head = size_of::<PyObject>();
        core::ptr::write_bytes((obj as *mut u8).add(head), 0, size - head);
        if ty.tp_itemsize.get() != 0 {
            (*(obj as *mut PyVarObject)).set_size(nitems);
        }
        if ty.has_feature(flags::INLINE_VALUES) {
            inline_values::init(obj, ty);
        }
        Ok(Py::from_owned(obj))
    }
}

/// `tp_alloc` of nearly every type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GenericAlloc(ty: *mut PyTypeObject, nitems: isize) -> *mut PyObject {
    // SAFETY: called with the GIL held and a ready type.
    let (py, ty) = unsafe { (Python::assume(), &*ty) };
    match alloc_untracked(py, ty, nitems) {
        Ok(obj) => {
            if ty.has_feature(flags::HAVE_GC) {
                // SAFETY: just allocated with a head; every field is null.
                unsafe { gc::track(&obj) };
            }
            obj.into_raw()
        }
        Err(_) => null_mut(),
    }
}

/// `tp_new` that only allocates.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GenericNew(
    ty: *mut PyTypeObject,
    _args: *mut PyObject,
    _kwds: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: a ready type has tp_alloc.
    unsafe {
        match (*ty).tp_alloc.get() {
            Some(alloc) => alloc(ty, 0),
            None => PyType_GenericAlloc(ty, 0),
        }
    }
}

/// The `__slots__` entries that a class itself added.
fn slot_members(ty: &PyTypeObject) -> &[PyMemberDef] {
    let n = if ty.is_heap_type() { ty.ob_base.size() } else { 0 };
    if n <= 0 {
        return &[];
    }
    // SAFETY: `new` allocates that many definitions behind the heap type structure (itemsize of `type`).
    unsafe {
        let start = core::ptr::from_ref(ty).cast::<u8>().add(ty.metatype().tp_basicsize.get() as usize);
        core::slice::from_raw_parts(start.cast::<PyMemberDef>(), n as usize)
    }
}

fn slot_at(obj: *mut PyObject, def: &PyMemberDef) -> Option<*mut *mut PyObject> {
    if def.type_ != member_type::OBJECT_EX || def.flags & member_flags::READONLY != 0 {
        return None;
    }
    // SAFETY: the offset lies inside instances of the class.
    Some(unsafe { (obj as *mut u8).offset(def.offset).cast() })
}

fn clear_slots(ty: &PyTypeObject, obj: *mut PyObject) {
    for def in slot_members(ty) {
        if let Some(at) = slot_at(obj, def) {
            // SAFETY: the slot owns what it points to.
            unsafe {
                let old = core::ptr::replace(at, null_mut());
                if !old.is_null() {
                    PyObject::decref(old);
                }
            }
        }
    }
}

/// The nearest base whose `slot` is another function than `ours`, calling `each` for every class passed on the way.
fn nearest_other<F: Copy>(
    ty: &PyTypeObject,
    slot: impl Fn(&PyTypeObject) -> Option<F>,
    is_ours: impl Fn(F) -> bool,
    mut each: impl FnMut(&PyTypeObject),
) -> Option<&PyTypeObject> {
    let mut base = ty;
    loop {
        match slot(base) {
            Some(f) if is_ours(f) => {
                each(base);
                base = base.base()?;
            }
            _ => return Some(base),
        }
    }
}

fn is_traverse(f: traverseproc) -> bool {
    core::ptr::fn_addr_eq(f, subtype_traverse as traverseproc)
}
fn is_clear(f: inquiry) -> bool {
    core::ptr::fn_addr_eq(f, subtype_clear as inquiry)
}
fn is_dealloc(f: destructor) -> bool {
    core::ptr::fn_addr_eq(f, subtype_dealloc as destructor)
}

/// The place of a `__dict__` that `class` added to a variable-sized or old-style layout, if it is there.
fn dict_slot_if_added(ty: &PyTypeObject, base: &PyTypeObject, obj: *mut PyObject) -> Option<*mut *mut PyObject> {
    if ty.tp_dictoffset.get() == base.tp_dictoffset.get() || ty.tp_dictoffset.get() <= 0 {
        return None;
    }
    // SAFETY: a positive offset lies inside the instance.
    Some(unsafe { (obj as *mut u8).offset(ty.tp_dictoffset.get()).cast() })
}

/// `tp_traverse` of classes made by `class`.
pub unsafe extern "C" fn subtype_traverse(obj: *mut PyObject, visit: visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: called by the collector with a live instance.
    let ty = unsafe { (*obj).ty() };
    let mut code = 0;
    let base = nearest_other(
        ty,
        |t| t.tp_traverse.get(),
        is_traverse,
        |t| {
            for def in slot_members(t) {
                if code != 0 {
                    return;
                }
                if let Some(at) = slot_at(obj, def) {
                    // SAFETY: slots hold null or a live object.
                    unsafe {
                        if !(*at).is_null() {
                            code = visit(*at, arg);
                        }
                    }
                }
            }
        },
    );
    if code != 0 {
        return code;
    }
    let Some(base) = base else { return 0 };
    // SAFETY: as the flags and offsets say.
    unsafe {
        if ty.has_feature(flags::MANAGED_DICT) {
            code = visit_managed_dict(obj, visit, arg);
            if code != 0 {
                return code;
            }
        } else if let Some(at) = dict_slot_if_added(ty, base, obj) {
            if !(*at).is_null() {
                code = visit(*at, arg);
                if code != 0 {
                    return code;
                }
            }
        }
        // An instance keeps its class alive. A base that visits it itself is a heap type with its own traverse.
        if ty.is_heap_type() && (!base.is_heap_type() || base.tp_traverse.get().is_none()) {
            code = visit(ty.as_ptr(), arg);
            if code != 0 {
                return code;
            }
        }
        match base.tp_traverse.get() {
            Some(f) => f(obj, visit, arg),
            None => 0,
        }
    }
}

/// Visits what the managed dict and the inline values hold (`PyObject_VisitManagedDict`).
///
/// # Safety
/// The object's type has `MANAGED_DICT`; `visit` takes `arg`.
unsafe fn visit_managed_dict(obj: *mut PyObject, visit: visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: the visitor is C's.
    let mut visitor = unsafe { crate::Visit::from_raw(visit, arg) };
    // SAFETY: by contract.
    match unsafe { inline_values::visit(obj, &mut visitor) } {
        Ok(()) => 0,
        Err(stop) => stop.code(),
    }
}

/// `tp_clear` of classes made by `class`.
pub unsafe extern "C" fn subtype_clear(obj: *mut PyObject) -> c_int {
    // SAFETY: called with the GIL held and a live instance.
    let (py, ty) = unsafe { (Python::assume(), (*obj).ty()) };
    let base = nearest_other(ty, |t| t.tp_clear.get(), is_clear, |t| clear_slots(t, obj));
    let Some(base) = base else { return 0 };
    // SAFETY: as the flags and offsets say.
    unsafe {
        if ty.has_feature(flags::MANAGED_DICT) {
            if !base.has_feature(flags::MANAGED_DICT) {
                inline_values::clear(py, &*obj);
            }
        } else if let Some(at) = dict_slot_if_added(ty, base, obj) {
            let old = core::ptr::replace(at, null_mut());
            if !old.is_null() {
                PyObject::decref(old);
            }
        }
        match base.tp_clear.get() {
            Some(f) => f(obj),
            None => 0,
        }
    }
}

/// Calls `tp_finalize` once; gives false if the object came back to life (`PyObject_CallFinalizerFromDealloc`).
///
/// # Safety
/// The object's count is zero and it is being deallocated.
pub unsafe fn finalize_from_dealloc(py: Python, obj: *mut PyObject) -> bool {
    // SAFETY: the object is whole; it lives again for the call.
    unsafe {
        let ty = (*obj).ty();
        let Some(finalize) = ty.tp_finalize.get() else { return true };
        if ty.has_feature(flags::HAVE_GC) && gc::is_finalized(&*obj) {
            return true;
        }
        (*obj).set_refcnt(1);
        finalize(obj);
        if ty.has_feature(flags::HAVE_GC) {
            gc::set_finalized(&*obj);
        }
        let _ = py;
        let left = (*obj).refcnt() - 1;
        (*obj).set_refcnt(left as u32);
        left == 0
    }
}

/// `tp_dealloc` of classes made by `class`: finalizer, weak references, slots, dict, then the base's part, then the class.
pub unsafe extern "C" fn subtype_dealloc(obj: *mut PyObject) {
    // SAFETY: called with the GIL held; the object's count is zero.
    let py = unsafe { Python::assume() };
    // SAFETY: as above; the class is kept until after the memory is freed.
    unsafe {
        let ty = &*core::ptr::from_ref((*obj).ty());
        let is_gc = ty.has_feature(flags::HAVE_GC);
        if !is_gc {
            if ty.tp_finalize.get().is_some() && !finalize_from_dealloc(py, obj) {
                return;
            }
            if let Some(del) = ty.tp_del.get() {
                (*obj).set_refcnt(1);
                del(obj);
                let left = (*obj).refcnt() - 1;
                (*obj).set_refcnt(left as u32);
                if left > 0 {
                    return;
                }
            }
            let Some(base) = nearest_other(ty, |t| t.tp_dealloc.get(), is_dealloc, |t| clear_slots(t, obj)) else {
                return;
            };
            // Read before the memory goes.
            let keeps_class = ty.is_heap_type() && !base.is_heap_type();
            if let Some(dealloc) = base.tp_dealloc.get() {
                dealloc(obj);
            }
            if keeps_class {
                PyObject::decref(ty.as_ptr());
            }
            return;
        }
        gc::untrack(&*obj);
        if !trashcan::begin(obj) {
            // Too deep: put aside, to be deallocated when the stack has unwound.
            return;
        }
        dealloc_gc(py, obj, ty);
        trashcan::end();
    }
}

/// The part of [`subtype_dealloc`] for objects of the collector, inside the trashcan's count.
///
/// # Safety
/// As `subtype_dealloc`; the object is untracked.
unsafe fn dealloc_gc(py: Python, obj: *mut PyObject, ty: &PyTypeObject) {
    // SAFETY: by contract.
    unsafe {
        let Some(base) = nearest_other(ty, |t| t.tp_dealloc.get(), is_dealloc, |_| {}) else { return };
        if ty.tp_finalize.get().is_some() {
            // The finalizer may make cycles with the object: the collector must see it.
            gc::track(&*obj);
            if !finalize_from_dealloc(py, obj) {
                return;
            }
            gc::untrack(&*obj);
        }
        if let Some(del) = ty.tp_del.get() {
            gc::track(&*obj);
            (*obj).set_refcnt(1);
            del(obj);
            let left = (*obj).refcnt() - 1;
            (*obj).set_refcnt(left as u32);
            if left > 0 {
                return;
            }
            gc::untrack(&*obj);
        }
        let added_weaklist = ty.tp_weaklistoffset.get() != 0 && base.tp_weaklistoffset.get() == 0;
        if added_weaklist {
            weakref::clear_weakrefs(&*obj);
        }
        let _ = nearest_other(ty, |t| t.tp_dealloc.get(), is_dealloc, |t| clear_slots(t, obj));
        if ty.has_feature(flags::MANAGED_DICT) {
            inline_values::free(py, &*obj);
        } else if let Some(at) = dict_slot_if_added(ty, base, obj) {
            let old = core::ptr::replace(at, null_mut());
            if !old.is_null() {
                PyObject::decref(old);
            }
        }
        if base.has_feature(flags::HAVE_GC) {
            gc::track(&*obj);
        }
        // A heap base with a tp_dealloc of its own gives the class back itself.
        let keeps_class = ty.is_heap_type() && !base.is_heap_type();
        if let Some(dealloc) = base.tp_dealloc.get() {
            dealloc(obj);
        }
        if keeps_class {
            PyObject::decref(ty.as_ptr());
        }
    }
}
