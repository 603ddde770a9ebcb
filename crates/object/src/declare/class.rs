//! Classes declared in Rust: their type objects, making and unmaking instances.

use crate::declare::convert::IntoReturn;
use crate::declare::module::InterpLocal;
use crate::declare::trace::{Stop, Trace, Visit};
use crate::handle::{Py, PyLayout, PyResult, Slot};
use crate::header::{PyObject, PyVarObject, visitproc};
use crate::memory::{alloc, gc, trashcan};
use crate::typeobj::{PyTypeObject, flags};
use crate::types::{dict::inline_values, generic_alias, type_, weakref};
use crate::{Python, raise};
use core::ffi::{c_int, c_void};

/// A Rust struct that is the layout of a Python class; implemented by `#[pyclass]`.
///
/// # Safety
/// Every object for which [`PyClass::check`] is true is laid out as `Self`.
pub unsafe trait PyClass: PyLayout + Sized + 'static {
    /// The class's plain name.
    const NAME: &'static str;
    /// Null for a heap type.
    const STATIC_TYPE: *const PyTypeObject;
    const HEAP: bool;
    const GC: bool;
    /// It has a `tp_finalize`.
    const FINALIZE: bool;
    /// Offset of the field that holds weak references, 0 if none.
    const WEAKLIST: isize;
    const MANAGED_DICT: bool;
    const MANAGED_WEAKREF: bool;
    /// Its `tp_dealloc` is the author's own.
    const CUSTOM_DEALLOC: bool;
    /// A base's `tp_dealloc` is its author's own, so that deallocation has to go through it.
    const CHAIN_DEALLOC: bool;

    /// The declaration.
    fn decl() -> &'static ClassDecl;

    /// The type object, in this interpreter.
    fn type_object<'py>(py: Python<'py>) -> &'py PyTypeObject;

    /// Is the object an instance of the class or of a subclass?
    fn check(obj: &PyObject) -> bool;

    /// Is the object an instance of exactly this class?
    #[inline(always)]
    fn check_exact(obj: &PyObject) -> bool {
        // SAFETY: whoever has an object holds the GIL.
        obj.is_type(Self::type_object(unsafe { Python::assume() }))
    }

    /// A new instance of `cls`, which is this class or a subclass, through its `tp_alloc`: `make` gets the object head for
    /// the field `ob_base` and gives the fields. The collector tracks the object, if its type says so.
    #[inline]
    fn alloc<H: ObjectHead>(py: Python, cls: &PyTypeObject, make: impl FnOnce(H) -> Self) -> PyResult<Py<Self>> {
        alloc_items(py, cls, 0, make)
    }

    /// As [`PyClass::alloc`] with room for `n` items behind the struct; `ob_size` is `n`.
    #[inline]
    fn alloc_var<H: ObjectHead>(
        py: Python,
        cls: &PyTypeObject,
        n: usize,
        make: impl FnOnce(H) -> Self,
    ) -> PyResult<Py<Self>> {
        alloc_items(py, cls, n as isize, make)
    }

    /// A new instance of exactly this class, which has no `tp_alloc` of its own.
    #[inline]
    fn alloc_exact<H: ObjectHead>(py: Python, make: impl FnOnce(H) -> Self) -> PyResult<Py<Self>> {
        let ty = Self::type_object(py);
        if H::VARIABLE || Self::MANAGED_DICT {
            return alloc_items(py, ty, 0, make);
        }
        // The size is known: straight to the allocator, without clearing what is written at once.
        let value = make(H::provisional(ty, 0));
        let size = size_of::<Self>();
        let obj = if Self::GC { alloc::gc_new(py, ty, size)? } else { alloc::new(py, ty, size)? };
        // SAFETY: the block has room for a `Self`, whose head is written; it is whole when the collector sees it.
        unsafe {
            move_fields::<Self, H>(core::mem::ManuallyDrop::new(value), obj);
            if Self::GC {
                gc::track(&*obj);
            }
            Ok(Py::from_owned(obj as *const Self))
        }
    }
}

static TYPE_DECL: ClassDecl = ClassDecl::new(&type_::PyType_Type, true, None, None);

// SAFETY: the flag is set on `type` and its subclasses, whose instances start with a `PyTypeObject`.
unsafe impl PyClass for PyTypeObject {
    const NAME: &'static str = "type";
    const STATIC_TYPE: *const PyTypeObject = &raw const type_::PyType_Type;
    const HEAP: bool = false;
    const GC: bool = true;
    const FINALIZE: bool = false;
    const WEAKLIST: isize = core::mem::offset_of!(PyTypeObject, tp_weaklist) as isize;
    const MANAGED_DICT: bool = false;
    const MANAGED_WEAKREF: bool = false;
    const CUSTOM_DEALLOC: bool = true;
    const CHAIN_DEALLOC: bool = false;
    fn decl() -> &'static ClassDecl {
        &TYPE_DECL
    }
    #[inline(always)]
    fn type_object<'py>(_: Python<'py>) -> &'py PyTypeObject {
        &type_::PyType_Type
    }
    #[inline(always)]
    fn check(obj: &PyObject) -> bool {
        obj.ty().has_feature(flags::TYPE_SUBCLASS)
    }
}

/// What `ob_base` can be in [`PyClass::alloc`].
pub trait ObjectHead: Sized {
    /// It has a size field.
    const VARIABLE: bool;
    /// A head that stands in the struct until its fields are moved to their place.
    fn provisional(ty: &PyTypeObject, nitems: isize) -> Self;
}

impl ObjectHead for PyObject {
    const VARIABLE: bool = false;
    #[inline(always)]
    fn provisional(ty: &PyTypeObject, _: isize) -> PyObject {
        PyObject::new_head(ty)
    }
}

impl ObjectHead for PyVarObject {
    const VARIABLE: bool = true;
    #[inline(always)]
    fn provisional(ty: &PyTypeObject, nitems: isize) -> PyVarObject {
        PyVarObject::static_head(ty, nitems)
    }
}

#[inline(always)]
fn alloc_items<T: PyClass, H: ObjectHead>(
    py: Python,
    cls: &PyTypeObject,
    nitems: isize,
    make: impl FnOnce(H) -> T,
) -> PyResult<Py<T>> {
    // The fields are made first: once allocated the object is known to the collector, and must be whole.
    let value = core::mem::ManuallyDrop::new(make(H::provisional(cls, nitems)));
    let Some(alloc) = cls.tp_alloc.get() else {
        drop(core::mem::ManuallyDrop::into_inner(value));
        return Err(raise!(py, SystemError, "type '{}' is not ready", cls.full_name()));
    };
    // SAFETY: tp_alloc takes its own type.
    let obj = unsafe { alloc(cls as *const PyTypeObject as *mut PyTypeObject, nitems) };
    if obj.is_null() {
        drop(core::mem::ManuallyDrop::into_inner(value));
        return Err(crate::Raised::assume());
    }
    // SAFETY: the object has room for a `T`, whose head tp_alloc has written.
    unsafe {
        move_fields::<T, H>(value, obj);
        Ok(Py::from_owned(obj as *const T))
    }
}

/// Moves the fields behind the head to `obj`, whose own head stays.
///
/// # Safety
/// `obj` has room for a `T`; what is there is not dropped.
#[inline(always)]
unsafe fn move_fields<T, H>(value: core::mem::ManuallyDrop<T>, obj: *mut PyObject) {
    const { assert!(size_of::<H>() <= size_of::<T>()) };
    let head = size_of::<H>();
    // SAFETY: by contract; the struct the fields come from is not dropped.
    unsafe {
        let from = (&raw const *value) as *const u8;
        core::ptr::copy_nonoverlapping(from.add(head), (obj as *mut u8).add(head), size_of::<T>() - head);
    }
}

/// A class as declared: what static types and heap types have in common.
pub struct ClassDecl {
    /// The static type itself; for a heap type the blueprint: name, sizes, flags, slots, suites and tables are copied
    /// from it.
    pub template: &'static PyTypeObject,
    pub is_static: bool,
    /// The base class; `None`: `object`.
    pub base: Option<fn(Python<'_>) -> &PyTypeObject>,
    /// `None`: the base's.
    pub metaclass: Option<fn(Python<'_>) -> &PyTypeObject>,
    /// The heap type of each interpreter.
    heap: InterpLocal<Slot<PyTypeObject>>,
}

impl ClassDecl {
    pub const fn new(
        template: &'static PyTypeObject,
        is_static: bool,
        base: Option<fn(Python<'_>) -> &PyTypeObject>,
        metaclass: Option<fn(Python<'_>) -> &PyTypeObject>,
    ) -> ClassDecl {
        ClassDecl { template, is_static, base, metaclass, heap: InterpLocal::new() }
    }

    /// The type object, made now if this interpreter has none yet. `module` becomes the type's module, for
    /// `PyType_GetModule`.
    pub fn get<'py>(&'static self, py: Python<'py>, module: Option<&PyObject>) -> PyResult<&'py PyTypeObject> {
        if self.is_static {
            return Ok(self.template);
        }
        let slot = self.heap.get(py);
        if slot.is_none() {
            let ty = type_::type_from_decl(py, self, module)?;
            // Making it may have made it: the first one stays.
            if slot.is_none() {
                slot.set(Some(ty));
            }
        }
        // SAFETY: set just now or before, and kept until the interpreter ends.
        Ok(unsafe { &*slot.as_raw() })
    }
}

/// The heap type of this interpreter.
#[inline]
pub fn heap_type<'py>(py: Python<'py>, decl: &'static ClassDecl) -> &'py PyTypeObject {
    let ty = decl.heap.get(py).as_raw();
    if ty.is_null() {
        return make_heap_type(py, decl);
    }
    // SAFETY: kept until the interpreter ends.
    unsafe { &*ty }
}

#[cold]
#[inline(never)]
fn make_heap_type<'py>(py: Python<'py>, decl: &'static ClassDecl) -> &'py PyTypeObject {
    match decl.get(py, None) {
        Ok(ty) => ty,
        // A module makes its classes when it is executed, where failing is an ordinary exception. Here memory has run
        // out in the middle of code that needs the class: there is no way on.
        Err(_) => {
            eprintln!("Fatal Python error: cannot create type '{}'", decl.template.full_name());
            std::process::abort()
        }
    }
}

impl PyObject {
    /// The object as a `T`, if it is an instance of that class or of a subclass.
    #[inline(always)]
    pub fn downcast<T: PyClass>(&self) -> Option<&T> {
        // SAFETY: checked.
        if T::check(self) { Some(unsafe { &*(self.as_ptr() as *const T) }) } else { None }
    }

    /// The object as a `T`, if it is an instance of exactly that class.
    #[inline(always)]
    pub fn downcast_exact<T: PyClass>(&self) -> Option<&T> {
        // SAFETY: checked.
        if T::check_exact(self) { Some(unsafe { &*(self.as_ptr() as *const T) }) } else { None }
    }

    /// The object as a `T`.
    ///
    /// # Safety
    /// It is laid out as one.
    #[inline(always)]
    pub unsafe fn downcast_unchecked<T: PyLayout>(&self) -> &T {
        // SAFETY: by contract.
        unsafe { &*(self.as_ptr() as *const T) }
    }
}

impl Py {
    /// As [`PyObject::downcast`] for an owned reference, which comes back if it is none.
    #[inline]
    pub fn downcast_into<T: PyClass>(self) -> Result<Py<T>, Py> {
        // SAFETY: checked.
        if T::check(&self) { Ok(unsafe { self.cast_unchecked() }) } else { Err(self) }
    }
}

/// Is the object an instance of `ty` or of a subclass (`PyObject_TypeCheck`)?
#[inline(always)]
pub fn type_check(obj: &PyObject, ty: &PyTypeObject) -> bool {
    obj.is_type(ty) || obj.ty().is_subtype(ty)
}

/// Does `tp_new` of `base` refuse superfluous arguments when called for `cls`? A subclass with an `__init__` of its own
/// takes them there.
///
/// # Safety
/// `cls` is a live type.
#[inline]
pub unsafe fn refuses_for_new(cls: *const PyTypeObject, base: &PyTypeObject) -> bool {
    // SAFETY: by contract.
    core::ptr::eq(cls, base) || same(unsafe { (*cls).tp_init.get() }, base.tp_init.get())
}

/// Does `tp_init` of `base` refuse superfluous arguments for `obj`?
///
/// # Safety
/// `obj` is alive.
#[inline]
pub unsafe fn refuses_for_init(obj: *const PyObject, base: &PyTypeObject) -> bool {
    // SAFETY: by contract.
    let ty = unsafe { (*obj).ty() };
    core::ptr::eq(ty, base) || ty.tp_new.get().map(|f| f as usize) == base.tp_new.get().map(|f| f as usize)
}

fn same(a: Option<crate::typeobj::initproc>, b: Option<crate::typeobj::initproc>) -> bool {
    a.map(|f| f as usize) == b.map(|f| f as usize)
}

/// The `tp_dealloc` of a declared class: finalizer, collector, weak references, fields, memory, the type's count.
///
/// # Safety
/// The object's count is zero, and it is a `T`.
pub unsafe extern "C" fn dealloc<T: PyClass>(this: *mut PyObject) {
    // SAFETY: the object is dead but whole; each step takes away what the next ones do not need.
    unsafe {
        if T::FINALIZE && !type_::subtype::finalize_from_dealloc(Python::assume(), this) {
            return;
        }
        // Called for an instance of a Python subclass, subtype_dealloc has entered the trashcan already: the object
        // must not be put aside a second time, half taken apart.
        let outermost = T::GC
            && (*this).ty().tp_dealloc.get().map(|f| f as usize)
                == T::decl().template.tp_dealloc.get().map(|f| f as usize);
        if T::GC {
            gc::untrack(&*this);
            if outermost && !trashcan::begin(this) {
                return;
            }
        }
        if T::WEAKLIST != 0 {
            let list = *((this as *const u8).offset(T::WEAKLIST) as *const *mut PyObject);
            if !list.is_null() {
                weakref::clear_weakrefs(&*this);
            }
        } else if T::MANAGED_WEAKREF {
            weakref::clear_weakrefs(&*this);
        }
        if T::MANAGED_DICT {
            inline_values::free(Python::assume(), &*this);
        }
        core::ptr::drop_in_place(this as *mut T);
        let ty: *const PyTypeObject = (*this).ty();
        if T::CHAIN_DEALLOC {
            let base = T::type_object(Python::assume()).tp_base.get();
            let base_is_heap = (*base).is_heap_type();
            if let Some(f) = (*base).tp_dealloc.get() {
                f(this);
            }
            if T::HEAP && !base_is_heap {
                PyObject::decref(ty as *const PyObject);
            }
        } else {
            if let Some(free) = (*ty).tp_free.get() {
                free(this as *mut c_void);
            }
            // A Python subclass of a static type gives its own reference back.
            if T::HEAP {
                PyObject::decref(ty as *const PyObject);
            }
        }
        if outermost {
            trashcan::end();
        }
    }
}

/// The `tp_traverse` of a declared class.
///
/// # Safety
/// `this` is a live `T`; the rest as the collector passes it.
pub unsafe extern "C" fn traverse<T: PyClass + Trace>(
    this: *mut PyObject,
    visit: visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: by contract.
    let mut visit = unsafe { Visit::from_raw(visit, arg) };
    // SAFETY: by contract.
    let result = unsafe { traverse_object::<T>(this, &mut visit) };
    Visit::code(result)
}

unsafe fn traverse_object<T: PyClass + Trace>(this: *mut PyObject, visit: &mut Visit) -> Result<(), Stop> {
    if T::HEAP {
        // SAFETY: alive. Instances of heap types hold a reference to their type; for a Python subclass of a static
        // type, subtype_traverse visits it.
        visit.object(unsafe { (*this).ty() })?;
    }
    if T::MANAGED_DICT {
        // SAFETY: the type has the flag.
        unsafe { inline_values::visit(this, visit)? };
    }
    // SAFETY: by contract.
    unsafe { (*(this as *const T)).trace(visit) }
}

/// The `tp_clear` of a declared class.
///
/// # Safety
/// `this` is a live `T`.
pub unsafe extern "C" fn clear<T: PyClass + Trace>(this: *mut PyObject) -> c_int {
    // SAFETY: by contract.
    unsafe {
        if T::MANAGED_DICT {
            inline_values::clear(Python::assume(), &*this);
        }
        Trace::clear(&*(this as *const T));
    }
    0
}

/// For `#[trace(base)]`: the base class's own `tp_traverse`.
pub fn trace_base<T: PyClass>(base: &T, visit: &mut Visit) -> Result<(), Stop> {
    // SAFETY: whoever has an object holds the GIL.
    let ty = T::type_object(unsafe { Python::assume() });
    let (function, arg) = visit.parts();
    match ty.tp_traverse.get() {
        // SAFETY: `base` is an instance of the class.
        Some(f) => Visit::result(unsafe { f(base as *const T as *mut PyObject, function, arg) }),
        None => Ok(()),
    }
}

/// For `#[trace(base)]`: the base class's own `tp_clear`.
pub fn clear_base<T: PyClass>(base: &T) {
    // SAFETY: whoever has an object holds the GIL.
    let ty = T::type_object(unsafe { Python::assume() });
    if let Some(f) = ty.tp_clear.get() {
        // SAFETY: `base` is an instance of the class.
        unsafe { f(base as *const T as *mut PyObject) };
    }
}

/// `tp_hash` of unhashable types: TypeError "unhashable type: 'list'". The type knows the function by its address, and
/// shows `__hash__` as None.
pub use crate::types::object_::PyObject_HashNotImplemented as hash_not_implemented;

/// `tp_iter` of iterators.
///
/// # Safety
/// `this` is alive.
pub unsafe extern "C" fn self_iter(this: *mut PyObject) -> *mut PyObject {
    // SAFETY: by contract.
    unsafe { Py::from_borrowed(this).into_raw() }
}

/// `__class_getitem__` that makes a generic alias (PEP 585).
///
/// # Safety
/// Both are alive; the GIL is held.
pub unsafe extern "C" fn class_getitem(cls: *mut PyObject, item: *mut PyObject) -> *mut PyObject {
    // SAFETY: by contract.
    let (py, cls, item) = unsafe { (Python::assume(), &*cls, &*item) };
    generic_alias::new(py, cls, item).into_return(py)
}
