//! `COMPARE_OP`, `CONTAINS_OP`, `TO_BOOL`.

use super::{failed, specialized};
use crate::eval::dispatch::set_cache_u32;
use crate::eval::{Ip, Opcode, Sp};
use taipan_object::types::dict::PyDict_Type;
use taipan_object::types::float::PyFloat_Type;
use taipan_object::types::int::{PyLong, PyLong_Type};
use taipan_object::types::list::PyList_Type;
use taipan_object::types::set::{PyFrozenSet_Type, PySet_Type};
use taipan_object::types::str_::PyUnicode_Type;
use taipan_object::{PyObject, singletons};

/// Rewrites the `COMPARE_OP` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn compare_op(ip: Ip, sp: Sp, oparg: usize) {
    // SAFETY: two operands are on the stack.
    unsafe {
        let (a, b) = ((*sp.sub(2)).get(), (*sp.sub(1)).get());
        if !a.is_type(b.ty()) {
            return failed(ip);
        }
        if a.is_type(&PyFloat_Type) {
            specialized(ip, Opcode::COMPARE_OP_FLOAT)
        } else if a.is_type(&PyLong_Type)
            && PyLong::both_compact(&*(a.as_ptr() as *const PyLong), &*(b.as_ptr() as *const PyLong))
        {
            specialized(ip, Opcode::COMPARE_OP_INT)
        } else if a.is_type(&PyUnicode_Type) && matches!(oparg >> 5, 2 | 3) {
            specialized(ip, Opcode::COMPARE_OP_STR)
        } else {
            failed(ip)
        }
    }
}

/// Rewrites the `CONTAINS_OP` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn contains_op(ip: Ip, sp: Sp) {
    // SAFETY: the container is on top of the stack.
    unsafe {
        let container = (*sp.sub(1)).get();
        if container.is_type(&PyDict_Type) {
            specialized(ip, Opcode::CONTAINS_OP_DICT)
        } else if container.is_type(&PySet_Type) || container.is_type(&PyFrozenSet_Type) {
            specialized(ip, Opcode::CONTAINS_OP_SET)
        } else {
            failed(ip)
        }
    }
}

/// Rewrites the `TO_BOOL` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn to_bool(ip: Ip, sp: Sp) {
    // SAFETY: the operand is on top of the stack.
    unsafe {
        let v: &PyObject = (*sp.sub(1)).get();
        if v.is(singletons::true_()) || v.is(singletons::false_()) {
            specialized(ip, Opcode::TO_BOOL_BOOL)
        } else if v.is_none() {
            specialized(ip, Opcode::TO_BOOL_NONE)
        } else if v.is_type(&PyLong_Type) {
            specialized(ip, Opcode::TO_BOOL_INT)
        } else if v.is_type(&PyList_Type) {
            specialized(ip, Opcode::TO_BOOL_LIST)
        } else if v.is_type(&PyUnicode_Type) {
            specialized(ip, Opcode::TO_BOOL_STR)
        } else if v.ty().is_heap_type() {
            let ty = v.ty();
            let has_truth = ty.as_number().is_some_and(|n| n.nb_bool.get().is_some())
                || ty.as_mapping().is_some_and(|m| m.mp_length.get().is_some())
                || ty.as_sequence().is_some_and(|s| s.sq_length.get().is_some());
            let version = if has_truth { 0 } else { ty.assign_version(taipan_object::Python::assume()) };
            if version == 0 {
                return failed(ip);
            }
            set_cache_u32(ip, 2, version);
            specialized(ip, Opcode::TO_BOOL_ALWAYS_TRUE)
        } else {
            failed(ip)
        }
    }
}
