//! Code objects from code data.

use super::{CODE_HEAD, PyCode, PyCode_Type};
use crate::memory::alloc;
use crate::types::frame::{CodeUnit, FRAME_SPECIALS_SIZE};
use crate::types::set::PyFrozenSet;
use crate::types::slice::PySlice;
use crate::{Py, PyBytes, PyComplex, PyFloat, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, Slot, raise};
use core::cell::Cell;
use core::ptr::null_mut;
use std::sync::Arc;
use taipan_bytecode::code::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_HIDDEN, CO_FAST_LOCAL, CodeFlags};
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
        let first_traceable = (0..units).find(|&i| code[2 * i] == Opcode::RESUME as u8).unwrap_or(units);
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

/// The parts of a code object that is not the compiler's.
pub struct Parts {
    pub argcount: i32,
    pub posonlyargcount: i32,
    pub kwonlyargcount: i32,
    pub stacksize: i32,
    pub flags: i32,
    pub firstlineno: i32,
    pub code: Py<PyBytes>,
    pub consts: Py<PyTuple>,
    pub names: Py<PyTuple>,
    pub filename: Py<PyStr>,
    pub name: Py<PyStr>,
    pub qualname: Py<PyStr>,
    pub linetable: Py<PyBytes>,
    pub exceptiontable: Py<PyBytes>,
}

const CO_OPTIMIZED: i32 = 0x1;
const CO_VARARGS: i32 = 0x4;
const CO_VARKEYWORDS: i32 = 0x8;

/// A code object from its parts, the variables given as Python sees them (`PyUnstable_Code_NewWithPosOnlyArgs`).
///
/// Raises as [`from_parts`]; ValueError if `nlocals` is not the number of `varnames`.
pub(super) fn from_variables(
    py: Python,
    parts: Parts,
    nlocals: i32,
    varnames: &PyTuple,
    freevars: &PyTuple,
    cellvars: &PyTuple,
) -> PyResult<Py<PyCode>> {
    let mut all: Vec<Py> = varnames.as_slice().to_vec();
    let mut kinds = vec![CO_FAST_LOCAL; all.len()];
    // A cell variable that is a local too shares its place.
    for name in cellvars.as_slice() {
        let mut place = None;
        for (i, local) in varnames.as_slice().iter().enumerate() {
            if local.eq(py, name)? {
                place = Some(i);
                break;
            }
        }
        match place {
            Some(i) => kinds[i] |= CO_FAST_CELL,
            None => {
                all.push(name.clone());
                kinds.push(CO_FAST_CELL);
            }
        }
    }
    all.extend_from_slice(freevars.as_slice());
    kinds.resize(all.len(), CO_FAST_FREE);
    // Variables of inlined comprehensions in modules and classes are hidden.
    if parts.flags & CO_OPTIMIZED == 0 {
        let mut oparg = 0usize;
        for (op, arg) in base_instructions(parts.code.as_slice()) {
            oparg = oparg << 8 | usize::from(arg);
            match Opcode::from_u8(op) {
                Some(Opcode::EXTENDED_ARG) => continue,
                Some(Opcode::LOAD_FAST_AND_CLEAR) => match kinds.get_mut(oparg) {
                    Some(kind) => *kind |= CO_FAST_HIDDEN,
                    None => {
                        return Err(raise!(py, ValueError, "code: LOAD_FAST_AND_CLEAR oparg {oparg} out of range"));
                    }
                },
                _ => {}
            }
            oparg = 0;
        }
    }
    let names = PyTuple::from_vec(py, all)?;
    validate(py, &parts, &names, &kinds)?;
    if nlocals as usize != varnames.len() {
        return Err(raise!(py, ValueError, "code: co_nlocals != len(co_varnames)"));
    }
    finish(py, parts, names, &kinds)
}

/// Opcode and argument of each instruction, caches left out.
fn base_instructions(code: &[u8]) -> impl Iterator<Item = (u8, u8)> + '_ {
    let mut at = 0;
    core::iter::from_fn(move || {
        let unit = code.get(at..at + 2)?;
        at += 2 + 2 * Opcode::from_u8(unit[0]).map_or(0, Opcode::caches);
        Some((unit[0], unit[1]))
    })
}

/// A code object from its parts, as marshal has them: names and kinds of all variables (`_PyCode_New`).
///
/// SystemError for counts that make no sense, ValueError for instructions that are not whole code units or too few
/// names of variables. Instructions that would not be safe to run are no error yet: running them raises.
pub fn from_parts(py: Python, parts: Parts, localsplusnames: Py<PyTuple>, kinds: &[u8]) -> PyResult<Py<PyCode>> {
    validate(py, &parts, &localsplusnames, kinds)?;
    finish(py, parts, localsplusnames, kinds)
}

fn validate(py: Python, p: &Parts, names: &PyTuple, kinds: &[u8]) -> PyResult<()> {
    let is_str = |n: &Py| n.downcast::<PyStr>().is_some();
    if p.posonlyargcount < 0
        || p.argcount < p.posonlyargcount
        || p.kwonlyargcount < 0
        || p.stacksize < 0
        || p.flags < 0
        || names.len() != kinds.len()
        || !names.as_slice().iter().all(is_str)
        || !p.names.as_slice().iter().all(is_str)
    {
        return Err(crate::err::bad_internal_call(py));
    }
    if p.code.len() > i32::MAX as usize {
        return Err(raise!(py, OverflowError, "code: co_code larger than INT_MAX"));
    }
    if p.code.len() % 2 != 0 {
        return Err(raise!(py, ValueError, "code: co_code is malformed"));
    }
    let locals = kinds.iter().filter(|&&k| k & CO_FAST_LOCAL != 0).count() as i64;
    let arguments = i64::from(p.argcount)
        + i64::from(p.kwonlyargcount)
        + i64::from(p.flags & CO_VARARGS != 0)
        + i64::from(p.flags & CO_VARKEYWORDS != 0);
    if locals < arguments {
        return Err(raise!(py, ValueError, "code: co_varnames is too small"));
    }
    Ok(())
}

/// Interns what code interns, verifies, and puts the object together.
fn finish(py: Python, p: Parts, localsplusnames: Py<PyTuple>, kinds: &[u8]) -> PyResult<Py<PyCode>> {
    let safe = is_safe(&p, kinds);
    let fields = Fields {
        consts: intern_constants(py, p.consts)?,
        names: intern_names(py, p.names)?,
        localsplusnames: intern_names(py, localsplusnames)?,
        localspluskinds: PyBytes::new(py, kinds)?,
        filename: p.filename,
        name: PyStr::intern_in_place(py, p.name),
        qualname: PyStr::intern_in_place(py, p.qualname),
        linetable: p.linetable,
        exceptiontable: if safe { p.exceptiontable.clone() } else { PyBytes::new(py, b"")? },
        flags: p.flags,
        argcount: p.argcount,
        posonlyargcount: p.posonlyargcount,
        kwonlyargcount: p.kwonlyargcount,
        stacksize: if safe { p.stacksize } else { 1 },
        firstlineno: p.firstlineno,
    };
    if safe {
        return assemble(py, fields, p.code.as_slice());
    }
    // One unit at least, so that there is something to run.
    let unknown = (0..=u8::MAX).find(|&n| Opcode::from_u8(n).is_none()).unwrap_or(0);
    let units = (p.code.len() / 2).max(1);
    let code = assemble(py, fields, &[unknown, 0].repeat(units))?;
    code.co_stacksize.set(p.stacksize);
    code.ob_base.set_size((p.code.len() / 2) as isize);
    let cached = code.cached();
    cached.code.set(Some(p.code));
    cached.exceptiontable.set(Some(p.exceptiontable));
    cached.refused.set(true);
    Ok(code)
}

/// Does the verifier accept the instructions? Nested code objects have been verified when they were made.
fn is_safe(p: &Parts, kinds: &[u8]) -> bool {
    let nothing = taipan_bytecode::PyStr::new("");
    let text = |n: usize| vec![nothing.clone(); n].into_boxed_slice();
    let data = CodeObject {
        argcount: p.argcount as u32,
        posonlyargcount: p.posonlyargcount as u32,
        kwonlyargcount: p.kwonlyargcount as u32,
        stacksize: p.stacksize as u32,
        flags: CodeFlags(p.flags as u32),
        code: p.code.as_slice().into(),
        consts: p.consts.as_slice().iter().map(|c| outline(c)).collect(),
        names: text(p.names.len()),
        localsplusnames: text(kinds.len()),
        localspluskinds: kinds.into(),
        filename: nothing.clone(),
        name: nothing.clone(),
        qualname: nothing.clone(),
        firstlineno: p.firstlineno,
        linetable: p.linetable.as_slice().into(),
        exceptiontable: p.exceptiontable.as_slice().into(),
    };
    taipan_bytecode::verify::verify_alone(&data).is_ok()
}

/// What the verifier looks at in a constant: code objects (their free variables), tuples of strings.
fn outline(constant: &PyObject) -> Constant {
    if let Some(code) = constant.downcast::<PyCode>() {
        let kinds: Box<[u8]> = code.co_localspluskinds.get().map_or_else(Box::default, |k| k.as_slice().into());
        let nothing = taipan_bytecode::PyStr::new("");
        return Constant::Code(Arc::new(CodeObject {
            argcount: code.co_argcount.get() as u32,
            posonlyargcount: code.co_posonlyargcount.get() as u32,
            kwonlyargcount: code.co_kwonlyargcount.get() as u32,
            stacksize: 0,
            flags: CodeFlags(code.co_flags.get() as u32),
            code: Box::default(),
            consts: Box::default(),
            names: Box::default(),
            localsplusnames: vec![nothing.clone(); kinds.len()].into(),
            localspluskinds: kinds,
            filename: nothing.clone(),
            name: nothing.clone(),
            qualname: nothing,
            firstlineno: 0,
            linetable: Box::default(),
            exceptiontable: Box::default(),
        }));
    }
    match constant.downcast::<PyTuple>() {
        Some(tuple) => {
            let items = tuple.as_slice().iter().map(|item| match item.downcast::<PyStr>() {
                Some(_) => Constant::Str(taipan_bytecode::PyStr::new("")),
                None => Constant::None,
            });
            Constant::Tuple(items.collect())
        }
        None => Constant::None,
    }
}

/// Names are interned.
fn intern_names(py: Python, names: Py<PyTuple>) -> PyResult<Py<PyTuple>> {
    let intern = |name: &Py| match name.clone().downcast_into::<PyStr>() {
        Ok(s) => PyStr::intern_in_place(py, s).into_object(),
        Err(other) => other,
    };
    PyTuple::from_vec(py, names.as_slice().iter().map(intern).collect())
}

/// Is the text made of the characters of names only (`all_name_chars`)?
fn looks_like_name(s: &PyStr) -> bool {
    s.ascii_str().is_some_and(|t| t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

/// Strings that look like names are interned, inside tuples and frozensets too (`intern_constants`).
fn intern_constants(py: Python, consts: Py<PyTuple>) -> PyResult<Py<PyTuple>> {
    let mut items = Vec::with_capacity(consts.len());
    let mut changed = false;
    for item in consts.as_slice() {
        let new = intern_constant(py, item)?;
        changed |= !new.is(item);
        items.push(new);
    }
    if changed { PyTuple::from_vec(py, items) } else { Ok(consts) }
}

fn intern_constant(py: Python, constant: &Py) -> PyResult {
    if constant.is_type(&crate::types::str_::PyUnicode_Type) {
        if let Ok(s) = constant.clone().downcast_into::<PyStr>() {
            return Ok(if looks_like_name(&s) { PyStr::intern_in_place(py, s).into_object() } else { s.into_object() });
        }
    } else if constant.is_type(&crate::types::tuple::PyTuple_Type) {
        let _guard = py.enter_recursive(" while interning constants")?;
        if let Ok(t) = constant.clone().downcast_into::<PyTuple>() {
            return Ok(intern_constants(py, t)?.into_object());
        }
    } else if constant.is_type(&crate::types::set::PyFrozenSet_Type) {
        let _guard = py.enter_recursive(" while interning constants")?;
        let mut items = Vec::new();
        let mut changed = false;
        constant.iterate(py, |item| {
            let new = intern_constant(py, &item)?;
            changed |= !new.is(&item);
            items.push(new);
            Ok(())
        })?;
        if changed {
            let tuple = PyTuple::from_vec(py, items)?;
            return Ok(PyFrozenSet::from_iterable(py, &tuple)?.into_object());
        }
    }
    Ok(constant.clone())
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
