//! Tracebacks: an entry is added in each frame that an exception passes.

use taipan_bytecode::location;
use taipan_object::types::frame::InterpreterFrame;
use taipan_object::types::traceback::PyTraceback;
use taipan_object::{PyCode, Python, err, exceptions};

/// The line of the code unit at `lasti`; -1 if it has none.
pub fn line_of(code: &PyCode, lasti: isize) -> i32 {
    if lasti < 0 {
        return code.co_firstlineno.get();
    }
    // SAFETY: the code object keeps its table.
    let Some(table) = (unsafe { code.co_linetable.borrow() }) else { return -1 };
    for entry in location::entries(table.as_slice(), code.co_firstlineno.get()) {
        if (lasti as usize) < entry.end {
            return entry.location.line;
        }
    }
    -1
}

/// Adds an entry for `frame` to the exception that is set (`PyTraceBack_Here`).
pub fn add_frame(py: Python, frame: &InterpreterFrame) {
    let Some(exc) = err::take(py) else { return };
    if let Some(base) = exceptions::as_base(&exc) {
        let made = crate::frame_object::get_or_make(py, frame)
            .and_then(|f| PyTraceback::new(py, base.traceback.get(), f, frame.lasti() as i32 * 2, -1));
        match made {
            Ok(tb) => base.traceback.set(Some(tb)),
            // No memory for the entry: the exception goes on without it.
            Err(_) => err::clear(py),
        }
    }
    let _ = err::restore(py, exc);
}
