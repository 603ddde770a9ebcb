//! `str % args`, and what `bytes % args` shares with it.

use super::split::is_exact;
use super::{PyStr, StrBuilder, StrData};
use crate::abstracts::{mapping, number};
use crate::numfmt::float_text;
use crate::text::percent::{ALT, Amount, FormatError, LEFT, NoMemory, Reader, Spec, ZERO};
use crate::text::{percent, search::Unit};
use crate::types::int::{digits, text};
use crate::{Py, PyLong, PyObject, PyResult, PyTuple, Python, Raised, err, exceptions, raise};
use core::ops::Range;

/// The arguments of a `%` operation, taken one after another or by key.
pub(crate) struct FormatArgs<'a> {
    /// What is taken from: the right operand, or the value that the last key gave.
    args: Py,
    /// How many were taken.
    taken: usize,
    /// How many there are; `None` for one that is no tuple.
    len: Option<usize>,
    mapping: Option<&'a PyObject>,
}

impl<'a> FormatArgs<'a> {
    /// `plain`: the right operand is text of the format's own kind, which is no mapping though it can be subscribed.
    pub(crate) fn new(args: &'a PyObject, plain: bool) -> FormatArgs<'a> {
        let len = args.downcast::<PyTuple>().map(PyTuple::len);
        let mapping = (len.is_none() && !plain && mapping::check(args)).then_some(args);
        FormatArgs { args: Py::new_ref(args), taken: 0, len, mapping }
    }

    fn next(&mut self, py: Python) -> PyResult {
        let i = self.taken;
        if i >= self.len.unwrap_or(1) {
            return Err(raise!(py, TypeError, "not enough arguments for format string"));
        }
        self.taken += 1;
        Ok(match self.args.downcast::<PyTuple>() {
            Some(tuple) if self.len.is_some() => Py::new_ref(tuple.get(i)),
            _ => self.args.clone(),
        })
    }

    /// Takes the value of a key; the next argument is that one.
    fn select(&mut self, py: Python, key: impl FnOnce() -> PyResult) -> PyResult<()> {
        let Some(mapping) = self.mapping else { return Err(raise!(py, TypeError, "format requires a mapping")) };
        self.args = mapping.get_item(py, &*key()?)?;
        (self.taken, self.len) = (0, None);
        Ok(())
    }

    /// True if arguments are left that should have been taken.
    pub(crate) fn are_left(&self) -> bool {
        self.taken < self.len.unwrap_or(1) && self.mapping.is_none()
    }
}

/// `precision`: the word for it in the error.
#[cold]
fn format_error(py: Python, e: FormatError, precision: &str) -> Raised {
    match e {
        FormatError::IncompleteKey => raise!(py, ValueError, "incomplete format key"),
        FormatError::Incomplete => raise!(py, ValueError, "incomplete format"),
        FormatError::WidthTooBig => raise!(py, ValueError, "width too big"),
        FormatError::PrecisionTooBig => raise!(py, ValueError, "{precision} too big"),
    }
}

/// Reads a specifier, whose `%` was passed over, and takes its arguments; the last is the value to be formatted. `None`
/// for `%%`.
pub(crate) fn read_spec<T: Unit>(
    py: Python,
    reader: &mut Reader<'_, T>,
    args: &mut FormatArgs<'_>,
    precision_word: &str,
    key: impl FnOnce(Range<usize>) -> PyResult,
) -> PyResult<Option<(Spec, Py)>> {
    let bad = |e| format_error(py, e, precision_word);
    if reader.skip_percent() {
        return Ok(None);
    }
    if let Some(range) = reader.key().map_err(bad)? {
        args.select(py, || key(range))?;
    }
    let mut flags = reader.flags();
    let star = |args: &mut FormatArgs<'_>| -> PyResult<Py<PyLong>> {
        args.next(py)?.downcast_into::<PyLong>().map_err(|_| raise!(py, TypeError, "* wants int"))
    };
    let width = match reader.width().map_err(bad)? {
        Amount::None => 0,
        Amount::Number(n) => n,
        Amount::Star => {
            let n = star(args)?.as_isize(py)?;
            if n < 0 {
                flags |= LEFT;
            }
            n.unsigned_abs()
        }
    };
    let precision = match reader.precision().map_err(bad)? {
        Amount::None => None,
        Amount::Number(n) => Some(n),
        Amount::Star => Some(star(args)?.as_i32(py)?.max(0) as usize),
    };
    let conversion = reader.conversion().map_err(bad)?;
    let value = args.next(py)?;
    Ok(Some((Spec { flags, width, precision, conversion }, value)))
}

#[cold]
pub(crate) fn unsupported(py: Python, conversion: u32, index: usize) -> Raised {
    let shown = match conversion {
        32..=126 => conversion as u8 as char,
        _ => '?',
    };
    raise!(py, ValueError, "unsupported format character '{shown}' (0x{conversion:x}) at index {index}")
}

fn no_memory(py: Python) -> impl Fn(NoMemory) -> Raised {
    move |NoMemory| err::no_memory(py)
}

/// The value of `%d`, `%x` and their like as an int.
fn integer_value(py: Python, value: &PyObject, kind: u8) -> PyResult<Py<PyLong>> {
    if let Some(n) = value.downcast::<PyLong>() {
        return Ok(Py::new_ref(n));
    }
    let bases = matches!(kind, b'x' | b'X' | b'o');
    let wrong = || {
        let kind = kind as char;
        let wanted = if bases { "an integer" } else { "a real number" };
        let given = value.ty().full_name();
        raise!(py, TypeError, "%{kind} format: {wanted} is required, not {given:.200}")
    };
    if !number::check(value) {
        return Err(wrong());
    }
    let n = if bases { number::index(py, value) } else { number::long(py, value) };
    n.map_err(|raised| {
        if err::matches(py, exceptions::TypeError()) {
            err::clear(py);
            return wrong();
        }
        raised
    })
}

/// `%d`, `%i`, `%u`, `%o`, `%x`, `%X`: appends the padded text.
pub(crate) fn format_integer(py: Python, spec: &Spec, value: &PyObject, out: &mut Vec<u8>) -> PyResult<()> {
    let kind = spec.conversion as u8;
    let n = integer_value(py, value, kind)?;
    if spec.precision.is_some_and(|p| p > i32::MAX as usize - 3) {
        return Err(raise!(py, ValueError, "precision too big"));
    }
    let mut body = Vec::new();
    match kind {
        b'o' => digits::radix::to_power_of_two(n.digits(), 3, &mut body),
        b'x' | b'X' => digits::radix::to_power_of_two(n.digits(), 4, &mut body),
        _ => text::decimal(py, &n, &mut body)?,
    }
    let negative = n.is_negative();
    let unsigned = body.strip_prefix(b"-").unwrap_or(&body);
    let mut number = Vec::new();
    let prefix = percent::integer(spec, negative, unsigned, &mut number).map_err(no_memory(py))?;
    percent::number(spec, &number, prefix, out).map_err(no_memory(py))
}

/// `%e`, `%f`, `%g` and their like of a float: appends the padded text.
pub(crate) fn format_float(py: Python, spec: &Spec, value: f64, out: &mut Vec<u8>) -> PyResult<()> {
    let precision = spec.precision.unwrap_or(6);
    if precision > 1 << 20 && Vec::<u8>::new().try_reserve_exact(precision).is_err() {
        return Err(err::no_memory(py));
    }
    let flags = if spec.flags & ALT != 0 { float_text::ALT } else { 0 };
    let mut body = Vec::new();
    float_text::write(value, spec.conversion as u8, precision, flags, &mut body);
    percent::number(spec, &body, false, out).map_err(no_memory(py))
}

/// The character of `%c`.
fn character(py: Python, value: &PyObject) -> PyResult<u32> {
    if let Some(s) = value.downcast::<PyStr>() {
        if s.len() == 1 {
            return Ok(s.char_at(0));
        }
        return Err(raise!(
            py,
            TypeError,
            "%c requires an int or a unicode character, not a string of length {}",
            s.len()
        ));
    }
    let n = match number::index(py, value) {
        Ok(n) => n,
        Err(raised) => {
            if !err::matches(py, exceptions::TypeError()) {
                return Err(raised);
            }
            err::clear(py);
            let given = value.ty().full_name();
            return Err(raise!(py, TypeError, "%c requires an int or a unicode character, not {given}"));
        }
    };
    match n.try_i64().and_then(|n| u32::try_from(n).ok()) {
        Some(c @ 0..0x110000) => Ok(c),
        _ => Err(raise!(py, OverflowError, "%c arg not in range(0x110000)")),
    }
}

/// Appends text cut and padded as `spec` says.
fn push_padded(py: Python, spec: &Spec, text: StrData<'_>, out: &mut StrBuilder) -> PyResult<()> {
    let len = text.len().min(spec.precision.unwrap_or(usize::MAX));
    let pad = spec.width.saturating_sub(len);
    if pad > 0 && !out.try_reserve(pad + len) {
        return Err(err::no_memory(py));
    }
    let left = spec.flags & LEFT != 0;
    if !left {
        out.push_repeated(' ' as u32, pad);
    }
    out.push_data(text.slice(0..len));
    if left {
        out.push_repeated(' ' as u32, pad);
    }
    Ok(())
}

/// `format % args` (`PyUnicode_Format`).
pub fn format(py: Python, format: &PyStr, args: &PyObject) -> PyResult<Py<PyStr>> {
    let mut args = FormatArgs::new(args, args.downcast::<PyStr>().is_some());
    let mut out = StrBuilder::with_capacity(format.len() + 100);
    crate::with_chars!(format.data(), s => run(py, format, s, &mut args, &mut out))?;
    if args.are_left() {
        return Err(raise!(py, TypeError, "not all arguments converted during string formatting"));
    }
    out.finish(py)
}

fn run<T: Unit>(
    py: Python,
    format: &PyStr,
    chars: &[T],
    args: &mut FormatArgs<'_>,
    out: &mut StrBuilder,
) -> PyResult<()> {
    let mut reader = Reader::new(chars);
    loop {
        let (literal, more) = reader.literal();
        out.push_data(format.data().slice(literal));
        if !more {
            return Ok(());
        }
        let key = |r: Range<usize>| format.substring(py, r.start, r.end).map(Py::into_object);
        let Some((spec, value)) = read_spec(py, &mut reader, args, "precision", key)? else {
            out.push_char('%' as u32);
            continue;
        };
        let mut text = Vec::new();
        match u8::try_from(spec.conversion) {
            Ok(b's') if spec.width == 0 && spec.precision.is_none() && value.is_type(&super::PyUnicode_Type) => {
                if let Some(s) = value.downcast::<PyStr>() {
                    out.push_pystr(s);
                }
            }
            Ok(b's') => {
                let s = value.str(py)?;
                push_padded(py, &spec, s.data(), out)?;
            }
            Ok(b'r') => push_padded(py, &spec, value.repr(py)?.data(), out)?,
            Ok(b'a') => push_padded(py, &spec, value.ascii(py)?.data(), out)?,
            Ok(b'd' | b'i' | b'u' | b'o' | b'x' | b'X') => {
                format_integer(py, &spec, &value, &mut text)?;
                out.push_data(StrData::Ascii(&text));
            }
            Ok(b'e' | b'E' | b'f' | b'F' | b'g' | b'G') => {
                let v = crate::declare::convert::real_number(py, &value)?;
                format_float(py, &spec, v, &mut text)?;
                out.push_data(StrData::Ascii(&text));
            }
            Ok(b'c') => {
                let c = [character(py, &value)?];
                let spec = Spec { flags: spec.flags & !ZERO, precision: None, ..spec };
                push_padded(py, &spec, StrData::Ucs4(&c), out)?;
            }
            _ => return Err(unsupported(py, spec.conversion, reader.position() - 1)),
        }
    }
}

/// `nb_remainder` of str: anything may be on the right.
pub(super) fn remainder(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    match a.downcast::<PyStr>() {
        Some(s) => {
            let result = format(py, s, b)?;
            debug_assert!(is_exact(&result));
            Ok(result.into_object())
        }
        None => Ok(py.not_implemented()),
    }
}
