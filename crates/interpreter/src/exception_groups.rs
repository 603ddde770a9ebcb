//! `except*` (PEP 654).

use taipan_object::exceptions;
use taipan_object::{Py, PyObject, PyResult, PyTuple, Python, id, raise};

/// What of `exc` matches `wanted`, and the rest; None where there is nothing (`_PyEval_ExceptionGroupMatch`).
pub fn check_match(py: Python, exc: &PyObject, wanted: &PyObject) -> PyResult<(Py, Py)> {
    let classes: Vec<&PyObject> = match wanted.downcast::<PyTuple>() {
        Some(t) => (0..t.len()).map(|i| t.get(i)).collect(),
        None => vec![wanted],
    };
    for c in &classes {
        let Some(class) = exceptions::exception_class(c) else {
            return Err(raise!(
                py,
                TypeError,
                "catching classes that do not inherit from BaseException is not allowed"
            ));
        };
        if class.is_subtype(exceptions::BaseExceptionGroup()) {
            return Err(raise!(
                py,
                TypeError,
                "catching ExceptionGroup with except* is not allowed. Use except instead."
            ));
        }
    }
    if exc.is_none() {
        return Ok((py.none(), py.none()));
    }
    let is_group = exc.ty().is_subtype(exceptions::BaseExceptionGroup());
    if exceptions::given_exception_matches(exc, wanted) {
        if is_group {
            return Ok((Py::new_ref(exc), py.none()));
        }
        // A naked exception is wrapped, with the traceback of where it was caught.
        let list = PyTuple::from_slice(py, &[exc])?;
        let empty = id!(py, "") as &PyObject;
        let group = exceptions::ExceptionGroup().call(py, &[empty, &list])?;
        if let (Some(g), Some(e)) = (exceptions::as_base(&group), exceptions::as_base(exc)) {
            g.traceback.set(e.traceback.get());
        }
        return Ok((group, py.none()));
    }
    if is_group {
        let pair = exc.call_method(py, id!(py, "split"), &[wanted])?;
        let Some(pair) = pair.downcast::<PyTuple>() else {
            return Err(raise!(
                py,
                TypeError,
                "{}.split must return a tuple, not {}",
                exc.ty().name(),
                pair.ty().name()
            ));
        };
        if pair.len() < 2 {
            return Err(raise!(
                py,
                TypeError,
                "{}.split must return a 2-tuple, got tuple of size {}",
                exc.ty().name(),
                pair.len()
            ));
        }
        return Ok((Py::new_ref(pair.get(0)), Py::new_ref(pair.get(1))));
    }
    Ok((py.none(), Py::new_ref(exc)))
}
