//! The intrinsics of type parameters (PEP 695, 696), and the module `_typing`.

use taipan_object::types::typevar::{
    PyGeneric, PyParamSpec, PyParamSpecArgs, PyParamSpecKwargs, PyTypeAlias, PyTypeVar, PyTypeVarTuple, no_default,
    set_default, subscript_generic,
};
use taipan_object::types::union_::_PyUnion_Type;
use taipan_object::{
    Py, PyFunction, PyModule, PyObject, PyResult, PyStr, PyTuple, Python, id, pyfunction, pymodule, raise,
};

fn name(py: Python, obj: &PyObject) -> PyResult<Py<PyStr>> {
    match obj.downcast::<PyStr>() {
        Some(s) => Ok(Py::new_ref(s)),
        None => Err(raise!(py, TypeError, "a type parameter's name must be str, not {}", obj.ty().name())),
    }
}

/// `TYPEVAR`, `PARAMSPEC`, `TYPEVARTUPLE`, `SUBSCRIPT_GENERIC`, `TYPEALIAS`.
pub fn intrinsic_1(py: Python, which: usize, arg: &PyObject) -> PyResult {
    match which {
        7 => Ok(PyTypeVar::new(py, &*name(py, arg)?, None, None)?.into_object()),
        8 => Ok(PyParamSpec::new(py, &*name(py, arg)?)?.into_object()),
        9 => Ok(PyTypeVarTuple::new(py, &*name(py, arg)?, None)?.into_object()),
        10 => subscript_generic(py, arg),
        _ => match arg.downcast::<PyTuple>().filter(|t| t.len() == 3) {
            Some(t) => Ok(PyTypeAlias::new(py, &*name(py, t.get(0))?, t.get(1), t.get(2))?.into_object()),
            None => Err(raise!(py, SystemError, "bad arguments of a type alias")),
        },
    }
}

/// `TYPEVAR_WITH_BOUND`, `TYPEVAR_WITH_CONSTRAINTS`, `SET_FUNCTION_TYPE_PARAMS`, `SET_TYPEPARAM_DEFAULT`.
pub fn intrinsic_2(py: Python, which: usize, a: &PyObject, b: &PyObject) -> PyResult {
    match which {
        2 => Ok(PyTypeVar::new(py, &*name(py, a)?, Some(b), None)?.into_object()),
        3 => Ok(PyTypeVar::new(py, &*name(py, a)?, None, Some(b))?.into_object()),
        4 => match a.downcast_exact::<PyFunction>() {
            Some(f) => {
                f.func_typeparams.set(Some(Py::new_ref(b)));
                Ok(Py::new_ref(a))
            }
            None => Err(raise!(py, SystemError, "type parameters of something that is no function")),
        },
        _ => {
            set_default(py, a, b)?;
            Ok(Py::new_ref(a))
        }
    }
}

/// Return the argument.
#[pyfunction]
#[signature("(x, /)", hidden)]
fn _idfunc(_py: Python, x: &PyObject) -> Py {
    Py::new_ref(x)
}

pymodule! {
    name: "_typing",
    doc: "Primitives and accelerators for the typing module.",
    functions: [_idfunc],
    classes: [PyTypeVar, PyParamSpec, PyTypeVarTuple, PyParamSpecArgs, PyParamSpecKwargs, PyTypeAlias, PyGeneric],
    exec: exec,
}

fn exec(py: Python, module: &PyModule) -> PyResult<()> {
    module.add(py, "NoDefault", Py::new_ref(no_default()))?;
    module.dict().set(py, id!(py, "Union"), &_PyUnion_Type)?;
    Ok(())
}
