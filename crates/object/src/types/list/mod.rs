//! `list`: growable arrays of references.

pub mod class;
pub mod iter;
pub mod slices;
pub mod sort;
pub mod timsort;

#[cfg(test)]
mod tests;

pub use class::PyList_Type;
pub use iter::{PyListIter, PyListIter_Type, PyListRevIter, PyListRevIter_Type};

use crate::abstracts::{iter as iteration, sequence};
use crate::declare::CompareOp;
use crate::handle::PyLayout;
use crate::header::{PyObject, PyVarObject};
use crate::memory::{alloc, gc, obmalloc, trashcan};
use crate::typeobj::flags;
use crate::types::dict::PyDict;
use crate::types::dict::views::viewed;
use crate::types::set::PySetObject;
use crate::types::tuple::{PyTuple, free_object};
use crate::{Py, PyResult, Python, err};
use core::cell::Cell;
use core::mem::ManuallyDrop;
use core::ptr::null_mut;

/// An array of no more places than this is not made smaller.
const KEPT_ROOM: isize = 32;

/// A list object (`PyListObject`).
#[repr(C)]
pub struct PyList {
    pub ob_base: PyVarObject,
    /// The items, `allocated` places of which `ob_size` are used. Null if nothing is allocated.
    ob_item: Cell<*mut *mut PyObject>,
    /// -1 while the list is being sorted and looks empty.
    allocated: Cell<isize>,
}

// SAFETY: starts with the header; the fields are cells.
unsafe impl PyLayout for PyList {}
const _: () = assert!(size_of::<PyList>() == 40);

impl core::ops::Deref for PyList {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base.ob_base
    }
}

/// Memory for `n` item pointers, null if there is none.
fn item_memory(n: usize) -> *mut *mut PyObject {
    match n.checked_mul(size_of::<usize>()) {
        // SAFETY: allocating with the GIL held.
        Some(bytes) if bytes <= isize::MAX as usize => unsafe { obmalloc::malloc(bytes) as *mut *mut PyObject },
        _ => null_mut(),
    }
}

impl PyList {
    /// True if `obj` is a list or an instance of a subclass (`PyList_Check`).
    #[inline(always)]
    pub fn check(obj: &PyObject) -> bool {
        obj.ty().has_feature(flags::LIST_SUBCLASS)
    }
    /// True if `obj` is exactly a list (`PyList_CheckExact`).
    #[inline(always)]
    pub fn check_exact(obj: &PyObject) -> bool {
        obj.is_type(&PyList_Type)
    }

    /// A list over this array, which it takes over.
    fn from_parts(py: Python, items: *mut *mut PyObject, size: usize, allocated: usize) -> PyResult<Py<PyList>> {
        let mut p = py.interp().freelists.lists.pop();
        // SAFETY: memory for a list, written whole before it is tracked.
        unsafe {
            if p.is_null() {
                p = alloc::gc_new(py, &PyList_Type, size_of::<PyList>())?;
            } else {
                alloc::init(p, &PyList_Type);
            }
            let list = p as *mut PyList;
            (*list).ob_base.set_size(size as isize);
            (&raw mut (*list).ob_item).write(Cell::new(items));
            (&raw mut (*list).allocated).write(Cell::new(allocated as isize));
            gc::track(&*list);
            Ok(Py::from_owned(list))
        }
    }

    /// An empty list.
    #[inline]
    pub fn new(py: Python) -> PyResult<Py<PyList>> {
        PyList::from_parts(py, null_mut(), 0, 0)
    }

    /// An empty list with room for `n` items.
    pub fn with_capacity(py: Python, n: usize) -> PyResult<Py<PyList>> {
        let list = PyList::new(py)?;
        list.preallocate(py, n)?;
        Ok(list)
    }

    /// A list of these items.
    pub fn from_vec(py: Python, items: Vec<Py>) -> PyResult<Py<PyList>> {
        // SAFETY: a `Py` is one owned pointer.
        let list = unsafe { PyList::from_raw_steal(py, items.as_ptr() as *const *mut PyObject, items.len()) }?;
        let mut items = ManuallyDrop::new(items);
        // SAFETY: the references have moved into the list; only the buffer is left to free.
        unsafe {
            items.set_len(0);
            ManuallyDrop::drop(&mut items);
        }
        Ok(list)
    }

    /// A list of new references to `items`.
    pub fn from_slice(py: Python, items: &[&PyObject]) -> PyResult<Py<PyList>> {
        PyList::from_vec(py, items.iter().map(|&i| Py::new_ref(i)).collect())
    }

    /// A list that takes over the `n` references at `items` if it can be made; on failure they stay the caller's.
    ///
    /// # Safety
    /// `items` points to `n` owned references, which the caller does not use after success.
    pub unsafe fn from_raw_steal(py: Python, items: *const *mut PyObject, n: usize) -> PyResult<Py<PyList>> {
        if n == 0 {
            return PyList::new(py);
        }
        let array = item_memory(n);
        if array.is_null() {
            return Err(err::no_memory(py));
        }
        // SAFETY: room for `n` pointers.
        unsafe { core::ptr::copy_nonoverlapping(items, array, n) };
        match PyList::from_parts(py, array, n, n) {
            Ok(list) => Ok(list),
            Err(e) => {
                // SAFETY: just allocated; the references in it are the caller's.
                unsafe { obmalloc::free(array as *mut u8) };
                Err(e)
            }
        }
    }

    /// Number of items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.ob_base.size() as usize
    }

    /// The array of items; valid until the list grows or shrinks (`_PyList_ITEMS`).
    #[inline(always)]
    pub fn items_ptr(&self) -> *mut *mut PyObject {
        self.ob_item.get()
    }

    /// Places allocated.
    #[inline(always)]
    pub fn allocated(&self) -> isize {
        self.allocated.get()
    }

    /// The items, borrowed.
    ///
    /// # Safety
    /// Nothing may change the list while the slice is used: no Python code may run.
    #[inline(always)]
    pub unsafe fn items(&self) -> &[Py] {
        if self.len() == 0 {
            return &[];
        }
        // SAFETY: items are live objects, and `Py` is one pointer.
        unsafe { core::slice::from_raw_parts(self.ob_item.get() as *const Py, self.len()) }
    }

    /// A new reference to item `i`, `None` if there is none.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<Py> {
        if i >= self.len() {
            return None;
        }
        // SAFETY: in range; items are live.
        Some(unsafe { Py::from_borrowed(*self.ob_item.get().add(i)) })
    }

    /// Replaces item `i` and gives the old one back; `Err` gives the new one back if there is no such place.
    #[inline]
    pub fn replace(&self, i: usize, value: Py) -> Result<Py, Py> {
        if i >= self.len() {
            return Err(value);
        }
        // SAFETY: in range; the place owned its item.
        unsafe {
            let place = self.ob_item.get().add(i);
            Ok(Py::from_owned(place.replace(value.into_raw())))
        }
    }

    /// Replaces item `i`. False if there is no such place.
    #[inline]
    pub fn set(&self, i: usize, value: Py) -> bool {
        self.replace(i, value).is_ok()
    }

    /// Sets the number of items after making sure of the room (`list_resize`). New places are not initialised: the caller
    /// fills them before anything else happens. Grows by an eighth and shrinks below a half, small arrays never.
    pub(crate) fn resize(&self, py: Python, n: usize) -> PyResult<()> {
        let allocated = self.allocated.get();
        if allocated >= n as isize && (n as isize >= allocated >> 1 || allocated <= KEPT_ROOM) {
            self.ob_base.set_size(n as isize);
            return Ok(());
        }
        let old = self.len();
        let mut room = n.saturating_add(n >> 3).saturating_add(6) & !3;
        // A jump beyond what would be over-allocated anyway gets little more than it asks for.
        if n > old && n - old > room - n {
            room = n.saturating_add(3) & !3;
        }
        if n == 0 {
            room = 0;
        }
        let items = self.ob_item.get();
        let items = if room == 0 {
            // SAFETY: null or from the allocator; nothing is in it any more.
            unsafe { obmalloc::free(items as *mut u8) };
            null_mut()
        } else {
            match room.checked_mul(size_of::<usize>()) {
                Some(bytes) if bytes <= isize::MAX as usize => {
                    // SAFETY: null or from the allocator.
                    let p = unsafe { obmalloc::realloc(items as *mut u8, bytes) } as *mut *mut PyObject;
                    if p.is_null() {
                        return Err(err::no_memory(py));
                    }
                    p
                }
                _ => return Err(err::no_memory(py)),
            }
        };
        self.ob_item.set(items);
        self.ob_base.set_size(n as isize);
        self.allocated.set(room as isize);
        Ok(())
    }

    /// Makes room for exactly `n` items (rounded up to two) in a list that has no array (`list_preallocate_exact`).
    fn preallocate(&self, py: Python, n: usize) -> PyResult<()> {
        debug_assert!(self.ob_item.get().is_null());
        if n == 0 {
            return Ok(());
        }
        let room = n.saturating_add(1) & !1;
        let items = item_memory(room);
        if items.is_null() {
            return Err(err::no_memory(py));
        }
        self.ob_item.set(items);
        self.allocated.set(room as isize);
        Ok(())
    }

    /// `append`.
    #[inline(always)]
    pub fn append(&self, py: Python, item: &PyObject) -> PyResult<()> {
        self.push_owned(py, Py::new_ref(item))
    }

    /// `append` of an owned reference (`_PyList_AppendTakeRef`).
    #[inline(always)]
    pub fn push_owned(&self, py: Python, item: Py) -> PyResult<()> {
        let n = self.len();
        if self.allocated.get() <= n as isize {
            self.resize(py, n + 1)?;
        } else {
            self.ob_base.set_size(n as isize + 1);
        }
        // SAFETY: there is room now.
        unsafe { self.ob_item.get().add(n).write(item.into_raw()) };
        Ok(())
    }

    /// Inserts before position `i`, at the end if there is none.
    pub fn insert(&self, py: Python, i: usize, item: &PyObject) -> PyResult<()> {
        let n = self.len();
        self.resize(py, n + 1)?;
        let i = i.min(n);
        // SAFETY: there is room for one more; the tail moves up.
        unsafe {
            let place = self.ob_item.get().add(i);
            core::ptr::copy(place, place.add(1), n - i);
            place.write(Py::new_ref(item).into_raw());
        }
        Ok(())
    }

    /// Removes item `i`, which exists, and gives it.
    pub(crate) fn remove_at(&self, py: Python, i: usize) -> PyResult<Py> {
        let n = self.len();
        debug_assert!(i < n);
        if n == 1 {
            let item = self.get(0).unwrap_or_else(|| unreachable!("in range"));
            self.clear();
            return Ok(item);
        }
        // SAFETY: in range; the place's reference moves out, the tail moves down.
        let item = unsafe {
            let place = self.ob_item.get().add(i);
            let item = Py::from_owned(*place);
            core::ptr::copy(place.add(1), place, n - i - 1);
            item
        };
        // Shrinking cannot fail in a way that matters: without memory the array stays as large as it was.
        if self.resize(py, n - 1).is_err() {
            err::clear(py);
            self.ob_base.set_size(n as isize - 1);
        }
        Ok(item)
    }

    /// All items as new references.
    pub fn to_vec(&self) -> Vec<Py> {
        // SAFETY: cloning runs no Python code.
        unsafe { self.items() }.to_vec()
    }

    /// A tuple of the items.
    pub fn as_tuple(&self, py: Python) -> PyResult<Py<PyTuple>> {
        // SAFETY: making a tuple runs no Python code.
        unsafe { PyTuple::from_py_slice(py, self.items()) }
    }

    /// A tuple that the items move to; the list is empty afterwards (`_PyList_AsTupleAndClear`).
    pub fn into_tuple(&self, py: Python) -> PyResult<Py<PyTuple>> {
        // SAFETY: the items move to the tuple.
        let tuple = unsafe { PyTuple::from_raw_steal(py, self.ob_item.get(), self.len()) }?;
        self.ob_base.set_size(0);
        self.clear();
        Ok(tuple)
    }

    /// Removes all items.
    pub fn clear(&self) {
        let items = self.ob_item.replace(null_mut());
        if items.is_null() {
            return;
        }
        let n = self.len();
        self.ob_base.set_size(0);
        self.allocated.set(0);
        // SAFETY: the array is ours alone now; it owned its items, dropped from the last to the first.
        unsafe {
            for i in (0..n).rev() {
                drop(Py::from_owned_nullable(*items.add(i)));
            }
            obmalloc::free(items as *mut u8);
        }
    }

    /// Reverses the order in place.
    pub fn reverse(&self) {
        if self.len() > 1 {
            // SAFETY: plain pointers, nobody looks meanwhile.
            unsafe { core::slice::from_raw_parts_mut(self.ob_item.get(), self.len()) }.reverse();
        }
    }

    /// Appends new references to the `n` objects at `items`.
    ///
    /// # Safety
    /// They are live. The array may be this list's own.
    unsafe fn extend_raw(&self, py: Python, items: impl Fn() -> *const *mut PyObject, n: usize) -> PyResult<()> {
        if n == 0 {
            return Ok(());
        }
        let m = self.len();
        if self.ob_item.get().is_null() {
            self.preallocate(py, n)?;
            self.ob_base.set_size(n as isize);
        } else {
            self.resize(py, m + n)?;
        }
        // The array may be our own and have moved.
        let from = items();
        // SAFETY: by contract; there is room for them.
        unsafe {
            let to = self.ob_item.get().add(m);
            for i in 0..n {
                let item = *from.add(i);
                (*item).incref();
                to.add(i).write(item);
            }
        }
        Ok(())
    }

    /// Appends all that `iterable` yields (`_PyList_Extend`).
    pub fn extend(&self, py: Python, iterable: &PyObject) -> PyResult<()> {
        if let Some(list) = iterable.downcast_exact::<PyList>() {
            // SAFETY: items are live.
            return unsafe { self.extend_raw(py, || list.items_ptr(), list.len()) };
        }
        if let Some(tuple) = iterable.downcast_exact::<PyTuple>() {
            // SAFETY: as above.
            return unsafe { self.extend_raw(py, || tuple.items_ptr(), tuple.len()) };
        }
        if let Some(set) = PySetObject::from_exact(iterable) {
            self.reserve(py, set.len())?;
            let mut pos = 0;
            while let Some(key) = set.next(&mut pos) {
                self.push_owned(py, key)?;
            }
            return Ok(());
        }
        if let Some(dict) = iterable.downcast_exact::<PyDict>() {
            self.reserve(py, dict.len())?;
            let mut pos = 0;
            while let Some((key, _)) = dict.next(&mut pos) {
                self.push_owned(py, key)?;
            }
            return Ok(());
        }
        if let Some((dict, pick)) = viewed(iterable) {
            self.reserve(py, dict.len())?;
            let mut pos = 0;
            while let Some((key, value)) = dict.next(&mut pos) {
                self.push_owned(py, pick(py, key, value)?)?;
            }
            return Ok(());
        }
        let it = iterable.iter(py)?;
        let hint = iteration::length_hint(py, iterable, 8)?;
        if self.ob_item.get().is_null() {
            self.preallocate(py, hint)?;
        } else if self.len().checked_add(hint).is_some() {
            self.reserve(py, hint)?;
        }
        while let Some(item) = it.iter_next(py)? {
            self.push_owned(py, item)?;
        }
        // Give back what was allocated on a hint that was too high.
        if (self.len() as isize) < self.allocated.get() {
            self.resize(py, self.len())?;
        }
        Ok(())
    }

    /// Makes room for `n` more items.
    fn reserve(&self, py: Python, n: usize) -> PyResult<()> {
        let m = self.len();
        if n > 0 {
            self.resize(py, m.saturating_add(n))?;
            self.ob_base.set_size(m as isize);
        }
        Ok(())
    }

    /// Position of the first item from `start` on that equals `value`. The list may change while comparing.
    pub(crate) fn position(&self, py: Python, value: &PyObject, start: usize, stop: usize) -> PyResult<Option<usize>> {
        let mut i = start;
        while i < stop {
            let Some(item) = self.get(i) else { break };
            if item.rich_compare_bool(py, value, CompareOp::Eq)? {
                return Ok(Some(i));
            }
            i += 1;
        }
        Ok(None)
    }

    /// `self + other`.
    pub fn concat(&self, py: Python, other: &PyList) -> PyResult<Py<PyList>> {
        let n = self.len() + other.len();
        let out = PyList::new(py)?;
        if n > 0 {
            out.preallocate_unrounded(py, n)?;
            // SAFETY: no Python code runs.
            for item in unsafe { self.items().iter().chain(other.items()) } {
                out.push_owned(py, item.clone())?;
            }
        }
        Ok(out)
    }

    /// `self * n`.
    pub fn repeat(&self, py: Python, n: isize) -> PyResult<Py<PyList>> {
        let n = n.max(0) as usize;
        let Some(total) = self.len().checked_mul(n) else { return Err(err::no_memory(py)) };
        let out = PyList::new(py)?;
        if total > 0 {
            out.preallocate_unrounded(py, total)?;
            for _ in 0..n {
                // SAFETY: no Python code runs.
                for item in unsafe { self.items() } {
                    out.push_owned(py, item.clone())?;
                }
            }
        }
        Ok(out)
    }

    /// As [`PyList::preallocate`] for a result whose size is final (`list_new_prealloc`).
    pub(crate) fn preallocate_unrounded(&self, py: Python, n: usize) -> PyResult<()> {
        debug_assert!(self.ob_item.get().is_null());
        if n == 0 {
            return Ok(());
        }
        let items = item_memory(n);
        if items.is_null() {
            return Err(err::no_memory(py));
        }
        self.ob_item.set(items);
        self.allocated.set(n as isize);
        Ok(())
    }

    /// Bytes of the object with its array, without the collector head.
    pub fn size_of(&self) -> usize {
        self.ty().tp_basicsize.get() as usize + self.allocated.get().max(0) as usize * size_of::<usize>()
    }

    /// Exchanges the whole content: array, size, allocation. For sorting.
    pub(crate) fn exchange(
        &self,
        items: *mut *mut PyObject,
        size: usize,
        allocated: isize,
    ) -> (*mut *mut PyObject, usize, isize) {
        let old = (self.ob_item.get(), self.len(), self.allocated.get());
        self.ob_item.set(items);
        self.ob_base.set_size(size as isize);
        self.allocated.set(allocated);
        old
    }

    pub(crate) unsafe fn dealloc(this: *mut PyList) {
        // SAFETY: the count is zero: the list is ours alone.
        unsafe {
            gc::untrack(&*this);
            if !trashcan::begin(this as *mut PyObject) {
                return;
            }
            (*this).clear();
            let kept =
                PyList::check_exact(&*this) && Python::assume().interp().freelists.lists.push(this as *mut PyObject);
            if !kept {
                free_object(this as *mut PyObject);
            }
            trashcan::end();
        }
    }

    /// A list of what `iterable` yields (`PySequence_List`).
    pub fn from_iterable(py: Python, iterable: &PyObject) -> PyResult<Py<PyList>> {
        let list = PyList::new(py)?;
        list.extend(py, iterable)?;
        Ok(list)
    }

    /// Compares item by item, then by length.
    pub(crate) fn compare(&self, py: Python, other: &PyList, op: CompareOp) -> PyResult {
        if self.len() != other.len() {
            match op {
                CompareOp::Eq => return Ok(py.bool(false)),
                CompareOp::Ne => return Ok(py.bool(true)),
                _ => {}
            }
        }
        let mut i = 0;
        while let (Some(a), Some(b)) = (self.get(i), other.get(i)) {
            i += 1;
            if a.is(&b) || a.rich_compare_bool(py, &b, CompareOp::Eq)? {
                continue;
            }
            return match op {
                CompareOp::Eq => Ok(py.bool(false)),
                CompareOp::Ne => Ok(py.bool(true)),
                _ => a.rich_compare(py, &b, op),
            };
        }
        Ok(py.bool(sequence::compare_lengths(self.len(), other.len(), op)))
    }
}
