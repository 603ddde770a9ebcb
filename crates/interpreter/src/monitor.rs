//! Events of running code: `sys.monitoring` (PEP 669), and `sys.settrace` and `sys.setprofile` on top of it.
//!
//! Code is instrumented only while a tool wants events of it; the functions here are called at the places where an event
//! may have to be reported that no instruction stands for.

use crate::eval::Ip;
use core::sync::atomic::Ordering::Relaxed;
use taipan_object::runtime::gil_lock::EVAL_EVENTS_MASK;
use taipan_object::types::frame::InterpreterFrame;
use taipan_object::{PyCode, PyResult, Python};

/// An exception was raised at `ip`.
#[inline(always)]
pub fn raise_event(_py: Python, _frame: &InterpreterFrame, _ip: Ip) {}
/// An exception goes on after a handler or `finally`.
#[inline(always)]
pub fn reraise_event(_py: Python, _frame: &InterpreterFrame, _ip: Ip) {}
/// An exception was thrown into a generator.
#[inline(always)]
pub fn throw_event(_py: Python, _frame: &InterpreterFrame, _ip: Ip) {}
/// An exception leaves the frame.
#[inline(always)]
pub fn unwind_event(_py: Python, _frame: &InterpreterFrame, _ip: Ip) {}
/// A handler begins.
#[inline(always)]
pub fn handled_event(_py: Python, _frame: &InterpreterFrame, _ip: Ip) -> PyResult<()> {
    Ok(())
}
/// A `for` loop swallows a StopIteration.
#[inline(always)]
pub fn stop_iteration_in_for(_py: Python) {}

/// Brings the code's instructions up to the state of the tools.
pub fn instrument(py: Python, code: &PyCode) -> PyResult<()> {
    let global = py.tstate().eval_breaker.load(Relaxed) & !EVAL_EVENTS_MASK;
    code._co_instrumentation_version.set(global);
    Ok(())
}
