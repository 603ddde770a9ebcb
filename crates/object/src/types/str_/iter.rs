//! `str_iterator` and `str_ascii_iterator`, and subscription.

use super::intern::latin1_char;
use super::{PyStr, StrData};
use crate::abstracts::{iter, sequence};
use crate::header::PyObject;
use crate::types::slice::{PySlice, SliceRange};
use crate::{Py, PyClass, PyLong, PyResult, PyTuple, Python, Slot, Trace, id, pack, pyclass, raise};
use core::cell::Cell;

/// An iterator over a string (`unicodeiterobject`).
#[derive(Trace)]
#[repr(C)]
pub struct PyStrIter {
    pub ob_base: PyObject,
    #[trace(skip)]
    it_index: Cell<isize>,
    /// Empty when exhausted.
    it_seq: Slot<PyStr>,
}

/// An iterator over an ASCII string: every item is one of the shared strings of one character.
#[derive(Trace)]
#[repr(C)]
pub struct PyStrAsciiIter {
    pub ob_base: PyObject,
    #[trace(skip)]
    it_index: Cell<isize>,
    it_seq: Slot<PyStr>,
}

const _: () = assert!(size_of::<PyStrIter>() == 32 && size_of::<PyStrAsciiIter>() == 32);

/// `iter(s)`.
pub(super) fn new_iter(py: Python, s: &PyStr) -> PyResult {
    let (it_index, it_seq) = (Cell::new(0), Slot::some(Py::new_ref(s)));
    if s.is_ascii() {
        PyStrAsciiIter::alloc_exact(py, |ob_base| PyStrAsciiIter { ob_base, it_index, it_seq }).map(Py::into_object)
    } else {
        PyStrIter::alloc_exact(py, |ob_base| PyStrIter { ob_base, it_index, it_seq }).map(Py::into_object)
    }
}

/// Characters left.
fn length_hint(index: &Cell<isize>, seq: &Slot<PyStr>) -> isize {
    seq.get().map_or(0, |s| s.len() as isize - index.get())
}

fn reduce(py: Python, index: &Cell<isize>, seq: &Slot<PyStr>) -> PyResult<Py<PyTuple>> {
    let iter = iter::builtin(py, id!(py, "iter"))?;
    match seq.get() {
        Some(s) => {
            let args = pack!(py, s)?;
            let index = PyLong::from_isize(py, index.get())?;
            pack!(py, iter, args, index)
        }
        None => {
            let args = pack!(py, id!(py, ""))?;
            pack!(py, iter, args)
        }
    }
}

fn set_state(py: Python, index: &Cell<isize>, seq: &Slot<PyStr>, state: &PyObject) -> PyResult<()> {
    let to = iter::state_index(py, state)?;
    if let Some(s) = seq.get() {
        index.set(to.clamp(0, s.len() as isize));
    }
    Ok(())
}

#[pyclass(name = "str_iterator", static_name = PyUnicodeIter_Type, flags(GC, DISALLOW_INSTANTIATION), iter_self,
    no_clear)]
impl PyStrIter {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py<PyStr>>> {
        // SAFETY: no Python code runs while the borrow is used.
        let Some(s) = (unsafe { self.it_seq.borrow() }) else { return Ok(None) };
        let i = self.it_index.get();
        if i as usize >= s.len() {
            self.it_seq.clear();
            return Ok(None);
        }
        let item = PyStr::from_char(py, s.char_at(i as usize))?;
        self.it_index.set(i + 1);
        Ok(Some(item))
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    #[signature("(self, /)")]
    fn __length_hint__(&self, _py: Python) -> PyResult<isize> {
        Ok(length_hint(&self.it_index, &self.it_seq))
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        reduce(py, &self.it_index, &self.it_seq)
    }

    /// Set state information for unpickling.
    #[method]
    #[signature("(self, object, /)")]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        set_state(py, &self.it_index, &self.it_seq, state)
    }
}

#[pyclass(name = "str_ascii_iterator", static_name = _PyUnicodeASCIIIter_Type, flags(GC, DISALLOW_INSTANTIATION),
    iter_self, no_clear)]
impl PyStrAsciiIter {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py<PyStr>>> {
        // SAFETY: no Python code runs while the borrow is used.
        let Some(s) = (unsafe { self.it_seq.borrow() }) else { return Ok(None) };
        let i = self.it_index.get();
        match s.as_raw_bytes().get(i as usize) {
            Some(&c) => {
                self.it_index.set(i + 1);
                Ok(Some(Py::new_ref(latin1_char(py, c))))
            }
            None => {
                self.it_seq.clear();
                Ok(None)
            }
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    #[signature("(self, /)")]
    fn __length_hint__(&self, _py: Python) -> PyResult<isize> {
        Ok(length_hint(&self.it_index, &self.it_seq))
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        reduce(py, &self.it_index, &self.it_seq)
    }

    /// Set state information for unpickling.
    #[method]
    #[signature("(self, object, /)")]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        set_state(py, &self.it_index, &self.it_seq, state)
    }
}

impl PyStr {
    /// `self[i]` for an index that is not negative.
    #[inline]
    pub(super) fn item(&self, py: Python, i: isize) -> PyResult<Py<PyStr>> {
        if i < 0 || i as usize >= self.len() {
            return Err(raise!(py, IndexError, "string index out of range"));
        }
        PyStr::from_char(py, self.char_at(i as usize))
    }

    /// `self[key]`.
    pub(super) fn subscript(&self, py: Python, key: &PyObject) -> PyResult<Py<PyStr>> {
        if sequence::has_index(key) {
            let i = sequence::index_argument(py, key, self.len())?;
            return self.item(py, i);
        }
        match key.downcast_exact::<PySlice>() {
            Some(slice) => {
                let range = slice.range(py, || self.len())?;
                self.pick(py, range)
            }
            None => {
                let given = key.ty().full_name();
                Err(raise!(py, TypeError, "string indices must be integers, not '{given:.200}'"))
            }
        }
    }

    /// The characters at the positions of a slice.
    pub fn pick(&self, py: Python, range: SliceRange) -> PyResult<Py<PyStr>> {
        if range.len == 0 {
            return Ok(PyStr::empty(py));
        }
        if range.step == 1 {
            return self.substring(py, range.start as usize, range.start as usize + range.len);
        }
        match self.data() {
            StrData::Ascii(s) => {
                let chars: Vec<u8> = range.positions().map(|i| s[i]).collect();
                PyStr::from_ascii(py, &chars)
            }
            StrData::Latin1(s) => {
                let chars: Vec<u8> = range.positions().map(|i| s[i]).collect();
                PyStr::from_latin1(py, &chars)
            }
            StrData::Ucs2(s) => {
                let chars: Vec<u16> = range.positions().map(|i| s[i]).collect();
                PyStr::from_ucs2(py, &chars)
            }
            StrData::Ucs4(s) => {
                let chars: Vec<u32> = range.positions().map(|i| s[i]).collect();
                PyStr::from_ucs4(py, &chars)
            }
        }
    }
}
