//! The declaration of `bytearray`.

use super::PyByteArray;
use crate::{PyResult, Python, pyclass};

#[pyclass(name = "bytearray", static_name = PyByteArray_Type, flags(BASETYPE, MATCH_SELF), unhashable)]
impl PyByteArray {
    fn sq_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.ob_base.size())
    }
}
