//! Slices of a bytearray: replaced, deleted, assigned with a step.

use super::PyByteArray;
use crate::bytes_methods::Arg;
use crate::types::slice::SliceRange;
use crate::{PyObject, PyResult, Python, err, raise};

impl PyByteArray {
    /// Replaces `from..to` by `data`, which is not the object's own memory (`bytearray_setslice_linear`).
    pub(super) fn splice(&self, py: Python, from: usize, to: usize, data: &[u8]) -> PyResult<()> {
        let (len, gone) = (self.len(), to - from);
        // SAFETY: all moves are within the memory, as the lengths say: it is made larger before the tail is moved, and
        // smaller after.
        unsafe {
            let start = self.ob_start.get();
            if data.len() < gone {
                self.check_resizable(py)?;
                let less = gone - data.len();
                if from == 0 {
                    // Bytes at the front are left behind.
                    self.ob_start.set(start.add(less));
                    self.ob_base.set_size((len - less) as isize);
                    self.shrink_front(py, len - less)?;
                } else {
                    core::ptr::copy(start.add(to), start.add(from + data.len()), len - to);
                    self.resize_uninit(py, len - less)?;
                }
            } else if data.len() > gone {
                let Some(size) = len.checked_add(data.len() - gone).filter(|&n| n < isize::MAX as usize) else {
                    return Err(err::no_memory(py));
                };
                self.resize_uninit(py, size)?;
                let start = self.ob_start.get();
                core::ptr::copy(start.add(to), start.add(from + data.len()), len - to);
            }
            if !data.is_empty() {
                core::ptr::copy_nonoverlapping(data.as_ptr(), self.ob_start.get().add(from), data.len());
            }
        }
        Ok(())
    }

    /// After bytes at the front were left behind: gives memory back if little of it is still used.
    fn shrink_front(&self, py: Python, size: usize) -> PyResult<()> {
        if size >= self.ob_alloc.get() as usize / 2 {
            return Ok(());
        }
        // With the size out of step by one (the terminator is there), the resize does its work.
        self.ob_base.set_size(size as isize + 1);
        // SAFETY: the object becomes smaller.
        let result = unsafe { self.resize_uninit(py, size) };
        self.ob_base.set_size(size as isize);
        result
    }

    /// Deletes what a slice picks.
    pub(super) fn delete(&self, py: Python, range: SliceRange) -> PyResult<()> {
        if range.len == 0 {
            return Ok(());
        }
        self.check_resizable(py)?;
        let (first, step) = range.ascending();
        if step == 1 {
            return self.splice(py, first, first + range.len, &[]);
        }
        let kept = self.with_mut_slice(|s| {
            let mut to = first;
            for from in first..s.len() {
                let picked = (from - first) % step == 0 && (from - first) / step < range.len;
                if !picked {
                    s[to] = s[from];
                    to += 1;
                }
            }
            to
        });
        // SAFETY: the object becomes smaller.
        unsafe { self.resize_uninit(py, kept) }
    }

    /// Assigns `data` to what a slice picks.
    pub(super) fn assign(&self, py: Python, range: SliceRange, data: &[u8]) -> PyResult<()> {
        if range.step == 1 {
            let from = range.start as usize;
            return self.splice(py, from, from + range.len, data);
        }
        if data.is_empty() {
            return self.delete(py, range);
        }
        if data.len() != range.len {
            return Err(raise!(
                py,
                ValueError,
                "attempt to assign bytes of size {} to extended slice of size {}",
                data.len(),
                range.len
            ));
        }
        self.with_mut_slice(|s| range.positions().zip(data).for_each(|(i, &b)| s[i] = b));
        Ok(())
    }

    /// Appends the bytes of an object; its own, if it is that.
    pub(super) fn append_arg(&self, py: Python, other: &PyObject) -> PyResult<()> {
        if other.is(self) {
            let own = self.with_slice(<[u8]>::to_vec);
            return self.append_slice(py, &own);
        }
        let arg = Arg::get(py, other)?;
        self.append_slice(py, arg.as_slice())
    }
}
