//! Slices of lists: reading, replacing and deleting them.

use super::PyList;
use crate::types::slice::SliceRange;
use crate::{Py, PyResult, Python, raise};

impl PyList {
    /// Items `start..end` as a new list; bounds outside are moved inside (`PyList_GetSlice`).
    pub fn get_slice(&self, py: Python, start: usize, end: usize) -> PyResult<Py<PyList>> {
        let end = end.min(self.len());
        let start = start.min(end);
        let out = PyList::new(py)?;
        if start < end {
            out.preallocate_unrounded(py, end - start)?;
            // SAFETY: no Python code runs.
            for item in unsafe { &self.items()[start..end] } {
                out.push_owned(py, item.clone())?;
            }
        }
        Ok(out)
    }

    /// The items that a slice picks, as a new list.
    pub(crate) fn pick(&self, py: Python, range: SliceRange) -> PyResult<Py<PyList>> {
        if range.step == 1 {
            return self.get_slice(py, range.start as usize, range.start as usize + range.len);
        }
        let out = PyList::new(py)?;
        out.preallocate_unrounded(py, range.len)?;
        for i in range.positions() {
            if let Some(item) = self.get(i) {
                out.push_owned(py, item)?;
            }
        }
        Ok(out)
    }

    /// Replaces items `start..end` by others (`PyList_SetSlice`); an empty vector deletes them. Bounds outside are moved
    /// inside.
    pub fn set_slice(&self, py: Python, start: usize, end: usize, new: Vec<Py>) -> PyResult<()> {
        let n = self.len();
        let start = start.min(n);
        let end = end.clamp(start, n);
        let (gone, come) = (end - start, new.len());
        // What goes is dropped last: that can run Python code that looks at the list.
        let mut garbage: Vec<Py> = Vec::with_capacity(gone);
        if n - gone + come == 0 {
            garbage.extend(self.take_all());
            drop_in_order(garbage);
            return Ok(());
        }
        if come > gone {
            // Growing can fail: do it before anything is changed.
            self.resize(py, n + come - gone)?;
        }
        // SAFETY: the array has room for the larger of both lengths; pointers move, each reference has one owner:
        // the list or the garbage.
        unsafe {
            let place = self.items_ptr().add(start);
            for i in 0..gone {
                garbage.push(Py::from_owned(*place.add(i)));
            }
            core::ptr::copy(place.add(gone), place.add(come), n - end);
            for (i, item) in new.into_iter().enumerate() {
                place.add(i).write(item.into_raw());
            }
        }
        if come < gone {
            self.shrink(py, n + come - gone);
        }
        drop_in_order(garbage);
        Ok(())
    }

    /// Deletes the items that a slice picks.
    pub(crate) fn del_range(&self, py: Python, range: SliceRange) -> PyResult<()> {
        if range.len == 0 {
            return Ok(());
        }
        let (first, step) = range.ascending();
        if step == 1 {
            return self.set_slice(py, first, first + range.len, Vec::new());
        }
        let n = self.len();
        let mut garbage = Vec::with_capacity(range.len);
        // SAFETY: as in `set_slice`: what is not picked moves down over what is.
        unsafe {
            let items = self.items_ptr();
            for k in 0..range.len {
                let at = first + k * step;
                garbage.push(Py::from_owned(*items.add(at)));
                let kept = if k + 1 < range.len { step - 1 } else { n - at - 1 };
                core::ptr::copy(items.add(at + 1), items.add(at - k), kept);
            }
        }
        self.shrink(py, n - range.len);
        drop_in_order(garbage);
        Ok(())
    }

    /// Replaces the items that an extended slice picks, one by one.
    pub(crate) fn set_range(&self, py: Python, range: SliceRange, new: Vec<Py>) -> PyResult<()> {
        if new.len() != range.len {
            return Err(raise!(
                py,
                ValueError,
                "attempt to assign sequence of size {} to extended slice of size {}",
                new.len(),
                range.len
            ));
        }
        let mut garbage = Vec::with_capacity(new.len());
        for (at, item) in range.positions().zip(new) {
            match self.replace(at, item) {
                Ok(old) | Err(old) => garbage.push(old),
            }
        }
        drop_in_order(garbage);
        Ok(())
    }

    /// Repeats the items in place, `n` times in all.
    pub(crate) fn repeat_in_place(&self, py: Python, n: isize) -> PyResult<()> {
        let m = self.len();
        if m == 0 || n == 1 {
            return Ok(());
        }
        if n < 1 {
            self.clear();
            return Ok(());
        }
        let Some(total) = m.checked_mul(n as usize) else { return Err(crate::err::no_memory(py)) };
        self.resize(py, total)?;
        // SAFETY: there is room for all; the first `m` are copied, each copy a new reference.
        unsafe {
            let items = self.items_ptr();
            for i in m..total {
                let item = *items.add(i % m);
                (*item).incref();
                items.add(i).write(item);
            }
        }
        Ok(())
    }

    /// Sets a smaller size; the items beyond have moved away.
    fn shrink(&self, py: Python, n: usize) {
        if self.resize(py, n).is_err() {
            // Without memory for a smaller array the old one serves.
            crate::err::clear(py);
            self.ob_base.set_size(n as isize);
        }
    }

    fn take_all(&self) -> Vec<Py> {
        let all = self.to_vec();
        self.clear();
        all
    }
}

/// Drops from the last to the first, as CPython does.
fn drop_in_order(mut garbage: Vec<Py>) {
    while let Some(item) = garbage.pop() {
        drop(item);
    }
}
