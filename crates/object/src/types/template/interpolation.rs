//! `Interpolation`: a value with its source text, conversion and format specification.

use crate::{Py, PyClass, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, StrBuilder, Trace, pyclass, raise};

/// `interpolationobject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyInterpolation {
    pub ob_base: PyObject,
    value: Slot,
    expression: Slot,
    conversion: Slot,
    format_spec: Slot,
}

/// An interpolation as the compiler's code makes it; `conversion` is 0, or 1 to 3 for `s`, `r`, `a`.
pub fn new_interpolation(
    py: Python,
    value: &PyObject,
    text: &PyObject,
    conversion: u32,
    format_spec: &PyObject,
) -> PyResult {
    let conversion = match conversion {
        0 => py.none(),
        1 => PyStr::from_char(py, 's' as u32)?.into_object(),
        2 => PyStr::from_char(py, 'r' as u32)?.into_object(),
        3 => PyStr::from_char(py, 'a' as u32)?.into_object(),
        _ => {
            return Err(raise!(
                py,
                SystemError,
                "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'"
            ));
        }
    };
    let made = PyInterpolation::alloc_exact(py, |head| PyInterpolation {
        ob_base: head,
        value: Slot::some(Py::new_ref(value)),
        expression: Slot::some(Py::new_ref(text)),
        conversion: Slot::some(conversion),
        format_spec: Slot::some(Py::new_ref(format_spec)),
    })?;
    Ok(made.into_object())
}

impl PyInterpolation {
    /// The value.
    pub fn value(&self, py: Python) -> Py {
        self.value.get().unwrap_or_else(|| py.none())
    }

    fn fields(&self, py: Python) -> [Py; 4] {
        [&self.value, &self.expression, &self.conversion, &self.format_spec]
            .map(|s| s.get().unwrap_or_else(|| py.none()))
    }
}

/// Interpolation object
#[pyclass(
    name = "string.templatelib.Interpolation",
    static_name = _PyInterpolation_Type,
    flags(GC),
    members(
        value: OBJECT_EX readonly "Value",
        expression: OBJECT_EX readonly "Expression",
        conversion: OBJECT_EX readonly "Conversion",
        format_spec: OBJECT_EX readonly "Format specifier",
    ),
)]
impl PyInterpolation {
    #[signature("(value, expression='', conversion=None, format_spec='')")]
    fn tp_new(
        py: Python,
        _cls: &PyType,
        value: &PyObject,
        expression: &PyStr,
        conversion: Option<&PyObject>,
        format_spec: &PyStr,
    ) -> PyResult<Py<PyInterpolation>> {
        let conversion = match conversion.filter(|c| !c.is_none()) {
            None => py.none(),
            Some(c) => match c.downcast::<PyStr>() {
                Some(s) if s.eq_str("s") || s.eq_str("r") || s.eq_str("a") => Py::new_ref(c),
                Some(_) => {
                    return Err(raise!(
                        py,
                        ValueError,
                        "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'"
                    ));
                }
                None => {
                    return Err(raise!(
                        py,
                        TypeError,
                        "Interpolation() argument 'conversion' must be str, not {}",
                        c.ty().name()
                    ));
                }
            },
        };
        PyInterpolation::alloc_exact(py, |head| PyInterpolation {
            ob_base: head,
            value: Slot::some(Py::new_ref(value)),
            expression: Slot::some(Py::new_ref(expression as &PyObject)),
            conversion: Slot::some(conversion),
            format_spec: Slot::some(Py::new_ref(format_spec as &PyObject)),
        })
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let mut b = StrBuilder::new();
        b.push_str(self.ty().name());
        b.push_str("(");
        for (i, v) in self.fields(py).iter().enumerate() {
            if i > 0 {
                b.push_str(", ");
            }
            b.push_pystr(&*v.repr(py)?);
        }
        b.push_str(")");
        b.finish(py)
    }

    #[method]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let args = PyTuple::from_vec(py, self.fields(py).into())?;
        PyTuple::from_slice(py, &[self.ty() as &PyObject, &args])
    }
}

fn match_args(py: Python) -> PyResult<Py<PyTuple>> {
    let names = ["value", "expression", "conversion", "format_spec"];
    let names = names.iter().map(|n| Ok(PyStr::intern(py, n)?.into_object())).collect::<PyResult<Vec<Py>>>()?;
    PyTuple::from_vec(py, names)
}

/// Sets what a static type's declaration cannot hold: `Interpolation.__match_args__`.
pub(crate) fn init(py: Python) -> PyResult<()> {
    _PyInterpolation_Type.dict().set(py, crate::id!(py, "__match_args__"), &*match_args(py)?)?;
    _PyInterpolation_Type.modified();
    Ok(())
}
