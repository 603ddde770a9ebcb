//! The method resolution order: the C3 merge, `mro()` of metaclasses, and what a change of it brings about.

use super::{PyType_Type, layout};
use crate::typeobj::flags;
use crate::{Py, PyObject, PyResult, PyTuple, PyType, Python, id, raise};
use core::ptr::{eq, null_mut};

/// C3 over the bases of `ty` (`type.mro`).
pub fn compute(py: Python, ty: &PyType) -> PyResult<Vec<Py>> {
    let bases = ty.bases().as_slice();
    for base in bases {
        let base = as_type(base);
        if base.try_mro().is_none() {
            return Err(raise!(py, TypeError, "Cannot extend an incomplete type '{:.100}'", base.full_name()));
        }
    }
    if let [only] = bases {
        // The usual case: nothing to merge.
        let inherited = as_type(only).mro().as_slice();
        let mut mro = Vec::with_capacity(inherited.len() + 1);
        mro.push(Py::new_ref(ty as &PyObject));
        mro.extend(inherited.iter().cloned());
        return Ok(mro);
    }
    for (i, base) in bases.iter().enumerate() {
        if bases[i + 1..].iter().any(|other| other.is(base)) {
            return Err(raise!(py, TypeError, "duplicate base class {}", as_type(base).name()));
        }
    }
    // Each sequence with how much of it is already taken.
    let mut sequences: Vec<(&[Py], usize)> = bases.iter().map(|b| (as_type(b).mro().as_slice(), 0)).collect();
    sequences.push((bases, 0));
    let mut mro = vec![Py::new_ref(ty as &PyObject)];
    loop {
        let mut open = sequences.iter().filter(|(s, at)| *at < s.len()).peekable();
        if open.peek().is_none() {
            return Ok(mro);
        }
        let next = open
            .map(|(s, at)| &s[*at])
            .find(|head| !sequences.iter().any(|(s, at)| s.iter().skip(at + 1).any(|other| other.is(head))))
            .cloned();
        let Some(next) = next else {
            return Err(conflict(py, &sequences));
        };
        for (s, at) in &mut sequences {
            if s.get(*at).is_some_and(|head| head.is(&next)) {
                *at += 1;
            }
        }
        mro.push(next);
    }
}

/// The merge found no class that no other must precede.
fn conflict(py: Python, sequences: &[(&[Py], usize)]) -> crate::Raised {
    let mut names: Vec<String> = Vec::new();
    let mut seen: Vec<*mut PyObject> = Vec::new();
    for (s, at) in sequences {
        if let Some(head) = s.get(*at) {
            if !seen.contains(&head.as_ptr()) {
                seen.push(head.as_ptr());
                names.push(as_type(head).name().to_owned());
            }
        }
    }
    raise!(py, TypeError, "Cannot create a consistent method resolution order (MRO) for bases {}", names.join(", "))
}

fn as_type(obj: &PyObject) -> &PyType {
    // SAFETY: bases and MROs hold only types.
    unsafe { &*(obj.as_ptr() as *const PyType) }
}

/// Computes the MRO, through the metaclass's own `mro()` if it has one, and checks it. `None`: the MRO was set by code that ran
/// meanwhile.
fn invoke(py: Python, ty: &PyType) -> PyResult<Py<PyTuple>> {
    if eq(ty.metatype(), &PyType_Type) {
        return PyTuple::from_vec(py, compute(py, ty)?);
    }
    let Some(method) = ty.lookup_special(py, id!(py, "mro"))? else {
        return PyTuple::from_vec(py, compute(py, ty)?);
    };
    let result = method.call0(py)?;
    let mro = crate::abstracts::sequence::to_tuple(py, &result)?;
    let solid = layout::solid_base(ty);
    for item in mro.as_slice() {
        let Some(base) = PyType::from_object(item) else {
            return Err(raise!(py, TypeError, "mro() returned a non-class ('{}')", item.ty().full_name()));
        };
        if !solid.is_subtype(layout::solid_base(base)) {
            return Err(raise!(py, TypeError, "mro() returned base with unsuitable layout ('{}')", base.full_name()));
        }
    }
    Ok(mro)
}

/// Sets `tp_mro` anew. `Ok(None)` if code of a metaclass's `mro()` has set it meanwhile; else the old MRO, if any.
pub(super) fn set(py: Python, ty: &PyType) -> PyResult<Option<Option<Py<PyTuple>>>> {
    let old = ty.tp_mro.get();
    // Kept, so that its address cannot be reused while the comparison below matters.
    // SAFETY: tp_mro is null or a tuple.
    let keep = unsafe { Py::from_borrowed_nullable(old as *const PyTuple) };
    let new = invoke(py, ty)?;
    if ty.tp_mro.get() != old {
        return Ok(None);
    }
    ty.tp_mro.set(new.into_raw_object());
    if !old.is_null() {
        // SAFETY: the type owned the old tuple; `keep` still does.
        unsafe { PyObject::decref(old) }
    }
    check_cacheable(py, ty);
    if !ty.has_feature(flags::STATIC_BUILTIN) {
        ty.modified();
    } else {
        ty.set_version(py, 0);
    }
    Ok(Some(keep))
}

/// Lookups in `ty` may be cached only if its MRO follows from its bases: a metaclass with its own `mro()` ends that
/// (`type_mro_modified`).
pub(super) fn check_cacheable(py: Python, ty: &PyType) {
    let custom = !eq(ty.metatype(), &PyType_Type) && {
        let own = ty.metatype().lookup_raw(py, id!(py, "mro"));
        let plain = PyType_Type.lookup_raw(py, id!(py, "mro"));
        own != plain
    };
    let bases = ty.tp_bases.get();
    // SAFETY: tp_bases is null or a tuple of types.
    let strange = !bases.is_null()
        && unsafe { (*(bases as *const PyTuple)).as_slice() }.iter().any(|b| !ty.is_subtype(as_type(b)));
    if custom || strange {
        ty.set_version(py, 0);
        ty.tp_versions_used.set(super::cache::ATTR_CACHE_UNUSED);
        if let Some(heap) = ty.as_heap() {
            heap._spec_cache.getitem.set(null_mut());
        }
    }
}
