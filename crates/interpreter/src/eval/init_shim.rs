//! The frame between a class call and the `__init__` it runs: it holds the new instance and checks that `__init__` gave
//! None (CPython's `_Py_InitCleanup` code).

use super::{Frame, Opcode, Ts, datastack, frames};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};
use taipan_object::typeobj::PyHeapTypeObject;
use taipan_object::types::frame::{InterpreterFrame, StackRef};
use taipan_object::{Py, PyCode, PyObject, PyResult, PyType, Python};

static SHIM_CODE: AtomicPtr<PyCode> = AtomicPtr::new(null_mut());

/// The shim's code object: immortal, shared.
fn shim_code(py: Python) -> PyResult<&'static PyCode> {
    let p = SHIM_CODE.load(Ordering::Relaxed);
    if !p.is_null() {
        // SAFETY: immortal.
        return Ok(unsafe { &*p });
    }
    let code = taipan_object::types::code::new_internal(
        py,
        "__init__",
        &[(Opcode::EXIT_INIT_CHECK, 0), (Opcode::RETURN_VALUE, 0), (Opcode::RESUME, 3)],
        2,
    )?;
    code.as_object().set_immortal();
    let code = code.leak();
    SHIM_CODE.store(code as *const PyCode as *mut PyCode, Ordering::Relaxed);
    Ok(code)
}

/// Pushes the shim's frame and `__init__`'s for a call of `class` with `nargs` arguments; gives the latter, or null if that
/// raised. Takes over class and arguments. The specialiser has checked that the class makes plain instances and has a
/// simple Python `__init__` in its specialisation cache.
///
/// # Safety
/// As said.
#[inline(never)]
pub unsafe fn push_init_frames(
    py: Python,
    ts: Ts,
    class: StackRef,
    args: *const StackRef,
    nargs: usize,
    caller: Frame,
) -> *mut InterpreterFrame {
    // SAFETY: by contract.
    unsafe {
        let ty = &*(class.as_ptr() as *const PyType);
        let heap = &*(class.as_ptr() as *const PyHeapTypeObject);
        let init = StackRef::new_ref(&*heap._spec_cache.init.get());
        let give_up = || {
            for i in 0..nargs {
                (*args.add(i)).close();
            }
            init.close();
            class.close();
            null_mut()
        };
        let instance: Py<PyObject> = match Py::from_owned_or_raised(taipan_object::types::type_::PyType_GenericAlloc(
            ty as *const PyType as *mut PyType,
            0,
        )) {
            Ok(o) => o,
            Err(_) => return give_up(),
        };
        let Ok(code) = shim_code(py) else { return give_up() };
        let Ok(shim) = datastack::push(py, ts, code.co_framesize.get() as usize) else { return give_up() };
        let previous = caller as *const InterpreterFrame as *mut _;
        // The shim has a code object of its own but stands in for no function: it borrows the initialiser.
        frames::initialize(shim, init.borrow(), code, null_mut(), 0, previous);
        let self_ref = StackRef::from_owned(instance);
        *(*shim).stackpointer.get() = self_ref;
        (*shim).stackpointer.set((*shim).stackpointer.get().add(1));
        (*shim).return_offset.set(0);
        let mut all = [StackRef::NULL; 12];
        let mut heap_args = Vec::new();
        let refs: *const StackRef = if nargs < all.len() {
            all[0] = self_ref.dup();
            for i in 0..nargs {
                all[i + 1] = *args.add(i);
            }
            all.as_ptr()
        } else {
            heap_args.push(self_ref.dup());
            heap_args.extend((0..nargs).map(|i| *args.add(i)));
            heap_args.as_ptr()
        };
        let new = frames::push_and_init(py, init, null_mut(), refs, nargs + 1, None, shim);
        class.close();
        match new {
            Ok(frame) => frame,
            Err(_) => {
                frames::clear(py, &*shim);
                datastack::pop(ts, shim);
                null_mut()
            }
        }
    }
}
