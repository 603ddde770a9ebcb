//! Resuming generators, coroutines and asynchronous generators: `send`, `throw`, `close` and finalization.

use super::{CO_COROUTINE, PyGenerator, as_generator_or_coroutine, state};
use crate::runtime::hooks::{self, Resume, Resumed};
use crate::types::traceback::{PyTraceBack_Type, PyTraceback};
use crate::{Args, Py, PyObject, PyResult, PyStr, Python, Raised, abstracts, err, exceptions, id, raise, singletons};
use core::ptr::null_mut;
use taipan_bytecode::Opcode;

/// What came of sending a value to an iterator.
pub type Sent = Resumed;

/// `RESUME`'s argument: the yield stands in no other `try` than the one that the compiler puts around every generator.
const RESUME_OPARG_DEPTH1_MASK: u8 = 4;

/// Picks the word for the kind of generator.
fn by_kind<'a>(g: &PyGenerator, generator: &'a str, coroutine: &'a str, async_generator: &'a str) -> &'a str {
    if g.is_coroutine() {
        coroutine
    } else if g.is_async_generator() {
        async_generator
    } else {
        generator
    }
}

/// Resumes `g` with a value, or (`throw`) with the exception that is set (`gen_send_ex2`). No value is what `__next__`
/// gives. `closing`: a coroutine that is finished is left in peace.
///
/// Raises what the frame raises; ValueError if it is executing already; TypeError for a value sent to one that has not
/// begun; RuntimeError for a finished coroutine. Another finished one returns None, or raises the exception that is set.
pub fn resume(py: Python, g: &PyGenerator, value: Option<&PyObject>, throw: bool, closing: bool) -> PyResult<Resumed> {
    let frame_state = g.frame_state.get();
    if frame_state == state::CREATED && value.is_some_and(|v| !v.is_none()) {
        let kind = by_kind(g, "generator", "coroutine", "async generator");
        return Err(raise!(py, TypeError, "can't send non-None value to a just-started {kind}"));
    }
    if frame_state == state::EXECUTING {
        let kind = by_kind(g, "generator", "coroutine", "async generator");
        return Err(raise!(py, ValueError, "{kind} already executing"));
    }
    if frame_state >= state::COMPLETED {
        if g.is_coroutine() && !closing {
            return Err(raise!(py, RuntimeError, "cannot reuse already awaited coroutine"));
        }
        return if throw { Err(Raised::assume()) } else { Ok(Resumed::Returned(py.none())) };
    }
    if throw {
        chain_to_handled(py, g);
        return (hooks::get().resume)(py, g, Resume::Throw);
    }
    (hooks::get().resume)(py, g, Resume::Send(value.unwrap_or(singletons::none())))
}

/// The exception about to be thrown into a generator that is handling one gets that one as its context
/// (`_PyErr_ChainStackItem`).
fn chain_to_handled(py: Python, g: &PyGenerator) {
    // SAFETY: null or an exception that the generator owns.
    if !unsafe { g.exc_state.exc_value.get().as_ref() }.is_some_and(|e| !e.is_none()) {
        return;
    }
    let Some(exc) = err::take(py) else { return };
    let ts = py.tstate();
    let outer = ts.exc_info.replace(&raw const g.exc_state);
    g.exc_state.previous_item.set(outer);
    let _ = err::raise_exception(py, exc);
    ts.exc_info.set(outer);
    g.exc_state.previous_item.set(core::ptr::null());
}

/// What a method gives for it: the value yielded, StopIteration (or StopAsyncIteration) for a return.
pub fn as_method_result(py: Python, g: &PyGenerator, result: PyResult<Resumed>) -> PyResult {
    match result? {
        Resumed::Yielded(v) => Ok(v),
        Resumed::Returned(_) if g.is_async_generator() => {
            Err(err::raise_value(py, exceptions::StopAsyncIteration(), singletons::none()))
        }
        Resumed::Returned(v) if v.is_none() => Err(err::stop_iteration(py, None)),
        Resumed::Returned(v) => Err(err::stop_iteration(py, Some(&v))),
    }
}

/// `send(value)`.
pub fn send(py: Python, g: &PyGenerator, value: Option<&PyObject>) -> PyResult {
    as_method_result(py, g, resume(py, g, value, false, false))
}

/// Throws the exception that is set.
fn throw_pending(py: Python, g: &PyGenerator, closing: bool) -> PyResult {
    as_method_result(py, g, resume(py, g, Some(singletons::none()), true, closing))
}

/// `__next__()`: `None` at the end. A value returned raises StopIteration.
pub fn next(py: Python, g: &PyGenerator) -> PyResult<Option<Py>> {
    match resume(py, g, None, false, false)? {
        Resumed::Yielded(v) => Ok(Some(v)),
        Resumed::Returned(v) if v.is_none() => Ok(None),
        Resumed::Returned(v) => Err(err::stop_iteration(py, Some(&v))),
    }
}

/// Ends a generator without running any of its code.
fn abandon(g: &PyGenerator) {
    g.frame_state.set(state::CLEARED);
    g.iframe.previous.set(null_mut());
    // SAFETY: the frame is suspended and never resumed: it is marked cleared.
    unsafe {
        (hooks::get().clear_frame)((&raw const g.iframe) as *mut _);
        let handled = g.exc_state.exc_value.replace(null_mut());
        drop(Py::<PyObject>::from_owned_nullable(handled));
    }
}

/// Is the frame suspended where nothing would see a GeneratorExit?
fn closes_silently(py: Python, g: &PyGenerator) -> bool {
    // SAFETY: the frame is suspended, so that its code is whole.
    let unit = unsafe { *g.iframe.instr_ptr.get() };
    let resumes = [Opcode::RESUME as u8, Opcode::RESUME_CHECK as u8].contains(&unit.op);
    // A code object that tools watch has an INSTRUMENTED_RESUME there; monitoring of unwinding needs the exception.
    resumes && unit.arg & RESUME_OPARG_DEPTH1_MASK != 0 && py.interp().monitoring_version.get() == 0
}

/// `close()` (`gen_close`): raises GeneratorExit where the generator is suspended, after closing what it delegates to.
/// Gives what the generator returns then. RuntimeError if it yields.
pub fn close(py: Python, g: &PyGenerator) -> PyResult {
    if g.frame_state.get() == state::CREATED {
        let _hold = Py::new_ref(g);
        abandon(g);
        return Ok(py.none());
    }
    if g.is_finished() {
        return Ok(py.none());
    }
    let mut closed = Ok(());
    if let Some(inner) = g.yield_from() {
        let before = g.frame_state.replace(state::EXECUTING);
        closed = close_inner(py, &inner);
        g.frame_state.set(before);
    }
    if g.is_suspended() && closed.is_ok() && closes_silently(py, g) {
        let _hold = Py::new_ref(g);
        abandon(g);
        return Ok(py.none());
    }
    if closed.is_ok() {
        let _ = err::raise_value(py, exceptions::GeneratorExit(), singletons::none());
    }
    if throw_pending(py, g, true).is_ok() {
        let kind = by_kind(g, "generator", "coroutine", "async generator");
        return Err(raise!(py, RuntimeError, "{kind} ignored GeneratorExit"));
    }
    if err::matches(py, exceptions::GeneratorExit()) {
        err::clear(py);
        return Ok(py.none());
    }
    take_stop_iteration(py)
}

/// If the exception that is set is a StopIteration, takes it and gives its value (`_PyGen_FetchStopIterationValue`);
/// None if no exception is set.
pub fn take_stop_iteration(py: Python) -> PyResult {
    if !err::occurred(py) {
        return Ok(py.none());
    }
    if !err::matches(py, exceptions::StopIteration()) {
        return Err(Raised::assume());
    }
    match err::take(py) {
        Some(exc) => Ok(exceptions::stop_iteration_value(&exc)),
        None => Ok(py.none()),
    }
}

/// Closes what a generator delegates to (`gen_close_iter`).
fn close_inner(py: Python, inner: &PyObject) -> PyResult<()> {
    let _guard = py.enter_recursive(" while closing a generator")?;
    if let Some(g) = as_generator_or_coroutine(inner) {
        return close(py, g).map(drop);
    }
    match inner.getattr_opt(py, id!(py, "close")) {
        Ok(Some(method)) => method.call(py, &[]).map(drop),
        Ok(None) => Ok(()),
        Err(_) => {
            unraisable(py, "Exception ignored while closing generator", inner);
            Ok(())
        }
    }
}

/// Reports the exception that is set as one that nobody can catch.
fn unraisable(py: Python, doing: &str, obj: &PyObject) {
    let exc = err::take(py);
    let text = match obj.repr(py) {
        Ok(r) => format!("{doing} {}", r.to_string_lossy()),
        Err(_) => {
            err::clear(py);
            doing.to_owned()
        }
    };
    if let Some(exc) = exc {
        let _ = err::restore(py, exc);
    }
    err::write_unraisable_msg(py, &text, None);
}

/// The arguments of `throw`.
#[derive(Clone, Copy)]
pub struct Thrown<'a> {
    /// An exception class or instance.
    pub exc: &'a PyObject,
    pub value: Option<&'a PyObject>,
    pub traceback: Option<&'a PyObject>,
}

impl<'a> Thrown<'a> {
    /// From the one to three arguments of `method`, which warns of the form with more than one (deprecated since 3.12).
    pub fn from_args(py: Python, method: &str, args: &'a Args<'a>) -> PyResult<Thrown<'a>> {
        args.check_count(py, method, 1, 3)?;
        if args.len() > 1 {
            warn_deprecated(py, method)?;
        }
        Ok(Thrown { exc: args[0], value: args.get(1).copied(), traceback: args.get(2).copied() })
    }

    /// One exception.
    pub fn exception(exc: &'a PyObject) -> Thrown<'a> {
        Thrown { exc, value: None, traceback: None }
    }
}

/// The warning for `throw(type, value, traceback)`.
pub fn warn_deprecated(py: Python, method: &str) -> PyResult<()> {
    let text =
        format!("the (type, exc, tb) signature of {method}() is deprecated, use the single-arg signature instead.");
    err::warn(py, exceptions::DeprecationWarning(), &text, 1)
}

/// `throw(…)` (`_gen_throw`): into what the generator delegates to, if that can take it, else into the generator itself.
/// `close_on_genexit`: a GeneratorExit closes the inner iterator instead (asynchronous generators do without).
pub fn throw(py: Python, g: &PyGenerator, close_on_genexit: bool, thrown: Thrown<'_>) -> PyResult {
    if let Some(inner) = g.yield_from() {
        if close_on_genexit && exceptions::given_exception_matches(thrown.exc, exceptions::GeneratorExit()) {
            let before = g.frame_state.replace(state::EXECUTING);
            let closed = close_inner(py, &inner);
            g.frame_state.set(before);
            drop(inner);
            return match closed {
                Ok(()) => throw_here(py, g, thrown),
                Err(_) => throw_pending(py, g, false),
            };
        }
        let result = if let Some(inner) = as_generator_or_coroutine(&inner) {
            let _guard = py.enter_recursive(" while throwing into a generator")?;
            delegating(py, g, || throw(py, inner, close_on_genexit, thrown))
        } else {
            match inner.getattr_opt(py, id!(py, "throw"))? {
                None => return throw_here(py, g, thrown),
                Some(method) => delegating(py, g, || match (thrown.value, thrown.traceback) {
                    (None, _) => method.call(py, &[thrown.exc]),
                    (Some(v), None) => method.call(py, &[thrown.exc, v]),
                    (Some(v), Some(tb)) => method.call(py, &[thrown.exc, v, tb]),
                }),
            }
        };
        drop(inner);
        return match result {
            Ok(v) => Ok(v),
            // The inner iterator is done, or has raised: the generator sees it at its `yield from`.
            Err(_) => throw_pending(py, g, false),
        };
    }
    throw_here(py, g, thrown)
}

/// Runs `f` with the suspended generator's frame among the running ones, so that tracebacks show it.
fn delegating(py: Python, g: &PyGenerator, f: impl FnOnce() -> PyResult) -> PyResult {
    let ts = py.tstate();
    let outer = ts.current_frame.get();
    g.iframe.previous.set(outer);
    ts.current_frame.set((&raw const g.iframe) as *mut _);
    let before = g.frame_state.replace(state::EXECUTING);
    let result = f();
    g.frame_state.set(before);
    ts.current_frame.set(outer);
    g.iframe.previous.set(null_mut());
    result
}

/// Throws into the generator's own frame.
fn throw_here(py: Python, g: &PyGenerator, thrown: Thrown<'_>) -> PyResult {
    let mut traceback = match thrown.traceback {
        Some(tb) if tb.is_none() => None,
        Some(tb) if !tb.is_type(&PyTraceBack_Type) => {
            return Err(raise!(py, TypeError, "throw() third argument must be a traceback object"));
        }
        other => other.map(Py::new_ref),
    };
    let exc = if let Some(class) = exceptions::exception_class(thrown.exc) {
        err::instantiate(py, class, thrown.value.unwrap_or(singletons::none()))
    } else if let Some(base) = exceptions::as_base(thrown.exc) {
        if thrown.value.is_some_and(|v| !v.is_none()) {
            return Err(raise!(py, TypeError, "instance exception may not have a separate value"));
        }
        if traceback.is_none() {
            traceback = base.traceback.get().map(Py::into_object);
        }
        Ok(Py::new_ref(thrown.exc))
    } else {
        return Err(raise!(
            py,
            TypeError,
            "exceptions must be classes or instances deriving from BaseException, not {}",
            thrown.exc.ty().full_name()
        ));
    };
    // An exception that arises while the exception is made is what is thrown.
    if let Ok(exc) = exc {
        if let Some(base) = exceptions::as_base(&exc) {
            // SAFETY: checked above to be a traceback.
            base.traceback.set(traceback.map(|tb| unsafe { tb.cast_unchecked::<PyTraceback>() }));
        }
        let _ = err::restore(py, exc);
    }
    throw_pending(py, g, false)
}

/// `__del__` (`_PyGen_Finalize`): closes a generator that is suspended; warns of a coroutine that was never awaited;
/// hands an asynchronous generator to its event loop's hook.
pub fn finalize(py: Python, g: &PyGenerator) {
    if g.is_finished() {
        return;
    }
    let pending = err::take(py);
    let hook = if g.is_async_generator() && g.closed.get() == 0 { g.origin_or_finalizer.get() } else { None };
    if let Some(hook) = hook {
        if hook.call(py, &[g]).is_err() {
            unraisable(py, "Exception ignored while finalizing generator", g);
        }
    } else if g.code().co_flags.get() & CO_COROUTINE != 0 && g.frame_state.get() == state::CREATED {
        warn_unawaited_coroutine(py, g);
    } else if close(py, g).is_err() {
        unraisable(py, "Exception ignored while closing generator", g);
    }
    err::clear(py);
    if let Some(exc) = pending {
        let _ = err::restore(py, exc);
    }
}

/// A RuntimeWarning with `g` as its source; what comes of it cannot be raised.
fn warn_runtime(py: Python, g: &PyGenerator, text: &str) {
    let warned = PyStr::new(py, text)
        .and_then(|text| (hooks::get().warn)(py, exceptions::RuntimeWarning(), &text, 1, Some(g as &PyObject)));
    if warned.is_err() {
        unraisable(py, "Exception ignored while finalizing coroutine", g);
    }
}

/// "coroutine '…' was never awaited", by `warnings._warn_unawaited_coroutine`, which knows how to show the origin.
fn warn_unawaited_coroutine(py: Python, g: &PyGenerator) {
    let mut warned = false;
    // While the interpreter ends, nothing is imported any more.
    let shown = if py.interp().finalizing.get() {
        Ok(None)
    } else {
        (hooks::get().import_module)(py, id!(py, "warnings"))
            .and_then(|module| module.getattr_opt(py, id!(py, "_warn_unawaited_coroutine")))
    };
    match shown {
        Ok(Some(function)) => {
            warned = function.call(py, &[g]).is_ok() || err::matches(py, exceptions::RuntimeWarning());
        }
        Ok(None) => {}
        Err(_) if err::matches(py, exceptions::ImportError()) => err::clear(py),
        Err(_) => {}
    }
    if err::occurred(py) {
        unraisable(py, "Exception ignored while finalizing coroutine", g);
    }
    if !warned {
        let name = g.qualname.get();
        let name = name.as_ref().map_or("".into(), |n| n.to_string_lossy());
        warn_runtime(py, g, &format!("coroutine '{name}' was never awaited"));
    }
}

/// The warning for what `asend()`, `athrow()` and `aclose()` give, when it was never awaited.
pub fn warn_unawaited_method(py: Python, g: &PyGenerator, method: &str) {
    let pending = err::take(py);
    let name = match g.qualname.get() {
        Some(n) => n.repr(py).map(|r| r.to_string_lossy().into_owned()),
        None => Ok(String::new()),
    };
    match name {
        Ok(name) => warn_runtime(py, g, &format!("coroutine method '{method}' of {name} was never awaited")),
        Err(_) => unraisable(py, "Exception ignored while finalizing coroutine", g),
    }
    err::clear(py);
    if let Some(exc) = pending {
        let _ = err::restore(py, exc);
    }
}

/// Sends a value to any iterator (`PyIter_Send`): None to one without `am_send` is `next()`.
pub fn iter_send(py: Python, iter: &PyObject, value: &PyObject) -> PyResult<Sent> {
    if let Some(f) = iter.ty().as_async().and_then(|a| a.am_send.get()) {
        let mut result = null_mut();
        // SAFETY: a slot of the object's own type; on success it has stored an owned reference.
        unsafe {
            return match f(iter.as_ptr(), value.as_ptr(), &mut result) {
                crate::typeobj::PYGEN_NEXT => Ok(Resumed::Yielded(Py::from_owned(result))),
                crate::typeobj::PYGEN_RETURN => Ok(Resumed::Returned(Py::from_owned(result))),
                _ => Err(Raised::assume()),
            };
        }
    }
    let sent = match iter.ty().tp_iternext.get() {
        Some(next) if value.is_none() && abstracts::iter::is_iterator(iter) => {
            // SAFETY: a slot of the object's own type.
            unsafe { Py::from_owned_nullable(next(iter.as_ptr())) }
        }
        _ => iter.call_method(py, id!(py, "send"), &[value]).ok(),
    };
    match sent {
        Some(v) => Ok(Resumed::Yielded(v)),
        None => take_stop_iteration(py).map(Resumed::Returned),
    }
}
