//! `marshal`: the serialisation inside `.pyc` files.

use taipan_object::abstracts::buffer::{Buffer, SIMPLE};
use taipan_object::{Py, PyBytes, PyLong, PyModule, PyObject, PyResult, Python, marshal, pyfunction, pymodule};

/// Convert the bytes-like object to a value.
///
///   allow_code
///     Allow to load code objects.
///
/// If no valid value is found, raise EOFError, ValueError or TypeError.  Extra
/// bytes in the input are ignored.
#[pyfunction]
#[signature("(bytes, /, *, allow_code=True)")]
fn loads(py: Python, bytes: &PyObject, allow_code: bool) -> PyResult {
    let buffer = Buffer::get(py, bytes, SIMPLE)?;
    marshal::loads(py, buffer.as_slice(), allow_code)
}

/// Read one value from the open file and return it.
///
///   file
///     Must be readable binary file.
///   allow_code
///     Allow to load code objects.
///
/// If no valid value is read, raise EOFError, ValueError or TypeError.
#[pyfunction]
#[signature("(file, /, *, allow_code=True)")]
fn load(py: Python, file: &PyObject, allow_code: bool) -> PyResult {
    marshal::load(py, file, allow_code)
}

/// Return the bytes object that would be written to a file by dump(value, file).
///
///   value
///     Must be a supported type.
///   version
///     Indicates the data format that dumps should use.
///   allow_code
///     Allow to write code objects.
///
/// Raise a ValueError exception if value has (or contains an object that has) an
/// unsupported type.
#[pyfunction]
#[signature("(value, version=5, /, *, allow_code=True)")]
fn dumps(py: Python, value: &PyObject, version: i32, allow_code: bool) -> PyResult<Py<PyBytes>> {
    marshal::dumps(py, value, version, allow_code)
}

/// Write the value on the open file.
///
///   value
///     Must be a supported type.
///   file
///     Must be a writeable binary file.
///   version
///     Indicates the data format that dump should use.
///   allow_code
///     Allow to write code objects.
#[pyfunction]
#[signature("(value, file, version=5, /, *, allow_code=True)")]
fn dump(py: Python, value: &PyObject, file: &PyObject, version: i32, allow_code: bool) -> PyResult {
    marshal::dump(py, value, file, version, allow_code)
}

fn exec(py: Python, module: &PyModule) -> PyResult<()> {
    module.add(py, "version", PyLong::from_i64(py, taipan_bytecode::marshal::VERSION as i64)?.into_object())
}

pymodule! {
    name: "marshal",
    doc: "This module contains functions that can read and write Python values in\na binary format. The format is specific to Python, but independent of\nmachine architecture issues.",
    functions: [loads, load, dumps, dump],
    exec: exec,
}
