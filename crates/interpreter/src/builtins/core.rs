//! The functions that the core itself needs first.

use taipan_object::types::*;
use taipan_object::{Args, Py, PyObject, PyResult, PyStr, PyType, Python, id, pyfunction, raise};

/// The types that are builtins, under their names.
pub static TYPES: &[&PyType] = &[
    &bool_::PyBool_Type,
    &bytearray::PyByteArray_Type,
    &bytes::PyBytes_Type,
    &descr::PyClassMethod_Type,
    &complex::PyComplex_Type,
    &dict::PyDict_Type,
    &enumerate_::PyEnum_Type,
    &float::PyFloat_Type,
    &set::PyFrozenSet_Type,
    &descr::PyProperty_Type,
    &int::PyLong_Type,
    &list::PyList_Type,
    &memoryview::PyMemoryView_Type,
    &object_::PyBaseObject_Type,
    &range::PyRange_Type,
    &enumerate_::PyReversed_Type,
    &set::PySet_Type,
    &slice::PySlice_Type,
    &descr::PyStaticMethod_Type,
    &str_::PyUnicode_Type,
    &super_::PySuper_Type,
    &tuple::PyTuple_Type,
    &type_::PyType_Type,
];

/// Return the number of items in a container.
#[pyfunction]
#[signature("(obj, /)")]
pub fn len(py: Python, obj: &PyObject) -> PyResult<isize> {
    obj.len(py)
}

/// Return whether an object is an instance of a class or of a subclass thereof.
#[pyfunction]
#[signature("(obj, class_or_tuple, /)")]
pub fn isinstance(py: Python, obj: &PyObject, class_or_tuple: &PyObject) -> PyResult<bool> {
    obj.is_instance(py, class_or_tuple)
}

/// Return whether 'cls' is derived from another class or is the same class.
#[pyfunction]
#[signature("(cls, class_or_tuple, /)")]
pub fn issubclass(py: Python, cls: &PyObject, class_or_tuple: &PyObject) -> PyResult<bool> {
    cls.is_subclass(py, class_or_tuple)
}

/// Return True if bool(x) is True for all values x in the iterable.
#[pyfunction]
#[signature("(iterable, /)")]
pub fn all(py: Python, iterable: &PyObject) -> PyResult<bool> {
    let it = iterable.iter(py)?;
    while let Some(v) = it.iter_next(py)? {
        if !v.is_true(py)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Return True if bool(x) is True for any x in the iterable.
#[pyfunction]
#[signature("(iterable, /)")]
pub fn any(py: Python, iterable: &PyObject) -> PyResult<bool> {
    let it = iterable.iter(py)?;
    while let Some(v) = it.iter_next(py)? {
        if v.is_true(py)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Return the canonical string representation of the object.
#[pyfunction]
#[signature("(obj, /)")]
pub fn repr(py: Python, obj: &PyObject) -> PyResult<Py<PyStr>> {
    obj.repr(py)
}

/// Prints the values to a stream, or to sys.stdout by default.
#[pyfunction]
#[signature("(*args, sep=' ', end='\\n', file=None, flush=False)")]
pub fn print(
    py: Python,
    args: Args<'_>,
    sep: Option<&PyObject>,
    end: Option<&PyObject>,
    file: Option<&PyObject>,
    flush: bool,
) -> PyResult<()> {
    for (what, v) in [("sep", sep), ("end", end)] {
        if let Some(v) = v.filter(|v| !v.is_none() && v.downcast::<PyStr>().is_none()) {
            return Err(raise!(py, TypeError, "{what} must be None or a string, not {}", v.ty().name()));
        }
    }
    let sep = sep.filter(|s| !s.is_none()).unwrap_or(id!(py, " "));
    let end = end.filter(|s| !s.is_none()).unwrap_or(id!(py, "\n"));
    let file: Py = match file.filter(|f| !f.is_none()) {
        Some(f) => Py::new_ref(f),
        None => {
            let found = match py.interp().sysdict.get() {
                Some(sys) => sys.get_str(py, id!(py, "stdout"))?,
                None => None,
            };
            match found {
                Some(f) if f.is_none() => return Ok(()),
                Some(f) => f,
                None => return Err(raise!(py, RuntimeError, "lost sys.stdout")),
            }
        }
    };
    let write = file.getattr(py, id!(py, "write"))?;
    for (i, v) in args.as_slice().iter().enumerate() {
        if i > 0 {
            write.call(py, &[sep])?;
        }
        let text = v.str(py)?;
        write.call(py, &[&text as &PyObject])?;
    }
    write.call(py, &[end])?;
    if flush {
        file.call_method(py, id!(py, "flush"), &[])?;
    }
    Ok(())
}

/// Import a module.
///
/// Because this function is meant for use by the Python
/// interpreter and not for general use, it is better to use
/// importlib.import_module() to programmatically import a module.
///
/// The globals argument is only used to determine the context;
/// they are not modified.  The locals argument is unused.  The fromlist
/// should be a list of names to emulate ``from name import ...``, or an
/// empty list to emulate ``import name``.
/// The level argument says whether the import is absolute or relative:
/// 0 is absolute, a positive number is the number of parent directories
/// to search relative to the current module.
#[pyfunction]
#[signature("(name, globals=None, locals=None, fromlist=(), level=0)")]
pub fn __import__(
    py: Python,
    name: &PyStr,
    globals: Option<&PyObject>,
    locals: Option<&PyObject>,
    fromlist: Option<&PyObject>,
    level: i32,
) -> PyResult {
    let _ = locals;
    crate::import::import_module_level(py, name, globals, fromlist, level)
}
