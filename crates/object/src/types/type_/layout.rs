//! Instance layouts: which base decides it, and which types can stand in for one another.

use super::PyType;
use crate::typeobj::flags;
use crate::types::object_::PyBaseObject_Type;
use crate::{Py, PyResult, PyTuple, Python, raise};
use core::ptr::{eq, fn_addr_eq};

fn word() -> isize {
    size_of::<usize>() as isize
}

fn shape_differs(a: &PyType, b: &PyType) -> bool {
    a.tp_basicsize.get() != b.tp_basicsize.get() || a.tp_itemsize.get() != b.tp_itemsize.get()
}

/// The nearest class along the `tp_base` chain that added fields of its own to the instance.
pub fn solid_base(ty: &PyType) -> &PyType {
    let base = match ty.base() {
        Some(base) => solid_base(base),
        None => &PyBaseObject_Type,
    };
    if shape_differs(ty, base) { ty } else { base }
}

/// The base whose layout the instances of a class with these `bases` have.
///
/// # Errors
/// TypeError if a base is not a type, may not be subclassed, or two layouts exclude each other.
pub fn best_base<'a>(py: Python, bases: &'a PyTuple) -> PyResult<&'a PyType> {
    let mut found: Option<(&PyType, &PyType)> = None; // the base and the solid base behind it
    for item in bases.as_slice() {
        let Some(base) = PyType::from_object(item) else {
            return Err(raise!(py, TypeError, "bases must be types"));
        };
        if !base.has_feature(flags::READY) {
            base.ready(py)?;
        }
        if !base.has_feature(flags::BASETYPE) {
            return Err(raise!(py, TypeError, "type '{:.100}' is not an acceptable base type", base.full_name()));
        }
        let candidate = solid_base(base);
        found = match found {
            None => Some((base, candidate)),
            Some((_, winner)) if winner.is_subtype(candidate) => found,
            Some((_, winner)) if candidate.is_subtype(winner) => Some((base, candidate)),
            Some(_) => return Err(raise!(py, TypeError, "multiple bases have instance lay-out conflict")),
        };
    }
    match found {
        Some((base, _)) => Ok(base),
        None => Err(raise!(py, TypeError, "bases must be types")),
    }
}

/// The most derived of `metatype` and the metaclasses of `bases` (`_PyType_CalculateMetaclass`).
///
/// # Errors
/// TypeError "metaclass conflict" if none is derived from all others.
pub fn calculate_metaclass<'a>(py: Python, metatype: &'a PyType, bases: &'a PyTuple) -> PyResult<&'a PyType> {
    let mut winner = metatype;
    for base in bases.as_slice() {
        let candidate = base.ty();
        if winner.is_subtype(candidate) {
            continue;
        }
        if candidate.is_subtype(winner) {
            winner = candidate;
            continue;
        }
        return Err(raise!(
            py,
            TypeError,
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases"
        ));
    }
    Ok(winner)
}

/// True if instances of `child` and of its `tp_base` are laid out alike.
fn compatible_with_base(child: &PyType) -> bool {
    let Some(parent) = child.base() else { return false };
    let same_clear = match (child.tp_clear.get(), parent.tp_clear.get()) {
        (Some(a), Some(b)) => fn_addr_eq(a, b),
        (None, None) => true,
        _ => false,
    };
    !shape_differs(child, parent)
        && child.tp_dictoffset.get() == parent.tp_dictoffset.get()
        && child.tp_weaklistoffset.get() == parent.tp_weaklistoffset.get()
        && (child.has_feature(flags::HAVE_GC) == parent.has_feature(flags::HAVE_GC))
        && (same_clear || !child.has_feature(flags::HAVE_GC))
}

/// True if `a` and `b`, which have the same base, added the same slots to it.
fn same_slots_added(py: Python, a: &PyType, b: &PyType) -> PyResult<bool> {
    let Some(base) = a.base() else { return Ok(false) };
    let mut size = base.tp_basicsize.get();
    if a.tp_dictoffset.get() == size && b.tp_dictoffset.get() == size {
        size += word();
    }
    if a.tp_weaklistoffset.get() == size && b.tp_weaklistoffset.get() == size {
        size += word();
    }
    if let (Some(ha), Some(hb)) = (a.as_heap(), b.as_heap()) {
        // SAFETY: ht_slots is null or a tuple.
        let slots =
            unsafe { (Py::from_borrowed_nullable(ha.ht_slots.get()), Py::from_borrowed_nullable(hb.ht_slots.get())) };
        if let (Some(sa), Some(sb)) = slots {
            if !sa.eq(py, &sb)? {
                return Ok(false);
            }
            size += word() * sa.len(py)?;
        }
    }
    Ok(size == a.tp_basicsize.get() && size == b.tp_basicsize.get())
}

/// What is being assigned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Assignment {
    /// `obj.__class__ = new`, where the object's class is the old one.
    Class,
    /// `cls.__bases__ = …`: the old type is the class itself, the new one the best of the new bases.
    Bases,
}

/// Checks that instances laid out by `old` can go on under `new`.
///
/// # Errors
/// TypeError that names `attribute` and what differs.
pub fn check_compatible(py: Python, old: &PyType, new: &PyType, what: Assignment) -> PyResult<()> {
    let attribute = if what == Assignment::Class { "__class__" } else { "__bases__" };
    let from = match what {
        Assignment::Class => old,
        Assignment::Bases => old.base().unwrap_or(old),
    };
    let same_free = match (new.tp_free.get(), from.tp_free.get()) {
        (Some(a), Some(b)) => fn_addr_eq(a, b),
        (None, None) => true,
        _ => false,
    };
    let differs = |part: &str| {
        raise!(
            py,
            TypeError,
            "{attribute} assignment: '{}' {part} differs from '{}'",
            new.full_name(),
            from.full_name()
        )
    };
    if !same_free {
        return Err(differs("deallocator"));
    }
    const MASK: u64 = flags::HAVE_GC | flags::INLINE_VALUES | flags::PREHEADER;
    let (old_flags, new_flags) = (old.tp_flags.get() & MASK, new.tp_flags.get() & MASK);
    let flags_fit = match what {
        Assignment::Class => old_flags == new_flags,
        Assignment::Bases => !old_flags & new_flags == 0,
    };
    if !flags_fit {
        return Err(differs("object layout"));
    }
    let (mut new_base, mut old_base) = (new, from);
    while compatible_with_base(new_base) {
        new_base = new_base.base().unwrap_or(new_base);
    }
    while compatible_with_base(old_base) {
        old_base = old_base.base().unwrap_or(old_base);
    }
    if eq(new_base, old_base) {
        return Ok(());
    }
    if new_base.tp_base.get() != old_base.tp_base.get() || !same_slots_added(py, new_base, old_base)? {
        return Err(differs("object layout"));
    }
    Ok(())
}
