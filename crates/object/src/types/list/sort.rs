//! `list.sort`: what is compared, and how. The merging is in [`super::timsort`].
//!
//! If all keys are of one type, which one walk over them tells, comparing them needs none of the checks of a general `<`.

use super::PyList;
use super::timsort::{self, Less};
use crate::declare::CompareOp;
use crate::header::PyObject;
use crate::typeobj::{PyTypeObject, richcmpfunc};
use crate::{Py, PyFloat, PyLong, PyResult, PyStr, PyTuple, Python, Raised, StrData, raise, singletons};
use core::ptr::null_mut;

type Ptr = *mut PyObject;

/// `a < b` between any objects.
struct Any<'py>(Python<'py>);

impl Less<Ptr> for Any<'_> {
    type Error = Raised;
    #[inline]
    fn less(&mut self, a: Ptr, b: Ptr) -> PyResult<bool> {
        // SAFETY: the keys are alive during the sort.
        unsafe { (*a).rich_compare_bool(self.0, &*b, CompareOp::Lt) }
    }
}

/// Between strings of one byte a character.
struct Latin;

impl Less<Ptr> for Latin {
    type Error = Raised;
    #[inline(always)]
    fn less(&mut self, a: Ptr, b: Ptr) -> PyResult<bool> {
        // SAFETY: the keys were checked to be exact strings.
        let (a, b) = unsafe { (&*(a as *const PyStr), &*(b as *const PyStr)) };
        Ok(latin_bytes(a) < latin_bytes(b))
    }
}

#[inline(always)]
fn latin_bytes(s: &PyStr) -> &[u8] {
    match s.data() {
        StrData::Ascii(b) | StrData::Latin1(b) => b,
        // Not reached: the check before the sort has seen to it.
        _ => &[],
    }
}

/// Between ints of at most one digit.
struct SmallInt;

impl Less<Ptr> for SmallInt {
    type Error = Raised;
    #[inline(always)]
    fn less(&mut self, a: Ptr, b: Ptr) -> PyResult<bool> {
        // SAFETY: the keys were checked to be exact, compact ints.
        unsafe { Ok((*(a as *const PyLong)).compact_value() < (*(b as *const PyLong)).compact_value()) }
    }
}

/// Between floats.
struct Float;

impl Less<Ptr> for Float {
    type Error = Raised;
    #[inline(always)]
    fn less(&mut self, a: Ptr, b: Ptr) -> PyResult<bool> {
        // SAFETY: the keys were checked to be exact floats.
        unsafe { Ok((*(a as *const PyFloat)).value() < (*(b as *const PyFloat)).value()) }
    }
}

/// Between objects of one type with this `tp_richcompare`.
struct OneType<'py> {
    py: Python<'py>,
    compare: richcmpfunc,
}

impl Less<Ptr> for OneType<'_> {
    type Error = Raised;
    #[inline]
    fn less(&mut self, a: Ptr, b: Ptr) -> PyResult<bool> {
        // SAFETY: the keys are alive; the slot is the one of their type, unless a comparison has changed it meanwhile.
        unsafe {
            if (*a).ty().tp_richcompare.get().map(|f| f as usize) != Some(self.compare as usize) {
                return (*a).rich_compare_bool(self.py, &*b, CompareOp::Lt);
            }
            let result = Py::from_owned_or_raised((self.compare)(a, b, CompareOp::Lt as core::ffi::c_int))?;
            if result.is_not_implemented() {
                return (*a).rich_compare_bool(self.py, &*b, CompareOp::Lt);
            }
            if result.is(singletons::true_()) {
                return Ok(true);
            }
            if result.is(singletons::false_()) {
                return Ok(false);
            }
            result.is_true(self.py)
        }
    }
}

/// Between tuples: `inner` compares first elements that differ.
struct Tuples<'py, L> {
    py: Python<'py>,
    inner: L,
}

impl<L: Less<Ptr, Error = Raised>> Less<Ptr> for Tuples<'_, L> {
    type Error = Raised;
    fn less(&mut self, a: Ptr, b: Ptr) -> PyResult<bool> {
        // SAFETY: the keys were checked to be exact tuples.
        let (a, b) = unsafe { (&*(a as *const PyTuple), &*(b as *const PyTuple)) };
        let n = a.len().min(b.len());
        for i in 0..n {
            let (x, y) = (a.get(i), b.get(i));
            if x.rich_compare_bool(self.py, y, CompareOp::Eq)? {
                continue;
            }
            return if i == 0 {
                self.inner.less(x.as_ptr(), y.as_ptr())
            } else {
                x.rich_compare_bool(self.py, y, CompareOp::Lt)
            };
        }
        Ok(a.len() < b.len())
    }
}

/// What the keys, or the first elements of keys that are all non-empty tuples, have in common.
enum Common {
    Nothing,
    Latin,
    SmallInt,
    Float,
    OneType(richcmpfunc),
}

/// Looks at all keys once. The flag says that they are tuples and the finding is about their first elements.
fn survey(keys: &[Ptr]) -> (bool, Common) {
    // SAFETY: the keys are alive; nothing runs during the survey.
    unsafe {
        let first_of = |k: Ptr| -> Option<Ptr> {
            let t = (*k).downcast_exact::<PyTuple>()?;
            if t.len() == 0 { None } else { Some(t.get(0).as_ptr()) }
        };
        let tuples = keys.iter().all(|&k| first_of(k).is_some());
        let element = |k: Ptr| if tuples { first_of(k).unwrap_or(k) } else { k };
        let ty: *const PyTypeObject = (*element(keys[0])).ty();
        let (mut latin, mut small) = (true, true);
        for &k in keys {
            let e = &*element(k);
            if !core::ptr::eq(e.ty(), ty) {
                return (tuples, Common::Nothing);
            }
            small = small && e.downcast_exact::<PyLong>().is_some_and(PyLong::is_compact);
            latin = latin
                && e.downcast_exact::<PyStr>()
                    .is_some_and(|s| matches!(s.data(), StrData::Ascii(_) | StrData::Latin1(_)));
        }
        let first = &*element(keys[0]);
        let common = if latin {
            Common::Latin
        } else if small {
            Common::SmallInt
        } else if first.downcast_exact::<PyFloat>().is_some() {
            Common::Float
        } else {
            match (*ty).tp_richcompare.get() {
                // Tuples in tuples go the general way.
                Some(f) if !(tuples && first.downcast_exact::<PyTuple>().is_some()) => Common::OneType(f),
                _ => Common::Nothing,
            }
        };
        (tuples, common)
    }
}

/// Sorts pointers to objects that stay alive meanwhile; `values` is permuted alike. On an error both are permutations.
fn sort_pointers(py: Python, keys: &mut [Ptr], values: &mut [Ptr]) -> PyResult<()> {
    if keys.len() < 2 {
        return Ok(());
    }
    macro_rules! go {
        ($tuples:expr, $less:expr) => {
            if $tuples {
                timsort::sort(keys, values, &mut Tuples { py, inner: $less })
            } else {
                timsort::sort(keys, values, &mut $less)
            }
        };
    }
    let (tuples, common) = survey(keys);
    match common {
        Common::Nothing => go!(tuples, Any(py)),
        Common::Latin => go!(tuples, Latin),
        Common::SmallInt => go!(tuples, SmallInt),
        Common::Float => go!(tuples, Float),
        Common::OneType(compare) => go!(tuples, OneType { py, compare }),
    }
}

impl PyList {
    /// Sorts in place, stably; `key` is called once for each item. The list looks empty meanwhile: ValueError "list modified
    /// during sort" if it was changed. On an error the items are there, in some order.
    pub fn sort(&self, py: Python, key: Option<&PyObject>, reverse: bool) -> PyResult<()> {
        let (items, n, allocated) = self.exchange(null_mut(), 0, -1);
        // SAFETY: the array is ours until it is put back; nobody else can reach it.
        let slice = if n == 0 { &mut [][..] } else { unsafe { core::slice::from_raw_parts_mut(items, n) } };
        let result = sort_items(py, slice, key, reverse);
        let modified = self.allocated() != -1;
        let (theirs, their_n, _) = self.exchange(items, n, allocated);
        if !theirs.is_null() {
            // What was put into the list during the sort.
            // SAFETY: the array and its references are ours alone now.
            unsafe {
                for i in (0..their_n).rev() {
                    drop(Py::from_owned(*theirs.add(i)));
                }
                crate::memory::obmalloc::free(theirs as *mut u8);
            }
        }
        result?;
        if modified {
            return Err(raise!(py, ValueError, "list modified during sort"));
        }
        Ok(())
    }
}

fn sort_items(py: Python, items: &mut [Ptr], key: Option<&PyObject>, reverse: bool) -> PyResult<()> {
    let owned_keys: Vec<Py>;
    let mut keys: Vec<Ptr> = Vec::new();
    if let Some(key) = key {
        let mut made = Vec::with_capacity(items.len());
        for &item in items.iter() {
            // SAFETY: the items are alive: the list's references are kept.
            made.push(key.call(py, &[unsafe { &*item }])?);
        }
        owned_keys = made;
        keys.extend(owned_keys.iter().map(|k| k.as_raw()));
    }
    // A reverse sort keeps the order of equal items: reversing before and after does.
    if reverse {
        items.reverse();
        keys.reverse();
    }
    let result = if key.is_some() { sort_pointers(py, &mut keys, items) } else { sort_pointers(py, items, &mut []) };
    if reverse {
        items.reverse();
    }
    result
}
