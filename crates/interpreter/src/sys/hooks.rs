//! The exceptions that are handled, and the hooks that programs may replace: `excepthook`, `unraisablehook`,
//! `displayhook`, `breakpointhook`.

use crate::builtins::console::{required_sys_attr, sys_attr};
use crate::traceback_print;
use taipan_object::runtime::hooks;
use taipan_object::types::structseq::{Field, StructSeq};
use taipan_object::types::tuple::PyTuple;
use taipan_object::{
    Args, KwArgs, Py, PyObject, PyResult, PyStr, Python, err, exceptions, id, pack, pyfunction, raise, singletons,
};

/// Return current exception information: (type, value, traceback).
///
/// Return information about the most recent exception caught by an except
/// clause in the current stack frame or in an older stack frame.
#[pyfunction]
#[signature("()")]
pub fn exc_info(py: Python) -> PyResult<Py<PyTuple>> {
    let none = singletons::none();
    match err::handled_exception(py) {
        None => pack!(py, none, none, none),
        Some(exc) => {
            let tb = traceback_of(py, &exc);
            pack!(py, exc.ty(), exc, tb)
        }
    }
}

/// The exception's traceback, or None.
fn traceback_of(py: Python, exc: &PyObject) -> Py {
    exceptions::as_base(exc).and_then(|e| e.traceback.get()).map_or_else(|| py.none(), Py::into_object)
}

/// Return the current exception.
///
/// Return the most recent exception caught by an except clause
/// in the current stack frame or in an older stack frame, or None
/// if no such clause exists.
#[pyfunction]
#[signature("()")]
pub fn exception(py: Python) -> Py {
    err::handled_exception(py).unwrap_or_else(|| py.none())
}

/// Exit the interpreter by raising SystemExit(status).
///
/// If the status is omitted or None, it defaults to zero (i.e., success).
/// If the status is an integer, it will be used as the system exit status.
/// If it is another kind of object, it will be printed and the system
/// exit status will be one (i.e., failure).
#[pyfunction]
#[signature("(status=None, /)")]
pub fn exit(py: Python, status: &PyObject) -> PyResult<()> {
    Err(err::raise_value(py, exceptions::SystemExit(), status))
}

/// Handle an exception by displaying it with a traceback on sys.stderr.
#[pyfunction]
#[signature("(exctype, value, traceback, /)")]
pub fn excepthook(py: Python, exctype: &PyObject, value: &PyObject, traceback: &PyObject) -> PyResult<()> {
    let _ = exctype;
    traceback_print::display(py, value, Some(traceback));
    Ok(())
}

static UNRAISABLE: StructSeq = StructSeq::new(
    c"UnraisableHookArgs",
    c"UnraisableHookArgs\n\nType used to pass arguments to sys.unraisablehook.",
    &[
        Field::new(c"exc_type", c"Exception type"),
        Field::new(c"exc_value", c"Exception value"),
        Field::new(c"exc_traceback", c"Exception traceback"),
        Field::new(c"err_msg", c"Error message"),
        Field::new(c"object", c"Object causing the exception"),
    ],
    5,
);

/// Reports the exception that is set, which cannot be raised (`PyErr_FormatUnraisable`): through `sys.unraisablehook`.
pub fn write_unraisable(py: Python, message: Option<&str>, obj: Option<&PyObject>) {
    let Some(exc) = err::take(py) else { return };
    let none = singletons::none();
    let obj = obj.unwrap_or(none);
    let report = || -> PyResult<()> {
        let message = match message {
            Some(m) => PyStr::new(py, m)?.into_object(),
            None => py.none(),
        };
        let tb = traceback_of(py, &exc);
        let values = vec![Py::new_ref(exc.ty()).into_object(), exc.clone(), tb, message, Py::new_ref(obj)];
        let args = UNRAISABLE.instance(py, values)?;
        let hook = sys_attr(py, id!(py, "unraisablehook"))?.filter(|h| !h.is_none());
        let Some(hook) = hook else { return default_hook(py, &args) };
        (hooks::get().audit)(py, "sys.unraisablehook", &[&hook, &args])?;
        if let Err(raised) = hook.call1(py, &args) {
            let Some(inner) = err::take(py) else { return Err(raised) };
            traceback_print::write_unraisable(py, &inner, Some("Exception ignored in sys.unraisablehook"), &hook);
        }
        Ok(())
    };
    if report().is_err() {
        // The hook could not even be called: the bare facts, then.
        err::clear(py);
        traceback_print::write_unraisable(py, &exc, message, obj);
    }
}

fn default_hook(py: Python, args: &PyTuple) -> PyResult<()> {
    let [_, value, _, message, object] = args.as_slice() else { return Err(err::bad_internal_call(py)) };
    let message = if message.is_none() { None } else { Some(message.str(py)?.to_string_lossy().into_owned()) };
    traceback_print::write_unraisable(py, value, message.as_deref(), object);
    Ok(())
}

/// Handle an unraisable exception.
///
/// The unraisable argument has the following attributes:
///
/// * exc_type: Exception type.
/// * exc_value: Exception value, can be None.
/// * exc_traceback: Exception traceback, can be None.
/// * err_msg: Error message, can be None.
/// * object: Object causing the exception, can be None.
#[pyfunction]
#[signature("(unraisable, /)")]
pub fn unraisablehook(py: Python, unraisable: &PyObject) -> PyResult<()> {
    if !unraisable.is_type(UNRAISABLE.ty(py)?) {
        return Err(raise!(py, TypeError, "sys.unraisablehook argument type must be UnraisableHookArgs"));
    }
    // SAFETY: a struct sequence is a tuple.
    default_hook(py, unsafe { unraisable.downcast_unchecked::<PyTuple>() })
}

/// Print an object to sys.stdout and also save it in builtins._
#[pyfunction]
#[signature("(object, /)")]
pub fn displayhook(py: Python, object: &PyObject) -> PyResult<()> {
    let Some(builtins) = crate::import::find_loaded(py, id!(py, "builtins"))? else {
        return Err(raise!(py, RuntimeError, "lost builtins module"));
    };
    if object.is_none() {
        return Ok(());
    }
    // Set to None first: the object's repr may look at it.
    let underscore = id!(py, "_");
    builtins.setattr(py, underscore, singletons::none())?;
    let out = required_sys_attr(py, id!(py, "stdout"))?;
    if out.is_none() {
        return Err(raise!(py, RuntimeError, "lost sys.stdout"));
    }
    let text = object.repr(py)?;
    let write = id!(py, "write");
    if let Err(raised) = out.call_method1(py, write, &text) {
        if !err::matches(py, exceptions::UnicodeEncodeError()) {
            return Err(raised);
        }
        err::clear(py);
        // What the stream cannot encode is written escaped.
        let encoding = out.getattr(py, id!(py, "encoding"))?;
        let bytes = text.call_method(py, id!(py, "encode"), &[&encoding, id!(py, "backslashreplace")])?;
        match out.getattr_opt(py, id!(py, "buffer"))? {
            Some(buffer) => {
                buffer.call_method1(py, write, &bytes)?;
            }
            None => {
                let escaped = bytes.call_method(py, id!(py, "decode"), &[&encoding, id!(py, "strict")])?;
                out.call_method1(py, write, &escaped)?;
            }
        }
    }
    out.call_method1(py, write, id!(py, "\n"))?;
    builtins.setattr(py, underscore, object)
}

/// This hook function is called by built-in breakpoint().
///
/// The environment variable PYTHONBREAKPOINT names another function, or "0" for none.
#[pyfunction]
#[signature("(*args, **kwargs)")]
pub fn breakpointhook(py: Python, args: Args<'_>, kwargs: KwArgs<'_>) -> PyResult {
    let value = if py.interp().config.borrow().use_environment {
        std::env::var_os("PYTHONBREAKPOINT").map(|v| v.to_string_lossy().into_owned())
    } else {
        None
    };
    let name = match value.as_deref() {
        None | Some("") => "pdb.set_trace",
        Some("0") => return Ok(py.none()),
        Some(name) => name,
    };
    let (module, attribute) = name.rsplit_once('.').unwrap_or(("builtins", name));
    let find = || -> PyResult {
        let module = crate::import::import_module(py, &*PyStr::intern(py, module)?)?;
        module.getattr(py, &*PyStr::intern(py, attribute)?)
    };
    match find() {
        Ok(hook) => {
            let kwargs = kwargs.to_dict(py)?;
            hook.call_dict(py, args.as_slice(), Some(&kwargs))
        }
        Err(raised) => {
            if !err::matches(py, exceptions::ImportError()) && !err::matches(py, exceptions::AttributeError()) {
                return Err(raised);
            }
            err::clear(py);
            err::warn(
                py,
                exceptions::RuntimeWarning(),
                &format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{name}\""),
                0,
            )?;
            Ok(py.none())
        }
    }
}
