//! Tracebacks: an entry is added in each frame that an exception passes.

use taipan_object::types::frame::{InterpreterFrame, PyFrame};
use taipan_object::types::traceback::PyTraceback;
use taipan_object::{PyCode, Python, err, exceptions};

/// The line of the code unit at `lasti`; -1 if it has none, the first one before the code begins.
pub fn line_of(code: &PyCode, lasti: isize) -> i32 {
    if lasti < 0 { code.co_firstlineno.get() } else { code.line_of(lasti as usize) }
}

/// Adds an entry for `frame` to the exception that is set (`PyTraceBack_Here`). The line is computed when it is asked for.
pub fn add_frame(py: Python, frame: &InterpreterFrame) {
    let Some(exc) = err::take(py) else { return };
    if let Some(base) = exceptions::as_base(&exc) {
        let made = PyFrame::of(py, frame)
            .and_then(|f| PyTraceback::new(py, base.traceback.get(), f, frame.lasti() as i32 * 2, -1));
        match made {
            Ok(tb) => base.traceback.set(Some(tb)),
            // No memory for the entry: the exception goes on without it.
            Err(_) => err::clear(py),
        }
    }
    let _ = err::restore(py, exc);
}
