//! The module `sys`.

mod early;

use taipan_object::{Py, PyDict, PyModule, PyObject, PyResult, PyStr, Python, pymodule};

pymodule! {
    name: "sys",
    doc: "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter.",
    functions: [],
    classes: [],
    exec: exec,
}

fn exec(py: Python, module: &PyModule) -> PyResult<()> {
    let dict: &PyDict = module.dict();
    let set = |name: &str, value: &PyObject| -> PyResult<()> {
        let key = PyStr::intern(py, name)?;
        dict.set(py, &key, value)
    };
    if let Some(modules) = py.interp().modules.get() {
        set("modules", &modules)?;
    }
    set("stdout", &*early::writer(py, 1)?)?;
    set("stderr", &*early::writer(py, 2)?)?;
    Ok(())
}

/// Makes the module and notes its dict as the interpreter's.
pub fn create(py: Python) -> PyResult<Py<PyModule>> {
    let module = crate::import::create_native(py, &MODULE)?;
    py.interp().sysdict.set(Some(Py::new_ref(module.dict())));
    MODULE.execute(py, &module)?;
    Ok(module)
}
