//! `import`: the native part (CPython's `import.c`). Finding and loading modules is the real `importlib`'s.
//!
//! * [`native`]: the one registry of native modules.
//! * [`frozen`]: modules that importlib's FrozenImporter gives.
//! * [`paths`]: executable, prefixes, the library's place, the module search path.
//! * [`bootstrap`]: the start of importlib and the search path's set-up.

pub mod bootstrap;
pub mod frozen;
pub mod native;
pub mod paths;

use taipan_object::declare::NativeModule;
use taipan_object::types::frame::InterpreterFrame;
use taipan_object::{Py, PyDict, PyModule, PyObject, PyResult, PyStr, Python, id, raise};

/// A new module for a native declaration that is made without a spec, before there is an import system: its functions are
/// in place, it is not executed yet.
pub fn create_native(py: Python, decl: &'static NativeModule) -> PyResult<Py<PyModule>> {
    let module = PyModule::new(py, decl.name())?;
    let def = decl.def();
    let name = PyStr::intern(py, decl.name())?;
    taipan_object::types::module::def::add_functions(py, &module, &name, def.m_methods)?;
    if !def.m_doc.is_null() {
        // SAFETY: a declaration's texts are static and NUL-terminated.
        let doc = unsafe { core::ffi::CStr::from_ptr(def.m_doc) }.to_string_lossy();
        module.dict().set(py, id!(py, "__doc__"), &*PyStr::new(py, &doc)?)?;
    }
    Ok(module)
}

/// `sys.modules[name]`, if there is a module other than None.
pub fn find_loaded(py: Python, name: &PyObject) -> PyResult<Option<Py>> {
    let Some(modules) = py.interp().modules.get() else { return Ok(None) };
    Ok(modules.get(py, name)?.filter(|m| !m.is_none()))
}

/// The `IMPORT_NAME` instruction: calls `__import__` unless it is the interpreter's own.
pub fn import_name(
    py: Python,
    frame: &InterpreterFrame,
    name: &PyStr,
    fromlist: &PyObject,
    level: &PyObject,
) -> PyResult {
    let import = taipan_object::abstracts::mapping::get_optional_item(py, frame.builtins(), id!(py, "__import__"))?;
    let Some(import) = import else {
        return Err(raise!(py, ImportError, "__import__ not found"));
    };
    if py.interp().import_func.get().is_some_and(|own| own.is(&import)) {
        let level = level.downcast::<taipan_object::PyLong>().and_then(|l| l.try_i64()).unwrap_or(0) as i32;
        return import_module_level(py, name, Some(frame.globals()), Some(fromlist), level);
    }
    // SAFETY: the frame owns its locals.
    let locals = unsafe { frame.f_locals.get().as_ref() }.unwrap_or(taipan_object::singletons::none());
    import.call(py, &[name as &PyObject, frame.globals() as &PyObject, locals, fromlist, level])
}

/// `PyImport_ImportModuleLevelObject`.
pub fn import_module_level(
    py: Python,
    name: &PyStr,
    globals: Option<&PyObject>,
    fromlist: Option<&PyObject>,
    level: i32,
) -> PyResult {
    if level < 0 {
        return Err(raise!(py, ValueError, "level must be >= 0"));
    }
    let full: Py<PyStr> = if level > 0 {
        crate::import_relative::resolve(py, name, globals, level)?
    } else {
        if name.len() == 0 {
            return Err(raise!(py, ValueError, "Empty module name"));
        }
        Py::new_ref(name)
    };
    let module = match find_loaded(py, &full)? {
        Some(m) => {
            ensure_initialized(py, &m, &full)?;
            m
        }
        None => find_and_load(py, &full)?,
    };
    let has_from = match fromlist {
        Some(f) if !f.is_none() => f.is_true(py)?,
        _ => false,
    };
    if has_from {
        if module.getattr_opt(py, id!(py, "__path__"))?.is_some() {
            let importlib = importlib(py)?;
            let import_func = py.interp().import_func.get().unwrap_or_else(|| py.none());
            let fromlist = fromlist.unwrap_or(taipan_object::singletons::none());
            return importlib.call_method(py, id!(py, "_handle_fromlist"), &[&module, fromlist, &import_func]);
        }
        return Ok(module);
    }
    // `import a.b` gives `a`.
    let text = name.to_string_lossy();
    match text.find('.') {
        None => Ok(module),
        Some(_) if level == 0 => {
            let dot = name.chars().position(|c| c == '.' as u32).unwrap_or(0);
            let front = name.substring(py, 0, dot)?;
            import_module_level(py, &front, None, None, 0)
        }
        Some(_) => {
            let dot = name.chars().position(|c| c == '.' as u32).unwrap_or(0);
            let cut = name.len() - dot;
            let to = full.substring(py, 0, full.len() - cut)?;
            match find_loaded(py, &to)? {
                Some(m) => Ok(m),
                None => Err(raise!(py, KeyError, "{} not in sys.modules as expected", to.repr(py)?)),
            }
        }
    }
}

fn importlib(py: Python) -> PyResult {
    match py.interp().importlib.get() {
        Some(i) => Ok(i),
        None => Err(raise!(py, ImportError, "the import system is not there yet")),
    }
}

/// Another thread may still be running the module's body: waits for it.
fn ensure_initialized(py: Python, module: &PyObject, name: &PyStr) -> PyResult<()> {
    let Some(spec) = module.getattr_opt(py, id!(py, "__spec__"))? else { return Ok(()) };
    if spec.is_none() {
        return Ok(());
    }
    let initializing = match spec.getattr_opt(py, id!(py, "_initializing"))? {
        Some(v) => v.is_true(py)?,
        None => false,
    };
    if initializing {
        importlib(py)?.call_method(py, id!(py, "_lock_unlock_module"), &[name as &PyObject])?;
    }
    Ok(())
}

/// Not in `sys.modules`: the importers are asked. Frames of importlib are taken out of the traceback of an ImportError.
fn find_and_load(py: Python, name: &PyStr) -> PyResult {
    let importlib = importlib(py)?;
    let import_func = py.interp().import_func.get().unwrap_or_else(|| py.none());
    let result = importlib.call_method(py, id!(py, "_find_and_load"), &[name as &PyObject, &import_func]);
    if result.is_err() {
        crate::import_relative::remove_importlib_frames(py);
    }
    result
}

/// The `IMPORT_FROM` instruction (`_PyEval_ImportFrom`).
pub fn import_from(py: Python, module: &PyObject, name: &PyStr) -> PyResult {
    if let Some(v) = module.getattr_opt(py, name)? {
        return Ok(v);
    }
    // A circular import: the submodule may be in sys.modules, but not an attribute yet.
    let package = module.getattr_opt(py, id!(py, "__name__"))?;
    let package_name = package.as_ref().and_then(|p| p.downcast::<PyStr>()).map(Py::new_ref);
    if let Some(p) = &package_name {
        let full = PyStr::new(py, &format!("{p}.{name}"))?;
        if let Some(m) = find_loaded(py, &full)? {
            return Ok(m);
        }
    }
    Err(crate::import_relative::cannot_import_name(py, module, package_name.as_deref(), name))
}

/// Imports a module and gives it itself, not its top-level package (`PyImport_ImportModule`).
pub fn import_module(py: Python, name: &PyStr) -> PyResult {
    let top = import_module_level(py, name, None, None, 0)?;
    match find_loaded(py, name)? {
        Some(m) => Ok(m),
        None => Ok(top),
    }
}

/// Puts a module under its name into `sys.modules`.
pub fn add_to_modules(py: Python, name: &str, module: &PyObject) -> PyResult<()> {
    let modules = match py.interp().modules.get() {
        Some(m) => m,
        None => {
            let m: Py<PyDict> = PyDict::new(py)?;
            py.interp().modules.set(Some(m.clone()));
            m
        }
    };
    let key = PyStr::intern(py, name)?;
    modules.set(py, &key, module)
}
