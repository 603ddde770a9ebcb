//! `_imp`: what importlib asks the interpreter for.

use crate::_thread::lock::ReentrantLock;
use taipan_interpreter::import::{frozen, native};
use taipan_interpreter::{eval, import};
use taipan_object::abstracts::buffer::{Buffer, SIMPLE};
use taipan_object::abstracts::hash;
use taipan_object::declare::InterpLocal;
use taipan_object::types::memoryview;
use taipan_object::types::module::def;
use taipan_object::{
    Py, PyBytes, PyCode, PyLong, PyModule, PyObject, PyResult, PyStr, PyTuple, Python, id, pyfunction, pymodule, raise,
};

/// The magic number of `.pyc` files, as four little-endian bytes make an int.
const PYC_MAGIC_NUMBER_TOKEN: i64 = 3627 | (b'\r' as i64) << 16 | (b'\n' as i64) << 24;

#[derive(Default)]
struct State {
    lock: ReentrantLock,
    /// `_override_frozen_modules_for_tests`: negative off, positive on, 0 as configured.
    frozen_override: core::cell::Cell<i64>,
    /// `_override_multi_interp_extensions_check`.
    extensions_check: core::cell::Cell<i64>,
}

static STATE: InterpLocal<State> = InterpLocal::new();

fn frozen_module(py: Python, name: &PyStr) -> Option<&'static frozen::Frozen> {
    let found = frozen::find(&name.to_string_lossy())?;
    let off = STATE.get(py).frozen_override.get() < 0;
    // Without importlib nothing else could be imported.
    (!off || found.name.starts_with("_frozen_importlib")).then_some(found)
}

/// Return the list of file suffixes used to identify extension modules.
#[pyfunction]
fn extension_suffixes(py: Python) -> PyResult<Py<taipan_object::PyList>> {
    let names = [".cpython-314-x86_64-linux-gnu.so", ".abi3.so", ".so"];
    let items = names.iter().map(|n| Ok(PyStr::new(py, n)?.into_object())).collect::<PyResult<Vec<Py>>>()?;
    taipan_object::PyList::from_vec(py, items)
}

/// Return True if the import lock is currently held, else False.
#[pyfunction]
fn lock_held(py: Python) -> bool {
    STATE.get(py).lock.is_locked()
}

/// Acquires the interpreter's import lock for the current thread.
///
/// This lock should be used by import hooks to ensure thread-safety when importing
/// modules. On platforms without threads, this function does nothing.
#[pyfunction]
fn acquire_lock(py: Python) -> PyResult<()> {
    STATE.get(py).lock.acquire(py, None).map(drop)
}

/// Release the interpreter's import lock.
///
/// On platforms without threads, this function does nothing.
#[pyfunction]
fn release_lock(py: Python) -> PyResult<()> {
    if STATE.get(py).lock.release() { Ok(()) } else { Err(raise!(py, RuntimeError, "not holding the import lock")) }
}

/// Create an extension module.
#[pyfunction]
fn create_builtin(py: Python, spec: &PyObject) -> PyResult {
    let name = spec.getattr(py, id!(py, "name"))?;
    let Some(text) = name.downcast::<PyStr>() else {
        return Err(raise!(py, TypeError, "name must be string, not {:.200}", name.ty().name()));
    };
    let text = text.to_string_lossy();
    if matches!(&*text, "sys" | "builtins") {
        // There is one of each, made before everything else.
        if let Some(module) = import::find_loaded(py, &name)? {
            return Ok(module);
        }
    }
    match native::find(&text) {
        Some(decl) => def::from_def_and_spec(py, decl.def(), spec),
        None => Ok(py.none()),
    }
}

/// Initialize a built-in module.
#[pyfunction]
fn exec_builtin(py: Python, r#mod: &PyObject) -> PyResult<i32> {
    if let Some(module) = r#mod.downcast::<PyModule>() {
        if let Some(definition) = module.def() {
            if module.state().is_null() {
                def::exec_def(py, module, definition)?;
            }
        }
    }
    Ok(0)
}

/// Create an extension module.
#[pyfunction]
#[signature("(spec, file=<unrepresentable>, /)")]
fn create_dynamic(py: Python, spec: &PyObject, file: Option<&PyObject>) -> PyResult {
    let _ = file;
    let name = spec.getattr(py, id!(py, "name"))?.str(py)?;
    let origin = spec.getattr(py, id!(py, "origin"))?.str(py)?;
    Err(raise!(py, ImportError, "{origin}: extension modules cannot be loaded yet (module {name})"))
}

/// Initialize an extension module.
#[pyfunction]
fn exec_dynamic(py: Python, r#mod: &PyObject) -> PyResult<i32> {
    exec_builtin(py, r#mod)
}

/// Returns True if the module name corresponds to a built-in module.
///
/// -1: built in, but it cannot be initialized again.
#[pyfunction]
fn is_builtin(_py: Python, name: &PyStr) -> i32 {
    match &*name.to_string_lossy() {
        "sys" | "builtins" => -1,
        name => native::find(name).is_some() as i32,
    }
}

/// Returns True if the module name corresponds to a frozen module.
#[pyfunction]
fn is_frozen(py: Python, name: &PyStr) -> bool {
    frozen_module(py, name).is_some()
}

fn no_such_frozen(py: Python, name: &PyStr) -> taipan_object::Raised {
    match (name as &PyObject).repr(py) {
        Ok(shown) => {
            let raised = raise!(py, ImportError, "No such frozen object named {shown}");
            if let Some(exc) = taipan_object::err::take(py) {
                taipan_object::exceptions::set_import_error_fields(&exc, Some(name), None);
                return taipan_object::err::restore(py, exc);
            }
            raised
        }
        Err(raised) => raised,
    }
}

/// Returns True if the frozen module name is of a package.
#[pyfunction]
fn is_frozen_package(py: Python, name: &PyStr) -> PyResult<bool> {
    frozen_module(py, name).map(|f| f.is_package).ok_or_else(|| no_such_frozen(py, name))
}

/// Return info about the corresponding frozen module (if there is one) or None.
///
/// The returned info (a 3-tuple):
///
///  * data         the raw marshalled bytes
///  * is_package   whether or not it is a package
///  * origname     the originally frozen module's name, or None if not
///                 a stdlib module (this will usually be the same as
///                 the module's current name)
#[pyfunction]
#[signature("(name, /, *, withdata=False)")]
fn find_frozen(py: Python, name: &PyStr, withdata: bool) -> PyResult {
    let Some(found) = frozen_module(py, name) else { return Ok(py.none()) };
    let data = match taipan_stdlib::find_module(found.source).and_then(|m| m.file.code()).filter(|_| withdata) {
        Some(code) => memoryview::from_object(py, &*PyBytes::new(py, code)?)?.into_object(),
        None => py.none(),
    };
    let origin = match found.origname {
        Some(o) => PyStr::new(py, o)?.into_object(),
        None => py.none(),
    };
    Ok(PyTuple::from_vec(py, vec![data, py.bool(found.is_package), origin])?.into_object())
}

/// Create a code object for a frozen module.
#[pyfunction]
#[signature("(name, data=None, /)")]
fn get_frozen_object(py: Python, name: &PyStr, data: Option<&PyObject>) -> PyResult {
    match data {
        Some(data) => {
            let buffer = Buffer::get(py, data, SIMPLE)?;
            let code = frozen::load(py, buffer.as_slice(), &format!("<frozen {name}>"));
            code.map(Py::into_object)
        }
        None => match frozen_module(py, name) {
            Some(found) => Ok(frozen::code(py, found)?.into_object()),
            None => Err(no_such_frozen(py, name)),
        },
    }
}

/// Initializes a frozen module.
#[pyfunction]
fn init_frozen(py: Python, name: &PyStr) -> PyResult {
    let Some(found) = frozen_module(py, name) else { return Ok(py.none()) };
    let code = frozen::code(py, found)?;
    let module = PyModule::new_object(py, name)?;
    if let Some(b) = import::find_loaded(py, id!(py, "builtins"))? {
        module.dict().set(py, id!(py, "__builtins__"), &b)?;
    }
    let origin = match found.origname {
        Some(o) => PyStr::new(py, o)?.into_object(),
        None => py.none(),
    };
    module.dict().set(py, id!(py, "__origname__"), &origin)?;
    import::add_to_modules(py, &name.to_string_lossy(), &module)?;
    eval::eval_code(py, &code, module.dict(), None, None)?;
    Ok(module.into_object())
}

/// Returns the list of available frozen modules.
#[pyfunction]
fn _frozen_module_names(py: Python) -> PyResult<Py<taipan_object::PyList>> {
    let names =
        frozen::MODULES.iter().map(|m| Ok(PyStr::new(py, m.name)?.into_object())).collect::<PyResult<Vec<Py>>>()?;
    taipan_object::PyList::from_vec(py, names)
}

/// (internal-only) Override PyConfig.use_frozen_modules.
///
/// (-1: "off", 1: "on", 0: no override)
/// See frozen_modules() in Lib/test/support/import_helper.py.
#[pyfunction]
fn _override_frozen_modules_for_tests(py: Python, r#override: i64) {
    STATE.get(py).frozen_override.set(r#override);
}

/// (internal-only) Override PyInterpreterConfig.check_multi_interp_extensions.
///
/// (-1: "never", 1: "always", 0: no override)
#[pyfunction]
fn _override_multi_interp_extensions_check(py: Python, r#override: i64) -> i64 {
    STATE.get(py).extensions_check.replace(r#override)
}

/// Changes code.co_filename to specify the passed-in file path.
#[pyfunction]
fn _fix_co_filename(py: Python, code: &PyCode, path: &PyStr) {
    let _ = py;
    if let Some(old) = code.co_filename.get().filter(|old| !old.equals(path)) {
        frozen::replace_filename(code, &old, path);
    }
}

/// A keyed hash of the source text, for hash-based .pyc files (PEP 552).
#[pyfunction]
#[signature("(key, source)")]
fn source_hash(py: Python, key: i64, source: &PyObject) -> PyResult<Py<PyBytes>> {
    let buffer = Buffer::get(py, source, SIMPLE)?;
    PyBytes::new(py, &hash::siphash13(key as u64, 0, buffer.as_slice()).to_le_bytes())
}

fn exec(py: Python, module: &PyModule) -> PyResult<()> {
    let mode = py.interp().config.borrow().check_hash_pycs_mode.clone();
    module.add(py, "check_hash_based_pycs", PyStr::new(py, &mode)?.into_object())?;
    module.add(py, "pyc_magic_number_token", PyLong::from_i64(py, PYC_MAGIC_NUMBER_TOKEN)?.into_object())
}

pymodule! {
    name: "_imp",
    doc: "(Extremely) low-level import machinery bits as used by importlib.",
    functions: [
        extension_suffixes, lock_held, acquire_lock, release_lock, find_frozen, get_frozen_object, is_frozen_package,
        create_builtin, init_frozen, is_builtin, is_frozen, _frozen_module_names, _override_frozen_modules_for_tests,
        _override_multi_interp_extensions_check, create_dynamic, exec_dynamic, exec_builtin, _fix_co_filename, source_hash,
    ],
    exec: exec,
}
