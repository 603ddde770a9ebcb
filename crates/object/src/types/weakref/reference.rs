//! `weakref.ref`.

use super::{dead, list_of, supports};
use crate::typeobj::vectorcallfunc;
use crate::{
    Args, CompareOp, Py, PyClass, PyDict, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, StrBuilder, Trace,
    id, pyclass, raise,
};
use core::cell::Cell;
use core::ptr::null_mut;

/// `PyWeakReference`: a node in the doubly linked list that starts at the referent's weak list word.
#[derive(Trace)]
#[repr(C)]
pub struct PyWeakReference {
    pub ob_base: PyObject,
    /// Borrowed; None once the referent is gone.
    #[trace(skip)]
    pub wr_object: Cell<*const PyObject>,
    pub wr_callback: Slot,
    pub hash: Cell<isize>,
    #[trace(skip)]
    pub wr_prev: Cell<*mut PyWeakReference>,
    #[trace(skip)]
    pub wr_next: Cell<*mut PyWeakReference>,
    #[trace(skip)]
    pub vectorcall: Cell<Option<vectorcallfunc>>,
}

impl PyWeakReference {
    /// A plain reference without callback.
    pub fn new(py: Python, obj: &PyObject) -> PyResult<Py<PyWeakReference>> {
        super::new_ref(py, obj, None)
    }

    /// A new reference to the referent; `None` once it is gone or being freed.
    #[inline]
    pub fn get(&self) -> Option<Py> {
        // SAFETY: the referent clears its references before it goes.
        let obj = unsafe { &*self.wr_object.get() };
        if obj.is_none() || obj.refcnt() == 0 { None } else { Some(Py::new_ref(obj)) }
    }

    /// Takes the reference out of its referent's list; it is dead from now on. The callback stays.
    pub(super) fn detach(&self) {
        // SAFETY: the list is whole; neighbours are alive.
        unsafe {
            let obj = &*self.wr_object.get();
            if obj.is_none() {
                return;
            }
            let list = list_of(obj);
            let (prev, next) = (self.wr_prev.get(), self.wr_next.get());
            if *list == self as *const _ as *mut _ {
                *list = next;
            }
            if !prev.is_null() {
                (*prev).wr_next.set(next);
            }
            if !next.is_null() {
                (*next).wr_prev.set(prev);
            }
        }
        self.wr_prev.set(null_mut());
        self.wr_next.set(null_mut());
        self.wr_object.set(dead());
    }
}

/// The shared reference and the shared proxy at the head of the list.
unsafe fn basic_refs(list: *mut *mut PyWeakReference) -> (Option<Py<PyWeakReference>>, Option<Py<PyWeakReference>>) {
    // SAFETY: the list is whole.
    unsafe {
        let (mut plain, mut proxy) = (None, None);
        let mut r = *list;
        while let Some(node) = r.as_ref() {
            if !node.wr_callback.is_none() {
                break;
            }
            if plain.is_none() && node.is_type(&_PyWeakref_RefType) {
                plain = Some(node);
            } else if proxy.is_none()
                && (node.is_type(&super::_PyWeakref_ProxyType) || node.is_type(&super::_PyWeakref_CallableProxyType))
            {
                proxy = Some(node);
            } else {
                break;
            }
            r = node.wr_next.get();
        }
        let own = |n: Option<&PyWeakReference>| n.filter(|n| n.refcnt() > 0).map(Py::new_ref);
        (own(plain), own(proxy))
    }
}

/// Makes (or shares) a reference of class `ty` to `obj`.
pub(super) fn make(
    py: Python,
    ty: &PyType,
    obj: &PyObject,
    callback: Option<&PyObject>,
) -> PyResult<Py<PyWeakReference>> {
    if !supports(obj.ty()) {
        return Err(raise!(py, TypeError, "cannot create weak reference to '{}' object", obj.ty().name()));
    }
    let callback = callback.filter(|c| !c.is_none());
    let is_ref = ty.is(&_PyWeakref_RefType);
    let is_proxy = ty.is(&super::_PyWeakref_ProxyType) || ty.is(&super::_PyWeakref_CallableProxyType);
    // SAFETY: the type supports weak references.
    let list = unsafe { list_of(obj) };
    if callback.is_none() {
        // SAFETY: the list is whole.
        let (plain, proxy) = unsafe { basic_refs(list) };
        if let Some(found) = if is_ref {
            plain
        } else if is_proxy {
            proxy
        } else {
            None
        } {
            return Ok(found);
        }
    }
    let new = PyWeakReference::alloc(py, ty, |head| PyWeakReference {
        ob_base: head,
        wr_object: Cell::new(obj),
        wr_callback: Slot::new(callback.map(Py::new_ref)),
        hash: Cell::new(-1),
        wr_prev: Cell::new(null_mut()),
        wr_next: Cell::new(null_mut()),
        vectorcall: Cell::new(Some(call_vectorcall)),
    })?;
    // SAFETY: the list is whole. The allocation may have run a collection but no code that changes this list's order.
    unsafe {
        let (plain, proxy) = basic_refs(list);
        let after = if callback.is_none() && is_ref {
            None
        } else if callback.is_none() && is_proxy {
            plain
        } else {
            proxy.or(plain)
        };
        match after {
            None => {
                let next = *list;
                new.wr_next.set(next);
                if !next.is_null() {
                    (*next).wr_prev.set(new.as_raw());
                }
                *list = new.as_raw();
            }
            Some(prev) => {
                let next = prev.wr_next.get();
                new.wr_prev.set(prev.as_raw());
                new.wr_next.set(next);
                if !next.is_null() {
                    (*next).wr_prev.set(new.as_raw());
                }
                prev.wr_next.set(new.as_raw());
            }
        }
    }
    Ok(new)
}

unsafe extern "C" fn call_vectorcall(
    this: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the vectorcall protocol.
    unsafe {
        let py = Python::assume();
        let args = Args::vectorcall(args, nargsf, kwnames);
        let r = &*(this as *const PyWeakReference);
        let result = args
            .no_keywords("weakref")
            .and_then(|()| args.check_count(py, "weakref", 0, 0))
            .map(|()| r.get().unwrap_or_else(|| py.none()));
        match result {
            Ok(v) => v.into_raw(),
            Err(_) => null_mut(),
        }
    }
}

#[pyclass(
    name = "weakref.ReferenceType",
    static_name = _PyWeakref_RefType,
    flags(GC, BASETYPE, HAVE_VECTORCALL),
    vectorcall_offset = vectorcall,
    members(wr_callback as "__callback__": OBJECT readonly),
    class_getitem,
)]
impl PyWeakReference {
    fn tp_new(py: Python, cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PyWeakReference>> {
        let _ = kwargs;
        if args.len() == 0 || args.len() > 2 {
            let (what, n) = if args.len() == 0 { ("at least", 1) } else { ("at most", 2) };
            return Err(raise!(
                py,
                TypeError,
                "__new__ expected {what} {n} argument{}, got {}",
                if n == 1 { "" } else { "s" },
                args.len()
            ));
        }
        make(py, cls, args.get(0), if args.len() == 2 { Some(args.get(1)) } else { None })
    }

    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        if kwargs.is_some_and(|k| k.len() != 0) && self.is_type(&_PyWeakref_RefType) {
            return Err(raise!(py, TypeError, "ref() takes no keyword arguments"));
        }
        if args.len() == 0 || args.len() > 2 {
            let (what, n) = if args.len() == 0 { ("at least", 1) } else { ("at most", 2) };
            return Err(raise!(
                py,
                TypeError,
                "__init__ expected {what} {n} argument{}, got {}",
                if n == 1 { "" } else { "s" },
                args.len()
            ));
        }
        Ok(())
    }

    fn tp_call(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        if args.len() != 0 || kwargs.is_some_and(|k| k.len() != 0) {
            return Err(raise!(py, TypeError, "weakref expected 0 arguments, got {}", args.len()));
        }
        Ok(self.get().unwrap_or_else(|| py.none()))
    }

    fn tp_hash(&self, py: Python) -> PyResult<isize> {
        if self.hash.get() != -1 {
            return Ok(self.hash.get());
        }
        let Some(obj) = self.get() else {
            return Err(raise!(py, TypeError, "weak object has gone away"));
        };
        let h = obj.hash(py)?;
        self.hash.set(h);
        Ok(h)
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let Some(obj) = self.get() else {
            return PyStr::new(py, &format!("<weakref at {self:p}; dead>"));
        };
        let name = obj.getattr_opt(py, id!(py, "__name__"))?;
        let mut b = StrBuilder::new();
        b.push_str(&format!("<weakref at {self:p}; to '{}' at {:p}", obj.ty().full_name(), obj.as_raw()));
        if let Some(n) = name.as_ref().and_then(|n| n.downcast::<PyStr>()) {
            b.push_str(" (");
            b.push_pystr(n);
            b.push_str(")");
        }
        b.push_str(">");
        b.finish(py)
    }

    /// Live referents are compared; dead references by identity.
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !other.ty().is_subtype(&_PyWeakref_RefType) {
            return Ok(py.not_implemented());
        }
        // SAFETY: just checked.
        let other = unsafe { &*(other.as_ptr() as *const PyWeakReference) };
        match (self.get(), other.get()) {
            (Some(a), Some(b)) => a.rich_compare(py, &b, op),
            _ => {
                let same = core::ptr::eq(self, other);
                Ok(py.bool(same == matches!(op, CompareOp::Eq)))
            }
        }
    }

    unsafe fn tp_traverse(this: *mut Self, visit: &mut crate::Visit) -> Result<(), crate::Stop> {
        // SAFETY: alive.
        unsafe { visit.raw((*this).wr_callback.as_raw()) }
    }

    unsafe fn tp_clear(this: *mut Self) {
        // SAFETY: alive.
        unsafe {
            (*this).detach();
            (*this).wr_callback.clear();
        }
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the reference's last count is gone.
        unsafe {
            let obj = this as *mut PyObject;
            crate::memory::gc::untrack(&*obj);
            (*this).detach();
            (*this).wr_callback.clear();
            crate::memory::alloc::free_by_type(obj);
        }
    }
}
