//! The lock behind the GIL: one per interpreter (PEP 684), with CPython's switch interval and forced hand-over.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::*};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

/// One interpreter's lock.
pub struct Gil {
    /// In a cell so that the child of a `fork` can replace it.
    lock: UnsafeCell<Lock>,
    /// Microseconds a waiter waits before it asks the holder to let go.
    pub interval_us: AtomicU64,
    waiters: AtomicUsize,
    /// Set when a waiter wants the lock: the holder's evaluation loop sees it through its `eval_breaker`.
    pub drop_request: AtomicBool,
    /// The thread state whose `eval_breaker` a waiter must set.
    holder: AtomicUsize,
}

// SAFETY: what the cell holds is made for sharing; it is replaced only while a single thread exists.
unsafe impl Sync for Gil {}

struct Lock {
    state: Mutex<State>,
    free: Condvar,
    switched: Condvar,
}

struct State {
    locked: bool,
    switches: u64,
    last_holder: usize,
}

/// `eval_breaker` bits (`pycore_ceval.h`).
pub const EVAL_GIL_DROP_REQUEST: usize = 1 << 0;
pub const EVAL_SIGNALS_PENDING: usize = 1 << 1;
pub const EVAL_CALLS_TO_DO: usize = 1 << 2;
pub const EVAL_ASYNC_EXCEPTION: usize = 1 << 3;
pub const EVAL_GC: usize = 1 << 4;
/// Low bits are events, the rest is the instrumentation version.
pub const EVAL_EVENTS_BITS: usize = 8;
pub const EVAL_EVENTS_MASK: usize = (1 << EVAL_EVENTS_BITS) - 1;

impl Lock {
    const fn new() -> Lock {
        Lock {
            state: Mutex::new(State { locked: false, switches: 0, last_holder: 0 }),
            free: Condvar::new(),
            switched: Condvar::new(),
        }
    }
}

impl Gil {
    pub const fn new() -> Gil {
        Gil {
            lock: UnsafeCell::new(Lock::new()),
            interval_us: AtomicU64::new(5000),
            waiters: AtomicUsize::new(0),
            drop_request: AtomicBool::new(false),
            holder: AtomicUsize::new(0),
        }
    }

    fn lock(&self) -> &Lock {
        // SAFETY: replaced only in the child of a fork, while nobody holds a reference.
        unsafe { &*self.lock.get() }
    }

    /// Waits for the lock on behalf of the thread state at `ts`; asks the holder to drop it after each interval.
    pub fn take(&self, ts: usize, ask: impl Fn(usize)) {
        let lock = self.lock();
        let mut state = lock.state.lock().unwrap_or_else(|e| e.into_inner());
        if state.locked {
            self.waiters.fetch_add(1, Relaxed);
            while state.locked {
                let seen = state.switches;
                let wait = Duration::from_micros(self.interval_us.load(Relaxed).max(1));
                let (s, timeout) = lock.free.wait_timeout(state, wait).unwrap_or_else(|e| e.into_inner());
                state = s;
                if timeout.timed_out() && state.locked && state.switches == seen {
                    self.drop_request.store(true, Relaxed);
                    ask(self.holder.load(Relaxed));
                }
            }
            self.waiters.fetch_sub(1, Relaxed);
        }
        state.locked = true;
        self.holder.store(ts, Relaxed);
        if state.last_holder != ts {
            state.last_holder = ts;
            state.switches += 1;
        }
        self.drop_request.store(false, Relaxed);
        lock.switched.notify_all();
    }

    /// Lets the lock go. If another thread had asked for it, waits until one has got it, so that the asker is not
    /// overtaken by this thread's next `take` (forced switching).
    pub fn drop_lock(&self, ts: usize, final_release: bool) {
        let lock = self.lock();
        let mut state = lock.state.lock().unwrap_or_else(|e| e.into_inner());
        state.locked = false;
        self.holder.store(0, Relaxed);
        lock.free.notify_one();
        if !final_release && self.drop_request.load(Relaxed) && self.waiters.load(Relaxed) > 0 {
            while state.last_holder == ts && self.drop_request.load(Relaxed) && self.waiters.load(Relaxed) > 0 {
                let (s, _) =
                    lock.switched.wait_timeout(state, Duration::from_millis(50)).unwrap_or_else(|e| e.into_inner());
                state = s;
            }
        }
    }

    /// Makes the lock fresh in the child after `fork`, held by `ts`.
    ///
    /// # Safety
    /// Only the forking thread exists.
    pub unsafe fn reinit_after_fork(&self, ts: usize) {
        // SAFETY: no other thread exists; the old mutex and condition variables may be in any state and are not dropped.
        unsafe { core::ptr::write(self.lock.get(), Lock::new()) };
        self.waiters.store(0, Relaxed);
        self.drop_request.store(false, Relaxed);
        self.take(ts, |_| {});
    }
}
