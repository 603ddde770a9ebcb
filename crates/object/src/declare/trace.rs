//! Visiting the references an object holds, for the cycle collector.

use crate::header::{PyObject, PyVarObject, visitproc};
use crate::{Py, PyLayout, Slot};
use core::cell::{Cell, OnceCell, RefCell};
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

/// The visitor wants no more: what it returned, which is not 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stop(c_int);

impl Stop {
    /// What a C `tp_traverse` returns for it.
    #[inline(always)]
    pub fn code(self) -> c_int {
        self.0
    }
}

/// The visitor that `tp_traverse` is called with.
pub struct Visit {
    visit: visitproc,
    arg: *mut c_void,
}

impl Visit {
    /// # Safety
    /// `visit` can be called with live objects and `arg`.
    #[inline(always)]
    pub unsafe fn from_raw(visit: visitproc, arg: *mut c_void) -> Visit {
        Visit { visit, arg }
    }

    /// Visits one object (`Py_VISIT`).
    #[inline(always)]
    pub fn object(&mut self, obj: &PyObject) -> Result<(), Stop> {
        // SAFETY: the object is alive, the rest by the constructor's contract.
        match unsafe { (self.visit)(obj.as_ptr(), self.arg) } {
            0 => Ok(()),
            code => Err(Stop(code)),
        }
    }

    /// Visits what a raw field points to; null is passed over.
    #[inline(always)]
    pub fn raw(&mut self, obj: *mut PyObject) -> Result<(), Stop> {
        // SAFETY: fields are null or own a reference to a live object.
        match unsafe { obj.as_ref() } {
            Some(obj) => self.object(obj),
            None => Ok(()),
        }
    }

    /// The C function and its argument, to be passed on to another `tp_traverse`.
    pub fn parts(&self) -> (visitproc, *mut c_void) {
        (self.visit, self.arg)
    }

    /// What a C `tp_traverse` returns.
    #[inline(always)]
    pub fn code(result: Result<(), Stop>) -> c_int {
        match result {
            Ok(()) => 0,
            Err(Stop(code)) => code,
        }
    }

    /// The result of calling a C `tp_traverse`.
    #[inline(always)]
    pub fn result(code: c_int) -> Result<(), Stop> {
        if code == 0 { Ok(()) } else { Err(Stop(code)) }
    }
}

/// A value that may hold references to Python objects. `#[derive(Trace)]` visits every field.
pub trait Trace {
    /// Visits every reference held: exactly those, each as often as it is counted.
    fn trace(&self, visit: &mut Visit) -> Result<(), Stop>;

    /// Gives up the references that can be given up through `&self`, to break a cycle.
    fn clear(&self) {}
}

impl<T: PyLayout> Trace for Py<T> {
    #[inline(always)]
    fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
        visit.object(self.as_object())
    }
}

impl<T: PyLayout> Trace for Slot<T> {
    #[inline(always)]
    fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
        visit.raw(self.as_raw() as *mut PyObject)
    }
    #[inline]
    fn clear(&self) {
        Slot::clear(self);
    }
}

impl<T: Trace> Trace for Option<T> {
    #[inline]
    fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
        match self {
            Some(v) => v.trace(visit),
            None => Ok(()),
        }
    }
    fn clear(&self) {
        if let Some(v) = self {
            v.clear();
        }
    }
}

macro_rules! sequences {
    ($([$($g:tt)*] $t:ty),*) => {$(
        impl<$($g)*> Trace for $t {
            fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
                self.iter().try_for_each(|v| v.trace(visit))
            }
            fn clear(&self) {
                self.iter().for_each(Trace::clear);
            }
        }
    )*};
}
sequences!([T: Trace] Vec<T>, [T: Trace] Box<[T]>, [T: Trace] VecDeque<T>, [T: Trace, const N: usize] [T; N]);

impl<T: Trace> Trace for Box<T> {
    fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
        (**self).trace(visit)
    }
    fn clear(&self) {
        (**self).clear();
    }
}

/// While the cell is borrowed for writing nothing is visited: the collector then takes what it holds for referred to
/// from outside, which is safe.
impl<T: Trace + Default> Trace for RefCell<T> {
    fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
        match self.try_borrow() {
            Ok(v) => v.trace(visit),
            Err(_) => Ok(()),
        }
    }
    fn clear(&self) {
        // What was held is dropped only when the cell is free again: dropping can run code that looks into it.
        let old = self.try_borrow_mut().map(|mut v| core::mem::take(&mut *v));
        drop(old);
    }
}

impl<T: Trace> Trace for OnceCell<T> {
    fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
        match self.get() {
            Some(v) => v.trace(visit),
            None => Ok(()),
        }
    }
    fn clear(&self) {
        if let Some(v) = self.get() {
            v.clear();
        }
    }
}

impl<T: PyLayout> Trace for Cell<Option<Py<T>>> {
    fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
        let value = self.take();
        let result = value.trace(visit);
        self.set(value);
        result
    }
    fn clear(&self) {
        drop(self.take());
    }
}

impl<K: Trace, V: Trace, S> Trace for HashMap<K, V, S> {
    fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
        self.iter().try_for_each(|(k, v)| k.trace(visit).and_then(|()| v.trace(visit)))
    }
    fn clear(&self) {
        self.values().for_each(Trace::clear);
    }
}

impl<K: Trace, S> Trace for HashSet<K, S> {
    fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
        self.iter().try_for_each(|k| k.trace(visit))
    }
}

macro_rules! tuples {
    ($(($($t:ident $i:tt),+))*) => {$(
        impl<$($t: Trace),+> Trace for ($($t,)+) {
            #[inline]
            fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
                $(self.$i.trace(visit)?;)+
                Ok(())
            }
            fn clear(&self) {
                $(self.$i.clear();)+
            }
        }
    )*};
}
tuples! { (A 0) (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3) }

/// Types that hold no references.
macro_rules! nothing {
    ($($t:ty),* $(,)?) => {$(
        impl Trace for $t {
            #[inline(always)]
            fn trace(&self, _: &mut Visit) -> Result<(), Stop> {
                Ok(())
            }
        }
    )*};
}
nothing!(
    PyObject,
    PyVarObject,
    (),
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    f32,
    f64,
    String,
    std::path::PathBuf,
    std::ffi::OsString,
    std::ffi::CString,
    std::time::Duration,
    std::time::Instant,
    &'static str,
    core::sync::atomic::AtomicBool,
    core::sync::atomic::AtomicU32,
    core::sync::atomic::AtomicU64,
    core::sync::atomic::AtomicUsize,
    core::sync::atomic::AtomicIsize,
    core::sync::atomic::AtomicI32,
    core::sync::atomic::AtomicI64,
);

impl<T: ?Sized> Trace for PhantomData<T> {
    #[inline(always)]
    fn trace(&self, _: &mut Visit) -> Result<(), Stop> {
        Ok(())
    }
}

/// Plain values in cells.
macro_rules! plain_cells {
    ($($t:ty),* $(,)?) => {$(
        impl Trace for Cell<$t> {
            #[inline(always)]
            fn trace(&self, _: &mut Visit) -> Result<(), Stop> {
                Ok(())
            }
        }
    )*};
}
plain_cells!(
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    f32,
    f64,
    Option<u32>,
    Option<u64>,
    Option<usize>,
    Option<i32>,
    Option<i64>,
    Option<isize>
);

/// Raw pointers and function pointers are the author's affair: what they own must be visited by hand.
macro_rules! pointers {
    ($($t:ty),*) => {$(
        impl<T: ?Sized> Trace for $t {
            #[inline(always)]
            fn trace(&self, _: &mut Visit) -> Result<(), Stop> {
                Ok(())
            }
        }
    )*};
}
pointers!(*mut T, *const T, Cell<*mut T>, Cell<*const T>);

/// What is shared may be visited once only, and no owner knows whether it is the one: it must hold no references.
impl<T: ?Sized + NoReferences> Trace for Rc<T> {
    fn trace(&self, _: &mut Visit) -> Result<(), Stop> {
        Ok(())
    }
}

/// Values without references to Python objects that can be shared: see the `Trace` of `Rc`.
pub trait NoReferences {}
impl NoReferences for str {}
impl NoReferences for [u8] {}
impl NoReferences for [u32] {}
impl NoReferences for Vec<u8> {}
impl NoReferences for String {}
