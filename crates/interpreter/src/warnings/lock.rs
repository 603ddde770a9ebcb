//! The lock of the warnings' state: taken again by the thread that has it, and by `warnings.py` too.

use std::sync::{Condvar, Mutex};
use taipan_object::{PyResult, Python, raise};

/// A recursive lock.
#[derive(Default)]
pub struct Lock {
    /// The thread state's number that has it, and how many times; 0: nobody.
    owner: Mutex<(u64, usize)>,
    freed: Condvar,
}

impl Lock {
    /// Takes the lock; the GIL is let go while another thread has it.
    pub fn acquire(&self, py: Python) {
        let me = py.tstate().id.get();
        if self.try_acquire(me) {
            return;
        }
        py.allow_threads(|| {
            let mut owner = self.owner.lock().unwrap_or_else(|e| e.into_inner());
            while owner.1 > 0 {
                owner = self.freed.wait(owner).unwrap_or_else(|e| e.into_inner());
            }
            *owner = (me, 1);
        });
    }

    fn try_acquire(&self, me: u64) -> bool {
        let mut owner = self.owner.lock().unwrap_or_else(|e| e.into_inner());
        if owner.1 == 0 || owner.0 == me {
            *owner = (me, owner.1 + 1);
            return true;
        }
        false
    }

    /// Lets go once.
    ///
    /// # Errors
    /// RuntimeError if this thread does not have the lock.
    pub fn release(&self, py: Python) -> PyResult<()> {
        let mut owner = self.owner.lock().unwrap_or_else(|e| e.into_inner());
        if owner.1 == 0 || owner.0 != py.tstate().id.get() {
            return Err(raise!(py, RuntimeError, "cannot release un-acquired lock"));
        }
        owner.1 -= 1;
        if owner.1 == 0 {
            self.freed.notify_one();
        }
        Ok(())
    }

    /// True if this thread has the lock.
    pub fn is_held(&self, py: Python) -> bool {
        let owner = self.owner.lock().unwrap_or_else(|e| e.into_inner());
        owner.1 > 0 && owner.0 == py.tstate().id.get()
    }
}
