//! Codecs as the `_codecs` module uses them, error handlers, file names; subclasses and buffers.

use super::*;
use crate::text::tests;
use crate::types::bytearray::PyByteArray_Type;
use crate::types::bytes::PyBytes_Type;
use crate::types::dict::tests::with_python;
use crate::types::str_::PyUnicode_Type;
use crate::types::type_::PyType_Type;
use crate::{PyByteArray, PyDict, PyLong, PyTuple, PyType, err, pack};

fn text(py: Python, s: &str) -> Py<PyStr> {
    PyStr::new(py, s).expect("memory")
}

/// What was raised, as text.
fn raised(py: Python) -> String {
    let exc = err::take(py).expect("an exception");
    let shown = exc.str(py).expect("a text");
    format!("{}: {shown}", exc.as_object().ty().name())
}

#[test]
fn incremental_decoding() {
    with_python(|py| {
        let (s, used) = decode_utf8(py, b"a\xe2\x82", None, false)?;
        assert_eq!((s.to_string_lossy().as_ref(), used), ("a", 1));
        assert!(decode_utf8(py, b"a\xe2\x82", None, true).is_err());
        assert_eq!(
            raised(py),
            "UnicodeDecodeError: 'utf-8' codec can't decode bytes in position 1-2: unexpected end of data"
        );
        let (s, used, order) = decode_utf16(py, b"\xff\xfea\0b", None, 0, false)?;
        assert_eq!((s.to_string_lossy().as_ref(), used, order), ("a", 4, -1));
        let (s, used) = decode_utf7(py, b"a+AOk-b+AO", None, false)?;
        assert_eq!((s.to_string_lossy().as_ref(), used), ("a\u{e9}b", 7));
        let (s, _) = decode_unicode_escape(py, b"\\x41\\u00e9\\N{EURO SIGN}\\n", None, true)?;
        assert_eq!(s.to_string_lossy(), "A\u{e9}\u{20ac}\n");
        let (s, _) = decode_raw_unicode_escape(py, b"\\x41\\u00e9", None, true)?;
        assert_eq!(s.to_string_lossy(), "\\x41\u{e9}");
        assert!(decode_unicode_escape(py, b"\\x4", Some("strict"), true).is_err());
        assert_eq!(
            raised(py),
            "UnicodeDecodeError: 'unicodeescape' codec can't decode bytes in position 0-2: truncated \\xXX escape"
        );
        let s = text(py, "a\u{e9}\u{20ac}\u{1f600}\n");
        assert_eq!(encode_unicode_escape(py, &s)?.as_slice(), b"a\\xe9\\u20ac\\U0001f600\\n");
        assert_eq!(encode_utf7(py, &text(py, "a\u{e9}"))?.as_slice(), b"a+AOk-");
        Ok(())
    });
}

/// Calls a codec's function by its name in the `_codecs` module.
fn call_codec(py: Python, name: &str, object: &PyObject, errors: Option<&str>, last: bool) -> PyResult {
    let pair = |(text, used): (Py<PyStr>, usize)| -> PyResult {
        let used = PyLong::from_usize(py, used)?;
        Ok(pack!(py, text, used)?.into_object())
    };
    let without_order = |(text, used, _): (Py<PyStr>, usize, i32)| (text, used);
    if let Some(bytes) = object.downcast::<PyBytes>() {
        let b = bytes.as_slice();
        return pair(match name {
            "utf_8_decode" => decode_utf8(py, b, errors, last)?,
            "utf_7_decode" => decode_utf7(py, b, errors, last)?,
            "unicode_escape_decode" => decode_unicode_escape(py, b, errors, last)?,
            "raw_unicode_escape_decode" => decode_raw_unicode_escape(py, b, errors, last)?,
            "utf_16_decode" => without_order(decode_utf16(py, b, errors, 0, last)?),
            "utf_16_le_decode" => without_order(decode_utf16(py, b, errors, -1, last)?),
            "utf_16_be_decode" => without_order(decode_utf16(py, b, errors, 1, last)?),
            "utf_32_decode" => without_order(decode_utf32(py, b, errors, 0, last)?),
            "utf_32_le_decode" => without_order(decode_utf32(py, b, errors, -1, last)?),
            "utf_32_be_decode" => without_order(decode_utf32(py, b, errors, 1, last)?),
            _ => panic!("no codec {name}"),
        });
    }
    let Some(s) = object.downcast::<PyStr>() else { panic!("neither str nor bytes") };
    let bytes = match name {
        "utf_8_encode" => encode_utf8(py, s, errors)?,
        "ascii_encode" => encode_ascii(py, s, errors)?,
        "latin_1_encode" => encode_latin1(py, s, errors)?,
        "utf_7_encode" => encode_utf7(py, s)?,
        "unicode_escape_encode" => encode_unicode_escape(py, s)?,
        "raw_unicode_escape_encode" => encode_raw_unicode_escape(py, s)?,
        "utf_16_encode" => encode_utf16(py, s, errors, 0)?,
        "utf_16_le_encode" => encode_utf16(py, s, errors, -1)?,
        "utf_16_be_encode" => encode_utf16(py, s, errors, 1)?,
        "utf_32_encode" => encode_utf32(py, s, errors, 0)?,
        "utf_32_le_encode" => encode_utf32(py, s, errors, -1)?,
        "utf_32_be_encode" => encode_utf32(py, s, errors, 1)?,
        _ => panic!("no codec {name}"),
    };
    Ok(bytes.into_object())
}

#[test]
fn recorded_answers() {
    with_python(|py| {
        let mut wrong = Vec::new();
        for line in include_str!("recorded.txt").lines() {
            let [object, name, args, _, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("a line of five fields: {line}");
            };
            let (object, args) = (tests::read(py, object)?, tests::read(py, args)?);
            let Some(args) = args.downcast::<PyTuple>() else { panic!("a tuple: {line}") };
            let errors = args.get(0).downcast::<PyStr>().map(|s| s.to_string_lossy().into_owned());
            let last = args.get(1).is_true(py)?;
            let name = name.trim_start_matches("codecs.");
            let given = call_codec(py, name, &object, errors.as_deref(), last)
                .and_then(|r| Ok(format!("= {}", r.ascii(py)?.to_string_lossy())))
                .unwrap_or_else(|_| tests::raised(py));
            if given != expected {
                wrong.push(format!("{line}\n    {given}"));
            }
        }
        assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
        Ok(())
    });
}

#[test]
fn character_maps() {
    with_python(|py| {
        let table = text(py, "\0\u{20ac}\u{fffe}b");
        let (s, _) = decode_charmap(py, b"\x01\x03", None, Some(&table))?;
        assert_eq!(s.to_string_lossy(), "\u{20ac}b");
        assert!(decode_charmap(py, b"\x01\x02", None, Some(&table)).is_err());
        assert_eq!(
            raised(py),
            "UnicodeDecodeError: 'charmap' codec can't decode byte 0x02 in position 1: character maps to <undefined>"
        );
        let map = charmap::build(py, &table)?;
        assert_eq!(encode_charmap(py, &text(py, "b\u{20ac}"), None, Some(&map))?.as_slice(), b"\x03\x01");
        assert_eq!(encode_charmap(py, &text(py, "bxy"), Some("ignore"), Some(&map))?.as_slice(), b"\x03");
        assert!(encode_charmap(py, &text(py, "bxy"), Some("replace"), Some(&map)).is_err());
        err::clear(py);
        let dict = PyDict::new(py)?;
        dict.set(py, PyLong::from_i64(py, 97)?.as_object(), PyBytes::new(py, b"<a>")?.as_object())?;
        assert_eq!(encode_charmap(py, &text(py, "aa"), None, Some(&dict))?.as_slice(), b"<a><a>");
        assert!(encode_charmap(py, &text(py, "ab"), None, Some(&dict)).is_err());
        err::clear(py);
        Ok(())
    });
}

#[test]
fn handlers_by_name() {
    with_python(|py| {
        let replace = errors::lookup(py, Some("replace"))?;
        errors::register(py, &text(py, "test.mine"), &replace)?;
        assert_eq!(encode_ascii(py, &text(py, "a\u{e9}b"), Some("test.mine"))?.as_slice(), b"a?b");
        assert!(errors::unregister(py, &text(py, "test.mine"))?);
        assert!(!errors::unregister(py, &text(py, "test.mine"))?);
        assert!(errors::unregister(py, &text(py, "strict")).is_err());
        assert_eq!(raised(py), "ValueError: cannot un-register built-in error handler 'strict'");
        assert!(errors::register(py, &text(py, "x"), &*py.none()).is_err());
        assert_eq!(raised(py), "TypeError: handler must be callable");
        assert!(replace.call1(py, &*py.none()).is_err());
        assert_eq!(raised(py), "TypeError: don't know how to handle NoneType in error callback");
        assert!(registry::lookup(py, "nothing").is_err());
        err::clear(py);
        Ok(())
    });
}

#[test]
fn file_names() {
    with_python(|py| {
        for name in [&b"plain"[..], b"\xff\xfe", "\u{e9}\u{1f600}".as_bytes(), b"a\xc3"] {
            assert_eq!(fs_encode(py, &*fs_decode(py, name)?)?.as_slice(), name);
        }
        assert!(fs::path_bytes(py, &text(py, "a\0b")).is_err());
        assert_eq!(raised(py), "ValueError: embedded null byte");
        assert!(fs::path_str(py, PyBytes::new(py, b"a\0b")?.as_object()).is_err());
        assert_eq!(raised(py), "ValueError: embedded null character");
        assert!(fs::fspath(py, PyLong::from_i64(py, 5)?.as_object()).is_err());
        assert_eq!(raised(py), "TypeError: expected str, bytes or os.PathLike object, not int");
        Ok(())
    });
}

/// `class Name(base): pass`.
fn subclass(py: Python, name: &str, base: &PyType) -> PyResult {
    let bases = pack!(py, base)?;
    let dict = PyDict::new(py)?;
    (&PyType_Type as &PyObject).call(py, &[&text(py, name), &bases, &dict])
}

#[test]
fn instances_of_subclasses() {
    with_python(|py| {
        let class = subclass(py, "S", &PyUnicode_Type)?;
        for (s, size) in [("", 65), ("abc", 68), ("\u{e9}", 66), ("\u{100}x", 70), ("\u{1f600}", 72)] {
            let plain = text(py, s);
            let object = class.call1(py, &plain)?;
            let Some(instance) = object.downcast::<PyStr>() else { panic!("an instance of str") };
            assert!(!instance.is_compact() && instance.equals(&plain) && instance.hash_value() == plain.hash_value());
            assert_eq!(instance.size_of(), size, "{s:?}");
            assert_eq!(instance.to_str(py)?, s);
            assert!(PyStr::eq_str(&*instance.to_exact(py)?, s) && instance.to_exact(py)?.is_compact());
            assert!(PyStr::eq_str(&*instance.concat(py, &plain)?, &format!("{s}{s}")));
        }
        let class = subclass(py, "B", &PyBytes_Type)?;
        let object = class.call1(py, PyBytes::new(py, b"abc")?.as_object())?;
        assert_eq!(object.downcast::<PyBytes>().map(PyBytes::as_slice), Some(&b"abc"[..]));
        assert_eq!(object.repr(py)?.to_string_lossy(), "b'abc'");
        let class = subclass(py, "A", &PyByteArray_Type)?;
        let object = class.call1(py, PyBytes::new(py, b"abc")?.as_object())?;
        assert_eq!(object.repr(py)?.to_string_lossy(), "A(b'abc')");
        Ok(())
    });
}

#[test]
fn exported_bytearrays_keep_their_size() {
    with_python(|py| {
        let array = PyByteArray::new(py, b"abc")?;
        {
            let view = Buffer::get(py, &array, buffer::SIMPLE)?;
            assert_eq!(view.as_slice(), b"abc");
            for (method, args) in [("clear", 0), ("append", 1), ("pop", 0)] {
                let n = PyLong::from_i64(py, 97)?;
                let args: &[&PyObject] = if args == 0 { &[] } else { &[n.as_object()] };
                assert!(array.call_method(py, &*PyStr::intern(py, method)?, args).is_err(), "{method}");
                assert_eq!(raised(py), "BufferError: Existing exports of data: object cannot be re-sized");
            }
        }
        array.resize(py, 0)?;
        assert_eq!(array.len(), 0);
        Ok(())
    });
}

#[test]
fn growth_of_bytearrays() {
    with_python(|py| {
        let array = PyByteArray::new(py, b"")?;
        let mut sizes = Vec::new();
        for _ in 0..20 {
            array.append_slice(py, b"x")?;
            sizes.push(array.ob_alloc.get());
        }
        assert_eq!(sizes, [2, 5, 5, 5, 8, 8, 8, 12, 12, 12, 12, 19, 19, 19, 19, 19, 19, 19, 27, 27]);
        // Taken from the front, nothing moves.
        let start = array.ob_start.get();
        let key = crate::PySlice::from_indices(py, 0, 3)?;
        array.del_item(py, &key)?;
        assert_eq!((array.len(), array.ob_start.get().addr() - start.addr()), (17, 3));
        let mut model: Vec<u8> = (0..17).map(|_| b'x').collect();
        for i in 0..200u8 {
            let (from, to) = ((i as usize * 7) % (model.len() + 1), (i as usize * 11) % (model.len() + 1));
            let (from, to) = (from.min(to), from.max(to));
            let data = vec![i; (i as usize * 5) % 9];
            model.splice(from..to, data.iter().copied());
            let key = crate::PySlice::from_indices(py, from as isize, to as isize)?;
            array.set_item(py, &key, PyBytes::new(py, &data)?.as_object())?;
            array.with_slice(|s| assert_eq!(s, model, "step {i}"));
        }
        Ok(())
    });
}

#[test]
fn bytes_of_one_byte_are_shared() {
    with_python(|py| {
        let (a, b) = (PyBytes::new(py, b"a")?, PyBytes::new(py, b"a")?);
        assert!(a.is(b.as_object()));
        let (a, b) = (PyBytes::empty(py)?, PyBytes::empty(py)?);
        assert!(a.is(b.as_object()));
        Ok(())
    });
}
