//! The Python class `memoryview`.

use super::{C_ORDER, F_ORDER, PyMemoryView, RELEASED, RESTRICTED, compare, items, iter, views};
use crate::abstracts::{buffer, hash, number, sequence};
use crate::declare::{Args, CompareOp, Stop, Visit};
use crate::typeobj::Py_buffer;
use crate::types::singleton_types::PyEllipsis_Type;
use crate::types::slice::PySlice;
use crate::{
    Py, PyBytes, PyList, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Raised, err, exceptions, id,
    pyclass, raise,
};
use core::ffi::c_int;

/// What is in the brackets.
enum Key<'a> {
    Index(isize),
    Slice(&'a PySlice),
    /// As many numbers as there are dimensions.
    Indices(Vec<isize>),
    /// Slices, one per dimension.
    Slices,
    Ellipsis,
    /// An empty tuple for a scalar.
    Scalar,
}

#[cold]
fn invalid_key(py: Python) -> Raised {
    raise!(py, TypeError, "memoryview: invalid slice key")
}

#[cold]
fn scalar_indexed(py: Python) -> Raised {
    raise!(py, TypeError, "invalid indexing of 0-dim memory")
}

#[cold]
fn sub_views(py: Python) -> Raised {
    raise!(py, NotImplementedError, "multi-dimensional sub-views are not implemented")
}

impl PyMemoryView {
    fn ndim(&self) -> usize {
        self.view().ndim as usize
    }

    fn code(&self, py: Python) -> PyResult<u8> {
        items::single_code(py, self.view().format_str())
    }

    fn key<'a>(&self, py: Python, key: &'a PyObject) -> PyResult<Key<'a>> {
        if self.ndim() == 0 {
            if key.is_type(&PyEllipsis_Type) {
                return Ok(Key::Ellipsis);
            }
            return match key.downcast::<PyTuple>() {
                Some(t) if t.len() == 0 => Ok(Key::Scalar),
                _ => Err(scalar_indexed(py)),
            };
        }
        if sequence::has_index(key) {
            return Ok(Key::Index(number::as_ssize(py, key, Some(exceptions::IndexError()))?));
        }
        if let Some(slice) = key.downcast::<PySlice>() {
            return Ok(Key::Slice(slice));
        }
        let Some(all) = key.downcast::<PyTuple>() else { return Err(invalid_key(py)) };
        if all.as_slice().iter().all(|k| sequence::has_index(k)) {
            let (given, ndim) = (all.len(), self.ndim());
            if given > ndim {
                return Err(raise!(py, TypeError, "cannot index {ndim}-dimension view with {given}-element tuple"));
            }
            if given < ndim {
                return Err(raise!(py, NotImplementedError, "sub-views are not implemented"));
            }
            let all = all.as_slice().iter().map(|k| number::as_ssize(py, k, Some(exceptions::IndexError())));
            return all.collect::<PyResult<Vec<isize>>>().map(Key::Indices);
        }
        if all.as_slice().iter().all(|k| k.downcast::<PySlice>().is_some()) {
            return Ok(Key::Slices);
        }
        Err(invalid_key(py))
    }

    /// The address of an item; negative indices count from the end. IndexError.
    pub(super) fn item_at(&self, py: Python, index: &[isize]) -> PyResult<*mut u8> {
        let view = self.view();
        let mut p = view.buf as *mut u8;
        let (shape, strides, sub) = (view.shape_slice(), view.strides_slice(), view.suboffsets_slice());
        for (d, &i) in index.iter().enumerate() {
            let n = shape[d];
            let i = if i < 0 { i + n } else { i };
            if i < 0 || i >= n {
                return Err(raise!(py, IndexError, "index out of bounds on dimension {}", d + 1));
            }
            // SAFETY: within the shape; a suboffset that is not negative stands for a pointer to follow.
            unsafe {
                p = p.offset(strides[d] * i);
                if let Some(&s) = sub.get(d)
                    && s >= 0
                {
                    p = (*(p as *const *mut u8)).offset(s);
                }
            }
        }
        Ok(p)
    }

    fn item(&self, py: Python, i: isize) -> PyResult {
        let code = self.code(py)?;
        match self.ndim() {
            0 => Err(scalar_indexed(py)),
            // SAFETY: an item of the view's format.
            1 => unsafe { items::unpack(py, code, self.item_at(py, &[i])?) },
            _ => Err(sub_views(py)),
        }
    }

    /// Writes an item. Converting the value may run code that releases the view: its buffer is kept meanwhile.
    fn store(&self, py: Python, code: u8, p: *mut u8, value: &PyObject) -> PyResult<()> {
        let _kept = Exported::new(self);
        // SAFETY: an item of the view's format, which is kept alive.
        unsafe { items::pack(py, code, p, value) }
    }

    fn list_of(&self, py: Python, code: u8, view: &Py_buffer, d: usize, p: *mut u8) -> PyResult<Py<PyList>> {
        let (n, stride) = (view.shape_slice()[d], view.strides_slice()[d]);
        let mut out = Vec::with_capacity(n.max(0) as usize);
        for i in 0..n {
            // SAFETY: within the shape; a suboffset that is not negative stands for a pointer to follow.
            let at = unsafe {
                let mut at = p.offset(i * stride);
                if let Some(&s) = view.suboffsets_slice().get(d)
                    && s >= 0
                {
                    at = (*(at as *const *mut u8)).offset(s);
                }
                at
            };
            out.push(if d + 1 == self.ndim() {
                // SAFETY: an item of the view's format.
                unsafe { items::unpack(py, code, at)? }
            } else {
                self.list_of(py, code, view, d + 1, at)?.into_object()
            });
        }
        PyList::from_vec(py, out)
    }

    fn int_tuple(py: Python, values: &[isize]) -> PyResult<Py<PyTuple>> {
        let mut out = Vec::with_capacity(values.len());
        for &v in values {
            out.push(PyLong::from_isize(py, v)?.into_object());
        }
        PyTuple::from_vec(py, out)
    }

    /// The bytes in C's order, or what the order says.
    fn bytes(&self, py: Python, order: u8) -> PyResult<Py<PyBytes>> {
        let view = self.view();
        if order == b'C' && self.is_c_contiguous() && view.len > 0 {
            // SAFETY: contiguous memory of that length.
            return PyBytes::new(py, unsafe { core::slice::from_raw_parts(view.buf as *const u8, view.len as usize) });
        }
        // SAFETY: the view is not released.
        PyBytes::new(py, &unsafe { view.to_vec(order) })
    }

    /// The shape that `cast` is given.
    fn cast_shape(py: Python, shape: &PyObject, itemsize: isize) -> PyResult<(Vec<isize>, isize)> {
        let parts: Vec<Py> = match (shape.downcast::<PyList>(), shape.downcast::<PyTuple>()) {
            (Some(list), _) => list.to_vec(),
            (_, Some(tuple)) => tuple.as_slice().to_vec(),
            _ => return Err(raise!(py, TypeError, "shape must be a list or a tuple")),
        };
        let mut dimensions = Vec::with_capacity(parts.len());
        let mut len = itemsize;
        for part in &parts {
            let Some(n) = part.downcast::<PyLong>() else {
                return Err(raise!(py, TypeError, "memoryview.cast(): elements of shape must be integers"));
            };
            let n = n.as_isize(py)?;
            if n <= 0 {
                return Err(raise!(py, ValueError, "memoryview.cast(): elements of shape must be integers > 0"));
            }
            len = match len.checked_mul(n) {
                Some(len) => len,
                None => return Err(raise!(py, ValueError, "memoryview.cast(): product(shape) > SSIZE_MAX")),
            };
            dimensions.push(n);
        }
        Ok((dimensions, len))
    }
}

/// Counts as an export while it lives, so that the view cannot be released.
struct Exported<'a>(&'a PyMemoryView);

impl<'a> Exported<'a> {
    fn new(view: &'a PyMemoryView) -> Exported<'a> {
        view.exports.set(view.exports.get() + 1);
        Exported(view)
    }
}

impl Drop for Exported<'_> {
    fn drop(&mut self) {
        self.0.exports.set(self.0.exports.get() - 1);
    }
}

/// Create a new memoryview object which references the given object.
#[pyclass(name = "memoryview", static_name = PyMemoryView_Type, itemsize = 8, weaklist = weakreflist,
    flags(GC, SEQUENCE), class_getitem)]
impl PyMemoryView {
    #[signature("(object)")]
    fn tp_new(py: Python, _cls: &PyType, object: &PyObject) -> PyResult<Py<PyMemoryView>> {
        super::from_object(py, object)
    }

    unsafe fn tp_traverse(this: *mut Self, visit: &mut Visit) -> Result<(), Stop> {
        // SAFETY: alive.
        visit.raw(unsafe { (*this).mbuf.as_raw() } as *mut PyObject)
    }

    unsafe fn tp_clear(this: *mut Self) {
        // SAFETY: alive.
        unsafe {
            (*this).give_up();
            (*this).mbuf.clear();
        }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let state = if self.flags.get() & RELEASED != 0 { "released memory" } else { "memory" };
        PyStr::new(py, &format!("<{state} at {:#x}>", self.id()))
    }

    fn tp_hash(&self, py: Python) -> PyResult<isize> {
        if self.hash.get() != -1 {
            return Ok(self.hash.get());
        }
        self.check_released(py)?;
        let view = self.view();
        if view.readonly == 0 {
            return Err(raise!(py, ValueError, "cannot hash writable memoryview object"));
        }
        if !matches!(items::native(view.format_str()).map(|f| f.code), Some(b'B' | b'b' | b'c')) {
            return Err(raise!(py, ValueError, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
        }
        // SAFETY: the exporter is alive as long as the view is not released.
        if let Some(obj) = unsafe { view.obj.as_ref() } {
            // What cannot be hashed itself may change.
            let _kept = Exported::new(self);
            obj.hash(py)?;
        }
        // SAFETY: the view is not released.
        let h = hash::hash_bytes(&unsafe { view.to_vec(b'C') });
        self.hash.set(h);
        Ok(h)
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(py.not_implemented());
        }
        let answer = |equal: bool| Ok(py.bool(equal == (op == CompareOp::Eq)));
        if self.is_released() {
            return answer(self.is(other));
        }
        let _kept = Exported::new(self);
        if let Some(mv) = other.downcast::<PyMemoryView>() {
            if mv.is_released() {
                return answer(self.is(other));
            }
            let _other_kept = Exported::new(mv);
            // SAFETY: neither can be released meanwhile.
            return answer(unsafe { compare::equal(py, self.view(), mv.view())? });
        }
        let given = match buffer::Buffer::get(py, other, buffer::FULL_RO) {
            Ok(b) => b,
            Err(_) => {
                err::clear(py);
                return Ok(py.not_implemented());
            }
        };
        // SAFETY: neither can be released meanwhile.
        answer(unsafe { compare::equal(py, self.view(), given.view())? })
    }

    fn tp_iter(&self, py: Python) -> PyResult {
        self.check_released(py)?;
        match self.ndim() {
            0 => Err(scalar_indexed(py)),
            1 => iter::new(py, self, self.code(py)?).map(Py::into_object),
            _ => Err(sub_views(py)),
        }
    }

    fn sq_length(&self, py: Python) -> PyResult<isize> {
        self.check_released(py)?;
        match self.view().shape_slice() {
            [] => Err(raise!(py, TypeError, "0-dim memory has no length")),
            shape => Ok(shape[0]),
        }
    }

    fn mp_length(&self, py: Python) -> PyResult<isize> {
        self.sq_length(py)
    }

    fn sq_item(&self, py: Python, i: isize) -> PyResult {
        self.check_released(py)?;
        self.item(py, i)
    }

    fn mp_subscript(&self, py: Python, key: &PyObject) -> PyResult {
        self.check_released(py)?;
        match self.key(py, key)? {
            Key::Index(i) => {
                self.check_released(py)?;
                self.item(py, i)
            }
            Key::Ellipsis => Ok(Py::new_ref(self).into_object()),
            Key::Scalar => {
                let code = self.code(py)?;
                // SAFETY: the only item.
                unsafe { items::unpack(py, code, self.view().buf as *const u8) }
            }
            Key::Slice(slice) => {
                let range = slice.range(py, || self.view().shape_slice()[0] as usize)?;
                views::sliced(py, self, range).map(Py::into_object)
            }
            Key::Indices(index) => {
                self.check_released(py)?;
                let code = self.code(py)?;
                // SAFETY: an item of the view's format.
                unsafe { items::unpack(py, code, self.item_at(py, &index)?) }
            }
            Key::Slices => Err(raise!(py, NotImplementedError, "multi-dimensional slicing is not implemented")),
        }
    }

    fn mp_ass_subscript(&self, py: Python, key: &PyObject, value: Option<&PyObject>) -> PyResult<()> {
        self.check_released(py)?;
        let code = self.code(py)?;
        if self.view().readonly != 0 {
            return Err(raise!(py, TypeError, "cannot modify read-only memory"));
        }
        let Some(value) = value else {
            return Err(raise!(py, TypeError, "cannot delete memory"));
        };
        let not_one =
            || raise!(py, NotImplementedError, "memoryview slice assignments are currently restricted to ndim = 1");
        let _kept = Exported::new(self);
        match self.key(py, key)? {
            Key::Ellipsis | Key::Scalar => self.store(py, code, self.view().buf as *mut u8, value),
            Key::Index(_) if self.ndim() > 1 => Err(raise!(py, NotImplementedError, "sub-views are not implemented")),
            Key::Index(i) => self.store(py, code, self.item_at(py, &[i])?, value),
            Key::Indices(index) => self.store(py, code, self.item_at(py, &index)?, value),
            Key::Slices => Err(not_one()),
            Key::Slice(_) if self.ndim() != 1 => Err(not_one()),
            Key::Slice(slice) => {
                let src = buffer::Buffer::get(py, value, buffer::FULL_RO)?;
                let view = self.view();
                let range = slice.range(py, || view.shape_slice()[0] as usize)?;
                let (mut shape, mut strides) = (view.shape_slice().to_vec(), view.strides_slice().to_vec());
                // SAFETY: a copy of plain data, with arrays of its own where they change.
                let mut dest = unsafe { core::ptr::read(view) };
                dest.shape = shape.as_mut_ptr();
                dest.strides = strides.as_mut_ptr();
                views::slice_first(&mut dest, &mut shape, &mut strides, range);
                if !compare::same_format(&dest, src.view()) || !compare::same_shape(&dest, src.view()) {
                    return Err(raise!(
                        py,
                        ValueError,
                        "memoryview assignment: lvalue and rvalue have different structures"
                    ));
                }
                // SAFETY: both are alive, the destination is writable.
                unsafe { compare::copy_row(&dest, src.view()) };
                Ok(())
            }
        }
    }

    unsafe fn bf_getbuffer(&self, py: Python, view: *mut Py_buffer, flags: c_int) -> PyResult<()> {
        self.check_released(py)?;
        let refuse = |why: &str| Err(raise!(py, BufferError, "memoryview: {why}"));
        if self.flags.get() & RESTRICTED != 0 {
            return Err(raise!(py, ValueError, "cannot create new view on restricted memoryview"));
        }
        // SAFETY: a copy of plain data.
        let mut out = unsafe { core::ptr::read(self.view()) };
        out.obj = core::ptr::null_mut();
        let wants = |mask: c_int| flags & mask == mask;
        if wants(buffer::WRITABLE) && out.readonly != 0 {
            return refuse("underlying buffer is not writable");
        }
        if !wants(buffer::FORMAT) {
            out.format = core::ptr::null_mut();
        }
        if wants(buffer::C_CONTIGUOUS) && !self.is_c_contiguous() {
            return refuse("underlying buffer is not C-contiguous");
        }
        if wants(buffer::F_CONTIGUOUS) && !self.is_f_contiguous() {
            return refuse("underlying buffer is not Fortran contiguous");
        }
        if wants(buffer::ANY_CONTIGUOUS) && self.flags.get() & (C_ORDER | F_ORDER) == 0 {
            return refuse("underlying buffer is not contiguous");
        }
        if !wants(buffer::INDIRECT) && !out.suboffsets.is_null() {
            return refuse("underlying buffer requires suboffsets");
        }
        if !wants(buffer::STRIDES) {
            if !self.is_c_contiguous() {
                return refuse("underlying buffer is not C-contiguous");
            }
            out.strides = core::ptr::null_mut();
        }
        if !wants(buffer::ND) {
            // Such a consumer takes bytes.
            if !out.format.is_null() {
                return refuse("cannot cast to unsigned bytes if the format flag is present");
            }
            out.ndim = 1;
            out.shape = core::ptr::null_mut();
        }
        out.obj = Py::new_ref(self).into_raw_object();
        self.exports.set(self.exports.get() + 1);
        // SAFETY: by the slot's contract.
        unsafe { *view = out };
        Ok(())
    }

    unsafe fn bf_releasebuffer(&self, _py: Python, _view: *mut Py_buffer) {
        self.exports.set(self.exports.get() - 1);
    }

    /// Release the underlying buffer exposed by the memoryview object.
    #[method("release")]
    #[signature("(self, /)")]
    fn release_method(&self, py: Python) -> PyResult<()> {
        self.release(py)
    }

    /// Return the data in the buffer as a byte string.
    ///
    /// Order can be {'C', 'F', 'A'}. When order is 'C' or 'F', the data of the
    /// original array is converted to C or Fortran order. For contiguous views,
    /// 'A' returns an exact copy of the physical memory. In particular, in-memory
    /// Fortran order is preserved. For non-contiguous views, the data is converted
    /// to C first. order=None is the same as order='C'.
    #[method]
    #[signature("(self, /, order=None)", text = "($self, /, order='C')")]
    fn tobytes(&self, py: Python, order: &PyObject) -> PyResult<Py<PyBytes>> {
        self.check_released(py)?;
        let order = match order.downcast::<PyStr>() {
            _ if order.is_none() => b'C',
            Some(s) if s.eq_str("C") => b'C',
            Some(s) if s.eq_str("F") => b'F',
            Some(s) if s.eq_str("A") => b'A',
            Some(_) => return Err(raise!(py, ValueError, "order must be 'C', 'F' or 'A'")),
            None => {
                let given = order.ty().full_name();
                return Err(raise!(py, TypeError, "tobytes() argument 'order' must be str or None, not {given}"));
            }
        };
        self.bytes(py, order)
    }

    /// Return the data in the buffer as a str of hexadecimal numbers.
    ///
    ///   sep
    ///     An optional single character or byte to separate hex bytes.
    ///   bytes_per_sep
    ///     How many bytes between separators.  Positive values count from the
    ///     right, negative values count from the left.
    ///
    /// >>> value = memoryview(b'\xb9\x01\xef')
    /// >>> value.hex()
    /// 'b901ef'
    /// >>> value.hex(':')
    /// 'b9:01:ef'
    /// >>> value.hex(':', 2)
    /// 'b9:01ef'
    /// >>> value.hex(':', -2)
    /// 'b901:ef'
    #[method]
    #[signature("(self, /, sep=<unrepresentable>, bytes_per_sep=1)")]
    fn hex(&self, py: Python, sep: Option<&PyObject>, bytes_per_sep: i32) -> PyResult {
        self.check_released(py)?;
        let bytes = self.bytes(py, b'C')?;
        match sep {
            None => bytes.call_method0(py, id!(py, "hex")),
            Some(sep) => {
                let every = PyLong::from_i64(py, bytes_per_sep.into())?;
                bytes.call_method(py, id!(py, "hex"), &[sep, every.as_object()])
            }
        }
    }

    /// Return the data in the buffer as a list of elements.
    #[method]
    #[signature("(self, /)")]
    fn tolist(&self, py: Python) -> PyResult {
        self.check_released(py)?;
        let code = self.code(py)?;
        let view = self.view();
        if self.ndim() == 0 {
            // SAFETY: the only item.
            return unsafe { items::unpack(py, code, view.buf as *const u8) };
        }
        self.list_of(py, code, view, 0, view.buf as *mut u8).map(Py::into_object)
    }

    /// Cast a memoryview to a new format or shape.
    #[method("cast")]
    #[signature("(self, /, format, shape=<unrepresentable>)")]
    fn cast_method(&self, py: Python, format: &PyStr, shape: Option<Py>) -> PyResult<Py<PyMemoryView>> {
        self.check_released(py)?;
        let view = self.view();
        if !self.is_c_contiguous() {
            return Err(raise!(py, TypeError, "memoryview: casts are restricted to C-contiguous views"));
        }
        if (shape.is_some() || view.ndim != 1) && view.shape_slice().contains(&0) {
            return Err(raise!(py, TypeError, "memoryview: cannot cast view with zeros in shape or strides"));
        }
        if let Some(shape) = &shape {
            let ndim = match (shape.downcast::<PyList>(), shape.downcast::<PyTuple>()) {
                (Some(l), _) => l.len(),
                (_, Some(t)) => t.len(),
                _ => return Err(raise!(py, TypeError, "shape must be a list or a tuple")),
            };
            if ndim > buffer::MAX_NDIM {
                let max = buffer::MAX_NDIM;
                return Err(raise!(py, ValueError, "memoryview: number of dimensions must not exceed {max}"));
            }
            if view.ndim != 1 && ndim != 1 {
                return Err(raise!(py, TypeError, "memoryview: cast must be 1D -> ND or ND -> 1D"));
            }
        }
        let bad_format = |which: &str| {
            raise!(
                py,
                ValueError,
                "memoryview: {which} format must be a native single character format prefixed with an optional '@'"
            )
        };
        let from = items::native(view.format_str()).ok_or_else(|| bad_format("source"))?;
        let text = format.to_string_lossy();
        let to = std::ffi::CString::new(text.as_bytes()).ok().and_then(|f| items::native(&f));
        let to = to.ok_or_else(|| bad_format("destination"))?;
        let is_byte = |code: u8| matches!(code, b'b' | b'B' | b'c');
        if !is_byte(from.code) && !is_byte(to.code) {
            return Err(raise!(py, TypeError, "memoryview: cannot cast between two non-byte formats"));
        }
        if view.len % to.size != 0 {
            return Err(raise!(py, TypeError, "memoryview: length is not a multiple of itemsize"));
        }
        let Some(shape) = shape else { return views::cast(py, self, to.name, to.size, None) };
        let (dimensions, len) = PyMemoryView::cast_shape(py, &shape, to.size)?;
        if len != view.len {
            return Err(raise!(py, TypeError, "memoryview: product(shape) * itemsize != buffer size"));
        }
        views::cast(py, self, to.name, to.size, Some(&dimensions))
    }

    /// Return a readonly version of the memoryview.
    #[method]
    #[signature("(self, /)")]
    fn toreadonly(&self, py: Python) -> PyResult<Py<PyMemoryView>> {
        views::read_only(py, self)
    }

    /// Create a new memoryview object which references the given object.
    #[classmethod]
    #[signature("(type, /, object, flags)")]
    fn _from_flags(py: Python, _cls: &PyType, object: &PyObject, flags: i32) -> PyResult<Py<PyMemoryView>> {
        super::from_object_flags(py, object, flags)
    }

    /// Count the number of occurrences of a value.
    #[method]
    #[signature("(self, value, /)")]
    fn count(&self, py: Python, value: &PyObject) -> PyResult<isize> {
        let it = (self as &PyObject).iter(py)?;
        let mut n = 0;
        while let Some(item) = it.iter_next(py)? {
            if item.is(value) || item.eq(py, value)? {
                n += 1;
            }
        }
        Ok(n)
    }

    /// Return the index of the first occurrence of a value.
    ///
    /// Raises ValueError if the value is not present.
    #[method]
    #[signature(
        "(self, value, start=0, stop=<unrepresentable>, /)",
        text = "($self, value, start=0, stop=sys.maxsize, /)"
    )]
    fn index(
        &self,
        py: Python,
        value: &PyObject,
        start: Option<&PyObject>,
        stop: Option<&PyObject>,
    ) -> PyResult<isize> {
        self.check_released(py)?;
        match self.ndim() {
            0 => return Err(raise!(py, TypeError, "invalid lookup on 0-dim memory")),
            1 => {}
            _ => return Err(raise!(py, NotImplementedError, "multi-dimensional lookup is not implemented")),
        }
        let n = self.view().shape_slice()[0];
        let (start, stop) = sequence::search_bounds(py, start, stop, n as usize)?;
        let code = self.code(py)?;
        for i in start as isize..(stop.min(n as usize)) as isize {
            // Comparing may have released it.
            self.check_released(py)?;
            // SAFETY: an item of the view's format.
            let item = unsafe { items::unpack(py, code, self.item_at(py, &[i])?)? };
            if item.eq(py, value)? {
                return Ok(i);
            }
        }
        Err(raise!(py, ValueError, "memoryview.index(x): x not found"))
    }

    #[method]
    #[signature("(self, /)")]
    fn __enter__(&self, py: Python) -> PyResult<Py<PyMemoryView>> {
        self.check_released(py)?;
        Ok(Py::new_ref(self))
    }

    /// Release the underlying buffer exposed by the memoryview object.
    #[method]
    #[signature("(self, /, *exc_info)")]
    fn __exit__(&self, py: Python, exc_info: Args<'_>) -> PyResult<()> {
        let _ = exc_info;
        self.release(py)
    }

    /// The underlying object of the memoryview.
    #[getter]
    fn obj(&self, py: Python) -> PyResult {
        self.check_released(py)?;
        // SAFETY: alive as long as the view is not released.
        Ok(unsafe { Py::from_borrowed_nullable(self.view().obj) }.unwrap_or_else(|| py.none()))
    }
    /// The amount of space in bytes that the array would use in a contiguous representation.
    #[getter]
    fn nbytes(&self, py: Python) -> PyResult<isize> {
        self.check_released(py)?;
        Ok(self.view().len)
    }
    /// A bool indicating whether the memory is read only.
    #[getter]
    fn readonly(&self, py: Python) -> PyResult<bool> {
        self.check_released(py)?;
        Ok(self.view().readonly != 0)
    }
    /// The size in bytes of each element of the memoryview.
    #[getter]
    fn itemsize(&self, py: Python) -> PyResult<isize> {
        self.check_released(py)?;
        Ok(self.view().itemsize)
    }
    /// A string containing the format (in struct module style) for each element in the view.
    #[getter]
    fn format(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.check_released(py)?;
        PyStr::new(py, &self.view().format_str().to_string_lossy())
    }
    /// An integer indicating how many dimensions of a multi-dimensional array the memory represents.
    #[getter("ndim")]
    fn ndim_getter(&self, py: Python) -> PyResult<isize> {
        self.check_released(py)?;
        Ok(self.view().ndim as isize)
    }
    /// A tuple of ndim integers giving the shape of the memory as an N-dimensional array.
    #[getter]
    fn shape(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.check_released(py)?;
        PyMemoryView::int_tuple(py, self.view().shape_slice())
    }
    /// A tuple of ndim integers giving the size in bytes to access each element for each dimension of the array.
    #[getter]
    fn strides(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.check_released(py)?;
        PyMemoryView::int_tuple(py, self.view().strides_slice())
    }
    /// A tuple of integers used internally for PIL-style arrays.
    #[getter]
    fn suboffsets(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.check_released(py)?;
        PyMemoryView::int_tuple(py, self.view().suboffsets_slice())
    }
    /// A bool indicating whether the memory is C contiguous.
    #[getter]
    fn c_contiguous(&self, py: Python) -> PyResult<bool> {
        self.check_released(py)?;
        Ok(self.is_c_contiguous())
    }
    /// A bool indicating whether the memory is Fortran contiguous.
    #[getter]
    fn f_contiguous(&self, py: Python) -> PyResult<bool> {
        self.check_released(py)?;
        Ok(self.is_f_contiguous())
    }
    /// A bool indicating whether the memory is contiguous.
    #[getter]
    fn contiguous(&self, py: Python) -> PyResult<bool> {
        self.check_released(py)?;
        Ok(self.is_c_contiguous() || self.is_f_contiguous())
    }
}
