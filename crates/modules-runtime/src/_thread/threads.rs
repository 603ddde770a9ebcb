//! Starting and joining threads.

use super::lock::{TIMEOUT_MAX, ident};
use core::cell::RefCell;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use taipan_object::runtime::tstate::{self, PyThreadState};
use taipan_object::{
    Py, PyClass, PyDict, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Trace, err, exceptions, pyclass,
    pyfunction, raise,
};

/// Threads that were started and have not ended.
static RUNNING: AtomicUsize = AtomicUsize::new(0);
/// Bytes of stack for new threads; 0: the default.
static STACK_SIZE: AtomicUsize = AtomicUsize::new(0);
static MAIN_IDENT: AtomicUsize = AtomicUsize::new(0);
/// Stack of a thread when nobody asked: deep recursion in native code must fit.
const DEFAULT_STACK: usize = 16 << 20;
/// The smallest that `stack_size` accepts.
const MIN_STACK: usize = 0x8000;

/// Threads that `_shutdown` waits for: those that are no daemons.
static JOINED_AT_EXIT: Mutex<Vec<Arc<Shared>>> = Mutex::new(Vec::new());

/// The first thread that runs the module's body is the main one.
pub fn note_main_thread() {
    let _ = MAIN_IDENT.compare_exchange(0, ident(), Relaxed, Relaxed);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    NotStarted,
    Starting,
    Running,
    Done,
}

/// What a handle and its thread share.
struct Shared {
    state: Mutex<(Phase, usize)>,
    done: Condvar,
}

impl Shared {
    fn new(phase: Phase, ident: usize) -> Arc<Shared> {
        Arc::new(Shared { state: Mutex::new((phase, ident)), done: Condvar::new() })
    }

    fn lock(&self) -> MutexGuard<'_, (Phase, usize)> {
        self.state.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn finish(&self) {
        self.lock().0 = Phase::Done;
        self.done.notify_all();
    }

    /// Waits for the end; false when the time is over. In slices, so that signal handlers get their turn.
    fn wait(&self, py: Python, timeout: Option<Duration>) -> PyResult<bool> {
        let end = timeout.and_then(|t| Instant::now().checked_add(t));
        loop {
            if self.lock().0 == Phase::Done {
                return Ok(true);
            }
            let slice = Duration::from_millis(50);
            let left = end.map_or(slice, |e| e.saturating_duration_since(Instant::now()).min(slice));
            if left.is_zero() {
                return Ok(false);
            }
            py.allow_threads(|| {
                let state = self.lock();
                if state.0 != Phase::Done {
                    drop(self.done.wait_timeout(state, left));
                }
            });
            py.check_signals()?;
        }
    }
}

/// A thread that can be joined.
#[derive(Trace)]
#[repr(C)]
pub struct ThreadHandle {
    pub ob_base: PyObject,
    #[trace(skip)]
    shared: RefCell<Arc<Shared>>,
}

#[pyclass(name = "_thread._ThreadHandle")]
impl ThreadHandle {
    #[signature("()")]
    fn tp_new(py: Python, cls: &PyType) -> PyResult<Py<ThreadHandle>> {
        let shared = RefCell::new(Shared::new(Phase::NotStarted, 0));
        ThreadHandle::alloc(py, cls, |head| ThreadHandle { ob_base: head, shared })
    }

    /// The thread's identifier, as get_ident() gave it there.
    #[getter]
    fn ident(&self, _py: Python) -> usize {
        self.shared.borrow().lock().1
    }

    /// Wait for the thread to end.
    #[method]
    #[signature("(self, timeout=None, /)")]
    fn join(&self, py: Python, timeout: Option<f64>) -> PyResult<()> {
        let shared = self.shared.borrow().clone();
        let (phase, id) = *shared.lock();
        match phase {
            Phase::NotStarted => return Err(raise!(py, RuntimeError, "thread not started")),
            Phase::Running | Phase::Starting if id == ident() => {
                return Err(raise!(py, RuntimeError, "Cannot join current thread"));
            }
            _ => {}
        }
        let timeout = match timeout {
            None => None,
            Some(t) if t < 0.0 => None,
            Some(t) if t > TIMEOUT_MAX || t.is_nan() => {
                return Err(raise!(py, OverflowError, "timestamp too large to convert to C PyTime_t"));
            }
            Some(t) => Some(Duration::from_secs_f64(t)),
        };
        shared.wait(py, timeout).map(drop)
    }

    /// Whether the thread has ended.
    #[method]
    fn is_done(&self, _py: Python) -> bool {
        self.shared.borrow().lock().0 == Phase::Done
    }

    /// Say that the thread has ended, for threads that are gone after a fork.
    #[method]
    fn _set_done(&self, py: Python) -> PyResult<()> {
        let shared = self.shared.borrow().clone();
        if shared.lock().0 == Phase::NotStarted {
            return Err(raise!(py, RuntimeError, "thread not started"));
        }
        shared.finish();
        Ok(())
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let id = self.shared.borrow().lock().1;
        PyStr::new(py, &format!("<{} object: ident={id}>", self.ty().name()))
    }
}

/// What goes to the new thread. The references were made with the GIL held and are used with it held only.
struct Start {
    ts: *mut PyThreadState,
    function: *mut PyObject,
    args: *mut PyTuple,
    kwargs: *mut PyDict,
    shared: Arc<Shared>,
}

// SAFETY: see above; the thread state is new and nobody else's.
unsafe impl Send for Start {}

fn spawn(
    py: Python,
    function: &PyObject,
    args: Py<PyTuple>,
    kwargs: Option<&PyDict>,
    shared: Arc<Shared>,
) -> PyResult<()> {
    if py.interp().finalizing.get() {
        return Err(raise!(py, PythonFinalizationError, "can't create new thread at interpreter shutdown"));
    }
    let interp: *const _ = py.interp();
    // SAFETY: the interpreter is alive and is not freed before its threads.
    let ts = unsafe { PyThreadState::new(interp as *mut _) };
    if ts.is_null() {
        return Err(err::no_memory(py));
    }
    let start = Start {
        ts,
        function: Py::new_ref(function).into_raw(),
        args: args.into_raw(),
        kwargs: kwargs.map_or(core::ptr::null_mut(), |k| Py::new_ref(k).into_raw()),
        shared: shared.clone(),
    };
    let size = match STACK_SIZE.load(Relaxed) {
        0 => DEFAULT_STACK,
        n => n,
    };
    RUNNING.fetch_add(1, Relaxed);
    let boxed = Box::new(start);
    let handed = Box::into_raw(boxed) as usize;
    let made = std::thread::Builder::new().stack_size(size).spawn(move || {
        // SAFETY: the box made above, which nobody else takes once the thread exists.
        let start = unsafe { Box::from_raw(handed as *mut Start) };
        run(*start);
    });
    if made.is_err() {
        RUNNING.fetch_sub(1, Relaxed);
        // SAFETY: the thread was not made: the box and what it owns are still here.
        unsafe {
            let start = Box::from_raw(handed as *mut Start);
            drop(Py::from_owned_nullable(start.function));
            drop(Py::from_owned_nullable(start.args as *mut PyObject));
            drop(Py::from_owned_nullable(start.kwargs as *mut PyObject));
            py.interp().unlink_thread(&*start.ts);
        }
        return Err(raise!(py, RuntimeError, "can't start new thread"));
    }
    // The identifier is known when the thread has begun.
    py.allow_threads(|| {
        let mut state = shared.lock();
        while state.0 == Phase::Starting {
            state = shared.done.wait(state).unwrap_or_else(|e| e.into_inner());
        }
    });
    Ok(())
}

/// The new thread's life.
fn run(start: Start) {
    let Start { ts, function, args, kwargs, shared } = start;
    {
        let mut state = shared.lock();
        *state = (Phase::Running, ident());
    }
    shared.done.notify_all();
    // SAFETY: the state is new and this thread has none.
    let py = unsafe {
        (*ts).bind_to_this_thread();
        tstate::attach(ts);
        Python::assume()
    };
    // SAFETY: owned references that were handed over.
    let (function, args, kwargs) = unsafe {
        (
            Py::from_owned_nullable(function),
            Py::from_owned_nullable(args as *mut PyObject),
            Py::from_owned_nullable(kwargs as *mut PyObject),
        )
    };
    if let (Some(function), Some(args)) = (&function, args.as_ref().and_then(|a| a.downcast::<PyTuple>())) {
        let kwargs = kwargs.as_ref().and_then(|k| k.downcast::<PyDict>());
        if function.call_tuple(py, args, kwargs).is_err() {
            if err::matches(py, exceptions::SystemExit()) {
                err::clear(py);
            } else {
                let shown = (function as &PyObject).repr(py).map_or_else(|_| String::new(), |r| r.to_string());
                err::write_unraisable_msg(py, &format!("Exception ignored in thread started by {shown}"), None);
            }
        }
    }
    drop((function, args, kwargs));
    RUNNING.fetch_sub(1, Relaxed);
    JOINED_AT_EXIT.lock().unwrap_or_else(|e| e.into_inner()).retain(|s| !Arc::ptr_eq(s, &shared));
    // SAFETY: the thread is done with Python: what its state owns goes, then the state leaves the list and the GIL.
    unsafe {
        for slot in [
            &(*ts).dict,
            &(*ts).async_exc,
            &(*ts).context,
            &(*ts).async_gen_firstiter,
            &(*ts).async_gen_finalizer,
            &(*ts).threading_local_key,
            &(*ts).threading_local_sentinel,
        ] {
            drop(Py::<PyObject>::from_owned_nullable(slot.replace(core::ptr::null_mut())));
        }
        (*(*ts).interp.get()).unlink_thread(&*ts);
        tstate::detach();
    }
    shared.finish();
}

fn callable(py: Python, function: &PyObject) -> PyResult<()> {
    if function.is_callable() { Ok(()) } else { Err(raise!(py, TypeError, "first arg must be callable")) }
}

/// Start a new thread and return its identifier.
///
/// The thread will call the function with positional arguments from the
/// tuple args and keyword arguments taken from the optional dictionary
/// kwargs. The thread exits when the function returns; the return value is ignored.
#[pyfunction]
#[signature("(function, args, kwargs=<unrepresentable>, /)")]
pub fn start_new_thread(
    py: Python,
    function: &PyObject,
    args: &PyObject,
    kwargs: Option<&PyObject>,
) -> PyResult<usize> {
    callable(py, function)?;
    let Some(args) = args.downcast::<PyTuple>() else {
        return Err(raise!(py, TypeError, "2nd arg must be a tuple"));
    };
    let kwargs = match kwargs {
        None => None,
        Some(k) => match k.downcast::<PyDict>() {
            Some(d) => Some(d),
            None => return Err(raise!(py, TypeError, "optional 3rd arg must be a dictionary")),
        },
    };
    let shared = Shared::new(Phase::Starting, 0);
    spawn(py, function, Py::new_ref(args), kwargs, shared.clone())?;
    let id = shared.lock().1;
    Ok(id)
}

/// An obsolete synonym of start_new_thread().
#[pyfunction]
#[signature("(function, args, kwargs=<unrepresentable>, /)")]
pub fn start_new(py: Python, function: &PyObject, args: &PyObject, kwargs: Option<&PyObject>) -> PyResult<usize> {
    start_new_thread(py, function, args, kwargs)
}

/// *For internal use only*: start a new thread.
///
/// Like start_new_thread(), this starts a new thread calling the given function.
/// Unlike start_new_thread(), this returns a handle object with methods to join
/// or detach the given thread.
#[pyfunction]
#[signature("(function, handle=None, daemon=True)")]
pub fn start_joinable_thread(
    py: Python,
    function: &PyObject,
    handle: Option<&ThreadHandle>,
    daemon: bool,
) -> PyResult<Py<ThreadHandle>> {
    if !function.is_callable() {
        return Err(raise!(py, TypeError, "thread function must be callable"));
    }
    let handle = match handle {
        Some(h) => Py::new_ref(h),
        None => {
            let shared = RefCell::new(Shared::new(Phase::NotStarted, 0));
            ThreadHandle::alloc_exact(py, |head| ThreadHandle { ob_base: head, shared })?
        }
    };
    let shared = handle.shared.borrow().clone();
    {
        let mut state = shared.lock();
        if state.0 != Phase::NotStarted {
            return Err(raise!(py, RuntimeError, "thread already started"));
        }
        state.0 = Phase::Starting;
    }
    if !daemon {
        JOINED_AT_EXIT.lock().unwrap_or_else(|e| e.into_inner()).push(shared.clone());
    }
    let made = spawn(py, function, PyTuple::empty(py), None, shared.clone());
    if let Err(raised) = made {
        shared.lock().0 = Phase::NotStarted;
        JOINED_AT_EXIT.lock().unwrap_or_else(|e| e.into_inner()).retain(|s| !Arc::ptr_eq(s, &shared));
        return Err(raised);
    }
    Ok(handle)
}

/// Return True if daemon threads are allowed in the current interpreter,
/// and False otherwise.
#[pyfunction]
pub fn daemon_threads_allowed(_py: Python) -> bool {
    true
}

/// Return the thread stack size used when creating new threads. The
/// optional size argument specifies the stack size (in bytes) to be used
/// for subsequent new threads.
#[pyfunction]
#[signature("(size=0, /)")]
pub fn stack_size(py: Python, size: isize) -> PyResult<usize> {
    if size < 0 {
        return Err(raise!(py, ValueError, "size must be 0 or a positive value"));
    }
    let size = size as usize;
    if size != 0 && size < MIN_STACK {
        return Err(raise!(py, ValueError, "size not valid: {size} bytes"));
    }
    Ok(STACK_SIZE.swap(size, Relaxed))
}

/// Return the number of currently running Python threads, excluding
/// the main thread.
#[pyfunction]
pub fn _count(_py: Python) -> usize {
    RUNNING.load(Relaxed)
}

/// Internal only. Return a non-zero integer that uniquely identifies the main thread
/// of the main interpreter.
#[pyfunction]
pub fn _get_main_thread_ident(_py: Python) -> usize {
    MAIN_IDENT.load(Relaxed)
}

/// Internal only. Make a thread handle for a thread not spawned by the
/// _thread module.
#[pyfunction]
pub fn _make_thread_handle(py: Python, ident: usize) -> PyResult<Py<ThreadHandle>> {
    let shared = RefCell::new(Shared::new(Phase::Running, ident));
    ThreadHandle::alloc_exact(py, |head| ThreadHandle { ob_base: head, shared })
}

/// Wait for all non-daemon threads (other than the calling thread) to stop.
#[pyfunction]
pub fn _shutdown(py: Python) -> PyResult<()> {
    loop {
        let me = ident();
        let next = JOINED_AT_EXIT
            .lock()
            .unwrap_or_else(|e| e.into_inner())
            .iter()
            .find(|s| {
                let state = s.lock();
                state.0 != Phase::Done && state.1 != me
            })
            .cloned();
        match next {
            Some(shared) => shared.wait(py, None)?,
            None => return Ok(()),
        };
    }
}
