//! Global, builtin and class-scope names.
//!
//! Cache of `LOAD_GLOBAL`: 1 counter, 2 the index of the entry, 3 version of the globals' keys, 4 of the builtins' keys.

use super::attributes::name_at;
use super::calls::raw;
use crate::eval::dispatch::cache_u16;
use crate::eval::specialize::{self, adaptive};
use crate::{goto, next, op, peek, push, throw};
use taipan_object::abstracts::mapping;
use taipan_object::types::dict::{PyDict, PyDict_Type};
use taipan_object::types::frame::{InterpreterFrame, StackRef};
use taipan_object::{Py, PyObject, PyResult, PyStr, Python, Raised, err, exceptions, raise};

op!(LOAD_GLOBAL(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::global::load_global(Python::assume(), ip, frame, name_at(frame, oparg >> 1)));
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let result = raw(load_global(Python::assume(), frame, name_at(frame, oparg >> 1)));
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    *sp = StackRef::NULL;
    sp = sp.add(oparg & 1);
    next!(ip, sp, frame, ts)
});

/// `name 'x' is not defined`, with the name in the exception for suggestions.
#[cold]
pub(crate) fn undefined_name(py: Python, name: &PyStr) -> Raised {
    let raised = raise!(py, NameError, "name '{name}' is not defined");
    if let Some(exc) = err::take(py) {
        exceptions::set_name_error_name(&exc, name);
        return err::restore(py, exc);
    }
    raised
}

#[inline(never)]
fn load_global(py: Python, frame: &InterpreterFrame, name: &PyStr) -> PyResult {
    let globals = frame.globals();
    if let Some(v) = globals.get(py, name)? {
        return Ok(v);
    }
    let builtins = frame.builtins();
    if builtins.is_type(&PyDict_Type) {
        // SAFETY: just checked.
        let b = unsafe { &*(builtins.as_ptr() as *const PyDict) };
        if let Some(v) = b.get(py, name)? {
            return Ok(v);
        }
    } else if let Some(v) = mapping::get_optional_item(py, builtins, name)? {
        return Ok(v);
    }
    Err(undefined_name(py, name))
}

op!(LOAD_GLOBAL_MODULE(ip, sp, frame, ts, oparg) {
    let keys = frame.globals().table();
    if keys.version() != cache_u16(ip, 3) as u32 {
        goto!(LOAD_GLOBAL, ip, sp, frame, ts, oparg)
    }
    let value = (*keys.unicode_entries().add(cache_u16(ip, 2) as usize)).me_value;
    if value.is_null() {
        goto!(LOAD_GLOBAL, ip, sp, frame, ts, oparg)
    }
    push!(sp, StackRef::new_ref(&*value));
    *sp = StackRef::NULL;
    sp = sp.add(oparg & 1);
    next!(ip, sp, frame, ts)
});
op!(LOAD_GLOBAL_BUILTIN(ip, sp, frame, ts, oparg) {
    let keys = frame.globals().table();
    if keys.version() != cache_u16(ip, 3) as u32 {
        goto!(LOAD_GLOBAL, ip, sp, frame, ts, oparg)
    }
    let builtins = (*(frame.f_builtins.get() as *const PyDict)).table();
    if builtins.version() != cache_u16(ip, 4) as u32 {
        goto!(LOAD_GLOBAL, ip, sp, frame, ts, oparg)
    }
    let value = (*builtins.unicode_entries().add(cache_u16(ip, 2) as usize)).me_value;
    if value.is_null() {
        goto!(LOAD_GLOBAL, ip, sp, frame, ts, oparg)
    }
    push!(sp, StackRef::new_ref(&*value));
    *sp = StackRef::NULL;
    sp = sp.add(oparg & 1);
    next!(ip, sp, frame, ts)
});

op!(LOAD_NAME(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let result = raw(load_name(Python::assume(), frame, name_at(frame, oparg)));
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
fn load_name(py: Python, frame: &InterpreterFrame, name: &PyStr) -> PyResult {
    // SAFETY: the frame owns its locals while it runs.
    let locals: Py = match unsafe { Py::from_borrowed_nullable(frame.f_locals.get()) } {
        Some(l) => l,
        None => return Err(raise!(py, SystemError, "no locals when loading '{name}'")),
    };
    if let Some(v) = mapping::get_optional_item(py, &locals, name)? {
        return Ok(v);
    }
    load_global(py, frame, name)
}

op!(LOAD_FROM_DICT_OR_GLOBALS(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let dict = peek!(sp, 1);
    let result = raw(from_dict_or_globals(Python::assume(), dict, frame, name_at(frame, oparg)));
    dict.close();
    sp = sp.sub(1);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
fn from_dict_or_globals(py: Python, dict: StackRef, frame: &InterpreterFrame, name: &PyStr) -> PyResult {
    // SAFETY: a live reference.
    if let Some(v) = mapping::get_optional_item(py, unsafe { dict.get() }, name)? {
        return Ok(v);
    }
    load_global(py, frame, name)
}

op!(STORE_NAME(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let v = peek!(sp, 1);
    let ok = store_name(Python::assume(), frame, name_at(frame, oparg), v).is_ok();
    v.close();
    sp = sp.sub(1);
    if !ok {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn store_name(py: Python, frame: &InterpreterFrame, name: &PyStr, value: StackRef) -> PyResult<()> {
    // SAFETY: live references; the frame owns its locals.
    unsafe {
        let Some(locals) = frame.f_locals.get().as_ref() else {
            return Err(raise!(py, SystemError, "no locals found when storing '{name}'"));
        };
        if locals.is_type(&PyDict_Type) {
            return (*(locals as *const PyObject as *const PyDict)).set(py, name, value.get());
        }
        locals.set_item(py, name, value.get())
    }
}

op!(DELETE_NAME(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    if delete_name(Python::assume(), frame, name_at(frame, oparg)).is_err() {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

#[inline(never)]
fn delete_name(py: Python, frame: &InterpreterFrame, name: &PyStr) -> PyResult<()> {
    // SAFETY: the frame owns its locals.
    let Some(locals) = (unsafe { frame.f_locals.get().as_ref() }) else {
        return Err(raise!(py, SystemError, "no locals when deleting '{name}'"));
    };
    match locals.del_item(py, name) {
        Ok(()) => Ok(()),
        Err(_) => Err(undefined_name(py, name)),
    }
}

op!(STORE_GLOBAL(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let v = peek!(sp, 1);
    let ok = frame.globals().set(Python::assume(), name_at(frame, oparg), v.get()).is_ok();
    v.close();
    sp = sp.sub(1);
    if !ok {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});
op!(DELETE_GLOBAL(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    if delete_global(Python::assume(), frame, name_at(frame, oparg)).is_err() {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

#[inline(never)]
fn delete_global(py: Python, frame: &InterpreterFrame, name: &PyStr) -> PyResult<()> {
    match frame.globals().pop(py, name)? {
        Some(_) => Ok(()),
        None => Err(undefined_name(py, name)),
    }
}
