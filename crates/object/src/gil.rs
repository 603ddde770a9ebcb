//! The GIL as a value: [`Python`] is a zero-sized token that only a thread holding its interpreter's GIL can have.
//!
//! Every function that touches objects takes it. **There is no way to get one except from a place where the GIL is
//! known to be held** (an entry from C, the evaluation loop, [`attach`]), which is what makes the cells inside objects sound.

use crate::handle::Py;
use crate::runtime::interp::InterpreterState;
use crate::runtime::tstate::{self, PyThreadState};
use crate::singletons;
use core::marker::PhantomData;

/// Proof that this thread holds the GIL of its current interpreter. Zero-sized, `Copy`, neither `Send` nor `Sync`.
#[derive(Clone, Copy)]
pub struct Python<'py>(PhantomData<(&'py (), *const ())>);

impl<'py> Python<'py> {
    /// States that the GIL is held.
    ///
    /// # Safety
    /// The calling thread holds its interpreter's GIL as long as the token lives: true inside every function that Python
    /// calls (slots, methods), and until the token's scope releases the GIL.
    #[inline(always)]
    pub unsafe fn assume() -> Python<'py> {
        Python(PhantomData)
    }

    /// The current thread state.
    #[inline(always)]
    pub fn tstate(self) -> &'py PyThreadState {
        // SAFETY: a thread that holds a GIL has a current thread state, which lives while it is attached.
        unsafe { &*tstate::current() }
    }

    /// The interpreter this thread is running in.
    #[inline(always)]
    pub fn interp(self) -> &'py InterpreterState {
        // SAFETY: a thread state's interpreter outlives it.
        unsafe { &*self.tstate().interp.get() }
    }

    #[inline(always)]
    pub fn none(self) -> Py {
        Py::new_ref(singletons::none())
    }
    #[inline(always)]
    pub fn not_implemented(self) -> Py {
        Py::new_ref(singletons::not_implemented())
    }
    #[inline(always)]
    pub fn ellipsis(self) -> Py {
        Py::new_ref(singletons::ellipsis())
    }
    /// `True` or `False`.
    #[inline(always)]
    pub fn bool(self, b: bool) -> Py {
        Py::new_ref(if b { singletons::true_() } else { singletons::false_() })
    }

    /// Releases the GIL while `f` runs (`Py_BEGIN_ALLOW_THREADS`). `f` must not touch objects: it cannot, since no token
    /// can enter it.
    pub fn allow_threads<R>(self, f: impl FnOnce() -> R) -> R {
        struct Reattach(*mut PyThreadState);
        impl Drop for Reattach {
            fn drop(&mut self) {
                // SAFETY: the state was detached from this thread just before.
                unsafe { tstate::attach(self.0) }
            }
        }
        // SAFETY: the GIL is held, as the token proves.
        let ts = unsafe { tstate::detach() };
        let guard = Reattach(ts);
        let result = f();
        drop(guard);
        result
    }

    /// Runs pending signal handlers (only in the main thread). Raises what they raise.
    pub fn check_signals(self) -> crate::PyResult<()> {
        (crate::runtime::hooks::get().check_signals)(self)
    }

    /// Counts one level of native recursion; RecursionError "maximum recursion depth exceeded{place}" when the native
    /// stack is nearly used up.
    #[inline]
    pub fn enter_recursive(self, place: &str) -> crate::PyResult<RecursionGuard> {
        if crate::runtime::stack::near_limit() {
            return Err(recursion_error(self, place));
        }
        Ok(RecursionGuard(PhantomData))
    }
}

/// Held while a native function recurses; see [`Python::enter_recursive`].
pub struct RecursionGuard(PhantomData<*const ()>);

#[cold]
#[inline(never)]
fn recursion_error(py: Python, place: &str) -> crate::Raised {
    crate::raise!(py, RecursionError, "Stack overflow (used {} kB){}", crate::runtime::stack::used() / 1024, place)
}
