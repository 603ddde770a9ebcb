//! The built-in types under their Rust names, re-exported at the crate's root.

pub use super::bool_::PyBool;
pub use super::bytearray::PyByteArray;
pub use super::bytes::PyBytes;
pub use super::cell::PyCell;
pub use super::code::PyCode;
pub use super::complex::PyComplex;
pub use super::dict::PyDict;
pub use super::exceptions::PyBaseException;
pub use super::float::PyFloat;
pub use super::function::PyFunction;
pub use super::int::PyLong;
pub use super::list::PyList;
pub use super::module::PyModule;
pub use super::set::{PyFrozenSet, PySet};
pub use super::slice::PySlice;
pub use super::str_::{PyStr, StrBuilder, StrData};
pub use super::tuple::PyTuple;
