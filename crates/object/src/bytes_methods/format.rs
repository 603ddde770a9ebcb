//! `bytes % args` (PEP 461).

use super::{Arg, ByteSeq};
use crate::abstracts::buffer;
use crate::text::percent::{LEFT, Reader, Spec, ZERO};
use crate::types::str_::percent::{FormatArgs, format_float, format_integer, read_spec, unsupported};
use crate::{Py, PyByteArray, PyBytes, PyObject, PyResult, PyStr, Python, err, exceptions, id, raise};

/// `format % args`.
pub(crate) fn remainder<T: ByteSeq>(py: Python, format: &T, args: &PyObject) -> PyResult {
    // Arguments run Python code, which may change a bytearray.
    let format = format.view(<[u8]>::to_vec);
    let out = percent(py, &format, args)?;
    T::make(py, &out).map(Py::into_object)
}

/// The bytes of `format % args`.
pub(crate) fn percent(py: Python, format: &[u8], args: &PyObject) -> PyResult<Vec<u8>> {
    let plain = args.downcast::<PyBytes>().is_some()
        || args.downcast::<PyStr>().is_some()
        || args.downcast::<PyByteArray>().is_some();
    let mut args = FormatArgs::new(args, plain);
    let mut out = Vec::with_capacity(format.len() + 100);
    let mut reader = Reader::new(format);
    loop {
        let (literal, more) = reader.literal();
        out.extend_from_slice(&format[literal]);
        if !more {
            break;
        }
        let key = |r: core::ops::Range<usize>| PyBytes::new(py, &format[r]).map(Py::into_object);
        let Some((spec, value)) = read_spec(py, &mut reader, &mut args, "prec", key)? else {
            out.push(b'%');
            continue;
        };
        match u8::try_from(spec.conversion) {
            Ok(b's' | b'b') => push_padded(py, &spec, content(py, &value)?.as_slice(), &mut out)?,
            Ok(b'r' | b'a') => {
                let text = value.ascii(py)?;
                push_padded(py, &spec, text.as_raw_bytes(), &mut out)?;
            }
            Ok(b'd' | b'i' | b'u' | b'o' | b'x' | b'X') => format_integer(py, &spec, &value, &mut out)?,
            Ok(b'e' | b'E' | b'f' | b'F' | b'g' | b'G') => {
                let v = crate::declare::convert::real_number(py, &value).map_err(|_| {
                    err::clear(py);
                    let given = value.ty().full_name();
                    raise!(py, TypeError, "float argument required, not {given:.200}")
                })?;
                format_float(py, &spec, v, &mut out)?;
            }
            Ok(b'c') => {
                let c = [character(py, &value)?];
                let spec = Spec { flags: spec.flags & !ZERO, precision: None, ..spec };
                push_padded(py, &spec, &c, &mut out)?;
            }
            Ok(0x80..) => {
                return Err(raise!(py, OverflowError, "character argument not in range(0x110000)"));
            }
            _ => return Err(unsupported(py, spec.conversion, reader.position() - 1)),
        }
    }
    if args.are_left() {
        return Err(raise!(py, TypeError, "not all arguments converted during bytes formatting"));
    }
    Ok(out)
}

fn push_padded(py: Python, spec: &Spec, text: &[u8], out: &mut Vec<u8>) -> PyResult<()> {
    let text = &text[..text.len().min(spec.precision.unwrap_or(usize::MAX))];
    let pad = spec.width.saturating_sub(text.len());
    if out.try_reserve(pad + text.len()).is_err() {
        return Err(err::no_memory(py));
    }
    let left = spec.flags & LEFT != 0;
    if !left {
        out.resize(out.len() + pad, b' ');
    }
    out.extend_from_slice(text);
    if left {
        out.resize(out.len() + pad, b' ');
    }
    Ok(())
}

/// What `%b` shows.
enum Content<'a> {
    Given(Arg<'a>),
    Made(Py<PyBytes>),
}

impl Content<'_> {
    fn as_slice(&self) -> &[u8] {
        match self {
            Content::Given(arg) => arg.as_slice(),
            Content::Made(bytes) => bytes.as_slice(),
        }
    }
}

fn content<'a>(py: Python, value: &'a PyObject) -> PyResult<Content<'a>> {
    if value.downcast_exact::<PyBytes>().is_some() || value.downcast_exact::<PyByteArray>().is_some() {
        return Ok(Content::Given(Arg::get(py, value)?));
    }
    if let Some(method) = value.lookup_special(py, id!(py, "__bytes__"))? {
        let result = method.call0(py)?;
        return match result.downcast_into::<PyBytes>() {
            Ok(bytes) => Ok(Content::Made(bytes)),
            Err(other) => {
                let given = other.ty().full_name();
                Err(raise!(py, TypeError, "__bytes__ returned non-bytes (type {given:.200})"))
            }
        };
    }
    if buffer::check(value) {
        return Ok(Content::Given(Arg::get(py, value)?));
    }
    let given = value.ty().full_name();
    Err(raise!(
        py,
        TypeError,
        "%b requires a bytes-like object, or an object that implements __bytes__, not '{given:.100}'"
    ))
}

/// The byte of `%c`.
fn character(py: Python, value: &PyObject) -> PyResult<u8> {
    let text = |bytes: &[u8], name: &str| match bytes {
        [c] => Ok(*c),
        _ => Err(raise!(
            py,
            TypeError,
            "%c requires an integer in range(256) or a single byte, not a {name} object of length {}",
            bytes.len()
        )),
    };
    if let Some(b) = value.downcast::<PyBytes>() {
        return text(b.as_slice(), "bytes");
    }
    if let Some(b) = value.downcast::<PyByteArray>() {
        return b.with_slice(|s| text(s, "bytearray"));
    }
    let n = match crate::abstracts::number::index(py, value) {
        Ok(n) => n,
        Err(raised) => {
            if !err::matches(py, exceptions::TypeError()) {
                return Err(raised);
            }
            err::clear(py);
            let given = value.ty().full_name();
            return Err(raise!(py, TypeError, "%c requires an integer in range(256) or a single byte, not {given}"));
        }
    };
    match n.try_i64().and_then(|n| u8::try_from(n).ok()) {
        Some(c) => Ok(c),
        None => Err(raise!(py, OverflowError, "%c arg not in range(256)")),
    }
}
