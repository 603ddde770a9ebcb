//! The trashcan: deallocation of containers nested in containers without deep native recursion.
//!
//! A container's `tp_dealloc` asks [`begin`]; when the native stack is nearly used up the object is put on a list of the
//! thread state instead (linked through the collector head's `prev` word, the object being untracked), and freed when
//! the stack has been unwound.

use crate::header::{PyGcHead, PyObject, dealloc};
use crate::memory::gc::PREV_FINALIZED;
use crate::runtime::{stack, tstate};

/// Nesting at which a thread starts deferring: well below what the native stack can bear.
const LIMIT: u32 = 50;

/// Enters the deallocation of a collector-tracked object. False: the object was put aside, the caller returns at once.
///
/// # Safety
/// The object's count is zero, it is untracked; called from its `tp_dealloc` only.
#[inline]
pub unsafe fn begin(obj: *mut PyObject) -> bool {
    let ts = tstate::current();
    // SAFETY: deallocation happens with the GIL held, so there is a current state.
    unsafe {
        let depth = &(*ts).ext.trash_depth;
        // A subclass's dealloc goes on to its base's, which asks again for the same object: one that has been entered is
        // never put aside.
        let entered = (*ts).ext.trash_entered.replace(obj) == obj;
        if !entered && (depth.get() >= LIMIT || stack::near_limit()) {
            // The "finalizer has run" flag keeps its bit: tp_dealloc will be entered once more.
            let head = PyGcHead::of(obj);
            (*head).prev.set((*ts).delete_later.get() as usize | ((*head).prev.get() & PREV_FINALIZED));
            (*ts).delete_later.set(obj);
            return false;
        }
        depth.set(depth.get() + 1);
    }
    true
}

/// Leaves the deallocation; the outermost one frees what was put aside.
///
/// # Safety
/// Pairs with a [`begin`] that gave true.
#[inline]
pub unsafe fn end() {
    let ts = tstate::current();
    // SAFETY: as above.
    unsafe {
        let depth = &(*ts).ext.trash_depth;
        depth.set(depth.get() - 1);
        if depth.get() == 0 && !(*ts).delete_later.get().is_null() {
            destroy_chain();
        }
    }
}

#[cold]
#[inline(never)]
unsafe fn destroy_chain() {
    let ts = tstate::current();
    // SAFETY: as above; each object on the list has a count of zero and a whole body.
    unsafe {
        let depth = &(*ts).ext.trash_depth;
        // One level stays taken, so that what is freed here adds to the list instead of recursing into this function.
        depth.set(depth.get() + 1);
        loop {
            let obj = (*ts).delete_later.get();
            if obj.is_null() {
                break;
            }
            let head = PyGcHead::of(obj);
            (*ts).delete_later.set(((*head).prev.get() & !PREV_FINALIZED) as *mut PyObject);
            (*head).prev.set((*head).prev.get() & PREV_FINALIZED);
            dealloc(obj);
        }
        depth.set(depth.get() - 1);
    }
}
