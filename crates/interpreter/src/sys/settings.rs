//! Limits, intervals, encodings and hooks that `sys` reads and sets.

use super::info;
use core::cell::Cell;
use core::sync::atomic::Ordering::Relaxed;
use taipan_object::declare::InterpLocal;
use taipan_object::runtime::hooks;
use taipan_object::types::structseq::{Field, StructSeq};
use taipan_object::types::tuple::PyTuple;
use taipan_object::{Py, PyObject, PyResult, PyStr, Python, pyfunction, raise, singletons};

/// Return the current value of the recursion limit.
///
/// The recursion limit is the maximum depth of the Python interpreter
/// stack.  This limit prevents infinite recursion from causing an overflow
/// of the C stack and crashing Python.
#[pyfunction]
#[signature("()")]
pub fn getrecursionlimit(py: Python) -> i32 {
    py.interp().recursion_limit.get()
}

/// Set the maximum depth of the Python interpreter stack to n.
///
/// This limit prevents infinite recursion from causing an overflow of the C
/// stack and crashing Python.  The highest possible limit is platform-
/// dependent.
#[pyfunction]
#[signature("(limit, /)")]
pub fn setrecursionlimit(py: Python, limit: i32) -> PyResult<()> {
    if limit < 1 {
        return Err(raise!(py, ValueError, "recursion limit must be greater or equal than 1"));
    }
    let ts = py.tstate();
    let depth = ts.py_recursion_limit.get() - ts.py_recursion_remaining.get();
    if depth >= limit {
        return Err(raise!(
            py,
            RecursionError,
            "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
        ));
    }
    py.interp().recursion_limit.set(limit);
    py.interp().for_each_thread(|t| {
        let depth = t.py_recursion_limit.get() - t.py_recursion_remaining.get();
        t.py_recursion_limit.set(limit);
        t.py_recursion_remaining.set(limit - depth);
    });
    Ok(())
}

/// Return the current thread switch interval; see sys.setswitchinterval().
#[pyfunction]
#[signature("()")]
pub fn getswitchinterval(py: Python) -> f64 {
    1e-6 * py.interp().gil().interval_us.load(Relaxed) as f64
}

/// Set the ideal thread switching delay inside the Python interpreter.
///
/// The actual frequency of switching threads can be lower if the
/// interpreter executes long sequences of uninterruptible code
/// (this is implementation-specific and workload-dependent).
///
/// The parameter must represent the desired switching delay in seconds.
#[pyfunction]
#[signature("(interval, /)")]
pub fn setswitchinterval(py: Python, interval: f64) -> PyResult<()> {
    if interval.is_nan() || interval <= 0.0 {
        return Err(raise!(py, ValueError, "switch interval must be strictly positive"));
    }
    py.interp().gil().interval_us.store((1e6 * interval) as u64, Relaxed);
    Ok(())
}

/// Return the maximum string digits limit for non-binary int<->str conversions.
#[pyfunction]
#[signature("()")]
pub fn get_int_max_str_digits(py: Python) -> i32 {
    py.interp().int_max_str_digits.get()
}

/// Set the maximum string digits limit for non-binary int<->str conversions.
#[pyfunction]
#[signature("(maxdigits)")]
pub fn set_int_max_str_digits(py: Python, maxdigits: i32) -> PyResult<()> {
    if maxdigits != 0 && maxdigits < 640 {
        return Err(raise!(py, ValueError, "maxdigits must be >= 640 or 0 for unlimited"));
    }
    py.interp().int_max_str_digits.set(maxdigits);
    if let Some(sys) = py.interp().sysdict.get() {
        // The flag shows the limit too.
        sys.set(py, taipan_object::id!(py, "flags"), &*info::flags(py)?)?;
    }
    Ok(())
}

/// Return the current default encoding used by the Unicode implementation.
#[pyfunction]
#[signature("()")]
pub fn getdefaultencoding(_py: Python) -> &'static str {
    "utf-8"
}

/// Return the encoding used to convert Unicode filenames to OS filenames.
#[pyfunction]
#[signature("()")]
pub fn getfilesystemencoding(py: Python) -> PyResult<Py<PyStr>> {
    let name = py.interp().config.borrow().filesystem_encoding.clone();
    PyStr::intern(py, &name)
}

/// Return the error mode used Unicode to OS filename conversion.
#[pyfunction]
#[signature("()")]
pub fn getfilesystemencodeerrors(py: Python) -> PyResult<Py<PyStr>> {
    let name = py.interp().config.borrow().filesystem_errors.clone();
    PyStr::intern(py, &name)
}

/// Return True if Python is exiting.
#[pyfunction]
#[signature("()")]
pub fn is_finalizing(py: Python) -> bool {
    py.interp().finalizing.get()
}

/// Return True if the GIL is currently enabled and False otherwise.
#[pyfunction]
#[signature("()")]
pub fn _is_gil_enabled(_py: Python) -> bool {
    true
}

/// Private function for getting PyConfig.cpu_count
#[pyfunction]
#[signature("()")]
pub fn _get_cpu_count_config(_py: Python) -> i32 {
    -1
}

static DLOPEN_FLAGS: InterpLocal<Dlopen> = InterpLocal::new();

struct Dlopen(Cell<i32>);
impl Default for Dlopen {
    fn default() -> Self {
        Dlopen(Cell::new(libc::RTLD_NOW))
    }
}

/// Return the current value of the flags that are used for dlopen calls.
///
/// The flag constants are defined in the os module.
#[pyfunction]
#[signature("()")]
pub fn getdlopenflags(py: Python) -> i32 {
    DLOPEN_FLAGS.get(py).0.get()
}

/// Set the flags used by the interpreter for dlopen calls.
///
/// This is used, for example, when the interpreter loads extension
/// modules. Among other things, this will enable a lazy resolving of
/// symbols when importing a module, if called as sys.setdlopenflags(0).
/// To share symbols across extension modules, call as
/// sys.setdlopenflags(os.RTLD_GLOBAL).  Symbolic names for the flag
/// modules can be found in the os module (RTLD_xxx constants, e.g.
/// os.RTLD_LAZY).
#[pyfunction]
#[signature("(flags, /)")]
pub fn setdlopenflags(py: Python, flags: i32) {
    DLOPEN_FLAGS.get(py).0.set(flags);
}

static ASYNCGEN_HOOKS: StructSeq = StructSeq::new(
    c"asyncgen_hooks",
    c"asyncgen_hooks\n\nThe hooks of asynchronous generators.",
    &[
        Field::new(c"firstiter", c"Hook to intercept first iteration"),
        Field::new(c"finalizer", c"Hook to intercept finalization"),
    ],
    2,
);

/// Replaces an owned pointer of the thread state; None empties it.
fn set_owned(cell: &Cell<*mut PyObject>, value: &PyObject) {
    let new = if value.is_none() { core::ptr::null_mut() } else { Py::new_ref(value).into_raw() };
    // SAFETY: the thread state owned the old pointer.
    drop(unsafe { Py::from_owned_nullable(cell.replace(new)) });
}

/// set_asyncgen_hooks([firstiter] [, finalizer])
///
/// Set a finalizer for async generators objects.
#[pyfunction]
#[signature("(firstiter=<unrepresentable>, finalizer=<unrepresentable>)", hidden)]
pub fn set_asyncgen_hooks(py: Python, firstiter: Option<&PyObject>, finalizer: Option<&PyObject>) -> PyResult<()> {
    for (name, hook) in [("finalizer", finalizer), ("firstiter", firstiter)] {
        if let Some(h) = hook.filter(|h| !h.is_none() && !h.is_callable()) {
            return Err(raise!(py, TypeError, "callable {name} expected, got {}", h.ty().full_name()));
        }
    }
    if let Some(h) = finalizer {
        (hooks::get().audit)(py, "sys.set_asyncgen_hook_finalizer", &[])?;
        set_owned(&py.tstate().async_gen_finalizer, h);
    }
    if let Some(h) = firstiter {
        (hooks::get().audit)(py, "sys.set_asyncgen_hook_firstiter", &[])?;
        set_owned(&py.tstate().async_gen_firstiter, h);
    }
    Ok(())
}

/// Return the installed asynchronous generators hooks.
///
/// This returns a namedtuple of the form (firstiter, finalizer).
#[pyfunction]
#[signature("()")]
pub fn get_asyncgen_hooks(py: Python) -> PyResult<Py<PyTuple>> {
    let ts = py.tstate();
    // SAFETY: the thread state owns what it points to.
    let get = |cell: &Cell<*mut PyObject>| unsafe {
        Py::from_borrowed_nullable(cell.get()).unwrap_or_else(|| Py::new_ref(singletons::none()))
    };
    ASYNCGEN_HOOKS.instance(py, vec![get(&ts.async_gen_firstiter), get(&ts.async_gen_finalizer)])
}

/// Enable or disable origin tracking for coroutine objects in this thread.
///
/// Coroutine objects will track 'depth' frames of traceback information
/// about where they came from, available in their cr_origin attribute.
///
/// Set a depth of 0 to disable.
#[pyfunction]
#[signature("(depth)")]
pub fn set_coroutine_origin_tracking_depth(py: Python, depth: i32) -> PyResult<()> {
    if depth < 0 {
        return Err(raise!(py, ValueError, "depth must be >= 0"));
    }
    py.tstate().coroutine_origin_tracking_depth.set(depth);
    Ok(())
}

/// Check status of origin tracking for coroutine objects in this thread.
#[pyfunction]
#[signature("()")]
pub fn get_coroutine_origin_tracking_depth(py: Python) -> i32 {
    py.tstate().coroutine_origin_tracking_depth.get()
}

/// Activate stack profiler trampoline *backend*.
#[pyfunction]
#[signature("(backend, /)")]
pub fn activate_stack_trampoline(py: Python, backend: &PyStr) -> PyResult<()> {
    if backend.eq_str("perf") || backend.eq_str("perf_jit") {
        return Err(raise!(py, ValueError, "perf trampoline not available"));
    }
    Err(raise!(py, ValueError, "invalid backend: {}", backend.to_string_lossy()))
}

/// Deactivate the current stack profiler trampoline backend.
///
/// If no stack profiler is activated, this function has no effect.
#[pyfunction]
#[signature("()")]
pub fn deactivate_stack_trampoline(_py: Python) {}

/// Return *True* if a stack profiler trampoline is active.
#[pyfunction]
#[signature("()")]
pub fn is_stack_trampoline_active(_py: Python) -> bool {
    false
}

/// Return True if remote debugging is enabled, False otherwise.
#[pyfunction]
#[signature("()")]
pub fn is_remote_debug_enabled(_py: Python) -> bool {
    false
}

/// Executes a file containing Python code in a given remote Python process.
///
/// The protocol (PEP 768) is not served.
#[pyfunction]
#[signature("(pid, script)")]
pub fn remote_exec(py: Python, pid: i32, script: &PyObject) -> PyResult<()> {
    let _ = (pid, script);
    Err(raise!(py, RuntimeError, "Remote debugging is not enabled"))
}

/// Dump the graph of tracelets in graphviz format
#[pyfunction]
#[signature("(outpath)")]
pub fn _dump_tracelets(py: Python, outpath: &PyObject) -> PyResult<()> {
    let _ = outpath;
    Err(raise!(py, NotImplementedError, "No JIT available"))
}

/// Private function for getting the base REPL
#[pyfunction]
#[signature("()")]
pub fn _baserepl(py: Python) -> PyResult<()> {
    Err(raise!(py, NotImplementedError, "the base REPL is not available from within a program"))
}
