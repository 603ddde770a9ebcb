//! Structural pattern matching (PEP 634).

use super::calls::{close_all, raw};
use crate::{next, op, peek, push, throw};
use core::ptr::null_mut;
use taipan_object::typeobj::flags;
use taipan_object::types::frame::StackRef;
use taipan_object::{Py, PyObject, PyResult, PySet, PyStr, PyTuple, PyType, Python, err, exceptions, id, raise};

op!(MATCH_MAPPING(ip, sp, frame, ts, oparg) {
    push!(sp, StackRef::bool(peek!(sp, 1).get().ty().has_feature(flags::MAPPING)));
    next!(ip, sp, frame, ts)
});
op!(MATCH_SEQUENCE(ip, sp, frame, ts, oparg) {
    push!(sp, StackRef::bool(peek!(sp, 1).get().ty().has_feature(flags::SEQUENCE)));
    next!(ip, sp, frame, ts)
});
op!(MATCH_KEYS(ip, sp, frame, ts, oparg) {
    // Stack: the subject, the tuple of keys. Pushes a tuple of values, or None.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let result = raw(match_keys(Python::assume(), peek!(sp, 2), peek!(sp, 1)));
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn match_keys(py: Python, subject: StackRef, keys: StackRef) -> PyResult {
    // SAFETY: live references; the keys are a tuple of the compiler's.
    let (map, keys) = unsafe { (subject.get(), &*(keys.as_ptr() as *const PyTuple)) };
    if keys.len() == 0 {
        return Ok(PyTuple::empty(py).into_object());
    }
    // `get` with a marker, not `[]`: a defaultdict must not grow.
    let get = map.getattr(py, id!(py, "get"))?;
    let marker = taipan_object::types::object_::PyBaseObject_Type.call(py, &[])?;
    let seen = PySet::new(py)?;
    let mut values = Vec::with_capacity(keys.len());
    for i in 0..keys.len() {
        let key = keys.get(i);
        if seen.contains(py, key)? {
            return Err(raise!(py, ValueError, "mapping pattern checks duplicate key ({})", key.repr(py)?));
        }
        seen.add(py, key)?;
        let value = get.call(py, &[key, marker.as_object()])?;
        if value.is(&marker) {
            return Ok(py.none());
        }
        values.push(value);
    }
    Ok(PyTuple::from_vec(py, values)?.into_object())
}

op!(MATCH_CLASS(ip, sp, frame, ts, oparg) {
    // Stack: the subject, the class, the tuple of keyword names; oparg positional patterns. Leaves a tuple or None.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let base = sp.sub(3);
    let result = match_class(Python::assume(), (*base).get(), (*base.add(1)).get(), oparg, *base.add(2));
    close_all(base, 3);
    sp = base;
    let result = match result {
        Ok(Some(t)) => t.into_raw_object(),
        Ok(None) => StackRef::none().as_ptr(),
        Err(_) => null_mut(),
    };
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn match_class(
    py: Python,
    subject: &PyObject,
    class: &PyObject,
    npos: usize,
    names: StackRef,
) -> PyResult<Option<Py<PyTuple>>> {
    // SAFETY: a tuple of strings of the compiler's.
    let names = unsafe { &*(names.as_ptr() as *const PyTuple) };
    let Some(ty) = class.downcast::<PyType>() else {
        return Err(raise!(py, TypeError, "called match pattern must be a class"));
    };
    if !subject.is_instance(py, class)? {
        return Ok(None);
    }
    let seen = PySet::new(py)?;
    let mut attrs = Vec::with_capacity(npos + names.len());
    if npos > 0 {
        let mut match_self = false;
        let match_args = match ty.getattr_opt(py, id!(py, "__match_args__"))? {
            Some(m) => {
                let Some(t) = m.downcast_exact::<PyTuple>() else {
                    return Err(raise!(
                        py,
                        TypeError,
                        "{}.__match_args__ must be a tuple (got {})",
                        ty.name(),
                        m.ty().name()
                    ));
                };
                Py::new_ref(t)
            }
            None => {
                match_self = ty.has_feature(flags::MATCH_SELF);
                PyTuple::empty(py)
            }
        };
        let allowed = if match_self { 1 } else { match_args.len() };
        if allowed < npos {
            return Err(raise!(
                py,
                TypeError,
                "{}() accepts {allowed} positional sub-pattern{} ({npos} given)",
                ty.name(),
                if allowed == 1 { "" } else { "s" }
            ));
        }
        if match_self {
            attrs.push(Py::new_ref(subject));
        } else {
            for i in 0..npos {
                let Some(name) = match_args.get(i).downcast::<PyStr>() else {
                    return Err(raise!(
                        py,
                        TypeError,
                        "__match_args__ elements must be strings (got {})",
                        match_args.get(i).ty().name()
                    ));
                };
                match attribute(py, subject, ty, name, &seen)? {
                    Some(v) => attrs.push(v),
                    None => return Ok(None),
                }
            }
        }
    }
    for i in 0..names.len() {
        let Some(name) = names.get(i).downcast::<PyStr>() else { continue };
        match attribute(py, subject, ty, name, &seen)? {
            Some(v) => attrs.push(v),
            None => return Ok(None),
        }
    }
    Ok(Some(PyTuple::from_vec(py, attrs)?))
}

fn attribute(py: Python, subject: &PyObject, ty: &PyType, name: &PyStr, seen: &PySet) -> PyResult<Option<Py>> {
    if seen.contains(py, name)? {
        return Err(raise!(
            py,
            TypeError,
            "{}() got multiple sub-patterns for attribute {}",
            ty.name(),
            name.repr(py)?
        ));
    }
    seen.add(py, name)?;
    let r = subject.getattr(py, name);
    err::suppress(py, r, exceptions::AttributeError())
}
