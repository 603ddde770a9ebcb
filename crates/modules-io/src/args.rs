//! Arguments of kinds that the declaring macros do not know.

use taipan_object::abstracts::{number, sequence};
use taipan_object::declare::FromArg;
use taipan_object::declare::args::ArgContext;
use taipan_object::{PyObject, PyResult, PyStr, Python, exceptions, raise};

/// Text where None is allowed too: TypeError "must be str or None", ValueError for a NUL inside.
#[derive(Clone, Copy)]
pub struct Text<'a>(pub &'a str);

impl<'a> FromArg<'a> for Text<'a> {
    fn from_arg(py: Python<'a>, obj: &'a PyObject, context: ArgContext) -> PyResult<Text<'a>> {
        let Some(text) = obj.downcast::<PyStr>() else {
            return Err(context.bad_argument(py, "str or None", obj));
        };
        let text = text.to_str(py)?;
        if text.contains('\0') {
            return Err(raise!(py, ValueError, "embedded null character"));
        }
        Ok(Text(text))
    }
}

/// A number of bytes or characters where None is allowed too.
#[derive(Clone, Copy)]
pub struct Size(pub isize);

impl<'a> FromArg<'a> for Size {
    fn from_arg(py: Python<'a>, obj: &'a PyObject, _: ArgContext) -> PyResult<Size> {
        if !sequence::has_index(obj) {
            let given = obj.ty().full_name();
            return Err(raise!(py, TypeError, "argument should be integer or None, not '{given:.200}'"));
        }
        number::as_ssize(py, obj, Some(exceptions::OverflowError())).map(Size)
    }
}
