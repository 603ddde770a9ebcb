//! What the declaring macros of `taipan-macros` need at run time; `docs/declaring-types.md` is the manual.
//!
//! * [`args`]: argument lists checked and spread as a signature says, with CPython's errors.
//! * [`convert`]: Python objects to Rust parameters ([`FromArg`]), Rust results to Python objects ([`IntoReturn`]).
//! * [`trace`]: visiting references for the cycle collector.
//! * [`class`]: type objects, allocation and deallocation of instances.
//! * [`module`]: native modules and per-interpreter state.
//! * [`rt`]: all names that generated code uses.

pub mod args;
pub mod class;
pub mod convert;
pub mod module;
pub mod suggest;
pub mod trace;

#[cfg(test)]
mod tests;

pub use args::{Args, KwArgs};
pub use class::{ClassDecl, PyClass};
pub use convert::{CompareOp, FromArg, IntoReturn, Send};
pub use module::{InterpLocal, NativeModule};
pub use trace::{Stop, Trace, Visit};

/// Everything that generated code names.
#[doc(hidden)]
pub mod rt {
    pub use super::args::{
        ArgBuf, ArgContext, ArgSpec, Args, KwArgs, WHOLE, absent_or_none, borrow, borrow_nullable, positional,
        refuse_arguments, refuse_keywords, refuse_kwnames, tuple_parts, unpack, unpack_dict,
    };
    pub use super::class::{
        ClassDecl, PyClass, class_getitem, clear, clear_base, dealloc, hash_not_implemented, heap_type,
        refuses_for_init, refuses_for_new, self_iter, trace_base, traverse, type_check,
    };
    pub use super::convert::{
        CompareOp, FromArg, IntoIterNext, IntoReturn, IntoSsize, IntoStatus, IntoTruth, NULL, buffer_status,
        send_status,
    };
    pub use super::module::{NativeModule, execute_module, module_slots};
    pub use super::trace::{Stop, Trace, Visit};
    pub use crate::gil::Python;
    pub use crate::handle::{Py, PyLayout};
    pub use crate::header::{PyObject, PyVarObject, visitproc};
    pub use crate::singletons::none;
    pub use crate::typeobj::{
        METH_CLASS, METH_COEXIST, METH_FASTCALL, METH_KEYWORDS, METH_NOARGS, METH_O, METH_STATIC, Py_buffer,
        PyAsyncMethods, PyBufferProcs, PyGetSetDef, PyMappingMethods, PyMemberDef, PyMethodDef, PyModuleDef_Slot,
        PyNumberMethods, PySequenceMethods, PyTypeObject, VECTORCALL_ARGUMENTS_OFFSET, flags, member_flags,
        member_type,
    };
    pub use crate::types::dict::PyDict;
    pub use crate::types::tuple::PyTuple;
}
