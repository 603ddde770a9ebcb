//! The types `generator`, `coroutine` and `async_generator`.

use super::run::{self, Thrown};
use super::{CO_ASYNC_GENERATOR, GENERATOR_HEAD, PyGenerator, async_gen, state};
use crate::declare::Send;
use crate::memory::{alloc, gc, trashcan};
use crate::runtime::hooks::{self, Resumed};
use crate::runtime::tstate::ErrStackItem;
use crate::types::frame::{InterpreterFrame, PyFrame, visit_frame};
use crate::types::type_::subtype::finalize_from_dealloc;
use crate::types::weakref;
use crate::{Args, Py, PyLayout, PyLong, PyObject, PyResult, PyStr, Python, Slot, Stop, Visit, pyclass, raise};
use core::cell::Cell;
use core::mem::offset_of;
use core::ptr::null_mut;

/// The layout of a generator once more, for types of their own: the fields have the names that show as attributes.
macro_rules! like_generator {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[repr(C)]
        pub struct $name {
            pub ob_base: PyObject,
            weakreflist: Slot,
            name: Slot<PyStr>,
            qualname: Slot<PyStr>,
            exc_state: ErrStackItem,
            cr_origin: Slot,
            hooks_inited: Cell<u8>,
            closed: Cell<u8>,
            ag_running: Cell<u8>,
            frame_state: Cell<i8>,
            iframe: InterpreterFrame,
        }

        const _: () = {
            assert!(size_of::<$name>() == size_of::<PyGenerator>());
            assert!(offset_of!($name, cr_origin) == offset_of!(PyGenerator, origin_or_finalizer));
            assert!(offset_of!($name, ag_running) == offset_of!(PyGenerator, running_async));
            assert!(offset_of!($name, iframe) == offset_of!(PyGenerator, iframe));
        };

        // SAFETY: starts with the header.
        unsafe impl PyLayout for $name {}

        impl core::ops::Deref for $name {
            type Target = PyGenerator;
            #[inline(always)]
            fn deref(&self) -> &PyGenerator {
                // SAFETY: the same layout, field for field.
                unsafe { &*(self as *const $name as *const PyGenerator) }
            }
        }
    };
}
like_generator!(
    /// `coroutine`.
    PyCoroutine
);
like_generator!(
    /// `async_generator`.
    PyAsyncGenerator
);

/// `tp_dealloc` of all three.
unsafe fn dealloc(this: *mut PyObject) {
    // SAFETY: the generator's last count is gone; what is done keeps it whole until it is freed.
    unsafe {
        let py = Python::assume();
        let g = &*(this as *const PyGenerator);
        if gc::is_tracked(g) {
            gc::untrack(g);
        }
        if !g.weakreflist.is_none() {
            weakref::clear_weakrefs(g);
        }
        if !g.is_finished() && !gc::is_finalized(g) {
            // The finalizer may run code and collect: the object must be known meanwhile.
            gc::track(g);
            if !finalize_from_dealloc(py, this) {
                return;
            }
            gc::untrack(g);
        }
        if !trashcan::begin(this) {
            return;
        }
        g.origin_or_finalizer.clear();
        if g.frame_state.get() != state::CLEARED {
            g.frame_state.set(state::CLEARED);
            g.iframe.previous.set(null_mut());
            (hooks::get().clear_frame)((&raw const g.iframe) as *mut _);
            let handled = g.exc_state.exc_value.replace(null_mut());
            drop(Py::<PyObject>::from_owned_nullable(handled));
        }
        g.iframe.f_executable.get().close();
        g.name.clear();
        g.qualname.clear();
        alloc::free(this);
        trashcan::end();
    }
}

/// `tp_traverse` of all three.
unsafe fn traverse(g: *const PyGenerator, visit: &mut Visit) -> Result<(), Stop> {
    // SAFETY: alive.
    let g = unsafe { &*g };
    visit.raw(g.name.as_raw() as *mut PyObject)?;
    visit.raw(g.qualname.as_raw() as *mut PyObject)?;
    visit.raw(g.exc_state.exc_value.get())?;
    visit.raw(g.origin_or_finalizer.as_raw())?;
    match g.frame_state.get() {
        // While it runs, its stack is in flux. What is not visited counts as referred to from outside, which is true:
        // whatever the frame refers to is in use.
        state::EXECUTING => Ok(()),
        state::CLEARED => {
            let code = g.iframe.f_executable.get();
            if code.is_counted() { visit.raw(code.as_ptr()) } else { Ok(()) }
        }
        _ => {
            visit.raw(g.iframe.frame_obj.get() as *mut PyObject)?;
            visit_frame(&g.iframe, visit)
        }
    }
}

impl PyGenerator {
    fn repr_as(&self, py: Python, kind: &str) -> PyResult<Py<PyStr>> {
        let mut text = crate::StrBuilder::new();
        text.push_str(&format!("<{kind} object "));
        if let Some(name) = self.qualname.get() {
            text.push_pystr(&name);
        }
        text.push_str(&format!(" at {self:p}>"));
        text.finish(py)
    }

    fn frame_of(&self, py: Python, attribute: &str) -> PyResult {
        self.audit_attribute(py, attribute)?;
        if self.is_finished() {
            return Ok(py.none());
        }
        Ok(PyFrame::of(py, &self.iframe)?.into_object())
    }

    fn code_of(&self, py: Python, attribute: &str) -> PyResult {
        self.audit_attribute(py, attribute)?;
        Ok(Py::new_ref(self.code()).into_object())
    }

    fn audit_attribute(&self, py: Python, attribute: &str) -> PyResult<()> {
        let name = PyStr::intern(py, attribute)?;
        (hooks::get().audit)(py, "object.__getattr__", &[self, &name])
    }

    fn delegate(&self, py: Python) -> Py {
        self.yield_from().unwrap_or_else(|| py.none())
    }

    fn size_of(&self, py: Python) -> PyResult<Py<PyLong>> {
        let code = self.code();
        let slots = (code.co_nlocalsplus.get() + code.co_stacksize.get()) as usize;
        PyLong::from_usize(py, GENERATOR_HEAD + slots * size_of::<usize>())
    }

    fn set_name_field(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        self.name.set(Some(name_value(py, "__name__", value)?));
        Ok(())
    }

    fn set_qualname_field(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        self.qualname.set(Some(name_value(py, "__qualname__", value)?));
        Ok(())
    }
}

fn name_value(py: Python, attribute: &str, value: Option<&PyObject>) -> PyResult<Py<PyStr>> {
    match value.and_then(|v| v.downcast::<PyStr>()) {
        Some(s) => Ok(Py::new_ref(s)),
        None => Err(raise!(py, TypeError, "{attribute} must be set to a string object")),
    }
}

fn answer(result: PyResult<Resumed>) -> PyResult<Send> {
    Ok(match result? {
        Resumed::Yielded(v) => Send::Next(v),
        Resumed::Returned(v) => Send::Return(v),
    })
}

#[pyclass(
    name = "generator",
    static_name = PyGen_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    basicsize = super::GENERATOR_HEAD,
    itemsize = 8,
    weaklist = weakreflist,
    iter_self,
)]
impl PyGenerator {
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: as any tp_dealloc.
        unsafe { dealloc(this as *mut PyObject) }
    }

    unsafe fn tp_traverse(this: *mut Self, visit: &mut Visit) -> Result<(), Stop> {
        // SAFETY: as any tp_traverse.
        unsafe { traverse(this, visit) }
    }

    fn tp_finalize(&self, py: Python) {
        run::finalize(py, self);
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.repr_as(py, "generator")
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        run::next(py, self)
    }

    fn am_send(&self, py: Python, value: &PyObject) -> PyResult<Send> {
        answer(run::resume(py, self, Some(value), false, false))
    }

    /// Resume the generator, with value as the result of the yield expression it
    /// is waiting in. Return what it yields next; raise StopIteration at its end.
    #[method]
    #[signature("($self, object, /)")]
    fn send(&self, py: Python, value: &PyObject) -> PyResult {
        run::send(py, self, Some(value))
    }

    /// throw(value)
    /// throw(type[,value[,tb]])
    ///
    /// Raise an exception where the generator is waiting. Return what it yields
    /// next; raise StopIteration at its end.
    /// The form with more than one argument is deprecated and may go away in a
    /// future version of Python.
    #[method]
    #[signature("($self, /, *args)", hidden)]
    fn throw(&self, py: Python, args: Args<'_>) -> PyResult {
        let thrown = Thrown::from_args(py, "throw", &args)?;
        run::throw(py, self, true, thrown)
    }

    /// Raise GeneratorExit where the generator is waiting.
    #[method]
    fn close(&self, py: Python) -> PyResult {
        run::close(py, self)
    }

    /// Size of the generator in memory, in bytes.
    #[method]
    fn __sizeof__(&self, py: Python) -> PyResult<Py<PyLong>> {
        self.size_of(py)
    }

    /// Generators are generic in what they yield, take and return.
    #[classmethod]
    #[signature("($type, object, /)")]
    fn __class_getitem__(py: Python, cls: &crate::PyType, item: &PyObject) -> PyResult {
        crate::types::generic_alias::new(py, cls, item)
    }

    /// name of the generator
    #[getter]
    fn __name__(&self) -> Option<Py<PyStr>> {
        self.name.get()
    }
    #[setter]
    fn set___name__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        self.set_name_field(py, value)
    }
    /// qualified name of the generator
    #[getter]
    fn __qualname__(&self) -> Option<Py<PyStr>> {
        self.qualname.get()
    }
    #[setter]
    fn set___qualname__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        self.set_qualname_field(py, value)
    }
    /// the iterator that yield from is taking values from, or None
    #[getter]
    fn gi_yieldfrom(&self, py: Python) -> Py {
        self.delegate(py)
    }
    #[getter]
    fn gi_running(&self) -> bool {
        self.frame_state.get() == state::EXECUTING
    }
    #[getter]
    fn gi_frame(&self, py: Python) -> PyResult {
        self.frame_of(py, "gi_frame")
    }
    #[getter]
    fn gi_suspended(&self) -> bool {
        self.is_suspended()
    }
    #[getter]
    fn gi_code(&self, py: Python) -> PyResult {
        self.code_of(py, "gi_code")
    }
}

#[pyclass(
    name = "coroutine",
    static_name = PyCoro_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    basicsize = super::GENERATOR_HEAD,
    itemsize = 8,
    weaklist = weakreflist,
    members(cr_origin: OBJECT readonly),
)]
impl PyCoroutine {
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: as any tp_dealloc.
        unsafe { dealloc(this as *mut PyObject) }
    }

    unsafe fn tp_traverse(this: *mut Self, visit: &mut Visit) -> Result<(), Stop> {
        // SAFETY: as any tp_traverse; the layout is a generator's.
        unsafe { traverse(this as *const PyGenerator, visit) }
    }

    fn tp_finalize(&self, py: Python) {
        run::finalize(py, self);
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.repr_as(py, "coroutine")
    }

    fn am_await(&self, py: Python) -> PyResult {
        super::awaitable::wrap_coroutine(py, self)
    }

    fn am_send(&self, py: Python, value: &PyObject) -> PyResult<Send> {
        answer(run::resume(py, self, Some(value), false, false))
    }

    /// Resume the coroutine, with arg as the result of what it is waiting for.
    /// Return what it waits for next; raise StopIteration at its end.
    #[method]
    #[signature("($self, object, /)")]
    fn send(&self, py: Python, value: &PyObject) -> PyResult {
        run::send(py, self, Some(value))
    }

    /// throw(value)
    /// throw(type[,value[,traceback]])
    ///
    /// Raise an exception where the coroutine is waiting. Return what it waits for
    /// next; raise StopIteration at its end.
    /// The form with more than one argument is deprecated and may go away in a
    /// future version of Python.
    #[method]
    #[signature("($self, /, *args)", hidden)]
    fn throw(&self, py: Python, args: Args<'_>) -> PyResult {
        let thrown = Thrown::from_args(py, "throw", &args)?;
        run::throw(py, self, true, thrown)
    }

    /// Raise GeneratorExit where the coroutine is waiting.
    #[method]
    fn close(&self, py: Python) -> PyResult {
        run::close(py, self)
    }

    /// Size of the coroutine in memory, in bytes.
    #[method]
    fn __sizeof__(&self, py: Python) -> PyResult<Py<PyLong>> {
        self.size_of(py)
    }

    /// Coroutines are generic in what they yield, take and return.
    #[classmethod]
    #[signature("($type, object, /)")]
    fn __class_getitem__(py: Python, cls: &crate::PyType, item: &PyObject) -> PyResult {
        crate::types::generic_alias::new(py, cls, item)
    }

    /// name of the coroutine
    #[getter]
    fn __name__(&self) -> Option<Py<PyStr>> {
        self.name.get()
    }
    #[setter]
    fn set___name__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        self.set_name_field(py, value)
    }
    /// qualified name of the coroutine
    #[getter]
    fn __qualname__(&self) -> Option<Py<PyStr>> {
        self.qualname.get()
    }
    #[setter]
    fn set___qualname__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        self.set_qualname_field(py, value)
    }
    /// the object that is awaited, or None
    #[getter]
    fn cr_await(&self, py: Python) -> Py {
        self.delegate(py)
    }
    #[getter]
    fn cr_running(&self) -> bool {
        self.frame_state.get() == state::EXECUTING
    }
    #[getter]
    fn cr_frame(&self, py: Python) -> PyResult {
        self.frame_of(py, "cr_frame")
    }
    #[getter]
    fn cr_code(&self, py: Python) -> PyResult {
        self.code_of(py, "cr_code")
    }
    #[getter]
    fn cr_suspended(&self) -> bool {
        self.is_suspended()
    }
}

#[pyclass(
    name = "async_generator",
    static_name = PyAsyncGen_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    basicsize = super::GENERATOR_HEAD,
    itemsize = 8,
    weaklist = weakreflist,
    members(ag_running: BOOL readonly),
)]
impl PyAsyncGenerator {
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: as any tp_dealloc.
        unsafe { dealloc(this as *mut PyObject) }
    }

    unsafe fn tp_traverse(this: *mut Self, visit: &mut Visit) -> Result<(), Stop> {
        // SAFETY: as any tp_traverse; the layout is a generator's.
        unsafe { traverse(this as *const PyGenerator, visit) }
    }

    fn tp_finalize(&self, py: Python) {
        run::finalize(py, self);
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        debug_assert!(self.code().co_flags.get() & CO_ASYNC_GENERATOR != 0);
        self.repr_as(py, "async_generator")
    }

    fn am_aiter(&self, _py: Python) -> PyResult {
        Ok(Py::new_ref(self as &PyObject))
    }

    fn am_anext(&self, py: Python) -> PyResult {
        async_gen::asend(py, self, None)
    }

    fn am_send(&self, py: Python, value: &PyObject) -> PyResult<Send> {
        answer(run::resume(py, self, Some(value), false, false))
    }

    /// Return an awaitable that resumes the generator with value.
    #[method]
    #[signature("($self, object, /)")]
    fn asend(&self, py: Python, value: &PyObject) -> PyResult {
        async_gen::asend(py, self, Some(value))
    }

    /// athrow(value)
    /// athrow(type[,value[,tb]])
    ///
    /// Return an awaitable that raises an exception where the generator is waiting.
    /// The form with more than one argument is deprecated and may go away in a
    /// future version of Python.
    #[method]
    #[signature("($self, /, *args)", hidden)]
    fn athrow(&self, py: Python, args: Args<'_>) -> PyResult {
        async_gen::athrow(py, self, &args)
    }

    /// Return an awaitable that raises GeneratorExit where the generator is waiting.
    #[method]
    fn aclose(&self, py: Python) -> PyResult {
        async_gen::aclose(py, self)
    }

    /// Size of the generator in memory, in bytes.
    #[method]
    fn __sizeof__(&self, py: Python) -> PyResult<Py<PyLong>> {
        self.size_of(py)
    }

    /// Asynchronous generators are generic in what they yield and take.
    #[classmethod]
    #[signature("($type, object, /)")]
    fn __class_getitem__(py: Python, cls: &crate::PyType, item: &PyObject) -> PyResult {
        crate::types::generic_alias::new(py, cls, item)
    }

    /// name of the async generator
    #[getter]
    fn __name__(&self) -> Option<Py<PyStr>> {
        self.name.get()
    }
    #[setter]
    fn set___name__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        self.set_name_field(py, value)
    }
    /// qualified name of the async generator
    #[getter]
    fn __qualname__(&self) -> Option<Py<PyStr>> {
        self.qualname.get()
    }
    #[setter]
    fn set___qualname__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        self.set_qualname_field(py, value)
    }
    /// the object that is awaited, or None
    #[getter]
    fn ag_await(&self, py: Python) -> Py {
        self.delegate(py)
    }
    #[getter]
    fn ag_frame(&self, py: Python) -> PyResult {
        self.frame_of(py, "ag_frame")
    }
    #[getter]
    fn ag_code(&self, py: Python) -> PyResult {
        self.code_of(py, "ag_code")
    }
    #[getter]
    fn ag_suspended(&self) -> bool {
        self.is_suspended()
    }
}
