//! What the object crate needs of the interpreter crate, which it cannot depend on: filled once at start.

use crate::typeobj::vectorcallfunc;
use crate::types::frame::InterpreterFrame;
use crate::types::generator::PyGenerator;
use crate::{Py, PyObject, PyResult, PyStr, PyType, Python};
use core::sync::atomic::{AtomicPtr, Ordering};

/// How a generator is resumed.
pub enum Resume<'a> {
    /// `send(value)`; `None` object for `next`.
    Send(&'a PyObject),
    /// The exception set in the thread state is thrown in.
    Throw,
}

/// What a resumed generator did.
pub enum Resumed {
    Yielded(Py),
    Returned(Py),
}

/// The functions.
pub struct Hooks {
    /// `_PyFunction_Vectorcall`: runs a Python function.
    pub function_vectorcall: vectorcallfunc,
    /// Resumes a suspended generator-like object.
    pub resume: fn(Python, &PyGenerator, Resume<'_>) -> PyResult<Resumed>,
    /// Clears a frame that will not run any more (locals, stack).
    pub clear_frame: unsafe fn(*mut InterpreterFrame),
    /// `__import__(name, globals, locals, fromlist, level)` at level 0 with empty fromlist: gives the named module itself.
    pub import_module: fn(Python, &PyStr) -> PyResult,
    /// `PyErr_WarnEx`.
    pub warn: fn(Python, &PyType, &PyObject, isize, Option<&PyObject>) -> PyResult<()>,
    /// `PyErr_WarnExplicit`: category, message, filename, lineno, module, registry.
    pub warn_explicit:
        fn(Python, &PyType, &PyObject, &PyObject, i32, Option<&PyObject>, Option<&PyObject>) -> PyResult<()>,
    /// `PyErr_WriteUnraisable` / `PyErr_FormatUnraisable`: message ("Exception ignored in …" without colon) and object.
    pub write_unraisable: fn(Python, Option<&str>, Option<&PyObject>),
    /// Runs pending signal handlers.
    pub check_signals: fn(Python) -> PyResult<()>,
    /// `sys.audit`: event and arguments; a no-op while no hook is installed.
    pub audit: fn(Python, &str, &[&PyObject]) -> PyResult<()>,
    /// `repr`/`str` recursion and so on need the globals of the running frame: current frame's globals, if any.
    pub current_globals: fn(Python) -> Option<Py>,
}

static HOOKS: AtomicPtr<Hooks> = AtomicPtr::new(core::ptr::null_mut());

/// Installs the hooks; called once, before the first object is made.
pub fn install(hooks: &'static Hooks) {
    HOOKS.store(hooks as *const Hooks as *mut Hooks, Ordering::Release);
}

/// The hooks.
#[inline(always)]
pub fn get() -> &'static Hooks {
    let p = HOOKS.load(Ordering::Relaxed);
    if p.is_null() {
        return &UNINSTALLED;
    }
    // SAFETY: only `install` stores, and what it stores is static.
    unsafe { &*p }
}

unsafe extern "C" fn no_vectorcall(
    _: *mut PyObject,
    _: *const *mut PyObject,
    _: usize,
    _: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: called by Python code, so the GIL is held.
    let py = unsafe { Python::assume() };
    let _ = crate::raise!(py, SystemError, "no evaluation loop is installed");
    core::ptr::null_mut()
}

/// In effect while no interpreter is there (unit tests of this crate): nothing runs, nothing warns.
static UNINSTALLED: Hooks = Hooks {
    function_vectorcall: no_vectorcall,
    resume: |py, _, _| Err(crate::raise!(py, SystemError, "no evaluation loop is installed")),
    clear_frame: |_| {},
    import_module: |py, name| {
        Err(crate::raise!(py, ImportError, "no import system is installed ({})", name.to_string_lossy()))
    },
    warn: |_, _, _, _, _| Ok(()),
    warn_explicit: |_, _, _, _, _, _, _| Ok(()),
    write_unraisable: |py, _, _| crate::err::clear(py),
    check_signals: |_| Ok(()),
    audit: |_, _, _| Ok(()),
    current_globals: |_| None,
};
