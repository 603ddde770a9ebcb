//! How this folder writes C slot functions: [`c_fn!`] declares one with borrowed arguments and a `PyResult` body.

use crate::{Py, PyLayout, PyObject, PyResult};
use core::ffi::c_int;

/// The C return value for a result.
pub trait CReturn {
    type Raw;
    fn c_return(self) -> Self::Raw;
}

impl<T: PyLayout> CReturn for PyResult<Py<T>> {
    type Raw = *mut PyObject;
    #[inline(always)]
    fn c_return(self) -> *mut PyObject {
        match self {
            Ok(v) => v.into_raw_object(),
            Err(_) => core::ptr::null_mut(),
        }
    }
}

impl<T: PyLayout> CReturn for PyResult<Option<Py<T>>> {
    type Raw = *mut PyObject;
    #[inline(always)]
    fn c_return(self) -> *mut PyObject {
        match self {
            Ok(Some(v)) => v.into_raw_object(),
            _ => core::ptr::null_mut(),
        }
    }
}

impl CReturn for PyResult<()> {
    type Raw = c_int;
    #[inline(always)]
    fn c_return(self) -> c_int {
        if self.is_ok() { 0 } else { -1 }
    }
}

impl CReturn for PyResult<bool> {
    type Raw = c_int;
    #[inline(always)]
    fn c_return(self) -> c_int {
        self.map_or(-1, c_int::from)
    }
}

impl CReturn for PyResult<isize> {
    type Raw = isize;
    #[inline(always)]
    fn c_return(self) -> isize {
        self.unwrap_or(-1)
    }
}

/// The C type of an argument kind of [`c_fn!`].
macro_rules! c_raw {
    (obj) => { *mut $crate::PyObject };
    (opt) => { *mut $crate::PyObject };
    (int) => { core::ffi::c_int };
    (ssize) => { isize };
    (ptr) => { *mut core::ffi::c_void };
}
pub(crate) use c_raw;

/// The Rust value of an argument kind of [`c_fn!`]; used inside an unsafe block.
macro_rules! c_arg {
    (obj $a:ident) => {
        &*$a
    };
    (opt $a:ident) => {
        $a.as_ref()
    };
    (int $a:ident) => {
        $a
    };
    (ssize $a:ident) => {
        $a
    };
    (ptr $a:ident) => {
        $a
    };
}
pub(crate) use c_arg;

/// `c_fn! { fn name(py, a: obj, b: opt, n: ssize) -> ResultType { body } }`: a C function whose arguments arrive as
/// `&PyObject` (`obj`), `Option<&PyObject>` (`opt`), numbers as they are, and whose body gives a `PyResult`.
macro_rules! c_fn {
    ($($(#[$m:meta])* $vis:vis fn $name:ident($py:ident $(, $arg:ident : $kind:ident)* $(,)?) -> $ret:ty $body:block)*) => {$(
        $(#[$m])*
        $vis unsafe extern "C" fn $name(
            $($arg: $crate::types::type_::glue::c_raw!($kind)),*
        ) -> <$ret as $crate::types::type_::glue::CReturn>::Raw {
            // SAFETY: slots are called with the GIL held.
            #[allow(unused_variables)]
            let $py = unsafe { $crate::Python::assume() };
            $(
                // SAFETY: the caller passes live objects for the length of the call (null only where optional).
                #[allow(unused_unsafe, unused_variables)]
                let $arg = unsafe { $crate::types::type_::glue::c_arg!($kind $arg) };
            )*
            let body = || -> $ret { $body };
            $crate::types::type_::glue::CReturn::c_return(body())
        }
    )*};
}
pub(crate) use c_fn;
