//! The declaration of `bytes`.

use super::PyBytes;
use crate::abstracts::hash::hash_bytes;
use crate::{CompareOp, Py, PyObject, PyResult, PyStr, Python, StrBuilder, pyclass};

#[pyclass(
    name = "bytes",
    static_name = PyBytes_Type,
    flags(BASETYPE, BYTES_SUBCLASS, MATCH_SELF),
    basicsize = crate::types::bytes::BYTES_HEAD,
    itemsize = 1,
)]
impl PyBytes {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        repr(py, self.as_slice(), "b", "")
    }

    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        let cell = self.hash_cell();
        if cell.get() == -1 {
            cell.set(hash_bytes(self.as_slice()));
        }
        Ok(cell.get())
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        match other.downcast::<PyBytes>() {
            Some(o) => Ok(py.bool(op.matches(self.as_slice().cmp(o.as_slice())))),
            None => Ok(py.not_implemented()),
        }
    }

    fn sq_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }
}

/// `prefix'…'suffix` with non-printable bytes escaped (`_Py_bytes_repr`).
pub(crate) fn repr(py: Python, data: &[u8], prefix: &str, suffix: &str) -> PyResult<Py<PyStr>> {
    let quote = if data.contains(&b'\'') && !data.contains(&b'"') { b'"' } else { b'\'' };
    let mut b = StrBuilder::with_capacity(data.len() + 3);
    b.push_str(prefix);
    b.push_char(quote as u32);
    for &c in data {
        match c {
            b'\\' => b.push_str("\\\\"),
            b'\t' => b.push_str("\\t"),
            b'\n' => b.push_str("\\n"),
            b'\r' => b.push_str("\\r"),
            c if c == quote => {
                b.push_char('\\' as u32);
                b.push_char(c as u32);
            }
            0x20..0x7f => b.push_char(c as u32),
            _ => b.push_str(&format!("\\x{c:02x}")),
        }
    }
    b.push_char(quote as u32);
    b.push_str(suffix);
    b.finish(py)
}
