//! Setting importlib going: `_frozen_importlib`, its external half, the embedded library's finder, `sys.path`.

use super::{frozen, native, paths::Paths};
use crate::import;
use std::path::Path;
use taipan_object::codecs::fs;
use taipan_object::{Py, PyDict, PyList, PyModule, PyObject, PyResult, PyStr, PyTuple, Python, id, raise};

/// The frozen Python module that finds and loads what is in the binary.
const EMBEDDED: &str = "_embedded_library";

/// Makes the import system work: afterwards any module can be imported.
pub fn install(py: Python, paths: &Paths) -> PyResult<()> {
    set_sys(py, paths)?;
    let Some(decl) = native::find("_imp") else {
        // A machine without native modules: nothing can be imported, which `import` says.
        return Ok(());
    };
    let sys = import::find_loaded(py, id!(py, "sys"))?;
    let Some(sys) = sys else { return Err(raise!(py, RuntimeError, "sys is not there")) };
    let imp = import::create_native(py, decl)?;
    decl.execute(py, &imp)?;
    import::add_to_modules(py, "_imp", &imp)?;

    let importlib = run_frozen(py, "_frozen_importlib")?;
    py.interp().importlib.set(Some(Py::new_ref(&*importlib as &PyObject)));
    importlib.call_method(py, id!(py, "_install"), &[&sys, &imp])?;
    importlib.call_method0(py, id!(py, "_install_external_importers"))?;
    install_hooks(py, paths)
}

/// Runs a frozen module's code in a new module, before there is an importer that could.
fn run_frozen(py: Python, name: &str) -> PyResult<Py<PyModule>> {
    let Some(found) = frozen::find(name) else {
        return Err(raise!(py, ImportError, "the embedded library lacks {name}"));
    };
    let code = frozen::code(py, found)?;
    let module = PyModule::new(py, name)?;
    if let Some(builtins) = import::find_loaded(py, id!(py, "builtins"))? {
        module.dict().set(py, id!(py, "__builtins__"), &builtins)?;
    }
    // `FrozenImporter._fix_up_module` takes it from here.
    let origin = match found.origname {
        Some(o) => PyStr::new(py, o)?.into_object(),
        None => py.none(),
    };
    module.dict().set(py, id!(py, "__origname__"), &origin)?;
    import::add_to_modules(py, name, &module)?;
    crate::eval::eval_code(py, &code, module.dict(), None, None)?;
    Ok(module)
}

fn text(py: Python, path: &Path) -> PyResult<Py> {
    Ok(fs::from_os(py, path.as_os_str())?.into_object())
}

/// What the path configuration and the registry give to `sys`.
fn set_sys(py: Python, paths: &Paths) -> PyResult<()> {
    let Some(dict) = py.interp().sysdict.get() else { return Ok(()) };
    let set = |name: &str, value: Py| -> PyResult<()> {
        let key = PyStr::intern(py, name)?;
        dict.set(py, &key, &value)
    };
    set("executable", text(py, &paths.executable)?)?;
    set("_base_executable", text(py, &paths.base_executable)?)?;
    set("prefix", text(py, &paths.prefix)?)?;
    set("exec_prefix", text(py, &paths.prefix)?)?;
    set("base_prefix", text(py, &paths.base_prefix)?)?;
    set("base_exec_prefix", text(py, &paths.base_prefix)?)?;
    set("platlibdir", PyStr::new(py, "lib")?.into_object())?;
    set("_stdlib_dir", text(py, &paths.stdlib_dir)?)?;
    let entries = paths.search_path.iter().map(|p| text(py, p)).collect::<PyResult<Vec<Py>>>()?;
    set("path", PyList::from_vec(py, entries)?.into_object())?;
    let names =
        native::all().iter().map(|m| Ok(PyStr::intern(py, m.name())?.into_object())).collect::<PyResult<Vec<Py>>>()?;
    set("builtin_module_names", PyTuple::from_vec(py, names)?.into_object())?;
    set("meta_path", PyList::new(py)?.into_object())?;
    set("path_hooks", PyList::new(py)?.into_object())?;
    set("path_importer_cache", PyDict::new(py)?.into_object())
}

/// The path hooks besides importlib's: zip files, and the library inside the binary.
fn install_hooks(py: Python, paths: &Paths) -> PyResult<()> {
    let hooks = py.interp().sysdict.get().map(|d| d.get_str(py, id!(py, "path_hooks"))).transpose()?.flatten();
    let Some(hooks) = hooks else { return Ok(()) };
    let Some(hooks) = hooks.downcast::<PyList>() else { return Ok(()) };
    if frozen::find("zipimport").is_some() && native::find("time").is_some() {
        let zipimport = import::import_module(py, id!(py, "zipimport"))?;
        hooks.insert(py, 0, &*zipimport.getattr(py, id!(py, "zipimporter"))?)?;
    }
    if paths.embedded {
        let module = import::import_module(py, &*PyStr::intern(py, EMBEDDED)?)?;
        let hook = module.call_method1(py, id!(py, "path_hook"), &*text(py, &paths.stdlib_dir)?)?;
        hooks.insert(py, 0, &hook)?;
    }
    Ok(())
}
