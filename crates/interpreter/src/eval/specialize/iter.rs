//! `FOR_ITER`, `SEND`, `UNPACK_SEQUENCE`.

use super::{failed, specialized};
use crate::eval::{Ip, Opcode, Sp};
use taipan_object::Python;
use taipan_object::types::generator::{PyCoro_Type, PyGen_Type};
use taipan_object::types::list::{PyList, PyList_Type, PyListIter_Type};
use taipan_object::types::range::PyRangeIter_Type;
use taipan_object::types::tuple::{PyTuple, PyTuple_Type, PyTupleIter_Type};

/// Rewrites the `FOR_ITER` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn for_iter(ip: Ip, sp: Sp, oparg: usize) {
    // SAFETY: the iterator is on top of the stack.
    unsafe {
        let iter = (*sp.sub(1)).get();
        if iter.is_type(&PyListIter_Type) {
            specialized(ip, Opcode::FOR_ITER_LIST)
        } else if iter.is_type(&PyTupleIter_Type) {
            specialized(ip, Opcode::FOR_ITER_TUPLE)
        } else if iter.is_type(&PyRangeIter_Type) {
            specialized(ip, Opcode::FOR_ITER_RANGE)
        } else if iter.is_type(&PyGen_Type) && oparg <= 60_000 {
            specialized(ip, Opcode::FOR_ITER_GEN)
        } else {
            failed(ip)
        }
    }
}

/// Rewrites the `SEND` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn send(_py: Python, ip: Ip, sp: Sp, oparg: usize) {
    // SAFETY: receiver and value are on the stack.
    unsafe {
        let receiver = (*sp.sub(2)).get();
        if (receiver.is_type(&PyGen_Type) || receiver.is_type(&PyCoro_Type)) && oparg <= 60_000 {
            specialized(ip, Opcode::SEND_GEN)
        } else {
            failed(ip)
        }
    }
}

/// Rewrites the `UNPACK_SEQUENCE` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn unpack_sequence(ip: Ip, sp: Sp, oparg: usize) {
    // SAFETY: the sequence is on top of the stack.
    unsafe {
        let seq = (*sp.sub(1)).get();
        if seq.is_type(&PyTuple_Type) && (*(seq.as_ptr() as *const PyTuple)).len() == oparg {
            let two = oparg == 2;
            specialized(ip, if two { Opcode::UNPACK_SEQUENCE_TWO_TUPLE } else { Opcode::UNPACK_SEQUENCE_TUPLE })
        } else if seq.is_type(&PyList_Type) && (*(seq.as_ptr() as *const PyList)).len() == oparg {
            specialized(ip, Opcode::UNPACK_SEQUENCE_LIST)
        } else {
            failed(ip)
        }
    }
}
