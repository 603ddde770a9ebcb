//! Pickling support of `object`: `__reduce_ex__`, `__reduce__` and `__getstate__` (PEP 307).

use crate::typeobj::flags;
use crate::{Py, PyDict, PyList, PyObject, PyResult, PyStr, PyTuple, PyType, Python, id, raise};

fn copyreg(py: Python) -> PyResult {
    (crate::runtime::hooks::get().import_module)(py, id!(py, "copyreg"))
}

/// `object.__reduce_ex__`: the class's own `__reduce__` if it has one, the default otherwise.
pub fn reduce_ex(py: Python, obj: &PyObject, protocol: isize) -> PyResult {
    let name = id!(py, "__reduce__");
    if let Some(reduce) = obj.getattr_opt(py, name)? {
        let cls = obj.ty() as &PyObject;
        let class_reduce = cls.getattr(py, name)?;
        let plain = super::PyBaseObject_Type.dict().get_str(py, name)?;
        if !plain.is_some_and(|p| p.is(&class_reduce)) {
            return reduce.call0(py);
        }
    }
    common_reduce(py, obj, protocol)
}

/// The default: protocols 0 and 1 by `copyreg._reduce_ex`, later ones here.
pub fn common_reduce(py: Python, obj: &PyObject, protocol: isize) -> PyResult {
    if protocol >= 2 {
        return reduce_newobj(py, obj);
    }
    let protocol = crate::PyLong::from_isize(py, protocol)?;
    copyreg(py)?.call_method(py, id!(py, "_reduce_ex"), &[obj, &protocol])
}

/// The names in `__slots__` of the class and its bases, as `copyreg._slotnames` finds and caches them.
fn slot_names(py: Python, cls: &PyType) -> PyResult<Option<Py<PyList>>> {
    let cached = cls.dict().get_str(py, id!(py, "__slotnames__"))?;
    let names = match cached {
        Some(names) => names,
        None => copyreg(py)?.call_method1(py, id!(py, "_slotnames"), cls)?,
    };
    if names.is_none() {
        return Ok(None);
    }
    match names.downcast_into::<PyList>() {
        Ok(list) => Ok(Some(list)),
        Err(other) => Err(raise!(
            py,
            TypeError,
            "{:.200}.__slotnames__ should be a list or None, not {:.200}",
            cls.full_name(),
            other.ty().full_name()
        )),
    }
}

/// `object.__getstate__`: the instance dict, with the values of slots beside it if there are any.
pub fn getstate_default(py: Python, obj: &PyObject, required: bool) -> PyResult {
    let ty = obj.ty();
    if required && ty.tp_itemsize.get() != 0 {
        return Err(raise!(py, TypeError, "cannot pickle {:.200} objects", ty.full_name()));
    }
    let state = match obj.getattr_opt(py, id!(py, "__dict__"))? {
        Some(dict) if !is_empty_inline(obj) => dict,
        Some(dict) => {
            if dict.downcast::<PyDict>().is_some_and(|d| d.len() == 0) {
                py.none()
            } else {
                dict
            }
        }
        None => py.none(),
    };
    let names = slot_names(py, ty)?;
    let names_count = names.as_ref().map_or(0, |n| n.len());
    if required {
        // Fields that neither a dict nor slots account for cannot be saved.
        let mut size =
            if ty.is_subtype(&crate::types::object_::PyBaseObject_Type) { size_of::<PyObject>() as isize } else { 0 };
        let word = size_of::<usize>() as isize;
        if ty.tp_dictoffset.get() > 0 {
            size += word;
        }
        if ty.tp_weaklistoffset.get() > 0 {
            size += word;
        }
        size += word * names_count as isize;
        if ty.tp_basicsize.get() > size {
            return Err(raise!(py, TypeError, "cannot pickle '{:.200}' object", ty.full_name()));
        }
    }
    let Some(names) = names.filter(|_| names_count > 0) else { return Ok(state) };
    let slots = PyDict::new(py)?;
    for name in names.to_vec() {
        if let Some(name) = name.downcast::<PyStr>() {
            if let Some(value) = obj.getattr_opt(py, name)? {
                slots.set(py, name, &value)?;
            }
        }
    }
    if slots.len() == 0 {
        return Ok(state);
    }
    Ok(PyTuple::from_slice(py, &[&state, &slots])?.into_object())
}

/// True if the instance has inline values and none is set (asking for `__dict__` then gave an empty one).
fn is_empty_inline(obj: &PyObject) -> bool {
    // SAFETY: as the flag says.
    obj.ty().has_feature(flags::INLINE_VALUES) && unsafe { crate::types::dict::inline_values::is_empty(obj) }
}

/// `obj.__getstate__()`, or the default one without the detour.
fn getstate(py: Python, obj: &PyObject, required: bool) -> PyResult {
    let method = obj.getattr(py, id!(py, "__getstate__"))?;
    let plain = method.downcast_exact::<crate::types::builtin_function::PyCFunctionObject>().is_some_and(|f| {
        f.self_object().is_some_and(|s| s.is(obj)) && f.is_function(super::method_getstate as *const _)
    });
    if plain {
        return getstate_default(py, obj, required);
    }
    method.call0(py)
}

/// The arguments that `__new__` wants: `__getnewargs_ex__` or `__getnewargs__`.
fn new_arguments(py: Python, obj: &PyObject) -> PyResult<(Option<Py<PyTuple>>, Option<Py<PyDict>>)> {
    if let Some(method) = obj.lookup_special(py, id!(py, "__getnewargs_ex__"))? {
        let result = method.call0(py)?;
        let Some(pair) = result.downcast::<PyTuple>() else {
            return Err(raise!(
                py,
                TypeError,
                "__getnewargs_ex__ should return a tuple, not '{:.200}'",
                result.ty().full_name()
            ));
        };
        if pair.len() != 2 {
            return Err(raise!(
                py,
                ValueError,
                "__getnewargs_ex__ should return a tuple of length 2, not {}",
                pair.len()
            ));
        }
        let (a, k) = (pair.get(0), pair.get(1));
        let Some(args) = a.downcast::<PyTuple>() else {
            return Err(raise!(
                py,
                TypeError,
                "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{:.200}'",
                a.ty().full_name()
            ));
        };
        let Some(kwargs) = k.downcast::<PyDict>() else {
            return Err(raise!(
                py,
                TypeError,
                "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{:.200}'",
                k.ty().full_name()
            ));
        };
        return Ok((Some(Py::new_ref(args)), Some(Py::new_ref(kwargs))));
    }
    if let Some(method) = obj.lookup_special(py, id!(py, "__getnewargs__"))? {
        let result = method.call0(py)?;
        return match result.downcast_into::<PyTuple>() {
            Ok(args) => Ok((Some(args), None)),
            Err(other) => Err(raise!(
                py,
                TypeError,
                "__getnewargs__ should return a tuple, not '{:.200}'",
                other.ty().full_name()
            )),
        };
    }
    Ok((None, None))
}

fn reduce_newobj(py: Python, obj: &PyObject) -> PyResult {
    let ty = obj.ty();
    if ty.tp_new.get().is_none() {
        return Err(raise!(py, TypeError, "cannot pickle '{:.200}' object", ty.full_name()));
    }
    let (args, kwargs) = new_arguments(py, obj)?;
    let has_args = args.is_some();
    let copyreg = copyreg(py)?;
    let (function, arguments) = match kwargs.filter(|k| k.len() != 0) {
        None => {
            let mut all = vec![Py::new_ref(ty).into_object()];
            if let Some(args) = &args {
                all.extend(args.as_slice().iter().cloned());
            }
            (copyreg.getattr(py, id!(py, "__newobj__"))?, PyTuple::from_vec(py, all)?)
        }
        Some(kwargs) => {
            let args = args.unwrap_or_else(|| PyTuple::empty(py));
            (
                copyreg.getattr(py, id!(py, "__newobj_ex__"))?,
                PyTuple::from_slice(py, &[ty as &PyObject, &args, &kwargs])?,
            )
        }
    };
    let is_list = ty.has_feature(flags::LIST_SUBCLASS);
    let is_dict = ty.has_feature(flags::DICT_SUBCLASS);
    let state = getstate(py, obj, !(has_args || is_list || is_dict))?;
    let list_items = if is_list { obj.iter(py)? } else { py.none() };
    let dict_items = if is_dict {
        let items = obj.call_method0(py, id!(py, "items"))?;
        items.iter(py)?
    } else {
        py.none()
    };
    Ok(PyTuple::from_slice(py, &[&function, &arguments as &PyObject, &state, &list_items, &dict_items])?.into_object())
}
