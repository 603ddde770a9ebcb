//! An interpreter's start and end.

use crate::eval::handlers::generators;
use taipan_object::abstracts::hash;
use taipan_object::runtime::hooks::{self, Hooks};
use taipan_object::runtime::interp::{Config, InterpreterState, set_main_interpreter};
use taipan_object::runtime::tstate::{self, PyThreadState};
use taipan_object::types::frame::InterpreterFrame;
use taipan_object::{Py, PyDict, PyModule, PyObject, PyResult, Python, err, id};

static HOOKS: Hooks = Hooks {
    function_vectorcall: crate::eval::frames::function_vectorcall,
    resume: generators::resume,
    clear_frame,
    import_module: crate::import::import_module,
    warn: crate::warnings::warn_from_native,
    warn_explicit: crate::warnings::warn_explicit_from_native,
    write_unraisable: crate::sys::hooks::write_unraisable,
    check_signals: |_| Ok(()),
    audit: crate::sys::audit::audit,
    current_globals: |py| taipan_object::types::frame::current_globals(py).map(Py::into_object),
};

unsafe fn clear_frame(frame: *mut InterpreterFrame) {
    // SAFETY: by the hook's contract: the frame is not running, the GIL is held.
    unsafe { crate::eval::frames::clear_except_code(Python::assume(), &*frame) }
}

/// Starts the main interpreter: the calling thread holds its GIL afterwards.
pub fn start(config: Config) -> Result<&'static PyThreadState, String> {
    hooks::install(&HOOKS);
    hash::init_secret(config.hash_seed);
    let interp = InterpreterState::create(0);
    set_main_interpreter(interp);
    // SAFETY: just made; it lives as long as the process.
    let ts = unsafe { PyThreadState::new(interp) };
    if ts.is_null() {
        return Err("out of memory".into());
    }
    // SAFETY: new and attached to no thread.
    let py = unsafe {
        (*ts).bind_to_this_thread();
        (*interp).config.replace(config);
        tstate::attach(ts);
        Python::assume()
    };
    match initialize(py) {
        // SAFETY: the state lives while the thread is attached.
        Ok(()) => Ok(unsafe { &*ts }),
        Err(_) => {
            let text = err::take(py).map_or_else(String::new, |e| describe(py, &e));
            Err(text)
        }
    }
}

fn initialize(py: Python) -> PyResult<()> {
    taipan_object::types::registry::init(py)?;
    py.interp().modules.set(Some(PyDict::new(py)?));
    let builtins = crate::builtins::create(py)?;
    crate::import::add_to_modules(py, "builtins", &builtins)?;
    let sys = crate::sys::create(py)?;
    crate::import::add_to_modules(py, "sys", &sys)?;
    let warnings = crate::warnings::create(py)?;
    crate::import::add_to_modules(py, "_warnings", &warnings)?;
    py.interp().import_func.set(builtins.dict().get_str(py, id!(py, "__import__"))?);
    Ok(())
}

/// The module `__main__`, made at first use.
pub fn main_module(py: Python) -> PyResult<Py<PyModule>> {
    if let Some(m) = crate::import::find_loaded(py, id!(py, "__main__"))? {
        if let Some(m) = m.downcast::<PyModule>() {
            return Ok(Py::new_ref(m));
        }
    }
    let m = PyModule::new(py, "__main__")?;
    if let Some(b) = crate::import::find_loaded(py, id!(py, "builtins"))? {
        m.dict().set(py, id!(py, "__builtins__"), &b)?;
    }
    crate::import::add_to_modules(py, "__main__", &m)?;
    Ok(m)
}

/// One line about an exception: `TypeError: message`.
pub fn describe(py: Python, exc: &PyObject) -> String {
    let name = exc.ty().name().to_owned();
    match exc.str(py) {
        Ok(s) if s.len() > 0 => format!("{name}: {s}"),
        Ok(_) => name,
        Err(_) => {
            err::clear(py);
            format!("{name}: <exception str() failed>")
        }
    }
}

/// Prints an exception with its traceback to `sys.stderr`.
pub fn print_exception(py: Python, exc: &PyObject) {
    crate::traceback_print::display(py, exc, None);
}
