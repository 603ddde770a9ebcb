//! The values of a split table (`struct _dictvalues`): those of one instance, whose keys its class keeps.
//!
//! A four-byte head is followed by `capacity` value pointers and then by the order of insertion, a byte each. The block
//! stands either behind the fields of the instance itself (*embedded*) or, for a dict that outlives its instance or was
//! copied, in memory of its own.

use super::keys::Keys;
use crate::header::PyObject;
use crate::memory::obmalloc;
use crate::{PyResult, Python, err};
use core::cell::Cell;
use core::ptr::null_mut;

/// The head of the block.
#[repr(C)]
pub struct DictValues {
    /// Values there is room for.
    pub capacity: Cell<u8>,
    /// Values that are set: length of the insertion order.
    pub size: Cell<u8>,
    /// 1 if the block is part of an object.
    pub embedded: Cell<u8>,
    /// 0 if embedded values are not used any more, their dict having moved elsewhere.
    pub valid: Cell<u8>,
    values: [Cell<*mut PyObject>; 0],
}

const _: () = assert!(size_of::<DictValues>() == 8);

/// A pointer to live values, as short-lived as [`Keys`] and sound under the same rule.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Values(*mut DictValues);

impl Values {
    /// Bytes of a block for `capacity` values.
    #[inline(always)]
    pub const fn byte_size(capacity: usize) -> usize {
        size_of::<DictValues>() + capacity * size_of::<usize>() + (capacity + 7) / 8 * 8
    }

    /// # Safety
    /// `ptr` points to a live block.
    #[inline(always)]
    pub unsafe fn from_raw(ptr: *mut DictValues) -> Values {
        Values(ptr)
    }
    #[inline(always)]
    pub fn as_raw(self) -> *mut DictValues {
        self.0
    }
    #[inline(always)]
    pub(crate) fn head<'a>(self) -> &'a DictValues {
        // SAFETY: the block is live (see the type).
        unsafe { &*self.0 }
    }
    #[inline(always)]
    pub fn capacity(self) -> usize {
        self.head().capacity.get() as usize
    }
    /// Number of values that are set.
    #[inline(always)]
    pub fn len(self) -> usize {
        self.head().size.get() as usize
    }
    #[inline(always)]
    pub fn is_embedded(self) -> bool {
        self.head().embedded.get() != 0
    }
    #[inline(always)]
    pub fn is_valid(self) -> bool {
        self.head().valid.get() != 0
    }
    #[inline(always)]
    fn slot(self, i: usize) -> *mut *mut PyObject {
        debug_assert!(i < self.capacity());
        // SAFETY: the values follow the head.
        unsafe { ((self.0 as *mut u8).add(size_of::<DictValues>()) as *mut *mut PyObject).add(i) }
    }
    #[inline(always)]
    fn order_slot(self, n: usize) -> *mut u8 {
        // SAFETY: the order follows the values.
        unsafe { ((self.0 as *mut u8).add(size_of::<DictValues>() + self.capacity() * size_of::<usize>())).add(n) }
    }
    /// Value `i`, borrowed, null if not set. `i` is less than the capacity.
    #[inline(always)]
    pub fn get(self, i: usize) -> *mut PyObject {
        // SAFETY: in range.
        unsafe { *self.slot(i) }
    }
    /// Replaces the pointer without counting.
    #[inline(always)]
    pub fn put(self, i: usize, value: *mut PyObject) {
        // SAFETY: in range.
        unsafe { *self.slot(i) = value }
    }
    /// Which value was inserted `n`th.
    #[inline(always)]
    pub fn nth(self, n: usize) -> usize {
        // SAFETY: `n` is less than the length.
        unsafe { *self.order_slot(n) as usize }
    }
    /// Notes that value `i` was set after all others (`_PyDictValues_AddToInsertionOrder`).
    #[inline(always)]
    pub fn note_added(self, i: usize) {
        let n = self.len();
        debug_assert!(n < self.capacity());
        // SAFETY: there are as many order bytes as values.
        unsafe { *self.order_slot(n) = i as u8 };
        self.head().size.set(n as u8 + 1);
    }
    /// Takes value `i` out of the insertion order.
    pub fn note_removed(self, i: usize) {
        let n = self.len();
        let mut k = 0;
        while self.nth(k) != i {
            k += 1;
            debug_assert!(k < n);
        }
        // SAFETY: the tail moves down by one byte.
        unsafe { core::ptr::copy(self.order_slot(k + 1), self.order_slot(k), n - k - 1) };
        self.head().size.set(n as u8 - 1);
    }

    /// Writes the head and clears the values of a block of `capacity`.
    ///
    /// # Safety
    /// `ptr` is writable for [`Values::byte_size`] bytes.
    #[inline(always)]
    pub unsafe fn init(ptr: *mut DictValues, capacity: usize, embedded: bool) -> Values {
        // SAFETY: by contract.
        unsafe {
            (*ptr).capacity.set(capacity as u8);
            (*ptr).size.set(0);
            (*ptr).embedded.set(embedded as u8);
            (*ptr).valid.set(1);
        }
        let values = Values(ptr);
        for i in 0..capacity {
            values.put(i, null_mut());
        }
        values
    }

    /// A block of its own.
    pub fn new(py: Python, capacity: usize) -> PyResult<Values> {
        // SAFETY: allocated for just this size.
        unsafe {
            let p = obmalloc::malloc(Values::byte_size(capacity)) as *mut DictValues;
            if p.is_null() {
                return Err(err::no_memory(py));
            }
            Ok(Values::init(p, capacity, false))
        }
    }

    /// A block of its own with the same pointers, which are not counted up.
    pub fn duplicate_uncounted(self, py: Python) -> PyResult<Values> {
        let copy = Values::new(py, self.capacity())?;
        let bytes = Values::byte_size(self.capacity());
        // SAFETY: both blocks are of this size.
        unsafe { core::ptr::copy_nonoverlapping(self.0 as *const u8, copy.0 as *mut u8, bytes) };
        copy.head().embedded.set(0);
        copy.head().valid.set(1);
        Ok(copy)
    }

    /// Empties all values; Python code may run.
    pub fn clear(self) {
        self.head().size.set(0);
        for i in 0..self.capacity() {
            let old = self.get(i);
            if !old.is_null() {
                self.put(i, null_mut());
                // SAFETY: the block owned the reference.
                unsafe { PyObject::decref(old) };
            }
        }
    }

    /// Frees a block of its own, whose values were moved away or cleared.
    ///
    /// # Safety
    /// Not embedded; not used afterwards.
    pub unsafe fn free(self) {
        debug_assert!(!self.is_embedded());
        // SAFETY: came from the allocator.
        unsafe { obmalloc::free(self.0 as *mut u8) }
    }

    /// The table of keys that values of `keys` can be made for: its capacity.
    pub fn new_for(py: Python, keys: Keys) -> PyResult<Values> {
        Values::new(py, keys.shared_capacity())
    }
}
