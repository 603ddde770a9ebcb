//! What struct sequences do besides being tuples: constructor, repr, `__reduce__`, `__replace__`.

use super::{Layout, fields, new_instance};
use crate::abstracts::sequence;
use crate::typeobj::{METH_KEYWORDS, METH_NOARGS, METH_VARARGS, PyCFunction, PyCFunctionWithKeywords, PyMethodDef};
use crate::types::type_::glue::c_fn;
use crate::{Py, PyDict, PyObject, PyResult, PyStr, PyTuple, PyType, PyTypeObject, Python, StrBuilder, raise};
use core::ffi::{CStr, c_void};

pub(super) static METHODS: [PyMethodDef; 3] = [
    PyMethodDef {
        ml_name: c"__reduce__".as_ptr(),
        ml_meth: __reduce__ as PyCFunction as *const c_void,
        ml_flags: METH_NOARGS,
        ml_doc: core::ptr::null(),
    },
    PyMethodDef::new(
        c"__replace__",
        __replace__ as PyCFunctionWithKeywords as *const c_void,
        METH_VARARGS | METH_KEYWORDS,
        c"__replace__($self, /, **changes)\n--\n\nReturn a copy of the structure with new values for the specified fields.",
    ),
    PyMethodDef::END,
];

/// The receiver of a method or slot as what it is.
fn receiver(this: &PyObject) -> &PyTuple {
    // SAFETY: method descriptors and slots check the receiver's type.
    unsafe { &*(this.as_ptr() as *const PyTuple) }
}

c_fn! {
    pub(super) fn repr(py, this: obj) -> PyResult<Py<PyStr>> {
        let this = receiver(this);
        // SAFETY: as above.
        let layout = unsafe { Layout::of(this.ty()) };
        let mut out = StrBuilder::new();
        out.push_str(&layout.name);
        out.push_str("(");
        for (i, value) in this.as_slice().iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            let Some(name) = named_from(layout, i) else {
                return Err(raise!(
                    py,
                    SystemError,
                    "In structseq_repr(), member {i} name is NULL for type {}",
                    layout.name
                ));
            };
            out.push_str(&name.to_string_lossy());
            out.push_str("=");
            let text = value.repr(py)?;
            out.push_pystr(&text);
        }
        out.push_str(")");
        out.finish(py)
    }

    fn __reduce__(py, this: obj, _unused: opt) -> PyResult<Py<PyTuple>> {
        super::reduce(py, receiver(this))
    }

    fn __replace__(py, this: obj, args: obj, kwargs: opt) -> PyResult<Py<PyTuple>> {
        let this = receiver(this);
        if args.downcast::<PyTuple>().is_some_and(|a| a.len() != 0) {
            return Err(raise!(py, TypeError, "__replace__() takes no positional arguments"));
        }
        // SAFETY: as above.
        let layout = unsafe { Layout::of(this.ty()) };
        if layout.n_unnamed() > 0 {
            return Err(raise!(
                py,
                TypeError,
                "__replace__() is not supported for {} because it has unnamed field(s)",
                layout.name
            ));
        }
        let changes = match kwargs.and_then(|k| k.downcast::<PyDict>()) {
            Some(k) => k.copy(py)?,
            None => PyDict::new(py)?,
        };
        // SAFETY: as above.
        let old = unsafe { fields(this) };
        let mut values = Vec::with_capacity(old.len());
        for (name, value) in layout.names.iter().zip(old) {
            let name = PyStr::intern(py, &name.unwrap_or(c"").to_string_lossy())?;
            values.push(changes.pop(py, &name)?.unwrap_or_else(|| value.clone()));
        }
        if changes.len() > 0 {
            let names = changes.keys(py)?;
            return Err(raise!(py, TypeError, "Got unexpected field name(s): {}", names.repr(py)?));
        }
        new_instance(py, this.ty(), values)
    }
}

/// The name that the repr shows for the value at `i`: the named fields are counted, not the fields.
fn named_from(layout: &Layout, i: usize) -> Option<&'static CStr> {
    layout.names.iter().flatten().nth(i).copied()
}

/// `tp_new`.
pub(super) unsafe extern "C" fn new(
    cls: *mut PyTypeObject,
    args: *mut PyObject,
    kwargs: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: called with the GIL held, with a type, a tuple, and a dict or null.
    let (py, cls, args, kwargs) =
        unsafe { (Python::assume(), &*cls, &*(args as *const PyTuple), (kwargs as *const PyDict).as_ref()) };
    match construct(py, cls, args, kwargs) {
        Ok(obj) => obj.into_raw_object(),
        Err(_) => core::ptr::null_mut(),
    }
}

/// The two arguments `sequence` and `dict`.
fn arguments(py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<[Option<Py>; 2]> {
    let given = args.len() + kwargs.map_or(0, |k| k.len());
    if given > 2 {
        let kind = if kwargs.is_some_and(|k| k.len() > 0) { "keyword " } else { "" };
        let kind = if args.len() == 0 { kind } else { "" };
        return Err(raise!(py, TypeError, "structseq() takes at most 2 {kind}arguments ({given} given)"));
    }
    let mut found = [args.as_slice().first().cloned(), args.as_slice().get(1).cloned()];
    let Some(kwargs) = kwargs else { return Ok(found) };
    let mut pos = 0;
    while let Some((key, value)) = kwargs.next(&mut pos) {
        let name = key.str(py)?;
        let i = match &*name.to_string_lossy() {
            "sequence" => 0,
            "dict" => 1,
            _ if found[0].is_none() => break,
            other => {
                return Err(raise!(py, TypeError, "structseq() got an unexpected keyword argument '{other}'"));
            }
        };
        if found[i].is_some() {
            return Err(raise!(
                py,
                TypeError,
                "argument for structseq() given by name ('{name}') and position ({})",
                i + 1
            ));
        }
        found[i] = Some(value);
    }
    Ok(found)
}

fn construct(py: Python, cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PyTuple>> {
    let [sequence, dict] = arguments(py, args, kwargs)?;
    let Some(sequence) = sequence else {
        return Err(raise!(py, TypeError, "structseq() missing required argument 'sequence' (pos 1)"));
    };
    if !super::is_struct_sequence(cls) {
        return Err(crate::err::bad_internal_call(py));
    }
    // SAFETY: just checked.
    let layout = unsafe { Layout::of(cls) };
    let sequence = sequence::fast(py, &sequence, "constructor requires a sequence")?;
    let mut values = sequence.to_vec();
    let name = &layout.name;
    let dict = match &dict {
        None => None,
        Some(d) => match d.downcast::<PyDict>() {
            Some(d) => Some(d),
            None => return Err(raise!(py, TypeError, "{name}() takes a dict as second arg, if any")),
        },
    };
    let (len, min, max) = (values.len(), layout.n_in_sequence, layout.n_fields());
    if min != max {
        if len < min {
            return Err(raise!(py, TypeError, "{name}() takes an at least {min}-sequence ({len}-sequence given)"));
        }
        if len > max {
            return Err(raise!(py, TypeError, "{name}() takes an at most {max}-sequence ({len}-sequence given)"));
        }
    } else if len != min {
        return Err(raise!(py, TypeError, "{name}() takes a {min}-sequence ({len}-sequence given)"));
    }
    if let Some(dict) = dict.filter(|d| d.len() > 0) {
        let mut found = 0;
        for name in &layout.names[len..] {
            let key = PyStr::intern(py, &name.unwrap_or(c"").to_string_lossy())?;
            match dict.get(py, &key)? {
                Some(value) => {
                    found += 1;
                    values.push(value);
                }
                None => values.push(py.none()),
            }
        }
        if dict.len() > found {
            return Err(raise!(py, TypeError, "{name}() got duplicate or unexpected field name(s)"));
        }
    }
    new_instance(py, cls, values)
}
