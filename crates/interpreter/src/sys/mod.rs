//! The module `sys`.
//!
//! * [`info`]: what never changes. * [`settings`]: limits, intervals, encodings. * [`objects`]: counts, sizes, interning.
//! * [`hooks`]: exceptions and the replaceable hooks. * [`frames`]: frames and tracing. * [`audit`]: audit events.

pub mod audit;
mod early;
pub mod frames;
pub mod hooks;
pub mod info;
mod jit;
mod monitoring;
pub mod objects;
pub mod settings;
mod stdlib_names;

use std::os::unix::ffi::OsStrExt;
use taipan_object::runtime::interp::Config;
use taipan_object::{Py, PyDict, PyList, PyModule, PyResult, PyStr, Python, pymodule};

pymodule! {
    name: "sys",
    doc: "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter.",
    functions: [
        audit::sys_audit,
        audit::addaudithook,
        frames::_getframe,
        frames::_getframemodulename,
        frames::_current_frames,
        frames::_current_exceptions,
        frames::call_tracing,
        frames::settrace,
        frames::_settraceallthreads,
        frames::gettrace,
        frames::setprofile,
        frames::_setprofileallthreads,
        frames::getprofile,
        hooks::exc_info,
        hooks::exception,
        hooks::exit,
        hooks::excepthook,
        hooks::unraisablehook,
        hooks::displayhook,
        hooks::breakpointhook,
        objects::getrefcount,
        objects::getsizeof,
        objects::intern,
        objects::_is_interned,
        objects::_is_immortal,
        objects::getunicodeinternedsize,
        objects::getallocatedblocks,
        objects::_debugmallocstats,
        objects::_clear_type_cache,
        objects::_clear_internal_caches,
        objects::_clear_type_descriptors,
        settings::getrecursionlimit,
        settings::setrecursionlimit,
        settings::getswitchinterval,
        settings::setswitchinterval,
        settings::get_int_max_str_digits,
        settings::set_int_max_str_digits,
        settings::getdefaultencoding,
        settings::getfilesystemencoding,
        settings::getfilesystemencodeerrors,
        settings::is_finalizing,
        settings::_is_gil_enabled,
        settings::_get_cpu_count_config,
        settings::getdlopenflags,
        settings::setdlopenflags,
        settings::set_asyncgen_hooks,
        settings::get_asyncgen_hooks,
        settings::set_coroutine_origin_tracking_depth,
        settings::get_coroutine_origin_tracking_depth,
        settings::activate_stack_trampoline,
        settings::deactivate_stack_trampoline,
        settings::is_stack_trampoline_active,
        settings::is_remote_debug_enabled,
        settings::remote_exec,
        settings::_dump_tracelets,
        settings::_baserepl,
    ],
    classes: [],
    exec: exec,
}

/// An operating system's string as a Python string: bytes that are not UTF-8 as lone surrogates (PEP 383).
pub fn os_string(py: Python, s: &std::ffi::OsStr) -> PyResult<Py<PyStr>> {
    if let Some(s) = s.to_str() {
        return PyStr::new(py, s);
    }
    let mut chars = Vec::new();
    for chunk in s.as_bytes().utf8_chunks() {
        chars.extend(chunk.valid().chars().map(u32::from));
        chars.extend(chunk.invalid().iter().map(|b| 0xdc00 + *b as u32));
    }
    PyStr::from_ucs4(py, &chars)
}

fn exec(py: Python, module: &PyModule) -> PyResult<()> {
    let dict: &PyDict = module.dict();
    let set = |name: &str, value: Py| -> PyResult<()> {
        let key = PyStr::intern(py, name)?;
        dict.set(py, &key, &value)
    };
    if let Some(modules) = py.interp().modules.get() {
        set("modules", modules.into_object())?;
    }
    set("stdout", early::writer(py, 1)?.into_object())?;
    set("stderr", early::writer(py, 2)?.into_object())?;
    // The hooks as they were made, for programs that replace them.
    for name in ["displayhook", "excepthook", "breakpointhook", "unraisablehook"] {
        let key = PyStr::intern(py, name)?;
        if let Some(hook) = dict.get_str(py, &key)? {
            set(&format!("__{name}__"), hook)?;
        }
    }
    info::fill(py, &set)?;
    for (name, module) in [("monitoring", monitoring::create(py)?), ("_jit", jit::create(py)?)] {
        set(name, module.clone().into_object())?;
        crate::import::add_to_modules(py, &format!("sys.{name}"), &module)?;
    }
    apply_config(py)
}

/// A list of strings.
fn list<'a>(py: Python, items: impl Iterator<Item = &'a std::ffi::OsStr>) -> PyResult {
    let list = PyList::new(py)?;
    for item in items {
        list.push_owned(py, os_string(py, item)?.into_object())?;
    }
    Ok(list.into_object())
}

/// Puts into `sys` what the interpreter's configuration says: again after a change of it.
pub fn apply_config(py: Python) -> PyResult<()> {
    let config: Config = py.interp().config.borrow().clone();
    let Some(dict) = py.interp().sysdict.get() else { return Ok(()) };
    let set = |name: &str, value: Py| -> PyResult<()> { dict.set(py, &*PyStr::intern(py, name)?, &value) };
    let text = |s: &str| -> PyResult { Ok(PyStr::new(py, s)?.into_object()) };
    for name in ["prefix", "base_prefix", "exec_prefix", "base_exec_prefix"] {
        set(name, text(&config.prefix)?)?;
    }
    set("platlibdir", text("lib")?)?;
    let executable = os_string(py, &config.executable)?.into_object();
    set("executable", executable.clone())?;
    set("_base_executable", executable)?;
    set("_stdlib_dir", py.none())?;
    set("argv", list(py, config.argv.iter().map(|s| &**s))?)?;
    set("orig_argv", list(py, config.orig_argv.iter().map(|s| &**s))?)?;
    set("warnoptions", list(py, config.warnoptions.iter().map(std::ffi::OsStr::new))?)?;
    let xoptions = PyDict::new(py)?;
    for option in &config.xoptions {
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, text(value)?),
            None => (option.as_str(), py.bool(true)),
        };
        xoptions.set(py, &*PyStr::new(py, name)?, &value)?;
    }
    set("_xoptions", xoptions.into_object())?;
    set("dont_write_bytecode", py.bool(!config.write_bytecode))?;
    let pycache = match &config.pycache_prefix {
        Some(p) => text(p)?,
        None => py.none(),
    };
    set("pycache_prefix", pycache)?;
    set("flags", info::flags(py)?.into_object())?;
    // The import system's own, unless it has filled them already.
    for name in ["path", "meta_path", "path_hooks"] {
        let key = PyStr::intern(py, name)?;
        if dict.get_str(py, &key)?.is_none() {
            set(name, PyList::new(py)?.into_object())?;
        }
    }
    let key = PyStr::intern(py, "path_importer_cache")?;
    if dict.get_str(py, &key)?.is_none() {
        set("path_importer_cache", PyDict::new(py)?.into_object())?;
    }
    Ok(())
}

/// Makes the module and notes its dict as the interpreter's.
pub fn create(py: Python) -> PyResult<Py<PyModule>> {
    let module = crate::import::create_native(py, &MODULE)?;
    py.interp().sysdict.set(Some(Py::new_ref(module.dict())));
    MODULE.execute(py, &module)?;
    Ok(module)
}
