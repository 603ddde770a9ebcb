//! `sys._jit`.

use taipan_object::{Py, PyModule, PyResult, Python, pyfunction, pymodule};

pymodule! {
    name: "sys._jit",
    doc: "Utilities for observing just-in-time compilation.",
    functions: [is_available, is_enabled, is_active],
    classes: [],
}

/// Return True if the current Python executable supports JIT compilation, and False otherwise.
#[pyfunction]
#[signature("()")]
fn is_available(_py: Python) -> bool {
    false
}

/// Return True if JIT compilation is enabled for the current Python process (implies sys._jit.is_available()), and False otherwise.
#[pyfunction]
#[signature("()")]
fn is_enabled(_py: Python) -> bool {
    false
}

/// Return True if the topmost Python frame is currently executing JIT code (implies sys._jit.is_enabled()), and False otherwise.
#[pyfunction]
#[signature("()")]
fn is_active(_py: Python) -> bool {
    false
}

/// Makes the module.
pub fn create(py: Python) -> PyResult<Py<PyModule>> {
    let module = crate::import::create_native(py, &MODULE)?;
    MODULE.execute(py, &module)?;
    Ok(module)
}
