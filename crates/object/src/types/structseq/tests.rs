//! Struct sequences made from Rust and from Python.

use super::{Field, StructSeq};
use crate::types::dict::tests::with_python;
use crate::{Py, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, err};

static POINT: StructSeq = StructSeq::new(
    c"test.point",
    c"A point.",
    &[Field::named(c"x"), Field::named(c"y"), Field::new(c"label", c"what it is")],
    2,
);

fn number(py: Python, n: i64) -> PyResult {
    Ok(PyLong::from_i64(py, n)?.into_object())
}

fn message(py: Python) -> String {
    let exc = err::take(py).expect("raised");
    match exc.str(py) {
        Ok(text) => text.to_string(),
        Err(_) => String::new(),
    }
}

#[test]
fn shows_and_hides_fields() {
    with_python(|py| {
        let run = || -> PyResult<()> {
            let p = POINT.instance(py, vec![number(py, 3)?, number(py, 4)?])?;
            assert_eq!(p.len(), 2);
            assert_eq!(p.repr(py)?.to_string(), "test.point(x=3, y=4)");
            assert!(p.getattr(py, &*PyStr::new(py, "label")?)?.is_none());
            assert_eq!(p.getattr(py, &*PyStr::new(py, "y")?)?.repr(py)?.to_string(), "4");
            assert_eq!(p.ty().tp_basicsize.get(), 40);
            let plain = PyTuple::from_vec(py, vec![number(py, 3)?, number(py, 4)?])?;
            assert!(p.eq(py, &plain)?);
            assert_eq!(p.hash(py)?, plain.hash(py)?);
            let shown = p.call_method0(py, &*PyStr::new(py, "__reduce__")?)?;
            assert_eq!(shown.repr(py)?.to_string(), "(<class 'test.point'>, ((3, 4), {'label': None}))");
            for (name, value) in [("n_fields", "3"), ("n_sequence_fields", "2"), ("__match_args__", "('x', 'y')")] {
                assert_eq!(p.ty().getattr(py, &*PyStr::new(py, name)?)?.repr(py)?.to_string(), value);
            }
            Ok(())
        };
        assert!(run().is_ok(), "{}", message(py));
        Ok(())
    });
}

#[test]
fn is_made_from_sequences() {
    with_python(|py| {
        let run = || -> PyResult<()> {
            let ty: &PyObject = POINT.ty(py)?;
            let items: Vec<Py> = (0..3).map(|n| number(py, n)).collect::<PyResult<_>>()?;
            let three = PyTuple::from_vec(py, items)?;
            assert_eq!(ty.call1(py, &three)?.repr(py)?.to_string(), "test.point(x=0, y=1)");
            let one = three.slice(py, 0, 1)?;
            assert!(ty.call1(py, &one).is_err());
            assert_eq!(message(py), "test.point() takes an at least 2-sequence (1-sequence given)");
            assert!(ty.call0(py).is_err());
            assert_eq!(message(py), "structseq() missing required argument 'sequence' (pos 1)");
            Ok(())
        };
        assert!(run().is_ok(), "{}", message(py));
        Ok(())
    });
}
