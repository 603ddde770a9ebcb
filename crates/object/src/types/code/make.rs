//! Code objects from code data.

use super::{CODE_HEAD, PyCode, PyCode_Type};
use crate::memory::alloc;
use crate::types::frame::{CodeUnit, FRAME_SPECIALS_SIZE};
use crate::types::set::PyFrozenSet;
use crate::types::slice::PySlice;
use crate::{
    Py, PyBytes, PyComplex, PyFloat, PyLong, PyResult, PyStr, PyTuple, Python, Slot, raise,
};
use core::cell::Cell;
use core::ptr::null_mut;
use taipan_bytecode::code::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_LOCAL};
use taipan_bytecode::{CodeObject, Constant, Opcode};

/// A string of the compiler as an object; names and identifier-like constants are interned.
fn string(py: Python, s: &taipan_bytecode::PyStr, intern: bool) -> PyResult<Py<PyStr>> {
    let obj = match s.as_str() {
        Some(text) if intern || s.is_interned() => return PyStr::intern(py, text),
        Some(text) => PyStr::new(py, text)?,
        None => PyStr::from_ucs4(py, &s.code_points().collect::<Vec<u32>>())?,
    };
    Ok(if intern || s.is_interned() { PyStr::intern_in_place(py, obj) } else { obj })
}

fn names(py: Python, list: &[taipan_bytecode::PyStr]) -> PyResult<Py<PyTuple>> {
    let items = list.iter().map(|s| Ok(string(py, s, true)?.into_object())).collect::<PyResult<Vec<Py>>>()?;
    PyTuple::from_vec(py, items)
}

/// A constant of a code object as an object.
pub fn constant_to_object(py: Python, c: &Constant) -> PyResult {
    Ok(match c {
        Constant::None => py.none(),
        Constant::True => py.bool(true),
        Constant::False => py.bool(false),
        Constant::Ellipsis => py.ellipsis(),
        Constant::Int(v) => PyLong::from_i64(py, *v)?.into_object(),
        Constant::BigInt(v) => PyLong::from_digits(py, v.is_negative(), v.digits())?.into_object(),
        Constant::Float(v) => PyFloat::new(py, *v)?.into_object(),
        Constant::Complex(re, im) => PyComplex::new(py, *re, *im)?.into_object(),
        Constant::Str(s) => string(py, s, false)?.into_object(),
        Constant::Bytes(b) => PyBytes::new(py, b)?.into_object(),
        Constant::Tuple(items) => {
            let items = items.iter().map(|i| constant_to_object(py, i)).collect::<PyResult<Vec<Py>>>()?;
            PyTuple::from_vec(py, items)?.into_object()
        }
        Constant::FrozenSet(items) => {
            let items = items.iter().map(|i| constant_to_object(py, i)).collect::<PyResult<Vec<Py>>>()?;
            let tuple = PyTuple::from_vec(py, items)?;
            PyFrozenSet::from_iterable(py, &tuple)?.into_object()
        }
        Constant::Slice(parts) => {
            let (a, b, c) = (
                constant_to_object(py, &parts[0])?,
                constant_to_object(py, &parts[1])?,
                constant_to_object(py, &parts[2])?,
            );
            PySlice::new(py, &a, &b, &c)?.into_object()
        }
        Constant::Code(code) => from_code_object(py, code)?.into_object(),
    })
}

/// A code object from verified or compiler-made code data.
pub fn from_code_object(py: Python, code: &CodeObject) -> PyResult<Py<PyCode>> {
    let consts = code.consts.iter().map(|c| constant_to_object(py, c)).collect::<PyResult<Vec<Py>>>()?;
    let fields = Fields {
        consts: PyTuple::from_vec(py, consts)?,
        names: names(py, &code.names)?,
        localsplusnames: names(py, &code.localsplusnames)?,
        localspluskinds: PyBytes::new(py, &code.localspluskinds)?,
        filename: string(py, &code.filename, true)?,
        name: string(py, &code.name, true)?,
        qualname: string(py, &code.qualname, true)?,
        linetable: PyBytes::new(py, &code.linetable)?,
        exceptiontable: PyBytes::new(py, &code.exceptiontable)?,
        flags: code.flags.0 as i32,
        argcount: code.argcount as i32,
        posonlyargcount: code.posonlyargcount as i32,
        kwonlyargcount: code.kwonlyargcount as i32,
        stacksize: code.stacksize as i32,
        firstlineno: code.firstlineno,
    };
    assemble(py, fields, &code.code)
}

/// What a new code object is made of, besides its instructions.
pub(super) struct Fields {
    pub consts: Py<PyTuple>,
    pub names: Py<PyTuple>,
    pub localsplusnames: Py<PyTuple>,
    pub localspluskinds: Py<PyBytes>,
    pub filename: Py<PyStr>,
    pub name: Py<PyStr>,
    pub qualname: Py<PyStr>,
    pub linetable: Py<PyBytes>,
    pub exceptiontable: Py<PyBytes>,
    pub flags: i32,
    pub argcount: i32,
    pub posonlyargcount: i32,
    pub kwonlyargcount: i32,
    pub stacksize: i32,
    pub firstlineno: i32,
}

/// Puts a code object together; the instructions are quickened.
pub(super) fn assemble(py: Python, f: Fields, code: &[u8]) -> PyResult<Py<PyCode>> {
    let kinds = f.localspluskinds.as_slice();
    let count = |bit: u8| kinds.iter().filter(|&&k| k & bit != 0).count() as i32;
    let (nlocals, ncells, nfree) = (count(CO_FAST_LOCAL), count(CO_FAST_CELL), count(CO_FAST_FREE));
    let nlocalsplus = kinds.len() as i32;
    let units = code.len() / 2;
    let Some(framesize) = (nlocalsplus as i64 + f.stacksize as i64 + FRAME_SPECIALS_SIZE as i64)
        .try_into()
        .ok()
        .filter(|&n: &i32| n < i32::MAX / 8)
    else {
        return Err(raise!(py, OverflowError, "code: co_stacksize is too large"));
    };
    let p = alloc::new_var(py, &PyCode_Type, CODE_HEAD + units * 2 + 2, units as isize)? as *mut PyCode;
    // SAFETY: the block holds the head and all code units; every field is written before the object is shared.
    unsafe {
        macro_rules! put {
            ($field:ident, $v:expr) => {
                (&raw mut (*p).$field).write($v)
            };
        }
        let first_traceable = (0..units)
            .find(|&i| code[2 * i] == Opcode::RESUME as u8)
            .unwrap_or(units);
        put!(co_consts, Slot::some(f.consts));
        put!(co_names, Slot::some(f.names));
        put!(co_exceptiontable, Slot::some(f.exceptiontable));
        put!(co_flags, Cell::new(f.flags));
        put!(co_argcount, Cell::new(f.argcount));
        put!(co_posonlyargcount, Cell::new(f.posonlyargcount));
        put!(co_kwonlyargcount, Cell::new(f.kwonlyargcount));
        put!(co_stacksize, Cell::new(f.stacksize));
        put!(co_firstlineno, Cell::new(f.firstlineno));
        put!(co_nlocalsplus, Cell::new(nlocalsplus));
        put!(co_framesize, Cell::new(framesize));
        put!(co_nlocals, Cell::new(nlocals));
        put!(co_ncellvars, Cell::new(ncells));
        put!(co_nfreevars, Cell::new(nfree));
        put!(co_version, Cell::new(next_version(py)));
        put!(co_localsplusnames, Slot::some(f.localsplusnames));
        put!(co_localspluskinds, Slot::some(f.localspluskinds));
        put!(co_filename, Slot::some(f.filename));
        put!(co_name, Slot::some(f.name));
        put!(co_qualname, Slot::some(f.qualname));
        put!(co_linetable, Slot::some(f.linetable));
        put!(co_weakreflist, Slot::empty());
        put!(co_executors, Cell::new(null_mut()));
        put!(_co_cached, Cell::new(null_mut()));
        put!(_co_instrumentation_version, Cell::new(0));
        put!(_co_monitoring, Cell::new(null_mut()));
        put!(_co_unique_id, Cell::new(0));
        put!(_co_firsttraceable, Cell::new(first_traceable as i32));
        put!(co_extra, Cell::new(null_mut()));
        let dst = (p as *mut u8).add(CODE_HEAD);
        core::ptr::copy_nonoverlapping(code.as_ptr(), dst, units * 2);
        quicken(core::slice::from_raw_parts_mut(dst as *mut CodeUnit, units));
        Ok(Py::from_owned(p))
    }
}

fn next_version(py: Python) -> u32 {
    let next = &py.interp().next_func_version;
    let v = next.get();
    if v != 0 {
        next.set(v.wrapping_add(1));
    }
    v
}

/// Counter of an adaptive instruction that has not run yet (`adaptive_counter_warmup`): value 1, backoff 1.
const WARMUP: u16 = (1 << 4) | 1;
/// Counter of a `JUMP_BACKWARD`.
const JUMP_WARMUP: u16 = (4095 << 4) | 12;

/// Prepares instructions for running: the counters of adaptive ones are set, other cache units cleared (`_PyCode_Quicken`).
pub fn quicken(code: &mut [CodeUnit]) {
    let mut i = 0;
    while i < code.len() {
        let Some(op) = Opcode::from_u8(code[i].op) else { break };
        let caches = op.caches();
        for k in 1..=caches {
            if i + k < code.len() {
                code[i + k] = CodeUnit { op: 0, arg: 0 };
            }
        }
        if caches > 0 && i + 1 < code.len() {
            let counter = match op {
                Opcode::JUMP_BACKWARD => JUMP_WARMUP,
                Opcode::POP_JUMP_IF_FALSE
                | Opcode::POP_JUMP_IF_TRUE
                | Opcode::POP_JUMP_IF_NONE
                | Opcode::POP_JUMP_IF_NOT_NONE => 0x5555,
                _ => WARMUP,
            };
            code[i + 1] = CodeUnit { op: counter as u8, arg: (counter >> 8) as u8 };
        }
        i += 1 + caches;
    }
}

/// A code object of the implementation's own, without names, constants or locals.
pub fn new_internal(py: Python, name: &str, code: &[(Opcode, u8)], stacksize: i32) -> PyResult<Py<PyCode>> {
    let bytes: Vec<u8> = code.iter().flat_map(|&(op, arg)| [op.to_u8(), arg]).collect();
    let name = PyStr::intern(py, name)?;
    let empty = PyBytes::new(py, b"")?;
    assemble(
        py,
        Fields {
            consts: PyTuple::empty(py),
            names: PyTuple::empty(py),
            localsplusnames: PyTuple::empty(py),
            localspluskinds: empty.clone(),
            filename: PyStr::intern(py, "<taipan>")?,
            name: name.clone(),
            qualname: name,
            linetable: PyBytes::new(py, &[0xf0 | ((code.len() as u8).clamp(1, 8) - 1), 0])?,
            exceptiontable: empty,
            flags: 0,
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            stacksize,
            firstlineno: 1,
        },
        &bytes,
    )
}

