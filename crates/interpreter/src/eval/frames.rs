//! Making and ending frames.

use super::{Frame, Ts, args, datastack};
use core::ptr::null_mut;
use taipan_object::memory::gc;
use taipan_object::typeobj::VECTORCALL_ARGUMENTS_OFFSET;
use taipan_object::types::frame::{
    FRAME_SPECIALS_SIZE, InterpreterFrame, OWNED_BY_FRAME_OBJECT, OWNED_BY_GENERATOR, OWNED_BY_THREAD, PyFrame,
    StackRef,
};
use taipan_object::types::generator::{PyGenerator, state};
use taipan_object::{Py, PyCode, PyFunction, PyObject, PyResult, PyTuple, Python, Raised};

/// Writes a frame's specials; locals are the caller's affair up to `locals_from`, empty from there on.
///
/// # Safety
/// `frame` is memory of `code.co_framesize` words; `func` is a function running `code`.
#[inline(always)]
pub unsafe fn initialize(
    frame: *mut InterpreterFrame,
    func: StackRef,
    code: &PyCode,
    locals: *mut PyObject,
    locals_from: usize,
    previous: *mut InterpreterFrame,
) {
    // SAFETY: by contract.
    unsafe {
        let f = &*frame;
        let function = &*(func.as_ptr() as *const PyFunction);
        f.previous.set(previous);
        f.f_funcobj.set(func);
        f.f_executable.set(StackRef::new_ref(code));
        f.f_builtins.set(function.func_builtins.as_raw());
        f.f_globals.set(function.func_globals.as_raw());
        f.f_locals.set(locals);
        f.frame_obj.set(null_mut());
        f.instr_ptr.set(code.code_ptr());
        let slots = f.locals_ptr();
        let n = code.co_nlocalsplus.get() as usize;
        f.stackpointer.set(slots.add(n));
        f.return_offset.set(0);
        f.owner.set(OWNED_BY_THREAD);
        f.visited.set(0);
        for i in locals_from..n {
            *slots.add(i) = StackRef::NULL;
        }
    }
}

/// Pushes a frame for a call whose arguments go straight into the first locals: the callee takes `co_argcount` positional
/// arguments and nothing else (what the specialised calls have checked). Takes over `func`. The caller then writes the
/// arguments. Null if the chunk is full: the caller takes the general path.
///
/// # Safety
/// As said; `code` is `func`'s.
#[inline(always)]
pub unsafe fn try_push_simple(
    ts: Ts,
    func: StackRef,
    code: &PyCode,
    null_locals_from: usize,
    previous: Frame,
) -> *mut InterpreterFrame {
    let frame = datastack::try_push(ts, code.co_framesize.get() as usize);
    if !frame.is_null() {
        // SAFETY: just pushed with the code's size.
        unsafe {
            initialize(frame, func, code, null_mut(), null_locals_from, previous as *const InterpreterFrame as *mut _)
        };
    }
    frame
}

/// Pushes a frame and binds the arguments (`_PyEvalFramePushAndInit`). Takes over `func` and all arguments, also when it
/// raises. `locals` is an owned mapping or null.
///
/// # Safety
/// `func` is a function; `args` holds `nargs` references, then one per name of `kwnames`.
pub unsafe fn push_and_init(
    py: Python,
    func: StackRef,
    locals: *mut PyObject,
    args: *const StackRef,
    nargs: usize,
    kwnames: Option<&PyTuple>,
    previous: *mut InterpreterFrame,
) -> Result<*mut InterpreterFrame, Raised> {
    let ts = py.tstate();
    // SAFETY: by contract.
    unsafe {
        let function = &*(func.as_ptr() as *const PyFunction);
        let code = function.code();
        let frame = match datastack::push(py, ts, code.co_framesize.get() as usize) {
            Ok(f) => f,
            Err(raised) => {
                let total = nargs + kwnames.map_or(0, |k| k.len());
                for i in 0..total {
                    (*args.add(i)).close();
                }
                drop(Py::<PyObject>::from_owned_nullable(locals));
                func.close();
                return Err(raised);
            }
        };
        initialize(frame, func, code, locals, 0, previous);
        if let Err(raised) = args::bind(py, function, (*frame).locals_ptr(), args, nargs, kwnames) {
            clear(py, &*frame);
            datastack::pop(ts, frame);
            return Err(raised);
        }
        Ok(frame)
    }
}

/// Pushes a frame for `exec`-like evaluation in `locals`.
pub fn push_for_eval<'a>(py: Python, func: Py<PyFunction>, locals: &PyObject) -> Result<&'a InterpreterFrame, Raised> {
    let locals = Py::new_ref(locals).into_raw();
    // SAFETY: no arguments; the frame stays until it is run.
    unsafe {
        let frame = push_and_init(py, StackRef::from_owned(func), locals, core::ptr::null(), 0, None, null_mut())?;
        Ok(&*frame)
    }
}

/// `_PyFunction_Vectorcall`: runs a Python function from native code.
///
/// # Safety
/// The vectorcall protocol; `func` is a Python function.
pub unsafe extern "C" fn function_vectorcall(
    func: *mut PyObject,
    stack: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: called with the GIL held, by the protocol.
    unsafe {
        let py = Python::assume();
        let nargs = nargsf & !VECTORCALL_ARGUMENTS_OFFSET;
        let kwnames = (kwnames as *const PyTuple).as_ref();
        let total = nargs + kwnames.map_or(0, |k| k.len());
        // The callee's frame owns its arguments.
        let mut small = [StackRef::NULL; 8];
        let mut large = Vec::new();
        let refs: *const StackRef = if total <= small.len() {
            for (i, slot) in small[..total].iter_mut().enumerate() {
                *slot = StackRef::new_ref(&**stack.add(i));
            }
            small.as_ptr()
        } else {
            large.extend((0..total).map(|i| StackRef::new_ref(&**stack.add(i))));
            large.as_ptr()
        };
        let f = StackRef::new_ref(&*func);
        let function = &*(func as *const PyFunction);
        let locals = null_mut();
        let result = push_and_init(py, f, locals, refs, nargs, kwnames, null_mut())
            .and_then(|frame| super::run(py, &*frame, false));
        let _ = function;
        match result {
            Ok(v) => v.into_raw(),
            Err(_) => null_mut(),
        }
    }
}

/// Gives back what a frame holds: locals, stack, function, code (`_PyFrame_ClearExceptCode` and the code). If a frame object
/// that someone else refers to stands for the frame, it takes the contents over instead.
///
/// # Safety
/// The frame is not running and not needed any more; its memory is the caller's.
#[inline(always)]
pub unsafe fn clear(py: Python, frame: &InterpreterFrame) {
    // SAFETY: by contract.
    unsafe {
        let executable = frame.f_executable.get();
        clear_except_code(py, frame);
        executable.close();
    }
}

/// As [`clear`], the reference to the code object stays.
///
/// # Safety
/// As [`clear`].
#[inline(always)]
pub unsafe fn clear_except_code(py: Python, frame: &InterpreterFrame) {
    // SAFETY: by contract.
    unsafe {
        if !frame.frame_obj.get().is_null() && !release_frame_object(py, frame) {
            return;
        }
        clear_locals(frame);
        frame.f_funcobj.get().close();
    }
}

/// Closes locals and stack, `f_locals` too.
///
/// # Safety
/// The frame is not running.
#[inline(always)]
pub unsafe fn clear_locals(frame: &InterpreterFrame) {
    // SAFETY: every slot below the stack pointer holds a reference or null.
    unsafe {
        let start = frame.locals_ptr();
        let mut p = frame.stackpointer.get();
        // Whatever a destructor does, it finds an empty frame.
        frame.stackpointer.set(start);
        // From the last to the first local, as a stack is unwound.
        let mut i = start;
        while i < p {
            let v = *i;
            *i = StackRef::NULL;
            v.xclose();
            i = i.add(1);
        }
        p = start;
        let _ = p;
        let locals = frame.f_locals.replace(null_mut());
        if !locals.is_null() {
            PyObject::decref(locals);
        }
    }
}

/// The frame ends while a frame object stands for it. True: nobody else has the object, it is gone, clear as usual. False:
/// the object has taken the contents.
#[cold]
#[inline(never)]
unsafe fn release_frame_object(py: Python, frame: &InterpreterFrame) -> bool {
    // SAFETY: the frame owns its reference to the object.
    unsafe {
        let obj = frame.frame_obj.replace(null_mut());
        if (*obj).refcnt() > 1 {
            take_ownership(py, &*obj, frame);
            PyObject::decref(obj as *const PyObject);
            return false;
        }
        PyObject::decref(obj as *const PyObject);
        true
    }
}

/// Moves an ending frame's contents into its frame object's own memory, and makes the object's `f_back` real.
unsafe fn take_ownership(py: Python, obj: &PyFrame, frame: &InterpreterFrame) {
    // SAFETY: the object was allocated with room for the whole frame behind its fields.
    unsafe {
        let copy = (&raw const obj.f_frame_data) as *mut InterpreterFrame;
        copy_frame(frame, copy);
        // Whoever ends the frame gives its code object back, or keeps it in the generator: the copy has its own reference.
        frame.f_executable.get().dup();
        (*copy).owner.set(OWNED_BY_FRAME_OBJECT);
        // The copy is never run, so that its code pointer need not move; but a frame that never got going shows as started.
        if frame.is_incomplete() {
            (*copy).instr_ptr.set((*copy).code().code_ptr().add((*copy).code()._co_firsttraceable.get() as usize + 1));
        }
        obj.f_frame.set(copy);
        (*copy).frame_obj.set(null_mut());
        let back = InterpreterFrame::first_complete((*copy).previous.get());
        (*copy).previous.set(null_mut());
        if obj.f_back.is_none() {
            if let Some(back) = back.as_ref() {
                // Out of memory here: the chain of frames is cut, which is all that can be done.
                match crate::frame_object::get_or_make(py, back) {
                    Ok(b) => obj.f_back.set(Some(b)),
                    Err(_) => taipan_object::err::clear(py),
                }
            }
        }
        if !gc::is_tracked(obj) {
            gc::track(obj);
        }
    }
}

/// Copies a frame with its locals and stack. References move; borrowed ones become counted.
///
/// # Safety
/// `dst` has room for the code's frame size. The source is not used afterwards but for its memory.
pub unsafe fn copy_frame(src: &InterpreterFrame, dst: *mut InterpreterFrame) {
    // SAFETY: by contract.
    unsafe {
        let used = src.stackpointer.get().offset_from(src.locals_ptr()) as usize;
        let words = FRAME_SPECIALS_SIZE;
        core::ptr::copy_nonoverlapping(src as *const _ as *const usize, dst as *mut usize, words);
        let (from, to) = (src.locals_ptr(), (*dst).locals_ptr());
        for i in 0..used {
            let v = *from.add(i);
            *to.add(i) = if v.is_null() || v.is_tagged_int() { v } else { v.heap_safe() };
        }
        (*dst).stackpointer.set(to.add(used));
        // The code of a frame that outlives its caller must be counted, as must its function.
        (*dst).f_executable.set(src.f_executable.get().heap_safe());
        let func = src.f_funcobj.get();
        (*dst).f_funcobj.set(if func.is_null() { func } else { func.heap_safe() });
    }
}

/// Ends a frame on the data stack: clears it and gives its memory back (`clear_thread_frame`).
///
/// # Safety
/// The frame is the topmost one on the data stack and not `ts.current_frame` any more.
#[inline(always)]
pub unsafe fn end_thread_frame(py: Python, ts: Ts, frame: &InterpreterFrame) {
    // SAFETY: by contract. The recursion counter is raised while destructors run, so that they have room.
    unsafe {
        clear(py, frame);
        ts.py_recursion_remaining.set(ts.py_recursion_remaining.get() + 1);
        datastack::pop(ts, frame);
    }
}

/// Ends the frame of a generator (`clear_gen_frame`): the generator is finished.
///
/// # Safety
/// The frame is a generator's, not `ts.current_frame` any more.
#[inline(never)]
pub unsafe fn end_generator_frame(py: Python, ts: Ts, frame: &InterpreterFrame) {
    // SAFETY: by contract.
    unsafe {
        let generator = generator_of(frame);
        generator.frame_state.set(state::CLEARED);
        ts.exc_info.set(generator.exc_state.previous_item.replace(core::ptr::null()));
        clear_except_code(py, frame);
        // What was being handled inside the generator goes with it.
        let exc = generator.exc_state.exc_value.replace(null_mut());
        if !exc.is_null() {
            PyObject::decref(exc);
        }
        frame.previous.set(null_mut());
        ts.py_recursion_remaining.set(ts.py_recursion_remaining.get() + 1);
    }
}

/// Ends a frame wherever it lives.
///
/// # Safety
/// As the two functions above.
#[inline(always)]
pub unsafe fn end(py: Python, ts: Ts, frame: &InterpreterFrame) {
    // SAFETY: by contract.
    unsafe {
        if frame.owner.get() == OWNED_BY_THREAD {
            end_thread_frame(py, ts, frame);
        } else {
            end_generator_frame(py, ts, frame);
        }
    }
}

/// Counts one Python call; false if the recursion limit is reached. Every frame that is entered counts, also one that
/// is then refused: ending it counts back.
#[inline(always)]
pub fn enter_recursion(ts: &taipan_object::runtime::tstate::PyThreadState) -> bool {
    let n = ts.py_recursion_remaining.get();
    ts.py_recursion_remaining.set(n - 1);
    n > 1
}

/// RecursionError. While one is being handled there is some headroom, so that the handling does not raise at once again.
#[cold]
pub fn recursion_error(py: Python) -> Raised {
    taipan_object::raise!(py, RecursionError, "maximum recursion depth exceeded")
}

/// Gives back a frame that was pushed, counted by [`enter_recursion`], and never started. A generator's frame stays as it
/// was, being its generator's.
///
/// # Safety
/// The frame is the topmost one on the data stack, or a generator's.
pub unsafe fn discard(py: Python, frame: &InterpreterFrame) {
    // SAFETY: by contract.
    unsafe {
        if frame.owner.get() == OWNED_BY_THREAD {
            clear(py, frame);
            datastack::pop(py.tstate(), frame);
        }
    }
    let ts = py.tstate();
    ts.py_recursion_remaining.set(ts.py_recursion_remaining.get() + 1);
}

/// The generator that a frame with `OWNED_BY_GENERATOR` is part of.
///
/// # Safety
/// The frame is a generator's.
#[inline(always)]
pub unsafe fn generator_of<'a>(frame: &InterpreterFrame) -> &'a PyGenerator {
    debug_assert_eq!(frame.owner.get(), OWNED_BY_GENERATOR);
    // SAFETY: the frame is the generator's last field.
    unsafe {
        &*((frame as *const InterpreterFrame as *const u8).sub(core::mem::offset_of!(PyGenerator, iframe))
            as *const PyGenerator)
    }
}

/// The value of `frame`'s code object as an owned handle.
pub fn code_of(frame: &InterpreterFrame) -> Py<PyCode> {
    Py::new_ref(frame.code())
}

/// Calls a function object with native arguments: a shorthand for tests and start-up.
pub fn call_function(py: Python, func: &PyFunction, args: &[&PyObject]) -> PyResult {
    func.call(py, args)
}
