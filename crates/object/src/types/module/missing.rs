//! What a module says of itself: its repr, and why an attribute is missing.

use super::PyModule;
use crate::abstracts::object::set_attribute_error_context;
use crate::{Py, PyList, PyObject, PyResult, PyStr, Python, Raised, err, id, raise};

/// True while the import system is executing the module (`spec._initializing`).
pub fn is_initializing(py: Python, spec: &PyObject) -> PyResult<bool> {
    if spec.is_none() {
        return Ok(false);
    }
    match spec.getattr_opt(py, id!(py, "_initializing"))? {
        Some(flag) => flag.is_true(py),
        None => Ok(false),
    }
}

/// The file that the spec says the module comes from.
pub fn file_origin(py: Python, spec: &PyObject) -> PyResult<Option<Py<PyStr>>> {
    let Some(has_location) = spec.getattr_opt(py, id!(py, "has_location"))? else { return Ok(None) };
    if !has_location.is_true(py)? {
        return Ok(None);
    }
    let origin = spec.getattr_opt(py, id!(py, "origin"))?;
    Ok(origin.and_then(|o| o.downcast_into::<PyStr>().ok()))
}

/// True if a file lies where it hides a library module of the same name: in the directory the program was started from.
pub fn is_possibly_shadowing(py: Python, origin: &str) -> bool {
    let config = py.interp().config.borrow();
    if config.safe_path {
        return false;
    }
    let Some(start) = config.sys_path_0.as_deref() else { return false };
    let Some((mut root, file)) = origin.rsplit_once('/') else { return false };
    if file == "__init__.py" {
        let Some((parent, _)) = root.rsplit_once('/') else { return false };
        root = parent;
    }
    if start.is_empty() {
        return std::env::current_dir().is_ok_and(|d| d.to_str() == Some(root));
    }
    start == root
}

/// True if `sys.stdlib_module_names` has the name.
fn is_stdlib_name(py: Python, name: &PyStr) -> PyResult<bool> {
    let Some(sys) = py.interp().sysdict.get() else { return Ok(false) };
    match sys.get_str(py, id!(py, "stdlib_module_names"))? {
        Some(names) => match names.downcast::<crate::PyFrozenSet>() {
            Some(names) => names.contains(py, name),
            None => Ok(false),
        },
        None => Ok(false),
    }
}

/// True if the spec says that a submodule of this name has been found but not executed to its end.
fn is_uninitialized_submodule(py: Python, spec: &PyObject, name: &PyStr) -> PyResult<bool> {
    if spec.is_none() {
        return Ok(false);
    }
    match spec.getattr_opt(py, id!(py, "_uninitialized_submodules"))? {
        Some(names) => match names.downcast::<PyList>() {
            Some(names) => crate::abstracts::sequence::contains(py, names, name),
            None => crate::abstracts::sequence::contains(py, &names, name),
        },
        None => Ok(false),
    }
}

fn describe(py: Python, module: &PyModule, attribute: &PyStr) -> PyResult<String> {
    let a = attribute.to_string_lossy();
    let name = match module.try_dict() {
        Some(dict) => dict.get_str(py, id!(py, "__name__"))?,
        None => None,
    };
    let Some(name) = name.as_ref().and_then(|n| n.downcast::<PyStr>()) else {
        return Ok(format!("module has no attribute '{a}'"));
    };
    let m = name.to_string_lossy();
    let plain = format!("module '{m}' has no attribute '{a}'");
    let Some(spec) = module.dict().get_str(py, id!(py, "__spec__"))? else { return Ok(plain) };
    if spec.is_none() {
        return Ok(plain);
    }
    let origin = file_origin(py, &spec)?;
    let origin = origin.as_ref().map(|o| o.to_string_lossy());
    let shadowing = origin.as_ref().is_some_and(|o| is_possibly_shadowing(py, o));
    if let (true, Some(o)) = (shadowing && is_stdlib_name(py, name)?, &origin) {
        return Ok(format!(
            "{plain} (consider renaming '{o}' since it has the same name as the standard library module named '{m}' and prevents importing that standard library module)"
        ));
    }
    if is_initializing(py, &spec)? {
        return Ok(match &origin {
            Some(o) if shadowing => {
                format!("{plain} (consider renaming '{o}' if it has the same name as a library you intended to import)")
            }
            Some(o) => format!(
                "partially initialized module '{m}' from '{o}' has no attribute '{a}' (most likely due to a circular import)"
            ),
            None => format!(
                "partially initialized module '{m}' has no attribute '{a}' (most likely due to a circular import)"
            ),
        });
    }
    if is_uninitialized_submodule(py, &spec, attribute)? {
        return Ok(format!("cannot access submodule '{a}' of module '{m}' (most likely due to a circular import)"));
    }
    Ok(plain)
}

/// The AttributeError of a module.
#[cold]
pub fn no_attribute(py: Python, module: &PyModule, name: &PyStr) -> Raised {
    match describe(py, module, name) {
        Ok(text) => {
            let raised = raise!(py, AttributeError, "{text}");
            set_attribute_error_context(py, module, name);
            raised
        }
        Err(raised) => raised,
    }
}

/// `repr(module)`: the import system's, if it is there.
pub fn module_repr(py: Python, module: &PyModule) -> PyResult<Py<PyStr>> {
    if let Some(importlib) = py.interp().importlib.get() {
        let text = importlib.call_method1(py, id!(py, "_module_repr"), module)?;
        return match text.downcast_into::<PyStr>() {
            Ok(text) => Ok(text),
            Err(other) => Err(raise!(py, TypeError, "__repr__ returned non-string (type {})", other.ty().full_name())),
        };
    }
    match module.name(py) {
        Ok(name) => PyStr::new(py, &format!("<module '{}'>", name.to_string_lossy())),
        Err(_) => {
            err::clear(py);
            PyStr::new(py, "<module '?'>")
        }
    }
}
