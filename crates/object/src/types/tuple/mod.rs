//! `tuple`: immutable sequences, their items right behind the header.

pub mod class;
pub mod hash;
pub mod iter;

#[cfg(test)]
mod tests;

pub use class::PyTuple_Type;
pub use iter::{PyTupleIter, PyTupleIter_Type};

use crate::handle::PyLayout;
use crate::header::{PyGcHead, PyObject, PyVarObject};
use crate::memory::{alloc, gc, trashcan};
use crate::typeobj::flags;
use crate::{Py, PyResult, Python, err};
use core::cell::Cell;
use core::mem::ManuallyDrop;
use core::ptr::null_mut;

/// Longest tuple that is kept on a freelist (`PyTuple_MAXSAVESIZE`).
const MAXSAVESIZE: usize = 20;

/// A tuple object (`PyTupleObject`); `ob_size` items follow.
#[repr(C)]
pub struct PyTuple {
    pub ob_base: PyVarObject,
    /// The hash once it was asked for, -1 before.
    ob_hash: Cell<isize>,
    ob_item: [Cell<*mut PyObject>; 0],
}

// SAFETY: starts with the header; the fields are cells.
unsafe impl PyLayout for PyTuple {}
// SAFETY: for the static empty tuple: touched with the GIL held only.
unsafe impl Sync for PyTuple {}

const _: () = assert!(size_of::<PyTuple>() == 32);

impl core::ops::Deref for PyTuple {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base.ob_base
    }
}

/// `()`, with the (unused) collector head that every tuple has in front.
#[repr(C)]
struct EmptyTuple {
    head: PyGcHead,
    tuple: PyTuple,
}
// SAFETY: as for PyTuple.
unsafe impl Sync for EmptyTuple {}

static EMPTY_TUPLE: EmptyTuple = EmptyTuple {
    head: PyGcHead { next: Cell::new(0), prev: Cell::new(0) },
    tuple: PyTuple {
        ob_base: PyVarObject::static_head(&raw const PyTuple_Type, 0),
        ob_hash: Cell::new(-1),
        ob_item: [],
    },
};

impl PyTuple {
    /// True if `obj` is a tuple or an instance of a subclass (`PyTuple_Check`).
    #[inline(always)]
    pub fn check(obj: &PyObject) -> bool {
        obj.ty().has_feature(flags::TUPLE_SUBCLASS)
    }

    /// True if `obj` is exactly a tuple (`PyTuple_CheckExact`).
    #[inline(always)]
    pub fn check_exact(obj: &PyObject) -> bool {
        obj.is_type(&PyTuple_Type)
    }

    /// The one empty tuple, borrowed.
    #[inline(always)]
    pub fn empty_ref() -> &'static PyTuple {
        &EMPTY_TUPLE.tuple
    }

    /// The one empty tuple.
    #[inline(always)]
    pub fn empty(_py: Python) -> Py<PyTuple> {
        Py::new_ref(&EMPTY_TUPLE.tuple)
    }

    /// Number of items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.ob_base.size() as usize
    }

    /// The items' place in memory (`_PyTuple_ITEMS`).
    #[inline(always)]
    pub fn items_ptr(&self) -> *mut *mut PyObject {
        // SAFETY: the items follow the fields.
        unsafe { (self as *const PyTuple as *mut u8).add(size_of::<PyTuple>()) as *mut *mut PyObject }
    }

    /// The items, borrowed.
    #[inline(always)]
    pub fn as_slice(&self) -> &[Py] {
        // SAFETY: the items of a finished tuple are live objects, and `Py` is one pointer.
        unsafe { core::slice::from_raw_parts(self.items_ptr() as *const Py, self.len()) }
    }

    /// Item `i`, borrowed. Panics if there is none.
    #[inline(always)]
    pub fn get(&self, i: usize) -> &PyObject {
        &self.as_slice()[i]
    }

    /// Item `i`, borrowed.
    ///
    /// # Safety
    /// `i` is less than the length.
    #[inline(always)]
    pub unsafe fn get_unchecked(&self, i: usize) -> &PyObject {
        debug_assert!(i < self.len());
        // SAFETY: by contract; items are live.
        unsafe { &**self.items_ptr().add(i) }
    }

    /// Memory for a tuple of `n > 0` items: header and hash written, items not, untracked.
    fn allocate(py: Python, n: usize) -> PyResult<*mut PyTuple> {
        debug_assert!(n > 0);
        let freelists = &py.interp().freelists.tuples;
        if n <= MAXSAVESIZE {
            let p = freelists[n - 1].pop();
            if !p.is_null() {
                // SAFETY: a dead tuple of the same size.
                unsafe {
                    alloc::init(p, &PyTuple_Type);
                    (*(p as *mut PyTuple)).ob_base.set_size(n as isize);
                    (*(p as *mut PyTuple)).ob_hash.set(-1);
                }
                return Ok(p as *mut PyTuple);
            }
        }
        let Some(size) = n.checked_mul(size_of::<usize>()).and_then(|b| b.checked_add(size_of::<PyTuple>())) else {
            return Err(err::no_memory(py));
        };
        if size > isize::MAX as usize - 64 {
            return Err(err::no_memory(py));
        }
        let p = alloc::gc_new_var(py, &PyTuple_Type, size, n as isize)? as *mut PyTuple;
        // SAFETY: just allocated.
        unsafe { (*p).ob_hash.set(-1) };
        Ok(p)
    }

    /// A tuple of new references to `items`.
    pub fn from_slice(py: Python, items: &[&PyObject]) -> PyResult<Py<PyTuple>> {
        // SAFETY: references are live objects.
        unsafe { PyTuple::from_raw(py, items.as_ptr() as *const *mut PyObject, items.len()) }
    }

    /// A tuple of new references to items that others own.
    pub fn from_py_slice(py: Python, items: &[Py]) -> PyResult<Py<PyTuple>> {
        // SAFETY: handles are pointers to live objects.
        unsafe { PyTuple::from_raw(py, items.as_ptr() as *const *mut PyObject, items.len()) }
    }

    /// A tuple of new references to the `n` objects at `items` (`_PyTuple_FromArray`). The collector tracks it only if one
    /// of them could be part of a cycle.
    ///
    /// # Safety
    /// `items` points to `n` live objects.
    pub unsafe fn from_raw(py: Python, items: *const *mut PyObject, n: usize) -> PyResult<Py<PyTuple>> {
        if n == 0 {
            return Ok(PyTuple::empty(py));
        }
        let p = PyTuple::allocate(py, n)?;
        // SAFETY: by contract; the items are written before anybody sees the tuple.
        unsafe {
            let to = (*p).items_ptr();
            let mut track = false;
            for i in 0..n {
                let item = *items.add(i);
                (*item).incref();
                track |= (*item).ty().has_feature(flags::HAVE_GC);
                to.add(i).write(item);
            }
            if track {
                gc::track(&*p);
            }
            Ok(Py::from_owned(p))
        }
    }

    /// A tuple that takes over the `n` references at `items` if it can be made; on failure they stay the caller's.
    ///
    /// # Safety
    /// `items` points to `n` owned references, which the caller does not use after success.
    #[inline]
    pub unsafe fn from_raw_steal(py: Python, items: *const *mut PyObject, n: usize) -> PyResult<Py<PyTuple>> {
        if n == 0 {
            return Ok(PyTuple::empty(py));
        }
        let p = PyTuple::allocate(py, n)?;
        // SAFETY: by contract.
        unsafe {
            let to = (*p).items_ptr();
            core::ptr::copy_nonoverlapping(items, to, n);
            if (0..n).any(|i| (**to.add(i)).ty().has_feature(flags::HAVE_GC)) {
                gc::track(&*p);
            }
            Ok(Py::from_owned(p))
        }
    }

    /// A tuple of these items.
    pub fn from_vec(py: Python, items: Vec<Py>) -> PyResult<Py<PyTuple>> {
        // SAFETY: a `Py` is one owned pointer.
        let tuple = unsafe { PyTuple::from_raw_steal(py, items.as_ptr() as *const *mut PyObject, items.len()) }?;
        let mut items = ManuallyDrop::new(items);
        // SAFETY: the references have moved into the tuple; only the buffer is left to free.
        unsafe {
            items.set_len(0);
            ManuallyDrop::drop(&mut items);
        }
        Ok(tuple)
    }

    /// A tuple of these items.
    pub fn from_array<const N: usize>(py: Python, items: [Py; N]) -> PyResult<Py<PyTuple>> {
        // SAFETY: a `Py` is one owned pointer.
        let tuple = unsafe { PyTuple::from_raw_steal(py, items.as_ptr() as *const *mut PyObject, N) }?;
        core::mem::forget(items);
        Ok(tuple)
    }

    /// A tuple of what the iterator yields, as many items as it says.
    pub fn from_exact_iter(py: Python, items: impl ExactSizeIterator<Item = Py>) -> PyResult<Py<PyTuple>> {
        let n = items.len();
        let mut builder = TupleBuilder::new(py, n)?;
        for item in items.take(n) {
            builder.push(item);
        }
        Ok(builder.finish())
    }

    /// Items `start..end` as a tuple (`PyTuple_GetSlice`); bounds outside are moved inside.
    pub fn slice(&self, py: Python, start: usize, end: usize) -> PyResult<Py<PyTuple>> {
        let end = end.min(self.len());
        let start = start.min(end);
        if start == 0 && end == self.len() && PyTuple::check_exact(self) {
            return Ok(Py::new_ref(self));
        }
        PyTuple::from_py_slice(py, &self.as_slice()[start..end])
    }

    /// The cached hash, -1 if none.
    #[inline(always)]
    pub(crate) fn cached_hash(&self) -> isize {
        self.ob_hash.get()
    }

    #[inline(always)]
    pub(crate) fn set_cached_hash(&self, h: isize) {
        self.ob_hash.set(h);
    }

    /// Writes item `i` of a tuple that nobody else has seen, or that its owner uses as a scratch pad (an iterator's
    /// result tuple). Gives the old item.
    ///
    /// # Safety
    /// `i` is less than the length; the only reference to the tuple is the caller's.
    #[inline(always)]
    pub unsafe fn replace_item(&self, i: usize, item: Py) -> Py {
        // SAFETY: by contract.
        unsafe { Py::from_owned(self.items_ptr().add(i).replace(item.into_raw())) }
    }

    /// Makes a tuple that is used again look new: the hash is forgotten, the collector tracks it (`_PyTuple_Recycle`).
    #[inline(always)]
    pub fn recycle(&self) {
        self.ob_hash.set(-1);
        if !gc::is_tracked(self) {
            // SAFETY: tuples have a collector head; not tracked.
            unsafe { gc::track(self) };
        }
    }

    /// Takes the tuple away from the collector if no item can ever be part of a cycle (`_PyTuple_MaybeUntrack`): called by
    /// the collector for the tuples that survive.
    pub fn maybe_untrack(&self) {
        if !PyTuple::check_exact(self) || !gc::is_tracked(self) {
            return;
        }
        for i in 0..self.len() {
            // SAFETY: in range; null while the tuple is being built.
            let Some(item) = (unsafe { (*self.items_ptr().add(i)).as_ref() }) else { return };
            if may_be_tracked(item) {
                return;
            }
        }
        // SAFETY: tuples have a collector head.
        unsafe { gc::untrack(self) }
    }

    /// Drops the items and frees the memory (`tp_dealloc`).
    pub(crate) unsafe fn dealloc(this: *mut PyTuple) {
        // SAFETY: the count is zero: the tuple is ours alone.
        unsafe {
            if core::ptr::eq(this, &EMPTY_TUPLE.tuple) {
                // Native code gave back one reference too many to an immortal object.
                (*this).set_immortal();
                return;
            }
            gc::untrack(&*this);
            if !trashcan::begin(this as *mut PyObject) {
                return;
            }
            let n = (*this).len();
            let items = (*this).items_ptr();
            for i in (0..n).rev() {
                let item = *items.add(i);
                if !item.is_null() {
                    PyObject::decref(item);
                }
            }
            let py = Python::assume();
            let kept = (1..=MAXSAVESIZE).contains(&n)
                && PyTuple::check_exact(&*this)
                && py.interp().freelists.tuples[n - 1].push(this as *mut PyObject);
            if !kept {
                free_object(this as *mut PyObject);
            }
            trashcan::end();
        }
    }
}

/// True if the object is or may yet be known to the collector (`_PyObject_GC_MAY_BE_TRACKED`).
#[inline]
pub(crate) fn may_be_tracked(obj: &PyObject) -> bool {
    gc::is_gc(obj) && (!PyTuple::check_exact(obj) || gc::is_tracked(obj))
}

/// Gives an object's memory back by its type's `tp_free`.
///
/// # Safety
/// The object is dead and untracked, its fields are dropped.
#[inline]
pub(crate) unsafe fn free_object(obj: *mut PyObject) {
    // SAFETY: by contract; the type is still readable.
    unsafe {
        match (*obj).ty().tp_free.get() {
            Some(free) => free(obj as *mut core::ffi::c_void),
            None => alloc::free(obj),
        }
    }
}

/// A tuple in the making: not tracked, items filled in one after the other, freed if dropped unfinished.
pub struct TupleBuilder {
    /// Null for a tuple of no items.
    tuple: *mut PyTuple,
    filled: usize,
}

impl TupleBuilder {
    /// A builder for `n` items.
    pub fn new(py: Python, n: usize) -> PyResult<TupleBuilder> {
        if n == 0 {
            return Ok(TupleBuilder { tuple: null_mut(), filled: 0 });
        }
        let tuple = PyTuple::allocate(py, n)?;
        // SAFETY: room for `n` items; null ones are skipped at deallocation.
        unsafe { (*tuple).items_ptr().write_bytes(0, n) };
        Ok(TupleBuilder { tuple, filled: 0 })
    }

    /// Number of items it is made for.
    pub fn capacity(&self) -> usize {
        // SAFETY: null or ours.
        unsafe { self.tuple.as_ref() }.map_or(0, PyTuple::len)
    }

    /// Adds the next item. Panics if there is no room.
    #[inline]
    pub fn push(&mut self, item: Py) {
        assert!(self.filled < self.capacity());
        // SAFETY: in range, not set yet.
        unsafe { (*self.tuple).items_ptr().add(self.filled).write(item.into_raw()) };
        self.filled += 1;
    }

    /// The tuple, tracked by the collector. Panics if items are missing.
    pub fn finish(self) -> Py<PyTuple> {
        assert!(self.filled == self.capacity());
        let this = ManuallyDrop::new(self);
        if this.tuple.is_null() {
            return Py::new_ref(PyTuple::empty_ref());
        }
        // SAFETY: whole now; the builder's reference moves out.
        unsafe {
            gc::track(&*this.tuple);
            Py::from_owned(this.tuple)
        }
    }
}

impl Drop for TupleBuilder {
    fn drop(&mut self) {
        if !self.tuple.is_null() {
            // SAFETY: the builder owns the one reference.
            unsafe { PyObject::decref(self.tuple as *const PyObject) }
        }
    }
}

impl PyObject {
    /// The object itself: what anything that dereferences to an object gives to [`pack!`](crate::pack).
    #[doc(hidden)]
    #[inline(always)]
    pub fn as_packed(&self) -> &PyObject {
        self
    }
}

/// `pack!(py, a, b, …)`: a tuple of new references to these objects (`PyTuple_Pack`).
#[macro_export]
macro_rules! pack {
    ($py:expr $(, $item:expr)* $(,)?) => {
        $crate::PyTuple::from_slice($py, &[$(($item).as_packed()),*])
    };
}

/// What the collector asks of a tuple that survived: see [`PyTuple::maybe_untrack`].
pub(crate) fn maybe_untrack(obj: &PyObject) {
    if PyTuple::check_exact(obj) {
        // SAFETY: just checked.
        unsafe { &*(obj.as_ptr() as *const PyTuple) }.maybe_untrack();
    }
}
