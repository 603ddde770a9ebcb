//! The structs and constants of this crate against the numbers of the C headers.
//!
//! `abi/structs.tsv` and `abi/constants.tsv` are derived from the real headers with the C compiler
//! (`cargo xtask abi`). Each struct below is compared in size and alignment, and in the offset and
//! size of each field that is visible from outside. Where Rust's struct stops before C's
//! flexible array of one item, `- N` gives the bytes that C counts for it.

use std::collections::HashMap;
use std::fmt::Write;
use std::mem::offset_of;
use taipan_object::header::PyGcHead;
use taipan_object::runtime::tstate::{ErrStackItem, PyThreadState, StackChunk};
use taipan_object::typeobj::*;
use taipan_object::types::dict::{DictKeys, DictValues, keys};
use taipan_object::types::exceptions::{
    PyAttributeError, PyBaseExceptionGroup, PyImportError, PyNameError, PyOSError, PyStopIteration, PySyntaxError,
    PySystemExit, PyUnicodeError,
};
use taipan_object::types::frame::{self, InterpreterFrame, PyFrame};
use taipan_object::types::generator::{self, PyGenerator};
use taipan_object::types::traceback::PyTraceback;
use taipan_object::types::weakref::PyWeakReference;
use taipan_object::types::{builtin_function, descr, int, list, method, range, set, str_, tuple};
use taipan_object::{
    PyBaseException, PyByteArray, PyBytes, PyCell, PyCode, PyComplex, PyDict, PyFloat, PyFunction, PyList, PyLong,
    PyModule, PyObject, PySet, PySlice, PyStr, PyTuple, PyTypeObject, PyVarObject,
};

/// A struct of this crate as Rust lays it out.
struct Layout {
    c_name: &'static str,
    size: usize,
    align: usize,
    /// C's name, offset, size.
    fields: Vec<(&'static str, usize, usize)>,
}

/// The size of the field that `get` borrows.
fn size_of_field<S, F>(_get: fn(&S) -> &F) -> usize {
    size_of::<F>()
}

macro_rules! layouts {
    ($($c:literal = $rust:ty $(, - $tail:literal)? { $($field:ident $(as $name:literal)?),* $(,)? })*) => {
        vec![$(Layout {
            c_name: $c,
            size: size_of::<$rust>() $(+ $tail)?,
            align: align_of::<$rust>(),
            fields: vec![$({
                let name = stringify!($field);
                $(let name = { let _ = name; $name };)?
                (name, offset_of!($rust, $field), size_of_field::<$rust, _>(|s| &s.$field))
            }),*],
        }),*]
    };
}

fn layouts() -> Vec<Layout> {
    layouts! {
        "PyObject" = PyObject {}
        "PyVarObject" = PyVarObject { ob_base }
        "PyGC_Head" = PyGcHead {}
        "PyTypeObject" = PyTypeObject {
            ob_base, tp_name, tp_basicsize, tp_itemsize, tp_dealloc, tp_vectorcall_offset, tp_getattr, tp_setattr,
            tp_as_async, tp_repr, tp_as_number, tp_as_sequence, tp_as_mapping, tp_hash, tp_call, tp_str, tp_getattro,
            tp_setattro, tp_as_buffer, tp_flags, tp_doc, tp_traverse, tp_clear, tp_richcompare, tp_weaklistoffset,
            tp_iter, tp_iternext, tp_methods, tp_members, tp_getset, tp_base, tp_dict, tp_descr_get, tp_descr_set,
            tp_dictoffset, tp_init, tp_alloc, tp_new, tp_free, tp_is_gc, tp_bases, tp_mro, tp_cache, tp_subclasses,
            tp_weaklist, tp_del, tp_version_tag, tp_finalize, tp_vectorcall, tp_watched, tp_versions_used,
        }
        "PyHeapTypeObject" = PyHeapTypeObject {
            ht_type, as_async, as_number, as_mapping, as_sequence, as_buffer, ht_name, ht_slots, ht_qualname,
            ht_cached_keys, ht_module, _ht_tpname, ht_token, _spec_cache,
        }
        "_specialization_cache" = SpecializationCache { getitem, getitem_version, init }
        "PyAsyncMethods" = PyAsyncMethods { am_await, am_aiter, am_anext, am_send }
        "PyNumberMethods" = PyNumberMethods {
            nb_add, nb_subtract, nb_multiply, nb_remainder, nb_divmod, nb_power, nb_negative, nb_positive, nb_absolute,
            nb_bool, nb_invert, nb_lshift, nb_rshift, nb_and, nb_xor, nb_or, nb_int, nb_float, nb_inplace_add,
            nb_inplace_subtract, nb_inplace_multiply, nb_inplace_remainder, nb_inplace_power, nb_inplace_lshift,
            nb_inplace_rshift, nb_inplace_and, nb_inplace_xor, nb_inplace_or, nb_floor_divide, nb_true_divide,
            nb_inplace_floor_divide, nb_inplace_true_divide, nb_index, nb_matrix_multiply, nb_inplace_matrix_multiply,
        }
        "PySequenceMethods" = PySequenceMethods {
            sq_length, sq_concat, sq_repeat, sq_item, sq_ass_item, sq_contains, sq_inplace_concat, sq_inplace_repeat,
        }
        "PyMappingMethods" = PyMappingMethods { mp_length, mp_subscript, mp_ass_subscript }
        "PyBufferProcs" = PyBufferProcs { bf_getbuffer, bf_releasebuffer }
        "Py_buffer" = Py_buffer {
            buf, obj, len, itemsize, readonly, ndim, format, shape, strides, suboffsets, internal,
        }
        "PyMethodDef" = PyMethodDef { ml_name, ml_meth, ml_flags, ml_doc }
        "PyMemberDef" = PyMemberDef { name, type_ as "type", offset, flags, doc }
        "PyGetSetDef" = PyGetSetDef { name, get, set, doc, closure }
        "PyType_Slot" = PyType_Slot { slot, pfunc }
        "PyType_Spec" = PyType_Spec { name, basicsize, itemsize, flags, slots }
        "PyModuleDef_Base" = PyModuleDef_Base { ob_base, m_init, m_index, m_copy }
        "PyModuleDef_Slot" = PyModuleDef_Slot { slot, value }
        "PyModuleDef" = PyModuleDef {
            m_base, m_name, m_doc, m_size, m_methods, m_slots, m_traverse, m_clear, m_free,
        }
        "PyLongObject" = PyLong { ob_base }
        "PyFloatObject" = PyFloat { ob_base }
        "PyComplexObject" = PyComplex { ob_base }
        "PyASCIIObject" = PyStr { ob_base }
        "PyCompactUnicodeObject" = str_::PyCompactStr { base as "_base", utf8_length, utf8 }
        "PyUnicodeObject" = str_::PyLegacyStr { base as "_base", data }
        "PyBytesObject" = PyBytes { ob_base }
        "PyByteArrayObject" = PyByteArray { ob_base, ob_alloc, ob_bytes, ob_start, ob_exports }
        "PyListObject" = PyList { ob_base }
        "_PyListIterObject" = list::iter::PyListIter { ob_base, it_index, it_seq }
        "PyTupleObject" = PyTuple, - 8 { ob_base }
        "_PyTupleIterObject" = tuple::iter::PyTupleIter { ob_base, it_index, it_seq }
        "PyDictObject" = PyDict { ob_base }
        "PyDictKeysObject" = DictKeys {
            dk_refcnt, dk_log2_size, dk_log2_index_bytes, dk_kind, dk_version, dk_usable, dk_nentries,
        }
        "PyDictKeyEntry" = keys::Entry { me_hash, me_key, me_value }
        "PyDictUnicodeEntry" = keys::UnicodeEntry { me_key, me_value }
        "PyDictValues" = DictValues, - 8 { capacity, size, embedded, valid }
        "PySetObject" = PySet {}
        "setentry" = set::SetEntry { key, hash }
        "PySliceObject" = PySlice { ob_base, start, stop, step }
        "_PyRangeIterObject" = range::iter::PyRangeIter { ob_base, start, step, len }
        "PyCellObject" = PyCell { ob_base }
        "PyModuleObject" = PyModule { ob_base }
        "PyCodeObject" = PyCode {
            ob_base, co_consts, co_names, co_exceptiontable, co_flags, co_argcount, co_posonlyargcount,
            co_kwonlyargcount, co_stacksize, co_firstlineno, co_nlocalsplus, co_framesize, co_nlocals, co_ncellvars,
            co_nfreevars, co_version, co_localsplusnames, co_localspluskinds, co_filename, co_name, co_qualname,
            co_linetable, co_weakreflist, co_executors, _co_cached, _co_instrumentation_version, _co_monitoring,
            _co_unique_id, _co_firsttraceable, co_extra,
        }
        "PyFunctionObject" = PyFunction {
            ob_base, func_globals, func_builtins, func_name, func_qualname, func_code, func_defaults, func_kwdefaults,
            func_closure, func_doc, func_dict, func_weakreflist, func_module, func_annotations, func_annotate,
            func_typeparams, vectorcall, func_version,
        }
        "PyGenObject" = PyGenerator {
            ob_base, weakreflist as "gi_weakreflist", name as "gi_name", qualname as "gi_qualname",
            exc_state as "gi_exc_state", origin_or_finalizer as "gi_origin_or_finalizer",
            hooks_inited as "gi_hooks_inited", closed as "gi_closed", running_async as "gi_running_async",
            frame_state as "gi_frame_state", iframe as "gi_iframe",
        }
        "_PyInterpreterFrame" = InterpreterFrame {
            f_executable, previous, f_funcobj, f_globals, f_builtins, f_locals, frame_obj, instr_ptr, stackpointer,
            return_offset, owner, visited, localsplus,
        }
        "PyFrameObject" = PyFrame {
            ob_base, f_back, f_frame, f_trace, f_lineno, f_trace_lines, f_trace_opcodes, f_extra_locals,
            f_locals_cache, f_overwritten_fast_locals, f_frame_data as "_f_frame_data",
        }
        "PyTracebackObject" = PyTraceback { ob_base, tb_next, tb_frame, tb_lasti, tb_lineno }
        "PyWeakReference" = PyWeakReference {
            ob_base, wr_object, wr_callback, hash, wr_prev, wr_next, vectorcall,
        }
        "propertyobject" = descr::PyProperty { ob_base }
        "PyWrapperDescrObject" = descr::PyWrapperDescr {}
        "PyMethodDescrObject" = descr::PyMethodDescr {}
        "PyMemberDescrObject" = descr::PyMemberDescr {}
        "PyGetSetDescrObject" = descr::PyGetSetDescr {}
        "PyBaseExceptionObject" = PyBaseException {
            ob_base, dict, args, notes, traceback, context, cause, suppress_context,
        }
        "PyStopIterationObject" = PyStopIteration { value }
        "PySystemExitObject" = PySystemExit { code }
        "PyNameErrorObject" = PyNameError { name }
        "PyAttributeErrorObject" = PyAttributeError { obj, name }
        "PyImportErrorObject" = PyImportError { msg, name, path, name_from }
        "PyOSErrorObject" = PyOSError { myerrno, strerror, filename, filename2, written }
        "PySyntaxErrorObject" = PySyntaxError {
            msg, filename, lineno, offset, end_lineno, end_offset, text, print_file_and_line, metadata,
        }
        "PyUnicodeErrorObject" = PyUnicodeError { encoding, object, start, end, reason }
        "PyBaseExceptionGroupObject" = PyBaseExceptionGroup { msg, excs, excs_str }
        "PyCFunctionObject" = builtin_function::PyCFunctionObject {}
        "PyCMethodObject" = builtin_function::PyCMethodObject {}
        "PyMethodObject" = method::PyMethod {}
        "PyInstanceMethodObject" = method::PyInstanceMethod {}
        "_PyErr_StackItem" = ErrStackItem { exc_value, previous_item }
        "_PyStackChunk" = StackChunk { previous, size, top, data }
    }
}

/// The public head of the thread state; what Taipan keeps of its own follows it.
fn thread_state() -> Layout {
    let mut layouts = layouts! {
        "PyThreadState" = PyThreadState {
            prev, next, interp, eval_breaker, status as "_status", holds_gil, whence as "_whence", state,
            py_recursion_remaining, py_recursion_limit, recursion_headroom, tracing, what_event, current_frame,
            c_profilefunc, c_tracefunc, c_profileobj, c_traceobj, current_exception, exc_info, dict,
            gilstate_counter, async_exc, thread_id, native_thread_id, delete_later, critical_section,
            coroutine_origin_tracking_depth, async_gen_firstiter, async_gen_finalizer, context, context_ver, id,
            datastack_chunk, datastack_top, datastack_limit, exc_state, current_executor, dict_global_version,
            threading_local_key, threading_local_sentinel, remote_debugger_support, datastack_cached_chunk,
        }
    };
    layouts.remove(0)
}

/// The rows of a table, by kind and name.
fn rows(table: &'static str) -> HashMap<(&'static str, &'static str), Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let mut columns = line.split('\t');
            let kind = columns.next().expect("a kind");
            let name = columns.next().expect("a name");
            ((kind, name), columns.collect())
        })
        .collect()
}

#[test]
fn structs_are_laid_out_as_the_headers_say() {
    let rows = rows(include_str!("../abi/structs.tsv"));
    let mut wrong = String::new();
    let mut compared = 0;
    let mut check = |layout: &Layout, whole: bool| {
        let name = layout.c_name;
        let number = |text: &str| text.parse::<usize>().expect("a number");
        let Some(row) = rows.get(&("struct", name)) else {
            writeln!(wrong, "{name}: not in the table").unwrap();
            return;
        };
        if whole && layout.size != number(row[0]) {
            writeln!(wrong, "{name}: {} bytes, not {}", layout.size, row[0]).unwrap();
        }
        if layout.align != number(row[1]) {
            writeln!(wrong, "{name}: aligned to {}, not {}", layout.align, row[1]).unwrap();
        }
        for &(field, offset, size) in &layout.fields {
            let path = format!("{name}.{field}");
            let found = rows.iter().find(|((kind, n), _)| *kind == "field" && *n == path);
            let Some((_, row)) = found else {
                writeln!(wrong, "{path}: not in the table").unwrap();
                continue;
            };
            compared += 1;
            // A flexible array has no size in C; here it has one item or none.
            let flexible = number(row[1]) == 0;
            if offset != number(row[0]) || size != number(row[1]) && !flexible {
                writeln!(wrong, "{path}: {size} bytes at {offset}, not {} at {}", row[1], row[0]).unwrap();
            }
        }
    };
    for layout in layouts() {
        check(&layout, true);
    }
    check(&thread_state(), false);
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(compared > 200, "only {compared} fields were compared");
}

macro_rules! constants {
    ($($c:literal = $value:expr),* $(,)?) => {
        vec![$(($c, $value as i64)),*]
    };
}

#[test]
fn constants_have_the_values_of_the_headers() {
    let rows = rows(include_str!("../abi/constants.tsv"));
    let constants = constants! {
        "Py_TPFLAGS_INLINE_VALUES" = flags::INLINE_VALUES,
        "_Py_TPFLAGS_STATIC_BUILTIN" = flags::STATIC_BUILTIN,
        "Py_TPFLAGS_MANAGED_WEAKREF" = flags::MANAGED_WEAKREF,
        "Py_TPFLAGS_MANAGED_DICT" = flags::MANAGED_DICT,
        "Py_TPFLAGS_PREHEADER" = flags::PREHEADER,
        "Py_TPFLAGS_SEQUENCE" = flags::SEQUENCE,
        "Py_TPFLAGS_MAPPING" = flags::MAPPING,
        "Py_TPFLAGS_DISALLOW_INSTANTIATION" = flags::DISALLOW_INSTANTIATION,
        "Py_TPFLAGS_IMMUTABLETYPE" = flags::IMMUTABLETYPE,
        "Py_TPFLAGS_HEAPTYPE" = flags::HEAPTYPE,
        "Py_TPFLAGS_BASETYPE" = flags::BASETYPE,
        "Py_TPFLAGS_HAVE_VECTORCALL" = flags::HAVE_VECTORCALL,
        "Py_TPFLAGS_READY" = flags::READY,
        "Py_TPFLAGS_READYING" = flags::READYING,
        "Py_TPFLAGS_HAVE_GC" = flags::HAVE_GC,
        "Py_TPFLAGS_METHOD_DESCRIPTOR" = flags::METHOD_DESCRIPTOR,
        "Py_TPFLAGS_VALID_VERSION_TAG" = flags::VALID_VERSION_TAG,
        "Py_TPFLAGS_IS_ABSTRACT" = flags::IS_ABSTRACT,
        "_Py_TPFLAGS_MATCH_SELF" = flags::MATCH_SELF,
        "Py_TPFLAGS_ITEMS_AT_END" = flags::ITEMS_AT_END,
        "Py_TPFLAGS_LONG_SUBCLASS" = flags::LONG_SUBCLASS,
        "Py_TPFLAGS_LIST_SUBCLASS" = flags::LIST_SUBCLASS,
        "Py_TPFLAGS_TUPLE_SUBCLASS" = flags::TUPLE_SUBCLASS,
        "Py_TPFLAGS_BYTES_SUBCLASS" = flags::BYTES_SUBCLASS,
        "Py_TPFLAGS_UNICODE_SUBCLASS" = flags::UNICODE_SUBCLASS,
        "Py_TPFLAGS_DICT_SUBCLASS" = flags::DICT_SUBCLASS,
        "Py_TPFLAGS_BASE_EXC_SUBCLASS" = flags::BASE_EXC_SUBCLASS,
        "Py_TPFLAGS_TYPE_SUBCLASS" = flags::TYPE_SUBCLASS,
        "Py_TPFLAGS_DEFAULT" = flags::DEFAULT,
        "METH_VARARGS" = METH_VARARGS,
        "METH_KEYWORDS" = METH_KEYWORDS,
        "METH_NOARGS" = METH_NOARGS,
        "METH_O" = METH_O,
        "METH_CLASS" = METH_CLASS,
        "METH_STATIC" = METH_STATIC,
        "METH_COEXIST" = METH_COEXIST,
        "METH_FASTCALL" = METH_FASTCALL,
        "METH_METHOD" = METH_METHOD,
        "PY_VECTORCALL_ARGUMENTS_OFFSET" = VECTORCALL_ARGUMENTS_OFFSET,
        "PYGEN_RETURN" = PYGEN_RETURN,
        "PYGEN_ERROR" = PYGEN_ERROR,
        "PYGEN_NEXT" = PYGEN_NEXT,
        "PyLong_SHIFT" = int::SHIFT,
        "PyLong_BASE" = int::BASE,
        "PyLong_MASK" = int::MASK,
        "_PyLong_NON_SIZE_BITS" = int::TAG_SHIFT,
        "FRAME_SPECIALS_SIZE" = frame::FRAME_SPECIALS_SIZE,
        "FRAME_OWNED_BY_THREAD" = frame::OWNED_BY_THREAD,
        "FRAME_OWNED_BY_GENERATOR" = frame::OWNED_BY_GENERATOR,
        "FRAME_OWNED_BY_FRAME_OBJECT" = frame::OWNED_BY_FRAME_OBJECT,
        "FRAME_OWNED_BY_INTERPRETER" = frame::OWNED_BY_INTERPRETER,
        "FRAME_OWNED_BY_CSTACK" = frame::OWNED_BY_CSTACK,
        "FRAME_CREATED" = generator::state::CREATED,
        "FRAME_SUSPENDED" = generator::state::SUSPENDED,
        "FRAME_SUSPENDED_YIELD_FROM" = generator::state::SUSPENDED_YIELD_FROM,
        "FRAME_EXECUTING" = generator::state::EXECUTING,
        "FRAME_COMPLETED" = generator::state::COMPLETED,
        "FRAME_CLEARED" = generator::state::CLEARED,
        "PySet_MINSIZE" = set::MINSIZE,
        "SHARED_KEYS_MAX_SIZE" = keys::SHARED_KEYS_MAX_SIZE,
        "DKIX_EMPTY" = keys::EMPTY,
        "DKIX_DUMMY" = keys::DUMMY,
        "_Py_IMMORTAL_INITIAL_REFCNT" = taipan_object::header::IMMORTAL_INITIAL_REFCNT,
        "_Py_IMMORTAL_MINIMUM_REFCNT" = taipan_object::header::IMMORTAL_MINIMUM_REFCNT,
        "_Py_IMMORTAL_FLAGS" = taipan_object::header::IMMORTAL_FLAGS,
        "PyHASH_BITS" = taipan_object::abstracts::hash::HASH_BITS,
        "PyHASH_MODULUS" = taipan_object::abstracts::hash::HASH_MODULUS,
        "PyHASH_INF" = taipan_object::abstracts::hash::HASH_INF,
        "PyHASH_IMAG" = taipan_object::abstracts::hash::HASH_IMAG,
        "NB_ADD" = taipan_object::abstracts::number::nb::ADD,
        "NB_SUBSCR" = taipan_object::abstracts::number::nb::SUBSCR,
        "NB_INPLACE_ADD" = taipan_object::abstracts::number::nb::INPLACE_ADD,
    };
    let mut wrong = String::new();
    for (name, value) in constants {
        match rows.get(&("const", name)) {
            None => writeln!(wrong, "{name}: not in the table").unwrap(),
            Some(row) if row[0].parse() != Ok(value) => writeln!(wrong, "{name}: {value}, not {}", row[0]).unwrap(),
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
