//! Writing marshal data.

use super::{ErrorKind, FLAG_REF, MarshalError, float_text, type_code};

/// The numbers at the head of a code object.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct CodeHeader {
    pub argcount: i32,
    pub posonlyargcount: i32,
    pub kwonlyargcount: i32,
    pub stacksize: i32,
    pub flags: i32,
}

/// Appends values in marshal's form to a buffer.
///
/// `flag` says that the value goes into the table of references: its index is the number of flagged
/// values before it. Who walks the values keeps that table and calls [`Writer::reference`] when one
/// comes again. Containers are a head, followed by as many values as it says.
#[derive(Debug)]
pub struct Writer {
    out: Vec<u8>,
    version: u32,
}

/// A value that cannot be written.
pub(super) const UNMARSHALLABLE: MarshalError = MarshalError::value("unmarshallable object");

impl Writer {
    /// A writer for a version of the format (0 to 5; what is above counts as 5).
    pub fn new(version: u32) -> Self {
        Self { out: Vec::new(), version }
    }

    /// The version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Whether this version has references.
    pub fn has_refs(&self) -> bool {
        self.version >= 3
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// What was written so far; the caller may take it away to keep memory small.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    fn head(&mut self, code: u8, flag: bool) {
        let flag = if flag && self.has_refs() { FLAG_REF } else { 0 };
        self.out.push(code | flag);
    }

    fn int32(&mut self, value: i32) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    fn size(&mut self, size: usize) -> Result<(), MarshalError> {
        self.int32(i32::try_from(size).map_err(|_| UNMARSHALLABLE)?);
        Ok(())
    }

    /// A value that is its type code: NULL, None, True, False, Ellipsis, StopIteration.
    pub fn singleton(&mut self, code: u8) {
        self.out.push(code);
    }

    /// An earlier value of the table of references.
    pub fn reference(&mut self, index: u32) -> Result<(), MarshalError> {
        self.out.push(type_code::REF);
        self.int32(i32::try_from(index).map_err(|_| MarshalError::value("too many objects"))?);
        Ok(())
    }

    /// An int.
    pub fn int(&mut self, value: i64, flag: bool) {
        if let Ok(value) = i32::try_from(value) {
            self.head(type_code::INT, flag);
            self.int32(value);
            return;
        }
        let magnitude = value.unsigned_abs();
        let halves = (64 - magnitude.leading_zeros()).div_ceil(15) as i32;
        self.head(type_code::LONG, flag);
        self.int32(if value < 0 { -halves } else { halves });
        for i in 0..halves {
            let half = (magnitude >> (15 * i)) as u16 & 0x7FFF;
            self.out.extend_from_slice(&half.to_le_bytes());
        }
    }

    /// An int that does not fit in 32 bits: 30-bit digits, least significant first, the last not zero.
    pub fn bigint(&mut self, negative: bool, digits: &[u32], flag: bool) -> Result<(), MarshalError> {
        let top = digits.last().copied().unwrap_or(0);
        let halves = (digits.len() * 2).saturating_sub(usize::from(top < 1 << 15));
        let halves = i32::try_from(halves).map_err(|_| UNMARSHALLABLE)?;
        self.head(type_code::LONG, flag);
        self.int32(if negative { -halves } else { halves });
        for i in 0..halves as usize {
            let half = (digits[i / 2] >> (15 * (i as u32 % 2))) as u16 & 0x7FFF;
            self.out.extend_from_slice(&half.to_le_bytes());
        }
        Ok(())
    }

    fn float_body(&mut self, value: f64) {
        if self.version > 1 {
            self.out.extend_from_slice(&value.to_le_bytes());
        } else {
            let text = float_text(value);
            self.out.push(text.len() as u8);
            self.out.extend_from_slice(text.as_bytes());
        }
    }

    /// A float.
    pub fn float(&mut self, value: f64, flag: bool) {
        let binary = self.version > 1;
        self.head(if binary { type_code::BINARY_FLOAT } else { type_code::FLOAT }, flag);
        self.float_body(value);
    }

    /// A complex number.
    pub fn complex(&mut self, real: f64, imag: f64, flag: bool) {
        let binary = self.version > 1;
        self.head(if binary { type_code::BINARY_COMPLEX } else { type_code::COMPLEX }, flag);
        self.float_body(real);
        self.float_body(imag);
    }

    /// A bytes object.
    pub fn bytes(&mut self, value: &[u8], flag: bool) -> Result<(), MarshalError> {
        self.head(type_code::STRING, flag);
        self.size(value.len())?;
        self.out.extend_from_slice(value);
        Ok(())
    }

    /// A string, as UTF-8 with surrogates in their three byte form.
    pub fn str(&mut self, wtf8: &[u8], interned: bool, flag: bool) -> Result<(), MarshalError> {
        use type_code::*;
        let interned = interned && self.version >= 3;
        if self.version >= 4 && wtf8.is_ascii() {
            if let Ok(len) = u8::try_from(wtf8.len()) {
                self.head(if interned { SHORT_ASCII_INTERNED } else { SHORT_ASCII }, flag);
                self.out.push(len);
            } else {
                self.head(if interned { ASCII_INTERNED } else { ASCII }, flag);
                self.size(wtf8.len())?;
            }
        } else {
            self.head(if interned { INTERNED } else { UNICODE }, flag);
            self.size(wtf8.len())?;
        }
        self.out.extend_from_slice(wtf8);
        Ok(())
    }

    /// The head of a tuple.
    pub fn tuple(&mut self, len: usize, flag: bool) -> Result<(), MarshalError> {
        match u8::try_from(len) {
            Ok(len) if self.version >= 4 => {
                self.head(type_code::SMALL_TUPLE, flag);
                self.out.push(len);
                Ok(())
            }
            _ => self.sized(type_code::TUPLE, len, flag),
        }
    }

    fn sized(&mut self, code: u8, len: usize, flag: bool) -> Result<(), MarshalError> {
        self.head(code, flag);
        self.size(len)
    }

    /// The head of a list.
    pub fn list(&mut self, len: usize, flag: bool) -> Result<(), MarshalError> {
        self.sized(type_code::LIST, len, flag)
    }

    /// The head of a set.
    pub fn set(&mut self, len: usize, flag: bool) -> Result<(), MarshalError> {
        self.sized(type_code::SET, len, flag)
    }

    /// The head of a frozenset.
    pub fn frozenset(&mut self, len: usize, flag: bool) -> Result<(), MarshalError> {
        self.sized(type_code::FROZENSET, len, flag)
    }

    /// The head of a dict: keys and values follow, and at last [`type_code::NULL`].
    pub fn dict(&mut self, flag: bool) {
        self.head(type_code::DICT, flag);
    }

    /// The head of a slice: start, stop and step follow. `ValueError` before version 5.
    pub fn slice(&mut self, flag: bool) -> Result<(), MarshalError> {
        if self.version < 5 {
            return Err(UNMARSHALLABLE);
        }
        self.head(type_code::SLICE, flag);
        Ok(())
    }

    /// The head of a code object.
    ///
    /// The values up to `qualname` follow, then [`Writer::firstlineno`], then the two tables.
    pub fn code(&mut self, header: &CodeHeader, flag: bool) {
        self.head(type_code::CODE, flag);
        self.int32(header.argcount);
        self.int32(header.posonlyargcount);
        self.int32(header.kwonlyargcount);
        self.int32(header.stacksize);
        self.int32(header.flags);
    }

    /// The line number inside a code object.
    pub fn firstlineno(&mut self, line: i32) {
        self.int32(line);
    }
}

/// The error for values that nest too deeply.
pub(super) const TOO_DEEP: MarshalError =
    MarshalError { kind: ErrorKind::Value, message: std::borrow::Cow::Borrowed("object too deeply nested to marshal") };
