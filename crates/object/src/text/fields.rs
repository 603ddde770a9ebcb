//! Format strings of `str.format` (PEP 3101): literals, replacement fields, and the parts of a field's name.

use super::search::Unit;
use core::ops::Range;

/// What is wrong with a format string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldError {
    SingleOpen,
    SingleClose,
    OpenInName,
    NoClose,
    NoConversion,
    AfterConversion,
    UnmatchedInSpec,
    EmptyAttribute,
    MissingBracket,
    AfterBracket,
    TooManyDigits,
}

impl FieldError {
    /// The text of the ValueError.
    pub fn message(self) -> &'static str {
        match self {
            FieldError::SingleOpen => "Single '{' encountered in format string",
            FieldError::SingleClose => "Single '}' encountered in format string",
            FieldError::OpenInName => "unexpected '{' in field name",
            FieldError::NoClose => "expected '}' before end of string",
            FieldError::NoConversion => "end of string while looking for conversion specifier",
            FieldError::AfterConversion => "expected ':' after conversion specifier",
            FieldError::UnmatchedInSpec => "unmatched '{' in format spec",
            FieldError::EmptyAttribute => "Empty attribute in format string",
            FieldError::MissingBracket => "Missing ']' in format string",
            FieldError::AfterBracket => "Only '.' or '[' may follow ']' in format field specifier",
            FieldError::TooManyDigits => "Too many decimal digits in format string",
        }
    }
}

/// A replacement field: ranges of the format string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: Range<usize>,
    pub conversion: Option<u32>,
    pub spec: Range<usize>,
    /// There are fields in the specification.
    pub nested: bool,
}

/// Reads a format string: each step gives a literal and perhaps the field behind it.
pub struct Markup<'a, T> {
    text: &'a [T],
    at: usize,
}

impl<'a, T: Unit> Markup<'a, T> {
    /// Reads `text` from `at` on.
    pub fn new(text: &'a [T], at: usize) -> Markup<'a, T> {
        Markup { text, at }
    }

    /// Where the reader stands.
    pub fn position(&self) -> usize {
        self.at
    }

    fn take(&mut self) -> Option<u32> {
        let c = self.text.get(self.at)?;
        self.at += 1;
        Some((*c).into())
    }

    /// The next literal, in which a doubled brace counts once, and field; `None` at the end.
    pub fn step(&mut self) -> Result<Option<(Range<usize>, Option<Field>)>, FieldError> {
        const OPEN: u32 = '{' as u32;
        const CLOSE: u32 = '}' as u32;
        let start = self.at;
        if start >= self.text.len() {
            return Ok(None);
        }
        let run = self.text[start..]
            .iter()
            .take_while(|&&c| {
                let c: u32 = c.into();
                c != OPEN && c != CLOSE
            })
            .count();
        self.at += run;
        let Some(c) = self.take() else { return Ok(Some((start..self.at, None))) };
        match self.text.get(self.at).map(|&n| n.into()) {
            Some(next) if next == c => {
                self.at += 1;
                return Ok(Some((start..self.at - 1, None)));
            }
            _ if c == CLOSE => return Err(FieldError::SingleClose),
            None => return Err(FieldError::SingleOpen),
            Some(_) => {}
        }
        let literal = start..self.at - 1;
        Ok(Some((literal, Some(self.field()?))))
    }

    fn field(&mut self) -> Result<Field, FieldError> {
        let start = self.at;
        let mut last = 0;
        while let Some(c) = self.take() {
            last = c;
            match u8::try_from(c) {
                Ok(b'{') => return Err(FieldError::OpenInName),
                // Anything may stand in brackets.
                Ok(b'[') => {
                    let rest = &self.text[self.at..];
                    self.at += T::from_u32(']' as u32).position(rest).unwrap_or(rest.len());
                }
                Ok(b'}' | b':' | b'!') => break,
                _ => {}
            }
        }
        let mut field = Field { name: start..self.at - 1, conversion: None, spec: 0..0, nested: false };
        match u8::try_from(last) {
            Ok(b'}') => return Ok(field),
            Ok(b'!') => {
                field.conversion = Some(self.take().ok_or(FieldError::NoConversion)?);
                match self.take().map(u8::try_from) {
                    Some(Ok(b'}')) => return Ok(field),
                    Some(Ok(b':')) | None => {}
                    Some(_) => return Err(FieldError::AfterConversion),
                }
            }
            Ok(b':') => {}
            _ => return Err(FieldError::NoClose),
        }
        let spec = self.at;
        let mut depth = 1;
        while let Some(c) = self.take() {
            if c == '{' as u32 {
                field.nested = true;
                depth += 1;
            } else if c == '}' as u32 {
                depth -= 1;
                if depth == 0 {
                    field.spec = spec..self.at - 1;
                    return Ok(field);
                }
            }
        }
        Err(FieldError::UnmatchedInSpec)
    }
}

/// The value of decimal digits of any script; `None` if it is no number.
pub fn integer<T: Unit>(text: &[T]) -> Result<Option<usize>, FieldError> {
    if text.is_empty() {
        return Ok(None);
    }
    let mut n = 0usize;
    for &c in text {
        let Some(digit) = taipan_unicode::decimal(c.into()) else { return Ok(None) };
        n = n
            .checked_mul(10)
            .and_then(|n| n.checked_add(digit as usize))
            .filter(|&n| n <= isize::MAX as usize)
            .ok_or(FieldError::TooManyDigits)?;
    }
    Ok(Some(n))
}

/// Where the first part of a field's name ends.
pub fn first_part<T: Unit>(name: &[T]) -> usize {
    name.iter()
        .take_while(|&&c| {
            let c: u32 = c.into();
            c != '.' as u32 && c != '[' as u32
        })
        .count()
}

/// A part of a field's name after the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accessor {
    /// `.name`, not `[name]`.
    pub attribute: bool,
    pub name: Range<usize>,
    /// The index, if the name in brackets is a number.
    pub index: Option<usize>,
}

/// The part of a field's name that begins at `at`, which is moved behind it; `None` at the end.
pub fn accessor<T: Unit>(name: &[T], at: &mut usize) -> Result<Option<Accessor>, FieldError> {
    let Some(&c) = name.get(*at) else { return Ok(None) };
    *at += 1;
    let start = *at;
    let c: u32 = c.into();
    if c == '.' as u32 {
        let end = start + first_part(&name[start..]);
        *at = end;
        if start == end {
            return Err(FieldError::EmptyAttribute);
        }
        return Ok(Some(Accessor { attribute: true, name: start..end, index: None }));
    }
    if c != '[' as u32 {
        return Err(FieldError::AfterBracket);
    }
    let Some(len) = T::from_u32(']' as u32).position(&name[start..]) else {
        return Err(FieldError::MissingBracket);
    };
    *at = start + len + 1;
    let index = integer(&name[start..start + len])?;
    if len == 0 {
        return Err(FieldError::EmptyAttribute);
    }
    Ok(Some(Accessor { attribute: false, name: start..start + len, index }))
}
