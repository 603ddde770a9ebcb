//! `_library`: what is inside the binary, for the finder in `_embedded_library`.

use taipan_interpreter::import::frozen;
use taipan_object::{Py, PyBytes, PyCode, PyList, PyResult, PyStr, Python, pyfunction, pymodule};

/// Whether the library has a file with this path.
#[pyfunction]
fn exists(_py: Python, path: &str) -> bool {
    taipan_stdlib::find(path).is_some()
}

/// The content of a file; None if there is no such file.
#[pyfunction]
fn data(py: Python, path: &str) -> PyResult<Option<Py<PyBytes>>> {
    taipan_stdlib::find(path).map(|f| PyBytes::new(py, &f.source())).transpose()
}

/// The code object of a module's file, with filename as its co_filename; None if it has none.
#[pyfunction]
fn code(py: Python, path: &str, filename: &str) -> PyResult<Option<Py<PyCode>>> {
    taipan_stdlib::find(path).and_then(|f| f.code()).map(|data| frozen::load(py, data, filename)).transpose()
}

/// The names in a folder; None if there is no such folder.
#[pyfunction]
fn listdir(py: Python, path: &str) -> PyResult<Option<Py<PyList>>> {
    let Some(entries) = taipan_stdlib::list_dir(path) else { return Ok(None) };
    let names = entries.map(|e| Ok(PyStr::new(py, e.name)?.into_object())).collect::<PyResult<Vec<Py>>>()?;
    Ok(Some(PyList::from_vec(py, names)?))
}

pymodule! {
    name: "_library",
    doc: "The standard library inside the executable.",
    functions: [exists, data, code, listdir],
}
