//! Running what the command line names.

use super::options::What;
use std::ffi::OsStr;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use taipan_compiler::Mode;
use taipan_interpreter::import::{self, paths};
use taipan_interpreter::{compile, eval, lifecycle, traceback_print};
use taipan_object::runtime::interp::Config;
use taipan_object::{PyList, PyObject, PyResult, PyStr, Python, codecs::fs, err, exceptions, id};

/// Runs it; gives the exit status.
pub fn run(py: Python, config: &Config, what: &What, interactive: bool) -> i32 {
    let result = match what {
        What::Command(text) => {
            path_0(py, config, OsStr::new("")).and_then(|()| source(py, text.as_bytes(), "<string>"))
        }
        What::Module(name) => path_0_cwd(py, config).and_then(|()| module(py, name, true)),
        What::File(file) => match script(py, config, file) {
            Ok(Some(status)) => return status,
            Ok(None) => Ok(()),
            Err(raised) => Err(raised),
        },
        What::Stdin => path_0(py, config, OsStr::new("")).and_then(|()| stdin(py, interactive)),
    };
    match result {
        Ok(()) => 0,
        Err(_) => report(py),
    }
}

/// Puts the program's own entry in front of `sys.path`, unless that is unsafe.
fn path_0(py: Python, config: &Config, entry: &OsStr) -> PyResult<()> {
    if config.safe_path {
        return Ok(());
    }
    let text = fs::from_os(py, entry)?;
    py.interp().config.borrow_mut().sys_path_0 = Some(entry.to_string_lossy().into_owned());
    insert(py, &text)
}

/// `-m`: the current folder by its full name.
fn path_0_cwd(py: Python, config: &Config) -> PyResult<()> {
    match std::env::current_dir() {
        Ok(cwd) => path_0(py, config, cwd.as_os_str()),
        Err(_) => Ok(()),
    }
}

fn insert(py: Python, entry: &PyObject) -> PyResult<()> {
    let Some(sys) = py.interp().sysdict.get() else { return Ok(()) };
    let Some(path) = sys.get_str(py, id!(py, "path"))? else { return Ok(()) };
    match path.downcast::<PyList>() {
        Some(list) => list.insert(py, 0, entry),
        None => Ok(()),
    }
}

fn source(py: Python, text: &[u8], filename: &str) -> PyResult<()> {
    let code = compile::compile_source(py, text, filename, Mode::Exec, 0, -1)?;
    let main = lifecycle::main_module(py)?;
    eval::eval_code(py, &code, main.dict(), None, None)?;
    Ok(())
}

/// `runpy._run_module_as_main(name, alter_argv)`.
fn module(py: Python, name: &OsStr, alter_argv: bool) -> PyResult<()> {
    let runpy = import::import_module(py, id!(py, "runpy"))?;
    let name = fs::from_os(py, name)?;
    let alter = py.bool(alter_argv);
    runpy.call_method(py, id!(py, "_run_module_as_main"), &[&name, &alter])?;
    Ok(())
}

/// A file, or a folder or zip file with a `__main__`. An exit status where the file cannot be read.
fn script(py: Python, config: &Config, file: &OsStr) -> PyResult<Option<i32>> {
    let path = Path::new(file);
    if is_importable(py, file)? {
        insert(py, &*fs::from_os(py, file)?)?;
        return module(py, OsStr::new("__main__"), false).map(|()| None);
    }
    let cannot = |e: std::io::Error| {
        let program = config.orig_argv.first().map_or("taipan".into(), |a| a.to_string_lossy().into_owned());
        let number = e.raw_os_error().unwrap_or(0);
        eprintln!("{program}: can't open file '{}': [Errno {number}] {}", full(path).display(), err::strerror(number));
        2
    };
    if path.is_dir() {
        let program = config.orig_argv.first().map_or("taipan".into(), |a| a.to_string_lossy().into_owned());
        eprintln!("{program}: '{}' is a directory, cannot continue", path.display());
        return Ok(Some(1));
    }
    let mut text = match std::fs::read(path) {
        Ok(text) => text,
        Err(e) => return Ok(Some(cannot(e))),
    };
    if config.skip_first_line {
        // The line's end stays, so that line numbers do.
        let end = text.iter().position(|b| *b == b'\n').unwrap_or(text.len());
        text.drain(..end);
    }
    path_0(py, config, &paths::script_folder(path))?;
    let shown = path.to_string_lossy();
    let main = lifecycle::main_module(py)?;
    main.dict().set(py, id!(py, "__file__"), &*fs::from_os(py, file)?)?;
    set_loader(py, &main, file)?;
    source(py, &text, &shown)?;
    Ok(None)
}

fn full(path: &Path) -> std::path::PathBuf {
    std::env::current_dir().map_or_else(|_| path.to_path_buf(), |cwd| cwd.join(path))
}

/// `__main__.__loader__`, which tools ask for the source.
fn set_loader(py: Python, main: &taipan_object::PyModule, file: &OsStr) -> PyResult<()> {
    let Some(external) = import::find_loaded(py, id!(py, "_frozen_importlib_external"))? else { return Ok(()) };
    let name = PyStr::new(py, "__main__")?;
    let path = fs::from_os(py, file)?;
    let loader = external.call_method(py, id!(py, "SourceFileLoader"), &[&name as &PyObject, &path])?;
    main.dict().set(py, id!(py, "__loader__"), &loader)
}

/// Whether some path hook takes the path: a folder or a zip file.
fn is_importable(py: Python, file: &OsStr) -> PyResult<bool> {
    let Some(sys) = py.interp().sysdict.get() else { return Ok(false) };
    let Some(hooks) = sys.get_str(py, id!(py, "path_hooks"))? else { return Ok(false) };
    let Some(hooks) = hooks.downcast::<PyList>().map(|l| l.to_vec()) else { return Ok(false) };
    let path = fs::from_os(py, file)?;
    for hook in hooks {
        match hook.call1(py, &path) {
            Ok(_) => return Ok(true),
            Err(_) if err::matches(py, exceptions::ImportError()) => err::clear(py),
            Err(raised) => return Err(raised),
        }
    }
    Ok(false)
}

/// Standard input: a program, or a conversation on a terminal.
fn stdin(py: Python, interactive: bool) -> PyResult<()> {
    if interactive {
        let code = import::import_module(py, id!(py, "code"))?;
        let none = py.none();
        let main = lifecycle::main_module(py)?;
        code.call_method(py, id!(py, "interact"), &[&none, &none, main.dict()])?;
        return Ok(());
    }
    let mut text = Vec::new();
    let read = py.allow_threads(|| std::io::stdin().lock().read_to_end(&mut text));
    if let Err(e) = read {
        taipan_object::runtime::set_errno(e.raw_os_error().unwrap_or(0));
        return Err(err::from_errno(py, exceptions::OSError(), None));
    }
    source(py, &text, "<stdin>")
}

/// Reports the exception that ended the program; gives the exit status.
pub fn report(py: Python) -> i32 {
    traceback_print::print_uncaught(py)
}
