//! Type variables among the arguments of a generic, and putting types in their places.

use crate::{Py, PyList, PyObject, PyResult, PyStr, PyTuple, PyType, Python, id, raise, singletons};

/// How a type shows inside an alias or union: by its qualified name, `...`, or its repr (`_Py_typing_type_repr`).
pub fn type_repr(py: Python, obj: &PyObject) -> PyResult<Py<PyStr>> {
    if obj.is(singletons::ellipsis()) {
        return PyStr::new(py, "...");
    }
    if obj.is(&crate::types::singleton_types::_PyNone_Type) {
        return PyStr::new(py, "None");
    }
    if obj.getattr_opt(py, id!(py, "__origin__"))?.is_some() && obj.getattr_opt(py, id!(py, "__args__"))?.is_some() {
        return obj.repr(py);
    }
    let Some(qualname) = obj.getattr_opt(py, id!(py, "__qualname__"))? else { return obj.repr(py) };
    let module = obj.getattr_opt(py, id!(py, "__module__"))?;
    let Some(module) = module.filter(|m| !m.is_none()) else { return obj.repr(py) };
    let qualname = qualname.str(py)?;
    if module.downcast::<PyStr>().is_some_and(|m| m.eq_str("builtins")) {
        return Ok(qualname);
    }
    PyStr::new(py, &format!("{}.{qualname}", module.str(py)?))
}

fn index_of(items: &[Py], item: &PyObject) -> Option<usize> {
    items.iter().position(|i| i.is(item))
}

fn collect(py: Python, arg: &PyObject, found: &mut Vec<Py>) -> PyResult<()> {
    if PyType::from_object(arg).is_some() {
        // A class may have parameters of its own, which are not the alias's.
        return Ok(());
    }
    let nested: Option<Vec<Py>> = match (arg.downcast::<PyTuple>(), arg.downcast::<PyList>()) {
        (Some(t), _) => Some((0..t.len()).map(|i| Py::new_ref(t.get(i))).collect()),
        (None, Some(l)) => Some(l.to_vec()),
        (None, None) => None,
    };
    if let Some(items) = nested {
        for item in items {
            collect(py, &item, found)?;
        }
        return Ok(());
    }
    if arg.getattr_opt(py, id!(py, "__typing_subst__"))?.is_some() {
        if index_of(found, arg).is_none() {
            found.push(Py::new_ref(arg));
        }
        return Ok(());
    }
    let sub = arg.getattr_opt(py, id!(py, "__parameters__"))?;
    if let Some(sub) = sub.as_ref().and_then(|s| s.downcast::<PyTuple>()) {
        for i in 0..sub.len() {
            if index_of(found, sub.get(i)).is_none() {
                found.push(Py::new_ref(sub.get(i)));
            }
        }
    }
    Ok(())
}

/// The type variables of `args`, each once, in order (`_Py_make_parameters`).
pub fn make_parameters(py: Python, args: &PyTuple) -> PyResult<Py<PyTuple>> {
    let mut found = Vec::new();
    for i in 0..args.len() {
        collect(py, args.get(i), &mut found)?;
    }
    PyTuple::from_vec(py, found)
}

/// The items of a subscript, unpacked tuples (`*tuple[int, str]`) spread out.
fn unpack_items(py: Python, item: &PyObject) -> PyResult<Vec<Py>> {
    let items: Vec<Py> = match item.downcast::<PyTuple>() {
        Some(t) => (0..t.len()).map(|i| Py::new_ref(t.get(i))).collect(),
        None => vec![Py::new_ref(item)],
    };
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        if PyType::from_object(&item).is_none() {
            let sub = item.getattr_opt(py, id!(py, "__typing_unpacked_tuple_args__"))?;
            if let Some(sub) = sub.as_ref().and_then(|s| s.downcast::<PyTuple>()) {
                let open = sub.len() > 0 && sub.get(sub.len() - 1).is(singletons::ellipsis());
                if !open {
                    out.extend((0..sub.len()).map(|i| Py::new_ref(sub.get(i))));
                    continue;
                }
            }
        }
        out.push(item);
    }
    Ok(out)
}

/// The arguments with `item` put in for the parameters (`_Py_subs_parameters`).
pub fn subs_parameters(
    py: Python,
    this: &PyObject,
    args: &PyTuple,
    parameters: &PyTuple,
    item: &PyObject,
) -> PyResult<Py<PyTuple>> {
    let n = parameters.len();
    if n == 0 {
        return Err(raise!(py, TypeError, "{} is not a generic class", this.repr(py)?));
    }
    let mut prepared: Py = PyTuple::from_vec(py, unpack_items(py, item)?)?.into_object();
    for i in 0..n {
        if let Some(prepare) = parameters.get(i).getattr_opt(py, id!(py, "__typing_prepare_subst__"))? {
            if !prepare.is_none() {
                let as_tuple = match prepared.downcast::<PyTuple>() {
                    Some(t) => Py::new_ref(t),
                    None => PyTuple::from_slice(py, &[&*prepared])?,
                };
                prepared = prepare.call(py, &[this, &as_tuple as &PyObject])?;
            }
        }
    }
    let items: Vec<Py> = match prepared.downcast::<PyTuple>() {
        Some(t) => (0..t.len()).map(|i| Py::new_ref(t.get(i))).collect(),
        None => vec![prepared.clone()],
    };
    if items.len() != n {
        return Err(raise!(
            py,
            TypeError,
            "Too {} arguments for {}; actual {}, expected {n}",
            if items.len() > n { "many" } else { "few" },
            this.repr(py)?,
            items.len()
        ));
    }
    let list: Vec<Py> = (0..args.len()).map(|i| Py::new_ref(args.get(i))).collect();
    PyTuple::from_vec(py, substitute(py, &list, parameters, &items)?)
}

fn substitute(py: Python, args: &[Py], parameters: &PyTuple, items: &[Py]) -> PyResult<Vec<Py>> {
    let params = parameters.as_slice();
    let mut out = Vec::with_capacity(args.len());
    for arg in args {
        if PyType::from_object(arg).is_some() {
            out.push(arg.clone());
            continue;
        }
        if let Some(t) = arg.downcast::<PyTuple>() {
            let inner: Vec<Py> = (0..t.len()).map(|i| Py::new_ref(t.get(i))).collect();
            out.push(PyTuple::from_vec(py, substitute(py, &inner, parameters, items)?)?.into_object());
            continue;
        }
        if let Some(l) = arg.downcast::<PyList>() {
            out.push(PyList::from_vec(py, substitute(py, &l.to_vec(), parameters, items)?)?.into_object());
            continue;
        }
        let unpack = match arg.getattr_opt(py, id!(py, "__typing_is_unpacked_typevartuple__"))? {
            Some(v) => v.is_true(py)?,
            None => false,
        };
        let new = match arg.getattr_opt(py, id!(py, "__typing_subst__"))? {
            Some(subst) => match params.iter().position(|p| p.is(arg)) {
                Some(i) => subst.call(py, &[&*items[i]])?,
                None => arg.clone(),
            },
            None => substitute_nested(py, arg, params, items)?,
        };
        match new.downcast::<PyTuple>() {
            Some(t) if unpack => out.extend((0..t.len()).map(|i| Py::new_ref(t.get(i)))),
            _ => out.push(new),
        }
    }
    Ok(out)
}

/// An argument that is a generic itself: its own parameters are filled in.
fn substitute_nested(py: Python, arg: &Py, params: &[Py], items: &[Py]) -> PyResult {
    let sub = arg.getattr_opt(py, id!(py, "__parameters__"))?;
    let Some(sub) = sub.as_ref().and_then(|s| s.downcast::<PyTuple>()).filter(|s| s.len() > 0) else {
        return Ok(arg.clone());
    };
    let mut sub_args = Vec::new();
    for i in 0..sub.len() {
        let param = sub.get(i);
        match params.iter().position(|p| p.is(param)) {
            None => sub_args.push(Py::new_ref(param)),
            Some(k) => {
                // What stands for a TypeVarTuple is spread out.
                let spreads = param.ty().tp_iter.get().is_some();
                match items[k].downcast::<PyTuple>() {
                    Some(t) if spreads => sub_args.extend((0..t.len()).map(|i| Py::new_ref(t.get(i)))),
                    _ => sub_args.push(items[k].clone()),
                }
            }
        }
    }
    let key = PyTuple::from_vec(py, sub_args)?;
    arg.get_item(py, &key)
}
