//! Dict watchers: callbacks that hear of every change to the dicts they watch (`PyDict_AddWatcher`).
//!
//! The low eight bits of `_ma_watcher_tag` say which of an interpreter's eight watchers listen to a dict, so that an
//! unwatched dict pays one test.

use super::PyDict;
use crate::header::PyObject;
use crate::runtime::interp;
use crate::{PyResult, Python, err, raise};
use core::cell::Cell;
use core::ffi::c_int;
use core::ptr::null_mut;
use std::sync::OnceLock;

/// Watchers of an interpreter (`DICT_MAX_WATCHERS`).
pub const MAX_WATCHERS: usize = 8;
/// The bits of the tag that name watchers.
pub const WATCHER_MASK: u64 = (1 << MAX_WATCHERS) - 1;

/// What happens to a dict (`PyDict_WatchEvent`); watchers hear of it just before.
#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    Added = 0,
    Modified = 1,
    Deleted = 2,
    Cloned = 3,
    Cleared = 4,
    Deallocated = 5,
}

/// `PyDict_WatchCallback`: event, dict, key and new value (null where they make no sense); -1 if it raised.
pub type WatchCallback = unsafe extern "C" fn(c_int, *mut PyObject, *mut PyObject, *mut PyObject) -> c_int;

#[derive(Default)]
struct Watchers([Cell<Option<WatchCallback>>; MAX_WATCHERS]);

fn watchers(py: Python) -> &Watchers {
    static INDEX: OnceLock<usize> = OnceLock::new();
    py.interp().local(*INDEX.get_or_init(interp::next_local_index), Watchers::default)
}

/// Registers a callback and gives its number (`PyDict_AddWatcher`). RuntimeError when all eight are taken.
pub fn add_watcher(py: Python, callback: WatchCallback) -> PyResult<usize> {
    // Number 0 is kept for the interpreter's own optimiser, as in CPython.
    for (id, slot) in watchers(py).0.iter().enumerate().skip(1) {
        if slot.get().is_none() {
            slot.set(Some(callback));
            return Ok(id);
        }
    }
    Err(raise!(py, RuntimeError, "no more dict watcher IDs available"))
}

/// Sets the interpreter's own watcher, number 0.
pub fn set_internal_watcher(py: Python, callback: WatchCallback) {
    watchers(py).0[0].set(Some(callback));
}

fn check_id(py: Python, id: c_int) -> PyResult<usize> {
    if !(0..MAX_WATCHERS as c_int).contains(&id) {
        return Err(raise!(py, ValueError, "Invalid dict watcher ID {id}"));
    }
    if watchers(py).0[id as usize].get().is_none() {
        return Err(raise!(py, ValueError, "No dict watcher set for ID {id}"));
    }
    Ok(id as usize)
}

/// Forgets a callback (`PyDict_ClearWatcher`). ValueError if there is none under this number.
pub fn clear_watcher(py: Python, id: c_int) -> PyResult<()> {
    let id = check_id(py, id)?;
    watchers(py).0[id].set(None);
    Ok(())
}

/// Lets watcher `id` hear of changes to `dict` (`PyDict_Watch`).
pub fn watch(py: Python, id: c_int, dict: &PyDict) -> PyResult<()> {
    let id = check_id(py, id)?;
    dict.ma_watcher_tag.set(dict.ma_watcher_tag.get() | 1 << id);
    Ok(())
}

/// Undoes [`watch`] (`PyDict_Unwatch`).
pub fn unwatch(py: Python, id: c_int, dict: &PyDict) -> PyResult<()> {
    let id = check_id(py, id)?;
    dict.ma_watcher_tag.set(dict.ma_watcher_tag.get() & !(1 << id));
    Ok(())
}

impl PyDict {
    /// Tells the dict's watchers, if it has any, what is about to happen.
    #[inline(always)]
    pub(crate) fn notify(&self, py: Python, event: Event, key: *mut PyObject, value: *mut PyObject) {
        if self.ma_watcher_tag.get() & WATCHER_MASK != 0 {
            self.send_event(py, event, key, value);
        }
    }

    #[cold]
    #[inline(never)]
    fn send_event(&self, py: Python, event: Event, key: *mut PyObject, value: *mut PyObject) {
        let bits = self.ma_watcher_tag.get() & WATCHER_MASK;
        for (id, slot) in watchers(py).0.iter().enumerate() {
            if bits & 1 << id == 0 {
                continue;
            }
            if let Some(callback) = slot.get() {
                // SAFETY: a registered callback with the arguments that the C API promises.
                if unsafe { callback(event as c_int, self.ob_base.as_ptr(), key, value) } < 0 {
                    // A dying dict must not be referred to by the report.
                    let context = if event == Event::Deallocated { None } else { Some(&self.ob_base) };
                    err::write_unraisable(py, context);
                }
            }
        }
    }

    /// As [`PyDict::notify`] for an event without key and value.
    #[inline(always)]
    pub(crate) fn notify_all(&self, py: Python, event: Event) {
        self.notify(py, event, null_mut(), null_mut());
    }
}
