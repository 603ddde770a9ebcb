//! Frames of running code: `sys._getframe` and its kin; tracing and profiling.

use crate::frame_object;
use core::ptr::null_mut;
use taipan_object::runtime::hooks;
use taipan_object::types::frame::InterpreterFrame;
use taipan_object::types::function::PyFunction;
use taipan_object::{Py, PyDict, PyLong, PyObject, PyResult, PyTuple, Python, pyfunction, raise, singletons};

/// The complete frame `depth` levels up.
fn frame_at(py: Python<'_>, depth: i32) -> Option<&InterpreterFrame> {
    let mut frame = InterpreterFrame::first_complete(py.tstate().current_frame.get());
    for _ in 0..depth.max(0) {
        // SAFETY: frames in the chain are alive.
        let Some(f) = (unsafe { frame.as_ref() }) else { break };
        frame = InterpreterFrame::first_complete(f.previous.get());
    }
    // SAFETY: as above; the frame runs longer than the builtin that was called from it.
    unsafe { frame.as_ref() }
}

/// Return a frame object from the call stack.
///
/// If optional integer depth is given, return the frame object that many
/// calls below the top of the stack.  If that is deeper than the call
/// stack, ValueError is raised.  The default for depth is zero, returning
/// the frame at the top of the call stack.
///
/// This function should be used for internal and specialized purposes
/// only.
#[pyfunction]
#[signature("(depth=0, /)")]
pub fn _getframe(py: Python, depth: i32) -> PyResult {
    let Some(frame) = frame_at(py, depth) else {
        return Err(raise!(py, ValueError, "call stack is not deep enough"));
    };
    let frame = frame_object::get_or_make(py, frame)?;
    (hooks::get().audit)(py, "sys._getframe", &[&*frame])?;
    Ok(frame.into_object())
}

/// Return the name of the module for a calling frame.
///
/// The default depth returns the module containing the call to this API.
/// A more typical use in a library will pass a depth of 1 to get the user's
/// module rather than the library module.
///
/// If no frame, module, or name can be found, returns None.
#[pyfunction]
#[signature("(depth=0)")]
pub fn _getframemodulename(py: Python, depth: i32) -> PyResult {
    let number = PyLong::from_i64(py, depth as i64)?;
    (hooks::get().audit)(py, "sys._getframemodulename", &[number.as_object()])?;
    let Some(frame) = frame_at(py, depth) else { return Ok(py.none()) };
    let func = frame.f_funcobj.get();
    if func.is_null() {
        return Ok(py.none());
    }
    // SAFETY: the frame keeps its function.
    match unsafe { func.get() }.downcast_exact::<PyFunction>() {
        Some(f) => Ok(f.func_module.get().unwrap_or_else(|| py.none())),
        None => Ok(py.none()),
    }
}

/// What each thread is at, by thread number. Frame objects are made after the list of threads is let go.
fn of_threads(
    py: Python,
    mut f: impl FnMut(&taipan_object::runtime::tstate::PyThreadState) -> PyResult<Option<Py>>,
) -> PyResult<Py<PyDict>> {
    let mut threads = Vec::new();
    py.interp().for_each_thread(|t| threads.push(t as *const taipan_object::runtime::tstate::PyThreadState));
    let dict = PyDict::new(py)?;
    for t in threads {
        // SAFETY: a thread ends by taking the GIL, which is held here throughout.
        let t = unsafe { &*t };
        if let Some(value) = f(t)? {
            dict.set(py, PyLong::from_u64(py, t.thread_id.get())?.as_object(), &value)?;
        }
    }
    Ok(dict)
}

/// Return a dict mapping each thread's thread id to its current stack frame.
///
/// This function should be used for specialized purposes only.
#[pyfunction]
#[signature("()")]
pub fn _current_frames(py: Python) -> PyResult<Py<PyDict>> {
    (hooks::get().audit)(py, "sys._current_frames", &[])?;
    of_threads(py, |t| {
        // SAFETY: the frames of a thread that waits for the GIL do not move.
        let frame = unsafe { InterpreterFrame::first_complete(t.current_frame.get()).as_ref() };
        match frame {
            Some(frame) => Ok(Some(frame_object::get_or_make(py, frame)?.into_object())),
            None => Ok(None),
        }
    })
}

/// Return a dict mapping each thread's identifier to its current raised exception.
///
/// This function should be used for specialized purposes only.
#[pyfunction]
#[signature("()")]
pub fn _current_exceptions(py: Python) -> PyResult<Py<PyDict>> {
    (hooks::get().audit)(py, "sys._current_exceptions", &[])?;
    of_threads(py, |t| {
        let mut item = t.exc_info.get();
        // SAFETY: the stack of items is never empty and its items are alive.
        unsafe {
            while !(*item).previous_item.get().is_null() && (*item).exc_value.get().as_ref().is_none_or(|v| v.is_none())
            {
                item = (*item).previous_item.get();
            }
            let value = (*item).exc_value.get();
            Ok(Some(Py::new_ref(value.as_ref().unwrap_or(singletons::none()))))
        }
    })
}

/// Call func(*args), while tracing is enabled.
///
/// The tracing state is saved, and restored afterwards.  This is intended
/// to be called from a debugger from a checkpoint, to recursively debug
/// some other code.
#[pyfunction]
#[signature("(func, args, /)")]
pub fn call_tracing(py: Python, func: &PyObject, args: &PyTuple) -> PyResult {
    let ts = py.tstate();
    let tracing = ts.tracing.replace(0);
    let result = func.call_tuple(py, args, None);
    ts.tracing.set(tracing);
    result
}

/// No trace function may be set as long as no events are reported; None is what is set already.
fn refuse(py: Python, name: &str, function: &PyObject) -> PyResult<()> {
    if function.is_none() {
        return Ok(());
    }
    Err(raise!(py, NotImplementedError, "sys.{name}() is not available: events of running code are not reported yet"))
}

/// Set the global debug tracing function.
///
/// It will be called on each function call.  See the debugger chapter
/// in the library manual.
#[pyfunction]
#[signature("(function, /)")]
pub fn settrace(py: Python, function: &PyObject) -> PyResult<()> {
    refuse(py, "settrace", function)
}

/// Set the global debug tracing function in all running threads belonging to the current interpreter.
///
/// It will be called on each function call. See the debugger chapter
/// in the library manual.
#[pyfunction]
#[signature("(function, /)")]
pub fn _settraceallthreads(py: Python, function: &PyObject) -> PyResult<()> {
    refuse(py, "_settraceallthreads", function)
}

/// Return the global debug tracing function set with sys.settrace.
///
/// See the debugger chapter in the library manual.
#[pyfunction]
#[signature("()")]
pub fn gettrace(py: Python) -> Py {
    stored(py.tstate().c_traceobj.get())
}

/// Set the profiling function.
///
/// It will be called on each function call and return.  See the profiler
/// chapter in the library manual.
#[pyfunction]
#[signature("(function, /)")]
pub fn setprofile(py: Python, function: &PyObject) -> PyResult<()> {
    refuse(py, "setprofile", function)
}

/// Set the profiling function in all running threads belonging to the current interpreter.
///
/// It will be called on each function call and return.  See the profiler
/// chapter in the library manual.
#[pyfunction]
#[signature("(function, /)")]
pub fn _setprofileallthreads(py: Python, function: &PyObject) -> PyResult<()> {
    refuse(py, "_setprofileallthreads", function)
}

/// Return the profiling function set with sys.setprofile.
///
/// See the profiler chapter in the library manual.
#[pyfunction]
#[signature("()")]
pub fn getprofile(py: Python) -> Py {
    stored(py.tstate().c_profileobj.get())
}

fn stored(p: *mut PyObject) -> Py {
    if p == null_mut() {
        return Py::new_ref(singletons::none());
    }
    // SAFETY: the thread state owns what it points to.
    unsafe { Py::from_borrowed(p) }
}
