//! Awaitables around coroutines: what `coroutine.__await__()` gives, and `anext(iterator, default)`.

use super::{PyCoro_Type, PyGenerator, is_iterable_coroutine, run};
use crate::abstracts::iter::is_iterator;
use crate::{Args, Py, PyClass, PyObject, PyResult, Python, Slot, Trace, err, exceptions, id, pyclass, raise};

/// The iterator that `await obj` goes over (`_PyCoro_GetAwaitableIter`): the object itself if it is a coroutine, else what
/// its `__await__` gives. TypeError if it has none, or if that gives a coroutine or no iterator.
pub fn awaitable_iter(py: Python, obj: &PyObject) -> PyResult {
    if obj.is_type(&PyCoro_Type) || is_iterable_coroutine(obj) {
        return Ok(Py::new_ref(obj));
    }
    let Some(f) = obj.ty().as_async().and_then(|a| a.am_await.get()) else {
        return Err(raise!(py, TypeError, "'{}' object can't be awaited", obj.ty().full_name()));
    };
    // SAFETY: a slot of the object's own type.
    let iter: Py = unsafe { Py::from_owned_or_raised(f(obj.as_ptr()))? };
    if iter.is_type(&PyCoro_Type) || is_iterable_coroutine(&iter) {
        return Err(raise!(py, TypeError, "__await__() returned a coroutine"));
    }
    if !is_iterator(&iter) {
        return Err(raise!(py, TypeError, "__await__() returned non-iterator of type '{}'", iter.ty().full_name()));
    }
    Ok(iter)
}

/// `coroutine_wrapper`: a coroutine as an iterator.
#[derive(Trace)]
#[repr(C)]
pub struct PyCoroWrapper {
    pub ob_base: PyObject,
    coroutine: Slot<PyGenerator>,
}

/// What `__await__` of a coroutine gives.
pub(super) fn wrap_coroutine(py: Python, coroutine: &PyGenerator) -> PyResult {
    let coroutine = Py::new_ref(coroutine);
    let wrapper =
        PyCoroWrapper::alloc_exact(py, |head| PyCoroWrapper { ob_base: head, coroutine: Slot::some(coroutine) })?;
    Ok(wrapper.into_object())
}

impl PyCoroWrapper {
    fn coroutine(&self, py: Python) -> PyResult<Py<PyGenerator>> {
        // Empty only while the collector takes a cycle apart.
        self.coroutine.get().ok_or_else(|| err::bad_internal_call(py))
    }
}

/// An iterator over what a coroutine waits for.
#[pyclass(
    name = "coroutine_wrapper",
    static_name = _PyCoroWrapper_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    iter_self,
)]
impl PyCoroWrapper {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        run::next(py, &*self.coroutine(py)?)
    }

    /// Resume the coroutine, with arg as the result of what it is waiting for.
    /// Return what it waits for next; raise StopIteration at its end.
    #[method]
    #[signature("($self, object, /)")]
    fn send(&self, py: Python, value: &PyObject) -> PyResult {
        run::send(py, &*self.coroutine(py)?, Some(value))
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
        let thrown = run::Thrown::from_args(py, "throw", &args)?;
        run::throw(py, &*self.coroutine(py)?, true, thrown)
    }

    /// Raise GeneratorExit where the coroutine is waiting.
    #[method]
    fn close(&self, py: Python) -> PyResult {
        run::close(py, &*self.coroutine(py)?)
    }
}

/// `anext_awaitable`: an awaitable that gives a default where the wrapped one raises StopAsyncIteration.
#[derive(Trace)]
#[repr(C)]
pub struct PyAnextAwaitable {
    pub ob_base: PyObject,
    wrapped: Slot,
    default_value: Slot,
}

/// The awaitable of `anext(iterator, default)` (`PyAnextAwaitable_New`); `awaitable` is what `__anext__` gave.
pub fn new_anext_awaitable(py: Python, awaitable: &PyObject, default: &PyObject) -> PyResult {
    let (wrapped, default_value) = (Py::new_ref(awaitable), Py::new_ref(default));
    let made = PyAnextAwaitable::alloc_exact(py, |head| PyAnextAwaitable {
        ob_base: head,
        wrapped: Slot::some(wrapped),
        default_value: Slot::some(default_value),
    })?;
    Ok(made.into_object())
}

impl PyAnextAwaitable {
    /// The wrapped awaitable's iterator, one with `__next__`.
    fn inner(&self, py: Python) -> PyResult {
        let wrapped = self.wrapped.get().ok_or_else(|| err::bad_internal_call(py))?;
        let iter = awaitable_iter(py, &wrapped)?;
        if iter.ty().tp_iternext.get().is_some() {
            return Ok(iter);
        }
        // Of all that `awaitable_iter` gives, only coroutines have none.
        let Some(f) = iter.ty().as_async().and_then(|a| a.am_await.get()) else {
            return Err(raise!(py, TypeError, "__await__ must return an iterable"));
        };
        // SAFETY: a slot of the object's own type.
        let iter: Py = unsafe { Py::from_owned_or_raised(f(iter.as_raw()))? };
        if !is_iterator(&iter) {
            return Err(raise!(py, TypeError, "__await__ must return an iterable"));
        }
        Ok(iter)
    }

    /// A StopAsyncIteration that is set becomes the StopIteration that carries the default.
    fn or_default(&self, py: Python, result: PyResult) -> PyResult {
        if result.is_err() && err::matches(py, exceptions::StopAsyncIteration()) {
            err::clear(py);
            let default = self.default_value.get();
            return Err(err::stop_iteration(py, default.as_deref()));
        }
        result
    }
}

#[pyclass(
    name = "anext_awaitable",
    static_name = _PyAnextAwaitable_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    iter_self,
)]
impl PyAnextAwaitable {
    fn am_await(&self, _py: Python) -> PyResult {
        Ok(Py::new_ref(self as &PyObject))
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        let inner = self.inner(py)?;
        let Some(f) = inner.ty().tp_iternext.get() else { return Ok(None) };
        // SAFETY: a slot of the object's own type.
        match unsafe { Py::from_owned_nullable(f(inner.as_raw())) } {
            Some(v) => Ok(Some(v)),
            None if err::occurred(py) => self.or_default(py, Err(crate::Raised::assume())).map(Some),
            None => Ok(None),
        }
    }

    /// Send a value into the wrapped iterator. Return what it yields next; raise
    /// StopIteration at its end.
    #[method]
    #[signature("($self, object, /)")]
    fn send(&self, py: Python, value: &PyObject) -> PyResult {
        let inner = self.inner(py)?;
        self.or_default(py, inner.call_method(py, id!(py, "send"), &[value]))
    }

    /// throw(value)
    /// throw(type[,value[,tb]])
    ///
    /// Raise an exception in the wrapped iterator. Return what it yields next;
    /// raise StopIteration at its end.
    /// The form with more than one argument is deprecated and may go away in a
    /// future version of Python.
    #[method]
    #[signature("($self, /, *args)", hidden)]
    fn throw(&self, py: Python, args: Args<'_>) -> PyResult {
        let inner = self.inner(py)?;
        self.or_default(py, inner.call_method(py, id!(py, "throw"), &args))
    }

    /// Raise GeneratorExit in the wrapped iterator.
    #[method]
    fn close(&self, py: Python) -> PyResult {
        let inner = self.inner(py)?;
        self.or_default(py, inner.call_method(py, id!(py, "close"), &[]))
    }
}
