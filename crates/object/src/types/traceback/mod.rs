//! `traceback`: layout and attributes.

mod class;

pub use class::PyTraceBack_Type;

use crate::types::frame::PyFrame;
use crate::{PyObject, Slot, Trace};
use core::cell::Cell;

/// `PyTracebackObject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyTraceback {
    pub ob_base: PyObject,
    pub tb_next: Slot<PyTraceback>,
    pub tb_frame: Slot<PyFrame>,
    pub tb_lasti: Cell<i32>,
    /// -1: to be computed from `tb_lasti`.
    pub tb_lineno: Cell<i32>,
}
