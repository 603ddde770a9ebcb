//! Type parameters (PEP 484, 612, 646, 695, 696): `TypeVar`, `ParamSpec`, `TypeVarTuple`, `TypeAliasType`, `Generic`.
//!
//! What bounds, constraints, defaults and alias values say is evaluated when asked for: the compiler gives functions
//! ("evaluators"), which are called with a format number (PEP 649). What substitution needs is written in `typing`.

mod alias;
mod evaluator;
mod generic;
mod param_spec;
mod type_var;
mod type_var_tuple;

pub use alias::PyTypeAlias;
pub use evaluator::{_PyNoDefault_Type, no_default};
pub use generic::{PyGeneric, subscript_generic};
pub use param_spec::{PyParamSpec, PyParamSpecArgs, PyParamSpecKwargs};
pub use type_var::PyTypeVar;
pub use type_var_tuple::PyTypeVarTuple;

use crate::runtime::hooks;
use crate::types::dict::PyDict;
use crate::{Py, PyObject, PyResult, PyStr, PyTuple, Python, id, raise};

/// Calls a function of the module `typing`.
fn call_typing(py: Python, name: &str, args: &[&PyObject]) -> PyResult {
    let typing = (hooks::get().import_module)(py, id!(py, "typing"))?;
    let name = PyStr::intern(py, name)?;
    typing.call_method(py, &name, args)
}

/// The module in which a type parameter is made: the running frame's `__name__`, None if there is none.
fn caller_module(py: Python) -> PyResult {
    let globals = (hooks::get().current_globals)(py);
    match globals.as_ref().and_then(|g| g.downcast::<PyDict>()) {
        Some(g) => Ok(g.get_str(py, id!(py, "__name__"))?.unwrap_or_else(|| py.none())),
        None => Ok(py.none()),
    }
}

/// `int | T` and the like: `typing.Union[...]`.
fn union(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    call_typing(py, "_make_union", &[a, b])
}

/// "Cannot subclass an instance of X".
fn no_subclass(py: Python, name: &str) -> PyResult<Py<PyTuple>> {
    Err(raise!(py, TypeError, "Cannot subclass an instance of {name}"))
}

/// How a parameter shows: by its name, behind `+`, `-` or `~` for its variance.
fn show(py: Python, name: &PyStr, infer: bool, covariant: bool, contravariant: bool) -> PyResult<Py<PyStr>> {
    if infer {
        return Ok(Py::new_ref(name));
    }
    let sign = if covariant {
        '+'
    } else if contravariant {
        '-'
    } else {
        '~'
    };
    PyStr::new(py, &format!("{sign}{name}"))
}

/// Gives a type parameter the evaluator of its default (`_Py_set_typeparam_default`).
pub fn set_default(py: Python, param: &PyObject, evaluator: &PyObject) -> PyResult<()> {
    let value = Some(Py::new_ref(evaluator));
    if let Some(p) = param.downcast_exact::<PyTypeVar>() {
        p.evaluate_default.set(value);
    } else if let Some(p) = param.downcast_exact::<PyParamSpec>() {
        p.evaluate_default.set(value);
    } else if let Some(p) = param.downcast_exact::<PyTypeVarTuple>() {
        p.evaluate_default.set(value);
    } else {
        return Err(raise!(py, TypeError, "Expected a type param, got {}", param.repr(py)?));
    }
    Ok(())
}
