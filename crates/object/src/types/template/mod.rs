//! `string.templatelib`'s `Template` and `Interpolation` (PEP 750).

mod interpolation;

pub(crate) use interpolation::init;
pub use interpolation::{_PyInterpolation_Type, PyInterpolation, new_interpolation};

use crate::{
    Py, PyClass, PyDict, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, StrBuilder, Trace, id, pyclass,
    raise,
};
use core::cell::Cell;

/// `templateobject`: there is one string more than there are interpolations.
#[derive(Trace)]
#[repr(C)]
pub struct PyTemplate {
    pub ob_base: PyObject,
    strings: Slot<PyTuple>,
    interpolations: Slot<PyTuple>,
}

/// A template of alternating strings and interpolations, given as two tuples.
pub fn new_template(py: Python, strings: &PyObject, interpolations: &PyObject) -> PyResult {
    let tuple = |o: &PyObject| crate::abstracts::sequence::to_tuple(py, o);
    Ok(make(py, tuple(strings)?, tuple(interpolations)?)?.into_object())
}

fn make(py: Python, strings: Py<PyTuple>, interpolations: Py<PyTuple>) -> PyResult<Py<PyTemplate>> {
    PyTemplate::alloc_exact(py, |head| PyTemplate {
        ob_base: head,
        strings: Slot::some(strings),
        interpolations: Slot::some(interpolations),
    })
}

impl PyTemplate {
    fn strings(&self, py: Python) -> Py<PyTuple> {
        self.strings.get().unwrap_or_else(|| PyTuple::empty(py))
    }
    fn interpolations(&self, py: Python) -> Py<PyTuple> {
        self.interpolations.get().unwrap_or_else(|| PyTuple::empty(py))
    }

    /// Both templates one after the other: the strings that meet become one.
    fn concat(py: Python, a: &PyTemplate, b: &PyTemplate) -> PyResult<Py<PyTemplate>> {
        let (left, right) = (a.strings(py), b.strings(py));
        let mut strings: Vec<Py> = left.as_slice().iter().map(|s| Py::new_ref(&**s)).collect();
        let last = strings.pop();
        let mut joined = StrBuilder::new();
        for s in last.iter().map(|s| &**s).chain(right.as_slice().first().map(|s| &**s)) {
            if let Some(s) = s.downcast::<PyStr>() {
                joined.push_pystr(s);
            }
        }
        strings.push(joined.finish(py)?.into_object());
        strings.extend(right.as_slice().iter().skip(1).map(|s| Py::new_ref(&**s)));
        let (i, j) = (a.interpolations(py), b.interpolations(py));
        let all = i.as_slice().iter().chain(j.as_slice()).map(|v| Py::new_ref(&**v)).collect();
        make(py, PyTuple::from_vec(py, strings)?, PyTuple::from_vec(py, all)?)
    }
}

/// Template object
#[pyclass(
    name = "string.templatelib.Template",
    static_name = _PyTemplate_Type,
    flags(GC),
    members(
        strings: OBJECT_EX readonly "Strings",
        interpolations: OBJECT_EX readonly "Interpolations",
    ),
)]
impl PyTemplate {
    fn tp_new(py: Python, _cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PyTemplate>> {
        if kwargs.is_some_and(|k| k.len() != 0) {
            return Err(raise!(py, TypeError, "Template.__new__ only accepts *args arguments"));
        }
        let mut strings: Vec<Py> = Vec::new();
        let mut interpolations: Vec<Py> = Vec::new();
        // Strings in a row become one; between two interpolations there is an empty one.
        let mut pending = StrBuilder::new();
        for i in 0..args.len() {
            let arg = args.get(i);
            if let Some(s) = arg.downcast::<PyStr>() {
                pending.push_pystr(s);
            } else if arg.is_type(&_PyInterpolation_Type) {
                strings.push(core::mem::take(&mut pending).finish(py)?.into_object());
                interpolations.push(Py::new_ref(arg));
            } else {
                return Err(raise!(
                    py,
                    TypeError,
                    "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {}",
                    arg.ty().full_name()
                ));
            }
        }
        strings.push(pending.finish(py)?.into_object());
        make(py, PyTuple::from_vec(py, strings)?, PyTuple::from_vec(py, interpolations)?)
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let mut b = StrBuilder::new();
        b.push_str(self.ty().name());
        b.push_str("(strings=");
        b.push_pystr(&*self.strings(py).repr(py)?);
        b.push_str(", interpolations=");
        b.push_pystr(&*self.interpolations(py).repr(py)?);
        b.push_str(")");
        b.finish(py)
    }

    fn tp_iter(&self, py: Python) -> PyResult<Py<PyTemplateIter>> {
        PyTemplateIter::alloc_exact(py, |head| PyTemplateIter {
            ob_base: head,
            template: Slot::some(Py::new_ref(self)),
            index: Cell::new(0),
        })
    }

    fn sq_concat(&self, py: Python, other: &PyObject) -> PyResult<Py<PyTemplate>> {
        match other.downcast_exact::<PyTemplate>() {
            Some(o) => PyTemplate::concat(py, self, o),
            None => Err(raise!(
                py,
                TypeError,
                "can only concatenate string.templatelib.Template (not \"{}\") to string.templatelib.Template",
                other.ty().full_name()
            )),
        }
    }

    /// The values of the interpolations.
    #[getter]
    fn values(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let all = self.interpolations(py);
        let values = all
            .as_slice()
            .iter()
            .map(|i| i.downcast_exact::<PyInterpolation>().map_or_else(|| py.none(), |i| i.value(py)))
            .collect();
        PyTuple::from_vec(py, values)
    }

    #[method]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let module = (crate::runtime::hooks::get().import_module)(py, id!(py, "string.templatelib"))?;
        let unpickle = module.getattr(py, id!(py, "_template_unpickle"))?;
        let args = PyTuple::from_slice(py, &[&*self.strings(py) as &PyObject, &*self.interpolations(py)])?;
        PyTuple::from_slice(py, &[&*unpickle, &args as &PyObject])
    }
}

/// Strings (the empty ones left out) and interpolations in turn.
#[derive(Trace)]
#[repr(C)]
pub struct PyTemplateIter {
    pub ob_base: PyObject,
    template: Slot<PyTemplate>,
    /// Even: a string is next; odd: an interpolation.
    index: Cell<usize>,
}

/// Template iterator object
#[pyclass(name = "string.templatelib.TemplateIter", static_name = _PyTemplateIter_Type, flags(GC), iter_self)]
impl PyTemplateIter {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        let Some(template) = self.template.get() else { return Ok(None) };
        loop {
            let i = self.index.get();
            let from = if i % 2 == 0 { template.strings(py) } else { template.interpolations(py) };
            let Some(item) = from.as_slice().get(i / 2).map(|v| Py::new_ref(&**v)) else {
                self.template.clear();
                return Ok(None);
            };
            self.index.set(i + 1);
            if i % 2 == 0 && item.downcast::<PyStr>().is_some_and(|s| s.len() == 0) {
                continue;
            }
            return Ok(Some(item));
        }
    }
}
