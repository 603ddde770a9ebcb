//! `bool`.

use crate::types::int::{PyLong, small_int};
use crate::{PyLayout, PyObject};

/// `True` and `False` are ints with the layout of one.
pub type PyBool = PyLong;
