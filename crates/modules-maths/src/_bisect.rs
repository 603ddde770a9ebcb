//! `_bisect`: binary search in sorted sequences, the native half of `bisect`.

use taipan_object::abstracts::sequence;
use taipan_object::{CompareOp, Py, PyList, PyObject, PyResult, Python, id, pyfunction, pymodule, raise};

/// Where among equal items the position is.
#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

/// The position for `x` in `a[lo:hi]`. `x` is compared as it is, items through `key`. No `hi`, or -1: the length.
fn search(
    py: Python,
    side: Side,
    a: &PyObject,
    x: &PyObject,
    lo: isize,
    hi: Option<isize>,
    key: Option<&PyObject>,
) -> PyResult<isize> {
    if lo < 0 {
        return Err(raise!(py, ValueError, "lo must be non-negative"));
    }
    let mut lo = lo;
    let mut hi = match hi {
        None | Some(-1) => sequence::size(py, a)?,
        Some(hi) => hi,
    };
    while lo < hi {
        // Both are non-negative: their sum cannot overflow as an unsigned number.
        let mid = ((lo as usize + hi as usize) / 2) as isize;
        let item = sequence::get_item(py, a, mid)?;
        let item = match key {
            Some(key) => key.call1(py, &item)?,
            None => item,
        };
        let goes_left = match side {
            Side::Left => !item.rich_compare_bool(py, x, CompareOp::Lt)?,
            Side::Right => x.rich_compare_bool(py, &item, CompareOp::Lt)?,
        };
        if goes_left {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    Ok(lo)
}

/// Puts `x` into `a` at its position: a list directly, others through their `insert`.
fn insert(
    py: Python,
    side: Side,
    a: &PyObject,
    x: &PyObject,
    lo: isize,
    hi: Option<isize>,
    key: Option<&PyObject>,
) -> PyResult<()> {
    let keyed = key.map(|key| key.call1(py, x)).transpose()?;
    let index = search(py, side, a, keyed.as_deref().unwrap_or(x), lo, hi, key)?;
    if let Some(list) = a.downcast_exact::<PyList>() {
        return list.insert(py, index as usize, x);
    }
    let index = taipan_object::PyLong::from_isize(py, index)?;
    let done: Py = a.call_method(py, id!(py, "insert"), &[index.as_object(), x])?;
    drop(done);
    Ok(())
}

/// Find the position at which x belongs in the sorted list a.
///
/// All items before the returned position are less than or equal to x, all
/// items from it on are greater: an insertion there goes to the right of
/// every x that is in the list already.
///
/// The search is limited to a[lo:hi].
///
/// The key function, if given, is applied to each item that is looked at,
/// not to x.
#[pyfunction]
#[signature("(a, x, lo=0, hi=None, *, key=None)")]
fn bisect_right(
    py: Python,
    a: &PyObject,
    x: &PyObject,
    lo: isize,
    hi: Option<isize>,
    key: Option<&PyObject>,
) -> PyResult<isize> {
    search(py, Side::Right, a, x, lo, hi, key)
}

/// Find the position at which x belongs in the sorted list a.
///
/// All items before the returned position are less than x, all items from
/// it on are greater or equal: an insertion there goes to the left of
/// every x that is in the list already.
///
/// The search is limited to a[lo:hi].
///
/// The key function, if given, is applied to each item that is looked at,
/// not to x.
#[pyfunction]
#[signature("(a, x, lo=0, hi=None, *, key=None)")]
fn bisect_left(
    py: Python,
    a: &PyObject,
    x: &PyObject,
    lo: isize,
    hi: Option<isize>,
    key: Option<&PyObject>,
) -> PyResult<isize> {
    search(py, Side::Left, a, x, lo, hi, key)
}

/// Insert x into the sorted list a, to the right of items equal to it.
///
/// The search is limited to a[lo:hi]; the key function, if given, is
/// applied to x and to each item that is looked at.
#[pyfunction]
#[signature("(a, x, lo=0, hi=None, *, key=None)")]
fn insort_right(
    py: Python,
    a: &PyObject,
    x: &PyObject,
    lo: isize,
    hi: Option<isize>,
    key: Option<&PyObject>,
) -> PyResult<()> {
    insert(py, Side::Right, a, x, lo, hi, key)
}

/// Insert x into the sorted list a, to the left of items equal to it.
///
/// The search is limited to a[lo:hi]; the key function, if given, is
/// applied to x and to each item that is looked at.
#[pyfunction]
#[signature("(a, x, lo=0, hi=None, *, key=None)")]
fn insort_left(
    py: Python,
    a: &PyObject,
    x: &PyObject,
    lo: isize,
    hi: Option<isize>,
    key: Option<&PyObject>,
) -> PyResult<()> {
    insert(py, Side::Left, a, x, lo, hi, key)
}

pymodule! {
    name: "_bisect",
    doc: "Binary search in sorted lists.\n\nA list is kept in order by inserting each item where it belongs,\nrather than by sorting after each insertion.",
    functions: [bisect_right, bisect_left, insort_right, insort_left],
}
