//! The subclasses of a type: known to the base without keeping them alive.

use super::PyType;
use crate::typeobj::flags;
use crate::types::weakref::PyWeakReference;
use crate::{Py, PyList, PyResult, Python};
use core::cell::RefCell;

enum Link {
    /// A static type: it never dies.
    Static(*const PyType),
    Weak(Py<PyWeakReference>),
}

/// Direct subclasses in the order of their making.
pub struct SubclassList {
    items: RefCell<Vec<(usize, Link)>>,
}

impl SubclassList {
    pub const fn new() -> SubclassList {
        SubclassList { items: RefCell::new(Vec::new()) }
    }

    fn add(&self, py: Python, sub: &PyType) -> PyResult<()> {
        let key = core::ptr::from_ref(sub) as usize;
        let link = if sub.is_heap_type() { Link::Weak(PyWeakReference::new(py, sub)?) } else { Link::Static(sub) };
        let mut items = self.items.borrow_mut();
        match items.iter().position(|(k, _)| *k == key) {
            Some(at) => items[at].1 = link,
            None => items.push((key, link)),
        }
        Ok(())
    }

    fn remove(&self, sub: &PyType) {
        let key = core::ptr::from_ref(sub) as usize;
        // Classes that die young were made last, so search from the end.
        let at = self.items.borrow().iter().rposition(|(k, _)| *k == key);
        let removed = at.map(|at| self.items.borrow_mut().remove(at));
        drop(removed);
    }

    /// The subclasses that are alive.
    fn alive(&self) -> Vec<Py<PyType>> {
        let items = self.items.borrow();
        items
            .iter()
            .filter_map(|(_, link)| match link {
                // SAFETY: a static type is always alive.
                Link::Static(ty) => Some(unsafe { Py::from_borrowed(*ty) }),
                // SAFETY: only types are entered.
                Link::Weak(weak) => weak.get().map(|ty| unsafe { ty.cast_unchecked::<PyType>() }),
            })
            .collect()
    }
}

/// The list of `ty`, if it has one.
fn list<'a>(py: Python, ty: &'a PyType) -> Option<&'a SubclassList> {
    let p = ty.tp_subclasses.get();
    if p.is_null() {
        return None;
    }
    if ty.has_feature(flags::STATIC_BUILTIN) {
        return super::static_state(py, ty).map(|s| {
            // SAFETY: the state lives as long as the interpreter.
            unsafe { &*(&raw const s.subclasses) }
        });
    }
    // SAFETY: set by `list_or_new` to a leaked box, freed only by `free`.
    Some(unsafe { &*(p as *const SubclassList) })
}

fn list_or_new<'a>(py: Python, ty: &'a PyType) -> Option<&'a SubclassList> {
    if ty.tp_subclasses.get().is_null() && !ty.has_feature(flags::STATIC_BUILTIN) {
        ty.tp_subclasses.set(Box::into_raw(Box::new(SubclassList::new())) as *mut _);
    }
    list(py, ty).map(|l| {
        // SAFETY: as above: the list lives as long as the type.
        unsafe { &*core::ptr::from_ref(l) }
    })
}

/// Frees the list of a dying type.
///
/// # Safety
/// `ty` is a heap type that nobody uses any more.
pub(super) unsafe fn free(ty: &PyType) {
    let p = ty.tp_subclasses.replace(core::ptr::null_mut());
    if !p.is_null() {
        // SAFETY: made by `list_or_new`.
        drop(unsafe { Box::from_raw(p as *mut SubclassList) });
    }
}

/// Enters `sub` in the list of `base`.
pub(super) fn add(py: Python, base: &PyType, sub: &PyType) -> PyResult<()> {
    match list_or_new(py, base) {
        Some(list) => list.add(py, sub),
        None => Ok(()),
    }
}

/// Takes `sub` out of the list of `base`.
pub(super) fn remove(py: Python, base: &PyType, sub: &PyType) {
    if let Some(list) = list(py, base) {
        list.remove(sub);
    }
}

/// The direct subclasses that are alive.
pub fn alive(py: Python, ty: &PyType) -> Vec<Py<PyType>> {
    list(py, ty).map_or_else(Vec::new, SubclassList::alive)
}

/// `type.__subclasses__()`.
pub fn as_list(py: Python, ty: &PyType) -> PyResult<Py<PyList>> {
    PyList::from_vec(py, alive(py, ty).into_iter().map(Py::into_object).collect())
}
