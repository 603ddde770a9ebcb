//! `enumerate` and `reversed`.

use crate::abstracts::{iter, number, sequence};
use crate::declare::Args;
use crate::header::PyObject;
use crate::types::seqiter::is_end;
use crate::{Py, PyClass, PyLong, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, id, pack, pyclass, raise};
use core::cell::Cell;

/// An enumerate object (`enumobject`).
#[derive(Trace)]
#[repr(C)]
pub struct PyEnumerate {
    pub ob_base: PyObject,
    /// The next index; `isize::MAX` once `en_longindex` is used.
    #[trace(skip)]
    en_index: Cell<isize>,
    en_sit: Slot,
    /// The pair yielded last, used again if nobody else has kept it.
    en_result: Slot<PyTuple>,
    en_longindex: Slot,
    /// Unused here; CPython keeps the int 1 at this place.
    #[trace(skip)]
    one: Cell<*mut PyObject>,
}

const _: () = assert!(size_of::<PyEnumerate>() == 56);

impl PyEnumerate {
    fn make(py: Python, cls: &PyType, iterable: &PyObject, start: Option<&PyObject>) -> PyResult<Py<PyEnumerate>> {
        let (mut index, mut long) = (0, None);
        if let Some(start) = start {
            let start = number::index(py, start)?;
            match start.try_i64() {
                Some(n) if n != i64::MAX => index = n as isize,
                _ => {
                    index = isize::MAX;
                    long = Some(start.into_object());
                }
            }
        }
        let it = iterable.iter(py)?;
        let result = pack!(py, crate::singletons::none(), crate::singletons::none())?;
        PyEnumerate::alloc(py, cls, |ob_base| PyEnumerate {
            ob_base,
            en_index: Cell::new(index),
            en_sit: Slot::some(it),
            en_result: Slot::some(result),
            en_longindex: Slot::new(long),
            one: Cell::new(core::ptr::null_mut()),
        })
    }

    /// The index of the next item; counts on.
    fn count(&self, py: Python) -> PyResult {
        let n = self.en_index.get();
        if n != isize::MAX {
            self.en_index.set(n + 1);
            return Ok(PyLong::from_isize(py, n)?.into_object());
        }
        let now = match self.en_longindex.get() {
            Some(n) => n,
            None => PyLong::from_isize(py, isize::MAX)?.into_object(),
        };
        let one = PyLong::from_isize(py, 1)?;
        self.en_longindex.set(Some(number::add(py, &now, &one)?));
        Ok(now)
    }
}

/// Return an enumerate object.
///
///   iterable
///     an object supporting iteration
///
/// The enumerate object yields pairs containing a count (from start, which
/// defaults to zero) and a value yielded by the iterable argument.
///
/// enumerate is useful for obtaining an indexed list:
///     (0, seq[0]), (1, seq[1]), (2, seq[2]), ...
#[pyclass(name = "enumerate", static_name = PyEnum_Type, flags(GC, BASETYPE), iter_self, no_clear, class_getitem)]
impl PyEnumerate {
    #[signature("(iterable, start=0)")]
    fn tp_new(py: Python, cls: &PyType, iterable: &PyObject, start: Option<&PyObject>) -> PyResult<Py<PyEnumerate>> {
        PyEnumerate::make(py, cls, iterable, start)
    }

    fn tp_vectorcall(py: Python, _cls: &PyObject, args: Args) -> PyResult<Py<PyEnumerate>> {
        let values = args.keyword_values();
        let given = args.len() + values.len();
        if given == 0 {
            return Err(raise!(py, TypeError, "enumerate() missing required argument 'iterable'"));
        }
        if given > 2 {
            return Err(raise!(py, TypeError, "enumerate() takes at most 2 arguments ({given} given)"));
        }
        let mut bound: [Option<&PyObject>; 2] = [args.first().copied(), args.get(1).copied()];
        if let Some(names) = args.kwnames() {
            for (name, value) in names.as_slice().iter().zip(values) {
                let place = match name.downcast::<PyStr>() {
                    Some(n) if n.eq_str("iterable") => 0,
                    // Alone it has nothing to count.
                    Some(n) if n.eq_str("start") && given == 2 => 1,
                    Some(n) => {
                        let n = n.to_string_lossy();
                        return Err(raise!(py, TypeError, "'{n}' is an invalid keyword argument for enumerate()"));
                    }
                    None => return Err(raise!(py, TypeError, "keywords must be strings")),
                };
                if bound[place].replace(value).is_some() {
                    let name = if place == 0 { "iterable" } else { "start" };
                    return Err(raise!(py, TypeError, "'{name}' is an invalid keyword argument for enumerate()"));
                }
            }
        }
        match bound {
            [Some(iterable), start] => PyEnumerate::make(py, &PyEnum_Type, iterable, start),
            _ => Err(raise!(py, TypeError, "enumerate() missing required argument 'iterable'")),
        }
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        let Some(it) = self.en_sit.get() else { return Ok(None) };
        let Some(item) = it.iter_next(py)? else { return Ok(None) };
        let index = self.count(py)?;
        // SAFETY: the borrow ends before the old items are dropped.
        if let Some(result) = unsafe { self.en_result.borrow() }
            && result.is_unique()
        {
            let result = Py::new_ref(result);
            // SAFETY: a pair that nobody but this iterator has.
            let old = unsafe { (result.replace_item(0, index), result.replace_item(1, item)) };
            result.recycle();
            drop(old);
            return Ok(Some(result.into_object()));
        }
        Ok(Some(PyTuple::from_exact_iter(py, [index, item].into_iter())?.into_object()))
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let it = self.en_sit.get().unwrap_or_else(|| py.none());
        let index = match self.en_longindex.get() {
            Some(n) => n,
            None => PyLong::from_isize(py, self.en_index.get())?.into_object(),
        };
        let args = pack!(py, it, index)?;
        let ty: &PyObject = self.ty();
        pack!(py, ty, args)
    }
}

/// A reversed object (`reversedobject`).
#[derive(Trace)]
#[repr(C)]
pub struct PyReversed {
    pub ob_base: PyObject,
    /// The next index; -1 when exhausted.
    #[trace(skip)]
    index: Cell<isize>,
    seq: Slot,
}

const _: () = assert!(size_of::<PyReversed>() == 32);

/// Return a reverse iterator over the values of the given sequence.
#[pyclass(name = "reversed", static_name = PyReversed_Type, flags(GC, BASETYPE), iter_self, no_clear, vectorcall)]
impl PyReversed {
    #[signature("(sequence, /)")]
    fn tp_new(py: Python, cls: &PyType, sequence: &PyObject) -> PyResult {
        let not_reversible = || raise!(py, TypeError, "'{}' object is not reversible", sequence.ty().full_name());
        if let Some(method) = sequence.lookup_special(py, id!(py, "__reversed__"))? {
            if method.is_none() {
                return Err(not_reversible());
            }
            return method.call(py, &[]);
        }
        if !sequence::check(sequence) {
            return Err(not_reversible());
        }
        let n = sequence::size(py, sequence)?;
        let it = PyReversed::alloc(py, cls, |ob_base| PyReversed {
            ob_base,
            index: Cell::new(n - 1),
            seq: Slot::some(Py::new_ref(sequence)),
        })?;
        Ok(it.into_object())
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        let i = self.index.get();
        if i >= 0
            && let Some(seq) = self.seq.get()
        {
            match sequence::get_item(py, &seq, i) {
                Ok(item) => {
                    self.index.set(i - 1);
                    return Ok(Some(item));
                }
                Err(e) => {
                    if !is_end(py) {
                        return Err(e);
                    }
                }
            }
        }
        self.index.set(-1);
        self.seq.clear();
        Ok(None)
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    #[signature("(self, /)")]
    fn __length_hint__(&self, py: Python) -> PyResult<isize> {
        let Some(seq) = self.seq.get() else { return Ok(0) };
        let left = self.index.get() + 1;
        Ok(if sequence::size(py, &seq)? < left { 0 } else { left })
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let ty: &PyObject = self.ty();
        match self.seq.get() {
            Some(seq) if self.index.get() >= 0 => {
                let args = pack!(py, seq)?;
                let index = PyLong::from_isize(py, self.index.get())?;
                pack!(py, ty, args, index)
            }
            _ => {
                let args = pack!(py, PyTuple::empty_ref())?;
                pack!(py, ty, args)
            }
        }
    }

    /// Set state information for unpickling.
    #[method]
    #[signature("(self, object, /)")]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        let index = iter::state_index(py, state)?;
        if let Some(seq) = self.seq.get() {
            let n = sequence::size(py, &seq)?;
            self.index.set(index.clamp(-1, n - 1));
        }
        Ok(())
    }
}
