//! Interned strings: one object per text (`sys.intern`), found by identity ever after.

use super::{PyStr, state};
use crate::abstracts::hash::hash_bytes;
use crate::{Py, PyResult, Python};
use core::cell::RefCell;
use core::sync::atomic::{AtomicPtr, Ordering};

/// An interpreter's interned strings. The table holds borrowed pointers: a mortal interned string takes itself out when
/// it dies, as in CPython where the table's two references are not counted.
#[derive(Default)]
pub struct InternTable(RefCell<Table>);

#[derive(Default)]
struct Table {
    /// Open addressing; the length is a power of two.
    slots: Vec<*const PyStr>,
    used: usize,
    /// Slots ever taken, deleted ones included.
    filled: usize,
}

const DELETED: *const PyStr = 1 as *const PyStr;

impl Table {
    fn find(&self, hash: isize, matches: impl Fn(&PyStr) -> bool) -> Result<usize, usize> {
        let mask = self.slots.len() - 1;
        let mut i = hash as usize & mask;
        let mut free = None;
        loop {
            let p = self.slots[i];
            if p.is_null() {
                return Err(free.unwrap_or(i));
            }
            if p == DELETED {
                free.get_or_insert(i);
            } else {
                // SAFETY: strings in the table are alive.
                let s = unsafe { &*p };
                if s.hash_value() == hash && matches(s) {
                    return Ok(i);
                }
            }
            i = (i + 1) & mask;
        }
    }

    fn reserve(&mut self) {
        if (self.filled + 1) * 3 < self.slots.len() * 2 {
            return;
        }
        let size = ((self.used + 1) * 3).next_power_of_two().max(1024);
        let old = core::mem::replace(&mut self.slots, vec![core::ptr::null(); size]);
        self.filled = self.used;
        for p in old {
            if !p.is_null() && p != DELETED {
                // SAFETY: alive.
                let hash = unsafe { (*p).hash_value() };
                if let Err(i) = self.find(hash, |_| false) {
                    self.slots[i] = p;
                }
            }
        }
    }

    fn insert(&mut self, s: &PyStr) {
        self.reserve();
        if let Err(i) = self.find(s.hash_value(), |_| false) {
            if self.slots[i].is_null() {
                self.filled += 1;
            }
            self.slots[i] = s;
            self.used += 1;
        }
    }
}

impl InternTable {
    fn get(&self, hash: isize, matches: impl Fn(&PyStr) -> bool) -> Option<Py<PyStr>> {
        let table = self.0.borrow();
        if table.slots.is_empty() {
            return None;
        }
        // SAFETY: strings in the table are alive.
        table.find(hash, matches).ok().map(|i| unsafe { Py::from_borrowed(table.slots[i]) })
    }

    fn insert(&self, s: &PyStr) {
        self.0.borrow_mut().insert(s);
    }

    /// Takes a dying mortal interned string out.
    pub(crate) fn remove(&self, s: &PyStr) {
        let mut table = self.0.borrow_mut();
        if table.slots.is_empty() {
            return;
        }
        if let Ok(i) = table.find(s.hash_value(), |t| core::ptr::eq(t, s)) {
            table.slots[i] = DELETED;
            table.used -= 1;
        }
    }

    /// Number of interned strings.
    pub fn len(&self) -> usize {
        self.0.borrow().used
    }
}

/// Interned strings made by the implementation live for ever and are shared by all interpreters.
static STATICS: std::sync::Mutex<StaticTable> =
    std::sync::Mutex::new(StaticTable(Table { slots: Vec::new(), used: 0, filled: 0 }));

struct StaticTable(Table);
// SAFETY: immortal strings, touched with the lock held.
unsafe impl Send for StaticTable {}

/// The implementation's string with this hash for which `matches` holds.
fn static_string(hash: isize, matches: impl Fn(&PyStr) -> bool) -> Option<&'static PyStr> {
    let statics = STATICS.lock().unwrap_or_else(|e| e.into_inner());
    if statics.0.slots.is_empty() {
        return None;
    }
    let i = statics.0.find(hash, matches).ok()?;
    // SAFETY: immortal.
    Some(unsafe { &*statics.0.slots[i] })
}

impl PyStr {
    /// The interned string with this text (`PyUnicode_InternFromString`).
    pub fn intern(py: Python, text: &str) -> PyResult<Py<PyStr>> {
        if text.is_ascii() {
            if let Some(s) = py.interp().interned.get(hash_bytes(text.as_bytes()), |s| s.ascii_str() == Some(text)) {
                return Ok(s);
            }
        }
        Ok(PyStr::intern_in_place(py, PyStr::new(py, text)?))
    }

    /// The interned string equal to `s`: `s` itself if there was none (`PyUnicode_InternInPlace`). Instances of
    /// subclasses are not interned.
    pub fn intern_in_place(py: Python, s: Py<PyStr>) -> Py<PyStr> {
        if s.is_interned() || !s.is_type(&super::PyUnicode_Type) {
            return s;
        }
        if s.len() <= 1 {
            if s.len() == 0 {
                return PyStr::empty(py);
            }
            let c = s.char_at(0);
            if c < 256 {
                return Py::new_ref(latin1_char(py, c as u8));
            }
        }
        let table = &py.interp().interned;
        if let Some(found) = table.get(s.hash_value(), |t| t.equals(&s)) {
            return found;
        }
        // Another interpreter may have been the first to use a name of the implementation.
        if let Some(found) = static_string(s.hash_value(), |t| t.equals(&s)) {
            table.insert(found);
            return Py::new_ref(found);
        }
        s.set_interned(if s.is_immortal() { state::INTERNED_IMMORTAL } else { state::INTERNED_MORTAL });
        table.insert(&s);
        s
    }

    /// As [`PyStr::intern_in_place`], and the string becomes immortal.
    pub fn intern_immortal(py: Python, s: Py<PyStr>) -> Py<PyStr> {
        let s = PyStr::intern_in_place(py, s);
        if s.state() & state::INTERNED_MASK == state::INTERNED_MORTAL {
            s.set_immortal();
            s.set_interned(state::INTERNED_IMMORTAL);
        }
        s
    }
}

/// Interns a string of the implementation for ever. Memory running out here, at the first use of a name, ends the
/// process as it does in CPython's start.
#[cold]
pub(crate) fn intern_static(py: Python, text: &'static str) -> &'static PyStr {
    if let [c] = text.as_bytes() {
        if c.is_ascii() {
            return latin1_char(py, *c);
        }
    }
    if text.is_ascii()
        && let Some(found) = static_string(hash_bytes(text.as_bytes()), |s| s.eq_str(text))
    {
        return found;
    }
    let s = if text.is_empty() { empty_string(py) } else { PyStr::new(py, text) };
    let s = match s {
        Ok(s) => s,
        Err(_) => {
            eprintln!("Fatal Python error: out of memory while interning '{text}'");
            std::process::abort()
        }
    };
    let s = if text.is_empty() { s } else { PyStr::intern_immortal(py, s) };
    s.set_immortal();
    s.set_interned(state::INTERNED_IMMORTAL_STATIC);
    let s = s.leak();
    STATICS.lock().unwrap_or_else(|e| e.into_inner()).0.insert(s);
    s
}

fn empty_string(py: Python) -> PyResult<Py<PyStr>> {
    // SAFETY: no characters to write.
    let s = unsafe { super::new::alloc_str(py, 0, 0)? };
    s.hash_value();
    Ok(s)
}

static LATIN1: [AtomicPtr<PyStr>; 256] = [const { AtomicPtr::new(core::ptr::null_mut()) }; 256];

/// The one string of a character below 256: immortal, interned.
#[inline]
pub fn latin1_char(py: Python, c: u8) -> &'static PyStr {
    let p = LATIN1[c as usize].load(Ordering::Relaxed);
    if !p.is_null() {
        // SAFETY: immortal.
        return unsafe { &*p };
    }
    make_latin1_char(py, c)
}

#[cold]
fn make_latin1_char(py: Python, c: u8) -> &'static PyStr {
    // SAFETY: the one character is written at once.
    let s = unsafe {
        match super::new::alloc_str(py, 1, c as u32) {
            Ok(s) => {
                *(s.data_ptr() as *mut u8) = c;
                s
            }
            Err(_) => {
                eprintln!("Fatal Python error: out of memory for a single character");
                std::process::abort()
            }
        }
    };
    s.set_immortal();
    s.set_interned(state::INTERNED_IMMORTAL_STATIC);
    py.interp().interned.insert(&s);
    let s = s.leak();
    LATIN1[c as usize].store(s as *const PyStr as *mut PyStr, Ordering::Relaxed);
    s
}
