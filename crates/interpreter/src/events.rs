//! Pending events of the evaluation loop: signals, the GIL's switch interval, the collector, pending calls, asynchronous
//! exceptions.

use core::sync::atomic::Ordering::Relaxed;
use taipan_object::memory::gc;
use taipan_object::runtime::gil_lock::{
    EVAL_ASYNC_EXCEPTION, EVAL_CALLS_TO_DO, EVAL_GC, EVAL_GIL_DROP_REQUEST, EVAL_SIGNALS_PENDING,
};
use taipan_object::runtime::tstate::PyThreadState;
use taipan_object::{Py, PyResult, Python, Raised, err, singletons};

/// Does what the thread's `eval_breaker` asks for (`_Py_HandlePending`).
#[cold]
#[inline(never)]
pub fn handle_pending(py: Python, ts: &PyThreadState) -> PyResult<()> {
    let bits = ts.eval_breaker.load(Relaxed);
    if bits & EVAL_SIGNALS_PENDING != 0 {
        ts.unset_eval_breaker(EVAL_SIGNALS_PENDING);
        py.check_signals()?;
    }
    if bits & EVAL_CALLS_TO_DO != 0 {
        ts.unset_eval_breaker(EVAL_CALLS_TO_DO);
    }
    if bits & EVAL_GC != 0 {
        ts.unset_eval_breaker(EVAL_GC);
        gc::run_requested(py);
    }
    if bits & EVAL_GIL_DROP_REQUEST != 0 {
        // Another thread waits for the GIL: let it in.
        py.allow_threads(|| {});
    }
    if bits & EVAL_ASYNC_EXCEPTION != 0 {
        ts.unset_eval_breaker(EVAL_ASYNC_EXCEPTION);
        return deliver_async_exception(py, ts);
    }
    Ok(())
}

/// Raises the exception that another thread has set for this one (`PyThreadState_SetAsyncExc`).
fn deliver_async_exception(py: Python, ts: &PyThreadState) -> PyResult<()> {
    // SAFETY: the state owns the reference.
    let exc: Option<Py> = unsafe { Py::from_owned_nullable(ts.async_exc.replace(core::ptr::null_mut())) };
    match exc {
        None => Ok(()),
        Some(exc) => Err(raise_class(py, &exc)),
    }
}

fn raise_class(py: Python, exc: &taipan_object::PyObject) -> Raised {
    match taipan_object::exceptions::exception_class(exc) {
        Some(class) => err::raise_value(py, class, singletons::none()),
        None => err::raise_exception(py, Py::new_ref(exc)),
    }
}
