//! Building containers and strings, and formatting.

use super::calls::{close_all, raw};
use crate::eval::{Flow, Frame, Ip, Sp, Ts};
use crate::{next, op, peek, push, throw};
use taipan_object::types::dict::merge::OnConflict;
use taipan_object::types::frame::StackRef;
use taipan_object::types::str_::PyUnicode_Type;
use taipan_object::{Py, PyDict, PyList, PyObject, PyResult, PySet, PyStr, PyTuple, Python, err, exceptions, raise};

/// Replaces the top `$n` references, which `$make` has taken over, by its result.
macro_rules! build {
    ($name:ident, |$py:ident, $base:ident, $n:ident| $count:expr, $make:expr) => {
        op!($name(ip, sp, frame, ts, oparg) {
            frame.instr_ptr.set(ip);
            let $n = oparg;
            let count: usize = $count;
            let $base = sp.sub(count);
            let $py = Python::assume();
            let result: *mut PyObject = $make;
            sp = $base;
            if result.is_null() {
                throw!(ip, sp, frame, ts)
            }
            push!(sp, StackRef::steal(result));
            next!(ip, sp, frame, ts)
        });
    };
}

/// The references from `base` on as owned handles.
unsafe fn take(base: Sp, n: usize) -> Vec<Py> {
    // SAFETY: `n` references, moved.
    unsafe { (0..n).map(|i| (*base.add(i)).into_py()).collect() }
}

build!(BUILD_TUPLE, |py, base, n| n, tuple(py, base, n));
build!(BUILD_LIST, |py, base, n| n, list(py, base, n));
build!(BUILD_SET, |py, base, n| n, set(py, base, n));
build!(BUILD_MAP, |py, base, n| 2 * n, map(py, base, n));
build!(BUILD_STRING, |py, base, n| n, string(py, base, n));
build!(BUILD_TEMPLATE, |py, base, _n| 2, template(py, base));

#[inline(never)]
unsafe fn tuple(py: Python, base: Sp, n: usize) -> *mut PyObject {
    // SAFETY: by the caller; every slot of the new tuple is written.
    unsafe {
        if n == 0 {
            return PyTuple::empty(py).into_raw_object();
        }
        let Ok(builder) = taipan_object::types::tuple::TupleBuilder::new(py, n) else {
            close_all(base, n);
            return core::ptr::null_mut();
        };
        let mut builder = builder;
        for i in 0..n {
            builder.push((*base.add(i)).into_py());
        }
        builder.finish().into_raw_object()
    }
}

#[inline(never)]
unsafe fn list(py: Python, base: Sp, n: usize) -> *mut PyObject {
    // SAFETY: by the caller.
    unsafe { raw(PyList::from_vec(py, take(base, n))) }
}

#[inline(never)]
unsafe fn set(py: Python, base: Sp, n: usize) -> *mut PyObject {
    let build = || -> PyResult<Py<PySet>> {
        let set = PySet::new(py)?;
        for i in 0..n {
            // SAFETY: by the caller.
            set.add(py, unsafe { (*base.add(i)).get() })?;
        }
        Ok(set)
    };
    let result = raw(build());
    // SAFETY: by the caller.
    unsafe { close_all(base, n) };
    result
}

#[inline(never)]
unsafe fn map(py: Python, base: Sp, n: usize) -> *mut PyObject {
    let build = || -> PyResult<Py<PyDict>> {
        let dict = if n == 0 { PyDict::new(py)? } else { PyDict::with_capacity(py, n, true)? };
        for i in 0..n {
            // SAFETY: by the caller.
            unsafe { dict.set(py, (*base.add(2 * i)).get(), (*base.add(2 * i + 1)).get())? };
        }
        Ok(dict)
    };
    let result = raw(build());
    // SAFETY: by the caller.
    unsafe { close_all(base, 2 * n) };
    result
}

#[inline(never)]
unsafe fn string(py: Python, base: Sp, n: usize) -> *mut PyObject {
    // SAFETY: the compiler has made sure that all are strings.
    unsafe {
        let mut small: [&PyStr; 16] = [taipan_object::id!(py, ""); 16];
        let result = if n <= small.len() {
            for (i, s) in small[..n].iter_mut().enumerate() {
                *s = &*((*base.add(i)).as_ptr() as *const PyStr);
            }
            taipan_object::types::str_::builder::concat_all(py, &small[..n])
        } else {
            let parts: Vec<&PyStr> = (0..n).map(|i| &*((*base.add(i)).as_ptr() as *const PyStr)).collect();
            taipan_object::types::str_::builder::concat_all(py, &parts)
        };
        close_all(base, n);
        raw(result)
    }
}

#[inline(never)]
unsafe fn template(py: Python, base: Sp) -> *mut PyObject {
    // SAFETY: two tuples made by the compiler's code.
    unsafe {
        let result = taipan_object::types::template::new_template(py, (*base).get(), (*base.add(1)).get());
        close_all(base, 2);
        raw(result)
    }
}

/// `BUILD_INTERPOLATION`: value, source text and, if bit 0 of the oparg is set, the format specification.
///
/// # Safety
/// A handler's contract.
pub unsafe fn build_interpolation(ip: Ip, sp: Sp, frame: Frame, ts: Ts, oparg: usize) -> Flow {
    const CACHES: usize = 0;
    // SAFETY: by contract.
    unsafe {
        let mut sp = sp;
        frame.instr_ptr.set(ip);
        let n = 2 + (oparg & 1);
        let base = sp.sub(n);
        let result = interpolation(Python::assume(), base, oparg);
        sp = base;
        if result.is_null() {
            throw!(ip, sp, frame, ts)
        }
        push!(sp, StackRef::steal(result));
        next!(ip, sp, frame, ts)
    }
}

#[inline(never)]
unsafe fn interpolation(py: Python, base: Sp, oparg: usize) -> *mut PyObject {
    // SAFETY: by the caller.
    unsafe {
        let format = if oparg & 1 != 0 { (*base.add(2)).get() } else { taipan_object::id!(py, "") as &PyObject };
        let result = taipan_object::types::template::new_interpolation(
            py,
            (*base).get(),
            (*base.add(1)).get(),
            (oparg >> 2) as u32,
            format,
        );
        close_all(base, 2 + (oparg & 1));
        raw(result)
    }
}

op!(LIST_APPEND(ip, sp, frame, ts, oparg) {
    let item = peek!(sp, 1);
    sp = sp.sub(1);
    let list = &*(peek!(sp, oparg).as_ptr() as *const PyList);
    if list.push_owned(Python::assume(), item.into_py()).is_err() {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});
op!(SET_ADD(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let item = peek!(sp, 1);
    sp = sp.sub(1);
    let ok = (*(peek!(sp, oparg).as_ptr() as *const PySet)).add(Python::assume(), item.get()).is_ok();
    item.close();
    if !ok {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});
op!(MAP_ADD(ip, sp, frame, ts, oparg) {
    // Stack: the dict at depth oparg below key and value.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let (key, value) = (peek!(sp, 2), peek!(sp, 1));
    sp = sp.sub(2);
    let ok = (*(peek!(sp, oparg).as_ptr() as *const PyDict)).set(Python::assume(), key.get(), value.get()).is_ok();
    key.close();
    value.close();
    if !ok {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

/// Pops the top and merges it into the container at depth `oparg` below it.
macro_rules! merge {
    ($name:ident, $f:path) => {
        op!($name(ip, sp, frame, ts, oparg) {
            frame.instr_ptr.set(ip);
            frame.stackpointer.set(sp);
            let v = peek!(sp, 1);
            let ok = $f(Python::assume(), peek!(sp, 1 + oparg).get(), v.get(), sp, oparg).is_ok();
            v.close();
            sp = sp.sub(1);
            if !ok {
                throw!(ip, sp, frame, ts)
            }
            next!(ip, sp, frame, ts)
        });
    };
}
merge!(LIST_EXTEND, list_extend);
merge!(SET_UPDATE, set_update);
merge!(DICT_UPDATE, dict_update);
merge!(DICT_MERGE, dict_merge);

#[inline(never)]
unsafe fn list_extend(py: Python, list: &PyObject, v: &PyObject, _sp: Sp, _oparg: usize) -> PyResult<()> {
    // SAFETY: the compiler's list.
    let list = unsafe { &*(list as *const PyObject as *const PyList) };
    match list.extend(py, v) {
        Ok(()) => Ok(()),
        Err(raised) => {
            if err::matches(py, exceptions::TypeError())
                && v.ty().tp_iter.get().is_none()
                && !taipan_object::abstracts::sequence::check(v)
            {
                err::clear(py);
                return Err(raise!(py, TypeError, "Value after * must be an iterable, not {}", v.ty().name()));
            }
            Err(raised)
        }
    }
}

#[inline(never)]
unsafe fn set_update(py: Python, set: &PyObject, v: &PyObject, _sp: Sp, _oparg: usize) -> PyResult<()> {
    // SAFETY: the compiler's set.
    unsafe { (*(set as *const PyObject as *const PySet)).update(py, v) }
}

#[inline(never)]
unsafe fn dict_update(py: Python, dict: &PyObject, v: &PyObject, _sp: Sp, _oparg: usize) -> PyResult<()> {
    // SAFETY: the compiler's dict.
    let dict = unsafe { &*(dict as *const PyObject as *const PyDict) };
    match dict.update(py, v) {
        Ok(()) => Ok(()),
        Err(raised) => {
            if err::matches(py, exceptions::AttributeError()) {
                err::clear(py);
                return Err(raise!(py, TypeError, "'{}' object is not a mapping", v.ty().name()));
            }
            Err(raised)
        }
    }
}

/// `f(**v)`: no key twice. The callable is further down the stack.
#[inline(never)]
unsafe fn dict_merge(py: Python, dict: &PyObject, v: &PyObject, sp: Sp, oparg: usize) -> PyResult<()> {
    // SAFETY: the compiler's dict; the callable, null and positional arguments lie below it.
    unsafe {
        let d = &*(dict as *const PyObject as *const PyDict);
        let Err(raised) = d.merge_with(py, v, OnConflict::Raise) else { return Ok(()) };
        let callable = peek!(sp, 1 + oparg + 3).get();
        if err::matches(py, exceptions::AttributeError()) {
            err::clear(py);
            let name = taipan_object::types::builtin_function::function_text(py, callable);
            return Err(raise!(py, TypeError, "{name} argument after ** must be a mapping, not {}", v.ty().name()));
        }
        if err::matches(py, exceptions::KeyError()) {
            let Some(exc) = err::take(py) else { return Err(raised) };
            let key = exceptions::as_base(&exc).and_then(|e| e.args.get()).filter(|a| a.len() == 1);
            let Some(key) = key else { return Err(err::restore(py, exc)) };
            let key = key.get(0);
            let name = taipan_object::types::builtin_function::function_text(py, callable);
            if let Some(s) = key.downcast::<PyStr>() {
                return Err(raise!(py, TypeError, "{name} got multiple values for keyword argument '{s}'"));
            }
            return Err(raise!(py, TypeError, "{name} keywords must be strings"));
        }
        Err(raised)
    }
}

op!(CONVERT_VALUE(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let v = peek!(sp, 1);
    let py = Python::assume();
    let result = match oparg {
        1 => raw(v.get().str(py)),
        2 => raw(v.get().repr(py)),
        _ => raw(v.get().ascii(py)),
    };
    v.close();
    sp = sp.sub(1);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});
op!(FORMAT_SIMPLE(ip, sp, frame, ts, oparg) {
    // A string is its own formatting.
    let v = peek!(sp, 1);
    if v.get().is_type(&PyUnicode_Type) {
        next!(ip, sp, frame, ts)
    }
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let py = Python::assume();
    let result = raw(v.get().format(py, taipan_object::id!(py, "")));
    v.close();
    sp = sp.sub(1);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});
op!(FORMAT_WITH_SPEC(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let (v, spec) = (peek!(sp, 2), peek!(sp, 1));
    let result = raw(v.get().format(Python::assume(), &*(spec.as_ptr() as *const PyStr)));
    close_all(sp.sub(2), 2);
    sp = sp.sub(2);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});
