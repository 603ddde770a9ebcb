//! `__format__` of `int`, `float`, `complex` and `str`.

use super::float_text::{self, ADD_DOT_0, ALT, NO_NEG_0};
use super::layout::{self, Marks, Parts};
use super::spec::FormatSpec;
use crate::abstracts::number;
use crate::types::int::{PyLong_Type, digits, text};
use crate::{Py, PyComplex, PyFloat, PyLong, PyObject, PyResult, PyStr, Python, Raised, StrBuilder, err, raise};

/// Parses a specification; ValueErrors name the object's type.
fn parse(py: Python, obj: &PyObject, spec: &PyStr, kind: u8, align: u8) -> PyResult<FormatSpec> {
    let chars: Vec<u32> = spec.chars().collect();
    FormatSpec::parse(&chars, kind, align, taipan_unicode::decimal)
        .map_err(|e| raise!(py, ValueError, "{}", e.message(&spec.to_string_lossy(), obj.ty().full_name())))
}

#[cold]
fn unknown_type(py: Python, kind: u32, obj: &PyObject) -> Raised {
    let name = obj.ty().full_name();
    match kind {
        33..128 => {
            let c = kind as u8 as char;
            raise!(py, ValueError, "Unknown format code '{c}' for object of type '{name:.200}'")
        }
        _ => raise!(py, ValueError, "Unknown format code '\\x{kind:x}' for object of type '{name:.200}'"),
    }
}

/// Refuses a width that no string can have.
fn check_width(py: Python, spec: &FormatSpec) -> PyResult<()> {
    match spec.width {
        Some(w) if w > isize::MAX as usize / 8 || Vec::<u8>::new().try_reserve_exact(w).is_err() => {
            Err(err::no_memory(py))
        }
        _ => Ok(()),
    }
}

/// The marks of the current locale, for type `n`.
fn locale_marks() -> Marks {
    let text = |p: *const core::ffi::c_char| -> Vec<u32> {
        if p.is_null() {
            return Vec::new();
        }
        // SAFETY: the C library gives NUL-terminated strings.
        let bytes = unsafe { core::ffi::CStr::from_ptr(p) };
        bytes.to_string_lossy().chars().map(|c| c as u32).collect()
    };
    // SAFETY: what localeconv gives stays valid until the locale is changed, which needs the GIL.
    unsafe {
        let l = &*libc::localeconv();
        let separator = text(l.thousands_sep);
        let groups = if l.grouping.is_null() || separator.is_empty() {
            Vec::new()
        } else {
            core::ffi::CStr::from_ptr(l.grouping).to_bytes().to_vec()
        };
        Marks { point: text(l.decimal_point), separator, groups, fraction_separator: Vec::new() }
    }
}

/// `int.__format__`.
pub fn format_int(py: Python, n: &PyLong, format_spec: &PyStr) -> PyResult<Py<PyStr>> {
    let obj: &PyObject = n;
    if format_spec.len() == 0 {
        return if obj.is_type(&PyLong_Type) { text::repr(py, n) } else { obj.str(py) };
    }
    let spec = parse(py, obj, format_spec, b'd', b'>')?;
    match u8::try_from(spec.kind) {
        Ok(b'b' | b'c' | b'd' | b'o' | b'x' | b'X' | b'n') => integer(py, n, &spec),
        Ok(b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%') => {
            let v = number::float(py, obj)?.value();
            float(py, obj, v, &spec)
        }
        _ => Err(unknown_type(py, spec.kind, obj)),
    }
}

fn integer(py: Python, n: &PyLong, spec: &FormatSpec) -> PyResult<Py<PyStr>> {
    if spec.precision.is_some() {
        return Err(raise!(py, ValueError, "Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(raise!(py, ValueError, "Negative zero coercion (z) not allowed in integer format specifier"));
    }
    check_width(py, spec)?;
    if spec.kind == 'c' as u32 {
        return character(py, n, spec);
    }
    let mut body = Vec::new();
    let (bits, prefix) = match spec.kind as u8 {
        b'b' => (1, "0b"),
        b'o' => (3, "0o"),
        b'x' => (4, "0x"),
        b'X' => (4, "0X"),
        _ => (0, ""),
    };
    if bits == 0 {
        text::decimal(py, n, &mut body)?;
    } else {
        digits::radix::to_power_of_two(n.digits(), bits, &mut body);
    }
    if spec.kind == 'X' as u32 {
        body.make_ascii_uppercase();
    }
    let body = core::str::from_utf8(&body).unwrap_or("");
    let parts = Parts {
        negative: n.is_negative(),
        prefix: if spec.alternate { prefix } else { "" },
        whole: body.strip_prefix('-').unwrap_or(body),
        ..Parts::default()
    };
    finish(py, spec, &parts)
}

/// The string that a number's parts make.
fn finish(py: Python, spec: &FormatSpec, parts: &Parts<'_>) -> PyResult<Py<PyStr>> {
    let local = spec.kind == 'n' as u32;
    if !local && let Some(text) = layout::plain(spec, parts) {
        return PyStr::from_ascii(py, &text);
    }
    let marks = if local { locale_marks() } else { Marks::of(spec) };
    let mut out = StrBuilder::new();
    layout::number(spec, &marks, parts, &mut out);
    out.finish(py)
}

fn character(py: Python, n: &PyLong, spec: &FormatSpec) -> PyResult<Py<PyStr>> {
    if spec.sign != 0 {
        return Err(raise!(py, ValueError, "Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(raise!(py, ValueError, "Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    let c = n.as_i64(py)?;
    if !(0..=0x10_ffff).contains(&c) {
        return Err(raise!(py, OverflowError, "%c arg not in range(0x110000)"));
    }
    let spec = FormatSpec { align: if spec.align == b'=' { b'>' } else { spec.align }, ..spec.clone() };
    let mut out = StrBuilder::new();
    layout::padded(&spec, 1, &mut out, |out| out.push_char(c as u32));
    out.finish(py)
}

/// `float.__format__`.
pub fn format_float(py: Python, f: &PyFloat, format_spec: &PyStr) -> PyResult<Py<PyStr>> {
    let obj: &PyObject = f;
    if format_spec.len() == 0 {
        return obj.str(py);
    }
    let spec = parse(py, obj, format_spec, 0, b'>')?;
    match u8::try_from(spec.kind) {
        Ok(0 | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'n' | b'%') => float(py, obj, f.value(), &spec),
        _ => Err(unknown_type(py, spec.kind, obj)),
    }
}

/// The precision, or what applies without one.
fn precision(py: Python, spec: &FormatSpec, default: usize) -> PyResult<usize> {
    match spec.precision {
        Some(p) if p > i32::MAX as usize => Err(raise!(py, ValueError, "precision too big")),
        Some(p) => {
            if p > 1 << 20 && Vec::<u8>::new().try_reserve_exact(p).is_err() {
                return Err(err::no_memory(py));
            }
            Ok(p)
        }
        None => Ok(default),
    }
}

fn float(py: Python, _obj: &PyObject, v: f64, spec: &FormatSpec) -> PyResult<Py<PyStr>> {
    check_width(py, spec)?;
    let mut flags = if spec.alternate { ALT } else { 0 };
    if spec.no_negative_zero {
        flags |= NO_NEG_0;
    }
    let kind = spec.kind as u8;
    let mut v = v;
    let mut code = match kind {
        0 => {
            flags |= ADD_DOT_0;
            b'r'
        }
        b'n' => b'g',
        b'%' => {
            v *= 100.0;
            b'f'
        }
        other => other,
    };
    let precision = precision(py, spec, if kind == 0 { 0 } else { 6 })?;
    if code == b'r' && spec.precision.is_some() {
        code = b'g';
    }
    let mut body = Vec::new();
    float_text::write(v, code, precision, flags, &mut body);
    if kind == b'%' {
        body.push(b'%');
    }
    let parts = Parts::of_float(core::str::from_utf8(&body).unwrap_or(""));
    finish(py, spec, &parts)
}

/// `complex.__format__`.
pub fn format_complex(py: Python, c: &PyComplex, format_spec: &PyStr) -> PyResult<Py<PyStr>> {
    let obj: &PyObject = c;
    if format_spec.len() == 0 {
        return obj.str(py);
    }
    let spec = parse(py, obj, format_spec, 0, b'>')?;
    match u8::try_from(spec.kind) {
        Ok(0 | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'n') => {}
        _ => return Err(unknown_type(py, spec.kind, obj)),
    }
    let kind = spec.kind as u8;
    let precision = precision(py, &spec, if kind == 0 { 0 } else { 6 })?;
    if spec.fill == b'0' as u32 {
        return Err(raise!(py, ValueError, "Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == b'=' {
        return Err(raise!(py, ValueError, "'=' alignment flag is not allowed in complex format specifier"));
    }
    check_width(py, &spec)?;
    let (re, im) = (c.real.get(), c.imag.get());
    // Without a type, as repr: no real part if it is zero, else parentheses.
    let skip_real = kind == 0 && re == 0.0 && re.is_sign_positive();
    let parentheses = kind == 0 && !skip_real;
    let code = match kind {
        0 if spec.precision.is_some() => b'g',
        0 => b'r',
        b'n' => b'g',
        other => other,
    };
    let mut flags = if spec.alternate { ALT } else { 0 };
    if spec.no_negative_zero {
        flags |= NO_NEG_0;
    }
    let marks = if kind == b'n' { locale_marks() } else { Marks::of(&spec) };
    let mut inner = FormatSpec { width: None, align: b'<', fill: b' ' as u32, ..spec.clone() };
    let mut content = StrBuilder::new();
    let part = |v: f64, spec: &FormatSpec, content: &mut StrBuilder| {
        let mut body = Vec::new();
        float_text::write(v, code, precision, flags, &mut body);
        layout::number(spec, &marks, &Parts::of_float(core::str::from_utf8(&body).unwrap_or("")), content);
    };
    if parentheses {
        content.push_char('(' as u32);
    }
    if !skip_real {
        part(re, &inner, &mut content);
        inner.sign = b'+';
    }
    part(im, &inner, &mut content);
    content.push_char('j' as u32);
    if parentheses {
        content.push_char(')' as u32);
    }
    let len = content.len();
    let content = content.finish(py)?;
    let mut out = StrBuilder::new();
    layout::padded(&spec, len, &mut out, |out| out.push_pystr(&content));
    out.finish(py)
}

/// `str.__format__`.
pub fn format_str(py: Python, s: &PyStr, format_spec: &PyStr) -> PyResult<Py<PyStr>> {
    let obj: &PyObject = s;
    if format_spec.len() == 0 {
        return obj.str(py);
    }
    let spec = parse(py, obj, format_spec, b's', b'<')?;
    if spec.kind != 's' as u32 {
        return Err(unknown_type(py, spec.kind, obj));
    }
    match spec.sign {
        0 => {}
        b' ' => return Err(raise!(py, ValueError, "Space not allowed in string format specifier")),
        _ => return Err(raise!(py, ValueError, "Sign not allowed in string format specifier")),
    }
    if spec.no_negative_zero {
        return Err(raise!(py, ValueError, "Negative zero coercion (z) not allowed in string format specifier"));
    }
    if spec.alternate {
        return Err(raise!(py, ValueError, "Alternate form (#) not allowed in string format specifier"));
    }
    if spec.align == b'=' {
        return Err(raise!(py, ValueError, "'=' alignment not allowed in string format specifier"));
    }
    check_width(py, &spec)?;
    let len = s.len().min(spec.precision.unwrap_or(usize::MAX));
    let shown = s.substring(py, 0, len)?;
    let mut out = StrBuilder::with_capacity(len.max(spec.width.unwrap_or(0)));
    layout::padded(&spec, len, &mut out, |out| out.push_pystr(&shown));
    out.finish(py)
}
