//! `None`, `NotImplemented`, `Ellipsis`, `True` and `False`: static, immortal, under their C names.

use crate::header::PyObject;
use crate::types::{bool_, singleton_types};

/// Borrowed `None`.
#[inline(always)]
pub fn none() -> &'static PyObject {
    &singleton_types::_Py_NoneStruct
}
/// Borrowed `NotImplemented`.
#[inline(always)]
pub fn not_implemented() -> &'static PyObject {
    &singleton_types::_Py_NotImplementedStruct
}
/// Borrowed `...`.
#[inline(always)]
pub fn ellipsis() -> &'static PyObject {
    &singleton_types::_Py_EllipsisObject
}
/// Borrowed `True`.
#[inline(always)]
pub fn true_() -> &'static PyObject {
    bool_::true_object()
}
/// Borrowed `False`.
#[inline(always)]
pub fn false_() -> &'static PyObject {
    bool_::false_object()
}

impl PyObject {
    #[inline(always)]
    pub fn is_none(&self) -> bool {
        self.is(none())
    }
    #[inline(always)]
    pub fn is_not_implemented(&self) -> bool {
        self.is(not_implemented())
    }
}
