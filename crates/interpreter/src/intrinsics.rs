//! `CALL_INTRINSIC_1` and `_2`, and the instructions that load something of the implementation's.

use taipan_object::exceptions;
use taipan_object::types::frame::InterpreterFrame;
use taipan_object::types::generator::PyAsyncGen_Type;
use taipan_object::{Py, PyDict, PyList, PyObject, PyResult, PyStr, Python, Raised, abstracts, err, id, raise};

/// `CALL_INTRINSIC_1`: the operation `which` of `arg`.
#[inline(never)]
pub fn call_1(py: Python, which: usize, arg: &PyObject) -> PyResult {
    match which {
        1 => print_expression(py, arg),
        2 => import_star(py, arg),
        3 => stop_iteration_error(py, arg),
        4 => async_gen_wrap(py, arg),
        5 => abstracts::number::positive(py, arg),
        6 => Ok(match arg.downcast::<PyList>() {
            Some(list) => list.as_tuple(py)?.into_object(),
            None => abstracts::sequence::to_tuple(py, arg)?.into_object(),
        }),
        7..=11 => crate::typing::intrinsic_1(py, which, arg),
        _ => Err(raise!(py, SystemError, "invalid intrinsic function {which}")),
    }
}

/// `CALL_INTRINSIC_2`.
#[inline(never)]
pub fn call_2(py: Python, which: usize, a: &PyObject, b: &PyObject) -> PyResult {
    match which {
        1 => prep_reraise_star(py, a, b),
        2..=5 => crate::typing::intrinsic_2(py, which, a, b),
        _ => Err(raise!(py, SystemError, "invalid intrinsic function {which}")),
    }
}

/// The interactive prompt shows the value of an expression: `sys.displayhook`.
fn print_expression(py: Python, value: &PyObject) -> PyResult {
    let Some(sys) = py.interp().sysdict.get() else {
        return Err(raise!(py, RuntimeError, "lost sys.displayhook"));
    };
    match sys.get_str(py, id!(py, "displayhook"))? {
        Some(hook) => hook.call(py, &[value]),
        None => Err(raise!(py, RuntimeError, "lost sys.displayhook")),
    }
}

/// `from module import *` into the running frame's locals.
fn import_star(py: Python, module: &PyObject) -> PyResult {
    let frame = py.tstate().current_frame.get();
    // SAFETY: the running frame.
    let locals: Option<Py> = unsafe { Py::from_borrowed_nullable((*frame).f_locals.get()) };
    let Some(locals) = locals else {
        return Err(raise!(py, SystemError, "no locals found during 'import *'"));
    };
    let mut skip_private = false;
    let names = match module.getattr_opt(py, id!(py, "__all__"))? {
        Some(all) => all,
        None => {
            let Some(dict) = module.getattr_opt(py, id!(py, "__dict__"))? else {
                return Err(raise!(py, ImportError, "from-import-* object has no __dict__ and no __all__"));
            };
            skip_private = true;
            abstracts::mapping::keys(py, &dict)?.into_object()
        }
    };
    let mut i = 0;
    loop {
        let name = match abstracts::sequence::get_item(py, &names, i) {
            Ok(n) => n,
            Err(raised) => {
                if err::matches(py, exceptions::IndexError()) {
                    err::clear(py);
                    break;
                }
                return Err(raised);
            }
        };
        i += 1;
        let Some(name) = name.downcast::<PyStr>() else {
            let module_name = match module.getattr(py, id!(py, "__name__")) {
                Ok(n) => n.str(py)?,
                Err(raised) => return Err(raised),
            };
            return Err(if skip_private {
                raise!(py, TypeError, "Key in {module_name}.__dict__ must be str, not {}", name.ty().name())
            } else {
                raise!(py, TypeError, "Item in {module_name}.__all__ must be str, not {}", name.ty().name())
            });
        };
        if skip_private && name.len() > 0 && name.char_at(0) == '_' as u32 {
            continue;
        }
        let value = module.getattr(py, name)?;
        match locals.downcast_exact::<PyDict>() {
            Some(d) => d.set(py, name, &value)?,
            None => locals.set_item(py, name, &value)?,
        }
    }
    Ok(py.none())
}

/// A StopIteration (or StopAsyncIteration) that would leave a generator becomes a RuntimeError (PEP 479); any other
/// exception goes on. Gives what is to be re-raised.
fn stop_iteration_error(py: Python, exc: &PyObject) -> PyResult {
    let frame = py.tstate().current_frame.get();
    // SAFETY: the running frame.
    let flags = unsafe { (*frame).code().co_flags.get() };
    const CO_COROUTINE: i32 = 0x80;
    const CO_ASYNC_GENERATOR: i32 = 0x200;
    let message = if exc.ty().is_subtype(exceptions::StopIteration()) {
        if flags & CO_ASYNC_GENERATOR != 0 {
            "async generator raised StopIteration"
        } else if flags & CO_COROUTINE != 0 {
            "coroutine raised StopIteration"
        } else {
            "generator raised StopIteration"
        }
    } else if flags & CO_ASYNC_GENERATOR != 0 && exc.ty().is_subtype(exceptions::StopAsyncIteration()) {
        "async generator raised StopAsyncIteration"
    } else {
        return Ok(Py::new_ref(exc));
    };
    let text = PyStr::new(py, message)?;
    let error = exceptions::RuntimeError().call(py, &[&text as &PyObject])?;
    if let Some(e) = exceptions::as_base(&error) {
        e.suppress_context.set(1);
        e.cause.set(Some(Py::new_ref(exc)));
        e.context.set(Some(Py::new_ref(exc)));
    }
    Ok(error)
}

/// A value yielded by an asynchronous generator is wrapped, to tell it from what an `await` yields.
fn async_gen_wrap(py: Python, value: &PyObject) -> PyResult {
    let _ = &PyAsyncGen_Type;
    taipan_object::types::generator::wrap_async_value(py, value)
}

/// After `except*`: what was not handled and what was raised, put together (`_PyExc_PrepReraiseStar`).
fn prep_reraise_star(py: Python, orig: &PyObject, excs: &PyObject) -> PyResult {
    exceptions::prep_reraise_star(py, orig, excs)
}

/// `__annotations__` of the running class or module body.
pub fn setup_annotations(py: Python, frame: &InterpreterFrame) -> PyResult<()> {
    // SAFETY: the frame owns its locals.
    let Some(locals) = (unsafe { frame.f_locals.get().as_ref() }) else {
        return Err(raise!(py, SystemError, "no locals found when setting up annotations"));
    };
    let name = id!(py, "__annotations__");
    if abstracts::mapping::get_optional_item(py, locals, name)?.is_none() {
        let dict = PyDict::new(py)?;
        locals.set_item(py, name, &dict)?;
    }
    Ok(())
}

/// `LOAD_COMMON_CONSTANT`.
pub fn common_constant<'a>(py: Python, which: usize) -> &'a PyObject {
    match which {
        0 => exceptions::AssertionError(),
        1 => exceptions::NotImplementedError(),
        2 => &taipan_object::types::tuple::PyTuple_Type as &PyObject,
        3 => crate::builtins::all_function(py),
        _ => crate::builtins::any_function(py),
    }
}

/// `LOAD_BUILD_CLASS`.
pub fn load_build_class(py: Python, frame: &InterpreterFrame) -> PyResult {
    let name = id!(py, "__build_class__");
    let found = abstracts::mapping::get_optional_item(py, frame.builtins(), name)?;
    found.ok_or_else(|| raise!(py, NameError, "__build_class__ not found"))
}

/// The names of `LOAD_SPECIAL`.
pub fn special_name(py: Python, which: usize) -> &'static PyStr {
    match which {
        0 => id!(py, "__enter__"),
        1 => id!(py, "__exit__"),
        2 => id!(py, "__aenter__"),
        _ => id!(py, "__aexit__"),
    }
}

/// The error of a `with` whose object lacks the method (`_PyEval_SpecialMethodCanSuggest` and its messages).
#[cold]
pub fn no_special_method(py: Python, obj: &PyObject, which: usize) -> Raised {
    let ty = obj.ty();
    let has = |name: &PyStr| ty.lookup(py, name).is_some();
    let other = if which < 2 {
        has(id!(py, "__aenter__")) && has(id!(py, "__aexit__"))
    } else {
        has(id!(py, "__enter__")) && has(id!(py, "__exit__"))
    };
    let name = ty.full_name();
    match which {
        0 if other => raise!(
            py,
            TypeError,
            "'{name}' object does not support the context manager protocol (missed __enter__ method) but it supports the asynchronous context manager protocol. Did you mean to use 'async with'?"
        ),
        1 if other => raise!(
            py,
            TypeError,
            "'{name}' object does not support the context manager protocol (missed __exit__ method) but it supports the asynchronous context manager protocol. Did you mean to use 'async with'?"
        ),
        0 => raise!(
            py,
            TypeError,
            "'{name}' object does not support the context manager protocol (missed __enter__ method)"
        ),
        1 => raise!(
            py,
            TypeError,
            "'{name}' object does not support the context manager protocol (missed __exit__ method)"
        ),
        2 if other => raise!(
            py,
            TypeError,
            "'{name}' object does not support the asynchronous context manager protocol (missed __aenter__ method) but it supports the context manager protocol. Did you mean to use 'with'?"
        ),
        3 if other => raise!(
            py,
            TypeError,
            "'{name}' object does not support the asynchronous context manager protocol (missed __aexit__ method) but it supports the context manager protocol. Did you mean to use 'with'?"
        ),
        2 => raise!(
            py,
            TypeError,
            "'{name}' object does not support the asynchronous context manager protocol (missed __aenter__ method)"
        ),
        _ => raise!(
            py,
            TypeError,
            "'{name}' object does not support the asynchronous context manager protocol (missed __aexit__ method)"
        ),
    }
}

/// The special method `name` of the object's type, for a call: a plain function unbound, anything else bound
/// (`_PyObject_LookupSpecialMethod`).
pub fn lookup_special_method(
    py: Python,
    obj: &PyObject,
    name: &PyStr,
) -> PyResult<Option<taipan_object::abstracts::call::BoundMethod>> {
    use taipan_object::abstracts::call::BoundMethod;
    let ty = obj.ty();
    let Some(descr) = ty.lookup(py, name) else { return Ok(None) };
    if descr.ty().has_feature(taipan_object::typeobj::flags::METHOD_DESCRIPTOR) {
        return Ok(Some(BoundMethod::Unbound(descr)));
    }
    match descr.ty().tp_descr_get.get() {
        None => Ok(Some(BoundMethod::Bound(descr))),
        // SAFETY: a slot of the descriptor's own type.
        Some(f) => unsafe {
            let bound = Py::from_owned_or_raised(f(descr.as_raw(), obj.as_ptr(), ty.as_ptr()))?;
            Ok(Some(BoundMethod::Bound(bound)))
        },
    }
}
