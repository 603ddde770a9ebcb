//! The intrinsics of type parameters (PEP 695, 696).

use taipan_object::{PyObject, PyResult, Python, raise};

/// `TYPEVAR`, `PARAMSPEC`, `TYPEVARTUPLE`, `SUBSCRIPT_GENERIC`, `TYPEALIAS`.
pub fn intrinsic_1(py: Python, which: usize, _arg: &PyObject) -> PyResult {
    Err(raise!(py, NotImplementedError, "type parameters are not there yet (intrinsic {which})"))
}

/// `TYPEVAR_WITH_BOUND`, `TYPEVAR_WITH_CONSTRAINTS`, `SET_FUNCTION_TYPE_PARAMS`, `SET_TYPEPARAM_DEFAULT`.
pub fn intrinsic_2(py: Python, which: usize, _a: &PyObject, _b: &PyObject) -> PyResult {
    Err(raise!(py, NotImplementedError, "type parameters are not there yet (intrinsic {which})"))
}
