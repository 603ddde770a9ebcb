//! Binding a call's arguments to a function's parameters (`initialize_locals`).

use taipan_bytecode::code::CodeFlags;
use taipan_object::types::frame::StackRef;
use taipan_object::{Py, PyCode, PyDict, PyFunction, PyObject, PyResult, PyStr, PyTuple, Python, Raised, raise};

const CO_VARARGS: u32 = CodeFlags::VARARGS.0;
const CO_VARKEYWORDS: u32 = CodeFlags::VARKEYWORDS.0;

/// Binds `nargs` positional arguments, then one per name of `kwnames`, to the first slots of `locals`, and fills in
/// defaults. All arguments are taken over, also when this raises; slots that could not be filled stay null.
///
/// # Safety
/// `locals` has a slot for each parameter of `func`'s code, all null; `args` holds the references.
#[inline]
pub unsafe fn bind(
    py: Python,
    func: &PyFunction,
    locals: *mut StackRef,
    args: *const StackRef,
    nargs: usize,
    kwnames: Option<&PyTuple>,
) -> PyResult<()> {
    let code = func.code();
    let flags = code.co_flags.get();
    let argcount = code.co_argcount.get() as usize;
    if kwnames.is_none()
        && nargs == argcount
        && flags & (CO_VARARGS | CO_VARKEYWORDS) as i32 == 0
        && code.co_kwonlyargcount.get() == 0
    {
        // SAFETY: there are as many slots as parameters.
        unsafe { core::ptr::copy_nonoverlapping(args, locals, nargs) };
        return Ok(());
    }
    // SAFETY: by contract.
    unsafe { bind_general(py, func, code, locals, args, nargs, kwnames) }
}

#[inline(never)]
unsafe fn bind_general(
    py: Python,
    func: &PyFunction,
    code: &PyCode,
    locals: *mut StackRef,
    args: *const StackRef,
    nargs: usize,
    kwnames: Option<&PyTuple>,
) -> PyResult<()> {
    let flags = code.co_flags.get();
    let argcount = code.co_argcount.get() as usize;
    let kwonly = code.co_kwonlyargcount.get() as usize;
    let total = argcount + kwonly;
    let has_varargs = flags & CO_VARARGS as i32 != 0;
    let has_varkw = flags & CO_VARKEYWORDS as i32 != 0;
    let nkw = kwnames.map_or(0, |k| k.len());

    // SAFETY: slots and references as the contract says; each reference is moved or closed exactly once.
    unsafe {
        let close_from = |from: usize| {
            for i in from..nargs + nkw {
                (*args.add(i)).close();
            }
        };
        // The dict for **kwargs comes first, as nothing is taken over before it.
        let kwdict = if has_varkw {
            match PyDict::new(py) {
                Ok(d) => {
                    *locals.add(total + has_varargs as usize) = StackRef::from_owned(d.clone());
                    Some(d)
                }
                Err(raised) => {
                    close_from(0);
                    return Err(raised);
                }
            }
        } else {
            None
        };
        let positional = nargs.min(argcount);
        core::ptr::copy_nonoverlapping(args, locals, positional);
        if has_varargs {
            let extra: Vec<Py> = (positional..nargs).map(|i| (*args.add(i)).into_py()).collect();
            match PyTuple::from_vec(py, extra) {
                Ok(t) => *locals.add(total) = StackRef::from_owned(t),
                Err(raised) => {
                    close_from(nargs);
                    return Err(raised);
                }
            }
        } else {
            for i in positional..nargs {
                (*args.add(i)).close();
            }
        }
        if let Some(kwnames) = kwnames {
            for i in 0..nkw {
                let value = *args.add(nargs + i);
                if let Err(raised) = bind_keyword(py, func, code, locals, kwnames.get(i), value, kwdict.as_deref()) {
                    close_from(nargs + i + 1);
                    return Err(raised);
                }
            }
        }
        if nargs > argcount && !has_varargs {
            return Err(too_many_positional(py, func, code, nargs, locals));
        }
        if nargs < argcount {
            let defaults = func.func_defaults.get();
            let ndefaults = defaults.as_ref().map_or(0, |d| d.len());
            let required = argcount - ndefaults.min(argcount);
            let missing = (nargs..required).filter(|&i| (*locals.add(i)).is_null()).count();
            if missing > 0 {
                return Err(missing_arguments(py, func, code, missing, nargs..required, "positional", locals));
            }
            if let Some(defaults) = &defaults {
                let skip = ndefaults.saturating_sub(argcount);
                for i in required.max(nargs)..argcount {
                    if (*locals.add(i)).is_null() {
                        *locals.add(i) = StackRef::new_ref(defaults.get(i - required + skip));
                    }
                }
            }
        }
        if kwonly > 0 {
            let kwdefaults = func.func_kwdefaults.get();
            let mut missing = 0;
            for i in argcount..total {
                if !(*locals.add(i)).is_null() {
                    continue;
                }
                if let Some(d) = &kwdefaults {
                    if let Some(v) = d.get(py, parameter_name(code, i))? {
                        *locals.add(i) = StackRef::from_owned(v);
                        continue;
                    }
                }
                missing += 1;
            }
            if missing > 0 {
                return Err(missing_arguments(py, func, code, missing, argcount..total, "keyword-only", locals));
            }
        }
    }
    Ok(())
}

/// The name of parameter `i`.
fn parameter_name(code: &PyCode, i: usize) -> &PyStr {
    // SAFETY: a code object's names are strings, one for each slot, and never change.
    unsafe {
        let names = &*code.co_localsplusnames.as_raw();
        &*(names.get(i) as *const PyObject as *const PyStr)
    }
}

unsafe fn bind_keyword(
    py: Python,
    func: &PyFunction,
    code: &PyCode,
    locals: *mut StackRef,
    keyword: &PyObject,
    value: StackRef,
    kwdict: Option<&PyDict>,
) -> PyResult<()> {
    let total = (code.co_argcount.get() + code.co_kwonlyargcount.get()) as usize;
    let posonly = code.co_posonlyargcount.get() as usize;
    // SAFETY: `value` is a reference that this function takes over; slots as the caller's contract says.
    unsafe {
        let Some(name) = keyword.downcast::<PyStr>() else {
            value.close();
            return Err(raise!(py, TypeError, "{}() keywords must be strings", qualname(func)));
        };
        // Interned names mostly: identity first, then equality.
        let found = (posonly..total)
            .find(|&i| name.is(parameter_name(code, i)))
            .or_else(|| (posonly..total).find(|&i| name.equals(parameter_name(code, i))));
        match (found, kwdict) {
            (Some(i), _) => {
                if !(*locals.add(i)).is_null() {
                    value.close();
                    return Err(raise!(
                        py,
                        TypeError,
                        "{}() got multiple values for argument '{}'",
                        qualname(func),
                        name
                    ));
                }
                *locals.add(i) = value;
                Ok(())
            }
            (None, Some(dict)) => {
                let value = value.into_py();
                dict.set(py, name, &value)
            }
            (None, None) => {
                value.close();
                Err(unexpected_keyword(py, func, code, name))
            }
        }
    }
}

fn qualname(func: &PyFunction) -> String {
    func.func_qualname.get().map_or_else(|| "?".into(), |q| q.to_string_lossy().into_owned())
}

#[cold]
fn unexpected_keyword(py: Python, func: &PyFunction, code: &PyCode, name: &PyStr) -> Raised {
    let posonly = code.co_posonlyargcount.get() as usize;
    let total = (code.co_argcount.get() + code.co_kwonlyargcount.get()) as usize;
    let wrong: Vec<String> =
        (0..posonly).map(|i| parameter_name(code, i)).filter(|p| p.equals(name)).map(|p| p.to_string()).collect();
    if !wrong.is_empty() {
        return raise!(
            py,
            TypeError,
            "{}() got some positional-only arguments passed as keyword arguments: '{}'",
            qualname(func),
            wrong.join(", ")
        );
    }
    let candidates: Vec<String> = (posonly..total).map(|i| parameter_name(code, i).to_string()).collect();
    match taipan_object::declare::suggest::suggestion(&candidates, &name.to_string_lossy()) {
        Some(best) => raise!(
            py,
            TypeError,
            "{}() got an unexpected keyword argument '{}'. Did you mean '{}'?",
            qualname(func),
            name,
            best
        ),
        None => raise!(py, TypeError, "{}() got an unexpected keyword argument '{}'", qualname(func), name),
    }
}

#[cold]
unsafe fn missing_arguments(
    py: Python,
    func: &PyFunction,
    code: &PyCode,
    count: usize,
    range: core::ops::Range<usize>,
    kind: &str,
    locals: *const StackRef,
) -> Raised {
    let names: Vec<String> = range
        // SAFETY: slots of parameters.
        .filter(|&i| unsafe { (*locals.add(i)).is_null() })
        .map(|i| format!("'{}'", parameter_name(code, i)))
        .collect();
    let list = match names.as_slice() {
        [one] => one.clone(),
        [a, b] => format!("{a} and {b}"),
        [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
        [] => String::new(),
    };
    let plural = if count == 1 { "" } else { "s" };
    raise!(py, TypeError, "{}() missing {count} required {kind} argument{plural}: {list}", qualname(func))
}

#[cold]
unsafe fn too_many_positional(
    py: Python,
    func: &PyFunction,
    code: &PyCode,
    given: usize,
    locals: *const StackRef,
) -> Raised {
    let argcount = code.co_argcount.get() as usize;
    let kwonly = code.co_kwonlyargcount.get() as usize;
    // SAFETY: slots of parameters.
    let kwonly_given = (argcount..argcount + kwonly).filter(|&i| unsafe { !(*locals.add(i)).is_null() }).count();
    let ndefaults = func.func_defaults.get().map_or(0, |d| d.len());
    let (takes, plural) = if ndefaults > 0 {
        (format!("from {} to {argcount}", argcount - ndefaults.min(argcount)), true)
    } else {
        (argcount.to_string(), argcount != 1)
    };
    let s = |n: usize| if n == 1 { "" } else { "s" };
    let extra = if kwonly_given > 0 {
        format!(" positional argument{} (and {kwonly_given} keyword-only argument{})", s(given), s(kwonly_given))
    } else {
        String::new()
    };
    raise!(
        py,
        TypeError,
        "{}() takes {takes} positional argument{} but {given}{extra} {} given",
        qualname(func),
        if plural { "s" } else { "" },
        if given == 1 && kwonly_given == 0 { "was" } else { "were" }
    )
}
