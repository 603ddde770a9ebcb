//! Number slots of classes written in Python, with the rules for reflected operands.

use super::glue::c_fn;
use super::method_call::*;
use crate::typeobj::binaryfunc;
use crate::{PyObject, PyResult, PyStr, Python, err, id, raise};
use core::ptr::fn_addr_eq;

/// Calls the method `name` of `this`; NotImplemented if there is none.
#[inline]
fn maybe(py: Python, this: &PyObject, name: &PyStr, other: &PyObject) -> PyResult {
    match find(py, this, name)? {
        Some(method) => method.call(py, this, [other]),
        None => Ok(py.not_implemented()),
    }
}

/// True if the class of `right` defines `name` otherwise than the class of `left` does (`method_is_overloaded`).
fn is_overloaded(py: Python, left: &PyObject, right: &PyObject, name: &PyStr) -> PyResult<bool> {
    let Some(theirs) = (right.ty() as &PyObject).getattr_opt(py, name)? else { return Ok(false) };
    let Some(ours) = (left.ty() as &PyObject).getattr_opt(py, name)? else { return Ok(true) };
    Ok(!theirs.eq(py, &ours)?)
}

/// The binary operation of `this` and `other`, where at least one has `slot` as its C slot.
#[inline]
fn binary(
    py: Python,
    this: &PyObject,
    other: &PyObject,
    this_has: bool,
    other_has: bool,
    name: &'static PyStr,
    reflected: &'static PyStr,
) -> PyResult {
    let same = core::ptr::eq(this.ty(), other.ty());
    let mut try_other = !same && other_has;
    if this_has {
        if try_other && other.ty().is_subtype(this.ty()) && is_overloaded(py, this, other, reflected)? {
            let result = maybe(py, other, reflected, this)?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
            try_other = false;
        }
        let result = maybe(py, this, name, other)?;
        if same || !result.is_not_implemented() {
            return Ok(result);
        }
    }
    if try_other {
        return maybe(py, other, reflected, this);
    }
    Ok(py.not_implemented())
}

macro_rules! binary_slots {
    ($($slot:ident = $field:ident, $name:literal, $reflected:literal;)*) => { c_fn! {$(
        pub fn $slot(py, this: obj, other: obj) -> PyResult {
            let has = |o: &PyObject| {
                o.ty().as_number().and_then(|n| n.$field.get()).is_some_and(|f| fn_addr_eq(f, $slot as binaryfunc))
            };
            binary(py, this, other, has(this), has(other), id!(py, $name), id!(py, $reflected))
        }
    )*} };
}

binary_slots! {
    slot_nb_add = nb_add, "__add__", "__radd__";
    slot_nb_subtract = nb_subtract, "__sub__", "__rsub__";
    slot_nb_multiply = nb_multiply, "__mul__", "__rmul__";
    slot_nb_matrix_multiply = nb_matrix_multiply, "__matmul__", "__rmatmul__";
    slot_nb_remainder = nb_remainder, "__mod__", "__rmod__";
    slot_nb_divmod = nb_divmod, "__divmod__", "__rdivmod__";
    slot_nb_lshift = nb_lshift, "__lshift__", "__rlshift__";
    slot_nb_rshift = nb_rshift, "__rshift__", "__rrshift__";
    slot_nb_and = nb_and, "__and__", "__rand__";
    slot_nb_xor = nb_xor, "__xor__", "__rxor__";
    slot_nb_or = nb_or, "__or__", "__ror__";
    slot_nb_floor_divide = nb_floor_divide, "__floordiv__", "__rfloordiv__";
    slot_nb_true_divide = nb_true_divide, "__truediv__", "__rtruediv__";
}

macro_rules! unary_slots {
    ($($slot:ident = $name:literal;)*) => { c_fn! {$(
        pub fn $slot(py, this: obj) -> PyResult {
            call(py, this, id!(py, $name), [])
        }
    )*} };
}

unary_slots! {
    slot_nb_negative = "__neg__";
    slot_nb_positive = "__pos__";
    slot_nb_absolute = "__abs__";
    slot_nb_invert = "__invert__";
    slot_nb_int = "__int__";
    slot_nb_float = "__float__";
    slot_nb_index = "__index__";
}

macro_rules! inplace_slots {
    ($($slot:ident = $name:literal;)*) => { c_fn! {$(
        pub fn $slot(py, this: obj, other: obj) -> PyResult {
            call(py, this, id!(py, $name), [other])
        }
    )*} };
}

inplace_slots! {
    slot_nb_inplace_add = "__iadd__";
    slot_nb_inplace_subtract = "__isub__";
    slot_nb_inplace_multiply = "__imul__";
    slot_nb_inplace_matrix_multiply = "__imatmul__";
    slot_nb_inplace_remainder = "__imod__";
    slot_nb_inplace_lshift = "__ilshift__";
    slot_nb_inplace_rshift = "__irshift__";
    slot_nb_inplace_and = "__iand__";
    slot_nb_inplace_xor = "__ixor__";
    slot_nb_inplace_or = "__ior__";
    slot_nb_inplace_floor_divide = "__ifloordiv__";
    slot_nb_inplace_true_divide = "__itruediv__";
}

c_fn! {
    /// `**` and `pow()`. With a modulus, `__pow__` and (since 3.14) `__rpow__` get it as third argument.
    pub fn slot_nb_power(py, this: obj, other: obj, modulus: obj) -> PyResult {
        let has = |o: &PyObject| {
            o.ty().as_number().and_then(|n| n.nb_power.get()).is_some_and(|f| fn_addr_eq(f, slot_nb_power as crate::typeobj::ternaryfunc))
        };
        let (name, reflected) = (id!(py, "__pow__"), id!(py, "__rpow__"));
        if modulus.is_none() {
            return binary(py, this, other, has(this), has(other), name, reflected);
        }
        let maybe3 = |a: &PyObject, name: &PyStr, b: &PyObject| match find(py, a, name)? {
            Some(method) => method.call(py, a, [b, modulus]),
            None => Ok(py.not_implemented()),
        };
        let same = core::ptr::eq(this.ty(), other.ty());
        let mut try_other = !same && has(other);
        if has(this) {
            if try_other && other.ty().is_subtype(this.ty()) && is_overloaded(py, this, other, reflected)? {
                let result = maybe3(other, reflected, this)?;
                if !result.is_not_implemented() {
                    return Ok(result);
                }
                try_other = false;
            }
            let result = maybe3(this, name, other)?;
            if same || !result.is_not_implemented() {
                return Ok(result);
            }
        }
        if try_other {
            return maybe3(other, reflected, this);
        }
        Ok(py.not_implemented())
    }
    /// `**=`; there is no modulus.
    pub fn slot_nb_inplace_power(py, this: obj, other: obj, _modulus: obj) -> PyResult {
        call(py, this, id!(py, "__ipow__"), [other])
    }
    pub fn slot_nb_bool(py, this: obj) -> PyResult<bool> {
        if let Some(method) = find(py, this, id!(py, "__bool__"))? {
            let result = method.call(py, this, [])?;
            if result.is(crate::singletons::true_()) {
                return Ok(true);
            }
            if result.is(crate::singletons::false_()) {
                return Ok(false);
            }
            return Err(raise!(py, TypeError, "__bool__ should return bool, returned {}", result.ty().full_name()));
        }
        match find(py, this, id!(py, "__len__"))? {
            None => Ok(true),
            Some(method) => {
                let result = method.call(py, this, [])?;
                length_truth(py, &result)
            }
        }
    }
}

/// The truth of what a `__len__` gave, after the checks that `len()` makes.
fn length_truth(py: Python, length: &PyObject) -> PyResult<bool> {
    let index = crate::abstracts::number::index(py, length)?;
    let n = crate::abstracts::number::as_ssize(py, &index, Some(crate::exceptions::OverflowError()))?;
    if n < 0 {
        return Err(raise!(py, ValueError, "__len__() should return >= 0"));
    }
    debug_assert!(!err::occurred(py));
    Ok(n != 0)
}
