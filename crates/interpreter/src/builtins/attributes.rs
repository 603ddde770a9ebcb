//! Attributes and identity: `getattr` and its kin, `dir`, `vars`, `id`, `hash`, `callable`; the namespaces of the caller.

use taipan_object::abstracts::object::attribute_name;
use taipan_object::runtime::hooks;
use taipan_object::types::frame::InterpreterFrame;
use taipan_object::{Py, PyLong, PyObject, PyResult, PyStr, Python, id, pyfunction, raise};

/// Get a named attribute from an object.
///
/// getattr(x, 'y') is equivalent to x.y. With a default, that is what is returned when the attribute doesn't exist;
/// without it, an exception is raised in that case.
#[pyfunction]
#[signature("(object, name, default=<unrepresentable>, /)", hidden)]
pub fn getattr(py: Python, object: &PyObject, name: &PyObject, default: Option<&PyObject>) -> PyResult {
    let name = attribute_name(py, name)?;
    match default {
        None => object.getattr(py, name),
        Some(default) => Ok(object.getattr_opt(py, name)?.unwrap_or_else(|| Py::new_ref(default))),
    }
}

/// Sets the named attribute on the given object to the specified value.
///
/// setattr(x, 'y', v) is equivalent to ``x.y = v``
#[pyfunction]
#[signature("(obj, name, value, /)")]
pub fn setattr(py: Python, obj: &PyObject, name: &PyObject, value: &PyObject) -> PyResult<()> {
    obj.setattr(py, attribute_name(py, name)?, value)
}

/// Deletes the named attribute from the given object.
///
/// delattr(x, 'y') is equivalent to ``del x.y``
#[pyfunction]
#[signature("(obj, name, /)")]
pub fn delattr(py: Python, obj: &PyObject, name: &PyObject) -> PyResult<()> {
    obj.delattr(py, attribute_name(py, name)?)
}

/// Return whether the object has an attribute with the given name.
///
/// This is done by getting it and seeing whether that raises AttributeError.
#[pyfunction]
#[signature("(obj, name, /)")]
pub fn hasattr(py: Python, obj: &PyObject, name: &PyObject) -> PyResult<bool> {
    obj.hasattr(py, attribute_name(py, name)?)
}

/// Return whether the object is callable (i.e., some kind of function).
///
/// Classes are callable, and so are instances of classes with a __call__() method.
#[pyfunction]
#[signature("(obj, /)")]
pub fn callable(_py: Python, obj: &PyObject) -> bool {
    obj.is_callable()
}

/// Return the hash value for the given object.
///
/// Two objects that compare equal must also have the same hash value, but the
/// reverse is not necessarily true.
#[pyfunction]
#[signature("(obj, /)")]
pub fn hash(py: Python, obj: &PyObject) -> PyResult<isize> {
    obj.hash(py)
}

/// Return the identity of an object.
///
/// No two objects that exist at the same time have the same one: it is the object's address.
#[pyfunction]
#[signature("(obj, /)")]
pub fn id(py: Python, obj: &PyObject) -> PyResult<Py<PyLong>> {
    let number = PyLong::from_usize(py, obj.id())?;
    (hooks::get().audit)(py, "builtins.id", &[number.as_object()])?;
    Ok(number)
}

/// The frame of the Python code that called.
pub fn caller(py: Python<'_>) -> Option<&InterpreterFrame> {
    let frame = InterpreterFrame::first_complete(py.tstate().current_frame.get());
    // SAFETY: frames in the chain are alive, this one as long as the builtin runs that it called.
    unsafe { frame.as_ref() }
}

/// What `locals()` gives in the calling code.
fn caller_locals(py: Python) -> PyResult {
    match caller(py) {
        Some(frame) => taipan_object::types::frame::locals::snapshot(py, frame),
        None => Err(raise!(py, SystemError, "frame does not exist")),
    }
}

/// Return the dictionary containing the current scope's global variables.
///
/// Updates to this dictionary *will* affect name lookups in the current global scope and vice versa.
#[pyfunction]
#[signature("()")]
pub fn globals(py: Python) -> PyResult {
    Ok(caller(py).map_or_else(|| py.none(), |f| Py::new_ref(f.globals()).into_object()))
}

/// Return a dictionary containing the current scope's local variables.
///
/// Whether changes of it are seen by the scope depends on the kind of scope, and should not be relied on.
#[pyfunction]
#[signature("()")]
pub fn locals(py: Python) -> PyResult {
    caller_locals(py)
}

/// dir([object]) -> list of strings
///
/// Without an argument: the names in the current scope. With one: an alphabetized list of names of (some of) the
/// attributes of the object, and of attributes reachable from it. What __dir__ of the object gives comes first; else
///   for a module object: the module's attributes.
///   for a class object:  its attributes, and recursively the attributes of its bases.
///   for any other object: its attributes, its class's attributes, and
///     recursively the attributes of its class's base classes.
#[pyfunction]
#[signature("(object=<unrepresentable>, /)", hidden)]
pub fn dir(py: Python, object: Option<&PyObject>) -> PyResult {
    if let Some(object) = object {
        return Ok(object.dir(py)?.into_object());
    }
    let locals = caller_locals(py)?;
    let names = taipan_object::abstracts::mapping::keys(py, &locals)?;
    names.sort(py, None, false)?;
    Ok(names.into_object())
}

/// vars([object]) -> dictionary
///
/// Without arguments, equivalent to locals().
/// With an argument, equivalent to object.__dict__.
#[pyfunction]
#[signature("(object=<unrepresentable>, /)", hidden)]
pub fn vars(py: Python, object: Option<&PyObject>) -> PyResult {
    let Some(object) = object else { return caller_locals(py) };
    match object.getattr_opt(py, id!(py, "__dict__"))? {
        Some(dict) => Ok(dict),
        None => Err(raise!(py, TypeError, "vars() argument must have __dict__ attribute")),
    }
}

/// Return type(value).__format__(value, format_spec)
///
/// Many built-in types implement format_spec according to the
/// Format Specification Mini-language. See help('FORMATTING') for details.
#[pyfunction]
#[signature("(value, format_spec='', /)")]
pub fn format(py: Python, value: &PyObject, format_spec: Option<&PyStr>) -> PyResult<Py<PyStr>> {
    value.format(py, format_spec.unwrap_or(id!(py, "")))
}

/// Return an ASCII-only representation of an object.
///
/// As repr(), this returns a string with a printable representation of the object, but escapes the non-ASCII
/// characters in it by \x, \u or \U.
#[pyfunction]
#[signature("(obj, /)")]
pub fn ascii(py: Python, obj: &PyObject) -> PyResult<Py<PyStr>> {
    obj.ascii(py)
}
