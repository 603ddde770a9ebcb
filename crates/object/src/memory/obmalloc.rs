//! The small-object allocator (CPython's obmalloc): requests of up to 512 bytes are served from pools of one size
//! class, larger ones go to the C library.
//!
//! Address space for all arenas is reserved once, so that "is this block ours?" is one subtraction and comparison.
//! Each interpreter has a [`Heap`] of its own, touched only with its GIL held: no lock, no atomic operation.
//!
//! ```text
//! region  ─ arena (1 MiB) ─ pool (16 KiB, one size class) ─ blocks (16, 32, … 512 bytes)
//! ```

use crate::runtime::interp::InterpreterState;
use core::cell::{Cell, UnsafeCell};
use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicUsize, Ordering};

/// Blocks are aligned to, and size classes go up by, this many bytes.
pub const ALIGNMENT: usize = 16;
/// Largest request that a pool serves.
pub const SMALL_REQUEST_THRESHOLD: usize = 512;
const CLASSES: usize = SMALL_REQUEST_THRESHOLD / ALIGNMENT;
/// Bytes of a pool.
pub const POOL_SIZE: usize = 16 * 1024;
/// Bytes of an arena.
pub const ARENA_SIZE: usize = 1024 * 1024;
const REGION_SIZE: usize = 1 << 40;

/// Start of the reserved region; 0 before the first arena, `NO_REGION` if it could not be had.
static REGION_BASE: AtomicUsize = AtomicUsize::new(0);
static REGION_NEXT: AtomicUsize = AtomicUsize::new(0);
static REGION_END: AtomicUsize = AtomicUsize::new(0);

/// Head of a pool; the blocks follow.
#[repr(C)]
struct Pool {
    /// First free block; each free block holds the next one's address.
    free: Cell<*mut u8>,
    used: Cell<u32>,
    class: Cell<u32>,
    /// Bytes from the pool's start to the part never handed out yet.
    fresh: Cell<u32>,
    arena: Cell<u32>,
    next: Cell<*mut Pool>,
    prev: Cell<*mut Pool>,
    heap: Cell<*const Heap>,
}

const POOL_HEAD: usize = size_of::<Pool>().next_multiple_of(ALIGNMENT);

struct Arena {
    base: *mut u8,
    /// Pools handed out, from the start.
    fresh: u32,
    free_pools: *mut Pool,
    /// Pools in use.
    used: u32,
}

/// One interpreter's small-object memory.
pub struct Heap {
    /// Per size class, a circular-free doubly linked list of pools that have room; the first one is used.
    bins: [Cell<*mut Pool>; CLASSES],
    arenas: UnsafeCell<Vec<Arena>>,
    /// Blocks handed out by the C library for large requests.
    large_blocks: Cell<isize>,
}

thread_local! {
    static HEAP: Cell<*const Heap> = const { Cell::new(core::ptr::null()) };
}

/// Makes `interp`'s heap this thread's. Called when a thread state is attached.
pub fn enter_interpreter(interp: &InterpreterState) {
    HEAP.set(&raw const interp.heap);
}

/// The thread has no interpreter any more.
pub fn leave_interpreter() {
    HEAP.set(core::ptr::null());
}

#[inline(always)]
fn in_region(p: *mut u8) -> bool {
    (p as usize).wrapping_sub(REGION_BASE.load(Ordering::Relaxed)) < REGION_SIZE
        && REGION_BASE.load(Ordering::Relaxed) > 1
}

/// Allocates `size` bytes, 16-byte aligned; null if there is no memory (`PyObject_Malloc`).
///
/// # Safety
/// The GIL is held.
#[inline(always)]
pub unsafe fn malloc(size: usize) -> *mut u8 {
    let heap = HEAP.get();
    if size.wrapping_sub(1) < SMALL_REQUEST_THRESHOLD && !heap.is_null() {
        // SAFETY: the heap belongs to the interpreter whose GIL this thread holds.
        unsafe {
            let class = (size - 1) / ALIGNMENT;
            let pool = (*heap).bins[class].get();
            if !pool.is_null() {
                let block = (*pool).free.get();
                if !block.is_null() {
                    let next = *(block as *mut *mut u8);
                    (*pool).free.set(next);
                    (*pool).used.set((*pool).used.get() + 1);
                    if next.is_null() {
                        (*heap).refill(pool, class);
                    }
                    return block;
                }
            }
            return (*heap).malloc_slow(class);
        }
    }
    // SAFETY: any size is allowed.
    unsafe { malloc_large(size) }
}

#[cold]
#[inline(never)]
unsafe fn malloc_large(size: usize) -> *mut u8 {
    if size > isize::MAX as usize {
        return null_mut();
    }
    let heap = HEAP.get();
    // SAFETY: plain C allocation; the heap is this thread's.
    unsafe {
        let p = libc::malloc(size.max(1)) as *mut u8;
        if !heap.is_null() && !p.is_null() {
            (*heap).large_blocks.set((*heap).large_blocks.get() + 1);
        }
        p
    }
}

/// As [`malloc`], zeroed.
///
/// # Safety
/// The GIL is held.
pub unsafe fn calloc(size: usize) -> *mut u8 {
    // SAFETY: by contract; the block is `size` bytes long.
    unsafe {
        let p = malloc(size);
        if !p.is_null() {
            core::ptr::write_bytes(p, 0, size);
        }
        p
    }
}

/// Frees a block (`PyObject_Free`). Null is allowed.
///
/// # Safety
/// The block came from this allocator and is not used any more; the GIL of its interpreter is held.
#[inline(always)]
pub unsafe fn free(p: *mut u8) {
    if in_region(p) {
        // SAFETY: blocks in the region lie in pools, whose head is at the pool-aligned address below.
        unsafe {
            let pool = (p as usize & !(POOL_SIZE - 1)) as *mut Pool;
            let head = (*pool).free.get();
            *(p as *mut *mut u8) = head;
            (*pool).free.set(p);
            let used = (*pool).used.get() - 1;
            (*pool).used.set(used);
            if head.is_null() || used == 0 {
                (*(*pool).heap.get()).free_slow(pool, head.is_null(), used == 0);
            }
        }
        return;
    }
    // SAFETY: blocks outside the region are the C library's.
    unsafe { free_large(p) }
}

#[inline(never)]
unsafe fn free_large(p: *mut u8) {
    if p.is_null() {
        return;
    }
    let heap = HEAP.get();
    // SAFETY: the block came from the C library.
    unsafe {
        if !heap.is_null() {
            (*heap).large_blocks.set((*heap).large_blocks.get() - 1);
        }
        libc::free(p as *mut c_void);
    }
}

/// Changes a block's size, moving it if need be; null (and the old block untouched) if there is no memory.
///
/// # Safety
/// As [`free`]; `p` may be null.
pub unsafe fn realloc(p: *mut u8, size: usize) -> *mut u8 {
    // SAFETY: by contract.
    unsafe {
        if p.is_null() {
            return malloc(size);
        }
        if in_region(p) {
            let pool = (p as usize & !(POOL_SIZE - 1)) as *mut Pool;
            let old = ((*pool).class.get() as usize + 1) * ALIGNMENT;
            // Shrinking within the block, by at most a quarter, stays in place.
            if size <= old && 4 * size > 3 * old {
                return p;
            }
            let new = malloc(size);
            if new.is_null() {
                return if size <= old { p } else { null_mut() };
            }
            core::ptr::copy_nonoverlapping(p, new, size.min(old));
            free(p);
            return new;
        }
        if size > isize::MAX as usize {
            return null_mut();
        }
        libc::realloc(p as *mut c_void, size.max(1)) as *mut u8
    }
}

impl Heap {
    pub const fn new() -> Heap {
        Heap {
            bins: [const { Cell::new(null_mut()) }; CLASSES],
            arenas: UnsafeCell::new(Vec::new()),
            large_blocks: Cell::new(0),
        }
    }

    /// The pool's free list has run out: takes fresh blocks from its end, or unlinks it, being full.
    unsafe fn refill(&self, pool: *mut Pool, class: usize) {
        // SAFETY: the pool is the first of its bin, and this heap's.
        unsafe {
            let size = (class + 1) * ALIGNMENT;
            let fresh = (*pool).fresh.get() as usize;
            if fresh + size <= POOL_SIZE {
                let block = (pool as *mut u8).add(fresh);
                *(block as *mut *mut u8) = null_mut();
                (*pool).free.set(block);
                (*pool).fresh.set((fresh + size) as u32);
                return;
            }
            self.unlink(pool, class);
        }
    }

    unsafe fn unlink(&self, pool: *mut Pool, class: usize) {
        // SAFETY: the pool is in the bin's list.
        unsafe {
            let (next, prev) = ((*pool).next.get(), (*pool).prev.get());
            if prev.is_null() {
                self.bins[class].set(next);
            } else {
                (*prev).next.set(next);
            }
            if !next.is_null() {
                (*next).prev.set(prev);
            }
            (*pool).next.set(null_mut());
            (*pool).prev.set(null_mut());
        }
    }

    unsafe fn link_front(&self, pool: *mut Pool, class: usize) {
        // SAFETY: the pool is in no list.
        unsafe {
            let head = self.bins[class].get();
            (*pool).prev.set(null_mut());
            (*pool).next.set(head);
            if !head.is_null() {
                (*head).prev.set(pool);
            }
            self.bins[class].set(pool);
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn malloc_slow(&self, class: usize) -> *mut u8 {
        // SAFETY: this heap's structures, with the GIL held.
        unsafe {
            let pool = self.new_pool(class);
            if pool.is_null() {
                return malloc_large((class + 1) * ALIGNMENT);
            }
            let size = (class + 1) * ALIGNMENT;
            let first = (pool as *mut u8).add(POOL_HEAD);
            let second = first.add(size);
            *(second as *mut *mut u8) = null_mut();
            (*pool).free.set(second);
            (*pool).fresh.set((POOL_HEAD + 2 * size) as u32);
            (*pool).used.set(1);
            self.link_front(pool, class);
            first
        }
    }

    unsafe fn new_pool(&self, class: usize) -> *mut Pool {
        // SAFETY: the vector is touched only here and in the functions below, never across calls.
        let arenas = unsafe { &mut *self.arenas.get() };
        let found = arenas.iter().position(|a| {
            !a.base.is_null() && (!a.free_pools.is_null() || (a.fresh as usize) < ARENA_SIZE / POOL_SIZE)
        });
        let index = match found {
            Some(i) => i,
            None => {
                let base = new_arena();
                if base.is_null() {
                    return null_mut();
                }
                let arena = Arena { base, fresh: 0, free_pools: null_mut(), used: 0 };
                match arenas.iter().position(|a| a.base.is_null()) {
                    Some(i) => {
                        arenas[i] = arena;
                        i
                    }
                    None => {
                        arenas.push(arena);
                        arenas.len() - 1
                    }
                }
            }
        };
        let arena = &mut arenas[index];
        // SAFETY: pools lie within the arena, which is ours.
        unsafe {
            let pool = if arena.free_pools.is_null() {
                let p = arena.base.add(arena.fresh as usize * POOL_SIZE) as *mut Pool;
                arena.fresh += 1;
                p
            } else {
                let p = arena.free_pools;
                arena.free_pools = (*p).next.get();
                p
            };
            arena.used += 1;
            core::ptr::write(
                pool,
                Pool {
                    free: Cell::new(null_mut()),
                    used: Cell::new(0),
                    class: Cell::new(class as u32),
                    fresh: Cell::new(0),
                    arena: Cell::new(index as u32),
                    next: Cell::new(null_mut()),
                    prev: Cell::new(null_mut()),
                    heap: Cell::new(self),
                },
            );
            pool
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn free_slow(&self, pool: *mut Pool, was_full: bool, now_empty: bool) {
        // SAFETY: the pool is this heap's.
        unsafe {
            let class = (*pool).class.get() as usize;
            // A pool whose free list was empty but which was first in its bin had been unlinked by `refill`.
            if was_full {
                self.link_front(pool, class);
            }
            // The last pool of a class stays, lest a single object going up and down costs a pool each time.
            if now_empty && (self.bins[class].get() != pool || !(*pool).next.get().is_null()) {
                self.unlink(pool, class);
                let arenas = &mut *self.arenas.get();
                let arena = &mut arenas[(*pool).arena.get() as usize];
                (*pool).next.set(arena.free_pools);
                arena.free_pools = pool;
                arena.used -= 1;
                if arena.used == 0 && arenas.iter().filter(|a| !a.base.is_null()).count() > 1 {
                    let arena = &mut arenas[(*pool).arena.get() as usize];
                    release_arena(arena.base);
                    arena.base = null_mut();
                    arena.free_pools = null_mut();
                    arena.fresh = 0;
                }
            }
        }
    }

    /// Blocks in use (`sys.getallocatedblocks`).
    pub fn allocated_blocks(&self) -> isize {
        let mut total = self.large_blocks.get();
        // SAFETY: read with the GIL held; nothing changes meanwhile.
        unsafe {
            for arena in &*self.arenas.get() {
                if arena.base.is_null() {
                    continue;
                }
                for i in 0..arena.fresh as usize {
                    let pool = arena.base.add(i * POOL_SIZE) as *const Pool;
                    total += (*pool).used.get() as isize;
                }
            }
        }
        total
    }

    /// Arenas in use.
    pub fn arena_count(&self) -> usize {
        // SAFETY: as above.
        unsafe { (*self.arenas.get()).iter().filter(|a| !a.base.is_null()).count() }
    }
}

/// Arenas given back, to be used again first.
static RELEASED: std::sync::Mutex<Vec<usize>> = std::sync::Mutex::new(Vec::new());

#[cold]
fn new_arena() -> *mut u8 {
    if let Some(a) = RELEASED.lock().unwrap_or_else(|e| e.into_inner()).pop() {
        return a as *mut u8;
    }
    if REGION_BASE.load(Ordering::Acquire) == 0 {
        reserve_region();
    }
    if REGION_BASE.load(Ordering::Acquire) == 1 {
        return null_mut();
    }
    let at = REGION_NEXT.fetch_add(ARENA_SIZE, Ordering::Relaxed);
    if at + ARENA_SIZE > REGION_END.load(Ordering::Relaxed) {
        REGION_NEXT.fetch_sub(ARENA_SIZE, Ordering::Relaxed);
        return null_mut();
    }
    // SAFETY: the range lies in the region reserved for this purpose.
    let rc = unsafe { libc::mprotect(at as *mut c_void, ARENA_SIZE, libc::PROT_READ | libc::PROT_WRITE) };
    if rc != 0 { null_mut() } else { at as *mut u8 }
}

fn release_arena(base: *mut u8) {
    // SAFETY: nothing in the arena is in use; its pages read as zero when touched again.
    unsafe { libc::madvise(base as *mut c_void, ARENA_SIZE, libc::MADV_DONTNEED) };
    RELEASED.lock().unwrap_or_else(|e| e.into_inner()).push(base as usize);
}

#[cold]
fn reserve_region() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        // Under an address-space limit a smaller region may still be had. `in_region` compares with the full size:
        // addresses behind a smaller region belong to others, so a small one is used only with its size.
        let mut size = REGION_SIZE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a fresh anonymous mapping.
        let p = unsafe { libc::mmap(null_mut(), size, libc::PROT_NONE, flags, -1, 0) };
        if p == libc::MAP_FAILED {
            // Without the region every request goes to the C library: slower, but right.
            size = 0;
        }
        if size == 0 {
            REGION_BASE.store(1, Ordering::Release);
            return;
        }
        let base = (p as usize).next_multiple_of(ARENA_SIZE);
        REGION_NEXT.store(base, Ordering::Relaxed);
        REGION_END.store(p as usize + size, Ordering::Relaxed);
        REGION_BASE.store(base, Ordering::Release);
    });
}
