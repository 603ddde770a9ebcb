//! The cycle collector: three generations of containers, as CPython 3.14.10 has it.
//!
//! Only containers (types with `Py_TPFLAGS_HAVE_GC`) can be part of a cycle; each has a [`PyGcHead`] in front and is, once
//! *tracked*, in the doubly linked list of its generation. A collection of generation *n* takes all younger ones with it:
//!
//! 1. every object's count is copied into its head (`gc_refs`);
//! 2. references from inside the set are subtracted: what stays above zero is referred to from outside;
//! 3. all that those reach is reachable; the rest is garbage, whatever its counts say;
//! 4. weak references to garbage are cleared and their callbacks called, finalizers run (once per object, PEP 442), and
//!    what they resurrected is set aside; the remainder is cleared (`tp_clear`), which lets the counts drop to zero.
//!
//! Survivors move to the next older generation.
//!
//! The words of the head: `next` (address, low bits flags of a running collection) and `prev` (address shifted by two
//! bits' worth of flags; during a collection the upper bits hold `gc_refs` of objects in the set).

use crate::handle::{Py, PyResult, Slot};
use crate::header::{PyGcHead, PyObject, visitproc};
use crate::runtime::gil_lock::EVAL_GC;
use crate::runtime::tstate;
use crate::typeobj::flags;
use crate::types::list::PyList;
use crate::types::{dict, tuple, weakref};
use crate::{Python, err};
use core::cell::Cell;
use core::ffi::{c_int, c_void};
use core::ptr::addr_of;

/// `prev` flag: the finalizer has been called (PEP 442: at most once).
pub const PREV_FINALIZED: usize = 1;
/// `prev` flag: the object is in the set being collected, and `prev` holds its `gc_refs`.
const PREV_COLLECTING: usize = 2;
const PREV_SHIFT: usize = 2;
const PREV_MASK: usize = !3;
/// `next` flag, in a list of tentatively unreachable objects.
const NEXT_UNREACHABLE: usize = 2;

/// Number of generations.
pub const NUM_GENERATIONS: usize = 3;

/// A generation: a circular list and its counters.
pub struct Generation {
    head: PyGcHead,
    pub threshold: Cell<i32>,
    /// For generation 0: allocations minus deallocations; for the others: collections of the next younger one.
    pub count: Cell<i32>,
}

/// Numbers kept per generation (`gc.get_stats`).
#[derive(Clone, Copy, Default)]
pub struct GenerationStats {
    pub collections: isize,
    pub collected: isize,
    pub uncollectable: isize,
}

/// An interpreter's collector state.
pub struct GcState {
    pub enabled: Cell<bool>,
    pub debug: Cell<i32>,
    generations: [Generation; NUM_GENERATIONS],
    permanent: Generation,
    pub stats: [Cell<GenerationStats>; NUM_GENERATIONS],
    pub collecting: Cell<bool>,
    /// `gc.garbage`.
    pub garbage: Slot<PyList>,
    /// `gc.callbacks`.
    pub callbacks: Slot<PyList>,
    long_lived_total: Cell<isize>,
    long_lived_pending: Cell<isize>,
}

pub const DEBUG_STATS: i32 = 1;
pub const DEBUG_COLLECTABLE: i32 = 2;
pub const DEBUG_UNCOLLECTABLE: i32 = 4;
pub const DEBUG_SAVEALL: i32 = 32;

impl Generation {
    const fn new(threshold: i32) -> Generation {
        Generation {
            head: PyGcHead { next: Cell::new(0), prev: Cell::new(0) },
            threshold: Cell::new(threshold),
            count: Cell::new(0),
        }
    }

    /// The list head, linked to itself at first use.
    #[inline(always)]
    fn list(&self) -> &PyGcHead {
        if self.head.next.get() == 0 {
            self.head.make_empty();
        }
        &self.head
    }
}

impl PyGcHead {
    const fn unlinked() -> PyGcHead {
        PyGcHead { next: Cell::new(0), prev: Cell::new(0) }
    }
    #[inline(always)]
    fn addr(&self) -> usize {
        addr_of!(*self) as usize
    }
    fn make_empty(&self) {
        self.next.set(self.addr());
        self.prev.set(self.addr());
    }
    #[inline(always)]
    fn is_empty(&self) -> bool {
        self.next.get() == self.addr()
    }
    #[inline(always)]
    fn next_head(&self) -> &PyGcHead {
        // SAFETY: linked heads point to linked heads.
        unsafe { &*((self.next.get() & !3) as *const PyGcHead) }
    }
    #[inline(always)]
    fn prev_head(&self) -> &PyGcHead {
        // SAFETY: as above; only used outside the marking phase, when `prev` holds an address.
        unsafe { &*((self.prev.get() & PREV_MASK) as *const PyGcHead) }
    }
    #[inline(always)]
    fn set_prev(&self, p: &PyGcHead) {
        self.prev.set((self.prev.get() & !PREV_MASK) | p.addr());
    }
    #[inline(always)]
    fn refs(&self) -> isize {
        (self.prev.get() >> PREV_SHIFT) as isize
    }
    #[inline(always)]
    fn set_refs(&self, n: isize) {
        self.prev.set((self.prev.get() & !PREV_MASK) | ((n as usize) << PREV_SHIFT));
    }
    #[inline(always)]
    fn collecting(&self) -> bool {
        self.prev.get() & PREV_COLLECTING != 0
    }
    /// Appends `self` at the end of `list`; `self` is in no list.
    fn append_to(&self, list: &PyGcHead) {
        let last = list.prev_head();
        self.set_prev(last);
        last.next.set((last.next.get() & 3) | self.addr());
        self.next.set(list.addr());
        list.set_prev(self);
    }
    /// Takes `self` out of its list.
    fn unlink(&self) {
        let (prev, next) = (self.prev_head(), self.next_head());
        prev.next.set((prev.next.get() & 3) | next.addr());
        next.set_prev(prev);
        self.next.set(0);
        self.prev.set(self.prev.get() & PREV_FINALIZED);
    }
    /// Moves `self` from its list to the end of another.
    fn move_to(&self, list: &PyGcHead) {
        let (prev, next) = (self.prev_head(), self.next_head());
        prev.next.set((prev.next.get() & 3) | next.addr());
        next.set_prev(prev);
        self.append_to(list);
    }
    /// Appends all of `from` to `self`; `from` is empty afterwards.
    fn merge_from(&self, from: &PyGcHead) {
        if from.is_empty() {
            return;
        }
        let (first, last, tail) = (from.next_head(), from.prev_head(), self.prev_head());
        tail.next.set(first.addr());
        first.set_prev(tail);
        last.next.set(self.addr());
        self.set_prev(last);
        from.make_empty();
    }
    fn count(&self) -> isize {
        let mut n = 0;
        let mut gc = self.next_head();
        while !core::ptr::eq(gc, self) {
            n += 1;
            gc = gc.next_head();
        }
        n
    }
}

impl GcState {
    pub const fn new() -> GcState {
        const ZERO: Cell<GenerationStats> =
            Cell::new(GenerationStats { collections: 0, collected: 0, uncollectable: 0 });
        GcState {
            enabled: Cell::new(true),
            debug: Cell::new(0),
            generations: [Generation::new(2000), Generation::new(10), Generation::new(10)],
            permanent: Generation::new(0),
            stats: [ZERO; NUM_GENERATIONS],
            collecting: Cell::new(false),
            garbage: Slot::empty(),
            callbacks: Slot::empty(),
            long_lived_total: Cell::new(0),
            long_lived_pending: Cell::new(0),
        }
    }

    /// Generation `i`, 0 to 2.
    pub fn generation(&self, i: usize) -> &Generation {
        &self.generations[i]
    }

    /// Moves every tracked object to the permanent generation (`gc.freeze`).
    pub fn freeze(&self) {
        for g in &self.generations {
            self.permanent.list().merge_from(g.list());
            g.count.set(0);
        }
    }

    /// Moves the permanent generation back to the oldest one (`gc.unfreeze`).
    pub fn unfreeze(&self) {
        self.generations[2].list().merge_from(self.permanent.list());
    }

    pub fn freeze_count(&self) -> isize {
        self.permanent.list().count()
    }

    /// Calls `f` for each object of generation `i` (of all, the permanent one left out, if `None`). `f` must not run
    /// Python code nor make or free tracked objects other than by pushing to a prepared vector.
    pub fn for_each(&self, generation: Option<usize>, mut f: impl FnMut(&PyObject)) {
        for (i, g) in self.generations.iter().enumerate() {
            if generation.is_some_and(|n| n != i) {
                continue;
            }
            let list = g.list();
            let mut gc = list.next_head();
            while !core::ptr::eq(gc, list) {
                // SAFETY: objects in a generation are alive.
                f(unsafe { &*gc.object() });
                gc = gc.next_head();
            }
        }
    }
}

/// True if the object's type takes part in collection and this object has a head (`PyObject_IS_GC`).
#[inline]
pub fn is_gc(obj: &PyObject) -> bool {
    let ty = obj.ty();
    ty.has_feature(flags::HAVE_GC)
        && match ty.tp_is_gc.get() {
            None => true,
            // SAFETY: a slot of the object's own type.
            Some(f) => unsafe { f(obj.as_ptr()) != 0 },
        }
}

/// True if the object is in a generation's list (`gc.is_tracked`).
#[inline(always)]
pub fn is_tracked(obj: &PyObject) -> bool {
    // SAFETY: asked only of objects with a head, or answered no.
    is_gc(obj) && unsafe { (*PyGcHead::of(obj)).next.get() != 0 }
}

/// Puts a new container into the youngest generation (`PyObject_GC_Track`); its fields are all valid by now.
///
/// # Safety
/// The object has a collector head and is not tracked.
#[inline(always)]
pub unsafe fn track(obj: &PyObject) {
    // SAFETY: the head is there by contract; the current state exists, objects being touched only with the GIL held.
    unsafe {
        let head = &*PyGcHead::of(obj);
        debug_assert_eq!(head.next.get(), 0, "tracked twice");
        head.append_to((*tstate::current()).interp().gc.generations[0].list());
    }
}

/// Takes an object out of its generation, if it is in one (`PyObject_GC_UnTrack`).
///
/// # Safety
/// The object has a collector head.
#[inline(always)]
pub unsafe fn untrack(obj: &PyObject) {
    // SAFETY: by contract.
    unsafe {
        let head = &*PyGcHead::of(obj);
        if head.next.get() != 0 {
            head.unlink();
        }
    }
}

/// True if the finalizer was called already.
pub fn is_finalized(obj: &PyObject) -> bool {
    // SAFETY: asked of objects with a head only.
    is_gc(obj) && unsafe { (*PyGcHead::of(obj)).prev.get() & PREV_FINALIZED != 0 }
}

/// Notes that the finalizer was called.
pub fn set_finalized(obj: &PyObject) {
    if is_gc(obj) {
        // SAFETY: it has a head.
        unsafe {
            let head = &*PyGcHead::of(obj);
            head.prev.set(head.prev.get() | PREV_FINALIZED);
        }
    }
}

/// An object with a head was allocated: asks for a collection once the threshold is passed. The collection itself runs
/// at the evaluation loop's next event check, never here.
#[inline(always)]
pub fn count_allocation(py: Python) {
    let ts = py.tstate();
    let gc = &ts.interp().gc;
    let young = &gc.generations[0];
    let n = young.count.get() + 1;
    young.count.set(n);
    if n > young.threshold.get() {
        request(ts, gc);
    }
}

#[cold]
#[inline(never)]
fn request(ts: &tstate::PyThreadState, gc: &GcState) {
    if gc.enabled.get() && gc.generations[0].threshold.get() != 0 && !gc.collecting.get() && !err_pending(ts) {
        ts.set_eval_breaker(EVAL_GC);
    }
}

fn err_pending(ts: &tstate::PyThreadState) -> bool {
    !ts.current_exception.get().is_null()
}

/// An object with a head was freed.
#[inline(always)]
pub fn count_free() {
    let ts = tstate::current();
    if ts.is_null() {
        return;
    }
    // SAFETY: a current state is alive.
    let young = unsafe { &(*ts).interp().gc.generations[0] };
    let n = young.count.get();
    if n > 0 {
        young.count.set(n - 1);
    }
}

/// What the evaluation loop calls when it sees `EVAL_GC`: collects the oldest generation whose threshold is passed.
pub fn run_requested(py: Python) {
    let gc = &py.interp().gc;
    if !gc.enabled.get() || gc.collecting.get() {
        return;
    }
    for i in (0..NUM_GENERATIONS).rev() {
        let g = &gc.generations[i];
        if g.threshold.get() != 0 && g.count.get() > g.threshold.get() {
            // The oldest generation is taken only when what was added to it since the last full collection is worth a
            // quarter of it: keeps the cost of full collections linear in the number of objects.
            if i == NUM_GENERATIONS - 1 && gc.long_lived_pending.get() < gc.long_lived_total.get() / 4 {
                continue;
            }
            err::with_saved(py, || collect_with_callbacks(py, i));
            return;
        }
    }
}

/// `gc.collect(generation)`: gives the number of objects found unreachable.
pub fn collect(py: Python, generation: usize) -> isize {
    let gc = &py.interp().gc;
    if gc.collecting.get() {
        return 0;
    }
    err::with_saved(py, || collect_with_callbacks(py, generation))
}

fn collect_with_callbacks(py: Python, generation: usize) -> isize {
    let gc = &py.interp().gc;
    gc.collecting.set(true);
    invoke_callbacks(py, "start", generation, 0, 0);
    let (collected, uncollectable) = collect_main(py, generation);
    let mut s = gc.stats[generation].get();
    s.collections += 1;
    s.collected += collected;
    s.uncollectable += uncollectable;
    gc.stats[generation].set(s);
    invoke_callbacks(py, "stop", generation, collected, uncollectable);
    gc.collecting.set(false);
    collected + uncollectable
}

fn invoke_callbacks(py: Python, phase: &str, generation: usize, collected: isize, uncollectable: isize) {
    let Some(callbacks) = py.interp().gc.callbacks.get() else { return };
    if callbacks.len() == 0 {
        return;
    }
    let run = || -> PyResult<()> {
        let info = dict::PyDict::new(py)?;
        let set = |name: &str, n: isize| -> PyResult<()> {
            let key = crate::PyStr::new(py, name)?;
            let value = crate::PyLong::from_isize(py, n)?;
            info.set(py, &key, &value)
        };
        set("generation", generation as isize)?;
        set("collected", collected)?;
        set("uncollectable", uncollectable)?;
        let phase = crate::PyStr::new(py, phase)?;
        for callback in callbacks.to_vec() {
            if callback.call(py, &[phase.as_object(), info.as_object()]).is_err() {
                err::write_unraisable(py, Some(&callback));
            }
        }
        Ok(())
    };
    if run().is_err() {
        err::write_unraisable(py, None);
    }
}

/// Collects `generation` and everything younger. Gives (collected, uncollectable).
fn collect_main(py: Python, generation: usize) -> (isize, isize) {
    let gc = &py.interp().gc;
    let debug = gc.debug.get();
    if debug & DEBUG_STATS != 0 {
        eprintln!("gc: collecting generation {generation}...");
        let sizes: Vec<String> = gc.generations.iter().map(|g| g.list().count().to_string()).collect();
        eprintln!("gc: objects in each generation: {}", sizes.join(" "));
        eprintln!("gc: objects in permanent generation: {}", gc.permanent.list().count());
    }
    let start = std::time::Instant::now();

    if generation + 1 < NUM_GENERATIONS {
        let older = &gc.generations[generation + 1];
        older.count.set(older.count.get() + 1);
    }
    for g in &gc.generations[..=generation] {
        g.count.set(0);
    }
    let young = gc.generations[generation].list();
    for g in &gc.generations[..generation] {
        young.merge_from(g.list());
    }
    let full = generation == NUM_GENERATIONS - 1;
    let old = if full { young } else { gc.generations[generation + 1].list() };

    let unreachable = PyGcHead::unlinked();
    unreachable.make_empty();
    // SAFETY: the lists hold live objects of which this thread alone changes anything.
    unsafe {
        deduce_unreachable(young, &unreachable);
        untrack_tuples(young);
        if !full {
            if generation == NUM_GENERATIONS - 2 {
                gc.long_lived_pending.set(gc.long_lived_pending.get() + young.count());
            }
            old.merge_from(young);
        } else {
            gc.long_lived_pending.set(0);
            gc.long_lived_total.set(young.count());
        }

        // Objects with a legacy `__del__` slot (tp_del) and what they reach cannot be collected.
        let finalizers = PyGcHead::unlinked();
        finalizers.make_empty();
        move_legacy_finalizers(&unreachable, &finalizers);
        move_legacy_finalizer_reachable(&finalizers);

        if debug & DEBUG_COLLECTABLE != 0 {
            let mut g = unreachable.next_head();
            while !core::ptr::eq(g, &unreachable) {
                debug_print("collectable", g.object());
                g = g.next_head();
            }
        }

        let mut collected = 0;
        collected += handle_weakrefs(py, &unreachable, old);
        finalize_garbage(py, &unreachable);

        // Finalizers may have resurrected some: what is still unreachable is found anew.
        let final_unreachable = PyGcHead::unlinked();
        final_unreachable.make_empty();
        handle_resurrected(&unreachable, &final_unreachable, old);
        clear_remaining_weakrefs(py, &final_unreachable);
        collected += final_unreachable.count();
        delete_garbage(py, &final_unreachable, old);

        let mut uncollectable = 0;
        let mut g = finalizers.next_head();
        while !core::ptr::eq(g, &finalizers) {
            uncollectable += 1;
            if debug & DEBUG_UNCOLLECTABLE != 0 {
                debug_print("uncollectable", g.object());
            }
            g = g.next_head();
        }
        if debug & DEBUG_STATS != 0 {
            eprintln!(
                "gc: done, {} unreachable, {} uncollectable, {:.4}s elapsed",
                collected + uncollectable,
                uncollectable,
                start.elapsed().as_secs_f64()
            );
        }
        handle_legacy_finalizers(py, &finalizers, old);
        if err::occurred(py) {
            err::write_unraisable_msg(py, "Exception ignored in garbage collection", None);
        }
        if full {
            py.interp().freelists.clear();
        }
        (collected, uncollectable)
    }
}

unsafe fn debug_print(what: &str, obj: *mut PyObject) {
    // SAFETY: the object is alive.
    let name = unsafe { (*obj).ty().full_name().to_owned() };
    eprintln!("gc: {what} <{name} {obj:p}>");
}

/// Splits `base` into what is reachable from outside (stays) and the rest (moves to `unreachable`).
unsafe fn deduce_unreachable(base: &PyGcHead, unreachable: &PyGcHead) {
    // SAFETY: all objects of the list are alive and have heads.
    unsafe {
        update_refs(base);
        subtract_refs(base);
        move_unreachable(base, unreachable);
        clear_unreachable_mask(unreachable);
    }
}

unsafe fn update_refs(containers: &PyGcHead) {
    let mut gc = containers.next_head();
    while !core::ptr::eq(gc, containers) {
        let next = gc.next_head();
        // SAFETY: alive.
        let obj = unsafe { &*gc.object() };
        if obj.is_immortal() {
            // An immortal container is reachable by definition and need not be looked at again.
            gc.unlink();
        } else {
            gc.prev.set((gc.prev.get() & PREV_FINALIZED) | PREV_COLLECTING | ((obj.refcnt() as usize) << PREV_SHIFT));
        }
        gc = next;
    }
}

unsafe extern "C" fn visit_decref(obj: *mut PyObject, _: *mut c_void) -> c_int {
    // SAFETY: tp_traverse hands out live objects.
    unsafe {
        if is_gc(&*obj) {
            let head = &*PyGcHead::of(obj);
            if head.collecting() {
                head.set_refs(head.refs() - 1);
            }
        }
    }
    0
}

unsafe fn traverse(obj: *mut PyObject, visit: visitproc, arg: *mut c_void) {
    // SAFETY: a live object and its own type's slot.
    unsafe {
        if let Some(f) = (*obj).ty().tp_traverse.get() {
            f(obj, visit, arg);
        }
    }
}

unsafe fn subtract_refs(containers: &PyGcHead) {
    let mut gc = containers.next_head();
    while !core::ptr::eq(gc, containers) {
        // SAFETY: alive.
        unsafe { traverse(gc.object(), visit_decref, core::ptr::null_mut()) };
        gc = gc.next_head();
    }
}

unsafe extern "C" fn visit_reachable(obj: *mut PyObject, arg: *mut c_void) -> c_int {
    // SAFETY: live objects; `arg` is the list being scanned.
    unsafe {
        if !is_gc(&*obj) {
            return 0;
        }
        let reachable = &*(arg as *const PyGcHead);
        let head = &*PyGcHead::of(obj);
        if !head.collecting() {
            return 0;
        }
        if head.next.get() & NEXT_UNREACHABLE != 0 {
            // It was put aside too early: back to the end of the scanned list, so that it is scanned in its turn.
            let prev = head.prev_head();
            let next = head.next_head();
            prev.next.set((prev.next.get() & 3) | next.addr());
            next.set_prev(prev);
            head.append_to(reachable);
            head.set_refs_keeping_list(1);
        } else if head.refs() == 0 {
            // Further along in the scanned list: reachable after all.
            head.set_refs(1);
        }
    }
    0
}

impl PyGcHead {
    /// During the scan `prev` holds refs for objects ahead in the list; an object moved to the end is ahead.
    fn set_refs_keeping_list(&self, n: isize) {
        self.set_refs(n);
    }
}

/// The scan. `young` is singly linked (by `next`) ahead of the cursor, where `prev` holds `gc_refs`; behind the cursor, and
/// in `unreachable`, `prev` is an address again.
unsafe fn move_unreachable(young: &PyGcHead, unreachable: &PyGcHead) {
    let mut prev: &PyGcHead = young;
    let mut gc = young.next_head();
    // The unreachable list's links carry a flag, so that visit_reachable can tell where an object is.
    unreachable.next.set(unreachable.addr() | NEXT_UNREACHABLE);
    while !core::ptr::eq(gc, young) {
        if gc.refs() != 0 {
            // Reachable from outside, directly or not. It counts as seen from here on, then what it refers to is marked.
            let obj = gc.object();
            gc.prev.set((gc.prev.get() & PREV_FINALIZED) | prev.addr());
            // `young.prev` must point at the list's end for appending; it is the one `prev` of the scanned list that is kept.
            // SAFETY: alive.
            unsafe { traverse(obj, visit_reachable, addr_of!(*young) as *mut c_void) };
            prev = gc;
        } else {
            // Tentatively unreachable: moves over, flagged.
            prev.next.set(gc.next.get());
            let last = unreachable.prev_head();
            last.next.set(gc.addr() | NEXT_UNREACHABLE);
            gc.prev.set((gc.prev.get() & (PREV_FINALIZED | PREV_COLLECTING)) | last.addr());
            let next = gc.next_head();
            gc.next.set(unreachable.addr() | NEXT_UNREACHABLE);
            unreachable.set_prev(gc);
            if core::ptr::eq(next, young) {
                young.set_prev(prev);
            }
            gc = next;
            continue;
        }
        gc = prev.next_head();
    }
    young.set_prev(prev);
    unreachable.next.set(unreachable.next.get() & !NEXT_UNREACHABLE);
}

/// Drops the flags from the unreachable list's links; PREV_COLLECTING stays on its objects.
unsafe fn clear_unreachable_mask(unreachable: &PyGcHead) {
    unreachable.next.set(unreachable.next.get() & !NEXT_UNREACHABLE);
    let mut gc = unreachable.next_head();
    while !core::ptr::eq(gc, unreachable) {
        gc.next.set(gc.next.get() & !NEXT_UNREACHABLE);
        gc = gc.next_head();
    }
}

unsafe fn untrack_tuples(list: &PyGcHead) {
    let mut gc = list.next_head();
    while !core::ptr::eq(gc, list) {
        let next = gc.next_head();
        // SAFETY: alive.
        unsafe { tuple::maybe_untrack(&*gc.object()) };
        gc = next;
    }
}

unsafe fn move_legacy_finalizers(unreachable: &PyGcHead, finalizers: &PyGcHead) {
    let mut gc = unreachable.next_head();
    while !core::ptr::eq(gc, unreachable) {
        let next = gc.next_head();
        // SAFETY: alive.
        if unsafe { (*gc.object()).ty().tp_del.get().is_some() } {
            gc.move_to(finalizers);
            gc.prev.set(gc.prev.get() & !PREV_COLLECTING);
        }
        gc = next;
    }
}

unsafe extern "C" fn visit_move(obj: *mut PyObject, arg: *mut c_void) -> c_int {
    // SAFETY: live objects; `arg` is the list to move to.
    unsafe {
        if is_gc(&*obj) {
            let head = &*PyGcHead::of(obj);
            if head.collecting() {
                head.move_to(&*(arg as *const PyGcHead));
                head.prev.set(head.prev.get() & !PREV_COLLECTING);
            }
        }
    }
    0
}

unsafe fn move_legacy_finalizer_reachable(finalizers: &PyGcHead) {
    let mut gc = finalizers.next_head();
    while !core::ptr::eq(gc, finalizers) {
        // SAFETY: alive; the list grows at its end while being walked.
        unsafe { traverse(gc.object(), visit_move, addr_of!(*finalizers) as *mut c_void) };
        gc = gc.next_head();
    }
}

/// Clears the weak references to garbage and calls the callbacks of those that are not garbage themselves. Weak
/// references to classes of garbage are kept until [`clear_remaining_weakrefs`], finalizers may need them.
/// Gives the number of objects that went away by the callbacks' dropping.
unsafe fn handle_weakrefs(py: Python, unreachable: &PyGcHead, _old: &PyGcHead) -> isize {
    let mut pending: Vec<Py> = Vec::new();
    let mut gc = unreachable.next_head();
    while !core::ptr::eq(gc, unreachable) {
        let next = gc.next_head();
        // SAFETY: alive.
        let obj = unsafe { &*gc.object() };
        if weakref::is_reference(obj) && weakref::has_callback(obj) {
            // A weak reference that is garbage itself never calls back: its callback may be garbage too.
            weakref::detach_callback_of_trash(obj);
        }
        if weakref::supports(obj.ty()) {
            // SAFETY: alive; the callbacks are called below, not here.
            unsafe {
                weakref::clear_for_gc(obj, &mut |wr: Py| {
                    let is_trash = {
                        let head = &*PyGcHead::of(wr.as_raw());
                        is_gc(&wr) && head.collecting()
                    };
                    if !is_trash {
                        pending.push(wr);
                    }
                });
            }
        }
        gc = next;
    }
    for wr in pending {
        weakref::call_callback(py, &wr);
    }
    0
}

unsafe fn clear_remaining_weakrefs(_py: Python, unreachable: &PyGcHead) {
    let mut gc = unreachable.next_head();
    while !core::ptr::eq(gc, unreachable) {
        let next = gc.next_head();
        // SAFETY: alive.
        unsafe {
            let obj = &*gc.object();
            if weakref::supports(obj.ty()) {
                weakref::clear_no_callbacks(obj);
            }
        }
        gc = next;
    }
}

/// Runs `tp_finalize` of each unreachable object that has not been finalized.
unsafe fn finalize_garbage(_py: Python, collectable: &PyGcHead) {
    // Finalizers can do anything, so the list is emptied into `seen` step by step.
    let seen = PyGcHead::unlinked();
    seen.make_empty();
    while !collectable.is_empty() {
        let gc = collectable.next_head();
        gc.move_to(&seen);
        if gc.prev.get() & PREV_FINALIZED == 0 {
            let obj = gc.object();
            // SAFETY: alive; held while the finalizer runs.
            unsafe {
                if let Some(f) = (*obj).ty().tp_finalize.get() {
                    gc.prev.set(gc.prev.get() | PREV_FINALIZED);
                    let hold: Py = Py::from_borrowed(obj);
                    f(obj);
                    drop(hold);
                }
            }
        }
    }
    collectable.merge_from(&seen);
}

unsafe fn handle_resurrected(unreachable: &PyGcHead, still: &PyGcHead, old: &PyGcHead) {
    let mut gc = unreachable.next_head();
    while !core::ptr::eq(gc, unreachable) {
        gc.prev.set(gc.prev.get() & !PREV_COLLECTING);
        gc = gc.next_head();
    }
    // SAFETY: alive.
    unsafe { deduce_unreachable(unreachable, still) };
    let mut gc = still.next_head();
    while !core::ptr::eq(gc, still) {
        gc.prev.set(gc.prev.get() & !PREV_COLLECTING);
        gc = gc.next_head();
    }
    old.merge_from(unreachable);
}

/// Breaks the cycles: `tp_clear` on each object, which lets the counts drop to zero.
unsafe fn delete_garbage(py: Python, collectable: &PyGcHead, old: &PyGcHead) {
    let gcs = &py.interp().gc;
    while !collectable.is_empty() {
        let gc = collectable.next_head();
        let obj = gc.object();
        // SAFETY: alive; held while it is cleared.
        unsafe {
            if gcs.debug.get() & DEBUG_SAVEALL != 0 {
                if let Some(list) = garbage_list(py) {
                    if list.append(py, &*obj).is_err() {
                        err::clear(py);
                    }
                }
            } else if let Some(clear) = (*obj).ty().tp_clear.get() {
                let hold: Py = Py::from_borrowed(obj);
                clear(obj);
                if err::occurred(py) {
                    err::write_unraisable_msg(py, "Exception ignored in tp_clear of", Some((*obj).ty()));
                }
                drop(hold);
            }
            if core::ptr::eq(collectable.next_head(), gc) {
                // Still alive: it may be freed later, or never; it is not looked at again here.
                gc.move_to(old);
            }
        }
    }
}

fn garbage_list(py: Python) -> Option<Py<PyList>> {
    let slot = &py.interp().gc.garbage;
    if slot.is_none() {
        match PyList::new(py) {
            Ok(list) => slot.set(Some(list)),
            Err(_) => err::clear(py),
        }
    }
    slot.get()
}

unsafe fn handle_legacy_finalizers(py: Python, finalizers: &PyGcHead, old: &PyGcHead) {
    let saveall = py.interp().gc.debug.get() & DEBUG_SAVEALL != 0;
    let mut gc = finalizers.next_head();
    while !core::ptr::eq(gc, finalizers) {
        // SAFETY: alive.
        let obj = unsafe { &*gc.object() };
        if saveall || obj.ty().tp_del.get().is_some() {
            if let Some(list) = garbage_list(py) {
                if list.append(py, obj).is_err() {
                    err::clear(py);
                }
            }
        }
        gc = gc.next_head();
    }
    old.merge_from(finalizers);
}
