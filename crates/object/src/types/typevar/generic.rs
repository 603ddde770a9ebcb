//! `typing.Generic`.

use super::call_typing;
use crate::{KwArgs, Py, PyObject, PyResult, PyTuple, PyType, Python, Trace, pyclass};

/// Instances have nothing of their own.
#[derive(Trace)]
#[repr(C)]
pub struct PyGeneric {
    pub ob_base: PyObject,
}

/// Abstract base class for generic types.
#[pyclass(name = "typing.Generic", flags(BASETYPE))]
impl PyGeneric {
    #[classmethod]
    #[signature("(cls, /, *args, **kwargs)", hidden)]
    fn __class_getitem__(py: Python, cls: &PyType, args: crate::Args<'_>, kwargs: KwArgs<'_>) -> PyResult {
        let _ = kwargs;
        let mut all: Vec<&PyObject> = vec![cls];
        all.extend_from_slice(args.as_slice());
        call_typing(py, "_generic_class_getitem", &all)
    }

    #[classmethod]
    #[signature("(cls, /, *args, **kwargs)", hidden)]
    fn __init_subclass__(py: Python, cls: &PyType, args: crate::Args<'_>, kwargs: KwArgs<'_>) -> PyResult {
        let mut all: Vec<Py> = vec![Py::new_ref(cls as &PyObject)];
        all.extend(args.as_slice().iter().map(|a| Py::new_ref(*a)));
        let all = PyTuple::from_vec(py, all)?;
        let typing = (crate::runtime::hooks::get().import_module)(py, crate::id!(py, "typing"))?;
        let f = typing.getattr(py, crate::id!(py, "_generic_init_subclass"))?;
        let kwargs = kwargs.to_dict(py)?;
        f.call_tuple(py, &all, Some(&kwargs))
    }
}

/// `Generic[params]`, for the bases of `class C[T]` (`_Py_subscript_generic`).
pub fn subscript_generic(py: Python, params: &PyObject) -> PyResult {
    let unpacked = call_typing(
        py,
        "_GenericAlias",
        &[<PyGeneric as crate::PyClass>::type_object(py) as &PyObject, &*spread(py, params)?],
    )?;
    Ok(unpacked)
}

/// The parameters with each TypeVarTuple unpacked.
fn spread(py: Python, params: &PyObject) -> PyResult<Py<PyTuple>> {
    let Some(t) = params.downcast::<PyTuple>() else { return PyTuple::from_slice(py, &[params]) };
    let mut out = Vec::new();
    for i in 0..t.len() {
        if t.get(i).ty().full_name() == "typing.TypeVarTuple" {
            let it = t.get(i).iter(py)?;
            while let Some(v) = it.iter_next(py)? {
                out.push(v);
            }
        } else {
            out.push(Py::new_ref(t.get(i)));
        }
    }
    PyTuple::from_vec(py, out)
}
