//! Thread states: CPython's `PyThreadState` with the layout of its public head, and attaching to the GIL.

use crate::header::PyObject;
use crate::runtime::gil_lock;
use crate::runtime::interp::InterpreterState;
use crate::types::frame::InterpreterFrame;
use core::cell::Cell;
use core::ffi::{c_char, c_int, c_ulong, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// An entry of the stack of exceptions being handled (`_PyErr_StackItem`).
#[repr(C)]
pub struct ErrStackItem {
    /// Owned; null or None when nothing is handled.
    pub exc_value: Cell<*mut PyObject>,
    pub previous_item: Cell<*const ErrStackItem>,
}

/// A chunk of the data stack that frames live on (`_PyStackChunk`).
#[repr(C)]
pub struct StackChunk {
    pub previous: *mut StackChunk,
    /// Whole size in bytes, this head included.
    pub size: usize,
    /// Index of the first free word, when the chunk is not the topmost.
    pub top: usize,
    pub data: [*mut PyObject; 1],
}

/// `Py_tracefunc`.
pub type Py_tracefunc = unsafe extern "C" fn(*mut PyObject, *mut PyObject, c_int, *mut PyObject) -> c_int;

/// `_PyRemoteDebuggerSupport`: kept for the layout; the protocol (PEP 768) is not served yet.
#[repr(C)]
pub struct RemoteDebuggerSupport {
    pub debugger_pending_call: Cell<i32>,
    pub debugger_script_path: [Cell<c_char>; 512],
}

/// A thread's state in one interpreter.
#[repr(C)]
pub struct PyThreadState {
    pub prev: Cell<*mut PyThreadState>,
    pub next: Cell<*mut PyThreadState>,
    pub interp: Cell<*mut InterpreterState>,
    /// Instrumentation version in the high bits, pending events in the low [`gil_lock::EVAL_EVENTS_BITS`].
    pub eval_breaker: AtomicUsize,
    pub status: Cell<u32>,
    pub holds_gil: Cell<c_int>,
    pub whence: Cell<c_int>,
    pub state: Cell<c_int>,
    pub py_recursion_remaining: Cell<c_int>,
    pub py_recursion_limit: Cell<c_int>,
    pub recursion_headroom: Cell<c_int>,
    pub tracing: Cell<c_int>,
    pub what_event: Cell<c_int>,
    pub current_frame: Cell<*mut InterpreterFrame>,
    pub c_profilefunc: Cell<Option<Py_tracefunc>>,
    pub c_tracefunc: Cell<Option<Py_tracefunc>>,
    pub c_profileobj: Cell<*mut PyObject>,
    pub c_traceobj: Cell<*mut PyObject>,
    /// Owned; the exception being raised, or null.
    pub current_exception: Cell<*mut PyObject>,
    /// Never null.
    pub exc_info: Cell<*const ErrStackItem>,
    pub dict: Cell<*mut PyObject>,
    pub gilstate_counter: Cell<c_int>,
    pub async_exc: Cell<*mut PyObject>,
    pub thread_id: Cell<c_ulong>,
    pub native_thread_id: Cell<c_ulong>,
    pub delete_later: Cell<*mut PyObject>,
    pub critical_section: Cell<usize>,
    pub coroutine_origin_tracking_depth: Cell<c_int>,
    pub async_gen_firstiter: Cell<*mut PyObject>,
    pub async_gen_finalizer: Cell<*mut PyObject>,
    pub context: Cell<*mut PyObject>,
    pub context_ver: Cell<u64>,
    pub id: Cell<u64>,
    pub datastack_chunk: Cell<*mut StackChunk>,
    pub datastack_top: Cell<*mut *mut PyObject>,
    pub datastack_limit: Cell<*mut *mut PyObject>,
    pub exc_state: ErrStackItem,
    pub current_executor: Cell<*mut PyObject>,
    pub dict_global_version: Cell<u64>,
    pub threading_local_key: Cell<*mut PyObject>,
    pub threading_local_sentinel: Cell<*mut PyObject>,
    pub remote_debugger_support: RemoteDebuggerSupport,
    pub datastack_cached_chunk: Cell<*mut StackChunk>,
    /// What follows is Taipan's own, behind CPython's layout.
    pub ext: ThreadExt,
}

/// Taipan's own part of a thread state.
pub struct ThreadExt {
    /// Levels of nested trashcan deallocation.
    pub trash_depth: Cell<u32>,
    /// The object whose deallocation was entered last.
    pub trash_entered: Cell<*mut PyObject>,
    /// The asyncio running loop and task (3.14 keeps them per thread).
    pub asyncio_running_loop: Cell<*mut PyObject>,
    pub asyncio_running_task: Cell<*mut PyObject>,
    /// Lock released at the thread's end, for `threading` joins.
    pub on_exit: Cell<*mut c_void>,
    /// Objects whose repr is being made, innermost last (`Py_ReprEnter`).
    pub repr_stack: core::cell::RefCell<Vec<*const PyObject>>,
}

const _: () = assert!(core::mem::offset_of!(PyThreadState, ext) == 832);

/// Default of `sys.setrecursionlimit`.
pub const DEFAULT_RECURSION_LIMIT: c_int = 1000;

thread_local! {
    static CURRENT: Cell<*mut PyThreadState> = const { Cell::new(null_mut()) };
}

/// The thread state attached to this thread; null if none is.
#[inline(always)]
pub fn current() -> *mut PyThreadState {
    CURRENT.get()
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

impl PyThreadState {
    /// Makes a state for `interp` and links it in; it is not attached.
    ///
    /// # Safety
    /// `interp` is alive, and outlives the state.
    pub unsafe fn new(interp: *mut InterpreterState) -> *mut PyThreadState {
        // SAFETY: all-zero is a valid PyThreadState but for the extension's vector, written below before use.
        let ts = unsafe {
            let ts = libc::calloc(1, size_of::<PyThreadState>()) as *mut PyThreadState;
            if ts.is_null() {
                return null_mut();
            }
            core::ptr::write(
                &raw mut (*ts).ext,
                ThreadExt {
                    trash_depth: Cell::new(0),
                    trash_entered: Cell::new(null_mut()),
                    asyncio_running_loop: Cell::new(null_mut()),
                    asyncio_running_task: Cell::new(null_mut()),
                    on_exit: Cell::new(null_mut()),
                    repr_stack: core::cell::RefCell::new(Vec::new()),
                },
            );
            &*ts
        };
        ts.interp.set(interp);
        ts.id.set(NEXT_ID.fetch_add(1, Ordering::Relaxed));
        ts.exc_info.set(&raw const ts.exc_state);
        ts.py_recursion_limit.set(DEFAULT_RECURSION_LIMIT);
        ts.py_recursion_remaining.set(DEFAULT_RECURSION_LIMIT);
        ts.context_ver.set(1);
        // SAFETY: interp is alive by contract.
        unsafe { (*interp).link_thread(ts) };
        ts as *const PyThreadState as *mut PyThreadState
    }

    /// Sets event bits of the eval breaker from any thread.
    #[inline]
    pub fn set_eval_breaker(&self, bits: usize) {
        self.eval_breaker.fetch_or(bits, Ordering::Release);
    }

    #[inline]
    pub fn unset_eval_breaker(&self, bits: usize) {
        self.eval_breaker.fetch_and(!bits, Ordering::Release);
    }

    #[inline(always)]
    pub fn interp(&self) -> &InterpreterState {
        // SAFETY: the interpreter outlives its thread states.
        unsafe { &*self.interp.get() }
    }

    /// Notes which OS thread the state belongs to.
    pub fn bind_to_this_thread(&self) {
        // SAFETY: plain system calls.
        unsafe {
            self.thread_id.set(libc::pthread_self() as c_ulong);
            self.native_thread_id.set(libc::syscall(libc::SYS_gettid) as c_ulong);
        }
    }
}

fn ask_to_drop(holder: usize) {
    if holder != 0 {
        // SAFETY: a holder's thread state is not freed while it holds the GIL, and the GIL's own mutex is held by the
        // caller, so that it cannot let go meanwhile.
        unsafe { (*(holder as *const PyThreadState)).set_eval_breaker(gil_lock::EVAL_GIL_DROP_REQUEST) }
    }
}

/// Takes the GIL of `ts`'s interpreter and makes `ts` this thread's current state (`PyEval_RestoreThread`).
///
/// # Safety
/// `ts` is alive and attached to no thread; this thread has no current state.
pub unsafe fn attach(ts: *mut PyThreadState) {
    // SAFETY: ts is alive by contract.
    let t = unsafe { &*ts };
    let errno = crate::runtime::errno();
    t.interp().gil().take(ts as usize, ask_to_drop);
    t.unset_eval_breaker(gil_lock::EVAL_GIL_DROP_REQUEST);
    t.holds_gil.set(1);
    t.state.set(1);
    CURRENT.set(ts);
    crate::memory::obmalloc::enter_interpreter(t.interp());
    crate::runtime::set_errno(errno);
}

/// Lets go of the GIL (`PyEval_SaveThread`); gives the state that was attached.
///
/// # Safety
/// This thread has a current state; no `Python` token is used until it is attached again.
pub unsafe fn detach() -> *mut PyThreadState {
    let ts = CURRENT.replace(null_mut());
    // SAFETY: the current state is alive.
    let t = unsafe { &*ts };
    t.holds_gil.set(0);
    t.state.set(0);
    crate::memory::obmalloc::leave_interpreter();
    t.interp().gil().drop_lock(ts as usize, false);
    ts
}

/// Makes `ts` current without taking a GIL: for the moment of an interpreter's birth and after `fork`.
///
/// # Safety
/// The thread holds the GIL of `ts`'s interpreter.
pub unsafe fn set_current(ts: *mut PyThreadState) {
    CURRENT.set(ts);
    if !ts.is_null() {
        // SAFETY: ts is alive.
        crate::memory::obmalloc::enter_interpreter(unsafe { (*ts).interp() });
    }
}
