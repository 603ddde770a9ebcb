//! From a bare interpreter to one with importlib, standard streams and `site`; and the end.

use taipan_interpreter::import::{self, bootstrap, native, paths::Paths};
use taipan_object::runtime::interp::Config;
use taipan_object::{Py, PyLong, PyObject, PyResult, PyStr, Python, err, id};

/// Whether a descriptor is a terminal.
pub fn is_terminal(fd: i32) -> bool {
    // SAFETY: a plain system call.
    unsafe { libc::isatty(fd) == 1 }
}

/// Makes everything that a program finds when it begins.
pub fn begin(py: Python, config: &Config, paths: &Paths) -> PyResult<()> {
    bootstrap::install(py, paths)?;
    if native::find("_codecs").is_some() {
        import::import_module(py, id!(py, "encodings"))?;
    }
    if native::find("_io").is_some() {
        streams(py, config)?;
    }
    set_argv(py, config)?;
    if !config.warnoptions.is_empty() {
        import::import_module(py, id!(py, "warnings"))?;
    }
    lifecycle_main(py)?;
    // `site` needs `os`, and that these two.
    if config.site_import && native::find("_io").is_some() && native::find("errno").is_some() {
        import::import_module(py, id!(py, "site"))?;
    }
    Ok(())
}

/// `__main__` exists before `site` runs, which looks for it in `sys.modules`.
fn lifecycle_main(py: Python) -> PyResult<()> {
    taipan_interpreter::lifecycle::main_module(py).map(drop)
}

fn set_argv(py: Python, config: &Config) -> PyResult<()> {
    let Some(sys) = py.interp().sysdict.get() else { return Ok(()) };
    let list = |args: &[std::ffi::OsString]| -> PyResult {
        let items = args
            .iter()
            .map(|a| Ok(taipan_object::codecs::fs::from_os(py, a)?.into_object()))
            .collect::<PyResult<Vec<Py>>>()?;
        Ok(taipan_object::PyList::from_vec(py, items)?.into_object())
    };
    sys.set(py, id!(py, "argv"), &*list(&config.argv)?)?;
    sys.set(py, id!(py, "orig_argv"), &*list(&config.orig_argv)?)
}

/// `sys.stdin`, `sys.stdout`, `sys.stderr` and their `__…__` twins.
fn streams(py: Python, config: &Config) -> PyResult<()> {
    let io = import::import_module(py, id!(py, "io"))?;
    let Some(sys) = py.interp().sysdict.get() else { return Ok(()) };
    for (fd, name, file) in [(0, "stdin", "<stdin>"), (1, "stdout", "<stdout>"), (2, "stderr", "<stderr>")] {
        let stream = stream(py, &io, config, fd, file)?;
        sys.set(py, &*PyStr::intern(py, name)?, &stream)?;
        sys.set(py, &*PyStr::intern(py, &format!("__{name}__"))?, &stream)?;
    }
    Ok(())
}

/// One stream; None where the descriptor is not open.
fn stream(py: Python, io: &PyObject, config: &Config, fd: i32, file: &str) -> PyResult {
    // SAFETY: a plain system call.
    if unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
        return Ok(py.none());
    }
    let writes = fd != 0;
    let unbuffered = writes && !config.buffered_stdio;
    let mode = PyStr::new(py, if writes { "wb" } else { "rb" })?;
    let number = PyLong::from_i64(py, fd as i64)?;
    let buffering = PyLong::from_i64(py, if unbuffered { 0 } else { -1 })?;
    let (none, yes, no) = (py.none(), py.bool(true), py.bool(false));
    // open(fd, mode, buffering, encoding, errors, newline, closefd)
    let args: [&PyObject; 7] = [&number, &mode, &buffering, &none, &none, &none, &no];
    let buffer = io.call_method(py, id!(py, "open"), &args)?;
    let raw = if unbuffered { buffer.clone() } else { buffer.getattr(py, id!(py, "raw"))? };
    let name = PyStr::new(py, file)?;
    raw.setattr(py, id!(py, "name"), &name)?;
    let terminal = is_terminal(fd);
    let line_buffering = writes && (terminal || fd == 2);
    let encoding = PyStr::new(py, config.stdio_encoding.as_deref().unwrap_or("utf-8"))?;
    let usual = if fd == 2 {
        "backslashreplace"
    } else if config.utf8_mode {
        "surrogateescape"
    } else {
        "strict"
    };
    let errors = match (&config.stdio_errors, fd) {
        (Some(e), 0 | 1) => e.as_str(),
        _ => usual,
    };
    let errors = PyStr::new(py, errors)?;
    let newline = if writes { PyStr::new(py, "\n")?.into_object() } else { py.none() };
    let (lines, through) = (if line_buffering { &yes } else { &no }, if unbuffered { &yes } else { &no });
    let text =
        io.call_method(py, id!(py, "TextIOWrapper"), &[&buffer, &encoding, &errors, &newline, lines, through])?;
    let mode = PyStr::new(py, if writes { "w" } else { "r" })?;
    text.setattr(py, id!(py, "mode"), &mode)?;
    Ok(text)
}

/// Flushes a stream; false if it could not be.
fn flush(py: Python, name: &PyStr) -> bool {
    let Some(sys) = py.interp().sysdict.get() else { return true };
    let Ok(Some(stream)) = sys.get_str(py, name) else { return true };
    if stream.is_none() {
        return true;
    }
    let closed =
        stream.getattr_opt(py, id!(py, "closed")).ok().flatten().is_some_and(|c| c.is_true(py).unwrap_or(false));
    if closed {
        return true;
    }
    match stream.call_method0(py, id!(py, "flush")) {
        Ok(_) => true,
        Err(_) => {
            if name.eq_str("stdout") {
                err::write_unraisable(py, Some(&stream));
            } else {
                err::clear(py);
            }
            false
        }
    }
}

/// The end: threads are waited for, exit functions run, streams are flushed. Gives the exit status, 120 if standard output
/// could not be flushed.
pub fn end(py: Python, status: i32) -> i32 {
    let call = |module: &PyStr, function: &PyStr| {
        if let Ok(Some(module)) = import::find_loaded(py, module) {
            if module.call_method0(py, function).is_err() {
                err::write_unraisable(py, Some(&module));
            }
        }
        err::clear(py);
    };
    call(id!(py, "threading"), id!(py, "_shutdown"));
    call(id!(py, "atexit"), id!(py, "_run_exitfuncs"));
    py.interp().finalizing.set(true);
    let flushed = flush(py, id!(py, "stdout")) & flush(py, id!(py, "stderr"));
    if !flushed && status == 0 { 120 } else { status }
}
