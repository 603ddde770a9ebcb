//! The declaration of `bytearray`.

use super::PyByteArray;
use super::iter::PyByteArrayIter;
use crate::abstracts::{buffer, number, sequence};
use crate::bytes_methods::arg::byte_value;
use crate::bytes_methods::{ByteSeq, byte_methods, ops};
use crate::memory::obmalloc;
use crate::typeobj::Py_buffer;
use crate::types::bytes::from;
use crate::types::slice::PySlice;
use crate::{
    CompareOp, Py, PyBytes, PyDict, PyList, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, err,
    exceptions, pack, pyclass, raise,
};

byte_methods! {
    {
        /// bytearray(iterable_of_ints) -> bytearray
        /// bytearray(string, encoding[, errors]) -> bytearray
        /// bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer
        /// bytearray(int) -> bytes array of size given by the parameter initialized with null bytes
        /// bytearray() -> empty bytes array
        ///
        /// Construct a mutable bytearray object from:
        ///   - an iterable yielding integers in range(256)
        ///   - a text string encoded using the specified encoding
        ///   - a bytes or a buffer object
        ///   - any object implementing the buffer API.
        ///   - an integer
        #[pyclass(name = "bytearray", static_name = PyByteArray_Type, flags(BASETYPE, MATCH_SELF), unhashable)]
    }
    impl PyByteArray {
        fn tp_new(
            py: Python,
            cls: &PyType,
            _args: &PyTuple,
            _kwargs: Option<&PyDict>,
        ) -> PyResult<Py<PyByteArray>> {
            PyByteArray::empty(py, cls)
        }

        #[signature("(source=b'', encoding='utf-8', errors='strict')", hidden)]
        fn tp_init(
            &self,
            py: Python,
            source: Option<&PyObject>,
            encoding: Option<&str>,
            errors: Option<&str>,
        ) -> PyResult<()> {
            self.resize(py, 0)?;
            if let Some(bytes) = from::encoded(py, source, encoding, errors)? {
                return self.append_slice(py, bytes.as_slice());
            }
            let Some(source) = source else { return Ok(()) };
            if source.downcast::<PyStr>().is_some() {
                return Err(raise!(py, TypeError, "string argument without an encoding"));
            }
            if let Some(n) = from::count(py, source)? {
                return self.resize(py, n);
            }
            if buffer::check(source) {
                let data = from::buffer_contents(py, source)?;
                return self.append_slice(py, &data);
            }
            let it = match source.iter(py) {
                Ok(it) => it,
                Err(raised) => {
                    if !err::matches(py, exceptions::TypeError()) {
                        return Err(raised);
                    }
                    err::clear(py);
                    let given = source.ty().full_name();
                    return Err(raise!(py, TypeError, "cannot convert '{given:.200}' object to bytearray"));
                }
            };
            let data = from::iterable_contents(py, &it, "byte")?;
            self.append_slice(py, &data)
        }

        unsafe fn tp_dealloc(this: *mut Self) {
            // SAFETY: the last count is gone; the memory is the object's own.
            unsafe {
                let py = Python::assume();
                if (*this).ob_exports.get() > 0 {
                    err::with_saved(py, || {
                        let _ = raise!(py, SystemError, "deallocated bytearray object has exported buffers");
                        err::write_unraisable(py, None);
                    });
                }
                obmalloc::free((*this).ob_bytes.get());
                crate::memory::alloc::free_by_type(this as *mut PyObject);
            }
        }

        fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
            let prefix = format!("{}(b", self.ty().name());
            self.with_slice(|s| {
                let double = s.contains(&b'\'') && !s.contains(&b'"');
                let quote = if double { b'"' } else { b'\'' };
                crate::types::bytes::repr_quoted(py, s, &prefix, ")", quote, b"'")
            })
        }

        fn tp_str(&self, py: Python) -> PyResult<Py<PyStr>> {
            if py.interp().config.borrow().bytes_warning != 0 {
                err::warn(py, exceptions::BytesWarning(), "str() on a bytearray instance", 1)?;
            }
            self.tp_repr(py)
        }

        fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
            if !buffer::check(other) {
                crate::types::bytes::warn_comparison(py, other, op, "bytearray", false)?;
                return Ok(py.not_implemented());
            }
            let other = crate::bytes_methods::Arg::get(py, other)?;
            let other = other.as_slice();
            Ok(py.bool(self.with_slice(|s| match op {
                CompareOp::Eq => s == other,
                CompareOp::Ne => s != other,
                op => op.matches(s.cmp(other)),
            })))
        }

        fn tp_iter(&self, py: Python) -> PyResult<Py<PyByteArrayIter>> {
            PyByteArrayIter::new(py, self)
        }

        fn sq_concat(&self, py: Python, other: &PyObject) -> PyResult<Py<PyByteArray>> {
            ops::concat(py, self, other)
        }

        fn sq_repeat(&self, py: Python, n: isize) -> PyResult<Py<PyByteArray>> {
            ops::repeat(py, self, n)
        }

        fn sq_inplace_concat(&self, py: Python, other: &PyObject) -> PyResult<Py<PyByteArray>> {
            if !buffer::check(other) {
                return Err(ops::cannot_concat(py, self, other));
            }
            self.append_arg(py, other)?;
            Ok(Py::new_ref(self))
        }

        fn sq_inplace_repeat(&self, py: Python, n: isize) -> PyResult<Py<PyByteArray>> {
            let n = usize::try_from(n).unwrap_or(0);
            let old = self.len();
            let Some(size) = old.checked_mul(n).filter(|&n| n < isize::MAX as usize) else {
                return Err(err::no_memory(py));
            };
            self.resize(py, size)?;
            self.with_mut_slice(|s| {
                let mut done = old;
                while done < size {
                    let more = done.min(size - done);
                    s.copy_within(..more, done);
                    done += more;
                }
            });
            Ok(Py::new_ref(self))
        }

        fn sq_item(&self, py: Python, i: isize) -> PyResult<Py<PyLong>> {
            match usize::try_from(i).ok().and_then(|i| self.get(i)) {
                Some(b) => PyLong::from_i64(py, b as i64),
                None => Err(raise!(py, IndexError, "bytearray index out of range")),
            }
        }

        fn sq_ass_item(&self, py: Python, i: isize, value: Option<&PyObject>) -> PyResult<()> {
            let Some(value) = value else {
                return match usize::try_from(i) {
                    Ok(at) if at < self.len() => self.splice(py, at, at + 1, &[]),
                    _ => Err(raise!(py, IndexError, "bytearray index out of range")),
                };
            };
            let value = byte_value(py, value)?;
            // The conversion may have changed the length.
            self.store(py, i, value)
        }

        fn mp_subscript(&self, py: Python, key: &PyObject) -> PyResult {
            if sequence::has_index(key) {
                let i = number::as_ssize(py, key, Some(exceptions::IndexError()))?;
                let i = if i < 0 { i + self.len() as isize } else { i };
                return self.sq_item(py, i).map(Py::into_object);
            }
            let Some(slice) = key.downcast_exact::<PySlice>() else {
                let given = key.ty().full_name();
                return Err(raise!(py, TypeError, "bytearray indices must be integers or slices, not {given:.200}"));
            };
            let range = slice.range(py, || self.len())?;
            self.with_slice(|s| {
                if range.step == 1 || range.len == 0 {
                    let start = range.start.max(0) as usize;
                    let picked = if range.len == 0 { &[][..] } else { &s[start..start + range.len] };
                    return PyByteArray::new(py, picked);
                }
                let picked: Vec<u8> = range.positions().map(|i| s[i]).collect();
                PyByteArray::new(py, &picked)
            })
            .map(Py::into_object)
        }

        fn mp_ass_subscript(&self, py: Python, key: &PyObject, value: Option<&PyObject>) -> PyResult<()> {
            if sequence::has_index(key) {
                let i = number::as_ssize(py, key, Some(exceptions::IndexError()))?;
                let i = if i < 0 { i + self.len() as isize } else { i };
                return match value {
                    None => self.sq_ass_item(py, i, None),
                    Some(value) => {
                        let value = byte_value(py, value)?;
                        self.store(py, i, value)
                    }
                };
            }
            let Some(slice) = key.downcast_exact::<PySlice>() else {
                let given = key.ty().full_name();
                return Err(raise!(py, TypeError, "bytearray indices must be integers or slices, not {given:.200}"));
            };
            // The length is asked for after all Python code has run.
            let bounds = slice.unpack(py)?;
            let Some(value) = value else { return self.delete(py, bounds.range(self.len())) };
            let data = self.assigned(py, value)?;
            self.assign(py, bounds.range(self.len()), &data)
        }

        unsafe fn bf_getbuffer(&self, py: Python, view: *mut Py_buffer, flags: i32) -> PyResult<()> {
            // SAFETY: the view is the caller's; the memory stays in its place while there are exports.
            unsafe {
                let start = self.ob_start.get();
                let data = if start.is_null() { (&raw const EMPTY) as *mut u8 } else { start };
                let data = data as *mut core::ffi::c_void;
                buffer::fill_info(py, view, Some(self), data, self.len() as isize, false, flags)?;
            }
            self.ob_exports.set(self.ob_exports.get() + 1);
            Ok(())
        }

        unsafe fn bf_releasebuffer(&self, _py: Python, _view: *mut Py_buffer) {
            self.ob_exports.set(self.ob_exports.get() - 1);
        }

        /// B.__alloc__() -> int
        ///
        /// Return the number of bytes actually allocated.
        #[method]
        #[signature("(self, /)")]
        fn __alloc__(&self) -> isize {
            self.ob_alloc.get()
        }

        /// Return state information for pickling.
        #[method]
        #[signature("(self, /)")]
        fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
            self.reduced(py, 2)
        }

        /// Return state information for pickling.
        #[method]
        #[signature("(self, proto=0, /)")]
        fn __reduce_ex__(&self, py: Python, proto: i32) -> PyResult<Py<PyTuple>> {
            self.reduced(py, proto)
        }

        /// Returns the size of the bytearray object in memory, in bytes.
        #[method]
        #[signature("(self, /)")]
        fn __sizeof__(&self) -> isize {
            self.ty().tp_basicsize.get() + self.ob_alloc.get()
        }

        /// Append a single item to the end of the bytearray.
        ///
        ///   item
        ///     The item to be appended.
        #[method]
        #[signature("(self, item, /)")]
        fn append(&self, py: Python, item: &PyObject) -> PyResult<()> {
            let value = byte_value(py, item)?;
            self.append_slice(py, &[value])
        }

        /// Remove all items from the bytearray.
        #[method]
        #[signature("(self, /)")]
        fn clear(&self, py: Python) -> PyResult<()> {
            self.resize(py, 0)
        }

        /// Return a copy of B.
        #[method]
        #[signature("(self, /)")]
        fn copy(&self, py: Python) -> PyResult<Py<PyByteArray>> {
            self.unchanged(py)
        }

        /// Append all the items from the iterator or sequence to the end of the bytearray.
        ///
        ///   iterable_of_ints
        ///     The iterable of items to append.
        #[method]
        #[signature("(self, iterable_of_ints, /)")]
        fn extend(&self, py: Python, iterable: &PyObject) -> PyResult<()> {
            if buffer::check(iterable) {
                return self.append_arg(py, iterable);
            }
            let it = match iterable.iter(py) {
                Ok(it) => it,
                Err(raised) => {
                    if !err::matches(py, exceptions::TypeError()) {
                        return Err(raised);
                    }
                    err::clear(py);
                    let given = iterable.ty().full_name();
                    return Err(raise!(py, TypeError, "can't extend bytearray with {given:.100}"));
                }
            };
            if iterable.downcast::<PyStr>().is_some_and(|s| s.len() > 0) {
                let given = iterable.ty().full_name();
                return Err(raise!(py, TypeError, "expected iterable of integers; got: '{given}'"));
            }
            let data = from::iterable_contents(py, &it, "byte")?;
            self.append_slice(py, &data)
        }

        /// Insert a single item into the bytearray before the given index.
        ///
        ///   index
        ///     The index where the value is to be inserted.
        ///   item
        ///     The item to be inserted.
        #[method]
        #[signature("(self, index, item, /)")]
        fn insert(&self, py: Python, index: isize, item: &PyObject) -> PyResult<()> {
            let value = byte_value(py, item)?;
            let n = self.len() as isize;
            let at = if index < 0 { (index + n).max(0) } else { index.min(n) } as usize;
            self.splice(py, at, at, &[value])
        }

        /// Remove and return a single item from B.
        ///
        ///   index
        ///     The index from where to remove the item.
        ///     -1 (the default value) means remove the last item.
        ///
        /// If no index argument is given, will pop the last item.
        #[method]
        #[signature("(self, index=-1, /)")]
        fn pop(&self, py: Python, index: isize) -> PyResult<u8> {
            let n = self.len() as isize;
            if n == 0 {
                return Err(raise!(py, IndexError, "pop from empty bytearray"));
            }
            let at = if index < 0 { index + n } else { index };
            let Some(value) = usize::try_from(at).ok().and_then(|i| self.get(i)) else {
                return Err(raise!(py, IndexError, "pop index out of range"));
            };
            self.check_resizable(py)?;
            let at = at as usize;
            self.with_mut_slice(|s| s.copy_within(at + 1.., at));
            // SAFETY: the object becomes smaller.
            unsafe { self.resize_uninit(py, n as usize - 1)? };
            Ok(value)
        }

        /// Remove the first occurrence of a value in the bytearray.
        ///
        ///   value
        ///     The value to remove.
        #[method]
        #[signature("(self, value, /)")]
        fn remove(&self, py: Python, value: &PyObject) -> PyResult<()> {
            let value = byte_value(py, value)?;
            let Some(at) = self.with_slice(|s| memchr::memchr(value, s)) else {
                return Err(raise!(py, ValueError, "value not found in bytearray"));
            };
            self.check_resizable(py)?;
            self.with_mut_slice(|s| s.copy_within(at + 1.., at));
            // SAFETY: the object becomes smaller.
            unsafe { self.resize_uninit(py, self.len() - 1) }
        }

        /// Resize the internal buffer of bytearray to len.
        ///
        ///   size
        ///     New size to resize to.
        #[method("resize")]
        #[signature("(self, size, /)")]
        fn py_resize(&self, py: Python, size: isize) -> PyResult<()> {
            match usize::try_from(size) {
                Ok(size) => self.resize(py, size),
                Err(_) => Err(raise!(py, ValueError, "Can only resize to positive sizes, got {size}")),
            }
        }

        /// Reverse the order of the values in B in place.
        #[method]
        #[signature("(self, /)")]
        fn reverse(&self) {
            self.with_mut_slice(|s| s.reverse());
        }
    }
}

/// What an empty bytearray without memory exports.
static EMPTY: [u8; 1] = [0];

impl PyByteArray {
    fn store(&self, py: Python, i: isize, value: u8) -> PyResult<()> {
        if i < 0 || i as usize >= self.len() {
            return Err(raise!(py, IndexError, "bytearray index out of range"));
        }
        self.with_mut_slice(|s| s[i as usize] = value);
        Ok(())
    }

    /// What is assigned to a slice, as bytes: of anything but numbers and strings that makes a bytearray.
    fn assigned(&self, py: Python, value: &PyObject) -> PyResult<Vec<u8>> {
        if value.is(self) {
            return Ok(self.with_slice(<[u8]>::to_vec));
        }
        if let Some(bytes) = value.downcast_exact::<PyBytes>() {
            return Ok(bytes.as_slice().to_vec());
        }
        if number::check(value) || value.downcast::<PyStr>().is_some() {
            return Err(raise!(py, TypeError, "can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
        }
        let array = PyByteArray::empty(py, &PyByteArray_Type)?;
        array.tp_init(py, Some(value), None, None)?;
        Ok(array.with_slice(<[u8]>::to_vec))
    }

    /// Class, arguments and instance dict: before protocol 3 there were no bytes to pickle.
    fn reduced(&self, py: Python, proto: i32) -> PyResult<Py<PyTuple>> {
        let state = self.getattr_opt(py, crate::id!(py, "__dict__"))?.unwrap_or_else(|| py.none());
        let args = if self.len() == 0 {
            PyTuple::empty(py)
        } else if proto < 3 {
            let text = self.with_slice(|s| PyStr::from_latin1(py, s))?;
            let encoding = PyStr::new(py, "latin-1")?;
            pack!(py, text, encoding)?
        } else {
            let bytes = self.with_slice(|s| PyBytes::new(py, s))?;
            pack!(py, bytes)?
        };
        let class = self.ty();
        pack!(py, class, args, state)
    }
}
