//! Object memory: the small-object allocator, objects with their collector head, the cycle collector, freelists, and
//! the trashcan that frees deep structures without deep recursion.

pub mod alloc;
pub mod freelist;
pub mod gc;
pub mod obmalloc;
pub mod trashcan;
