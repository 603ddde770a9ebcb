//! The attributes of type objects: `__name__`, `__module__`, `__bases__`, `__doc__`, annotations … and how a type's
//! attributes are got and set.

use super::glue::c_fn;
use super::layout::{self, Assignment};
use super::{PyType, mro, subclasses, update};
use crate::typeobj::*;
use crate::types::descr::{PyMappingProxy, text};
use crate::{Py, PyDict, PyObject, PyResult, PyStr, PyTuple, PyTypeObject, Python, err, id, raise};
use core::ffi::{CStr, c_void};
use core::ptr::null_mut;

fn as_type(obj: &PyObject) -> &PyType {
    // SAFETY: the getset descriptors of `type` check that the object is a type.
    unsafe { &*(obj.as_ptr() as *const PyType) }
}

/// Refuses to set or delete an attribute that `class` statements set up, where it may not be.
fn check_special(py: Python, ty: &PyType, value: Option<&PyObject>, name: &str) -> PyResult<()> {
    if ty.has_feature(flags::IMMUTABLETYPE) {
        return Err(raise!(py, TypeError, "cannot set '{name}' attribute of immutable type '{}'", ty.full_name()));
    }
    if value.is_none() {
        return Err(raise!(py, TypeError, "cannot delete '{name}' attribute of immutable type '{}'", ty.full_name()));
    }
    (crate::runtime::hooks::get().audit)(py, "object.__setattr__", &[ty, &PyStr::new(py, name)? as &PyObject])
}

/// A type's `__module__`: from its dictionary, or for static types from `tp_name`.
///
/// # Errors
/// AttributeError if a class has none.
pub fn module_of(py: Python, ty: &PyType) -> PyResult {
    if ty.is_heap_type() {
        return match ty.dict().get_str(py, id!(py, "__module__"))? {
            Some(module) => Ok(module),
            None => Err(raise!(py, AttributeError, "__module__")),
        };
    }
    match ty.full_name().rsplit_once('.') {
        Some((module, _)) => Ok(PyStr::intern(py, module)?.into_object()),
        None => Ok(Py::new_ref(id!(py, "builtins")).into_object()),
    }
}

/// A string for `tp_name` or `__name__`.
fn checked_name<'a>(py: Python, ty: &PyType, value: &'a PyObject, attribute: &str) -> PyResult<&'a PyStr> {
    value.downcast::<PyStr>().ok_or_else(|| {
        raise!(
            py,
            TypeError,
            "can only assign string to {}.{attribute}, not '{}'",
            ty.full_name(),
            value.ty().full_name()
        )
    })
}

/// The UTF-8 text of a class name, refused if it has a NUL.
pub(super) fn c_name(py: Python, name: &PyStr) -> PyResult<*const core::ffi::c_char> {
    let text = name.to_str(py)?;
    if text.contains('\0') {
        return Err(raise!(py, ValueError, "type name must not contain null characters"));
    }
    // The cached UTF-8 of a str ends with a NUL.
    Ok(text.as_ptr().cast())
}

/// Replaces an owned pointer in a cell.
pub(super) fn replace_owned(cell: &core::cell::Cell<*mut PyObject>, value: Option<Py>) {
    let old = cell.replace(value.map_or(null_mut(), Py::into_raw));
    if !old.is_null() {
        // SAFETY: the cell owned it.
        unsafe { PyObject::decref(old) }
    }
}

c_fn! {
    fn get_name(py, this: obj, _c: ptr) -> PyResult<Py<PyStr>> { as_type(this).name_object(py) }
    fn set_name(py, this: obj, value: opt, _c: ptr) -> PyResult<()> {
        let ty = as_type(this);
        check_special(py, ty, value, "__name__")?;
        let (Some(value), Some(heap)) = (value, ty.as_heap()) else { return Ok(()) };
        let name = checked_name(py, ty, value, "__name__")?;
        let text = c_name(py, name)?;
        ty.tp_name.set(text);
        replace_owned(&heap.ht_name, Some(Py::new_ref(value)));
        Ok(())
    }
    fn get_qualname(py, this: obj, _c: ptr) -> PyResult<Py<PyStr>> { as_type(this).qualname_object(py) }
    fn set_qualname(py, this: obj, value: opt, _c: ptr) -> PyResult<()> {
        let ty = as_type(this);
        check_special(py, ty, value, "__qualname__")?;
        let (Some(value), Some(heap)) = (value, ty.as_heap()) else { return Ok(()) };
        checked_name(py, ty, value, "__qualname__")?;
        replace_owned(&heap.ht_qualname, Some(Py::new_ref(value)));
        Ok(())
    }
    fn get_module(py, this: obj, _c: ptr) -> PyResult { module_of(py, as_type(this)) }
    fn set_module(py, this: obj, value: opt, _c: ptr) -> PyResult<()> {
        let ty = as_type(this);
        check_special(py, ty, value, "__module__")?;
        let Some(value) = value else { return Ok(()) };
        ty.modified();
        ty.dict().pop(py, id!(py, "__firstlineno__"))?;
        ty.dict().set(py, id!(py, "__module__"), value)
    }
    fn get_bases(py, this: obj, _c: ptr) -> PyResult { Ok(Py::new_ref(as_type(this).bases()).into_object()) }
    fn set_bases(py, this: obj, value: opt, _c: ptr) -> PyResult<()> {
        let ty = as_type(this);
        check_special(py, ty, value, "__bases__")?;
        match value {
            Some(value) => assign_bases(py, ty, value),
            None => Ok(()),
        }
    }
    fn get_dict(py, this: obj, _c: ptr) -> PyResult {
        match as_type(this).try_dict(py) {
            Some(dict) => Ok(PyMappingProxy::new(py, dict)?.into_object()),
            None => Ok(py.none()),
        }
    }
    fn get_abstractmethods(py, this: obj, _c: ptr) -> PyResult {
        let ty = as_type(this);
        // `type` itself holds the descriptor under this name.
        if !core::ptr::eq(ty, &super::PyType_Type) {
            if let Some(found) = ty.dict().get_str(py, id!(py, "__abstractmethods__"))? {
                return Ok(found);
            }
        }
        Err(raise!(py, AttributeError, "__abstractmethods__"))
    }
    fn set_abstractmethods(py, this: obj, value: opt, _c: ptr) -> PyResult<()> {
        let ty = as_type(this);
        let name = id!(py, "__abstractmethods__");
        let is_abstract = match value {
            Some(value) => {
                let truth = value.is_true(py)?;
                ty.dict().set(py, name, value)?;
                truth
            }
            None => {
                if ty.dict().pop(py, name)?.is_none() {
                    return Err(raise!(py, AttributeError, "__abstractmethods__"));
                }
                false
            }
        };
        ty.modified();
        let f = ty.tp_flags.get() & !flags::IS_ABSTRACT;
        ty.tp_flags.set(if is_abstract { f | flags::IS_ABSTRACT } else { f });
        Ok(())
    }
    fn get_doc(py, this: obj, _c: ptr) -> PyResult {
        let ty = as_type(this);
        if !ty.is_heap_type() && !ty.tp_doc.get().is_null() {
            // SAFETY: tp_doc is a C string.
            let doc = unsafe { CStr::from_ptr(ty.tp_doc.get()) }.to_string_lossy();
            return Ok(PyStr::new(py, text::without_signature(ty.name(), &doc))?.into_object());
        }
        let Some(doc) = ty.dict().get_str(py, id!(py, "__doc__"))? else { return Ok(py.none()) };
        match doc.ty().tp_descr_get.get() {
            // SAFETY: a slot called with live objects.
            Some(get) => unsafe { Py::from_owned_or_raised(get(doc.as_ptr(), null_mut(), this.as_ptr())) },
            None => Ok(doc),
        }
    }
    fn set_doc(py, this: obj, value: opt, _c: ptr) -> PyResult<()> {
        let ty = as_type(this);
        check_special(py, ty, value, "__doc__")?;
        let Some(value) = value else { return Ok(()) };
        ty.modified();
        ty.dict().set(py, id!(py, "__doc__"), value)
    }
    fn get_text_signature(py, this: obj, _c: ptr) -> PyResult {
        let ty = as_type(this);
        if ty.tp_doc.get().is_null() {
            return Ok(py.none());
        }
        // SAFETY: tp_doc is a C string.
        let doc = unsafe { CStr::from_ptr(ty.tp_doc.get()) }.to_string_lossy();
        text::signature_object(py, ty.name(), &doc)
    }
    fn get_annotate(py, this: obj, _c: ptr) -> PyResult { annotate_of(py, as_type(this)) }
    fn set_annotate(py, this: obj, value: opt, _c: ptr) -> PyResult<()> {
        let ty = as_type(this);
        let Some(value) = value else {
            return Err(raise!(py, TypeError, "cannot delete __annotate__ attribute"));
        };
        if ty.has_feature(flags::IMMUTABLETYPE) {
            return Err(raise!(py, TypeError, "cannot set '__annotate__' attribute of immutable type '{}'", ty.full_name()));
        }
        if !value.is_none() && !value.is_callable() {
            return Err(raise!(py, TypeError, "__annotate__ must be callable or None"));
        }
        let dict = ty.dict();
        dict.set(py, id!(py, "__annotate_func__"), value)?;
        if !value.is_none() {
            dict.pop(py, id!(py, "__annotations_cache__"))?;
        }
        ty.modified();
        Ok(())
    }
    fn get_annotations(py, this: obj, _c: ptr) -> PyResult {
        let ty = as_type(this);
        if !ty.is_heap_type() {
            return Err(no_attribute(py, ty, id!(py, "__annotations__")));
        }
        let dict = ty.dict();
        let mut found = dict.get_str(py, id!(py, "__annotations__"))?;
        if found.is_none() {
            found = dict.get_str(py, id!(py, "__annotations_cache__"))?;
        }
        if let Some(found) = found {
            return match found.ty().tp_descr_get.get() {
                // SAFETY: a slot called with live objects.
                Some(get) => unsafe { Py::from_owned_or_raised(get(found.as_ptr(), null_mut(), this.as_ptr())) },
                None => Ok(found),
            };
        }
        let annotate = annotate_of(py, ty)?;
        let annotations = if annotate.is_callable() {
            let format = crate::PyLong::from_i64(py, 1)?;
            let result = annotate.call(py, &[&format as &PyObject])?;
            if !PyDict::check(&result) {
                return Err(raise!(py, TypeError, "__annotate__ returned non-dict of type '{}'", result.ty().fully_qualified_name(py)?.to_string_lossy()));
            }
            result
        } else {
            PyDict::new(py)?.into_object()
        };
        dict.set(py, id!(py, "__annotations_cache__"), &annotations)?;
        ty.modified();
        Ok(annotations)
    }
    fn set_annotations(py, this: obj, value: opt, _c: ptr) -> PyResult<()> {
        let ty = as_type(this);
        if ty.has_feature(flags::IMMUTABLETYPE) {
            return Err(raise!(py, TypeError, "cannot set '__annotations__' attribute of immutable type '{}'", ty.full_name()));
        }
        let dict = ty.dict();
        let (plain, cache) = (id!(py, "__annotations__"), id!(py, "__annotations_cache__"));
        match value {
            Some(value) => {
                let key = if dict.contains(py, plain)? { plain } else { cache };
                dict.set(py, key, value)?;
            }
            None => {
                if dict.pop(py, plain)?.is_none() && dict.pop(py, cache)?.is_none() {
                    return Err(raise!(py, AttributeError, "__annotations__"));
                }
            }
        }
        dict.pop(py, id!(py, "__annotate_func__"))?;
        dict.pop(py, id!(py, "__annotate__"))?;
        ty.modified();
        Ok(())
    }
    fn get_type_params(py, this: obj, _c: ptr) -> PyResult {
        let ty = as_type(this);
        if !core::ptr::eq(ty, &super::PyType_Type) {
            if let Some(params) = ty.dict().get_str(py, id!(py, "__type_params__"))? {
                return Ok(params);
            }
        }
        Ok(PyTuple::empty(py).into_object())
    }
    fn set_type_params(py, this: obj, value: opt, _c: ptr) -> PyResult<()> {
        let ty = as_type(this);
        check_special(py, ty, value, "__type_params__")?;
        let Some(value) = value else { return Ok(()) };
        ty.dict().set(py, id!(py, "__type_params__"), value)?;
        ty.modified();
        Ok(())
    }
}

/// A class's `__annotate__`, None if it has no annotations.
fn annotate_of(py: Python, ty: &PyType) -> PyResult {
    if !ty.is_heap_type() {
        return Err(no_attribute(py, ty, id!(py, "__annotate__")));
    }
    let dict = ty.dict();
    let mut found = dict.get_str(py, id!(py, "__annotate_func__"))?;
    if found.is_none() {
        found = dict.get_str(py, id!(py, "__annotate__"))?;
    }
    match found {
        Some(found) => match found.ty().tp_descr_get.get() {
            // SAFETY: a slot called with live objects.
            Some(get) => unsafe { Py::from_owned_or_raised(get(found.as_ptr(), null_mut(), ty.as_ptr())) },
            None => Ok(found),
        },
        None => {
            dict.set(py, id!(py, "__annotate_func__"), crate::singletons::none())?;
            ty.modified();
            Ok(py.none())
        }
    }
}

/// `cls.__bases__ = value`.
fn assign_bases(py: Python, ty: &PyType, value: &PyObject) -> PyResult<()> {
    let Some(new_bases) = value.downcast::<PyTuple>() else {
        return Err(raise!(
            py,
            TypeError,
            "can only assign tuple to {}.__bases__, not {}",
            ty.full_name(),
            value.ty().full_name()
        ));
    };
    if new_bases.len() == 0 {
        return Err(raise!(py, TypeError, "can only assign non-empty tuple to {}.__bases__, not ()", ty.full_name()));
    }
    for base in new_bases.as_slice() {
        let Some(base) = PyType::from_object(base) else {
            return Err(raise!(
                py,
                TypeError,
                "{}.__bases__ must be tuple of classes, not '{}'",
                ty.full_name(),
                base.ty().full_name()
            ));
        };
        // A custom mro() may leave bases out of the MRO: follow tp_base as well.
        let mut above = base.base();
        let mut cycle = base.is_subtype(ty);
        while let Some(b) = above {
            cycle |= core::ptr::eq(b, ty);
            above = b.base();
        }
        if cycle {
            return Err(raise!(py, TypeError, "a __bases__ item causes an inheritance cycle"));
        }
    }
    let new_base = layout::best_base(py, new_bases)?;
    layout::check_compatible(py, ty, new_base, Assignment::Bases)?;
    // SAFETY: the type owns its bases; both old values are kept to be put back or dropped at the end.
    let (old_bases, old_base) =
        unsafe { (Py::from_borrowed(ty.tp_bases.get() as *const PyTuple), Py::from_borrowed(ty.tp_base.get())) };
    let put = |bases: &PyTuple, base: &PyType| {
        replace_owned(&ty.tp_bases, Some(Py::new_ref(bases).into_object()));
        let old = ty.tp_base.replace(Py::new_ref(base).into_raw());
        // SAFETY: a heap type owns its base.
        unsafe { PyObject::decref(old as *const PyObject) }
    };
    put(new_bases, new_base);
    let mut undo = Vec::new();
    if let Err(raised) = mro_with_subclasses(py, ty, &mut undo) {
        for (changed, old, new) in undo.into_iter().rev() {
            // Only if nobody has set it anew meanwhile.
            if changed.tp_mro.get() == new.as_raw() as *mut PyObject {
                replace_owned(&changed.tp_mro, old.map(Py::into_object));
                changed.modified();
            }
        }
        if ty.tp_bases.get() == new_bases.as_ptr() {
            put(&old_bases, &old_base);
        }
        return Err(raised);
    }
    // Code of mro() may have assigned __bases__ again.
    if ty.tp_bases.get() == new_bases.as_ptr() {
        for base in old_bases.as_slice() {
            subclasses::remove(py, as_type(base), ty);
        }
        super::ready::enter_in_bases(py, ty)?;
        update::update_all(py, ty)?;
    }
    ty.modified();
    Ok(())
}

type Undo = Vec<(Py<PyTypeObject>, Option<Py<PyTuple>>, Py<PyTuple>)>;

/// Computes the MRO of the type and of all its subclasses again.
fn mro_with_subclasses(py: Python, ty: &PyType, undo: &mut Undo) -> PyResult<()> {
    let Some(old) = mro::set(py, ty)? else { return Ok(()) };
    undo.push((Py::new_ref(ty), old, Py::new_ref(ty.mro())));
    for sub in subclasses::alive(py, ty) {
        mro_with_subclasses(py, &sub, undo)?;
    }
    Ok(())
}

/// "type object 'X' has no attribute 'y'".
#[cold]
pub(super) fn no_attribute(py: Python, ty: &PyType, name: &PyStr) -> crate::Raised {
    let raised = raise!(
        py,
        AttributeError,
        "type object '{:.100}' has no attribute '{}'",
        ty.full_name(),
        name.to_string_lossy()
    );
    crate::abstracts::object::set_attribute_error_context(py, ty, name);
    raised
}

/// Looks an attribute of a type up; `None` for "not there", without an exception being made.
pub fn getattr_opt(py: Python, ty: &PyType, name: &PyStr) -> PyResult<Option<Py>> {
    let metatype = ty.metatype();
    let meta = metatype.lookup(py, name);
    let mut meta_get = None;
    if let Some(descr) = &meta {
        meta_get = descr.ty().tp_descr_get.get();
        if let Some(get) = meta_get {
            if descr.ty().tp_descr_set.get().is_some() {
                // SAFETY: a slot called with live objects.
                return unsafe { Py::from_owned_or_raised(get(descr.as_ptr(), ty.as_ptr(), metatype.as_ptr())) }
                    .map(Some);
            }
        }
    }
    if let Some(found) = ty.lookup(py, name) {
        return match found.ty().tp_descr_get.get() {
            // SAFETY: as above; null says that the attribute is got from the class.
            Some(get) => unsafe { Py::from_owned_or_raised(get(found.as_ptr(), null_mut(), ty.as_ptr())) }.map(Some),
            None => Ok(Some(found)),
        };
    }
    match (meta, meta_get) {
        // SAFETY: as above.
        (Some(descr), Some(get)) => {
            unsafe { Py::from_owned_or_raised(get(descr.as_ptr(), ty.as_ptr(), metatype.as_ptr())) }.map(Some)
        }
        (meta, _) => Ok(meta),
    }
}

c_fn! {
    /// `tp_getattro` of types.
    pub fn type_getattro(py, this: obj, name: obj) -> PyResult {
        let ty = as_type(this);
        let name = crate::abstracts::object::attribute_name(py, name)?;
        match getattr_opt(py, ty, name)? {
            Some(value) => Ok(value),
            None => Err(no_attribute(py, ty, name)),
        }
    }
    /// `tp_setattro` of types: generic, then the attribute cache and the slots follow.
    pub fn type_setattro(py, this: obj, name: obj, value: opt) -> PyResult<()> {
        let ty = as_type(this);
        if ty.has_feature(flags::IMMUTABLETYPE) {
            return Err(raise!(
                py, TypeError, "cannot set {} attribute of immutable type '{}'",
                name.repr(py)?.to_string_lossy(), ty.full_name()
            ));
        }
        let name = crate::abstracts::object::attribute_name(py, name)?;
        // Interned, so that the tables can compare by address.
        let name = if name.is_type(&crate::types::str_::PyUnicode_Type) {
            PyStr::intern_in_place(py, Py::new_ref(name))
        } else {
            PyStr::intern(py, name.to_str(py)?)?
        };
        ty.modified();
        let result = crate::abstracts::object::type_generic_setattr(py, ty, &name, value);
        // Deleting the old value may have run code that looked the name up in between.
        ty.modified();
        result?;
        if update::is_dunder(&name) {
            update::update_name(py, ty, &name)?;
        }
        Ok(())
    }
    /// `repr(cls)`.
    pub fn type_repr(py, this: obj) -> PyResult<Py<PyStr>> {
        let ty = as_type(this);
        let module = match module_of(py, ty) {
            Ok(module) => Some(module),
            Err(_) => {
                err::clear(py);
                None
            }
        };
        let module = module.as_ref().and_then(|m| m.downcast::<PyStr>());
        let qualname = ty.qualname_object(py)?;
        match module {
            Some(m) if !m.eq_str("builtins") => {
                PyStr::new(py, &format!("<class '{}.{}'>", m.to_string_lossy(), qualname.to_string_lossy()))
            }
            _ => PyStr::new(py, &format!("<class '{}'>", ty.full_name())),
        }
    }
}

const fn getset(
    name: &'static CStr,
    get: unsafe extern "C" fn(*mut PyObject, *mut c_void) -> *mut PyObject,
    set: Option<setter>,
) -> PyGetSetDef {
    PyGetSetDef { name: name.as_ptr(), get: Some(get), set, doc: core::ptr::null(), closure: null_mut() }
}

/// The computed attributes of `type`.
pub(super) static GETSETS: [PyGetSetDef; 12] = [
    getset(c"__name__", get_name, Some(set_name)),
    getset(c"__qualname__", get_qualname, Some(set_qualname)),
    getset(c"__bases__", get_bases, Some(set_bases)),
    getset(c"__module__", get_module, Some(set_module)),
    getset(c"__abstractmethods__", get_abstractmethods, Some(set_abstractmethods)),
    getset(c"__dict__", get_dict, None),
    getset(c"__doc__", get_doc, Some(set_doc)),
    getset(c"__text_signature__", get_text_signature, None),
    getset(c"__annotations__", get_annotations, Some(set_annotations)),
    getset(c"__annotate__", get_annotate, Some(set_annotate)),
    getset(c"__type_params__", get_type_params, Some(set_type_params)),
    PyGetSetDef::END,
];

const fn member(name: &'static CStr, type_: core::ffi::c_int, offset: usize) -> PyMemberDef {
    PyMemberDef {
        name: name.as_ptr(),
        type_,
        offset: offset as isize,
        flags: member_flags::READONLY,
        doc: core::ptr::null(),
    }
}

/// The attributes of `type` that are fields.
pub(super) static MEMBERS: [PyMemberDef; 8] = [
    member(c"__basicsize__", member_type::PYSSIZET, core::mem::offset_of!(PyTypeObject, tp_basicsize)),
    member(c"__itemsize__", member_type::PYSSIZET, core::mem::offset_of!(PyTypeObject, tp_itemsize)),
    member(c"__flags__", member_type::ULONG, core::mem::offset_of!(PyTypeObject, tp_flags)),
    member(c"__weakrefoffset__", member_type::PYSSIZET, core::mem::offset_of!(PyTypeObject, tp_weaklistoffset)),
    member(c"__base__", member_type::OBJECT, core::mem::offset_of!(PyTypeObject, tp_base)),
    member(c"__dictoffset__", member_type::PYSSIZET, core::mem::offset_of!(PyTypeObject, tp_dictoffset)),
    member(c"__mro__", member_type::OBJECT, core::mem::offset_of!(PyTypeObject, tp_mro)),
    PyMemberDef::END,
];
