//! Process, interpreter and thread states; the GIL; hooks into the interpreter crate; the native stack guard.

pub mod gil_lock;
pub mod hooks;
pub mod interp;
pub mod stack;
pub mod tstate;

/// This thread's `errno`.
pub fn errno() -> i32 {
    // SAFETY: the location is the thread's own.
    unsafe { *libc::__errno_location() }
}

/// Sets this thread's `errno`.
pub fn set_errno(e: i32) {
    // SAFETY: the location is the thread's own.
    unsafe { *libc::__errno_location() = e }
}
