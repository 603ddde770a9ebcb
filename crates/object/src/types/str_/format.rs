//! `str.format` and `str.format_map` (PEP 3101).

use super::{PyStr, StrBuilder};
use crate::abstracts::sequence;
use crate::text::fields::{self, Field, FieldError, Markup};
use crate::text::search::Unit;
use crate::types::float::PyFloat_Type;
use crate::types::int::PyLong_Type;
use crate::{Py, PyLong, PyObject, PyResult, Python, Raised, err, raise};
use core::ops::Range;

/// How deep specifications may have fields of their own.
const DEPTH: usize = 2;

/// How fields without a number are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    Unknown,
    Automatic,
    Manual,
}

/// What the fields refer to.
struct Arguments<'a> {
    /// `None` for `format_map`.
    positional: Option<&'a [&'a PyObject]>,
    /// A mapping, or nothing.
    named: Option<&'a PyObject>,
    numbering: Numbering,
    next: usize,
}

#[cold]
fn field_error(py: Python, e: FieldError) -> Raised {
    raise!(py, ValueError, "{}", e.message())
}

/// `s.format(*positional, **named)`; without `positional` it is `s.format_map(named)`.
pub fn format(
    py: Python,
    s: &PyStr,
    positional: Option<&[&PyObject]>,
    named: Option<&PyObject>,
) -> PyResult<Py<PyStr>> {
    let mut args = Arguments { positional, named, numbering: Numbering::Unknown, next: 0 };
    let mut out = StrBuilder::with_capacity(s.len() + 100);
    build(py, s, 0..s.len(), &mut args, DEPTH, &mut out)?;
    out.finish(py)
}

fn build(
    py: Python,
    s: &PyStr,
    range: Range<usize>,
    args: &mut Arguments<'_>,
    depth: usize,
    out: &mut StrBuilder,
) -> PyResult<()> {
    if depth == 0 {
        return Err(raise!(py, ValueError, "Max string recursion exceeded"));
    }
    crate::with_chars!(s.data(), chars => {
        let mut markup = Markup::new(&chars[..range.end], range.start);
        while let Some((literal, field)) = markup.step().map_err(|e| field_error(py, e))? {
            out.push_data(s.data().slice(literal));
            if let Some(field) = field {
                render(py, s, chars, &field, args, depth, out)?;
            }
        }
        Ok(())
    })
}

fn render<T: Unit>(
    py: Python,
    s: &PyStr,
    chars: &[T],
    field: &Field,
    args: &mut Arguments<'_>,
    depth: usize,
    out: &mut StrBuilder,
) -> PyResult<()> {
    let mut value = look_up(py, s, chars, field.name.clone(), args)?;
    match field.conversion {
        None => {}
        Some(0x72) => value = value.repr(py)?.into_object(),
        Some(0x73) => value = value.str(py)?.into_object(),
        Some(0x61) => value = value.ascii(py)?.into_object(),
        Some(c @ 33..127) => {
            return Err(raise!(py, ValueError, "Unknown conversion specifier {}", c as u8 as char));
        }
        Some(c) => return Err(raise!(py, ValueError, "Unknown conversion specifier \\x{c:x}")),
    }
    if field.spec.is_empty() {
        if let Some(text) = value.downcast_exact::<PyStr>() {
            out.push_pystr(text);
            return Ok(());
        }
        if value.is_type(&PyLong_Type) || value.is_type(&PyFloat_Type) {
            out.push_pystr(&*value.str(py)?);
            return Ok(());
        }
    }
    let spec = if field.nested {
        let mut spec = StrBuilder::new();
        build(py, s, field.spec.clone(), args, depth - 1, &mut spec)?;
        spec.finish(py)?
    } else {
        s.substring(py, field.spec.start, field.spec.end)?
    };
    out.push_pystr(&*value.format(py, &spec)?);
    Ok(())
}

/// The object that a field's name leads to.
fn look_up<T: Unit>(py: Python, s: &PyStr, chars: &[T], name: Range<usize>, args: &mut Arguments<'_>) -> PyResult {
    let text = &chars[name.clone()];
    let bad = |e| field_error(py, e);
    let mut at = fields::first_part(text);
    let first = name.start..name.start + at;
    let mut index = fields::integer(&text[..at]).map_err(bad)?;
    if args.positional.is_some() && (index.is_some() || first.is_empty()) {
        let numbering = if index.is_some() { Numbering::Manual } else { Numbering::Automatic };
        match (args.numbering, numbering) {
            (Numbering::Manual, Numbering::Automatic) => {
                return Err(raise!(
                    py,
                    ValueError,
                    "cannot switch from manual field specification to automatic field numbering"
                ));
            }
            (Numbering::Automatic, Numbering::Manual) => {
                return Err(raise!(
                    py,
                    ValueError,
                    "cannot switch from automatic field numbering to manual field specification"
                ));
            }
            _ => args.numbering = numbering,
        }
        if index.is_none() {
            index = Some(args.next);
            args.next += 1;
        }
    }
    let mut value = match (index, args.positional) {
        (Some(i), Some(positional)) => match positional.get(i) {
            Some(value) => Py::new_ref(*value),
            None => {
                return Err(raise!(py, IndexError, "Replacement index {i} out of range for positional args tuple"));
            }
        },
        (None, _) if !first.is_empty() || args.positional.is_some() => {
            let key = s.substring(py, first.start, first.end)?;
            match args.named {
                Some(named) => named.get_item(py, &key)?,
                None => return Err(err::key_error(py, &key)),
            }
        }
        _ => return Err(raise!(py, ValueError, "Format string contains positional fields")),
    };
    while let Some(part) = fields::accessor(text, &mut at).map_err(bad)? {
        let key = || s.substring(py, name.start + part.name.start, name.start + part.name.end);
        value = match part.index {
            _ if part.attribute => value.getattr(py, &*key()?)?,
            Some(i) => {
                if sequence::check(&value) {
                    sequence::get_item(py, &value, i as isize)?
                } else {
                    value.get_item(py, PyLong::from_usize(py, i)?.as_object())?
                }
            }
            None => value.get_item(py, &*key()?)?,
        };
    }
    Ok(value)
}

/// What a step of `_string.formatter_parser` gives: literal, and name, specification and conversion of the field.
pub struct ParsedField {
    pub literal: Py<PyStr>,
    pub field: Option<(Py<PyStr>, Py<PyStr>, Option<Py<PyStr>>)>,
}

/// The step of `_string.formatter_parser` that begins at `at`, which is moved on.
pub fn parse_step(py: Python, s: &PyStr, at: &mut usize) -> PyResult<Option<ParsedField>> {
    let step = crate::with_chars!(s.data(), chars => {
        let mut markup = Markup::new(chars, *at);
        let step = markup.step();
        *at = markup.position();
        step
    });
    let Some((literal, field)) = step.map_err(|e| field_error(py, e))? else { return Ok(None) };
    let literal = s.substring(py, literal.start, literal.end)?;
    let Some(field) = field else { return Ok(Some(ParsedField { literal, field: None })) };
    let name = s.substring(py, field.name.start, field.name.end)?;
    let spec = s.substring(py, field.spec.start, field.spec.end)?;
    let conversion = field.conversion.map(|c| PyStr::from_char(py, c)).transpose()?;
    Ok(Some(ParsedField { literal, field: Some((name, spec, conversion)) }))
}

/// `_string.formatter_field_name_split`: the first part, an int or str, and where the rest begins.
pub fn split_field_name(py: Python, name: &PyStr) -> PyResult<(Py, usize)> {
    let (end, index) = crate::with_chars!(name.data(), chars => {
        let end = fields::first_part(chars);
        (end, fields::integer(&chars[..end]))
    });
    Ok(match index.map_err(|e| field_error(py, e))? {
        Some(i) => (PyLong::from_usize(py, i)?.into_object(), end),
        None => (name.substring(py, 0, end)?.into_object(), end),
    })
}

/// The next part of the iterator that `_string.formatter_field_name_split` gives: is it an attribute, and its name or index.
pub fn next_accessor(py: Python, name: &PyStr, at: &mut usize) -> PyResult<Option<(bool, Py)>> {
    let part = crate::with_chars!(name.data(), chars => fields::accessor(chars, at));
    let Some(part) = part.map_err(|e| field_error(py, e))? else { return Ok(None) };
    let value = match part.index {
        Some(i) if !part.attribute => PyLong::from_usize(py, i)?.into_object(),
        _ => name.substring(py, part.name.start, part.name.end)?.into_object(),
    };
    Ok(Some((part.attribute, value)))
}
