//! The lock of a buffered stream: held while its buffer is worked on, which may release the GIL in between.

use core::cell::Cell;
use std::sync::{Condvar, Mutex, PoisonError};
use taipan_object::{PyObject, PyResult, Python, raise};

/// Taken and released with the GIL held, so that its state needs no atomics; only waiting does.
#[derive(Default)]
pub struct Lock {
    /// The thread state that holds it; 0: free.
    owner: Cell<usize>,
    waiting: Cell<usize>,
    park: Mutex<()>,
    released: Condvar,
}

/// Held until dropped.
pub struct Guard<'a>(&'a Lock);

impl Lock {
    /// Takes the lock, waiting without the GIL while another thread has it.
    ///
    /// # Errors
    /// RuntimeError if this thread has it already: a signal handler, or the raw stream, came back to the same object.
    #[inline]
    pub fn enter(&self, py: Python, owner: &PyObject) -> PyResult<Guard<'_>> {
        let me = py.tstate() as *const _ as usize;
        if self.owner.get() != 0 {
            self.wait(py, owner, me)?;
        }
        self.owner.set(me);
        Ok(Guard(self))
    }

    #[cold]
    fn wait(&self, py: Python, owner: &PyObject, me: usize) -> PyResult<()> {
        if self.owner.get() == me {
            let shown = owner.repr(py)?;
            return Err(raise!(py, RuntimeError, "reentrant call inside {shown}"));
        }
        self.waiting.set(self.waiting.get() + 1);
        while self.owner.get() != 0 {
            // Taken before the GIL is released: whoever releases the lock notifies after this thread waits.
            let parked = self.park.lock().unwrap_or_else(PoisonError::into_inner);
            let released = &self.released;
            py.allow_threads(move || {
                drop(released.wait(parked).unwrap_or_else(PoisonError::into_inner));
            });
        }
        self.waiting.set(self.waiting.get() - 1);
        Ok(())
    }
}

impl Drop for Guard<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.owner.set(0);
        if self.0.waiting.get() != 0 {
            drop(self.0.park.lock().unwrap_or_else(PoisonError::into_inner));
            self.0.released.notify_one();
        }
    }
}
