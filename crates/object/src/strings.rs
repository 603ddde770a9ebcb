//! `id!(py, "name")`: an interned, immortal string of the implementation, at the cost of one load (CPython's `_Py_ID`).

use crate::{PyStr, Python};
use core::sync::atomic::{AtomicPtr, Ordering};

/// The cell behind one use of [`id!`](crate::id).
pub struct StaticStr(AtomicPtr<PyStr>, &'static str);

impl StaticStr {
    pub const fn new(text: &'static str) -> StaticStr {
        StaticStr(AtomicPtr::new(core::ptr::null_mut()), text)
    }

    /// The string, made at first use. It is immortal and shared by all interpreters.
    #[inline(always)]
    pub fn get(&self, py: Python) -> &'static PyStr {
        let p = self.0.load(Ordering::Relaxed);
        if p.is_null() {
            return self.make(py);
        }
        // SAFETY: only `make` stores, and what it stores is immortal.
        unsafe { &*p }
    }

    #[cold]
    #[inline(never)]
    fn make(&self, py: Python) -> &'static PyStr {
        let s = crate::types::str_::intern::intern_static(py, self.1);
        self.0.store(s as *const PyStr as *mut PyStr, Ordering::Relaxed);
        s
    }
}

/// `id!(py, "__name__")` gives a `&'static PyStr`.
#[macro_export]
macro_rules! id {
    ($py:expr, $text:literal) => {{
        static CELL: $crate::strings::StaticStr = $crate::strings::StaticStr::new($text);
        CELL.get($py)
    }};
}
