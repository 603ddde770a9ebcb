//! Comparing and hashing code objects. Constants are equal if they are so as constants of a program: of one type, zeros
//! with their sign.

use super::PyCode;
use crate::types::complex::{PyComplex, PyComplex_Type};
use crate::types::float::{PyFloat, PyFloat_Type};
use crate::types::set::{PyFrozenSet, PyFrozenSet_Type};
use crate::types::slice::{PySlice, PySlice_Type};
use crate::types::tuple::PyTuple_Type;
use crate::{Py, PyObject, PyResult, PyTuple, Python, Slot};

/// `PyHASH_MULTIPLIER`.
const MULTIPLIER: usize = 1_000_003;

fn slot_object<T: crate::PyLayout>(slot: &Slot<T>) -> Option<Py> {
    slot.get().map(Py::into_object)
}

/// `hash(code)`.
pub(super) fn hash(py: Python, code: &PyCode) -> PyResult<isize> {
    let mut hash: usize = 20_221_211;
    let mut scramble = |h: usize| hash = (hash ^ h).wrapping_mul(MULTIPLIER);
    let objects = [
        slot_object(&code.co_name),
        slot_object(&code.co_consts),
        slot_object(&code.co_names),
        slot_object(&code.co_localsplusnames),
        slot_object(&code.co_linetable),
        Some(code.exception_table(py)?.into_object()),
    ];
    for object in objects.iter().flatten() {
        scramble(object.hash(py)? as usize);
    }
    for number in
        [&code.co_argcount, &code.co_posonlyargcount, &code.co_kwonlyargcount, &code.co_flags, &code.co_firstlineno]
    {
        scramble(number.get() as isize as usize);
    }
    scramble(code.code_len());
    for (_, op, arg) in code.instructions() {
        scramble(op.into());
        scramble(arg.into());
    }
    Ok(hash as isize)
}

/// `a == b`.
pub(super) fn equal(py: Python, a: &PyCode, b: &PyCode) -> PyResult<bool> {
    if a.is(b) {
        return Ok(true);
    }
    let numbers = |c: &PyCode| {
        [&c.co_argcount, &c.co_posonlyargcount, &c.co_kwonlyargcount, &c.co_flags, &c.co_firstlineno].map(|n| n.get())
    };
    if numbers(a) != numbers(b) || a.code_len() != b.code_len() {
        return Ok(false);
    }
    if !same(py, slot_object(&a.co_name), slot_object(&b.co_name))? || !a.instructions().eq(b.instructions()) {
        return Ok(false);
    }
    if let (Some(x), Some(y)) = (a.co_consts.get(), b.co_consts.get())
        && !constants_equal(py, &x, &y)?
    {
        return Ok(false);
    }
    Ok(same(py, slot_object(&a.co_names), slot_object(&b.co_names))?
        && same(py, slot_object(&a.co_localsplusnames), slot_object(&b.co_localsplusnames))?
        && same(py, slot_object(&a.co_linetable), slot_object(&b.co_linetable))?
        && a.exception_table(py)?.as_slice() == b.exception_table(py)?.as_slice())
}

fn same(py: Python, a: Option<Py>, b: Option<Py>) -> PyResult<bool> {
    match (a, b) {
        (Some(a), Some(b)) => a.eq(py, &b),
        (None, None) => Ok(true),
        _ => Ok(false),
    }
}

/// Are two constants the same to a program (`_PyCode_ConstantKey`)?
pub fn constants_equal(py: Python, a: &PyObject, b: &PyObject) -> PyResult<bool> {
    if a.is(b) {
        return Ok(true);
    }
    let ty = a.ty();
    if !b.is_type(ty) {
        return Ok(false);
    }
    let _guard = py.enter_recursive(" in comparison")?;
    let floats_equal = |x: f64, y: f64| x == y && x.is_sign_negative() == y.is_sign_negative();
    // SAFETY: both are exactly of the type that each branch names.
    unsafe {
        if core::ptr::eq(ty, &PyFloat_Type) {
            return Ok(floats_equal(
                a.downcast_unchecked::<PyFloat>().value(),
                b.downcast_unchecked::<PyFloat>().value(),
            ));
        }
        if core::ptr::eq(ty, &PyComplex_Type) {
            let (x, y) = (a.downcast_unchecked::<PyComplex>(), b.downcast_unchecked::<PyComplex>());
            let ((a, b), (c, d)) = (x.value(), y.value());
            return Ok(floats_equal(a, c) && floats_equal(b, d));
        }
        if core::ptr::eq(ty, &PyTuple_Type) {
            let (x, y) = (a.downcast_unchecked::<PyTuple>(), b.downcast_unchecked::<PyTuple>());
            if x.len() != y.len() {
                return Ok(false);
            }
            for (x, y) in x.as_slice().iter().zip(y.as_slice()) {
                if !constants_equal(py, x, y)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        if core::ptr::eq(ty, &PyFrozenSet_Type) {
            return sets_equal(py, a.downcast_unchecked::<PyFrozenSet>(), b.downcast_unchecked::<PyFrozenSet>());
        }
        if core::ptr::eq(ty, &PySlice_Type) {
            let (x, y) = (a.downcast_unchecked::<PySlice>(), b.downcast_unchecked::<PySlice>());
            for (x, y) in [(&x.start, &y.start), (&x.stop, &y.stop), (&x.step, &y.step)] {
                if let (Some(x), Some(y)) = (x.get(), y.get())
                    && !constants_equal(py, &x, &y)?
                {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
    }
    let plain: [&crate::PyType; 4] = [
        &crate::types::int::PyLong_Type,
        &crate::types::str_::PyUnicode_Type,
        &crate::types::bytes::PyBytes_Type,
        &super::PyCode_Type,
    ];
    // Objects of other types are constants only of code made by hand: each is equal to itself alone.
    if plain.iter().any(|p| core::ptr::eq(*p, ty)) { a.eq(py, b) } else { Ok(false) }
}

/// Every element of one has its equal in the other.
fn sets_equal(py: Python, a: &PyObject, b: &PyObject) -> PyResult<bool> {
    let items = |set: &PyObject| -> PyResult<Vec<Py>> {
        let mut items = Vec::new();
        set.iterate(py, |item| {
            items.push(item);
            Ok(())
        })?;
        Ok(items)
    };
    let (a, mut b) = (items(a)?, items(b)?);
    if a.len() != b.len() {
        return Ok(false);
    }
    for x in &a {
        let mut found = None;
        for (i, y) in b.iter().enumerate() {
            if constants_equal(py, x, y)? {
                found = Some(i);
                break;
            }
        }
        match found {
            Some(i) => drop(b.swap_remove(i)),
            None => return Ok(false),
        }
    }
    Ok(true)
}
