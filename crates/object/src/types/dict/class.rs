//! The Python class `dict`.

use super::PyDict;
use super::iter::{PyDictIterKey, PyDictRevIterKey};
use super::keys::Keys;
use super::views::{PyDictItems, PyDictKeys, PyDictValuesView};
use super::watch::Event;
use crate::abstracts::sequence::ReprGuard;
use crate::declare::{Args, CompareOp, Stop, Visit};
use crate::header::PyObject;
use crate::memory::{gc, trashcan};
use crate::types::tuple::free_object;
use crate::{Py, PyClass, PyResult, PyStr, PyTuple, PyType, Python, StrBuilder, err, id, pyclass, raise};
use core::cell::Cell;
use core::ptr::null_mut;

impl PyDict {
    /// What `dict(...)` and `update(...)` do with their arguments.
    fn update_common(&self, py: Python, name: &str, args: &[&PyObject], kwargs: Option<&PyDict>) -> PyResult<()> {
        if args.len() > 1 {
            return Err(raise!(py, TypeError, "{name} expected at most 1 argument, got {}", args.len()));
        }
        if let Some(arg) = args.first() {
            self.update_from_argument(py, arg)?;
        }
        if let Some(kwargs) = kwargs {
            if !kwargs.has_only_string_keys() {
                return Err(raise!(py, TypeError, "keywords must be strings"));
            }
            self.merge(py, kwargs, true)?;
        }
        Ok(())
    }

    /// `self | other` of two dicts.
    fn union(&self, py: Python, other: &PyObject) -> PyResult<Py<PyDict>> {
        let result = self.copy(py)?;
        result.update_from_argument(py, other)?;
        Ok(result)
    }
}

/// dict() -> new empty dictionary
/// dict(mapping) -> new dictionary initialized from a mapping object's
///     (key, value) pairs
/// dict(iterable) -> new dictionary initialized as if via:
///     d = {}
///     for k, v in iterable:
///         d[k] = v
/// dict(**kwargs) -> new dictionary initialized with the name=value pairs
///     in the keyword argument list.  For example:  dict(one=1, two=2)
#[pyclass(name = "dict", static_name = PyDict_Type, flags(GC, BASETYPE, DICT_SUBCLASS, MATCH_SELF, MAPPING), unhashable,
    class_getitem)]
impl PyDict {
    fn tp_new(py: Python, cls: &PyType, _args: &PyTuple, _kwargs: Option<&PyDict>) -> PyResult<Py<PyDict>> {
        if cls.is(&PyDict_Type) {
            return PyDict::new(py);
        }
        PyDict::alloc(py, cls, |ob_base| PyDict {
            ob_base,
            ma_used: Cell::new(0),
            ma_watcher_tag: Cell::new(0),
            ma_keys: Cell::new(Keys::empty()),
            ma_values: Cell::new(null_mut()),
        })
    }

    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        let args: Vec<&PyObject> = args.as_slice().iter().map(|a| a.as_object()).collect();
        self.update_common(py, "dict", &args, kwargs)
    }

    fn tp_vectorcall(py: Python, _cls: &PyObject, args: Args) -> PyResult<Py<PyDict>> {
        let dict = PyDict::new(py)?;
        dict.update_common(py, "dict", args.as_slice(), None)?;
        if let Some(names) = args.kwnames() {
            for (name, value) in names.as_slice().iter().zip(args.keyword_values()) {
                dict.set(py, name, value)?;
            }
        }
        Ok(dict)
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the count is zero: the dict is ours alone, unless a watcher takes a reference to it.
        unsafe {
            let py = Python::assume();
            if (*this).ma_watcher_tag.get() & super::watch::WATCHER_MASK != 0 {
                // A watcher may look at the dict, and even keep it.
                (*this).ob_base.set_refcnt(1);
                (*this).notify_all(py, Event::Deallocated);
                let n = (*this).ob_base.refcnt();
                (*this).ob_base.set_refcnt(n as u32 - 1);
                if n > 1 {
                    return;
                }
            }
            gc::untrack(&(*this).ob_base);
            if !trashcan::begin(this as *mut PyObject) {
                return;
            }
            let (keys, values) = ((*this).table(), (*this).split_values());
            (*this).set_used(0);
            (*this).set_table(Keys::empty(), None);
            if let Some(values) = values
                && !values.is_embedded()
            {
                values.clear();
                values.free();
            }
            keys.decref(py);
            let kept = PyDict::check_exact(&*this) && py.interp().freelists.dicts.push(this as *mut PyObject);
            if !kept {
                free_object(this as *mut PyObject);
            }
            trashcan::end();
        }
    }

    unsafe fn tp_traverse(this: *mut Self, visit: &mut Visit) -> Result<(), Stop> {
        // SAFETY: the object is alive.
        let this = unsafe { &*this };
        let keys = this.table();
        if keys.is_unicode() {
            match this.split_values() {
                // Embedded values are their object's to visit.
                Some(values) if values.is_embedded() => {}
                Some(values) => {
                    for i in 0..values.capacity() {
                        visit.raw(values.get(i))?;
                    }
                }
                None => {
                    for i in 0..keys.nentries() {
                        visit.raw(keys.value(i))?;
                    }
                }
            }
        } else {
            for i in 0..keys.nentries() {
                let value = keys.value(i);
                if !value.is_null() {
                    visit.raw(value)?;
                    visit.raw(keys.key(i))?;
                }
            }
        }
        Ok(())
    }

    unsafe fn tp_clear(this: *mut Self) {
        // SAFETY: the object is alive, the GIL is held.
        unsafe { PyDict::clear(&*this, Python::assume()) }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        if self.len() == 0 {
            return Ok(Py::new_ref(id!(py, "{}")));
        }
        let Some(_guard) = ReprGuard::enter(py, self) else { return Ok(Py::new_ref(id!(py, "{...}"))) };
        let mut out = StrBuilder::new();
        out.push_char('{' as u32);
        let (mut pos, mut first) = (0, true);
        while let Some((key, value)) = self.next(&mut pos) {
            if !core::mem::take(&mut first) {
                out.push_str(", ");
            }
            let text = key.repr(py)?;
            out.push_pystr(&text);
            out.push_str(": ");
            let text = value.repr(py)?;
            out.push_pystr(&text);
        }
        out.push_char('}' as u32);
        out.finish(py)
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast::<PyDict>() else { return Ok(py.not_implemented()) };
        match op {
            CompareOp::Eq => Ok(py.bool(self.equals(py, other)?)),
            CompareOp::Ne => Ok(py.bool(!self.equals(py, other)?)),
            _ => Ok(py.not_implemented()),
        }
    }

    fn tp_iter(&self, py: Python) -> PyResult<Py<PyDictIterKey>> {
        PyDictIterKey::new(py, self)
    }

    fn mp_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }

    fn mp_subscript(&self, py: Python, key: &PyObject) -> PyResult {
        if let Some(value) = self.get(py, key)? {
            return Ok(value);
        }
        if !PyDict::check_exact(self)
            && let Some(missing) = self.ob_base.lookup_special(py, id!(py, "__missing__"))?
        {
            return missing.call(py, &[key]);
        }
        Err(err::key_error(py, key))
    }

    fn mp_ass_subscript(&self, py: Python, key: &PyObject, value: Option<&PyObject>) -> PyResult<()> {
        match value {
            Some(value) => self.set(py, key, value),
            None => self.del(py, key),
        }
    }

    fn sq_contains(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        self.contains(py, key)
    }

    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        match (a.downcast::<PyDict>(), b.downcast::<PyDict>()) {
            (Some(a), Some(_)) => Ok(a.union(py, b)?.into_object()),
            _ => Ok(py.not_implemented()),
        }
    }

    fn nb_inplace_or(&self, py: Python, other: &PyObject) -> PyResult<Py<PyDict>> {
        self.update_from_argument(py, other)?;
        Ok(Py::new_ref(self))
    }

    /// True if the dictionary has the specified key, else False.
    #[method(coexist)]
    #[signature("(self, key, /)")]
    fn __contains__(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        self.contains(py, key)
    }

    /// Return self[key].
    #[method(coexist)]
    #[signature("(self, key, /)")]
    fn __getitem__(&self, py: Python, key: &PyObject) -> PyResult {
        self.mp_subscript(py, key)
    }

    /// Return the size of the dict in memory, in bytes.
    #[method]
    #[signature("(self, /)")]
    fn __sizeof__(&self, _py: Python) -> PyResult<usize> {
        Ok(self.size_of())
    }

    /// Return the value for key if key is in the dictionary, else default.
    #[method(name = "get")]
    #[signature("(self, key, default=None, /)")]
    fn py_get(&self, py: Python, key: &PyObject, default: &PyObject) -> PyResult {
        Ok(self.get(py, key)?.unwrap_or_else(|| Py::new_ref(default)))
    }

    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[method]
    #[signature("(self, key, default=None, /)")]
    fn setdefault(&self, py: Python, key: &PyObject, default: &PyObject) -> PyResult {
        self.set_default(py, key, default)
    }

    /// D.pop(k[,d]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise,
    /// raise a KeyError.
    #[method(name = "pop")]
    #[signature("(self, key, default=<unrepresentable>, /)")]
    fn py_pop(&self, py: Python, key: &PyObject, default: Option<&PyObject>) -> PyResult {
        match (self.pop(py, key)?, default) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => Ok(Py::new_ref(default)),
            (None, None) => Err(err::key_error(py, key)),
        }
    }

    /// Remove and return a (key, value) pair as a 2-tuple.
    ///
    /// Pairs are returned in LIFO (last-in, first-out) order.
    /// Raises KeyError if the dict is empty.
    #[method]
    #[signature("(self, /)")]
    fn popitem(&self, py: Python) -> PyResult<Py<PyTuple>> {
        match self.pop_item(py)? {
            Some((key, value)) => PyTuple::from_exact_iter(py, [key, value].into_iter()),
            None => Err(raise!(py, KeyError, "popitem(): dictionary is empty")),
        }
    }

    /// Return a set-like object providing a view on the dict's keys.
    #[method(name = "keys")]
    #[signature("(self, /)")]
    fn py_keys(&self, py: Python) -> PyResult<Py<PyDictKeys>> {
        PyDictKeys::new(py, self)
    }

    /// Return a set-like object providing a view on the dict's items.
    #[method(name = "items")]
    #[signature("(self, /)")]
    fn py_items(&self, py: Python) -> PyResult<Py<PyDictItems>> {
        PyDictItems::new(py, self)
    }

    /// Return an object providing a view on the dict's values.
    #[method(name = "values")]
    #[signature("(self, /)")]
    fn py_values(&self, py: Python) -> PyResult<Py<PyDictValuesView>> {
        PyDictValuesView::new(py, self)
    }

    /// D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.
    /// If E is present and has a .keys() method, then does:  for k in E.keys(): D[k] = E[k]
    /// If E is present and lacks a .keys() method, then does:  for k, v in E: D[k] = v
    /// In either case, this is followed by: for k in F:  D[k] = F[k]
    #[method(name = "update")]
    #[signature("(self, /, *args, **kwargs)")]
    fn py_update(&self, py: Python, args: Args, kwargs: Option<&PyDict>) -> PyResult<()> {
        self.update_common(py, "update", args.as_slice(), kwargs)
    }

    /// Create a new dictionary with keys from iterable and values set to value.
    #[classmethod]
    #[signature("(cls, iterable, value=None, /)")]
    fn fromkeys(py: Python, cls: &PyType, iterable: &PyObject, value: &PyObject) -> PyResult {
        PyDict::from_keys(py, cls, iterable, value)
    }

    /// Remove all items from the dict.
    #[method(name = "clear")]
    #[signature("(self, /)")]
    fn py_clear(&self, py: Python) -> PyResult<()> {
        self.clear(py);
        Ok(())
    }

    /// Return a shallow copy of the dict.
    #[method(name = "copy")]
    #[signature("(self, /)")]
    fn py_copy(&self, py: Python) -> PyResult<Py<PyDict>> {
        self.copy(py)
    }

    /// Return a reverse iterator over the dict keys.
    #[method]
    #[signature("(self, /)")]
    fn __reversed__(&self, py: Python) -> PyResult<Py<PyDictRevIterKey>> {
        PyDictRevIterKey::new(py, self)
    }
}
