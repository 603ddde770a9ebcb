//! Callbacks that are told when a watched type changes (`PyType_Watch`).

use crate::runtime::interp::next_local_index;
use crate::{PyObject, PyResult, PyType, Python, raise};
use core::cell::Cell;
use core::ffi::c_int;
use std::sync::OnceLock;

/// `TYPE_MAX_WATCHERS`.
pub const MAX_WATCHERS: usize = 8;
/// Watcher 0 is the optimiser's.
const FIRST_FREE: usize = 1;

/// `PyType_WatchCallback`.
pub type WatchCallback = unsafe extern "C" fn(*mut PyObject) -> c_int;

type Watchers = [Cell<Option<WatchCallback>>; MAX_WATCHERS];

fn watchers(py: Python) -> &Watchers {
    static INDEX: OnceLock<usize> = OnceLock::new();
    py.interp().local(*INDEX.get_or_init(next_local_index), || [const { Cell::new(None) }; MAX_WATCHERS])
}

/// Enters a callback and gives its number. RuntimeError when all numbers are taken.
pub fn add(py: Python, callback: WatchCallback) -> PyResult<c_int> {
    for (i, cell) in watchers(py).iter().enumerate().skip(FIRST_FREE) {
        if cell.get().is_none() {
            cell.set(Some(callback));
            return Ok(i as c_int);
        }
    }
    Err(raise!(py, RuntimeError, "no more type watcher IDs available"))
}

fn valid(py: Python, id: c_int) -> PyResult<usize> {
    let index = usize::try_from(id).ok().filter(|i| *i < MAX_WATCHERS);
    let Some(index) = index else { return Err(raise!(py, ValueError, "Invalid type watcher ID {id}")) };
    if watchers(py)[index].get().is_none() {
        return Err(raise!(py, ValueError, "No type watcher set for ID {id}"));
    }
    Ok(index)
}

/// Takes a callback out.
pub fn clear(py: Python, id: c_int) -> PyResult<()> {
    let index = valid(py, id)?;
    watchers(py)[index].set(None);
    Ok(())
}

/// Has callback `id` told about changes of `obj`, which must be a type.
pub fn watch(py: Python, id: c_int, obj: &PyObject, on: bool) -> PyResult<()> {
    let Some(ty) = PyType::from_object(obj) else {
        return Err(raise!(py, ValueError, "Cannot {} non-type", if on { "watch" } else { "unwatch" }));
    };
    let index = valid(py, id)?;
    if on {
        // A type without a version would not report its changes.
        ty.assign_version(py);
        ty.tp_watched.set(ty.tp_watched.get() | 1 << index);
    } else {
        ty.tp_watched.set(ty.tp_watched.get() & !(1 << index));
    }
    Ok(())
}

/// Tells the watchers of `ty`.
pub(super) fn notify(py: Python, ty: &PyType) {
    let bits = ty.tp_watched.get();
    for (i, cell) in watchers(py).iter().enumerate() {
        if bits & 1 << i != 0 {
            if let Some(callback) = cell.get() {
                // SAFETY: the callback is a C function that takes a borrowed type.
                if unsafe { callback(ty.as_ptr()) } < 0 {
                    crate::err::write_unraisable(py, Some(ty));
                }
            }
        }
    }
}
