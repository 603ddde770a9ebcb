//! `_thread`: threads and locks.

pub mod lock;
mod threads;

use lock::{Lock, RLock};
use taipan_object::{
    Py, PyClass, PyFloat, PyModule, PyObject, PyResult, Python, exceptions, pyfunction, pymodule, raise,
};

/// Create a new lock object. See help(type(threading.Lock())) for information about locks.
#[pyfunction]
fn allocate_lock(py: Python) -> PyResult<Py<Lock>> {
    lock::new_lock(py)
}

/// An obsolete synonym of allocate_lock().
#[pyfunction]
fn allocate(py: Python) -> PyResult<Py<Lock>> {
    lock::new_lock(py)
}

/// Return a non-zero integer that uniquely identifies the current thread
/// amongst other threads that exist simultaneously.
///
/// This may be used to identify per-thread resources.
#[pyfunction]
fn get_ident(_py: Python) -> usize {
    lock::ident()
}

/// Return a non-negative integer identifying the thread as reported
/// by the OS (kernel). This may be used to uniquely identify a
/// particular thread within a system.
#[pyfunction]
fn get_native_id(_py: Python) -> i64 {
    // SAFETY: a plain system call.
    unsafe { libc::syscall(libc::SYS_gettid) }
}

/// Return True if the current interpreter is the main Python interpreter.
#[pyfunction]
fn _is_main_interpreter(py: Python) -> bool {
    core::ptr::eq(py.interp(), taipan_object::runtime::interp::main_interpreter())
}

/// Raise a SystemExit, which ends the thread.
#[pyfunction]
fn exit(py: Python) -> PyResult<()> {
    Err(taipan_object::err::raise_value(py, exceptions::SystemExit(), taipan_object::singletons::none()))
}

/// Set the name of the current thread, as the system shows it.
#[pyfunction]
#[signature("(name)")]
fn set_name(py: Python, name: &str) -> PyResult<()> {
    // The system's limit is 15 bytes and a null; a character is not cut in two.
    let mut end = name.len().min(15);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let Ok(text) = std::ffi::CString::new(&name[..end]) else {
        return Err(raise!(py, ValueError, "embedded null character"));
    };
    // SAFETY: the calling thread and a terminated text.
    let code = unsafe { libc::pthread_setname_np(libc::pthread_self(), text.as_ptr()) };
    if code != 0 {
        taipan_object::runtime::set_errno(code);
        return Err(taipan_object::err::from_errno(py, exceptions::OSError(), None));
    }
    Ok(())
}

fn exec(py: Python, module: &PyModule) -> PyResult<()> {
    threads::note_main_thread();
    module.add(py, "LockType", Py::new_ref(Lock::type_object(py)).into_object())?;
    module.add(py, "TIMEOUT_MAX", PyFloat::new(py, lock::TIMEOUT_MAX)?.into_object())?;
    module.add(py, "error", Py::new_ref(exceptions::RuntimeError() as &PyObject))
}

pymodule! {
    name: "_thread",
    doc: "This module provides primitive operations to write multi-threaded programs.\nThe 'threading' module provides a more convenient interface.",
    functions: [
        allocate_lock, allocate, get_ident, get_native_id, _is_main_interpreter, exit, set_name,
        threads::start_new_thread, threads::start_new, threads::start_joinable_thread, threads::daemon_threads_allowed,
        threads::stack_size, threads::_count, threads::_get_main_thread_ident, threads::_make_thread_handle,
        threads::_shutdown,
    ],
    classes: [Lock, RLock, threads::ThreadHandle],
    exec: exec,
}
