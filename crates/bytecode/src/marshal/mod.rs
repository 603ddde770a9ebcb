//! Marshal, version 5: the serialisation inside `.pyc` files.
//!
//! [`Reader`] and [`Writer`] know the format alone. What a value is, a [`Builder`] says: the one in
//! [`ConstantBuilder`] makes [`Constant`](crate::Constant)s, another can make objects in memory without a
//! detour.

mod constant;
mod float;
mod reader;
mod writer;

use std::borrow::Cow;
use std::fmt;

pub use constant::{ConstantBuilder, dumps, dumps_code, loads, loads_code};
pub use float::{float_text, parse_float_text};
pub use reader::{Builder, CodeParts, Kind, Reader, SliceSource, Source, Text};
pub use writer::{CodeHeader, Writer};

/// The version that is written unless another one is asked for.
pub const VERSION: u32 = 5;

/// How deep values may nest, both ways.
pub const MAX_MARSHAL_STACK_DEPTH: u32 = 2000;

/// The bit of a type code that puts the value into the table of references.
pub const FLAG_REF: u8 = 0x80;

/// The type codes.
pub mod type_code {
    #![allow(missing_docs)]
    pub const NULL: u8 = b'0';
    pub const NONE: u8 = b'N';
    pub const FALSE: u8 = b'F';
    pub const TRUE: u8 = b'T';
    pub const STOPITER: u8 = b'S';
    pub const ELLIPSIS: u8 = b'.';
    pub const INT: u8 = b'i';
    /// Read, but not written any more.
    pub const INT64: u8 = b'I';
    pub const FLOAT: u8 = b'f';
    pub const BINARY_FLOAT: u8 = b'g';
    pub const COMPLEX: u8 = b'x';
    pub const BINARY_COMPLEX: u8 = b'y';
    pub const LONG: u8 = b'l';
    pub const STRING: u8 = b's';
    pub const INTERNED: u8 = b't';
    pub const REF: u8 = b'r';
    pub const TUPLE: u8 = b'(';
    pub const LIST: u8 = b'[';
    pub const DICT: u8 = b'{';
    pub const CODE: u8 = b'c';
    pub const UNICODE: u8 = b'u';
    pub const UNKNOWN: u8 = b'?';
    pub const SET: u8 = b'<';
    pub const FROZENSET: u8 = b'>';
    pub const SLICE: u8 = b':';
    pub const ASCII: u8 = b'a';
    pub const ASCII_INTERNED: u8 = b'A';
    pub const SMALL_TUPLE: u8 = b')';
    pub const SHORT_ASCII: u8 = b'z';
    pub const SHORT_ASCII_INTERNED: u8 = b'Z';
}

/// The exception class of a [`MarshalError`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// `EOFError`
    Eof,
    /// `ValueError`
    Value,
    /// `TypeError`
    Type,
    /// `SystemError`
    System,
    /// `UnicodeDecodeError`
    UnicodeDecode,
}

impl ErrorKind {
    /// The name of the exception class.
    pub const fn name(self) -> &'static str {
        match self {
            ErrorKind::Eof => "EOFError",
            ErrorKind::Value => "ValueError",
            ErrorKind::Type => "TypeError",
            ErrorKind::System => "SystemError",
            ErrorKind::UnicodeDecode => "UnicodeDecodeError",
        }
    }
}

/// Why data could not be read or a value not be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MarshalError {
    /// The exception class to raise.
    pub kind: ErrorKind,
    /// The exception's text.
    pub message: Cow<'static, str>,
}

impl MarshalError {
    /// An `EOFError`.
    pub const fn eof(message: &'static str) -> Self {
        Self { kind: ErrorKind::Eof, message: Cow::Borrowed(message) }
    }

    /// A `ValueError`.
    pub const fn value(message: &'static str) -> Self {
        Self { kind: ErrorKind::Value, message: Cow::Borrowed(message) }
    }

    /// A `TypeError`.
    pub const fn type_error(message: &'static str) -> Self {
        Self { kind: ErrorKind::Type, message: Cow::Borrowed(message) }
    }

    /// The `SystemError` for parts of a code object that have the wrong type.
    pub const fn bad_internal_call() -> Self {
        Self { kind: ErrorKind::System, message: Cow::Borrowed("bad argument to internal function") }
    }
}

impl fmt::Display for MarshalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.message)
    }
}

impl std::error::Error for MarshalError {}
