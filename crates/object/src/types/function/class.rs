//! The declaration of `function`.

use super::PyFunction;
use crate::types::method::PyMethod;
use crate::{Py, PyObject, PyResult, PyStr, Python, pyclass};

#[pyclass(
    name = "function",
    static_name = PyFunction_Type,
    flags(GC, HAVE_VECTORCALL, METHOD_DESCRIPTOR),
    dict = func_dict,
    weaklist = func_weakreflist,
    vectorcall_offset = vectorcall,
    members(
        func_closure as "__closure__": OBJECT readonly,
        func_doc as "__doc__": OBJECT,
        func_globals as "__globals__": OBJECT readonly,
        func_module as "__module__": OBJECT,
        func_builtins as "__builtins__": OBJECT readonly,
    ),
    slots(tp_call = crate::abstracts::call::PyVectorcall_Call),
)]
impl PyFunction {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let name = self.func_qualname.get().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        PyStr::new(py, &format!("<function {name} at {self:p}>"))
    }

    fn tp_descr_get(&self, py: Python, obj: Option<&PyObject>, _ty: Option<&PyObject>) -> PyResult {
        match obj {
            None => Ok(Py::new_ref(self as &PyObject)),
            Some(o) if o.is_none() && _ty.is_some_and(|t| !t.is(o.ty())) => Ok(Py::new_ref(self as &PyObject)),
            Some(o) => Ok(PyMethod::new(py, self, o)?.into_object()),
        }
    }
}
