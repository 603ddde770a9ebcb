//! `CALL` and `CALL_KW`.

use super::{failed, specialized};
use crate::eval::dispatch::set_cache_u32;
use crate::eval::{Ip, Opcode, Sp};
use taipan_bytecode::code::CodeFlags;
use taipan_object::typeobj::{
    METH_FASTCALL, METH_KEYWORDS, METH_METHOD, METH_NOARGS, METH_O, METH_VARARGS, PyHeapTypeObject, flags,
};
use taipan_object::types::builtin_function::{PyCFunction_Type, PyCFunctionObject};
use taipan_object::types::descr::{PyMethodDescr, PyMethodDescr_Type};
use taipan_object::types::function::PyFunction_Type;
use taipan_object::types::list::PyList_Type;
use taipan_object::types::method::{PyMethod, PyMethod_Type};
use taipan_object::types::object_::PyBaseObject_Type;
use taipan_object::types::str_::PyUnicode_Type;
use taipan_object::types::tuple::PyTuple_Type;
use taipan_object::types::type_::PyType_Type;
use taipan_object::{PyCode, PyFunction, PyObject, PyType, Python, id};

/// True if a call with exactly `n` positional arguments can copy them into the locals and be done.
pub fn is_simple(code: &PyCode, n: usize) -> bool {
    let f = code.co_flags.get();
    f & (CodeFlags::VARARGS.0 | CodeFlags::VARKEYWORDS.0) as i32 == 0
        && f & CodeFlags::OPTIMIZED.0 as i32 != 0
        && code.co_kwonlyargcount.get() == 0
        && code.co_argcount.get() as usize == n
}

const KIND: i32 = METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD;
const FAST_KW: i32 = METH_FASTCALL | METH_KEYWORDS;

/// Rewrites the `CALL` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn call(py: Python, ip: Ip, sp: Sp, oparg: usize) {
    // SAFETY: callable, self or null, and arguments are on the stack.
    unsafe {
        let callable = (*sp.sub(oparg + 2)).get();
        let bound = !(*sp.sub(oparg + 1)).is_null();
        let n = oparg + bound as usize;
        if callable.is_type(&PyFunction_Type) {
            return python_function(py, ip, &*(callable.as_ptr() as *const PyFunction), n, false);
        }
        if callable.is_type(&PyMethod_Type) && !bound {
            let func: *const PyObject = (*(callable.as_ptr() as *const PyMethod)).function();
            if (*func).is_type(&PyFunction_Type) {
                return python_function(py, ip, &*(func as *const PyFunction), n + 1, true);
            }
            return failed(ip);
        }
        if callable.is_type(&PyCFunction_Type) {
            let kind = (*(callable.as_ptr() as *const PyCFunctionObject)).def().ml_flags & KIND;
            let to = if kind == METH_O && n == 1 {
                if callable.as_ptr() == crate::builtins::len_function() {
                    Opcode::CALL_LEN
                } else {
                    Opcode::CALL_BUILTIN_O
                }
            } else if kind == METH_FASTCALL {
                if n == 2 && callable.as_ptr() == crate::builtins::isinstance_function() {
                    Opcode::CALL_ISINSTANCE
                } else {
                    Opcode::CALL_BUILTIN_FAST
                }
            } else if kind == FAST_KW {
                Opcode::CALL_BUILTIN_FAST_WITH_KEYWORDS
            } else {
                Opcode::CALL_NON_PY_GENERAL
            };
            return specialized(ip, to);
        }
        if callable.is_type(&PyMethodDescr_Type) {
            return descriptor(ip, sp, callable, oparg, n);
        }
        if let Some(class) = PyType::from_object(callable) {
            return class_call(py, ip, class, bound, oparg);
        }
        specialized(ip, Opcode::CALL_NON_PY_GENERAL)
    }
}

unsafe fn python_function(py: Python, ip: Ip, func: &PyFunction, n: usize, method: bool) {
    // SAFETY: the instruction has three cache units.
    unsafe {
        let is_ours = func.vectorcall.get().is_some_and(|f| {
            core::ptr::fn_addr_eq(f, crate::eval::frames::function_vectorcall as taipan_object::typeobj::vectorcallfunc)
        });
        let version = if is_ours { crate::function::version(py, func) } else { 0 };
        if version == 0 {
            return failed(ip);
        }
        set_cache_u32(ip, 2, version);
        specialized(
            ip,
            match (is_simple(func.code(), n), method) {
                (true, false) => Opcode::CALL_PY_EXACT_ARGS,
                (true, true) => Opcode::CALL_BOUND_METHOD_EXACT_ARGS,
                (false, false) => Opcode::CALL_PY_GENERAL,
                (false, true) => Opcode::CALL_BOUND_METHOD_GENERAL,
            },
        )
    }
}

unsafe fn descriptor(ip: Ip, sp: Sp, callable: &PyObject, oparg: usize, n: usize) {
    // SAFETY: the arguments are on the stack.
    unsafe {
        let d = &*(callable.as_ptr() as *const PyMethodDescr);
        if n == 0 || !core::ptr::eq((*sp.sub(n)).get().ty(), d.owner()) {
            return specialized(ip, Opcode::CALL_NON_PY_GENERAL);
        }
        let to = match d.def().ml_flags & KIND {
            METH_NOARGS if n == 1 => Opcode::CALL_METHOD_DESCRIPTOR_NOARGS,
            METH_O if n == 2 => {
                let next = ip.add(1 + Opcode::CALL.caches());
                if callable.as_ptr() == crate::builtins::list_append_descriptor()
                    && oparg == 1
                    && (*next).op == Opcode::POP_TOP as u8
                    && (*sp.sub(2)).get().is_type(&PyList_Type)
                {
                    Opcode::CALL_LIST_APPEND
                } else {
                    Opcode::CALL_METHOD_DESCRIPTOR_O
                }
            }
            METH_FASTCALL => Opcode::CALL_METHOD_DESCRIPTOR_FAST,
            FAST_KW => Opcode::CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS,
            _ => Opcode::CALL_NON_PY_GENERAL,
        };
        specialized(ip, to)
    }
}

unsafe fn class_call(py: Python, ip: Ip, class: &PyType, bound: bool, oparg: usize) {
    // SAFETY: the instruction has three cache units.
    unsafe {
        if bound || !class.is_type(&PyType_Type) {
            return specialized(ip, Opcode::CALL_NON_PY_GENERAL);
        }
        if class.has_feature(flags::IMMUTABLETYPE) {
            let to = if oparg == 1 && core::ptr::eq(class, &raw const PyType_Type) {
                Opcode::CALL_TYPE_1
            } else if oparg == 1 && core::ptr::eq(class, &raw const PyUnicode_Type) {
                Opcode::CALL_STR_1
            } else if oparg == 1 && core::ptr::eq(class, &raw const PyTuple_Type) {
                Opcode::CALL_TUPLE_1
            } else if class.tp_vectorcall.get().is_some() {
                Opcode::CALL_BUILTIN_CLASS
            } else {
                Opcode::CALL_NON_PY_GENERAL
            };
            return specialized(ip, to);
        }
        if class.is_heap_type() && class.has_feature(flags::INLINE_VALUES) && makes_plain_instances(class) {
            let init = class.lookup_raw(py, id!(py, "__init__"));
            if !init.is_null() && (*init).is_type(&PyFunction_Type) {
                let f = &*(init as *const PyFunction);
                let version = class.assign_version(py);
                if is_simple(f.code(), oparg + 1) && version != 0 && crate::function::version(py, f) != 0 {
                    (*(class as *const PyType as *const PyHeapTypeObject))._spec_cache.init.set(init);
                    set_cache_u32(ip, 2, version);
                    return specialized(ip, Opcode::CALL_ALLOC_AND_ENTER_INIT);
                }
            }
        }
        specialized(ip, Opcode::CALL_NON_PY_GENERAL)
    }
}

/// True if a call of the class makes an instance with `object.__new__` and the usual allocator, then runs `__init__`.
fn makes_plain_instances(class: &PyType) -> bool {
    let same_new = match (class.tp_new.get(), PyBaseObject_Type.tp_new.get()) {
        (Some(a), Some(b)) => core::ptr::fn_addr_eq(a, b),
        _ => false,
    };
    let same_alloc = class.tp_alloc.get().is_none_or(|a| {
        core::ptr::fn_addr_eq(a, taipan_object::types::type_::PyType_GenericAlloc as taipan_object::typeobj::allocfunc)
    });
    same_new && same_alloc && !class.has_feature(flags::IS_ABSTRACT)
}

/// Rewrites the `CALL_KW` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn call_kw(py: Python, ip: Ip, sp: Sp, oparg: usize) {
    // SAFETY: callable, self or null, arguments and names are on the stack.
    unsafe {
        let callable = (*sp.sub(oparg + 3)).get();
        let bound = !(*sp.sub(oparg + 2)).is_null();
        if callable.is_type(&PyFunction_Type) {
            let version = crate::function::version(py, &*(callable.as_ptr() as *const PyFunction));
            if version == 0 {
                return failed(ip);
            }
            set_cache_u32(ip, 2, version);
            return specialized(ip, Opcode::CALL_KW_PY);
        }
        if callable.is_type(&PyMethod_Type) && !bound {
            return specialized(ip, Opcode::CALL_KW_BOUND_METHOD);
        }
        specialized(ip, Opcode::CALL_KW_NON_PY)
    }
}
