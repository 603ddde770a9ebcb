//! Interpreter states: what CPython keeps per interpreter. Reached through the thread state, never through a global.

use crate::handle::Slot;
use crate::memory::freelist::Freelists;
use crate::memory::gc::GcState;
use crate::memory::obmalloc::Heap;
use crate::runtime::gil_lock::Gil;
use crate::runtime::tstate::PyThreadState;
use crate::types::dict::PyDict;
use crate::types::type_::cache::TypeCache;
use core::any::Any;
use core::cell::{Cell, RefCell};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use std::sync::Mutex;

/// One interpreter.
pub struct InterpreterState {
    pub id: i64,
    gil: Gil,
    /// Head of the list of thread states, guarded by [`THREADS`].
    threads: AtomicPtr<PyThreadState>,
    pub heap: Heap,
    pub gc: GcState,
    pub freelists: Freelists,
    pub type_cache: TypeCache,
    /// `sys.modules`.
    pub modules: Slot<PyDict>,
    /// `sys.__dict__`.
    pub sysdict: Slot<PyDict>,
    /// `builtins.__dict__`.
    pub builtins: Slot<PyDict>,
    /// `builtins.__import__` as it was made, to see whether it was replaced.
    pub import_func: Slot,
    /// `importlib._bootstrap`.
    pub importlib: Slot,
    /// Interned mortal and immortal strings (str → str).
    pub interned: crate::types::str_::intern::InternTable,
    /// Next version of a dict's keys (`dict_state.next_keys_version`).
    pub next_keys_version: Cell<u32>,
    /// Next version of a function (`func_state.next_version`).
    pub next_func_version: Cell<u32>,
    /// Next version tag of a type.
    pub next_type_version: Cell<u32>,
    pub codec_search_path: Slot,
    pub codec_search_cache: Slot<PyDict>,
    pub codec_error_registry: Slot<PyDict>,
    /// `sys.int_info`'s limit (`PYTHONINTMAXSTRDIGITS`), 0: none.
    pub int_max_str_digits: Cell<i32>,
    pub recursion_limit: Cell<i32>,
    /// True while the interpreter is being finalised; other threads hang or exit.
    pub finalizing: Cell<bool>,
    pub config: RefCell<Config>,
    /// Version of the monitoring state, high bits of every `eval_breaker`.
    pub monitoring_version: Cell<u32>,
    locals: RefCell<Vec<Option<Box<dyn Any>>>>,
}

/// Guards the lists of interpreters and thread states (CPython's `HEAD_LOCK`).
pub static THREADS: Mutex<()> = Mutex::new(());

// SAFETY: everything that is not atomic or behind THREADS is touched only with the interpreter's GIL held.
unsafe impl Sync for InterpreterState {}

/// The options that objects look at; the rest of CPython's `PyConfig` is the interpreter's.
#[derive(Clone, Debug)]
pub struct Config {
    pub optimization_level: i32,
    pub bytes_warning: i32,
    pub dev_mode: bool,
    pub inspect: bool,
    pub interactive: bool,
    pub verbose: i32,
    pub safe_path: bool,
    /// What the program's start put in front of `sys.path`; empty: the current directory.
    pub sys_path_0: Option<String>,
    pub isolated: bool,
    pub use_environment: bool,
    pub utf8_mode: bool,
    pub warn_default_encoding: bool,
    pub site_import: bool,
    pub write_bytecode: bool,
    pub quiet: bool,
    pub no_user_site: bool,
    pub hash_seed: Option<u32>,
    pub parser_debug: bool,
    pub faulthandler: bool,
    pub tracemalloc: i32,
    pub import_time: i32,
    pub code_debug_ranges: bool,
    pub buffered_stdio: bool,
    pub skip_first_line: bool,
    pub thread_inherit_context: bool,
    pub context_aware_warnings: bool,
    pub warnoptions: Vec<String>,
    pub xoptions: Vec<String>,
    pub argv: Vec<std::ffi::OsString>,
    pub orig_argv: Vec<std::ffi::OsString>,
    pub executable: std::ffi::OsString,
    pub prefix: String,
    pub home: Option<std::ffi::OsString>,
    pub pycache_prefix: Option<String>,
    pub check_hash_pycs_mode: String,
    pub stdio_encoding: Option<String>,
    pub stdio_errors: Option<String>,
    pub filesystem_encoding: String,
    pub filesystem_errors: String,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            optimization_level: 0,
            bytes_warning: 0,
            dev_mode: false,
            inspect: false,
            interactive: false,
            verbose: 0,
            safe_path: false,
            sys_path_0: None,
            isolated: false,
            use_environment: true,
            utf8_mode: false,
            warn_default_encoding: false,
            site_import: true,
            write_bytecode: true,
            quiet: false,
            no_user_site: false,
            hash_seed: None,
            parser_debug: false,
            faulthandler: false,
            tracemalloc: 0,
            import_time: 0,
            code_debug_ranges: true,
            buffered_stdio: true,
            skip_first_line: false,
            thread_inherit_context: false,
            context_aware_warnings: false,
            warnoptions: Vec::new(),
            xoptions: Vec::new(),
            argv: Vec::new(),
            orig_argv: Vec::new(),
            executable: Default::default(),
            prefix: String::new(),
            home: None,
            pycache_prefix: None,
            check_hash_pycs_mode: "default".into(),
            stdio_encoding: None,
            stdio_errors: None,
            filesystem_encoding: "utf-8".into(),
            filesystem_errors: "surrogateescape".into(),
        }
    }
}

impl InterpreterState {
    /// Makes an interpreter with nothing in it. It lives until the process ends.
    pub fn create(id: i64) -> *mut InterpreterState {
        Box::into_raw(Box::new(InterpreterState {
            id,
            gil: Gil::new(),
            threads: AtomicPtr::new(null_mut()),
            heap: Heap::new(),
            gc: GcState::new(),
            freelists: Freelists::new(),
            type_cache: TypeCache::new(),
            modules: Slot::empty(),
            sysdict: Slot::empty(),
            builtins: Slot::empty(),
            import_func: Slot::empty(),
            importlib: Slot::empty(),
            interned: Default::default(),
            next_keys_version: Cell::new(2),
            next_func_version: Cell::new(1),
            next_type_version: Cell::new(1),
            codec_search_path: Slot::empty(),
            codec_search_cache: Slot::empty(),
            codec_error_registry: Slot::empty(),
            int_max_str_digits: Cell::new(4300),
            recursion_limit: Cell::new(crate::runtime::tstate::DEFAULT_RECURSION_LIMIT),
            finalizing: Cell::new(false),
            config: RefCell::new(Config::default()),
            monitoring_version: Cell::new(0),
            locals: RefCell::new(Vec::new()),
        }))
    }

    #[inline(always)]
    pub fn gil(&self) -> &Gil {
        &self.gil
    }

    /// Links a new thread state in.
    ///
    /// # Safety
    /// `ts` is a new state of this interpreter.
    pub unsafe fn link_thread(&self, ts: &PyThreadState) {
        let _guard = THREADS.lock().unwrap_or_else(|e| e.into_inner());
        let head = self.threads.load(Ordering::Relaxed);
        ts.next.set(head);
        if !head.is_null() {
            // SAFETY: states in the list are alive.
            unsafe { (*head).prev.set(ts as *const _ as *mut _) };
        }
        self.threads.store(ts as *const _ as *mut _, Ordering::Relaxed);
    }

    /// Takes a thread state out of the list.
    ///
    /// # Safety
    /// `ts` is in the list.
    pub unsafe fn unlink_thread(&self, ts: &PyThreadState) {
        let _guard = THREADS.lock().unwrap_or_else(|e| e.into_inner());
        // SAFETY: neighbours in the list are alive.
        unsafe {
            match ts.prev.get().as_ref() {
                Some(p) => p.next.set(ts.next.get()),
                None => self.threads.store(ts.next.get(), Ordering::Relaxed),
            }
            if let Some(n) = ts.next.get().as_ref() {
                n.prev.set(ts.prev.get());
            }
        }
    }

    /// Calls `f` for each thread state. The list is locked meanwhile: `f` must not make or end threads or run Python code.
    pub fn for_each_thread(&self, mut f: impl FnMut(&PyThreadState)) {
        let _guard = THREADS.lock().unwrap_or_else(|e| e.into_inner());
        let mut ts = self.threads.load(Ordering::Relaxed);
        // SAFETY: states in the list are alive while the lock is held.
        while let Some(t) = unsafe { ts.as_ref() } {
            f(t);
            ts = t.next.get();
        }
    }

    /// The per-interpreter value number `index`, made by `init` at first use. Values live as long as the interpreter.
    pub fn local<T: 'static>(&self, index: usize, init: impl FnOnce() -> T) -> &T {
        if let Some(p) = self.local_ptr::<T>(index) {
            // SAFETY: values are boxed and never removed while the interpreter lives.
            return unsafe { &*p };
        }
        let value: Box<dyn Any> = Box::new(init());
        {
            let mut locals = self.locals.borrow_mut();
            if locals.len() <= index {
                locals.resize_with(index + 1, || None);
            }
            // `init` may have come here first.
            if locals[index].is_none() {
                locals[index] = Some(value);
            }
        }
        // SAFETY: as above; just stored.
        unsafe { &*self.local_ptr::<T>(index).unwrap_or_else(|| unreachable!("one index, one type")) }
    }

    fn local_ptr<T: 'static>(&self, index: usize) -> Option<*const T> {
        let locals = self.locals.borrow();
        let boxed = locals.get(index)?.as_ref()?;
        boxed.downcast_ref::<T>().map(|r| r as *const T)
    }

    /// Drops every per-interpreter value; at the interpreter's end.
    pub fn clear_locals(&self) {
        loop {
            let Some(value) = self.locals.borrow_mut().pop() else { break };
            drop(value);
        }
    }
}

static MAIN: AtomicPtr<InterpreterState> = AtomicPtr::new(null_mut());
static NEXT_LOCAL: AtomicU64 = AtomicU64::new(0);

/// Number for a new kind of per-interpreter value.
pub fn next_local_index() -> usize {
    NEXT_LOCAL.fetch_add(1, Ordering::Relaxed) as usize
}

/// The main interpreter; null before it is made.
pub fn main_interpreter() -> *mut InterpreterState {
    MAIN.load(Ordering::Acquire)
}

pub fn set_main_interpreter(interp: *mut InterpreterState) {
    MAIN.store(interp, Ordering::Release);
}
