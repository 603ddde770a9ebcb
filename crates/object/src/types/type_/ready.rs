//! `PyType_Ready`: from a filled type structure to a usable type. Bases, MRO, dictionary, inherited flags and slots.

use super::slot_table::{SLOTS, slot_cell};
use super::{PyType, mro, subclasses, wrappers};
use crate::memory::alloc::{PyObject_Free, PyObject_GC_Del};
use crate::typeobj::*;
use crate::types::builtin_function::PyCFunctionObject;
use crate::types::descr;
use crate::types::object_::{PyBaseObject_Type, PyObject_HashNotImplemented};
use crate::{Py, PyDict, PyObject, PyResult, PyStr, PyTuple, PyTypeObject, Python, id, raise};
use core::cell::Cell;
use core::ffi::{CStr, c_void};
use core::ptr::{eq, fn_addr_eq};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Where the dict pointer of an object with `MANAGED_DICT` is.
pub const MANAGED_DICT_OFFSET: isize = -3 * size_of::<usize>() as isize;
/// Where the weak reference list of an object with `MANAGED_WEAKREF` is.
pub const MANAGED_WEAKREF_OFFSET: isize = -4 * size_of::<usize>() as isize;

/// Numbers given to built-in static types, plus one: `tp_subclasses` of such a type holds it.
static NEXT_STATIC_INDEX: AtomicUsize = AtomicUsize::new(1);

/// Makes a built-in static type ready in this interpreter: all of it the first time, its dictionary and subclass entry in
/// every further interpreter (`_PyStaticType_InitBuiltin`).
pub fn ready_static(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    let first = !ty.has_feature(flags::READY);
    if first {
        if ty.has_feature(flags::READYING) {
            return Ok(());
        }
        ty.tp_flags.set(ty.tp_flags.get() | flags::STATIC_BUILTIN | flags::IMMUTABLETYPE);
        if ty.tp_subclasses.get().is_null() {
            ty.tp_subclasses.set(NEXT_STATIC_INDEX.fetch_add(1, Relaxed) as *mut c_void);
        }
    }
    let index = ty.tp_subclasses.get() as usize - 1;
    let state = super::cache::of(py).add_static_state(index);
    if !first {
        if !state.dict.is_none() {
            return Ok(());
        }
        state.dict.set(Some(PyDict::new(py)?));
        fill_dict(py, ty)?;
        add_new_wrapper_if_own(py, ty)?;
        return enter_in_bases(py, ty);
    }
    if state.dict.is_none() {
        state.dict.set(Some(PyDict::new(py)?));
    }
    ty.ready(py)?;
    // Shared by all interpreters from now on.
    for tuple in [ty.tp_mro.get(), ty.tp_bases.get()] {
        // SAFETY: set by `ready`.
        if let Some(tuple) = unsafe { tuple.as_ref() } {
            if crate::memory::gc::is_tracked(tuple) {
                // SAFETY: tracked, so it has a head.
                unsafe { crate::memory::gc::untrack(tuple) };
            }
            tuple.set_immortal();
        }
    }
    Ok(())
}

impl PyTypeObject {
    /// Completes the type (`PyType_Ready`). Does nothing if it is ready already.
    ///
    /// # Errors
    /// TypeError or SystemError if the structure contradicts itself; what a metaclass's `mro()` raises.
    pub fn ready(&self, py: Python) -> PyResult<()> {
        if self.has_feature(flags::READY) {
            return Ok(());
        }
        self.tp_flags.set(self.tp_flags.get() | flags::READYING);
        let result = ready(py, self);
        let done = if result.is_ok() { flags::READY } else { 0 };
        self.tp_flags.set(self.tp_flags.get() & !flags::READYING | done);
        result
    }
}

fn ready(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    if ty.tp_name.get().is_null() {
        return Err(raise!(py, SystemError, "Type does not define the tp_name field."));
    }
    if ty.has_feature(flags::HAVE_VECTORCALL) && (ty.tp_vectorcall_offset.get() <= 0 || ty.tp_call.get().is_none()) {
        return Err(raise!(
            py,
            SystemError,
            "type {} has the vectorcall flag but no vectorcall offset or tp_call",
            ty.full_name()
        ));
    }
    // A static type keeps only what cannot be freed.
    if !ty.is_heap_type() {
        ty.tp_flags.set(ty.tp_flags.get() | flags::IMMUTABLETYPE);
    }
    set_bases(py, ty)?;
    if ty.try_dict(py).is_none() {
        ty.tp_dict.set(PyDict::new(py)?.into_raw_object());
    }
    set_mro(py, ty)?;
    set_new(py, ty)?;
    fill_dict(py, ty)?;
    inherit(py, ty)?;
    check_preheader(py, ty)?;
    set_hash(py, ty)?;
    enter_in_bases(py, ty)?;
    ready_managed_dict(py, ty)?;
    check_finished(py, ty)
}

fn set_bases(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    let is_object = eq(ty, &PyBaseObject_Type);
    if ty.tp_base.get().is_null() && !is_object {
        ty.tp_base.set(&PyBaseObject_Type);
    }
    if let Some(base) = ty.base() {
        if !base.has_feature(flags::READY) {
            if base.has_feature(flags::STATIC_BUILTIN)
                || (!base.is_heap_type() && !ty.is_heap_type() && ty.has_feature(flags::STATIC_BUILTIN))
            {
                ready_static(py, base)?;
            } else {
                base.ready(py)?;
            }
        }
        // C code leaves the type's own type empty.
        if core::ptr::from_ref((ty as &PyObject).ty()).is_null() {
            ty.set_ty_raw(base.metatype());
        }
    }
    if ty.tp_bases.get().is_null() {
        let bases = match ty.base() {
            Some(base) => PyTuple::from_slice(py, &[base as &PyObject])?,
            None => PyTuple::from_slice(py, &[])?,
        };
        ty.tp_bases.set(bases.into_raw_object());
    }
    Ok(())
}

fn set_mro(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    if !ty.is_heap_type() {
        // A static type must not inherit from one that can die.
        for base in ty.bases().as_slice() {
            // SAFETY: bases hold only types.
            let base = unsafe { &*(base.as_ptr() as *const PyType) };
            if base.is_heap_type() {
                return Err(raise!(
                    py,
                    TypeError,
                    "type '{:.100}' is not dynamically allocated but its base type '{:.100}' is dynamically allocated",
                    ty.full_name(),
                    base.full_name()
                ));
            }
            if !base.has_feature(flags::READY) {
                if ty.has_feature(flags::STATIC_BUILTIN) { ready_static(py, base)? } else { base.ready(py)? }
            }
        }
    }
    mro::set(py, ty).map(drop)
}

/// Inherits `tp_new`, or offers a C type's own as `__new__`.
fn set_new(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    let base = ty.base();
    if ty.tp_new.get().is_none() && base.is_some_and(|b| eq(b, &PyBaseObject_Type)) && !ty.is_heap_type() {
        // Historical rule: static types directly under object do not inherit its tp_new.
        ty.tp_flags.set(ty.tp_flags.get() | flags::DISALLOW_INSTANTIATION);
    }
    if ty.has_feature(flags::DISALLOW_INSTANTIATION) {
        ty.tp_new.set(None);
        return Ok(());
    }
    if ty.tp_new.get().is_some() {
        if !ty.is_heap_type() || is_spec_new(ty) {
            add_new_wrapper(py, ty)?;
        }
    } else {
        ty.tp_new.set(base.and_then(|b| b.tp_new.get()));
    }
    Ok(())
}

/// True if a heap type's `tp_new` is a C function of its own.
fn is_spec_new(ty: &PyTypeObject) -> bool {
    ty.tp_new.get().is_some_and(|f| !fn_addr_eq(f, super::slots::slot_tp_new as newfunc))
        && ty.base().is_none_or(|b| match (b.tp_new.get(), ty.tp_new.get()) {
            (Some(a), Some(b)) => !fn_addr_eq(a, b),
            _ => true,
        })
}

fn add_new_wrapper(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    let name = id!(py, "__new__");
    let dict = ty.dict();
    if dict.contains(py, name)? {
        return Ok(());
    }
    let f = PyCFunctionObject::new(py, &wrappers::NEW_METHODDEF, Some(ty), None, None)?;
    dict.set(py, name, &f)
}

fn add_new_wrapper_if_own(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    if ty.tp_new.get().is_some() && !is_inherited(ty, super::slot_table::NEW_OFFSET) {
        add_new_wrapper(py, ty)?;
    }
    Ok(())
}

/// True if the slot holds what the base's slot holds.
fn is_inherited(ty: &PyTypeObject, offset: usize) -> bool {
    let Some(base) = ty.base() else { return false };
    match (slot_cell(ty, offset), slot_cell(base, offset)) {
        (Some(a), Some(b)) => a.get() == b.get(),
        _ => false,
    }
}

/// Fills the dictionary from slots, methods, members and getsets, and sets `__doc__`.
fn fill_dict(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    let again = ty.has_feature(flags::READY); // in a further interpreter: slots hold inherited functions too
    let dict = ty.dict();
    for row in &SLOTS {
        if row.wrapper.is_null() {
            continue;
        }
        let Some(cell) = slot_cell(ty, row.offset as usize) else { continue };
        if cell.get().is_null() || (again && is_inherited(ty, row.offset as usize)) {
            continue;
        }
        let name = row.name(py);
        if dict.contains(py, name)? {
            continue;
        }
        if cell.get() == PyObject_HashNotImplemented as *const c_void {
            dict.set(py, name, crate::singletons::none())?;
        } else {
            let wrapper = descr::PyWrapperDescr::new(py, ty, row, cell.get())?;
            dict.set(py, name, &wrapper)?;
        }
    }
    add_methods(py, ty)?;
    add_members(py, ty)?;
    add_getsets(py, ty)?;
    let doc = id!(py, "__doc__");
    if !dict.contains(py, doc)? {
        let p = ty.tp_doc.get();
        if p.is_null() {
            dict.set(py, doc, crate::singletons::none())?;
        } else {
            // SAFETY: tp_doc is a C string.
            let text = unsafe { CStr::from_ptr(p) }.to_string_lossy();
            let text = descr::text::without_signature(ty.name(), &text);
            dict.set(py, doc, &PyStr::new(py, text)? as &PyObject)?;
        }
    }
    Ok(())
}

/// The entries of a table that ends with a null name.
fn entries<'a, T>(start: *const T, is_end: impl Fn(&T) -> bool + 'a) -> impl Iterator<Item = &'static T> + 'a
where
    T: 'static,
{
    let mut p = start;
    core::iter::from_fn(move || {
        // SAFETY: definition tables are static and end with an entry without name.
        let item: &'static T = unsafe { p.as_ref()? };
        if is_end(item) {
            return None;
        }
        // SAFETY: not the end yet.
        p = unsafe { p.add(1) };
        Some(item)
    })
}

/// Adds one method to the dictionary of a type that is being made (`type_add_method`).
pub fn add_method(py: Python, ty: &PyTypeObject, def: &'static PyMethodDef) -> PyResult<()> {
    let f = def.ml_flags;
    let object: Py = if f & METH_CLASS != 0 {
        if f & METH_STATIC != 0 {
            return Err(raise!(py, ValueError, "method cannot be both class and static"));
        }
        descr::PyMethodDescr::new_classmethod(py, ty, def)?.into_object()
    } else if f & METH_STATIC != 0 {
        let function = PyCFunctionObject::new(py, def, Some(ty), None, None)?;
        descr::staticmethod::PyStaticMethod::new(py, &function)?.into_object()
    } else {
        descr::PyMethodDescr::new(py, ty, def)?.into_object()
    };
    let name = def_name(py, def.ml_name)?;
    let dict = ty.dict();
    if f & METH_COEXIST != 0 { dict.set(py, &name, &object) } else { dict.set_default(py, &name, &object).map(drop) }
}

fn def_name(py: Python, name: *const core::ffi::c_char) -> PyResult<Py<PyStr>> {
    // SAFETY: names of definitions are C strings.
    PyStr::intern(py, &unsafe { CStr::from_ptr(name) }.to_string_lossy())
}

fn add_methods(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    for def in entries(ty.tp_methods.get(), |d: &PyMethodDef| d.ml_name.is_null()) {
        add_method(py, ty, def)?;
    }
    Ok(())
}

fn add_members(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    for def in entries(ty.tp_members.get(), |d: &PyMemberDef| d.name.is_null()) {
        let object = descr::PyMemberDescr::new(py, ty, def)?;
        ty.dict().set_default(py, &def_name(py, def.name)? as &PyObject, &object)?;
    }
    Ok(())
}

fn add_getsets(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    for def in entries(ty.tp_getset.get(), |d: &PyGetSetDef| d.name.is_null()) {
        let object = descr::PyGetSetDescr::new(py, ty, def)?;
        ty.dict().set_default(py, &def_name(py, def.name)? as &PyObject, &object)?;
    }
    Ok(())
}

// Inheritance

/// `to` takes `from`'s value if it has none and `from`'s class has set it, not just inherited it.
fn copy<T: Copy + PartialEq>(to: &Cell<Option<T>>, from: &Cell<Option<T>>, above: Option<&Cell<Option<T>>>) {
    if to.get().is_none() && from.get().is_some() && above.is_none_or(|a| a.get() != from.get()) {
        to.set(from.get());
    }
}

/// The slots of a suite as plain words.
fn words<S>(suite: &S) -> &[Cell<*const c_void>] {
    // SAFETY: suites are `repr(C)` structs of nothing but nullable function pointers in cells.
    unsafe {
        core::slice::from_raw_parts(core::ptr::from_ref(suite).cast(), size_of::<S>() / size_of::<*const c_void>())
    }
}

fn copy_suite<S>(to: Option<&S>, from: Option<&S>, above: Option<&S>) {
    let (Some(to), Some(from)) = (to, from) else { return };
    let (to, from) = (words(to), words(from));
    for (i, (t, f)) in to.iter().zip(from).enumerate() {
        if t.get().is_null() && !f.get().is_null() && above.is_none_or(|a| words(a)[i].get() != f.get()) {
            t.set(f.get());
        }
    }
}

/// True if the class dictionary defines comparison or hashing, so that neither is inherited.
fn overrides_hash(py: Python, ty: &PyTypeObject) -> PyResult<bool> {
    let dict = ty.dict();
    Ok(dict.contains(py, id!(py, "__eq__"))? || dict.contains(py, id!(py, "__hash__"))?)
}

#[allow(unpredictable_function_pointer_comparisons)]
fn inherit_slots(py: Python, ty: &PyTypeObject, base: &PyType) -> PyResult<()> {
    let above = base.base();
    copy_suite(ty.as_number(), base.as_number(), above.and_then(|a| a.as_number()));
    copy_suite(ty.as_async(), base.as_async(), above.and_then(|a| a.as_async()));
    copy_suite(ty.as_sequence(), base.as_sequence(), above.and_then(|a| a.as_sequence()));
    copy_suite(ty.as_mapping(), base.as_mapping(), above.and_then(|a| a.as_mapping()));
    copy_suite(ty.as_buffer(), base.as_buffer(), above.and_then(|a| a.as_buffer()));
    macro_rules! take {
        ($($slot:ident),*) => { $(copy(&ty.$slot, &base.$slot, above.map(|a| &a.$slot));)* };
    }
    take!(tp_dealloc);
    if ty.tp_getattr.get().is_none() && ty.tp_getattro.get().is_none() {
        ty.tp_getattr.set(base.tp_getattr.get());
        ty.tp_getattro.set(base.tp_getattro.get());
    }
    if ty.tp_setattr.get().is_none() && ty.tp_setattro.get().is_none() {
        ty.tp_setattr.set(base.tp_setattr.get());
        ty.tp_setattro.set(base.tp_setattro.get());
    }
    take!(tp_repr);
    // The offset is always inherited, for PyVectorcall_Call; the flag only while tp_call is.
    if ty.tp_vectorcall_offset.get() == 0
        && base.tp_vectorcall_offset.get() != 0
        && above.is_none_or(|a| a.tp_vectorcall_offset.get() != base.tp_vectorcall_offset.get())
    {
        ty.tp_vectorcall_offset.set(base.tp_vectorcall_offset.get());
    }
    if ty.tp_call.get().is_none() && base.has_feature(flags::HAVE_VECTORCALL) {
        ty.tp_flags.set(ty.tp_flags.get() | flags::HAVE_VECTORCALL);
    }
    take!(tp_call, tp_str);
    // Comparison and hash go together.
    if ty.tp_richcompare.get().is_none() && ty.tp_hash.get().is_none() && !overrides_hash(py, ty)? {
        ty.tp_richcompare.set(base.tp_richcompare.get());
        ty.tp_hash.set(base.tp_hash.get());
    }
    take!(tp_iter, tp_iternext, tp_descr_get);
    if base.tp_descr_get.get().is_some()
        && ty.tp_descr_get.get() == base.tp_descr_get.get()
        && ty.has_feature(flags::IMMUTABLETYPE)
        && base.has_feature(flags::METHOD_DESCRIPTOR)
    {
        ty.tp_flags.set(ty.tp_flags.get() | flags::METHOD_DESCRIPTOR);
    }
    take!(tp_descr_set);
    if ty.tp_dictoffset.get() == 0 && above.is_none_or(|a| a.tp_dictoffset.get() != base.tp_dictoffset.get()) {
        ty.tp_dictoffset.set(base.tp_dictoffset.get());
    }
    take!(tp_init, tp_alloc, tp_is_gc, tp_finalize);
    if ty.has_feature(flags::HAVE_GC) == base.has_feature(flags::HAVE_GC) {
        take!(tp_free);
    } else if ty.has_feature(flags::HAVE_GC)
        && ty.tp_free.get().is_none()
        && base.tp_free.get().is_some_and(|f| fn_addr_eq(f, PyObject_Free as freefunc))
    {
        // The base frees plain memory; this type's instances have a collector head.
        ty.tp_free.set(Some(PyObject_GC_Del));
    }
    Ok(())
}

/// What comes from the one base that gives the layout.
fn inherit_special(ty: &PyTypeObject, base: &PyType) {
    if !ty.has_feature(flags::HAVE_GC)
        && base.has_feature(flags::HAVE_GC)
        && ty.tp_traverse.get().is_none()
        && ty.tp_clear.get().is_none()
    {
        ty.tp_flags.set(ty.tp_flags.get() | flags::HAVE_GC);
        ty.tp_traverse.set(base.tp_traverse.get());
        ty.tp_clear.set(base.tp_clear.get());
    }
    const TAKEN: u64 = flags::PREHEADER
        | flags::LONG_SUBCLASS
        | flags::LIST_SUBCLASS
        | flags::TUPLE_SUBCLASS
        | flags::BYTES_SUBCLASS
        | flags::UNICODE_SUBCLASS
        | flags::DICT_SUBCLASS
        | flags::BASE_EXC_SUBCLASS
        | flags::TYPE_SUBCLASS
        | flags::MATCH_SELF
        | flags::ITEMS_AT_END;
    ty.tp_flags.set(ty.tp_flags.get() | base.tp_flags.get() & TAKEN);
    if ty.tp_basicsize.get() == 0 {
        ty.tp_basicsize.set(base.tp_basicsize.get());
    }
    for (to, from) in [
        (&ty.tp_itemsize, &base.tp_itemsize),
        (&ty.tp_weaklistoffset, &base.tp_weaklistoffset),
        (&ty.tp_dictoffset, &base.tp_dictoffset),
    ] {
        if to.get() == 0 {
            to.set(from.get());
        }
    }
}

fn inherit(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    if let Some(base) = ty.base() {
        inherit_special(ty, base);
    }
    let mro = Py::new_ref(ty.mro());
    for b in mro.as_slice().iter().skip(1) {
        // SAFETY: an MRO holds only types.
        let b = unsafe { &*(b.as_ptr() as *const PyType) };
        inherit_slots(py, ty, b)?;
        const COLLECTION: u64 = flags::SEQUENCE | flags::MAPPING;
        if ty.tp_flags.get() & COLLECTION == 0 {
            ty.tp_flags.set(ty.tp_flags.get() | b.tp_flags.get() & COLLECTION);
        }
    }
    if let Some(base) = ty.base() {
        // A type without a suite of its own shares the base's.
        macro_rules! share { ($($f:ident),*) => { $(if ty.$f.get().is_null() { ty.$f.set(base.$f.get()); })* }; }
        share!(tp_as_async, tp_as_number, tp_as_sequence, tp_as_mapping, tp_as_buffer);
        if base.tp_basicsize.get() > ty.tp_basicsize.get() {
            return Err(raise!(
                py,
                TypeError,
                "tp_basicsize for type '{}' ({}) is too small for base '{}' ({})",
                ty.full_name(),
                ty.tp_basicsize.get(),
                base.full_name(),
                base.tp_basicsize.get()
            ));
        }
    }
    Ok(())
}

fn check_preheader(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    let set = |flag: u64, cell: &Cell<isize>, at: isize, flag_name: &str, field: &str| {
        if !ty.has_feature(flag) {
            return Ok(());
        }
        if cell.get() > 0 || cell.get() < at.min(-1) {
            return Err(raise!(
                py,
                TypeError,
                "type {} has the {flag_name} flag but {field} is set to incompatible value",
                ty.full_name()
            ));
        }
        cell.set(at);
        Ok(())
    };
    set(flags::MANAGED_DICT, &ty.tp_dictoffset, -1, "Py_TPFLAGS_MANAGED_DICT", "tp_dictoffset")?;
    set(
        flags::MANAGED_WEAKREF,
        &ty.tp_weaklistoffset,
        MANAGED_WEAKREF_OFFSET,
        "Py_TPFLAGS_MANAGED_WEAKREF",
        "tp_weaklistoffset",
    )
}

/// A type that defines comparison but no hash is unhashable.
fn set_hash(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    if ty.tp_hash.get().is_some() {
        return Ok(());
    }
    let name = id!(py, "__hash__");
    if ty.dict().contains(py, name)? {
        return Ok(());
    }
    ty.dict().set(py, name, crate::singletons::none())?;
    ty.tp_hash.set(Some(PyObject_HashNotImplemented));
    Ok(())
}

/// Enters the type in the subclass lists of its bases.
pub(super) fn enter_in_bases(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    for base in ty.bases().as_slice() {
        // SAFETY: bases hold only types.
        subclasses::add(py, unsafe { &*(base.as_ptr() as *const PyType) }, ty)?;
    }
    Ok(())
}

fn ready_managed_dict(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    if !ty.has_feature(flags::MANAGED_DICT) {
        return Ok(());
    }
    let Some(heap) = ty.as_heap() else {
        return Err(raise!(
            py,
            SystemError,
            "type {} has the Py_TPFLAGS_MANAGED_DICT flag but not Py_TPFLAGS_HEAPTYPE flag",
            ty.full_name()
        ));
    };
    if heap.ht_cached_keys.get().is_null() {
        let attributes = ty.dict().get_str(py, id!(py, "__static_attributes__"))?;
        let attributes = attributes.as_ref().and_then(|a| a.downcast::<PyTuple>());
        let keys = crate::types::dict::inline_values::new_keys_for_class(py, attributes)?;
        heap.ht_cached_keys.set(keys.as_raw().cast());
    }
    if ty.tp_itemsize.get() == 0 {
        ty.tp_flags.set(ty.tp_flags.get() | flags::INLINE_VALUES);
    }
    Ok(())
}

fn check_finished(py: Python, ty: &PyTypeObject) -> PyResult<()> {
    // A type the collector knows must be visitable and be freed with its head.
    if ty.has_feature(flags::HAVE_GC) {
        if ty.tp_traverse.get().is_none() {
            return Err(raise!(
                py,
                SystemError,
                "type {} has the Py_TPFLAGS_HAVE_GC flag but has no traverse function",
                ty.full_name()
            ));
        }
        if ty.tp_free.get().is_some_and(|f| fn_addr_eq(f, PyObject_Free as freefunc)) {
            return Err(raise!(py, SystemError, "type {} has collector heads but frees without them", ty.full_name()));
        }
    }
    Ok(())
}
