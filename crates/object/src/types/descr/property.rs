//! `property`.

use super::staticmethod::abstract_flag;
use crate::{Py, PyClass, PyObject, PyResult, PyTuple, PyType, Python, Raised, Slot, Trace, err, id, pyclass, raise};
use core::cell::Cell;

/// An attribute that is computed by functions.
#[derive(Trace)]
#[repr(C)]
pub struct PyProperty {
    pub ob_base: PyObject,
    prop_get: Slot,
    prop_set: Slot,
    prop_del: Slot,
    prop_doc: Slot,
    prop_name: Slot,
    /// The docstring is the getter's.
    getter_doc: Cell<i32>,
}

fn some(obj: &PyObject) -> Option<Py> {
    if obj.is_none() { None } else { Some(Py::new_ref(obj)) }
}

impl PyProperty {
    /// A new property like this one with some functions exchanged.
    fn copy_with(
        &self,
        py: Python,
        get: Option<&PyObject>,
        set: Option<&PyObject>,
        del: Option<&PyObject>,
    ) -> PyResult {
        let pick = |new: Option<&PyObject>, old: &Slot| -> Py {
            match new.filter(|n| !n.is_none()) {
                Some(n) => Py::new_ref(n),
                None => old.get().unwrap_or_else(|| py.none()),
            }
        };
        let (get, set, del) = (pick(get, &self.prop_get), pick(set, &self.prop_set), pick(del, &self.prop_del));
        // A docstring that came from the getter is taken from the new getter again.
        let doc = if self.getter_doc.get() != 0 && !get.is_none() {
            py.none()
        } else {
            self.prop_doc.get().unwrap_or_else(|| py.none())
        };
        let new = (self.ty() as &PyObject).call(py, &[&get, &set, &del, &doc])?;
        if let Some(copy) = new.downcast::<PyProperty>() {
            copy.prop_name.set(self.prop_name.get());
        }
        Ok(new)
    }

    /// The name: given by `__set_name__`, else the getter's.
    fn name(&self, py: Python) -> PyResult<Option<Py>> {
        if let Some(name) = self.prop_name.get() {
            return Ok(Some(name));
        }
        match self.prop_get.get() {
            Some(get) => get.getattr_opt(py, id!(py, "__name__")),
            None => Ok(None),
        }
    }

    /// "property 'x' of 'C' object has no getter".
    #[cold]
    fn lacks(&self, py: Python, obj: &PyObject, what: &str) -> Raised {
        let describe = || -> PyResult<String> {
            let name = match self.name(py)? {
                Some(name) => Some(name.repr(py)?.to_string_lossy().into_owned()),
                None => None,
            };
            let qualname = obj.ty().qualname_object(py)?;
            let class = (&qualname as &PyObject).repr(py)?.to_string_lossy().into_owned();
            Ok(match name {
                Some(name) => format!("property {name} of {class} object has no {what}"),
                None => format!("property of {class} object has no {what}"),
            })
        };
        match describe() {
            Ok(text) => raise!(py, AttributeError, "{text}"),
            Err(raised) => raised,
        }
    }

    /// Sets functions and docstring.
    fn init(&self, py: Python, fget: &PyObject, fset: &PyObject, fdel: &PyObject, doc: &PyObject) -> PyResult<()> {
        self.prop_get.set(some(fget));
        self.prop_set.set(some(fset));
        self.prop_del.set(some(fdel));
        self.prop_doc.clear();
        self.prop_name.clear();
        self.getter_doc.set(0);
        let mut text = some(doc);
        if text.is_none() && !fget.is_none() {
            text = fget.getattr_opt(py, id!(py, "__doc__"))?.filter(|d| !d.is_none());
            if text.is_some() {
                self.getter_doc.set(1);
            }
        }
        if self.is_type(&PyProperty_Type) {
            self.prop_doc.set(text);
            return Ok(());
        }
        // In a subclass __doc__ may be a slot or an instance attribute: set it as such.
        let value = text.clone().unwrap_or_else(|| py.none());
        if let Err(raised) = self.setattr(py, id!(py, "__doc__"), &value) {
            // A subclass without a place for it: keep quiet if the text is only the getter's.
            if (text.is_none() || self.getter_doc.get() != 0) && err::matches(py, crate::exceptions::AttributeError()) {
                err::clear(py);
                return Ok(());
            }
            return Err(raised);
        }
        Ok(())
    }
}

/// Property attribute.
///
///   fget
///     function to be used for getting an attribute value
///   fset
///     function to be used for setting an attribute value
///   fdel
///     function to be used for del'ing an attribute
///   doc
///     docstring
#[pyclass(
    name = "property",
    static_name = PyProperty_Type,
    flags(GC, BASETYPE),
    members(
        prop_get as "fget": OBJECT readonly,
        prop_set as "fset": OBJECT readonly,
        prop_del as "fdel": OBJECT readonly,
        prop_doc as "__doc__": OBJECT,
    ),
)]
impl PyProperty {
    fn tp_new(py: Python, cls: &PyType, _args: &PyTuple, _kwargs: Option<&crate::PyDict>) -> PyResult<Py<PyProperty>> {
        PyProperty::alloc(py, cls, |ob_base: PyObject| PyProperty {
            ob_base,
            prop_get: Slot::empty(),
            prop_set: Slot::empty(),
            prop_del: Slot::empty(),
            prop_doc: Slot::empty(),
            prop_name: Slot::empty(),
            getter_doc: Cell::new(0),
        })
    }
    #[signature("(fget=None, fset=None, fdel=None, doc=None)")]
    fn tp_init(&self, py: Python, fget: &PyObject, fset: &PyObject, fdel: &PyObject, doc: &PyObject) -> PyResult<()> {
        self.init(py, fget, fset, fdel, doc)
    }
    fn tp_descr_get(&self, py: Python, obj: Option<&PyObject>, _ty: Option<&PyObject>) -> PyResult {
        let Some(obj) = obj.filter(|o| !o.is_none()) else { return Ok(Py::new_ref(self).into_object()) };
        match self.prop_get.get() {
            Some(get) => get.call1(py, obj),
            None => Err(self.lacks(py, obj, "getter")),
        }
    }
    fn tp_descr_set(&self, py: Python, obj: &PyObject, value: Option<&PyObject>) -> PyResult<()> {
        match value {
            Some(value) => match self.prop_set.get() {
                Some(set) => set.call(py, &[obj, value]).map(drop),
                None => Err(self.lacks(py, obj, "setter")),
            },
            None => match self.prop_del.get() {
                Some(del) => del.call1(py, obj).map(drop),
                None => Err(self.lacks(py, obj, "deleter")),
            },
        }
    }

    /// Descriptor to obtain a copy of the property with a different getter.
    #[method]
    #[signature("(self, fget, /)")]
    fn getter(&self, py: Python, fget: &PyObject) -> PyResult {
        self.copy_with(py, Some(fget), None, None)
    }
    /// Descriptor to obtain a copy of the property with a different setter.
    #[method]
    #[signature("(self, fset, /)")]
    fn setter(&self, py: Python, fset: &PyObject) -> PyResult {
        self.copy_with(py, None, Some(fset), None)
    }
    /// Descriptor to obtain a copy of the property with a different deleter.
    #[method]
    #[signature("(self, fdel, /)")]
    fn deleter(&self, py: Python, fdel: &PyObject) -> PyResult {
        self.copy_with(py, None, None, Some(fdel))
    }
    /// Tells the property the name it has in a class.
    #[method]
    #[signature("(self, /, *args)")]
    fn __set_name__(&self, py: Python, args: crate::Args) -> PyResult<()> {
        match args.as_slice() {
            [_, name] => self.prop_name.set(Some(Py::new_ref(name))),
            other => {
                return Err(raise!(
                    py,
                    TypeError,
                    "__set_name__() takes 2 positional arguments but {} were given",
                    other.len()
                ));
            }
        }
        Ok(())
    }
    #[getter]
    fn __name__(&self, py: Python) -> PyResult {
        match self.name(py)? {
            Some(name) => Ok(name),
            None => Err(raise!(py, AttributeError, "'property' object has no attribute '__name__'")),
        }
    }
    #[setter]
    fn set___name__(&self, _py: Python, value: Option<&PyObject>) -> PyResult<()> {
        self.prop_name.set(value.map(Py::new_ref));
        Ok(())
    }
    #[getter]
    fn __isabstractmethod__(&self, py: Python) -> PyResult<bool> {
        for f in [&self.prop_get, &self.prop_set, &self.prop_del] {
            if abstract_flag(py, f.get())? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl PyProperty {
    /// The getter function, for the interpreter's specialised attribute loads.
    #[inline(always)]
    pub fn getter_function(&self) -> Option<Py> {
        self.prop_get.get()
    }
}
