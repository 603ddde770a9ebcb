//! Iterators over dicts: keys, values and items, forwards and backwards.

use super::PyDict;
use crate::abstracts::iter;
use crate::header::PyObject;
use crate::{Py, PyClass, PyList, PyResult, PyTuple, Python, Slot, Trace, id, pack, pyclass, raise};
use core::cell::Cell;

/// What an iterator yields of an item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Key,
    Value,
    Item,
}

/// The state of an iterator over a dict, apart from its header (`dictiterobject`).
#[derive(Trace)]
#[repr(C)]
struct Cursor {
    /// Empty when exhausted.
    di_dict: Slot<PyDict>,
    /// Size of the dict at the start; -1 once it was seen to have changed.
    #[trace(skip)]
    di_used: Cell<isize>,
    #[trace(skip)]
    di_pos: Cell<isize>,
    /// The pair yielded last, used again if nobody else has kept it.
    di_result: Slot<PyTuple>,
    /// Items left.
    #[trace(skip)]
    len: Cell<isize>,
}

impl Cursor {
    fn new(py: Python, dict: &PyDict, part: Part, reverse: bool) -> PyResult<Cursor> {
        let pos = match (reverse, dict.split_values()) {
            (false, _) => 0,
            (true, Some(_)) => dict.len() as isize - 1,
            (true, None) => dict.table().nentries() as isize - 1,
        };
        let result = match part {
            Part::Item => {
                // Filled at once, so that it never holds anything but objects.
                let none = || py.none();
                Some(PyTuple::from_exact_iter(py, [none(), none()].into_iter())?)
            }
            _ => None,
        };
        Ok(Cursor {
            di_dict: Slot::some(Py::new_ref(dict)),
            di_used: Cell::new(dict.len() as isize),
            di_pos: Cell::new(pos),
            di_result: Slot::new(result),
            len: Cell::new(dict.len() as isize),
        })
    }

    fn next(&self, py: Python, part: Part, reverse: bool) -> PyResult<Option<Py>> {
        // SAFETY: nothing that could empty the field runs while the borrow is used.
        let Some(dict) = (unsafe { self.di_dict.borrow() }) else { return Ok(None) };
        if self.di_used.get() != dict.len() as isize {
            // So it stays, whatever becomes of the dict.
            self.di_used.set(-1);
            return Err(raise!(py, RuntimeError, "dictionary changed size during iteration"));
        }
        let found = if reverse {
            dict.item_back_from(self.di_pos.get())
        } else {
            dict.item_from(self.di_pos.get() as usize).map(|(_, key, value, after)| (key, value, after as isize))
        };
        let Some((key, value, after)) = found else {
            self.di_dict.clear();
            return Ok(None);
        };
        if self.len.get() == 0 && !reverse {
            drop(self.di_dict.take());
            return Err(raise!(py, RuntimeError, "dictionary keys changed during iteration"));
        }
        self.di_pos.set(after);
        self.len.set(self.len.get() - 1);
        // SAFETY: an item's key and value are live.
        unsafe {
            Ok(Some(match part {
                Part::Key => Py::from_borrowed(key),
                Part::Value => Py::from_borrowed(value),
                Part::Item => self.pair(py, Py::from_borrowed(key), Py::from_borrowed(value))?,
            }))
        }
    }

    fn pair(&self, py: Python, key: Py, value: Py) -> PyResult {
        // SAFETY: the borrow ends before the old items are dropped.
        if let Some(result) = unsafe { self.di_result.borrow() }
            && result.is_unique()
        {
            let result = Py::new_ref(result);
            // SAFETY: a pair that nobody but this iterator has.
            let old = unsafe { (result.replace_item(0, key), result.replace_item(1, value)) };
            result.recycle();
            drop(old);
            return Ok(result.into_object());
        }
        Ok(PyTuple::from_exact_iter(py, [key, value].into_iter())?.into_object())
    }

    fn length_hint(&self) -> isize {
        // SAFETY: nothing runs.
        match unsafe { self.di_dict.borrow() } {
            Some(dict) if self.di_used.get() == dict.len() as isize => self.len.get(),
            _ => 0,
        }
    }

    /// What is left, as a list; the iterator itself does not move.
    fn rest(&self, py: Python, part: Part, reverse: bool) -> PyResult<Py<PyList>> {
        let copy = Cursor {
            di_dict: Slot::new(self.di_dict.get()),
            di_used: self.di_used.clone(),
            di_pos: self.di_pos.clone(),
            di_result: Slot::empty(),
            len: self.len.clone(),
        };
        let list = PyList::new(py)?;
        while let Some(item) = copy.next(py, part, reverse)? {
            list.push_owned(py, item)?;
        }
        Ok(list)
    }
}

macro_rules! iterators {
    ($($(#[$doc:meta])* $name:ident $static_name:ident $pyname:literal $part:ident $reverse:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Trace)]
        #[repr(C)]
        pub struct $name {
            pub ob_base: PyObject,
            cursor: Cursor,
        }

        const _: () = assert!(size_of::<$name>() == 56);

        impl $name {
            /// A new iterator over `dict`.
            pub fn new(py: Python, dict: &PyDict) -> PyResult<Py<$name>> {
                let cursor = Cursor::new(py, dict, Part::$part, $reverse)?;
                $name::alloc_exact(py, |ob_base| $name { ob_base, cursor })
            }

            /// The next one (what `tp_iternext` does).
            #[inline]
            pub fn next(&self, py: Python) -> PyResult<Option<Py>> {
                self.cursor.next(py, Part::$part, $reverse)
            }
        }

        #[pyclass(name = $pyname, static_name = $static_name, flags(GC, DISALLOW_INSTANTIATION), iter_self, no_clear)]
        impl $name {
            fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
                self.next(py)
            }

            /// Private method returning an estimate of len(list(it)).
            #[method]
            #[signature("(self, /)")]
            fn __length_hint__(&self, _py: Python) -> PyResult<isize> {
                Ok(self.cursor.length_hint())
            }

            /// Return state information for pickling.
            #[method]
            #[signature("(self, /)")]
            fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
                let iter = iter::builtin(py, id!(py, "iter"))?;
                let rest = self.cursor.rest(py, Part::$part, $reverse)?;
                let args = pack!(py, rest)?;
                pack!(py, iter, args)
            }
        }
    )*};
}

iterators! {
    /// `iter(dict)`.
    PyDictIterKey PyDictIterKey_Type "dict_keyiterator" Key false;
    /// `iter(dict.values())`.
    PyDictIterValue PyDictIterValue_Type "dict_valueiterator" Value false;
    /// `iter(dict.items())`.
    PyDictIterItem PyDictIterItem_Type "dict_itemiterator" Item false;
    /// `reversed(dict)`.
    PyDictRevIterKey PyDictRevIterKey_Type "dict_reversekeyiterator" Key true;
    /// `reversed(dict.values())`.
    PyDictRevIterValue PyDictRevIterValue_Type "dict_reversevalueiterator" Value true;
    /// `reversed(dict.items())`.
    PyDictRevIterItem PyDictRevIterItem_Type "dict_reverseitemiterator" Item true;
}
