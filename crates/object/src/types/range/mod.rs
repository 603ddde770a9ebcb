//! `range`: arithmetic sequences of ints of any size.

pub mod iter;

pub use iter::{PyLongRangeIter, PyLongRangeIter_Type, PyRangeIter, PyRangeIter_Type};

use crate::abstracts::{number, sequence};
use crate::declare::{Args, CompareOp};
use crate::header::PyObject;
use crate::memory::alloc;
use crate::types::slice::PySlice;
use crate::{
    Py, PyBool, PyDict, PyLong, PyResult, PyStr, PyTuple, PyType, Python, Slot, StrBuilder, Trace, pack, pyclass, raise,
};

/// A range object (`rangeobject`). All four are exact ints, set from the start.
#[derive(Trace)]
#[repr(C)]
pub struct PyRange {
    pub ob_base: PyObject,
    start: Slot,
    stop: Slot,
    step: Slot,
    length: Slot,
}

const _: () = assert!(size_of::<PyRange>() == 48);

/// An int that fits in a word.
pub(super) fn word(n: &PyObject) -> Option<i64> {
    n.downcast::<PyLong>().and_then(PyLong::try_i64)
}

/// A field that is set as long as the object lives.
fn field(py: Python, slot: &Slot) -> Py {
    slot.get().unwrap_or_else(|| py.none())
}

fn int(py: Python, n: i128) -> PyResult {
    Ok(PyLong::from_i128(py, n)?.into_object())
}

fn less(py: Python, a: &PyObject, b: &PyObject) -> PyResult<bool> {
    a.rich_compare_bool(py, b, CompareOp::Lt)
}

/// Number of ints from `start` to before `stop` by `step`, which is not zero.
fn length_of(py: Python, start: &PyObject, stop: &PyObject, step: &PyObject) -> PyResult {
    if let (Some(start), Some(stop), Some(step)) = (word(start), word(stop), word(step)) {
        let (start, stop, step) = (start as i128, stop as i128, step as i128);
        let (distance, step) = if step > 0 { (stop - start, step) } else { (start - stop, -step) };
        return int(py, if distance <= 0 { 0 } else { (distance - 1) / step + 1 });
    }
    let backwards = step.downcast::<PyLong>().is_some_and(|s| s.sign() < 0);
    let (low, high, step) =
        if backwards { (stop, start, number::negative(py, step)?) } else { (start, stop, Py::new_ref(step)) };
    if !less(py, low, high)? {
        return int(py, 0);
    }
    let one = int(py, 1)?;
    let distance = number::subtract(py, high, low)?;
    let last = number::floor_divide(py, &*number::subtract(py, &distance, &one)?, &step)?;
    number::add(py, &last, &one)
}

impl PyRange {
    /// A range from exact ints. ValueError if the step is zero.
    pub fn new(py: Python, start: Py, stop: Py, step: Py) -> PyResult<Py<PyRange>> {
        if step.downcast::<PyLong>().is_some_and(|s| s.sign() == 0) {
            return Err(raise!(py, ValueError, "range() arg 3 must not be zero"));
        }
        let length = length_of(py, &start, &stop, &step)?;
        let mut p = py.interp().freelists.ranges.pop();
        // SAFETY: memory for a range, written whole.
        unsafe {
            if p.is_null() {
                p = alloc::new(py, &PyRange_Type, size_of::<PyRange>())?;
            } else {
                alloc::init(p, &PyRange_Type);
            }
            let r = p as *mut PyRange;
            (&raw mut (*r).start).write(Slot::some(start));
            (&raw mut (*r).stop).write(Slot::some(stop));
            (&raw mut (*r).step).write(Slot::some(step));
            (&raw mut (*r).length).write(Slot::some(length));
            Ok(Py::from_owned(r))
        }
    }

    fn from_args(py: Python, args: &[&PyObject]) -> PyResult<Py<PyRange>> {
        let index = |i: usize| -> PyResult { Ok(number::index_exact(py, args[i])?.into_object()) };
        match args.len() {
            0 => Err(raise!(py, TypeError, "range expected at least 1 argument, got 0")),
            1 => PyRange::new(py, int(py, 0)?, index(0)?, int(py, 1)?),
            2 => PyRange::new(py, index(0)?, index(1)?, int(py, 1)?),
            3 => PyRange::new(py, index(0)?, index(1)?, index(2)?),
            n => Err(raise!(py, TypeError, "range expected at most 3 arguments, got {n}")),
        }
    }

    /// Start, stop and step as words, if all of them fit.
    fn words(&self, py: Python) -> Option<(i64, i64, i64)> {
        Some((word(&field(py, &self.start))?, word(&field(py, &self.stop))?, word(&field(py, &self.step))?))
    }

    /// `start + i * step`.
    fn at(&self, py: Python, i: &PyObject) -> PyResult {
        let (start, step) = (field(py, &self.start), field(py, &self.step));
        if let (Some(start), Some(step), Some(i)) = (word(&start), word(&step), word(i))
            && let Some(offset) = (step as i128).checked_mul(i as i128)
        {
            return int(py, start as i128 + offset);
        }
        number::add(py, &start, &*number::multiply(py, i, &step)?)
    }

    /// Item `i`, counted from the end if negative. IndexError.
    fn item(&self, py: Python, i: &PyObject) -> PyResult {
        let length = field(py, &self.length);
        let zero = int(py, 0)?;
        let i = if less(py, i, &zero)? { number::add(py, i, &length)? } else { Py::new_ref(i) };
        if less(py, &i, &zero)? || !less(py, &i, &length)? {
            return Err(raise!(py, IndexError, "range object index out of range"));
        }
        self.at(py, &i)
    }

    /// True if the int `n` is one of the items: no walking needed.
    fn contains_int(&self, py: Python, n: &PyObject) -> PyResult<bool> {
        let (start, stop, step) = (field(py, &self.start), field(py, &self.stop), field(py, &self.step));
        if let (Some((start, stop, step)), Some(n)) = (self.words(py), word(n)) {
            let inside = if step > 0 { start <= n && n < stop } else { stop < n && n <= start };
            return Ok(inside && (n as i128 - start as i128) % step as i128 == 0);
        }
        let backwards = step.downcast::<PyLong>().is_some_and(|s| s.sign() < 0);
        let inside = if backwards {
            less(py, &stop, n)? && !less(py, &start, n)?
        } else {
            !less(py, n, &start)? && less(py, n, &stop)?
        };
        if !inside {
            return Ok(false);
        }
        let rest = number::remainder(py, &*number::subtract(py, n, &start)?, &step)?;
        Ok(!rest.is_true(py)?)
    }

    /// True for what [`PyRange::contains_int`] can be asked about: ints whose comparison nobody has redefined.
    fn is_plain_int(obj: &PyObject) -> bool {
        obj.downcast_exact::<PyLong>().is_some() || obj.downcast_exact::<PyBool>().is_some()
    }

    /// Equal as sequences: same length, and as far as there are items, same start and step.
    fn equals(&self, py: Python, other: &PyRange) -> PyResult<bool> {
        if core::ptr::eq(self, other) {
            return Ok(true);
        }
        let eq = |a: &Slot, b: &Slot| field(py, a).rich_compare_bool(py, &field(py, b), CompareOp::Eq);
        if !eq(&self.length, &other.length)? {
            return Ok(false);
        }
        let length = word(&field(py, &self.length));
        if length == Some(0) {
            return Ok(true);
        }
        Ok(eq(&self.start, &other.start)? && (length == Some(1) || eq(&self.step, &other.step)?))
    }
}

/// range(stop) -> range object
/// range(start, stop[, step]) -> range object
///
/// Return an object that produces a sequence of integers from start (inclusive)
/// to stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, ..., j-1.
/// start defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.
/// These are exactly the valid indices for a list of 4 elements.
/// When step is given, it specifies the increment (or decrement).
#[pyclass(name = "range", static_name = PyRange_Type, flags(SEQUENCE),
    members(start: OBJECT_EX readonly, stop: OBJECT_EX readonly, step: OBJECT_EX readonly))]
impl PyRange {
    fn tp_new(py: Python, _cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PyRange>> {
        if kwargs.is_some_and(|k| k.len() != 0) {
            return Err(raise!(py, TypeError, "range() takes no keyword arguments"));
        }
        let args: Vec<&PyObject> = args.as_slice().iter().map(|a| a.as_object()).collect();
        PyRange::from_args(py, &args)
    }

    fn tp_vectorcall(py: Python, _cls: &PyObject, args: Args) -> PyResult<Py<PyRange>> {
        args.no_keywords("range")?;
        PyRange::from_args(py, args.as_slice())
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the count is zero: the range is ours alone.
        unsafe {
            (*this).start.clear();
            (*this).stop.clear();
            (*this).step.clear();
            (*this).length.clear();
            if !Python::assume().interp().freelists.ranges.push(this as *mut PyObject) {
                crate::types::tuple::free_object(this as *mut PyObject);
            }
        }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let step = field(py, &self.step);
        let mut out = StrBuilder::new();
        out.push_str("range(");
        let text = field(py, &self.start).repr(py)?;
        out.push_pystr(&text);
        out.push_str(", ");
        let text = field(py, &self.stop).repr(py)?;
        out.push_pystr(&text);
        if word(&step) != Some(1) {
            out.push_str(", ");
            let text = step.repr(py)?;
            out.push_pystr(&text);
        }
        out.push_str(")");
        out.finish(py)
    }

    fn tp_hash(&self, py: Python) -> PyResult<isize> {
        let length = field(py, &self.length);
        let n = word(&length);
        let start = if n == Some(0) { py.none() } else { field(py, &self.start) };
        let step = if matches!(n, Some(0 | 1)) { py.none() } else { field(py, &self.step) };
        pack!(py, length, start, step)?.hash_value(py)
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast_exact::<PyRange>() else { return Ok(py.not_implemented()) };
        match op {
            CompareOp::Eq => Ok(py.bool(self.equals(py, other)?)),
            CompareOp::Ne => Ok(py.bool(!self.equals(py, other)?)),
            _ => Ok(py.not_implemented()),
        }
    }

    fn tp_iter(&self, py: Python) -> PyResult {
        let length = field(py, &self.length);
        if let (Some((start, _, step)), Some(n)) = (self.words(py), word(&length)) {
            return Ok(PyRangeIter::new(py, start, step, n)?.into_object());
        }
        Ok(PyLongRangeIter::new(py, field(py, &self.start), field(py, &self.step), length)?.into_object())
    }

    fn nb_bool(&self, py: Python) -> PyResult<bool> {
        Ok(word(&field(py, &self.length)) != Some(0))
    }

    fn sq_length(&self, py: Python) -> PyResult<isize> {
        match field(py, &self.length).downcast::<PyLong>() {
            Some(n) => n.as_isize(py),
            None => Ok(0),
        }
    }
    fn mp_length(&self, py: Python) -> PyResult<isize> {
        self.sq_length(py)
    }

    fn sq_item(&self, py: Python, i: isize) -> PyResult {
        let i = PyLong::from_isize(py, i)?;
        let length = field(py, &self.length);
        if i.sign() < 0 || !less(py, &i, &length)? {
            return Err(raise!(py, IndexError, "range object index out of range"));
        }
        self.at(py, &i)
    }

    fn mp_subscript(&self, py: Python, key: &PyObject) -> PyResult {
        if sequence::has_index(key) {
            let i = number::index(py, key)?;
            return self.item(py, &i);
        }
        let Some(slice) = key.downcast_exact::<PySlice>() else {
            return Err(raise!(
                py,
                TypeError,
                "range indices must be integers or slices, not {}",
                key.ty().full_name()
            ));
        };
        let length = field(py, &self.length);
        let Some(length) = length.downcast::<PyLong>() else { return Ok(py.not_implemented()) };
        let [start, stop, step] = slice.long_indices(py, length)?;
        let step = number::multiply(py, &field(py, &self.step), &step)?;
        Ok(PyRange::new(py, self.at(py, &start)?, self.at(py, &stop)?, step)?.into_object())
    }

    fn sq_contains(&self, py: Python, value: &PyObject) -> PyResult<bool> {
        if PyRange::is_plain_int(value) {
            return self.contains_int(py, value);
        }
        sequence::iter_contains(py, self, value)
    }

    /// Return a reverse iterator.
    #[method]
    #[signature("(self, /)")]
    fn __reversed__(&self, py: Python) -> PyResult {
        let (start, step, length) = (field(py, &self.start), field(py, &self.step), field(py, &self.length));
        if let (Some((first, _, by)), Some(n)) = (self.words(py), word(&length))
            && let Some(by) = by.checked_neg()
        {
            let last = first as i128 - (n as i128 - 1) * by as i128;
            // One step beyond the far end must fit too, or the iterator's state would overflow.
            if i64::try_from(last).is_ok() && (first as i128 + by as i128) == first.wrapping_add(by) as i128 {
                return Ok(PyRangeIter::new(py, last as i64, by, n)?.into_object());
            }
        }
        let one = int(py, 1)?;
        let last = number::multiply(py, &*number::subtract(py, &length, &one)?, &step)?;
        let last = number::add(py, &start, &last)?;
        Ok(PyLongRangeIter::new(py, last, number::negative(py, &step)?, length)?.into_object())
    }

    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let args = PyTuple::from_array(py, [&self.start, &self.stop, &self.step].map(|part| field(py, part)))?;
        pack!(py, PyRange_Type, args)
    }

    /// rangeobject.count(value) -> integer -- return number of occurrences of value
    #[method]
    #[signature("(self, object, /)")]
    fn count(&self, py: Python, object: &PyObject) -> PyResult<isize> {
        if PyRange::is_plain_int(object) {
            return Ok(self.contains_int(py, object)? as isize);
        }
        sequence::count(py, self, object)
    }

    /// rangeobject.index(value) -> integer -- return index of value.
    /// Raise ValueError if the value is not present.
    #[method]
    #[signature("(self, object, /)")]
    fn index(&self, py: Python, object: &PyObject) -> PyResult {
        if !PyRange::is_plain_int(object) {
            return Ok(PyLong::from_isize(py, sequence::index(py, self, object)?)?.into_object());
        }
        if !self.contains_int(py, object)? {
            return Err(raise!(py, ValueError, "range.index(x): x not in range"));
        }
        let distance = number::subtract(py, object, &field(py, &self.start))?;
        number::floor_divide(py, &distance, &field(py, &self.step))
    }
}
