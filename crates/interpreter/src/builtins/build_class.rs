//! `__build_class__`: what a `class` statement calls.

use taipan_object::types::cell::PyCell;
use taipan_object::types::type_::{layout, resolve_bases};
use taipan_object::{
    Args, KwArgs, Py, PyDict, PyFunction, PyObject, PyResult, PyStr, PyTuple, PyType, Python, id, pyfunction, raise,
};

/// Internal helper function used by the class statement.
#[pyfunction]
#[signature("(func, name, /, *bases, **kwds)", hidden)]
pub fn __build_class__(py: Python, func: &PyObject, name: &PyObject, bases: Args<'_>, kwds: KwArgs<'_>) -> PyResult {
    let Some(func) = func.downcast_exact::<PyFunction>() else {
        return Err(raise!(py, TypeError, "__build_class__: func must be a function"));
    };
    let Some(name) = name.downcast::<PyStr>() else {
        return Err(raise!(py, TypeError, "__build_class__: name is not a string"));
    };
    let orig_bases = PyTuple::from_slice(py, bases.as_slice())?;
    let bases = resolve_bases(py, &orig_bases)?;
    let kwds = kwds.to_dict(py)?;
    // The metaclass: given, or the type of the first base; the most derived one of all bases then.
    let given = kwds.pop(py, id!(py, "metaclass"))?;
    let mut meta: Py = match given {
        Some(m) => m,
        None if bases.len() > 0 => Py::new_ref(bases.get(0).ty()).into_object(),
        None => Py::new_ref(&taipan_object::types::type_::PyType_Type).into_object(),
    };
    let is_class = PyType::from_object(&meta).is_some();
    if let Some(m) = PyType::from_object(&meta) {
        let winner = layout::calculate_metaclass(py, m, &bases)?;
        if !winner.is(m) {
            meta = Py::new_ref(winner).into_object();
        }
    }
    let namespace: Py = match meta.getattr_opt(py, id!(py, "__prepare__"))? {
        None => PyDict::new(py)?.into_object(),
        Some(prepare) => {
            let args = PyTuple::from_slice(py, &[name as &PyObject, &bases])?;
            prepare.call_tuple(py, &args, Some(&kwds))?
        }
    };
    if !taipan_object::abstracts::mapping::check(&namespace) {
        let meta_name = if is_class {
            PyType::from_object(&meta).map_or("", |m| m.name()).to_owned()
        } else {
            "<metaclass>".into()
        };
        return Err(raise!(
            py,
            TypeError,
            "{meta_name}.__prepare__() must return a mapping, not {}",
            namespace.ty().name()
        ));
    }
    // The body runs with the namespace as its locals.
    let cell = crate::eval::run_function_in(py, func, &namespace)?;
    if !bases.is(&orig_bases) {
        namespace.set_item(py, id!(py, "__orig_bases__"), &orig_bases)?;
    }
    let args = PyTuple::from_slice(py, &[name as &PyObject, &bases, &namespace])?;
    let class = meta.call_tuple(py, &args, Some(&kwds))?;
    if let (Some(ty), Some(cell)) = (PyType::from_object(&class), cell.downcast_exact::<PyCell>()) {
        match cell.get() {
            None => {
                return Err(raise!(
                    py,
                    RuntimeError,
                    "__class__ not set defining {} as {}. Was __classcell__ propagated to type.__new__?",
                    name.repr(py)?,
                    ty.repr(py)?
                ));
            }
            Some(v) if !v.is(&class) => {
                return Err(raise!(
                    py,
                    TypeError,
                    "__class__ set to {} defining {} as {}",
                    v.repr(py)?,
                    name.repr(py)?,
                    ty.repr(py)?
                ));
            }
            Some(_) => {}
        }
    }
    Ok(class)
}
