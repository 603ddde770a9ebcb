//! Raising and handling exceptions. The exception itself is in the thread state; [`Raised`] says that it is there.

use crate::exceptions::{self, PyBaseException};
use crate::runtime::hooks;
use crate::singletons;
use crate::{Py, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Raised};
use core::fmt::Arguments;

/// `raise!(py, TypeError, "bad operand: {}", x)` sets the exception and gives [`Raised`].
#[macro_export]
macro_rules! raise {
    ($py:expr, $exc:ident, $($arg:tt)+) => {
        $crate::err::raise_fmt($py, $crate::exceptions::$exc(), format_args!($($arg)+))
    };
}

/// Raises `exc_type(message)`.
#[cold]
#[inline(never)]
pub fn raise_fmt(py: Python, exc_type: &PyType, message: Arguments<'_>) -> Raised {
    let text = match message.as_str() {
        Some(s) => PyStr::new(py, s),
        None => PyStr::new(py, &message.to_string()),
    };
    match text {
        Ok(text) => raise_value(py, exc_type, &text),
        Err(raised) => raised,
    }
}

/// Raises `exc_type(value)` (`PyErr_SetObject`): an instance is raised as it is, a tuple gives the arguments, None none.
#[cold]
pub fn raise_value(py: Python, exc_type: &PyType, value: &PyObject) -> Raised {
    match instantiate(py, exc_type, value) {
        Ok(exc) => raise_exception(py, exc),
        Err(raised) => raised,
    }
}

/// `exc_type(value)` as an instance, without raising it (`_PyErr_CreateException`); see [`raise_value`] for `value`.
pub(crate) fn instantiate(py: Python, exc_type: &PyType, value: &PyObject) -> PyResult {
    if value.ty().is_subtype(exc_type) && exceptions::is_exception_instance(value) {
        return Ok(Py::new_ref(value));
    }
    // What is being raised already must not be seen by the constructor.
    let pending = take(py);
    let exc = if value.is_none() {
        exc_type.call(py, &[])
    } else if let Some(args) = value.downcast::<PyTuple>() {
        exc_type.call_tuple(py, args, None)
    } else {
        exc_type.call(py, &[value])
    };
    let exc = exc?;
    drop(pending);
    if !exceptions::is_exception_instance(&exc) {
        return Err(raise!(
            py,
            TypeError,
            "calling {} should have returned an instance of BaseException, not {}",
            exc_type.full_name(),
            exc.ty().full_name()
        ));
    }
    Ok(exc)
}

/// Raises an exception instance; the exception being handled, if any, becomes its context (`_PyErr_SetObject`).
#[cold]
pub fn raise_exception(py: Python, exc: Py) -> Raised {
    if let Some(handled) = handled_exception(py) {
        if !handled.is(&exc) {
            chain_context(&exc, handled);
        }
    }
    restore(py, exc)
}

/// Sets `context` as the `__context__` of `exc`, cutting a cycle that would arise.
fn chain_context(exc: &PyObject, context: Py) {
    let (Some(e), Some(c)) = (exceptions::as_base(exc), exceptions::as_base(&context)) else { return };
    // Walk up from the new context; where `exc` shows up, cut there. A second, slower walker (Floyd) ends the walk in
    // chains that are cyclic already.
    let mut current: Py<PyBaseException> = Py::new_ref(c);
    let mut slow = current.clone();
    let mut move_slow = false;
    while let Some(next) = current.context.get() {
        if next.is(exc) {
            current.context.clear();
            break;
        }
        let Some(n) = exceptions::as_base(&next) else { break };
        current = Py::new_ref(n);
        if current.as_object().is(slow.as_object()) {
            break;
        }
        if move_slow {
            let Some(s) = slow.context.get() else { break };
            let Some(s) = exceptions::as_base(&s) else { break };
            slow = Py::new_ref(s);
        }
        move_slow = !move_slow;
    }
    e.context.set(Some(context));
}

/// The exception that the innermost `except` block is handling (`sys.exception()`).
pub fn handled_exception(py: Python) -> Option<Py> {
    let mut item = py.tstate().exc_info.get();
    // SAFETY: the stack of items is never empty and its items are alive.
    unsafe {
        loop {
            let value = (*item).exc_value.get();
            if !value.is_null() && !(*value).is_none() {
                return Some(Py::from_borrowed(value));
            }
            let previous = (*item).previous_item.get();
            if previous.is_null() {
                return None;
            }
            item = previous;
        }
    }
}

/// True if an exception is set.
#[inline(always)]
pub fn occurred(py: Python) -> bool {
    !py.tstate().current_exception.get().is_null()
}

/// True if the exception that is set is an instance of `exc_type` (`PyErr_ExceptionMatches`).
pub fn matches(py: Python, exc_type: &PyType) -> bool {
    // SAFETY: null or a live exception, owned by the thread state.
    unsafe { py.tstate().current_exception.get().as_ref() }.is_some_and(|e| e.ty().is_subtype(exc_type))
}

/// Fetches and clears the exception that is set (`PyErr_GetRaisedException`).
#[inline]
pub fn take(py: Python) -> Option<Py> {
    // SAFETY: the thread state owns what it points to, and gives it up here.
    unsafe { Py::from_owned_nullable(py.tstate().current_exception.replace(core::ptr::null_mut())) }
}

/// Sets the exception, replacing another, touching neither context nor traceback (`PyErr_SetRaisedException`).
#[inline]
pub fn restore(py: Python, exc: Py) -> Raised {
    let old = py.tstate().current_exception.replace(exc.into_raw());
    if !old.is_null() {
        // SAFETY: the thread state owned it.
        drop(unsafe { Py::from_owned(old) });
    }
    Raised::assume()
}

/// Forgets the exception that is set, if any.
#[inline]
pub fn clear(py: Python) {
    drop(take(py));
}

/// If the error at hand is an `exc_type`, clears it and gives `Ok(None)`; other errors stay.
pub fn suppress<T>(py: Python, result: PyResult<T>, exc_type: &PyType) -> PyResult<Option<T>> {
    match result {
        Ok(v) => Ok(Some(v)),
        Err(_) if matches(py, exc_type) => {
            clear(py);
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

/// Runs `f` with no exception set; the one set before is there again afterwards. What `f` raises is reported as
/// unraisable by the caller's choice: `f` has to deal with it.
pub fn with_saved<R>(py: Python, f: impl FnOnce() -> R) -> R {
    let saved = take(py);
    let r = f();
    if let Some(exc) = saved {
        let _ = restore(py, exc);
    }
    r
}

/// MemoryError.
#[cold]
pub fn no_memory(py: Python) -> Raised {
    match exceptions::memory_error_instance(py) {
        Some(exc) => restore(py, exc),
        None => raise_value(py, exceptions::MemoryError(), singletons::none()),
    }
}

/// KeyError whose argument is `key`, also when the key is a tuple (`_PyErr_SetKeyError`).
#[cold]
pub fn key_error(py: Python, key: &PyObject) -> Raised {
    match exceptions::KeyError().call(py, &[key]) {
        Ok(exc) => raise_exception(py, exc),
        Err(raised) => raised,
    }
}

/// StopIteration, with the value a generator returned (`_PyGen_SetStopIterationValue`).
#[cold]
pub fn stop_iteration(py: Python, value: Option<&PyObject>) -> Raised {
    match value {
        None => raise_value(py, exceptions::StopIteration(), singletons::none()),
        Some(v) => match exceptions::StopIteration().call(py, &[v]) {
            Ok(exc) => raise_exception(py, exc),
            Err(raised) => raised,
        },
    }
}

/// `exc_type(errno, strerror[, filename[, None, filename2]])` from this thread's errno
/// (`PyErr_SetFromErrnoWithFilenameObjects`). EINTR runs signal handlers first, whose exception wins.
#[cold]
pub fn from_errno(py: Python, exc_type: &PyType, filename: Option<&PyObject>) -> Raised {
    from_errno2(py, exc_type, crate::runtime::errno(), filename, None)
}

/// As [`from_errno`] for a given error number and up to two file names.
#[cold]
pub fn from_errno2(
    py: Python,
    exc_type: &PyType,
    errno: i32,
    filename: Option<&PyObject>,
    filename2: Option<&PyObject>,
) -> Raised {
    if errno == libc::EINTR {
        if let Err(raised) = py.check_signals() {
            return raised;
        }
    }
    let build = || -> PyResult {
        let number = crate::PyLong::from_i64(py, errno as i64)?;
        let text = PyStr::new(py, &strerror(errno))?;
        match (filename, filename2) {
            (None, _) => exc_type.call(py, &[number.as_object(), text.as_object()]),
            (Some(f), None) => exc_type.call(py, &[number.as_object(), text.as_object(), f]),
            (Some(f), Some(g)) => {
                let zero = crate::PyLong::from_i64(py, 0)?;
                exc_type.call(py, &[number.as_object(), text.as_object(), f, zero.as_object(), g])
            }
        }
    };
    match build() {
        Ok(exc) => raise_exception(py, exc),
        Err(raised) => raised,
    }
}

/// The C library's text for an error number.
pub fn strerror(errno: i32) -> String {
    let mut buf = [0 as core::ffi::c_char; 256];
    // SAFETY: the buffer is as long as said; the XSI variant writes a NUL-terminated text.
    let rc = unsafe { libc::strerror_r(errno, buf.as_mut_ptr(), buf.len()) };
    if rc != 0 {
        return format!("Unknown error {errno}");
    }
    // SAFETY: NUL-terminated within the buffer.
    unsafe { core::ffi::CStr::from_ptr(buf.as_ptr()) }.to_string_lossy().into_owned()
}

/// Issues a warning (`PyErr_WarnEx`): raises if the filters say so.
pub fn warn(py: Python, category: &PyType, message: &str, stacklevel: isize) -> PyResult<()> {
    let text = PyStr::new(py, message)?;
    (hooks::get().warn)(py, category, &text, stacklevel, None)
}

/// Reports the exception that is set and cannot be raised: `sys.unraisablehook` (`PyErr_WriteUnraisable`).
pub fn write_unraisable(py: Python, obj: Option<&PyObject>) {
    (hooks::get().write_unraisable)(py, None, obj);
}

/// As [`write_unraisable`] with its own message ("Exception ignored while …").
pub fn write_unraisable_msg(py: Python, message: &str, obj: Option<&PyObject>) {
    (hooks::get().write_unraisable)(py, Some(message), obj);
}

/// Raises `exc_type(message)` with the exception that is set as its cause (`_PyErr_FormatFromCause`).
#[cold]
pub fn raise_from_cause(py: Python, exc_type: &PyType, message: &str) -> Raised {
    let cause = take(py);
    let raised = raise_fmt(py, exc_type, format_args!("{message}"));
    if let Some(new) = take(py) {
        if let (Some(e), Some(cause)) = (exceptions::as_base(&new), cause) {
            e.suppress_context.set(1);
            e.context.set(Some(cause.clone()));
            e.cause.set(Some(cause));
        }
        return restore(py, new);
    }
    raised
}

/// SystemError for a call that C code made wrongly (`PyErr_BadInternalCall`).
#[cold]
pub fn bad_internal_call(py: Python) -> Raised {
    raise!(py, SystemError, "bad argument to internal function")
}
