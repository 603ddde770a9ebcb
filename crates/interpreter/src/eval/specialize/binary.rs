//! `BINARY_OP`, the subscript operator included.

use super::{failed, specialized};
use crate::eval::dispatch::set_cache_u64;
use crate::eval::{Frame, Ip, Opcode, Sp};
use taipan_bytecode::operand::BinaryOp;
use taipan_object::typeobj::PyHeapTypeObject;
use taipan_object::types::dict::PyDict_Type;
use taipan_object::types::float::{PyFloat, PyFloat_Type};
use taipan_object::types::function::PyFunction_Type;
use taipan_object::types::int::{PyLong, PyLong_Type};
use taipan_object::types::list::{PyList, PyList_Type};
use taipan_object::types::slice::PySlice_Type;
use taipan_object::types::str_::{PyStr, PyUnicode_Type};
use taipan_object::types::tuple::{PyTuple, PyTuple_Type};
use taipan_object::{PyFunction, PyObject, Python, id};

/// A form of `BINARY_OP_EXTEND`: a test of the operands and the operation for those that pass.
pub struct ExtendedForm {
    pub op: BinaryOp,
    pub guard: unsafe fn(&PyObject, &PyObject) -> bool,
    pub run: unsafe fn(&PyObject, &PyObject) -> *mut PyObject,
}

unsafe fn int(o: &PyObject) -> &PyLong {
    // SAFETY: guarded.
    unsafe { &*(o as *const PyObject as *const PyLong) }
}
unsafe fn float(o: &PyObject) -> f64 {
    // SAFETY: guarded.
    unsafe { (*(o as *const PyObject as *const PyFloat)).value() }
}

unsafe fn compact_ints(a: &PyObject, b: &PyObject) -> bool {
    // SAFETY: the types are checked first.
    a.is_type(&PyLong_Type) && b.is_type(&PyLong_Type) && unsafe { PyLong::both_compact(int(a), int(b)) }
}
unsafe fn float_int(a: &PyObject, b: &PyObject) -> bool {
    // SAFETY: the type is checked first.
    a.is_type(&PyFloat_Type) && b.is_type(&PyLong_Type) && unsafe { int(b).is_compact() }
}
unsafe fn int_float(a: &PyObject, b: &PyObject) -> bool {
    // SAFETY: the type is checked first.
    a.is_type(&PyLong_Type) && b.is_type(&PyFloat_Type) && unsafe { int(a).is_compact() }
}
unsafe fn float_nonzero_int(a: &PyObject, b: &PyObject) -> bool {
    // SAFETY: as above.
    unsafe { float_int(a, b) && !int(b).is_zero() }
}
unsafe fn int_nonzero_float(a: &PyObject, b: &PyObject) -> bool {
    // SAFETY: as above.
    unsafe { int_float(a, b) && float(b) != 0.0 }
}
unsafe fn floats_nonzero(a: &PyObject, b: &PyObject) -> bool {
    // SAFETY: the types are checked first.
    a.is_type(&PyFloat_Type) && b.is_type(&PyFloat_Type) && unsafe { float(b) != 0.0 }
}

fn new_float(v: f64) -> *mut PyObject {
    // SAFETY: called by handlers, which hold the GIL.
    crate::eval::handlers::calls::raw(PyFloat::new(unsafe { Python::assume() }, v))
}
fn new_int(v: i64) -> *mut PyObject {
    // SAFETY: as above.
    crate::eval::handlers::calls::raw(PyLong::from_i64(unsafe { Python::assume() }, v))
}

macro_rules! forms {
    ($($op:ident $inplace:ident $guard:ident |$a:ident, $b:ident| $e:expr;)*) => {
        static FORMS: &[ExtendedForm] = &[$(
            // SAFETY (both): run only on operands that passed the guard.
            ExtendedForm { op: BinaryOp::$op, guard: $guard, run: |$a, $b| unsafe { $e } },
            ExtendedForm { op: BinaryOp::$inplace, guard: $guard, run: |$a, $b| unsafe { $e } },
        )*];
    };
}
forms! {
    NB_AND NB_INPLACE_AND compact_ints |a, b| new_int(int(a).compact_value() & int(b).compact_value());
    NB_OR NB_INPLACE_OR compact_ints |a, b| new_int(int(a).compact_value() | int(b).compact_value());
    NB_XOR NB_INPLACE_XOR compact_ints |a, b| new_int(int(a).compact_value() ^ int(b).compact_value());
    NB_ADD NB_INPLACE_ADD float_int |a, b| new_float(float(a) + int(b).compact_value() as f64);
    NB_SUBTRACT NB_INPLACE_SUBTRACT float_int |a, b| new_float(float(a) - int(b).compact_value() as f64);
    NB_MULTIPLY NB_INPLACE_MULTIPLY float_int |a, b| new_float(float(a) * int(b).compact_value() as f64);
    NB_TRUE_DIVIDE NB_INPLACE_TRUE_DIVIDE float_nonzero_int |a, b| new_float(float(a) / int(b).compact_value() as f64);
    NB_ADD NB_INPLACE_ADD int_float |a, b| new_float(int(a).compact_value() as f64 + float(b));
    NB_SUBTRACT NB_INPLACE_SUBTRACT int_float |a, b| new_float(int(a).compact_value() as f64 - float(b));
    NB_MULTIPLY NB_INPLACE_MULTIPLY int_float |a, b| new_float(int(a).compact_value() as f64 * float(b));
    NB_TRUE_DIVIDE NB_INPLACE_TRUE_DIVIDE int_nonzero_float |a, b| new_float(int(a).compact_value() as f64 / float(b));
    NB_TRUE_DIVIDE NB_INPLACE_TRUE_DIVIDE floats_nonzero |a, b| new_float(float(a) / float(b));
    NB_RSHIFT NB_INPLACE_RSHIFT shift_ints |a, b| new_int(int(a).compact_value() >> int(b).compact_value());
    NB_LSHIFT NB_INPLACE_LSHIFT shift_ints |a, b| new_int(int(a).compact_value() << int(b).compact_value());
    NB_FLOOR_DIVIDE NB_INPLACE_FLOOR_DIVIDE positive_ints |a, b| new_int(int(a).compact_value() / int(b).compact_value());
    NB_REMAINDER NB_INPLACE_REMAINDER positive_ints |a, b| new_int(int(a).compact_value() % int(b).compact_value());
}

/// Shifts by less than 32 bits: the result of shifting a digit stays within 62 bits.
unsafe fn shift_ints(a: &PyObject, b: &PyObject) -> bool {
    // SAFETY: checked by the first operand of `&&`.
    unsafe { compact_ints(a, b) && (0..32).contains(&int(b).compact_value()) }
}
/// Where truncating and floor division agree.
unsafe fn positive_ints(a: &PyObject, b: &PyObject) -> bool {
    // SAFETY: as above.
    unsafe { compact_ints(a, b) && int(a).compact_value() >= 0 && int(b).compact_value() > 0 }
}

/// Rewrites the `BINARY_OP` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn binary_op(py: Python, ip: Ip, sp: Sp, oparg: usize, _frame: Frame) {
    // SAFETY: by contract; two operands are on the stack.
    unsafe {
        let (a, b) = ((*sp.sub(2)).get(), (*sp.sub(1)).get());
        let Some(op) = BinaryOp::from_u32(oparg as u32) else { return failed(ip) };
        let both = |ty: &taipan_object::PyType| a.is_type(ty) && b.is_type(ty);
        let to = match op {
            BinaryOp::NB_ADD | BinaryOp::NB_INPLACE_ADD if both(&PyUnicode_Type) => {
                let next = ip.add(1 + Opcode::BINARY_OP.caches());
                if (*next).op == Opcode::STORE_FAST as u8
                    && (*_frame.locals_ptr().add((*next).arg as usize)).as_ptr() == a.as_ptr()
                {
                    Opcode::BINARY_OP_INPLACE_ADD_UNICODE
                } else {
                    Opcode::BINARY_OP_ADD_UNICODE
                }
            }
            BinaryOp::NB_ADD | BinaryOp::NB_INPLACE_ADD if compact_ints(a, b) => Opcode::BINARY_OP_ADD_INT,
            BinaryOp::NB_ADD | BinaryOp::NB_INPLACE_ADD if both(&PyFloat_Type) => Opcode::BINARY_OP_ADD_FLOAT,
            BinaryOp::NB_SUBTRACT | BinaryOp::NB_INPLACE_SUBTRACT if compact_ints(a, b) => {
                Opcode::BINARY_OP_SUBTRACT_INT
            }
            BinaryOp::NB_SUBTRACT | BinaryOp::NB_INPLACE_SUBTRACT if both(&PyFloat_Type) => {
                Opcode::BINARY_OP_SUBTRACT_FLOAT
            }
            BinaryOp::NB_MULTIPLY | BinaryOp::NB_INPLACE_MULTIPLY if compact_ints(a, b) => {
                Opcode::BINARY_OP_MULTIPLY_INT
            }
            BinaryOp::NB_MULTIPLY | BinaryOp::NB_INPLACE_MULTIPLY if both(&PyFloat_Type) => {
                Opcode::BINARY_OP_MULTIPLY_FLOAT
            }
            BinaryOp::NB_SUBSCR => return subscript(py, ip, a, b),
            _ => return extended(ip, op, a, b),
        };
        specialized(ip, to);
    }
}

unsafe fn extended(ip: Ip, op: BinaryOp, a: &PyObject, b: &PyObject) {
    // SAFETY: the instruction has five cache units.
    unsafe {
        match FORMS.iter().find(|f| f.op == op && (f.guard)(a, b)) {
            Some(form) => {
                set_cache_u64(ip, 2, form as *const ExtendedForm as u64);
                specialized(ip, Opcode::BINARY_OP_EXTEND);
            }
            None => failed(ip),
        }
    }
}

unsafe fn subscript(py: Python, ip: Ip, a: &PyObject, b: &PyObject) {
    // SAFETY: live operands; types are checked before casts.
    unsafe {
        let index = if b.is_type(&PyLong_Type) && int(b).is_compact() { int(b).compact_value() } else { -1 };
        let in_range = |n: usize| index >= 0 && (index as usize) < n;
        if a.is_type(&PyList_Type) {
            if b.is_type(&PySlice_Type) {
                return specialized(ip, Opcode::BINARY_OP_SUBSCR_LIST_SLICE);
            }
            if in_range((*(a.as_ptr() as *const PyList)).len()) {
                return specialized(ip, Opcode::BINARY_OP_SUBSCR_LIST_INT);
            }
        } else if a.is_type(&PyTuple_Type) {
            if in_range((*(a.as_ptr() as *const PyTuple)).len()) {
                return specialized(ip, Opcode::BINARY_OP_SUBSCR_TUPLE_INT);
            }
        } else if a.is_type(&PyUnicode_Type) {
            let s = &*(a.as_ptr() as *const PyStr);
            if in_range(s.len()) && s.char_at(index as usize) < 128 {
                return specialized(ip, Opcode::BINARY_OP_SUBSCR_STR_INT);
            }
        } else if a.is_type(&PyDict_Type) {
            return specialized(ip, Opcode::BINARY_OP_SUBSCR_DICT);
        } else if a.ty().is_heap_type() {
            let getitem = a.ty().lookup_raw(py, id!(py, "__getitem__"));
            if !getitem.is_null() && (*getitem).is_type(&PyFunction_Type) {
                let f = &*(getitem as *const PyFunction);
                if super::call::is_simple(f.code(), 2) {
                    let version = crate::function::version(py, f);
                    if version != 0 {
                        let heap = &*(a.ty() as *const _ as *const PyHeapTypeObject);
                        heap._spec_cache.getitem.set(getitem);
                        heap._spec_cache.getitem_version.set(version);
                        return specialized(ip, Opcode::BINARY_OP_SUBSCR_GETITEM);
                    }
                }
            }
        }
        failed(ip)
    }
}
