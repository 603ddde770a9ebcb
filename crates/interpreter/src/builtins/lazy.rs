//! The lazy iterators `filter`, `map` and `zip`.

use core::cell::Cell;
use taipan_object::{
    Args, Py, PyClass, PyObject, PyResult, PyTuple, PyType, Python, Slot, Trace, pack, pyclass, raise, singletons,
};

/// `filterobject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyFilter {
    pub ob_base: PyObject,
    func: Slot,
    it: Slot,
}

/// Return an iterator yielding those items of iterable for which
/// function(item) is true.  If function is None, return the items that
/// are true.
#[pyclass(name = "filter", static_name = PyFilter_Type, flags(GC, BASETYPE), iter_self, no_clear, vectorcall)]
impl PyFilter {
    #[signature("(function, iterable, /)")]
    fn tp_new(py: Python, cls: &PyType, function: &PyObject, iterable: &PyObject) -> PyResult<Py<PyFilter>> {
        let it = iterable.iter(py)?;
        PyFilter::alloc(py, cls, |ob_base| PyFilter {
            ob_base,
            func: Slot::some(Py::new_ref(function)),
            it: Slot::some(it),
        })
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        let (Some(func), Some(it)) = (self.func.get(), self.it.get()) else { return Ok(None) };
        // Truth itself needs no call.
        let plain = func.is_none() || func.is(&taipan_object::types::bool_::PyBool_Type);
        while let Some(item) = it.iter_next(py)? {
            let keep = if plain { item.is_true(py)? } else { func.call1(py, &item)?.is_true(py)? };
            if keep {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)", hidden)]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let args = match (self.func.get(), self.it.get()) {
            (Some(func), Some(it)) => pack!(py, func, it)?,
            _ => PyTuple::empty(py),
        };
        pack!(py, self.ty(), args)
    }
}

/// What a strict iterator reports when number `i` (from 0) ended and those before it did not, or the other way round.
fn length_error(py: Python, name: &str, i: usize, is: &str) -> taipan_object::Raised {
    let others = if i == 1 { " " } else { "s 1-" };
    raise!(py, ValueError, "{name}() argument {} is {is} than argument{others}{i}", i + 1)
}

/// Iterator `i` of a strict `map` or `zip` has ended. If it is the first, all others must have ended too.
fn check_ends(py: Python, name: &str, iters: &PyTuple, i: usize) -> PyResult<()> {
    if i > 0 {
        return Err(length_error(py, name, i, "shorter"));
    }
    for (k, it) in iters.as_slice().iter().enumerate().skip(1) {
        if it.iter_next(py)?.is_some() {
            return Err(length_error(py, name, k, "longer"));
        }
    }
    Ok(())
}

/// `mapobject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyMap {
    pub ob_base: PyObject,
    iters: Slot<PyTuple>,
    func: Slot,
    strict: Cell<i32>,
}

/// Make an iterator that computes the function using arguments from
/// each of the iterables.  Stops when the shortest iterable is exhausted.
///
/// If strict is true and one of the arguments is exhausted before the
/// others, raise a ValueError.
#[pyclass(name = "map", static_name = PyMap_Type, flags(GC, BASETYPE), iter_self, no_clear, vectorcall)]
impl PyMap {
    #[signature("(*args, strict=False)", text = "(function, iterable, /, *iterables, strict=False)")]
    fn tp_new(py: Python, cls: &PyType, args: Args<'_>, strict: bool) -> PyResult<Py<PyMap>> {
        let [func, iterables @ ..] = args.as_slice() else { return Err(too_few(py)) };
        if iterables.is_empty() {
            return Err(too_few(py));
        }
        let iters = iterables.iter().map(|i| i.iter(py)).collect::<PyResult<Vec<Py>>>()?;
        let iters = PyTuple::from_vec(py, iters)?;
        PyMap::alloc(py, cls, |ob_base| PyMap {
            ob_base,
            iters: Slot::some(iters),
            func: Slot::some(Py::new_ref(*func)),
            strict: Cell::new(strict as i32),
        })
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        let (Some(func), Some(iters)) = (self.func.get(), self.iters.get()) else { return Ok(None) };
        if let [it] = iters.as_slice() {
            return match it.iter_next(py)? {
                Some(item) => Ok(Some(func.call1(py, &item)?)),
                None => Ok(None),
            };
        }
        let mut items: Vec<Py> = Vec::with_capacity(iters.len());
        for (i, it) in iters.as_slice().iter().enumerate() {
            match it.iter_next(py)? {
                Some(item) => items.push(item),
                None => {
                    if self.strict.get() != 0 {
                        check_ends(py, "map", &iters, i)?;
                    }
                    return Ok(None);
                }
            }
        }
        let args: Vec<&PyObject> = items.iter().map(|i| &**i).collect();
        Ok(Some(func.call(py, &args)?))
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)", hidden)]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let mut args = Vec::new();
        if let (Some(func), Some(iters)) = (self.func.get(), self.iters.get()) {
            args.push(func);
            args.extend(iters.as_slice().iter().cloned());
        }
        let args = PyTuple::from_vec(py, args)?;
        if self.strict.get() != 0 {
            pack!(py, self.ty(), args, singletons::true_())
        } else {
            pack!(py, self.ty(), args)
        }
    }

    /// Set state information for unpickling.
    #[method]
    #[signature("(self, state, /)", hidden)]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        self.strict.set(state.is_true(py)? as i32);
        Ok(())
    }
}

fn too_few(py: Python) -> taipan_object::Raised {
    raise!(py, TypeError, "map() must have at least two arguments.")
}

/// `zipobject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyZip {
    pub ob_base: PyObject,
    tuplesize: Cell<isize>,
    ittuple: Slot<PyTuple>,
    /// The tuple yielded last, used again if nobody else has kept it.
    result: Slot<PyTuple>,
    strict: Cell<i32>,
}

/// The zip object yields n-length tuples, where n is the number of
/// iterables passed as positional arguments to zip().  The i-th element
/// in every tuple comes from the i-th iterable argument to zip().  This
/// continues until the shortest argument is exhausted.
///
/// If strict is true and one of the arguments is exhausted before the
/// others, raise a ValueError.
///
///    >>> list(zip('abcdefg', range(3), range(4)))
///    [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]
#[pyclass(name = "zip", static_name = PyZip_Type, flags(GC, BASETYPE), iter_self, no_clear, vectorcall)]
impl PyZip {
    #[signature("(*iterables, strict=False)")]
    fn tp_new(py: Python, cls: &PyType, iterables: Args<'_>, strict: bool) -> PyResult<Py<PyZip>> {
        let iters = iterables.as_slice().iter().map(|i| i.iter(py)).collect::<PyResult<Vec<Py>>>()?;
        let n = iters.len();
        let iters = PyTuple::from_vec(py, iters)?;
        let result = PyTuple::from_vec(py, vec![py.none(); n])?;
        PyZip::alloc(py, cls, |ob_base| PyZip {
            ob_base,
            tuplesize: Cell::new(n as isize),
            ittuple: Slot::some(iters),
            result: Slot::some(result),
            strict: Cell::new(strict as i32),
        })
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        let n = self.tuplesize.get() as usize;
        if n == 0 {
            return Ok(None);
        }
        let Some(iters) = self.ittuple.get() else { return Ok(None) };
        // The last result is taken out while it is filled: an iterator may come back to this object.
        let reuse = self.result.take().filter(|r| r.is_unique() && r.len() == n);
        let result = match reuse {
            Some(result) => {
                for (i, it) in iters.as_slice().iter().enumerate() {
                    let Some(item) = it.iter_next(py)? else { return self.ended(py, &iters, i) };
                    // SAFETY: in range; nobody else has the tuple.
                    drop(unsafe { result.replace_item(i, item) });
                }
                result.recycle();
                result
            }
            None => {
                let mut items = Vec::with_capacity(n);
                for (i, it) in iters.as_slice().iter().enumerate() {
                    let Some(item) = it.iter_next(py)? else { return self.ended(py, &iters, i) };
                    items.push(item);
                }
                PyTuple::from_vec(py, items)?
            }
        };
        self.result.set(Some(result.clone()));
        Ok(Some(result.into_object()))
    }

    /// Return state information for pickling.
    #[method]
    #[signature("(self, /)", hidden)]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let iters = self.ittuple.get().unwrap_or_else(|| PyTuple::empty(py));
        if self.strict.get() != 0 {
            pack!(py, self.ty(), iters, singletons::true_())
        } else {
            pack!(py, self.ty(), iters)
        }
    }

    /// Set state information for unpickling.
    #[method]
    #[signature("(self, state, /)", hidden)]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        self.strict.set(state.is_true(py)? as i32);
        Ok(())
    }
}

impl PyZip {
    fn ended(&self, py: Python, iters: &PyTuple, i: usize) -> PyResult<Option<Py>> {
        if self.strict.get() != 0 {
            check_ends(py, "zip", iters, i)?;
        }
        Ok(None)
    }
}
