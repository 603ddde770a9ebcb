//! Builtins about iterators and order.

use taipan_object::abstracts::{iter as protocol, sequence};
use taipan_object::types::seqiter::PyCallIter;
use taipan_object::{Args, CompareOp, Py, PyList, PyObject, PyResult, Python, err, exceptions, pyfunction, raise};

/// Get an iterator from an object.
///
/// In the first form, the argument must supply its own iterator, or be a sequence.
/// In the second form, the callable is called until it returns the sentinel.
#[pyfunction]
#[signature("(object, sentinel=<unrepresentable>, /)", hidden)]
pub fn iter(py: Python, object: &PyObject, sentinel: Option<&PyObject>) -> PyResult {
    let Some(sentinel) = sentinel else { return object.iter(py) };
    if !object.is_callable() {
        return Err(raise!(py, TypeError, "iter(v, w): v must be callable"));
    }
    Ok(PyCallIter::new(py, object, sentinel)?.into_object())
}

/// Return the next item from the iterator.
///
/// If default is given and the iterator is exhausted,
/// it is returned instead of raising StopIteration.
#[pyfunction]
#[signature("(iterator, default=<unrepresentable>, /)", hidden)]
pub fn next(py: Python, iterator: &PyObject, default: Option<&PyObject>) -> PyResult {
    let Some(f) = iterator.ty().tp_iternext.get().filter(|_| protocol::is_iterator(iterator)) else {
        return Err(raise!(py, TypeError, "'{}' object is not an iterator", iterator.ty().full_name()));
    };
    // SAFETY: the slot of the object's own type.
    if let Some(item) = unsafe { Py::from_owned_nullable(f(iterator.as_ptr())) } {
        return Ok(item);
    }
    let Some(default) = default else {
        if err::occurred(py) {
            return Err(taipan_object::Raised::assume());
        }
        return Err(err::stop_iteration(py, None));
    };
    if err::occurred(py) {
        if !err::matches(py, exceptions::StopIteration()) {
            return Err(taipan_object::Raised::assume());
        }
        err::clear(py);
    }
    Ok(Py::new_ref(default))
}

/// Return an AsyncIterator for an AsyncIterable object.
#[pyfunction]
#[signature("(async_iterable, /)")]
pub fn aiter(py: Python, async_iterable: &PyObject) -> PyResult {
    let ty = async_iterable.ty();
    let Some(f) = ty.as_async().and_then(|a| a.am_aiter.get()) else {
        return Err(raise!(py, TypeError, "'{}' object is not an async iterable", ty.full_name()));
    };
    // SAFETY: the slot of the object's own type.
    let it = unsafe { Py::from_owned_or_raised(f(async_iterable.as_ptr())) }?;
    if it.ty().as_async().and_then(|a| a.am_anext.get()).is_none() {
        return Err(raise!(py, TypeError, "aiter() returned not an async iterator of type '{}'", it.ty().full_name()));
    }
    Ok(it)
}

/// Return the next item from the async iterator.
///
/// If default is given and the async iterator is exhausted,
/// it is returned instead of raising StopAsyncIteration.
#[pyfunction]
#[signature("(aiterator, default=<unrepresentable>, /)")]
pub fn anext(py: Python, aiterator: &PyObject, default: Option<&PyObject>) -> PyResult {
    let ty = aiterator.ty();
    let Some(f) = ty.as_async().and_then(|a| a.am_anext.get()) else {
        return Err(raise!(py, TypeError, "'{}' object is not an async iterator", ty.full_name()));
    };
    // SAFETY: the slot of the object's own type.
    let awaitable: Py = unsafe { Py::from_owned_or_raised(f(aiterator.as_ptr())) }?;
    match default {
        None => Ok(awaitable),
        Some(default) => taipan_object::types::generator::new_anext_awaitable(py, &awaitable, default),
    }
}

/// Return a new list containing all items from the iterable in ascending order.
///
/// A custom key function can be supplied to customize the sort order, and the
/// reverse flag can be set to request the result in descending order.
#[pyfunction]
#[signature("(iterable, /, *, key=None, reverse=False)")]
pub fn sorted(py: Python, iterable: &PyObject, key: Option<&PyObject>, reverse: bool) -> PyResult<Py<PyList>> {
    let list = sequence::to_list(py, iterable)?;
    list.sort(py, key.filter(|k| !k.is_none()), reverse)?;
    Ok(list)
}

/// `min` and `max`: `op` says when an item replaces the best one so far.
fn extreme(
    py: Python,
    name: &str,
    op: CompareOp,
    given: &[&PyObject],
    key: Option<&PyObject>,
    default: Option<&PyObject>,
) -> PyResult {
    if given.is_empty() {
        return Err(raise!(py, TypeError, "{name} expected at least 1 argument, got 0"));
    }
    let mut best: Option<(Py, Py)> = None;
    let mut consider = |item: Py| -> PyResult<()> {
        let value = match key {
            Some(key) => key.call1(py, &item)?,
            None => item.clone(),
        };
        let better = match &best {
            None => true,
            Some((_, best_value)) => value.rich_compare(py, best_value, op)?.is_true(py)?,
        };
        if better {
            best = Some((item, value));
        }
        Ok(())
    };
    if given.len() > 1 {
        if default.is_some() {
            return Err(raise!(
                py,
                TypeError,
                "Cannot specify a default for {name}() with multiple positional arguments"
            ));
        }
        for item in given {
            consider(Py::new_ref(*item))?;
        }
    } else {
        let it = given[0].iter(py)?;
        while let Some(item) = it.iter_next(py)? {
            consider(item)?;
        }
    }
    match (best, default) {
        (Some((item, _)), _) => Ok(item),
        (None, Some(default)) => Ok(Py::new_ref(default)),
        (None, None) => Err(raise!(py, ValueError, "{name}() iterable argument is empty")),
    }
}

/// min(iterable, *[, default=obj, key=func]) -> value
/// min(arg1, arg2, *args, *[, key=func]) -> value
///
/// With a single iterable argument, return its smallest item. The
/// default keyword-only argument specifies an object to return if
/// the provided iterable is empty.
/// With two or more positional arguments, return the smallest argument.
#[pyfunction]
#[signature("(*args, key=None, default=<unrepresentable>)", hidden)]
pub fn min(py: Python, args: Args<'_>, key: Option<&PyObject>, default: Option<&PyObject>) -> PyResult {
    extreme(py, "min", CompareOp::Lt, args.as_slice(), key, default)
}

/// max(iterable, *[, default=obj, key=func]) -> value
/// max(arg1, arg2, *args, *[, key=func]) -> value
///
/// With a single iterable argument, return its biggest item. The
/// default keyword-only argument specifies an object to return if
/// the provided iterable is empty.
/// With two or more positional arguments, return the largest argument.
#[pyfunction]
#[signature("(*args, key=None, default=<unrepresentable>)", hidden)]
pub fn max(py: Python, args: Args<'_>, key: Option<&PyObject>, default: Option<&PyObject>) -> PyResult {
    extreme(py, "max", CompareOp::Gt, args.as_slice(), key, default)
}
