//! Frames: the interpreter's own record of a running function ([`InterpreterFrame`], on the data stack or inside a
//! generator) and the frame object that programs see ([`PyFrame`]), made only when asked for.

mod class;
mod lineno;
pub mod locals;
pub mod stackref;

pub use class::{PyFrame_Type, visit_frame};
pub use locals::PyFrameLocalsProxy_Type;
pub use stackref::StackRef;

use crate::types::code::PyCode;
use crate::types::dict::PyDict;
use crate::types::function::PyFunction;
use crate::{Py, PyLayout, PyObject, Slot};
use core::cell::Cell;

/// Where a frame's memory is (`enum _frameowner`).
pub const OWNED_BY_THREAD: u8 = 0;
pub const OWNED_BY_GENERATOR: u8 = 1;
pub const OWNED_BY_FRAME_OBJECT: u8 = 2;
pub const OWNED_BY_INTERPRETER: u8 = 3;
pub const OWNED_BY_CSTACK: u8 = 4;

/// A code unit: opcode and argument (`_Py_CODEUNIT`).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CodeUnit {
    pub op: u8,
    pub arg: u8,
}

/// `_PyInterpreterFrame`: what runs. Locals, cells, free variables and the evaluation stack follow.
#[repr(C)]
pub struct InterpreterFrame {
    /// The code object (or None for an interpreter-owned entry frame).
    pub f_executable: Cell<StackRef>,
    pub previous: Cell<*mut InterpreterFrame>,
    /// The function; owned or borrowed as the stack reference says.
    pub f_funcobj: Cell<StackRef>,
    /// Borrowed from the function.
    pub f_globals: Cell<*mut PyDict>,
    /// Borrowed from the function.
    pub f_builtins: Cell<*mut PyObject>,
    /// Owned; null in optimised functions.
    pub f_locals: Cell<*mut PyObject>,
    /// Owned; null until someone asks for the frame object.
    pub frame_obj: Cell<*mut PyFrame>,
    /// The instruction being executed, or about to be.
    pub instr_ptr: Cell<*mut CodeUnit>,
    pub stackpointer: Cell<*mut StackRef>,
    /// Code units to skip on return into this frame.
    pub return_offset: Cell<u16>,
    pub owner: Cell<u8>,
    pub visited: Cell<u8>,
    pub localsplus: [Cell<StackRef>; 1],
}

const _: () = assert!(core::mem::offset_of!(InterpreterFrame, localsplus) == 80);

/// Words of a frame before its locals (`FRAME_SPECIALS_SIZE`).
pub const FRAME_SPECIALS_SIZE: usize = 10;

impl InterpreterFrame {
    /// The code object. Not for interpreter-owned entry frames.
    #[inline(always)]
    pub fn code(&self) -> &PyCode {
        // SAFETY: a frame's executable is a code object, kept alive by the frame.
        unsafe { &*(self.f_executable.get().as_ptr() as *const PyCode) }
    }

    #[inline(always)]
    pub fn function(&self) -> &PyFunction {
        // SAFETY: a frame's function is kept alive by the frame or its caller.
        unsafe { &*(self.f_funcobj.get().as_ptr() as *const PyFunction) }
    }

    #[inline(always)]
    pub fn globals(&self) -> &PyDict {
        // SAFETY: kept alive by the function.
        unsafe { &*self.f_globals.get() }
    }

    #[inline(always)]
    pub fn builtins(&self) -> &PyObject {
        // SAFETY: kept alive by the function.
        unsafe { &*self.f_builtins.get() }
    }

    /// First local.
    #[inline(always)]
    pub fn locals_ptr(&self) -> *mut StackRef {
        self.localsplus.as_ptr() as *mut StackRef
    }

    /// Bottom of the evaluation stack.
    #[inline(always)]
    pub fn stack_base(&self) -> *mut StackRef {
        // SAFETY: the frame has room for its locals and its stack.
        unsafe { self.locals_ptr().add(self.code().co_nlocalsplus.get() as usize) }
    }

    /// Index of the current instruction in code units; -1 before the first one.
    #[inline]
    pub fn lasti(&self) -> isize {
        // SAFETY: both point into the same code.
        unsafe { self.instr_ptr.get().offset_from(self.code().code_ptr()) }
    }

    /// The line of the current instruction; -1 if it has none.
    pub fn line_number(&self) -> i32 {
        let lasti = self.lasti();
        if lasti < 0 { self.code().co_firstlineno.get() } else { self.code().line_of(lasti as usize) }
    }

    /// True while the frame has not reached its first traceable instruction: it does not show in tracebacks
    /// (`_PyFrame_IsIncomplete`).
    #[inline]
    pub fn is_incomplete(&self) -> bool {
        if self.owner.get() >= OWNED_BY_INTERPRETER {
            return true;
        }
        if self.owner.get() == OWNED_BY_GENERATOR {
            return false;
        }
        // SAFETY: both point into the same code.
        unsafe { self.instr_ptr.get() < self.code().code_ptr().add(self.code()._co_firsttraceable.get() as usize) }
    }

    /// The next complete frame outwards, this one included.
    pub fn first_complete(mut frame: *mut InterpreterFrame) -> *mut InterpreterFrame {
        // SAFETY: frames in the chain are alive.
        unsafe {
            while !frame.is_null() && (*frame).is_incomplete() {
                frame = (*frame).previous.get();
            }
        }
        frame
    }
}

/// `PyFrameObject`: what `sys._getframe()` and tracebacks give.
#[repr(C)]
pub struct PyFrame {
    pub ob_base: PyObject,
    pub f_back: Slot<PyFrame>,
    /// The frame it stands for: on the data stack, in a generator, or in `f_frame_data` once that one is gone.
    pub f_frame: Cell<*mut InterpreterFrame>,
    pub f_trace: Slot,
    pub f_lineno: Cell<i32>,
    pub f_trace_lines: Cell<u8>,
    pub f_trace_opcodes: Cell<u8>,
    pub f_extra_locals: Slot<PyDict>,
    pub f_locals_cache: Slot,
    pub f_overwritten_fast_locals: Slot,
    pub f_frame_data: [usize; 1],
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyFrame {}

impl core::ops::Deref for PyFrame {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

impl PyFrame {
    /// The frame object that stands for `frame`, made now if there is none yet (`_PyFrame_GetFrameObject`).
    pub fn of(py: crate::Python, frame: &InterpreterFrame) -> crate::PyResult<Py<PyFrame>> {
        let existing = frame.frame_obj.get();
        if !existing.is_null() {
            // SAFETY: the frame owns its reference to the object.
            return Ok(unsafe { Py::from_borrowed(existing) });
        }
        let words = frame.code().co_framesize.get() as usize;
        let size = core::mem::offset_of!(PyFrame, f_frame_data) + words * size_of::<usize>();
        let p = crate::memory::alloc::gc_new(py, &PyFrame_Type, size)? as *mut PyFrame;
        // SAFETY: the block holds the object and room for the whole frame; all fields are written. The object does not
        // own what the frame holds until the frame ends: it is not tracked until then.
        unsafe {
            macro_rules! put {
                ($field:ident, $v:expr) => {
                    (&raw mut (*p).$field).write($v)
                };
            }
            put!(f_back, Slot::empty());
            put!(f_frame, Cell::new(frame as *const _ as *mut _));
            put!(f_trace, Slot::empty());
            put!(f_lineno, Cell::new(0));
            put!(f_trace_lines, Cell::new(1));
            put!(f_trace_opcodes, Cell::new(0));
            put!(f_extra_locals, Slot::empty());
            put!(f_locals_cache, Slot::empty());
            put!(f_overwritten_fast_locals, Slot::empty());
            let obj = Py::from_owned(p);
            frame.frame_obj.set(obj.clone().into_raw());
            Ok(obj)
        }
    }
}

/// The running frame's globals.
pub fn current_globals(py: crate::Python) -> Option<Py<PyDict>> {
    let frame = InterpreterFrame::first_complete(py.tstate().current_frame.get());
    // SAFETY: a frame in the chain is alive.
    unsafe { frame.as_ref() }.map(|f| Py::new_ref(f.globals()))
}
