//! Equality of buffers: same shape, equal items.

use super::items::{self, Native};
use crate::abstracts::buffer::item_pointer;
use crate::runtime::hooks;
use crate::typeobj::Py_buffer;
use crate::{Py, PyResult, Python, err, exceptions, id};

/// Same dimensions, up to the first that is empty.
pub fn same_shape(a: &Py_buffer, b: &Py_buffer) -> bool {
    if a.ndim != b.ndim {
        return false;
    }
    for (x, y) in a.shape_slice().iter().zip(b.shape_slice()) {
        if x != y {
            return false;
        }
        if *x == 0 {
            break;
        }
    }
    true
}

/// Same format (an `@` apart) and size of items.
pub fn same_format(a: &Py_buffer, b: &Py_buffer) -> bool {
    fn plain(v: &Py_buffer) -> &[u8] {
        let f = v.format_str().to_bytes();
        f.strip_prefix(b"@").unwrap_or(f)
    }
    a.itemsize == b.itemsize && plain(a) == plain(b)
}

/// How two items are compared.
enum Compare {
    /// Both of the same native format.
    Native(u8),
    /// Through the `struct` module: `unpack_from` of both formats.
    Unpacked(Unpacker, Unpacker),
}

/// Reads items of any format.
enum Unpacker {
    Native(u8),
    Struct { unpack: Py, itemsize: isize },
}

impl Unpacker {
    /// `None` if `struct` does not know the format.
    fn new(py: Python, view: &Py_buffer, native: Option<Native>) -> PyResult<Option<Unpacker>> {
        if let Some(n) = native {
            return Ok(Some(Unpacker::Native(n.code)));
        }
        let module = (hooks::get().import_module)(py, id!(py, "struct"))?;
        let class = module.getattr(py, id!(py, "Struct"))?;
        let format = crate::PyStr::new(py, &view.format_str().to_string_lossy())?;
        let made = match class.call1(py, &format) {
            Ok(s) => s,
            // A format that cannot be read is equal to nothing.
            Err(raised) => {
                if err::matches(py, exceptions::MemoryError()) || err::matches(py, exceptions::ImportError()) {
                    return Err(raised);
                }
                err::clear(py);
                return Ok(None);
            }
        };
        let size = made.getattr(py, id!(py, "size"))?;
        let size = crate::abstracts::number::as_ssize(py, &size, None)?;
        if size != view.itemsize {
            return Ok(None);
        }
        let unpack = made.getattr(py, id!(py, "unpack_from"))?;
        Ok(Some(Unpacker::Struct { unpack, itemsize: view.itemsize }))
    }

    /// # Safety
    /// `p` points to an item of the format.
    unsafe fn get(&self, py: Python, p: *const u8) -> PyResult {
        match self {
            // SAFETY: by contract.
            Unpacker::Native(code) => unsafe { items::unpack(py, *code, p) },
            Unpacker::Struct { unpack, itemsize } => {
                // SAFETY: an item's bytes.
                let bytes = crate::PyBytes::new(py, unsafe { core::slice::from_raw_parts(p, *itemsize as usize) })?;
                let values = unpack.call1(py, &bytes)?;
                // A format of one value stands for the value.
                match values.downcast::<crate::PyTuple>() {
                    Some(t) if t.len() == 1 => Ok(Py::new_ref(t.get(0))),
                    _ => Ok(values),
                }
            }
        }
    }
}

impl Compare {
    /// # Safety
    /// Both point to items.
    unsafe fn equal(&self, py: Python, p: *const u8, q: *const u8) -> PyResult<bool> {
        // SAFETY: by contract.
        unsafe {
            match self {
                // NaNs are not equal to themselves, so this is no comparison of memory.
                Compare::Native(code) => Ok(items::read(*code, p) == items::read(*code, q)),
                Compare::Unpacked(a, b) => {
                    let (x, y): (Py, Py) = (a.get(py, p)?, b.get(py, q)?);
                    x.eq(py, &y)
                }
            }
        }
    }
}

/// Are the buffers equal? Formats may differ; those that nobody can read are equal to nothing.
///
/// # Safety
/// Both are alive and stay so while Python code runs.
pub unsafe fn equal(py: Python, a: &Py_buffer, b: &Py_buffer) -> PyResult<bool> {
    if !same_shape(a, b) {
        return Ok(false);
    }
    let (x, y) = (items::native(a.format_str()), items::native(b.format_str()));
    let compare = match (x, y) {
        (Some(x), Some(y)) if x.code == y.code => Compare::Native(x.code),
        _ => match (Unpacker::new(py, a, x)?, Unpacker::new(py, b, y)?) {
            (Some(x), Some(y)) => Compare::Unpacked(x, y),
            _ => return Ok(false),
        },
    };
    let shape = a.shape_slice();
    if shape.contains(&0) {
        return Ok(true);
    }
    let (sa, sb) = (a.effective_strides(), b.effective_strides());
    let mut index = vec![0isize; shape.len()];
    loop {
        // SAFETY: the indices are within the shape of both.
        let same = unsafe {
            let p = item_pointer(a.buf, &sa, a.suboffsets_slice(), &index);
            let q = item_pointer(b.buf, &sb, b.suboffsets_slice(), &index);
            compare.equal(py, p, q)?
        };
        if !same {
            return Ok(false);
        }
        let mut d = shape.len();
        loop {
            if d == 0 {
                return Ok(true);
            }
            d -= 1;
            index[d] += 1;
            if index[d] < shape[d] {
                break;
            }
            index[d] = 0;
        }
    }
}

/// Copies the items of `src` to `dest`, of the same structure and one dimension, also where they overlap.
///
/// # Safety
/// Both are alive; `dest` is writable.
pub unsafe fn copy_row(dest: &Py_buffer, src: &Py_buffer) {
    // SAFETY: by contract; a copy of the source is made first.
    unsafe {
        let data = src.to_vec(b'C');
        let size = dest.itemsize as usize;
        let mut from = data.chunks_exact(size.max(1));
        dest.for_each_item(false, |p| {
            if let Some(item) = from.next() {
                core::ptr::copy_nonoverlapping(item.as_ptr(), p, size);
            }
        });
    }
}
