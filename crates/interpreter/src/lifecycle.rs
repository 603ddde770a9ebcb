//! An interpreter's start and end.

use crate::eval::handlers::generators;
use taipan_object::abstracts::hash;
use taipan_object::runtime::hooks::{self, Hooks};
use taipan_object::runtime::interp::{Config, InterpreterState, set_main_interpreter};
use taipan_object::runtime::tstate::{self, PyThreadState};
use taipan_object::types::frame::InterpreterFrame;
use taipan_object::{Py, PyDict, PyModule, PyObject, PyResult, PyStr, PyType, Python, err, id};

static HOOKS: Hooks = Hooks {
    function_vectorcall: crate::eval::frames::function_vectorcall,
    resume: generators::resume,
    clear_frame,
    import_module: crate::import::import_module,
    warn: |py, category, message, stacklevel, source| warn(py, category, message, stacklevel, source),
    warn_explicit: |_, _, _, _, _, _, _| Ok(()),
    write_unraisable: |py, message, obj| write_unraisable(py, message, obj),
    check_signals: |_| Ok(()),
    audit: |_, _, _| Ok(()),
    current_globals: |py| taipan_object::types::frame::current_globals(py).map(Py::into_object),
};

unsafe fn clear_frame(frame: *mut InterpreterFrame) {
    // SAFETY: by the hook's contract: the frame is not running, the GIL is held.
    unsafe { crate::eval::frames::clear_except_code(Python::assume(), &*frame) }
}

fn warn(
    py: Python,
    category: &PyType,
    message: &PyObject,
    stacklevel: isize,
    source: Option<&PyObject>,
) -> PyResult<()> {
    // Before the warnings module is there, nothing can be filtered: nothing is shown.
    let Some(warnings) = crate::import::find_loaded(py, id!(py, "warnings"))? else { return Ok(()) };
    let f = warnings.getattr(py, id!(py, "warn"))?;
    let level = taipan_object::PyLong::from_isize(py, stacklevel)?;
    match source {
        Some(s) => f.call(py, &[message, category, level.as_object(), s])?,
        None => f.call(py, &[message, category, level.as_object()])?,
    };
    Ok(())
}

/// Without `sys.unraisablehook` the bare facts go to standard error.
fn write_unraisable(py: Python, message: Option<&str>, obj: Option<&PyObject>) {
    let Some(exc) = err::take(py) else { return };
    let mut text = message.unwrap_or("Exception ignored").to_owned();
    if let Some(obj) = obj {
        match obj.repr(py) {
            Ok(r) => text.push_str(&format!(" in: {r}")),
            Err(_) => err::clear(py),
        }
    }
    eprintln!("{text}");
    print_exception(py, &exc);
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

/// Prints an exception and its traceback natively: what is used while the `traceback` module cannot be.
pub fn print_exception(py: Python, exc: &PyObject) {
    if let Some(base) = taipan_object::exceptions::as_base(exc) {
        let mut tb = base.traceback.get();
        if tb.is_some() {
            eprintln!("Traceback (most recent call last):");
        }
        while let Some(entry) = tb {
            if let Some(frame) = entry.tb_frame.get() {
                // SAFETY: a frame object stands for a live frame or its own copy.
                if let Some(f) = unsafe { frame.f_frame.get().as_ref() } {
                    let code = f.code();
                    let line = crate::traceback::line_of(code, entry.tb_lasti.get() as isize / 2);
                    let show = |s: Option<Py<PyStr>>| s.map_or_else(String::new, |s| s.to_string_lossy().into_owned());
                    eprintln!("  File \"{}\", line {line}, in {}", show(code.co_filename.get()), show(code.co_name.get()));
                }
            }
            tb = entry.tb_next.get();
        }
    }
    eprintln!("{}", describe(py, exc));
}
