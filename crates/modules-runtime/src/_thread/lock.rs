//! Locks: the primitives, and the types `lock` and `RLock`.

use core::cell::{Cell, UnsafeCell};
use std::time::{Duration, Instant};
use taipan_object::{Py, PyClass, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, pyclass, raise};

/// The longest wait in seconds that a timeout can say.
pub const TIMEOUT_MAX: f64 = 9223372036.0;

/// A lock that any thread may release. A semaphore, so that a signal ends a wait and its handler runs.
pub struct RawLock {
    sem: Box<UnsafeCell<libc::sem_t>>,
    /// Kept with the GIL held.
    locked: Cell<bool>,
}

impl Default for RawLock {
    fn default() -> Self {
        // SAFETY: all-zero is a valid place for sem_init to fill.
        let sem = Box::new(UnsafeCell::new(unsafe { core::mem::zeroed::<libc::sem_t>() }));
        // SAFETY: the box keeps the semaphore at its place.
        unsafe { libc::sem_init(sem.get(), 0, 1) };
        RawLock { sem, locked: Cell::new(false) }
    }
}

impl Drop for RawLock {
    fn drop(&mut self) {
        // SAFETY: made by sem_init; a waiter would keep the lock's object alive.
        unsafe { libc::sem_destroy(self.sem.get()) };
    }
}

impl RawLock {
    pub fn is_locked(&self) -> bool {
        self.locked.get()
    }

    /// Without waiting; true if it was free.
    pub fn try_acquire(&self) -> bool {
        // SAFETY: an initialised semaphore.
        let got = unsafe { libc::sem_trywait(self.sem.get()) } == 0;
        if got {
            self.locked.set(true);
        }
        got
    }

    /// Waits, for `timeout` at most; false if the time is over. Signal handlers run meanwhile; what they raise ends the wait.
    pub fn acquire(&self, py: Python, timeout: Option<Duration>) -> PyResult<bool> {
        if self.try_acquire() {
            return Ok(true);
        }
        let end = timeout.and_then(|t| Instant::now().checked_add(t));
        loop {
            let left = end.map(|e| e.saturating_duration_since(Instant::now()));
            let sem = self.sem.get() as usize;
            let (code, errno) = py.allow_threads(|| {
                let sem = sem as *mut libc::sem_t;
                // SAFETY: an initialised semaphore, kept by the caller's reference to the lock; the times are local.
                let code = unsafe {
                    match left {
                        None => libc::sem_wait(sem),
                        Some(left) => {
                            let mut at: libc::timespec = core::mem::zeroed();
                            libc::clock_gettime(libc::CLOCK_REALTIME, &mut at);
                            let nanos = at.tv_nsec as u64 + left.subsec_nanos() as u64;
                            at.tv_sec += (left.as_secs() + nanos / 1_000_000_000) as libc::time_t;
                            at.tv_nsec = (nanos % 1_000_000_000) as libc::c_long;
                            libc::sem_timedwait(sem, &at)
                        }
                    }
                };
                (code, taipan_object::runtime::errno())
            });
            if code == 0 {
                self.locked.set(true);
                return Ok(true);
            }
            if errno != libc::EINTR {
                return Ok(false);
            }
            py.check_signals()?;
        }
    }

    /// False if it was not locked.
    pub fn release(&self) -> bool {
        if !self.locked.replace(false) {
            return false;
        }
        // SAFETY: an initialised semaphore.
        unsafe { libc::sem_post(self.sem.get()) };
        true
    }
}

/// A lock that its owner may acquire again.
#[derive(Default)]
pub struct ReentrantLock {
    raw: RawLock,
    owner: Cell<usize>,
    count: Cell<usize>,
}

/// The calling thread, as `get_ident()` gives it.
pub fn ident() -> usize {
    // SAFETY: always allowed.
    unsafe { libc::pthread_self() as usize }
}

impl ReentrantLock {
    pub fn is_locked(&self) -> bool {
        self.count.get() > 0
    }

    pub fn is_owned(&self) -> bool {
        self.count.get() > 0 && self.owner.get() == ident()
    }

    /// As [`RawLock::acquire`]; at once for the owner.
    pub fn acquire(&self, py: Python, timeout: Option<Duration>) -> PyResult<bool> {
        if self.is_owned() {
            self.count.set(self.count.get() + 1);
            return Ok(true);
        }
        let got = self.raw.acquire(py, timeout)?;
        if got {
            self.owner.set(ident());
            self.count.set(1);
        }
        Ok(got)
    }

    /// False if the calling thread is not the owner.
    pub fn release(&self) -> bool {
        if !self.is_owned() {
            return false;
        }
        self.count.set(self.count.get() - 1);
        if self.count.get() == 0 {
            self.owner.set(0);
            self.raw.release();
        }
        true
    }
}

/// What `acquire(blocking, timeout)` asks for: how long to wait; `None` is forever.
pub fn parse_timeout(py: Python, blocking: bool, timeout: f64) -> PyResult<Option<Duration>> {
    if !blocking {
        if timeout != -1.0 {
            return Err(raise!(py, ValueError, "can't specify a timeout for a non-blocking call"));
        }
        return Ok(Some(Duration::ZERO));
    }
    if timeout == -1.0 {
        return Ok(None);
    }
    if timeout.is_nan() {
        return Err(raise!(py, ValueError, "Invalid value NaN (not a number)"));
    }
    if timeout < 0.0 {
        return Err(raise!(py, ValueError, "timeout value must be a non-negative number"));
    }
    if timeout > TIMEOUT_MAX {
        return Err(raise!(py, OverflowError, "timeout value is too large"));
    }
    Ok(Some(Duration::from_secs_f64(timeout)))
}

/// A lock object is a synchronization primitive.
///
/// To create a lock, call threading.Lock(). It is not owned by the thread that
/// acquired it: any thread may release it.
#[derive(Trace)]
#[repr(C)]
pub struct Lock {
    pub ob_base: PyObject,
    weakreflist: Slot,
    #[trace(skip)]
    raw: RawLock,
}

#[pyclass(name = "_thread.lock", weaklist = weakreflist)]
impl Lock {
    #[signature("()")]
    fn tp_new(py: Python, cls: &PyType) -> PyResult<Py<Lock>> {
        Lock::alloc(py, cls, |head| Lock { ob_base: head, weakreflist: Slot::empty(), raw: RawLock::default() })
    }

    /// Lock the lock.
    ///
    /// Without argument, this blocks if the lock is already locked, until another
    /// thread releases it. Returns whether it was acquired.
    #[method]
    #[signature("(self, blocking=True, timeout=-1.0)")]
    fn acquire(&self, py: Python, blocking: bool, timeout: f64) -> PyResult<bool> {
        match parse_timeout(py, blocking, timeout)? {
            Some(t) if t.is_zero() => Ok(self.raw.try_acquire()),
            timeout => self.raw.acquire(py, timeout),
        }
    }
    /// Obsolete synonym of acquire().
    #[method]
    #[signature("(self, blocking=True, timeout=-1.0)")]
    fn acquire_lock(&self, py: Python, blocking: bool, timeout: f64) -> PyResult<bool> {
        self.acquire(py, blocking, timeout)
    }
    /// Release the lock, allowing another thread that is blocked waiting for it to acquire it.
    #[method]
    fn release(&self, py: Python) -> PyResult<()> {
        if self.raw.release() { Ok(()) } else { Err(raise!(py, RuntimeError, "release unlocked lock")) }
    }
    /// Obsolete synonym of release().
    #[method]
    fn release_lock(&self, py: Python) -> PyResult<()> {
        self.release(py)
    }
    /// Return whether the lock is in the locked state.
    #[method]
    fn locked(&self, _py: Python) -> bool {
        self.raw.is_locked()
    }
    /// Obsolete synonym of locked().
    #[method]
    fn locked_lock(&self, _py: Python) -> bool {
        self.raw.is_locked()
    }
    /// Lock the lock.
    #[method]
    fn __enter__(&self, py: Python) -> PyResult<bool> {
        self.raw.acquire(py, None)
    }
    /// Release the lock.
    #[method]
    #[signature("(self, exc_type, exc_value, exc_tb, /)")]
    fn __exit__(&self, py: Python, _t: &PyObject, _v: &PyObject, _tb: &PyObject) -> PyResult<()> {
        self.release(py)
    }
    /// Make the lock fresh after a fork.
    #[method]
    fn _at_fork_reinit(&self, _py: Python) {
        self.raw.release();
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let state = if self.raw.is_locked() { "locked" } else { "unlocked" };
        PyStr::new(py, &format!("<{state} {} object at {:p}>", self.ty().full_name(), self))
    }
}

/// A new lock.
pub fn new_lock(py: Python) -> PyResult<Py<Lock>> {
    Lock::alloc_exact(py, |head| Lock { ob_base: head, weakreflist: Slot::empty(), raw: RawLock::default() })
}

/// A reentrant lock.
#[derive(Trace)]
#[repr(C)]
pub struct RLock {
    pub ob_base: PyObject,
    weakreflist: Slot,
    #[trace(skip)]
    lock: ReentrantLock,
}

#[pyclass(name = "_thread.RLock", flags(BASETYPE), weaklist = weakreflist)]
impl RLock {
    #[signature("()")]
    fn tp_new(py: Python, cls: &PyType) -> PyResult<Py<RLock>> {
        RLock::alloc(py, cls, |head| RLock {
            ob_base: head,
            weakreflist: Slot::empty(),
            lock: ReentrantLock::default(),
        })
    }

    /// Lock the lock; the thread that holds it already gets it again.
    ///
    /// Each acquire() needs a release(). Returns whether it was acquired.
    #[method]
    #[signature("(self, blocking=True, timeout=-1.0)")]
    fn acquire(&self, py: Python, blocking: bool, timeout: f64) -> PyResult<bool> {
        let timeout = parse_timeout(py, blocking, timeout)?;
        if timeout.is_some_and(|t| t.is_zero()) && self.lock.is_locked() && !self.lock.is_owned() {
            return Ok(false);
        }
        self.lock.acquire(py, timeout)
    }
    /// Release the lock; the last of as many releases as there were acquires frees it.
    #[method]
    fn release(&self, py: Python) -> PyResult<()> {
        if self.lock.release() { Ok(()) } else { Err(raise!(py, RuntimeError, "cannot release un-acquired lock")) }
    }
    /// Return whether any thread holds the lock.
    #[method]
    fn locked(&self, _py: Python) -> bool {
        self.lock.is_locked()
    }
    /// Lock the lock.
    #[method]
    fn __enter__(&self, py: Python) -> PyResult<bool> {
        self.lock.acquire(py, None)
    }
    /// Release the lock.
    #[method]
    #[signature("(self, exc_type, exc_value, exc_tb, /)")]
    fn __exit__(&self, py: Python, _t: &PyObject, _v: &PyObject, _tb: &PyObject) -> PyResult<()> {
        self.release(py)
    }
    /// For internal use by `threading.Condition`.
    #[method]
    fn _is_owned(&self, _py: Python) -> bool {
        self.lock.is_owned()
    }
    /// For internal use by reentrant lock tests.
    #[method]
    fn _recursion_count(&self, _py: Python) -> usize {
        if self.lock.is_owned() { self.lock.count.get() } else { 0 }
    }
    /// For internal use by `threading.Condition`.
    #[method]
    fn _release_save(&self, py: Python) -> PyResult<Py<PyTuple>> {
        if !self.lock.is_locked() {
            return Err(raise!(py, RuntimeError, "cannot release un-acquired lock"));
        }
        let owner = self.lock.owner.replace(0);
        let count = self.lock.count.replace(0);
        self.lock.raw.release();
        let items = vec![
            taipan_object::PyLong::from_usize(py, count)?.into_object(),
            taipan_object::PyLong::from_usize(py, owner)?.into_object(),
        ];
        PyTuple::from_vec(py, items)
    }
    /// For internal use by `threading.Condition`.
    #[method]
    fn _acquire_restore(&self, py: Python, state: &PyTuple) -> PyResult<()> {
        if state.len() != 2 {
            return Err(raise!(py, TypeError, "_acquire_restore() needs the state of _release_save()"));
        }
        let number = |i: usize| taipan_object::abstracts::number::as_ssize(py, state.get(i), None);
        let (count, owner) = (number(0)?, number(1)?);
        self.lock.raw.acquire(py, None)?;
        self.lock.owner.set(owner as usize);
        self.lock.count.set(count as usize);
        Ok(())
    }
    /// Make the lock fresh after a fork.
    #[method]
    fn _at_fork_reinit(&self, _py: Python) {
        self.lock.owner.set(0);
        self.lock.count.set(0);
        self.lock.raw.release();
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let state = if self.lock.is_locked() { "locked" } else { "unlocked" };
        PyStr::new(
            py,
            &format!(
                "<{state} {} object owner={} count={} at {:p}>",
                self.ty().full_name(),
                self.lock.owner.get(),
                self.lock.count.get(),
                self
            ),
        )
    }
}
