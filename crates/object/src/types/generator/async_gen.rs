//! What the methods of an asynchronous generator give: awaitables that resume it when they are awaited. A value that the
//! generator yields comes wrapped, to tell it from what an `await` inside the generator yields.

use super::run::{self, Thrown};
use super::{PyGenerator, run::warn_deprecated};
use crate::header::PyGcHead;
use crate::memory::{alloc, gc};
use crate::types::type_::subtype::finalize_from_dealloc;
use crate::{
    Args, Py, PyLayout, PyObject, PyResult, PyTuple, Python, Raised, Slot, Stop, Trace, Visit, err, exceptions,
    pyclass, raise, singletons,
};
use core::cell::Cell;

/// `_PyAsyncGenWrappedValue`.
#[derive(Trace)]
#[repr(C)]
pub struct PyAsyncGenWrappedValue {
    pub ob_base: PyObject,
    value: Slot,
}

#[pyclass(
    name = "async_generator_wrapped_value",
    static_name = _PyAsyncGenWrappedValue_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    no_clear,
)]
impl PyAsyncGenWrappedValue {
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the last count is gone.
        unsafe {
            gc::untrack(&*this);
            (*this).value.clear();
            recycle(this as *mut PyObject, |lists| &lists.async_gens);
        }
    }
}

/// Wraps a value that an asynchronous generator yields (`INTRINSIC_ASYNC_GEN_WRAP`).
pub fn wrap_async_value(py: Python, value: &PyObject) -> PyResult {
    let value = Py::new_ref(value);
    // SAFETY: the fields are written before anyone sees the object.
    unsafe {
        let p = new_object(py, &_PyAsyncGenWrappedValue_Type, size_of::<PyAsyncGenWrappedValue>(), |lists| {
            &lists.async_gens
        })? as *mut PyAsyncGenWrappedValue;
        (&raw mut (*p).value).write(Slot::some(value));
        gc::track(&*p);
        Ok(Py::from_owned(p as *mut PyObject))
    }
}

type Lists = crate::memory::freelist::Freelists;
type Freelist = crate::memory::freelist::Freelist;

/// Memory for an object, from a freelist if it has some; the header is written.
unsafe fn new_object(
    py: Python,
    ty: &'static crate::PyType,
    size: usize,
    list: fn(&Lists) -> &Freelist,
) -> PyResult<*mut PyObject> {
    let p = list(&py.interp().freelists).pop();
    if p.is_null() {
        return alloc::gc_new(py, ty, size);
    }
    // SAFETY: memory of an object of this type, with its collector head.
    unsafe { alloc::init(p, ty) };
    Ok(p)
}

/// Gives a dead object's memory to a freelist, or back.
unsafe fn recycle(this: *mut PyObject, list: fn(&Lists) -> &Freelist) {
    // SAFETY: dead, untracked, exactly of the type that the list is for (none of them can be subclassed). The next object
    // made of it must be finalized again.
    unsafe {
        (*PyGcHead::of(this)).prev.set(0);
        if !list(&Python::assume().interp().freelists).push(this) {
            alloc::free(this);
        }
    }
}

/// How far an awaitable has come (`AwaitableState`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Not awaited yet.
    Init,
    /// Being awaited.
    Iter,
    /// Done.
    Closed,
}

/// What `asend()` and `__anext__()` give.
#[repr(C)]
pub struct PyAsyncGenASend {
    pub ob_base: PyObject,
    generator: Slot<PyGenerator>,
    /// Empty for `__anext__()`.
    value: Slot,
    state: Cell<State>,
}

/// What `athrow()` and `aclose()` give.
#[repr(C)]
pub struct PyAsyncGenAThrow {
    pub ob_base: PyObject,
    generator: Slot<PyGenerator>,
    /// The arguments of `athrow()`; empty for `aclose()`.
    args: Slot<PyTuple>,
    state: Cell<State>,
}

macro_rules! awaitable_layout {
    ($name:ident, $second:ident) => {
        const _: () = assert!(size_of::<$name>() == 40);

        // SAFETY: starts with the header.
        unsafe impl PyLayout for $name {}

        impl core::ops::Deref for $name {
            type Target = PyObject;
            #[inline(always)]
            fn deref(&self) -> &PyObject {
                &self.ob_base
            }
        }

        impl Trace for $name {
            fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
                self.generator.trace(visit)?;
                self.$second.trace(visit)
            }
        }

        impl $name {
            fn generator(&self, py: Python) -> PyResult<Py<PyGenerator>> {
                self.generator.get().ok_or_else(|| err::bad_internal_call(py))
            }
        }
    };
}
awaitable_layout!(PyAsyncGenASend, value);
awaitable_layout!(PyAsyncGenAThrow, args);

/// Before a generator's first use the event loop's hooks are told (`sys.set_asyncgen_hooks`).
fn init_hooks(py: Python, g: &PyGenerator) -> PyResult<()> {
    if g.hooks_inited.replace(1) != 0 {
        return Ok(());
    }
    let ts = py.tstate();
    // SAFETY: null or owned by the thread state.
    let (finalizer, first) = unsafe {
        (
            Py::<PyObject>::from_borrowed_nullable(ts.async_gen_finalizer.get()),
            Py::from_borrowed_nullable(ts.async_gen_firstiter.get()),
        )
    };
    if let Some(finalizer) = finalizer {
        g.origin_or_finalizer.set(Some(finalizer));
    }
    match first {
        Some(hook) => hook.call(py, &[g]).map(drop),
        None => Ok(()),
    }
}

/// `asend(value)`; without a value, `__anext__()`.
pub fn asend(py: Python, g: &PyGenerator, value: Option<&PyObject>) -> PyResult {
    init_hooks(py, g)?;
    let (generator, value) = (Py::new_ref(g), value.map(Py::new_ref));
    // SAFETY: all fields are written before anyone sees the object.
    unsafe {
        let p = new_object(py, &_PyAsyncGenASend_Type, size_of::<PyAsyncGenASend>(), |lists| &lists.async_gen_asends)?
            as *mut PyAsyncGenASend;
        (&raw mut (*p).generator).write(Slot::some(generator));
        (&raw mut (*p).value).write(Slot::new(value));
        (&raw mut (*p).state).write(Cell::new(State::Init));
        gc::track(&*p);
        Ok(Py::from_owned(p as *mut PyObject))
    }
}

/// `athrow(…)`.
pub fn athrow(py: Python, g: &PyGenerator, args: &Args<'_>) -> PyResult {
    if args.len() > 1 {
        warn_deprecated(py, "athrow")?;
    }
    init_hooks(py, g)?;
    let args = PyTuple::from_slice(py, args)?;
    new_athrow(py, g, Some(args))
}

/// `aclose()`.
pub fn aclose(py: Python, g: &PyGenerator) -> PyResult {
    init_hooks(py, g)?;
    new_athrow(py, g, None)
}

fn new_athrow(py: Python, g: &PyGenerator, args: Option<Py<PyTuple>>) -> PyResult {
    let generator = Py::new_ref(g);
    // SAFETY: all fields are written before anyone sees the object.
    unsafe {
        let p = alloc::gc_new(py, &_PyAsyncGenAThrow_Type, size_of::<PyAsyncGenAThrow>())? as *mut PyAsyncGenAThrow;
        (&raw mut (*p).generator).write(Slot::some(generator));
        (&raw mut (*p).args).write(Slot::new(args));
        (&raw mut (*p).state).write(Cell::new(State::Init));
        gc::track(&*p);
        Ok(Py::from_owned(p as *mut PyObject))
    }
}

fn is_wrapped(obj: &PyObject) -> bool {
    obj.is_type(&_PyAsyncGenWrappedValue_Type)
}

/// What the awaitable gives for what the generator gave: a value that was yielded ends the awaiting (as StopIteration); what
/// an `await` inside yields goes on to the event loop (`async_gen_unwrap_value`).
fn unwrap(py: Python, g: &PyGenerator, result: PyResult) -> PyResult {
    match result {
        Err(_) => {
            if err::matches(py, exceptions::StopAsyncIteration()) || err::matches(py, exceptions::GeneratorExit()) {
                g.closed.set(1);
            }
            g.running_async.set(0);
            Err(Raised::assume())
        }
        Ok(v) if is_wrapped(&v) => {
            // SAFETY: just checked.
            let value = unsafe { (*(v.as_raw() as *const PyAsyncGenWrappedValue)).value.get() };
            let raised = err::stop_iteration(py, value.as_deref());
            g.running_async.set(0);
            Err(raised)
        }
        other => other,
    }
}

/// A `close()` of an awaitable threw GeneratorExit into the generator: what that gave.
fn close_result(py: Python, result: PyResult) -> PyResult {
    match result {
        Ok(_) => Err(raise!(py, RuntimeError, "coroutine ignored GeneratorExit")),
        Err(raised) => {
            let silent = err::matches(py, exceptions::StopIteration())
                || err::matches(py, exceptions::StopAsyncIteration())
                || err::matches(py, exceptions::GeneratorExit());
            if !silent {
                return Err(raised);
            }
            err::clear(py);
            Ok(py.none())
        }
    }
}

impl PyAsyncGenASend {
    /// Awaits on: RuntimeError if that is over, or if the generator is being awaited elsewhere.
    fn begin(&self, py: Python, g: &PyGenerator) -> PyResult<()> {
        match self.state.get() {
            State::Closed => Err(raise!(py, RuntimeError, "cannot reuse already awaited __anext__()/asend()")),
            State::Init if g.running_async.get() != 0 => {
                self.state.set(State::Closed);
                Err(raise!(py, RuntimeError, "anext(): asynchronous generator is already running"))
            }
            _ => Ok(()),
        }
    }

    fn finish(&self, result: PyResult) -> PyResult {
        if result.is_err() {
            self.state.set(State::Closed);
        }
        result
    }

    fn send_value(&self, py: Python, value: Option<&PyObject>) -> PyResult {
        let g = self.generator(py)?;
        self.begin(py, &g)?;
        let own = self.value.get();
        let mut value = value;
        if self.state.get() == State::Init {
            if value.is_none_or(|v| v.is_none()) {
                value = own.as_deref();
            }
            self.state.set(State::Iter);
        }
        g.running_async.set(1);
        let result = run::send(py, &g, value);
        self.finish(unwrap(py, &g, result))
    }

    fn throw_value(&self, py: Python, check: impl FnOnce() -> PyResult<()>, thrown: Thrown<'_>) -> PyResult {
        let g = self.generator(py)?;
        self.begin(py, &g)?;
        if self.state.get() == State::Init {
            self.state.set(State::Iter);
            g.running_async.set(1);
        }
        let result = check().and_then(|()| run::throw(py, &g, true, thrown));
        self.finish(unwrap(py, &g, result))
    }
}

#[pyclass(
    name = "async_generator_asend",
    static_name = _PyAsyncGenASend_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    iter_self,
    no_clear,
)]
impl PyAsyncGenASend {
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the last count is gone; the finalizer finds the object whole.
        unsafe {
            if !finalize_from_dealloc(Python::assume(), this as *mut PyObject) {
                return;
            }
            gc::untrack(&*this);
            (*this).generator.clear();
            (*this).value.clear();
            recycle(this as *mut PyObject, |lists| &lists.async_gen_asends);
        }
    }

    fn tp_finalize(&self, py: Python) {
        if self.state.get() == State::Init
            && let Some(g) = self.generator.get()
        {
            run::warn_unawaited_method(py, &g, "asend");
        }
    }

    fn am_await(&self, _py: Python) -> PyResult {
        Ok(Py::new_ref(self as &PyObject))
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        self.send_value(py, None).map(Some)
    }

    /// Resume the generator, with value as the result of what it is waiting for.
    /// Return what it waits for next; raise StopIteration with what it yields.
    #[method]
    #[signature("($self, object, /)")]
    fn send(&self, py: Python, value: &PyObject) -> PyResult {
        self.send_value(py, Some(value))
    }

    /// throw(value)
    /// throw(type[,value[,tb]])
    ///
    /// Raise an exception where the generator is waiting.
    /// The form with more than one argument is deprecated and may go away in a
    /// future version of Python.
    #[method]
    #[signature("($self, /, *args)", hidden)]
    fn throw(&self, py: Python, args: Args<'_>) -> PyResult {
        let thrown = late_thrown(&args).unwrap_or(Thrown::exception(singletons::none()));
        self.throw_value(py, || check_thrown(py, &args), thrown)
    }

    /// Raise GeneratorExit where the generator is waiting.
    #[method]
    fn close(&self, py: Python) -> PyResult {
        if self.state.get() == State::Closed {
            return Ok(py.none());
        }
        let exit: &PyObject = exceptions::GeneratorExit();
        close_result(py, self.throw_value(py, || Ok(()), Thrown::exception(exit)))
    }
}

/// The arguments of `throw`, not yet checked: the state of the awaitable is looked at first.
fn late_thrown<'a>(args: &'a Args<'a>) -> Option<Thrown<'a>> {
    let exc = args.first()?;
    Some(Thrown { exc, value: args.get(1).copied(), traceback: args.get(2).copied() })
}

fn check_thrown(py: Python, args: &Args<'_>) -> PyResult<()> {
    Thrown::from_args(py, "throw", args).map(drop)
}

impl PyAsyncGenAThrow {
    fn is_aclose(&self) -> bool {
        self.args.is_none()
    }

    fn running_error(&self, py: Python) -> Raised {
        self.state.set(State::Closed);
        let method = if self.is_aclose() { "aclose" } else { "athrow" };
        raise!(py, RuntimeError, "{method}(): asynchronous generator is already running")
    }

    fn send_value(&self, py: Python, value: &PyObject) -> PyResult {
        let g = self.generator(py)?;
        if self.state.get() == State::Closed {
            return Err(raise!(py, RuntimeError, "cannot reuse already awaited aclose()/athrow()"));
        }
        if g.is_finished() {
            self.state.set(State::Closed);
            return Err(err::stop_iteration(py, None));
        }
        let result = if self.state.get() == State::Init {
            if g.running_async.get() != 0 {
                return Err(self.running_error(py));
            }
            if g.closed.get() != 0 {
                self.state.set(State::Closed);
                return Err(err::raise_value(py, exceptions::StopAsyncIteration(), singletons::none()));
            }
            if !value.is_none() {
                return Err(raise!(py, RuntimeError, "can't send non-None value to a just-started coroutine"));
            }
            self.state.set(State::Iter);
            g.running_async.set(1);
            match self.args.get() {
                None => {
                    g.closed.set(1);
                    // The generator may await while it ends: what it awaits is not closed.
                    let exit: &PyObject = exceptions::GeneratorExit();
                    run::throw(py, &g, false, Thrown::exception(exit))
                }
                Some(args) => {
                    let n = args.len();
                    if n == 0 || n > 3 {
                        let (bound, limit, s) = if n == 0 { ("least", 1, "") } else { ("most", 3, "s") };
                        return Err(raise!(py, TypeError, "athrow expected at {bound} {limit} argument{s}, got {n}"));
                    }
                    let thrown = Thrown {
                        exc: args.get(0),
                        value: (n > 1).then(|| args.get(1)),
                        traceback: (n > 2).then(|| args.get(2)),
                    };
                    let result = run::throw(py, &g, false, thrown);
                    let result = unwrap(py, &g, result);
                    if result.is_err() {
                        self.end(py, &g);
                    }
                    return result;
                }
            }
        } else {
            let result = run::send(py, &g, Some(value));
            if !self.is_aclose() {
                return unwrap(py, &g, result);
            }
            result
        };
        // From here on it is `aclose()`.
        match result {
            Ok(v) if is_wrapped(&v) => {
                g.running_async.set(0);
                self.state.set(State::Closed);
                Err(raise!(py, RuntimeError, "async generator ignored GeneratorExit"))
            }
            Ok(v) => Ok(v),
            Err(_) => {
                self.end(py, &g);
                Err(self.end_of_aclose(py))
            }
        }
    }

    fn end(&self, _py: Python, g: &PyGenerator) {
        g.running_async.set(0);
        self.state.set(State::Closed);
    }

    /// `aclose()` does not show how the generator ended: it is simply done, which a StopIteration says.
    fn end_of_aclose(&self, py: Python) -> Raised {
        if err::matches(py, exceptions::StopAsyncIteration()) || err::matches(py, exceptions::GeneratorExit()) {
            err::clear(py);
            return err::stop_iteration(py, None);
        }
        Raised::assume()
    }

    fn throw_value(&self, py: Python, check: impl FnOnce() -> PyResult<()>, thrown: Thrown<'_>) -> PyResult {
        let g = self.generator(py)?;
        match self.state.get() {
            State::Closed => {
                return Err(raise!(py, RuntimeError, "cannot reuse already awaited aclose()/athrow()"));
            }
            State::Init if g.running_async.get() != 0 => return Err(self.running_error(py)),
            State::Init => {
                self.state.set(State::Iter);
                g.running_async.set(1);
            }
            State::Iter => {}
        }
        let result = check().and_then(|()| run::throw(py, &g, true, thrown));
        if !self.is_aclose() {
            let result = unwrap(py, &g, result);
            if result.is_err() {
                self.state.set(State::Closed);
            }
            return result;
        }
        match result {
            Ok(v) if is_wrapped(&v) => {
                self.end(py, &g);
                Err(raise!(py, RuntimeError, "async generator ignored GeneratorExit"))
            }
            Ok(v) => Ok(v),
            Err(_) => {
                self.end(py, &g);
                Err(self.end_of_aclose(py))
            }
        }
    }
}

#[pyclass(
    name = "async_generator_athrow",
    static_name = _PyAsyncGenAThrow_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    iter_self,
    no_clear,
)]
impl PyAsyncGenAThrow {
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the last count is gone; the finalizer finds the object whole.
        unsafe {
            if !finalize_from_dealloc(Python::assume(), this as *mut PyObject) {
                return;
            }
            gc::untrack(&*this);
            (*this).generator.clear();
            (*this).args.clear();
            alloc::free(this as *mut PyObject);
        }
    }

    fn tp_finalize(&self, py: Python) {
        if self.state.get() == State::Init
            && let Some(g) = self.generator.get()
        {
            run::warn_unawaited_method(py, &g, if self.is_aclose() { "aclose" } else { "athrow" });
        }
    }

    fn am_await(&self, _py: Python) -> PyResult {
        Ok(Py::new_ref(self as &PyObject))
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        self.send_value(py, singletons::none()).map(Some)
    }

    /// Resume the generator, with value as the result of what it is waiting for.
    /// Return what it waits for next; raise StopIteration at the end.
    #[method]
    #[signature("($self, object, /)")]
    fn send(&self, py: Python, value: &PyObject) -> PyResult {
        self.send_value(py, value)
    }

    /// throw(value)
    /// throw(type[,value[,tb]])
    ///
    /// Raise an exception where the generator is waiting.
    /// The form with more than one argument is deprecated and may go away in a
    /// future version of Python.
    #[method]
    #[signature("($self, /, *args)", hidden)]
    fn throw(&self, py: Python, args: Args<'_>) -> PyResult {
        let thrown = late_thrown(&args).unwrap_or(Thrown::exception(singletons::none()));
        self.throw_value(py, || check_thrown(py, &args), thrown)
    }

    /// Raise GeneratorExit where the generator is waiting.
    #[method]
    fn close(&self, py: Python) -> PyResult {
        if self.state.get() == State::Closed {
            return Ok(py.none());
        }
        let exit: &PyObject = exceptions::GeneratorExit();
        close_result(py, self.throw_value(py, || Ok(()), Thrown::exception(exit)))
    }
}
