//! The data stack: chunks of memory on which the frames of one thread lie one above the other.

use core::ptr::null_mut;
use taipan_object::runtime::tstate::{PyThreadState, StackChunk};
use taipan_object::types::frame::InterpreterFrame;
use taipan_object::{PyObject, Python, Raised, err};

/// Smallest chunk, in bytes.
const CHUNK_SIZE: usize = 16 * 1024;
/// Words of a chunk's head.
const HEAD_WORDS: usize = core::mem::offset_of!(StackChunk, data) / 8;

/// Room for `words` words on top of the stack, or null if the chunk at hand is full.
#[inline(always)]
pub fn try_push(ts: &PyThreadState, words: usize) -> *mut InterpreterFrame {
    let top = ts.datastack_top.get();
    let room = (ts.datastack_limit.get() as usize).wrapping_sub(top as usize);
    if top.is_null() || room <= words * 8 {
        return null_mut();
    }
    // SAFETY: `top + words` is within the chunk.
    ts.datastack_top.set(unsafe { top.add(words) });
    top as *mut InterpreterFrame
}

/// Room for `words` words, in a new chunk if need be. MemoryError.
#[inline(always)]
pub fn push(py: Python, ts: &PyThreadState, words: usize) -> Result<*mut InterpreterFrame, Raised> {
    let frame = try_push(ts, words);
    if !frame.is_null() { Ok(frame) } else { push_chunk(py, ts, words) }
}

#[cold]
#[inline(never)]
fn push_chunk(py: Python, ts: &PyThreadState, words: usize) -> Result<*mut InterpreterFrame, Raised> {
    let mut size = CHUNK_SIZE;
    while size < (words + HEAD_WORDS + 64) * 8 {
        size *= 2;
    }
    // SAFETY: chunks are made, linked and freed here only, by the thread they belong to.
    unsafe {
        let cached = ts.datastack_cached_chunk.get();
        let chunk = if !cached.is_null() && (*cached).size >= size {
            ts.datastack_cached_chunk.set(null_mut());
            cached
        } else {
            let c = libc::malloc(size) as *mut StackChunk;
            if c.is_null() {
                return Err(err::no_memory(py));
            }
            (*c).size = size;
            c
        };
        let old = ts.datastack_chunk.get();
        if !old.is_null() {
            (*old).top = ts.datastack_top.get().offset_from((&raw mut (*old).data) as *mut *mut PyObject) as usize;
        }
        (*chunk).previous = old;
        (*chunk).top = 0;
        ts.datastack_chunk.set(chunk);
        ts.datastack_limit.set((chunk as *mut u8).add((*chunk).size) as *mut *mut PyObject);
        // The first word stays unused when there is no older chunk, so that a frame never begins where a chunk does
        // unless the chunk can be dropped with it.
        let base = ((&raw mut (*chunk).data) as *mut *mut PyObject).add(old.is_null() as usize);
        ts.datastack_top.set(base.add(words));
        Ok(base as *mut InterpreterFrame)
    }
}

/// Gives back the topmost frame's memory.
///
/// # Safety
/// `frame` is the topmost one, cleared.
#[inline(always)]
pub unsafe fn pop(ts: &PyThreadState, frame: *const InterpreterFrame) {
    let base = frame as *mut *mut PyObject;
    // SAFETY: the current chunk is alive.
    unsafe {
        let chunk = ts.datastack_chunk.get();
        if base == (&raw mut (*chunk).data) as *mut *mut PyObject {
            pop_chunk(ts);
        } else {
            ts.datastack_top.set(base);
        }
    }
}

#[cold]
#[inline(never)]
unsafe fn pop_chunk(ts: &PyThreadState) {
    // SAFETY: only the first chunk begins with an unused word, so there is a previous one here.
    unsafe {
        let chunk = ts.datastack_chunk.get();
        let previous = (*chunk).previous;
        let cached = ts.datastack_cached_chunk.replace(chunk);
        if !cached.is_null() {
            libc::free(cached as *mut _);
        }
        ts.datastack_chunk.set(previous);
        ts.datastack_top.set(((&raw mut (*previous).data) as *mut *mut PyObject).add((*previous).top));
        ts.datastack_limit.set((previous as *mut u8).add((*previous).size) as *mut *mut PyObject);
    }
}

/// Frees all chunks of a thread that has ended.
///
/// # Safety
/// No frame lies on the stack.
pub unsafe fn free_all(ts: &PyThreadState) {
    // SAFETY: by contract.
    unsafe {
        let mut chunk = ts.datastack_chunk.replace(null_mut());
        while !chunk.is_null() {
            let previous = (*chunk).previous;
            libc::free(chunk as *mut _);
            chunk = previous;
        }
        libc::free(ts.datastack_cached_chunk.replace(null_mut()) as *mut _);
        ts.datastack_top.set(null_mut());
        ts.datastack_limit.set(null_mut());
    }
}
