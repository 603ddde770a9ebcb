//! The evaluation loop.
//!
//! There is no loop: each instruction is a function, a [`Handler`], that does its work and *tail-calls* the handler of
//! the next instruction through [`HANDLERS`]. The state of the machine travels in the five arguments, that is in
//! registers:
//!
//! | argument | what it is |
//! |---|---|
//! | `ip` | the instruction being executed; its inline cache follows it |
//! | `sp` | the first free slot of the evaluation stack |
//! | `frame` | the frame it belongs to |
//! | `ts` | the thread state |
//! | `oparg` | the instruction's argument, prefixes included |
//!
//! Rust does not promise tail calls; LLVM makes them from optimisation level 2 on, as long as a handler
//! **has no value with a destructor alive, and has passed no address of a local, when it ends**. So handlers deal in
//! `Copy` words ([`StackRef`]), and whatever needs more is an `#[inline(never)]` function that they call.
//! At lower levels (see `build.rs`) the same handlers return to a trampoline instead: [`Flow`] is then the next state.
//!
//! Calls between Python functions push a frame on the thread's data stack ([`datastack`]) and go on in the same chain of
//! handlers: they take no native stack. [`run`] is the one way in; [`INTERPRETER_EXIT`](handlers) and the unwinder the ways out.
//!
//! # What a handler may rely on
//!
//! The GIL is held. `frame` is `ts.current_frame`, its code was verified or made by the compiler, so that operands are in
//! range and the stack holds what the instruction expects. Every `unsafe` in the handlers rests on this.

pub mod args;
pub mod datastack;
pub mod dispatch;
pub mod frames;
pub mod handlers;
pub mod init_shim;
pub mod specialize;
pub mod unwind;

pub use dispatch::{Flow, Frame, Handler, Ip, Sp, Ts};

use core::cell::Cell;
use core::ptr::null_mut;
pub use taipan_bytecode::Opcode;
use taipan_object::types::frame::{CodeUnit, InterpreterFrame, OWNED_BY_INTERPRETER, StackRef};
use taipan_object::{Py, PyResult, Python, Raised};

/// The handler of each instruction number, generated from the instruction table: an instruction without a handler in
/// [`handlers`] does not build.
pub static HANDLERS: [Handler; 256] = {
    macro_rules! table {
        ([] ($oparg:ident)
         base { $($bname:ident = $bnum:literal, of $bof:ident, caches $bc:literal, pops ($bpop:expr), pushes ($bpush:expr), [$($bf:ident)*];)* }
         specialized { $($sname:ident = $snum:literal, of $sof:ident, caches $sc:literal, pops ($spop:expr), pushes ($spush:expr), [$($sf:ident)*];)* }
         instrumented { $($iname:ident = $inum:literal, of $iof:ident, caches $ic:literal, pops ($ipop:expr), pushes ($ipush:expr), [$($if:ident)*];)* }
         pseudo { $($rest:tt)* }
        ) => {{
            let mut table: [Handler; 256] = [handlers::unknown_opcode; 256];
            $(table[$bnum] = handlers::$bname;)*
            $(table[$snum] = handlers::$sname;)*
            $(table[$inum] = handlers::$iname;)*
            table
        }};
    }
    taipan_bytecode::for_each_opcode!(table)
};

/// The code of an entry frame: execution ends when the called frame returns into it. A return goes on one unit behind
/// `instr_ptr`, a yield two (as behind a `SEND`).
static EXIT_CODE: [CodeUnit; 4] = [
    CodeUnit { op: Opcode::NOP as u8, arg: 0 },
    CodeUnit { op: Opcode::INTERPRETER_EXIT as u8, arg: 0 },
    CodeUnit { op: Opcode::INTERPRETER_EXIT as u8, arg: 0 },
    CodeUnit { op: Opcode::RESUME as u8, arg: 3 },
];

thread_local! {
    /// What the last chain of handlers returned; [`StackRef::NULL`] if it raised.
    static RESULT: Cell<StackRef> = const { Cell::new(StackRef::NULL) };
}

/// Called by the last handler of a chain.
#[inline(always)]
pub(crate) fn set_result(value: StackRef) {
    RESULT.set(value);
}

/// Runs `frame` (pushed, initialised, not yet linked) until it returns, yields or raises. `throw`: the exception set in
/// the thread state is raised at the frame's current instruction.
///
/// # Safety
/// `frame` is a complete frame of this thread's interpreter, owned by this call.
pub unsafe fn run(py: Python, frame: &InterpreterFrame, throw: bool) -> PyResult {
    let ts = py.tstate();
    if !frames::enter_recursion(ts) || taipan_object::runtime::stack::near_limit() {
        // SAFETY: the frame was never started.
        unsafe { frames::discard(py, frame) };
        return Err(frames::recursion_error(py));
    }
    // The entry frame: the called frame returns into its INTERPRETER_EXIT.
    let mut entry_slots = [StackRef::NULL; 2];
    let entry = InterpreterFrame {
        f_executable: Cell::new(StackRef::none()),
        previous: Cell::new(ts.current_frame.get()),
        f_funcobj: Cell::new(StackRef::NULL),
        f_globals: Cell::new(null_mut()),
        f_builtins: Cell::new(null_mut()),
        f_locals: Cell::new(null_mut()),
        frame_obj: Cell::new(null_mut()),
        instr_ptr: Cell::new(EXIT_CODE.as_ptr() as *mut CodeUnit),
        stackpointer: Cell::new(entry_slots.as_mut_ptr()),
        return_offset: Cell::new(1),
        owner: Cell::new(OWNED_BY_INTERPRETER),
        visited: Cell::new(0),
        localsplus: [Cell::new(StackRef::NULL)],
    };
    frame.previous.set((&raw const entry) as *mut InterpreterFrame);
    ts.current_frame.set(frame as *const InterpreterFrame as *mut InterpreterFrame);
    // SAFETY: the entry frame and `ts` outlive the chain of handlers.
    unsafe {
        let ts: Ts = &*(ts as *const _);
        let frame: Frame = &*(frame as *const _);
        if throw {
            dispatch::start(unwind::resume_with_exception, frame.instr_ptr.get(), frame.stackpointer.get(), frame, ts);
        } else {
            let ip = frame.instr_ptr.get();
            dispatch::start(HANDLERS[(*ip).op as usize], ip, frame.stackpointer.get(), frame, ts);
        }
        ts.current_frame.set(entry.previous.get());
        let result = RESULT.replace(StackRef::NULL);
        if result.is_null() { Err(Raised::assume()) } else { Ok(result.into_py()) }
    }
}

/// Runs a code object in given namespaces and gives its result: `exec`, modules, the command line (`PyEval_EvalCode`).
pub fn eval_code(
    py: Python,
    code: &taipan_object::PyCode,
    globals: &taipan_object::PyDict,
    locals: Option<&taipan_object::PyObject>,
    closure: Option<&taipan_object::PyTuple>,
) -> PyResult<Py> {
    let func = crate::function::new_for_eval(py, code, globals, closure)?;
    let locals = locals.unwrap_or(globals);
    let frame = frames::push_for_eval(py, func, locals)?;
    // SAFETY: just pushed.
    unsafe { run(py, frame, false) }
}

/// Runs a function's code without arguments in the namespace `locals`: a class body. Gives what it returns.
pub fn run_function_in(py: Python, func: &taipan_object::PyFunction, locals: &taipan_object::PyObject) -> PyResult<Py> {
    let frame = frames::push_for_eval(py, Py::new_ref(func), locals)?;
    // SAFETY: just pushed.
    unsafe { run(py, frame, false) }
}
