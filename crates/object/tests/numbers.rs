//! Numbers and memoryviews against what CPython 3.14 answered: `numbers/record.py` writes the lines.

use std::sync::OnceLock;
use taipan_object::abstracts::buffer::{self, Buffer};
use taipan_object::abstracts::number;
use taipan_object::runtime::interp::{self, InterpreterState};
use taipan_object::runtime::tstate::{self, PyThreadState};
use taipan_object::typeobj::Py_buffer;
use taipan_object::types::memoryview::{self, PyMemoryView};
use taipan_object::types::type_::new_type;
use taipan_object::types::{bool_, complex, float, int, registry};
use taipan_object::{
    CompareOp, Py, PyBytes, PyComplex, PyDict, PyFloat, PyLong, PyObject, PyResult, PySlice, PyStr, PyTuple, Python,
    err, id, pack, raise, singletons,
};

const RECORDED: &str = include_str!("numbers/recorded.txt");

/// Runs `f` with the GIL of the one interpreter of this test program.
fn with_py(f: impl FnOnce(Python)) {
    static INTERP: OnceLock<usize> = OnceLock::new();
    // SAFETY: each test runs on its own thread, with its own thread state, in an interpreter that lives for ever.
    unsafe {
        let interp = *INTERP.get_or_init(|| {
            taipan_object::abstracts::hash::init_secret(Some(0));
            let interp = InterpreterState::create(0);
            interp::set_main_interpreter(interp);
            let ts = PyThreadState::new(interp);
            tstate::attach(ts);
            let py = Python::assume();
            assert!(registry::init(py).is_ok(), "{}", message(py));
            tstate::detach();
            interp as usize
        });
        let ts = PyThreadState::new(interp as *mut InterpreterState);
        tstate::attach(ts);
        // Also when the test fails, so that the others get the GIL.
        struct Detach;
        impl Drop for Detach {
            fn drop(&mut self) {
                // SAFETY: attached above.
                unsafe { tstate::detach() };
            }
        }
        let _detach = Detach;
        f(Python::assume());
    }
}

/// The exception being raised as "!Type: text", which is cleared.
fn message(py: Python) -> String {
    let Some(exc) = err::take(py) else { return "no exception".to_owned() };
    let text = exc.str(py).map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    format!("!{}: {text}", exc.ty().name())
}

fn ok<T>(py: Python, result: PyResult<T>) -> T {
    match result {
        Ok(v) => v,
        Err(_) => panic!("{}", message(py)),
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap_or(0)).collect()
}

fn str(py: Python, text: &str) -> PyResult<Py<PyStr>> {
    PyStr::new(py, text)
}

fn int(py: Python, text: &str) -> PyResult {
    Ok(PyLong::parse(py, text, 0)?.into_object())
}

fn f64(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// An operand, as `record.py` describes it.
fn operand(py: Python, text: &str) -> PyResult {
    let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
    Ok(match kind {
        "i" => int(py, rest)?,
        "f" => PyFloat::new(py, f64(rest))?.into_object(),
        "c" => {
            let (re, im) = rest.split_once(',').unwrap_or_default();
            PyComplex::new(py, f64(re), f64(im))?.into_object()
        }
        "s" => str(py, rest)?.into_object(),
        "b" => PyBytes::new(py, &hex(rest))?.into_object(),
        "T" => py.bool(true),
        "F" => py.bool(false),
        "n" => py.none(),
        "t" => {
            let items = rest.split(',').filter(|p| !p.is_empty()).map(|p| int(py, p)).collect::<PyResult<Vec<Py>>>()?;
            PyTuple::from_vec(py, items)?.into_object()
        }
        "S" => {
            let mut parts = rest.split(',').map(|p| if p.is_empty() { Ok(py.none()) } else { int(py, p) });
            let mut part = || parts.next().unwrap_or_else(|| Ok(py.none()));
            let (start, stop, step) = (part()?, part()?, part()?);
            PySlice::from_owned_parts(py, start, stop, step)?.into_object()
        }
        "m" | "M" => {
            let fields: Vec<&str> = rest.split('/').collect();
            let data = hex(fields[0]);
            let data = data.leak();
            // SAFETY: the memory is there for ever.
            let view = unsafe { memoryview::from_memory(py, data.as_mut_ptr(), data.len() as isize, kind == "m")? };
            let format = str(py, fields[1])?;
            if fields[2].is_empty() {
                return view.call_method(py, &*str(py, "cast")?, &[format.as_object()]);
            }
            let shape = operand(py, &format!("t:{}", fields[2]))?;
            view.call_method(py, &*str(py, "cast")?, &[format.as_object(), &*shape])?
        }
        _ => panic!("{text}"),
    })
}

fn run(py: Python, op: &str, v: &[&PyObject]) -> PyResult {
    let compare = |op| v[0].rich_compare(py, v[1], op);
    match op {
        "add" => number::add(py, v[0], v[1]),
        "sub" => number::subtract(py, v[0], v[1]),
        "mul" => number::multiply(py, v[0], v[1]),
        "truediv" => number::true_divide(py, v[0], v[1]),
        "floordiv" => number::floor_divide(py, v[0], v[1]),
        "mod" => number::remainder(py, v[0], v[1]),
        "divmod" => number::divmod(py, v[0], v[1]),
        "pow" => number::power(py, v[0], v[1], singletons::none()),
        "pow3" => number::power(py, v[0], v[1], v[2]),
        "lshift" => number::lshift(py, v[0], v[1]),
        "rshift" => number::rshift(py, v[0], v[1]),
        "matmul" => number::matrix_multiply(py, v[0], v[1]),
        "and" => number::and(py, v[0], v[1]),
        "or" => number::or(py, v[0], v[1]),
        "xor" => number::xor(py, v[0], v[1]),
        "iadd" => number::inplace_add(py, v[0], v[1]),
        "isub" => number::inplace_subtract(py, v[0], v[1]),
        "imul" => number::inplace_multiply(py, v[0], v[1]),
        "ipow" => number::inplace_power(py, v[0], v[1], singletons::none()),
        "lt" => compare(CompareOp::Lt),
        "le" => compare(CompareOp::Le),
        "eq" => compare(CompareOp::Eq),
        "ne" => compare(CompareOp::Ne),
        "gt" => compare(CompareOp::Gt),
        "ge" => compare(CompareOp::Ge),
        "getitem" => v[0].get_item(py, v[1]),
        "setitem" => {
            v[0].set_item(py, v[1], v[2])?;
            v[0].call_method0(py, &*str(py, "tobytes")?)
        }
        "neg" => number::negative(py, v[0]),
        "pos" => number::positive(py, v[0]),
        "abs" => number::absolute(py, v[0]),
        "invert" => number::invert(py, v[0]),
        "bool" => v[0].is_true(py).map(|b| py.bool(b)),
        "hash" => PyLong::from_isize(py, v[0].hash(py)?).map(Py::into_object),
        "repr" => v[0].repr(py).map(Py::into_object),
        "str" => v[0].str(py).map(Py::into_object),
        "index" => number::index_exact(py, v[0]).map(Py::into_object),
        "len" => PyLong::from_isize(py, v[0].len(py)?).map(Py::into_object),
        "number_long" => number::long(py, v[0]).map(Py::into_object),
        "number_float" => number::float(py, v[0]).map(Py::into_object),
        _ => {
            if let Some(name) = op.strip_prefix("call:") {
                return class(name).call(py, v);
            }
            if let Some(path) = op.strip_prefix("type.") {
                let (name, method) = path.split_once('.').unwrap_or_default();
                return class(name).call_method(py, &*str(py, method)?, v);
            }
            if let Some(name) = op.strip_prefix('@') {
                return v[0].getattr(py, &*str(py, name)?);
            }
            if let Some(name) = op.strip_prefix('.') {
                return v[0].call_method(py, &*str(py, name)?, &v[1..]);
            }
            Err(raise!(py, SystemError, "{op}"))
        }
    }
}

fn class(name: &str) -> &'static PyObject {
    match name {
        "int" => &int::PyLong_Type,
        "float" => &float::PyFloat_Type,
        "complex" => &complex::PyComplex_Type,
        _ => &memoryview::PyMemoryView_Type,
    }
}

fn answer(py: Python, op: &str, operands: &[&str]) -> PyResult<String> {
    let owned = operands.iter().map(|o| operand(py, o)).collect::<PyResult<Vec<Py>>>()?;
    let v: Vec<&PyObject> = owned.iter().map(|o| o.as_object()).collect();
    let mut result = run(py, op, &v)?;
    if let Some(view) = result.downcast::<PyMemoryView>() {
        let mut part = |name: &str| view.getattr(py, &*str(py, name)?);
        let (format, shape, strides) = (part("format")?, part("shape")?, part("strides")?);
        let bytes = view.call_method0(py, &*str(py, "tobytes")?)?;
        result = pack!(py, format, shape, strides, bytes)?.into_object();
    }
    Ok(format!("{} {}", result.ty().name(), result.repr(py)?.to_string_lossy()))
}

#[test]
fn as_recorded() {
    with_py(|py| {
        let (mut wrong, mut n) = (Vec::new(), 0);
        for line in RECORDED.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            let (Some((op, rest)), Some(expected)) = (fields.split_first(), fields.last()) else { continue };
            n += 1;
            let got = answer(py, op, &rest[..rest.len() - 1]).unwrap_or_else(|_| message(py));
            if got != *expected {
                wrong.push(format!("{line}\n      got {got}"));
            }
        }
        assert!(n > 4000);
        assert!(wrong.is_empty(), "{} of {n} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
    });
}

/// A class `name(base)` without anything in it.
fn subclass(py: Python, name: &str, base: &PyObject) -> Py<taipan_object::PyType> {
    let bases = ok(py, PyTuple::from_slice(py, &[base]));
    let dict = ok(py, PyDict::new(py));
    ok(py, new_type(py, name, &bases, &dict))
}

fn shown(py: Python, obj: &PyObject) -> String {
    format!("{} {}", obj.ty().name(), ok(py, obj.repr(py)).to_string_lossy())
}

#[test]
fn subclasses() {
    with_py(|py| {
        let my_int = subclass(py, "I", &int::PyLong_Type);
        let my_float = subclass(py, "F", &float::PyFloat_Type);
        let my_complex = subclass(py, "C", &complex::PyComplex_Type);
        let large = ok(py, int(py, "-123456789012345678901234567890"));
        let small = ok(py, int(py, "0"));
        for value in [&large, &small] {
            let n = ok(py, my_int.call1(py, value));
            assert!(n.is_type(&my_int) && ok(py, n.eq(py, value)));
            assert_eq!(ok(py, n.hash(py)), ok(py, value.hash(py)));
            // Operators give exact ints.
            for result in [
                number::add(py, &n, &small),
                number::positive(py, &n),
                number::absolute(py, &n),
                number::rshift(py, &n, &small),
                number::long(py, &n).map(Py::into_object),
                number::index_exact(py, &n).map(Py::into_object),
                n.getattr(py, id!(py, "real")),
                n.call_method0(py, id!(py, "conjugate")),
            ] {
                assert!(ok(py, result).is_type(&int::PyLong_Type));
            }
            assert!(ok(py, number::index(py, &n)).as_object().is(&n));
        }
        let from_bytes = ok(py, my_int.getattr(py, id!(py, "from_bytes")));
        let bytes = ok(py, PyBytes::new(py, &[1, 0]));
        assert_eq!(shown(py, &*ok(py, from_bytes.call1(py, bytes.as_object()))), "I 256");

        let half = ok(py, PyFloat::new(py, 0.5));
        let f = ok(py, my_float.call1(py, &half));
        assert_eq!(shown(py, &f), "F 0.5");
        assert_eq!(shown(py, &*ok(py, number::add(py, &f, &f))), "float 1.0");
        assert_eq!(shown(py, &*ok(py, number::positive(py, &f))), "float 0.5");
        assert_eq!(shown(py, ok(py, number::float(py, &f)).as_object()), "float 0.5");
        let text = ok(py, str(py, "0x1p4"));
        assert_eq!(shown(py, &*ok(py, f.call_method1(py, id!(py, "fromhex"), &text))), "F 16.0");

        let c = ok(py, my_complex.call(py, &[half.as_object(), half.as_object()]));
        assert_eq!(shown(py, &c), "C (0.5+0.5j)");
        assert_eq!(shown(py, &*ok(py, number::multiply(py, &c, &c))), "complex 0.5j");
        assert_eq!(shown(py, &*ok(py, (&complex::PyComplex_Type as &PyObject).call1(py, &c))), "complex (0.5+0.5j)");
        // bool has no subclasses, and no other instances.
        let bases = ok(py, PyTuple::from_slice(py, &[&bool_::PyBool_Type as &PyObject]));
        let dict = ok(py, PyDict::new(py));
        assert!(new_type(py, "B", &bases, &dict).is_err());
        assert_eq!(message(py), "!TypeError: type 'bool' is not an acceptable base type");
        assert!(ok(py, (&bool_::PyBool_Type as &PyObject).call1(py, &f)).is(singletons::true_()));
    });
}

#[test]
fn views_with_strides_and_pointers() {
    with_py(|py| {
        let mut data: Vec<u8> = (0..24).collect();
        // Two rows of four shorts, backwards, of every other one.
        let mut shape = [2isize, 3];
        let mut strides = [-12isize, 4];
        let mut info = Py_buffer {
            // SAFETY: within the memory.
            buf: unsafe { data.as_mut_ptr().add(12) }.cast(),
            len: 12,
            itemsize: 2,
            ndim: 2,
            format: c"h".as_ptr().cast_mut(),
            shape: shape.as_mut_ptr(),
            strides: strides.as_mut_ptr(),
            ..Py_buffer::EMPTY
        };
        let call = |v: &PyObject, name: &str| ok(py, v.call_method0(py, &*ok(py, str(py, name))));
        let get = |v: &PyObject, name: &str| ok(py, v.getattr(py, &*ok(py, str(py, name))));
        // SAFETY: the memory outlives the view.
        let view = ok(py, unsafe { memoryview::from_buffer(py, &info) });
        let rows = "list [[3340, 4368, 5396], [256, 1284, 2312]]";
        assert_eq!(shown(py, &call(&view, "tolist")), rows);
        assert_eq!(shown(py, &get(&view, "contiguous")), "bool False");
        assert_eq!(shown(py, &get(&view, "nbytes")), "int 12");
        let all = ok(py, PySlice::from_owned_parts(py, py.none(), py.none(), ok(py, int(py, "-1"))));
        let reversed = ok(py, view.get_item(py, all.as_object()));
        assert_eq!(shown(py, &call(&reversed, "tolist")), "list [[256, 1284, 2312], [3340, 4368, 5396]]");
        let copied = ok(py, memoryview::from_object(py, &reversed));
        assert!(ok(py, copied.eq(py, &reversed)) && !ok(py, view.eq(py, &reversed)));
        let taken = ok(py, Buffer::get(py, &reversed, buffer::FULL_RO));
        // SAFETY: the memory is there.
        assert_eq!(unsafe { taken.view().to_vec(b'F') }, [0, 1, 12, 13, 4, 5, 16, 17, 8, 9, 20, 21]);
        assert!(Buffer::get(py, &reversed, buffer::CONTIG_RO).is_err());
        assert_eq!(message(py), "!BufferError: memoryview: underlying buffer is not C-contiguous");
        assert!(reversed.call_method0(py, &*ok(py, str(py, "release"))).is_err());
        assert_eq!(message(py), "!BufferError: memoryview has 1 exported buffer");
        drop(taken);
        call(&reversed, "release");
        assert!(ok(py, copied.is_true(py)));

        // Rows behind pointers: an array of addresses, two bytes into each row.
        let mut rows = [data.as_mut_ptr(), data.as_mut_ptr().wrapping_add(12)];
        let mut strides = [8isize, 2];
        let mut suboffsets = [2isize, -1];
        info.buf = rows.as_mut_ptr().cast();
        info.strides = strides.as_mut_ptr();
        info.suboffsets = suboffsets.as_mut_ptr();
        // SAFETY: as above.
        let view = ok(py, unsafe { memoryview::from_buffer(py, &info) });
        assert_eq!(shown(py, &call(&view, "tolist")), "list [[770, 1284, 1798], [3854, 4368, 4882]]");
        assert_eq!(shown(py, &get(&view, "suboffsets")), "tuple (2, -1)");
        let last = ok(py, operand(py, "t:1,-1"));
        assert_eq!(shown(py, &*ok(py, view.get_item(py, &last))), "int 4882");
        assert!(ok(py, view.eq(py, &call(&view, "toreadonly"))));
        let tail = ok(py, operand(py, "S:1,,"));
        assert_eq!(shown(py, &call(&*ok(py, view.get_item(py, &tail)), "tolist")), "list [[3854, 4368, 4882]]");
        assert!(Buffer::get(py, &view, buffer::STRIDED_RO).is_err());
        assert_eq!(message(py), "!BufferError: memoryview: underlying buffer requires suboffsets");
    });
}
