//! `LOAD_ATTR`, `STORE_ATTR`, `LOAD_SUPER_ATTR`.

use super::{failed, specialized};
use crate::eval::dispatch::{set_cache_u16, set_cache_u32, set_cache_u64};
use crate::eval::{Ip, Opcode, Sp};
use taipan_object::abstracts::object::has_generic_getattr;
use taipan_object::typeobj::{flags, member_type};
use taipan_object::types::descr::{PyMemberDescr, PyMemberDescr_Type, PyProperty, PyProperty_Type};
use taipan_object::types::dict::inline_values;
use taipan_object::types::dict::table::keys_version;
use taipan_object::types::frame::StackRef;
use taipan_object::types::function::PyFunction_Type;
use taipan_object::types::module::{PyModule, PyModule_Type};
use taipan_object::types::super_::PySuper_Type;
use taipan_object::types::type_::PyType_Type;
use taipan_object::{Py, PyFunction, PyObject, PyStr, PyType, Python};

/// What the type says about a name.
enum Kind {
    /// Nothing: an instance attribute, if anything.
    Absent,
    /// A plain function or method descriptor: may be called without binding.
    Method,
    /// A slot of the C struct at this offset.
    Slot(isize),
    Property,
    /// A value without `__get__`.
    Plain,
    /// Has `__set__`.
    DataDescriptor,
    /// Has `__get__` only.
    NonDataDescriptor,
}

unsafe fn classify(descr: *mut PyObject, store: bool) -> Kind {
    // SAFETY: null or an attribute of a live class.
    unsafe {
        let Some(d) = descr.as_ref() else { return Kind::Absent };
        let ty = d.ty();
        if ty.tp_descr_set.get().is_some() {
            if d.is_type(&PyMemberDescr_Type) {
                let def = (*(d as *const PyObject as *const PyMemberDescr)).def();
                if def.type_ == member_type::OBJECT_EX && (!store || def.flags & 1 == 0) && def.flags & 2 == 0 {
                    return Kind::Slot(def.offset);
                }
                return Kind::DataDescriptor;
            }
            if d.is_type(&PyProperty_Type) {
                return Kind::Property;
            }
            return Kind::DataDescriptor;
        }
        if ty.tp_descr_get.get().is_some() {
            return if ty.has_feature(flags::METHOD_DESCRIPTOR) { Kind::Method } else { Kind::NonDataDescriptor };
        }
        Kind::Plain
    }
}

/// Rewrites the `LOAD_ATTR` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn load_attr(py: Python, ip: Ip, sp: Sp, name: &PyStr, oparg: usize) {
    // SAFETY: the owner is on top of the stack; the instruction has nine cache units.
    unsafe {
        let owner = (*sp.sub(1)).get();
        if !rewrite_load(py, ip, owner, name, oparg & 1 != 0) {
            failed(ip);
        }
    }
}

unsafe fn rewrite_load(py: Python, ip: Ip, owner: &PyObject, name: &PyStr, method: bool) -> bool {
    // SAFETY: by the caller.
    unsafe {
        let ty = owner.ty();
        if !ty.has_feature(flags::READY) {
            return false;
        }
        if owner.is_type(&PyModule_Type) {
            let dict = (*(owner.as_ptr() as *const PyModule)).dict();
            if !dict.table().is_unicode() || dict.split_values().is_some() {
                return false;
            }
            let Some(i) = dict.string_lookup(name).and_then(|i| u16::try_from(i).ok()) else { return false };
            let version = keys_version(py, dict.table());
            if version == 0 {
                return false;
            }
            set_cache_u32(ip, 2, version);
            set_cache_u16(ip, 4, i);
            specialized(ip, Opcode::LOAD_ATTR_MODULE);
            return true;
        }
        if let Some(class) = PyType::from_object(owner) {
            return rewrite_class(py, ip, owner, class, name);
        }
        let descr = ty.lookup_raw(py, name);
        let version = ty.assign_version(py);
        if version == 0 {
            return false;
        }
        if !has_generic_getattr(ty) {
            return rewrite_getattribute(py, ip, ty, version, method);
        }
        let kind = classify(descr, false);
        set_cache_u32(ip, 2, version);
        match kind {
            Kind::Slot(offset) if !method => match u16::try_from(offset) {
                Ok(offset) => {
                    set_cache_u16(ip, 4, offset);
                    specialized(ip, Opcode::LOAD_ATTR_SLOT);
                    true
                }
                Err(_) => false,
            },
            Kind::Property if !method => {
                // The property keeps its getter, and the type's version the property.
                let Some(f) = (*(descr as *const PyProperty)).getter_function() else { return false };
                if !f.is_type(&PyFunction_Type) {
                    return false;
                }
                let f = &*(f.as_raw() as *const PyFunction);
                let fv = crate::function::version(py, f);
                if !super::call::is_simple(f.code(), 1) || fv == 0 {
                    return false;
                }
                set_cache_u32(ip, 4, fv);
                set_cache_u64(ip, 6, f as *const PyFunction as u64);
                specialized(ip, Opcode::LOAD_ATTR_PROPERTY);
                true
            }
            Kind::Method | Kind::Plain => {
                if shadowed(owner, name) {
                    return rewrite_instance(ip, owner, name);
                }
                let is_method = matches!(kind, Kind::Method);
                if is_method != method {
                    return false;
                }
                rewrite_descriptor(py, ip, owner, descr, name, is_method)
            }
            Kind::Absent => rewrite_instance(ip, owner, name),
            _ => false,
        }
    }
}

/// True if the instance itself has an attribute of this name.
unsafe fn shadowed(owner: &PyObject, name: &PyStr) -> bool {
    // SAFETY: by the caller.
    unsafe {
        let ty = owner.ty();
        if ty.has_feature(flags::INLINE_VALUES) && inline_values::of(owner).is_valid() {
            return matches!(inline_values::lookup(owner, name), inline_values::Lookup::Found(_));
        }
        if ty.has_feature(flags::MANAGED_DICT) {
            return inline_values::managed_dict(owner).is_some_and(|d| d.string_lookup(name).is_some());
        }
        false
    }
}

/// An attribute of the instance.
unsafe fn rewrite_instance(ip: Ip, owner: &PyObject, name: &PyStr) -> bool {
    // SAFETY: by the caller.
    unsafe {
        let ty = owner.ty();
        if ty.has_feature(flags::INLINE_VALUES) && inline_values::of(owner).is_valid() {
            let Some(keys) = inline_values::cached_keys(ty) else { return false };
            let i = keys.lookup_unicode(name, name.hash_value());
            if i < 0 {
                return false;
            }
            // The values begin eight bytes into their block, which follows the object's fields.
            let Ok(offset) = u16::try_from(ty.tp_basicsize.get() + 8 + i * 8) else { return false };
            set_cache_u16(ip, 4, offset);
            specialized(ip, Opcode::LOAD_ATTR_INSTANCE_VALUE);
            return true;
        }
        if ty.has_feature(flags::MANAGED_DICT) {
            let Some(dict) = inline_values::managed_dict(owner) else { return false };
            if !dict.table().is_unicode() || dict.split_values().is_some() {
                return false;
            }
            let Some(i) = dict.string_lookup(name).and_then(|i| u16::try_from(i).ok()) else { return false };
            set_cache_u16(ip, 4, i);
            specialized(ip, Opcode::LOAD_ATTR_WITH_HINT);
            return true;
        }
        false
    }
}

/// A method or plain value of the class that the instance does not shadow.
unsafe fn rewrite_descriptor(
    py: Python,
    ip: Ip,
    owner: &PyObject,
    descr: *mut PyObject,
    _name: &PyStr,
    method: bool,
) -> bool {
    // SAFETY: by the caller.
    unsafe {
        let ty = owner.ty();
        set_cache_u64(ip, 6, descr as u64);
        if ty.has_feature(flags::INLINE_VALUES) {
            let Some(keys) = inline_values::cached_keys(ty) else { return false };
            if !inline_values::of(owner).is_valid() {
                return false;
            }
            let version = keys_version(py, keys);
            if version == 0 {
                return false;
            }
            set_cache_u32(ip, 4, version);
            specialized(
                ip,
                if method { Opcode::LOAD_ATTR_METHOD_WITH_VALUES } else { Opcode::LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES },
            );
            return true;
        }
        let offset = if ty.has_feature(flags::MANAGED_DICT) {
            inline_values::MANAGED_DICT_WORD * 8
        } else {
            ty.tp_dictoffset.get()
        };
        if offset == 0 {
            let to = if method { Opcode::LOAD_ATTR_METHOD_NO_DICT } else { Opcode::LOAD_ATTR_NONDESCRIPTOR_NO_DICT };
            specialized(ip, to);
            return true;
        }
        if !method || !(-(1 << 15)..1 << 15).contains(&offset) || (offset < 0 && !ty.has_feature(flags::MANAGED_DICT)) {
            return false;
        }
        let dict = *((owner.as_ptr() as *const u8).offset(offset) as *const *mut PyObject);
        if !dict.is_null() {
            return false;
        }
        set_cache_u16(ip, 4, offset as i16 as u16);
        specialized(ip, Opcode::LOAD_ATTR_METHOD_LAZY_DICT);
        true
    }
}

/// An attribute of a class, found along its MRO, which the metaclass does not override.
unsafe fn rewrite_class(py: Python, ip: Ip, owner: &PyObject, class: &PyType, name: &PyStr) -> bool {
    // SAFETY: by the caller.
    unsafe {
        let meta = owner.ty();
        if !core::ptr::eq(meta, &raw const PyType_Type) {
            let same = match (meta.tp_getattro.get(), PyType_Type.tp_getattro.get()) {
                (Some(a), Some(b)) => core::ptr::fn_addr_eq(a, b),
                _ => false,
            };
            if !same {
                return false;
            }
        }
        let meta_descr = meta.lookup_raw(py, name);
        if let Some(d) = meta_descr.as_ref() {
            if d.ty().tp_descr_set.get().is_some() {
                return false;
            }
        }
        let meta_version = meta.assign_version(py);
        let descr = class.lookup_raw(py, name);
        let version = class.assign_version(py);
        if version == 0 || descr.is_null() {
            return false;
        }
        // A function of the class comes as it is; anything else with __get__ must be asked.
        let ty = (*descr).ty();
        if ty.tp_descr_get.get().is_some()
            && !(*descr).is_type(&PyFunction_Type)
            && !ty.has_feature(flags::METHOD_DESCRIPTOR)
        {
            return false;
        }
        set_cache_u32(ip, 2, version);
        set_cache_u64(ip, 6, descr as u64);
        if core::ptr::eq(meta, &raw const PyType_Type) || meta.has_feature(flags::IMMUTABLETYPE) {
            specialized(ip, Opcode::LOAD_ATTR_CLASS);
        } else {
            if meta_version == 0 {
                return false;
            }
            set_cache_u32(ip, 4, meta_version);
            specialized(ip, Opcode::LOAD_ATTR_CLASS_WITH_METACLASS_CHECK);
        }
        true
    }
}

/// A class with a Python `__getattribute__` and no `__getattr__`.
unsafe fn rewrite_getattribute(py: Python, ip: Ip, ty: &PyType, version: u32, method: bool) -> bool {
    // SAFETY: by the caller.
    unsafe {
        if method || !ty.is_heap_type() || !ty.lookup_raw(py, taipan_object::id!(py, "__getattr__")).is_null() {
            return false;
        }
        let f = ty.lookup_raw(py, taipan_object::id!(py, "__getattribute__"));
        if f.is_null() || !(*f).is_type(&PyFunction_Type) {
            return false;
        }
        let f = &*(f as *const PyFunction);
        let fv = crate::function::version(py, f);
        if fv == 0 || !super::call::is_simple(f.code(), 2) {
            return false;
        }
        set_cache_u32(ip, 2, version);
        set_cache_u32(ip, 4, fv);
        set_cache_u64(ip, 6, f as *const PyFunction as u64);
        specialized(ip, Opcode::LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN);
        true
    }
}

/// Rewrites the `STORE_ATTR` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn store_attr(py: Python, ip: Ip, sp: Sp, name: &PyStr) {
    // SAFETY: the owner is on top of the stack; the instruction has four cache units.
    unsafe {
        if !rewrite_store(py, ip, (*sp.sub(1)).get(), name) {
            failed(ip);
        }
    }
}

unsafe fn rewrite_store(py: Python, ip: Ip, owner: &PyObject, name: &PyStr) -> bool {
    // SAFETY: by the caller.
    unsafe {
        let ty = owner.ty();
        if !taipan_object::abstracts::object::has_generic_setattr(ty) || PyType::from_object(owner).is_some() {
            return false;
        }
        let descr = ty.lookup_raw(py, name);
        let version = ty.assign_version(py);
        if version == 0 {
            return false;
        }
        set_cache_u32(ip, 2, version);
        match classify(descr, true) {
            Kind::Slot(offset) => match u16::try_from(offset) {
                Ok(offset) => {
                    set_cache_u16(ip, 4, offset);
                    specialized(ip, Opcode::STORE_ATTR_SLOT);
                    true
                }
                Err(_) => false,
            },
            Kind::Absent | Kind::Plain | Kind::Method | Kind::NonDataDescriptor => {
                if ty.has_feature(flags::INLINE_VALUES)
                    && inline_values::of(owner).is_valid()
                    && inline_values::managed_dict(owner).is_none()
                {
                    let Some(keys) = inline_values::cached_keys(ty) else { return false };
                    let i = keys.lookup_unicode(name, name.hash_value());
                    if i < 0 {
                        return false;
                    }
                    set_cache_u16(ip, 4, i as u16);
                    specialized(ip, Opcode::STORE_ATTR_INSTANCE_VALUE);
                    return true;
                }
                if ty.has_feature(flags::MANAGED_DICT) {
                    let Some(dict) = inline_values::managed_dict(owner) else { return false };
                    if !dict.table().is_unicode() || dict.split_values().is_some() {
                        return false;
                    }
                    let Some(i) = dict.string_lookup(name).and_then(|i| u16::try_from(i).ok()) else { return false };
                    set_cache_u16(ip, 4, i);
                    specialized(ip, Opcode::STORE_ATTR_WITH_HINT);
                    return true;
                }
                false
            }
            _ => false,
        }
    }
}

/// True if somebody watches the owner's dict, so that it must be changed the long way.
///
/// # Safety
/// The owner has a managed dict.
pub unsafe fn dict_is_watched(owner: StackRef) -> bool {
    // SAFETY: by contract.
    unsafe { inline_values::managed_dict(owner.as_ptr()).is_none_or(|d| d.is_watched()) }
}

/// Replaces the value of entry `i` of the owner's dict; the old one is the caller's to close.
///
/// # Safety
/// The entry exists and was checked.
pub unsafe fn overwrite_hinted(owner: StackRef, i: usize, value: Py<PyObject>) {
    // SAFETY: by contract.
    unsafe {
        if let Some(d) = inline_values::managed_dict(owner.as_ptr()) {
            d.table().set_value(i, value.into_raw());
        }
    }
}

/// True if the reference is the built-in `super`.
///
/// # Safety
/// A live reference.
#[inline(always)]
pub unsafe fn is_builtin_super(v: StackRef) -> bool {
    core::ptr::eq(v.as_ptr() as *const PyType, &raw const PySuper_Type)
}

/// Rewrites the `LOAD_SUPER_ATTR` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn load_super_attr(ip: Ip, sp: Sp, oparg: usize) {
    // SAFETY: super, class and self are on the stack.
    unsafe {
        if !is_builtin_super(*sp.sub(3)) || PyType::from_object((*sp.sub(2)).get()).is_none() {
            return failed(ip);
        }
        // A method call is told by its bit; the class's metaclass plays no part.
        specialized(ip, if oparg & 1 != 0 { Opcode::LOAD_SUPER_ATTR_METHOD } else { Opcode::LOAD_SUPER_ATTR_ATTR })
    }
}
