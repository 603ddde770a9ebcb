//! Views on dicts: `keys()`, `values()`, `items()`, and the set operations of the first and the last.

use super::PyDict;
use super::iter::*;
use crate::abstracts::sequence::{self, ReprGuard};
use crate::declare::CompareOp;
use crate::header::PyObject;
use crate::types::descr::PyMappingProxy;
use crate::types::set::{PySet, PySetObject};
use crate::{Py, PyClass, PyResult, PyStr, PyTuple, Python, Slot, StrBuilder, Trace, id, pyclass};

macro_rules! view_structs {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Trace)]
        #[repr(C)]
        pub struct $name {
            pub ob_base: PyObject,
            dv_dict: Slot<PyDict>,
        }

        const _: () = assert!(size_of::<$name>() == 24);

        impl $name {
            /// A view on `dict`.
            pub fn new(py: Python, dict: &PyDict) -> PyResult<Py<$name>> {
                $name::alloc_exact(py, |ob_base| $name { ob_base, dv_dict: Slot::some(Py::new_ref(dict)) })
            }

            fn dict(&self) -> Option<Py<PyDict>> {
                self.dv_dict.get()
            }

            fn len(&self) -> usize {
                self.dict().map_or(0, |d| d.len())
            }

            fn proxy(&self, py: Python) -> PyResult {
                match self.dict() {
                    Some(dict) => Ok(PyMappingProxy::new(py, &dict)?.into_object()),
                    None => Ok(py.none()),
                }
            }
        }
    )*};
}

view_structs! {
    /// `dict.keys()`.
    PyDictKeys;
    /// `dict.values()`.
    PyDictValuesView;
    /// `dict.items()`.
    PyDictItems;
}

/// What a view yields of an item.
type Pick = fn(Python, Py, Py) -> PyResult;

/// The dict behind a view, and what the view yields of each of its items.
pub(crate) fn viewed(view: &PyObject) -> Option<(Py<PyDict>, Pick)> {
    if let Some(view) = view.downcast_exact::<PyDictKeys>() {
        return Some((view.dict()?, |_, key, _| Ok(key)));
    }
    if let Some(view) = view.downcast_exact::<PyDictValuesView>() {
        return Some((view.dict()?, |_, _, value| Ok(value)));
    }
    if let Some(view) = view.downcast_exact::<PyDictItems>() {
        return Some((view.dict()?, |py, key, value| {
            Ok(PyTuple::from_exact_iter(py, [key, value].into_iter())?.into_object())
        }));
    }
    None
}

/// `dict_keys([…])`: the view's name and its list.
fn view_repr(py: Python, view: &PyObject) -> PyResult<Py<PyStr>> {
    let Some(_guard) = ReprGuard::enter(py, view) else { return Ok(Py::new_ref(id!(py, "..."))) };
    let list = sequence::to_list(py, view)?;
    let mut out = StrBuilder::new();
    out.push_str(view.ty().name());
    out.push_char('(' as u32);
    let text = list.as_object().repr(py)?;
    out.push_pystr(&text);
    out.push_char(')' as u32);
    out.finish(py)
}

/// True for `keys()` and `items()` views, which are set-like (`PyDictViewSet_Check`).
fn is_set_view(obj: &PyObject) -> bool {
    obj.is_type(&PyDictKeys_Type) || obj.is_type(&PyDictItems_Type)
}

/// True if all that `a` yields is in `b`.
fn all_in(py: Python, a: &PyObject, b: &PyObject) -> PyResult<bool> {
    let it = a.iter(py)?;
    while let Some(item) = it.iter_next(py)? {
        if !sequence::contains(py, b, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn view_compare(py: Python, view: &PyObject, other: &PyObject, op: CompareOp) -> PyResult {
    if PySetObject::of(other).is_none() && !is_set_view(other) {
        return Ok(py.not_implemented());
    }
    let (n, m) = (view.len(py)?, other.len(py)?);
    let answer = match op {
        CompareOp::Eq => n == m && all_in(py, view, other)?,
        CompareOp::Ne => !(n == m && all_in(py, view, other)?),
        CompareOp::Lt => n < m && all_in(py, view, other)?,
        CompareOp::Le => n <= m && all_in(py, view, other)?,
        CompareOp::Gt => n > m && all_in(py, other, view)?,
        CompareOp::Ge => n >= m && all_in(py, other, view)?,
    };
    Ok(py.bool(answer))
}

/// A set of what an operand yields.
fn to_set(py: Python, operand: &PyObject) -> PyResult<Py<PySet>> {
    PySet::from_iterable(py, operand)
}

fn view_sub(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    let set = to_set(py, a)?;
    set.difference_update(py, b)?;
    Ok(set.into_object())
}

fn view_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    let set = to_set(py, a)?;
    set.update(py, b)?;
    Ok(set.into_object())
}

/// `a & b`, one of them a view (`_PyDictView_Intersect`).
pub fn view_and(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    let (mut a, mut b) = if is_set_view(a) { (a, b) } else { (b, a) };
    let n = a.len(py)?;
    if let Some(set) = b.downcast_exact::<PySet>()
        && n as usize <= set.len()
    {
        return b.call_method(py, id!(py, "intersection"), &[a]);
    }
    // Walk over the smaller one.
    if is_set_view(b) && b.len(py)? > n {
        core::mem::swap(&mut a, &mut b);
    }
    let result = PySet::new(py)?;
    let it = b.iter(py)?;
    while let Some(item) = it.iter_next(py)? {
        if sequence::contains(py, a, &item)? {
            result.add(py, &item)?;
        }
    }
    Ok(result.into_object())
}

fn view_xor(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    if let (Some(a), Some(b)) = (a.downcast_exact::<PyDictItems>(), b.downcast_exact::<PyDictItems>())
        && let (Some(a), Some(b)) = (a.dict(), b.dict())
    {
        return items_xor(py, a, b);
    }
    let set = to_set(py, a)?;
    set.symmetric_difference_update(py, b)?;
    Ok(set.into_object())
}

/// The items that only one of two dicts has. Values need not be hashable where the dicts agree.
fn items_xor(py: Python, a: Py<PyDict>, b: Py<PyDict>) -> PyResult {
    let (a, b) = if a.len() > b.len() { (b, a) } else { (a, b) };
    let rest = a.copy(py)?;
    let result = PySet::new(py)?;
    let mut pos = 0;
    while let Some((ix, key, value, after)) = b.item_from(pos) {
        pos = after;
        let hash = b.table().hash(ix);
        // SAFETY: an item's key and value are live.
        let (key, value) = unsafe { (Py::from_borrowed(key), Py::from_borrowed(value)) };
        let same = match rest.get_known_hash(py, &key, hash)? {
            Some(mine) => mine.rich_compare_bool(py, &value, CompareOp::Eq)?,
            None => false,
        };
        if same {
            rest.del_known_hash(py, &key, hash)?;
        } else {
            let pair = PyTuple::from_array(py, [key, value])?;
            result.add(py, &pair)?;
        }
    }
    let items = PyDictItems::new(py, &rest)?;
    result.update(py, &items)?;
    Ok(result.into_object())
}

fn view_isdisjoint(py: Python, view: &PyObject, other: &PyObject) -> PyResult<bool> {
    if view.is(other) {
        return Ok(view.len(py)? == 0);
    }
    let (mut a, mut b) = (view, other);
    // Walk over the smaller one.
    if (b.is_type(&crate::types::set::PySet_Type) || is_set_view(b)) && b.len(py)? > a.len(py)? {
        core::mem::swap(&mut a, &mut b);
    }
    let it = b.iter(py)?;
    while let Some(item) = it.iter_next(py)? {
        if sequence::contains(py, a, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

#[pyclass(name = "dict_keys", static_name = PyDictKeys_Type, flags(GC, DISALLOW_INSTANTIATION), no_clear)]
impl PyDictKeys {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        view_repr(py, self)
    }
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        view_compare(py, self, other, op)
    }
    fn tp_iter(&self, py: Python) -> PyResult<Option<Py<PyDictIterKey>>> {
        self.dict().map(|d| PyDictIterKey::new(py, &d)).transpose()
    }
    fn sq_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }
    fn sq_contains(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        match self.dict() {
            Some(dict) => dict.contains(py, key),
            None => Ok(false),
        }
    }
    fn nb_subtract(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        view_sub(py, a, b)
    }
    fn nb_and(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        view_and(py, a, b)
    }
    fn nb_xor(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        view_xor(py, a, b)
    }
    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        view_or(py, a, b)
    }
    /// Return True if the view and the given iterable have a null intersection.
    #[method]
    #[signature("(self, object, /)")]
    fn isdisjoint(&self, py: Python, object: &PyObject) -> PyResult<bool> {
        view_isdisjoint(py, self, object)
    }
    /// Return a reverse iterator over the dict keys.
    #[method]
    #[signature("(self, /)")]
    fn __reversed__(&self, py: Python) -> PyResult<Option<Py<PyDictRevIterKey>>> {
        self.dict().map(|d| PyDictRevIterKey::new(py, &d)).transpose()
    }
    /// dictionary that this view refers to
    #[getter]
    fn mapping(&self, py: Python) -> PyResult {
        self.proxy(py)
    }
}

#[pyclass(name = "dict_values", static_name = PyDictValues_Type, flags(GC, DISALLOW_INSTANTIATION), no_clear)]
impl PyDictValuesView {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        view_repr(py, self)
    }
    fn tp_iter(&self, py: Python) -> PyResult<Option<Py<PyDictIterValue>>> {
        self.dict().map(|d| PyDictIterValue::new(py, &d)).transpose()
    }
    fn sq_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }
    /// Return a reverse iterator over the dict values.
    #[method]
    #[signature("(self, /)")]
    fn __reversed__(&self, py: Python) -> PyResult<Option<Py<PyDictRevIterValue>>> {
        self.dict().map(|d| PyDictRevIterValue::new(py, &d)).transpose()
    }
    /// dictionary that this view refers to
    #[getter]
    fn mapping(&self, py: Python) -> PyResult {
        self.proxy(py)
    }
}

#[pyclass(name = "dict_items", static_name = PyDictItems_Type, flags(GC, DISALLOW_INSTANTIATION), no_clear)]
impl PyDictItems {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        view_repr(py, self)
    }
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        view_compare(py, self, other, op)
    }
    fn tp_iter(&self, py: Python) -> PyResult<Option<Py<PyDictIterItem>>> {
        self.dict().map(|d| PyDictIterItem::new(py, &d)).transpose()
    }
    fn sq_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }
    fn sq_contains(&self, py: Python, pair: &PyObject) -> PyResult<bool> {
        let Some(dict) = self.dict() else { return Ok(false) };
        let Some(pair) = pair.downcast::<PyTuple>() else { return Ok(false) };
        if pair.len() != 2 {
            return Ok(false);
        }
        match dict.get(py, pair.get(0))? {
            Some(value) => value.rich_compare_bool(py, pair.get(1), CompareOp::Eq),
            None => Ok(false),
        }
    }
    fn nb_subtract(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        view_sub(py, a, b)
    }
    fn nb_and(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        view_and(py, a, b)
    }
    fn nb_xor(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        view_xor(py, a, b)
    }
    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        view_or(py, a, b)
    }
    /// Return True if the view and the given iterable have a null intersection.
    #[method]
    #[signature("(self, object, /)")]
    fn isdisjoint(&self, py: Python, object: &PyObject) -> PyResult<bool> {
        view_isdisjoint(py, self, object)
    }
    /// Return a reverse iterator over the dict items.
    #[method]
    #[signature("(self, /)")]
    fn __reversed__(&self, py: Python) -> PyResult<Option<Py<PyDictRevIterItem>>> {
        self.dict().map(|d| PyDictRevIterItem::new(py, &d)).transpose()
    }
    /// dictionary that this view refers to
    #[getter]
    fn mapping(&self, py: Python) -> PyResult {
        self.proxy(py)
    }
}
