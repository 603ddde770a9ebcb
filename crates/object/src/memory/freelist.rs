//! Freelists: dead objects of common types kept for the next one, as many as CPython keeps of each.

use crate::header::PyObject;
use core::cell::Cell;
use core::ptr::null_mut;

/// A bounded stack of dead objects of one size, linked through their type word.
pub struct Freelist {
    head: Cell<*mut PyObject>,
    len: Cell<u32>,
    max: u32,
}

impl Freelist {
    pub const fn new(max: u32) -> Freelist {
        Freelist { head: Cell::new(null_mut()), len: Cell::new(0), max }
    }

    /// Keeps a dead object's memory; false if there is no room, then the caller frees it.
    ///
    /// # Safety
    /// The object is dead; its memory (with the collector head, if the type has one) is handed over whole.
    #[inline(always)]
    pub unsafe fn push(&self, obj: *mut PyObject) -> bool {
        if self.len.get() >= self.max {
            return false;
        }
        // SAFETY: dead memory of at least a header's size.
        unsafe { *(obj as *mut *mut PyObject).add(1) = self.head.get() };
        self.head.set(obj);
        self.len.set(self.len.get() + 1);
        true
    }

    /// Memory for a new object, or null.
    #[inline(always)]
    pub fn pop(&self) -> *mut PyObject {
        let obj = self.head.get();
        if !obj.is_null() {
            // SAFETY: `push` linked it.
            self.head.set(unsafe { *(obj as *mut *mut PyObject).add(1) });
            self.len.set(self.len.get() - 1);
        }
        obj
    }

    pub fn len(&self) -> u32 {
        self.len.get()
    }

    /// Frees all that is kept.
    pub fn clear(&self, free: impl Fn(*mut PyObject)) {
        loop {
            let obj = self.pop();
            if obj.is_null() {
                break;
            }
            free(obj);
        }
    }
}

macro_rules! freelists {
    ($($(#[$m:meta])* $name:ident : $max:expr, gc $gc:expr;)*) => {
        /// The freelists of an interpreter, with CPython's sizes (`pycore_freelist_state.h`).
        pub struct Freelists {
            $($(#[$m])* pub $name: Freelist,)*
            /// Tuples by length, 1 to 20.
            pub tuples: [Freelist; 20],
        }
        impl Freelists {
            pub const fn new() -> Freelists {
                Freelists { $($name: Freelist::new($max),)* tuples: [const { Freelist::new(2000) }; 20] }
            }
            /// Gives all memory back (`_PyObject_ClearFreeLists`), at full collections and at the end.
            pub fn clear(&self) {
                // SAFETY: lists hold memory from the object allocator, with a collector head where `gc` says so.
                unsafe {
                    $(self.$name.clear(|o| super::alloc::free_memory(o, $gc));)*
                    for t in &self.tuples {
                        t.clear(|o| super::alloc::free_memory(o, true));
                    }
                }
            }
        }
    };
}

freelists! {
    floats: 100, gc false;
    complexes: 100, gc false;
    ints: 100, gc false;
    lists: 80, gc true;
    list_iters: 10, gc true;
    tuple_iters: 10, gc true;
    dicts: 80, gc true;
    dict_keys: 80, gc false;
    slices: 1, gc true;
    ranges: 6, gc false;
    range_iters: 6, gc false;
    contexts: 255, gc true;
    async_gens: 80, gc true;
    async_gen_asends: 80, gc true;
    futureiters: 255, gc true;
    object_stack_chunks: 4, gc false;
    unicode_writers: 1, gc false;
    bytes_writers: 1, gc false;
    pycfunctions: 16, gc true;
    pycmethods: 16, gc true;
    pymethods: 20, gc true;
}
