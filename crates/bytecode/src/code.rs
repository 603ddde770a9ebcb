//! [`CodeObject`] and [`Constant`]: a compiled unit and what it refers to.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{BitOr, BitOrAssign};
use std::sync::Arc;

pub use crate::bigint::BigInt;
pub use crate::pystr::PyStr;

/// `co_flags`: what kind of code this is, and which `__future__` features it was compiled with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CodeFlags(pub u32);

impl CodeFlags {
    /// Locals live in the frame's array, not in a mapping.
    pub const OPTIMIZED: Self = Self(0x1);
    /// A call makes a new locals namespace.
    pub const NEWLOCALS: Self = Self(0x2);
    /// Has a `*args` parameter.
    pub const VARARGS: Self = Self(0x4);
    /// Has a `**kwargs` parameter.
    pub const VARKEYWORDS: Self = Self(0x8);
    /// Stands inside another function.
    pub const NESTED: Self = Self(0x10);
    /// A generator function.
    pub const GENERATOR: Self = Self(0x20);
    /// An `async def` function.
    pub const COROUTINE: Self = Self(0x80);
    /// A generator marked by `types.coroutine`.
    pub const ITERABLE_COROUTINE: Self = Self(0x100);
    /// An `async def` function with `yield`.
    pub const ASYNC_GENERATOR: Self = Self(0x200);
    /// `from __future__ import division`.
    pub const FUTURE_DIVISION: Self = Self(0x2_0000);
    /// `from __future__ import absolute_import`.
    pub const FUTURE_ABSOLUTE_IMPORT: Self = Self(0x4_0000);
    /// `from __future__ import with_statement`.
    pub const FUTURE_WITH_STATEMENT: Self = Self(0x8_0000);
    /// `from __future__ import print_function`.
    pub const FUTURE_PRINT_FUNCTION: Self = Self(0x10_0000);
    /// `from __future__ import unicode_literals`.
    pub const FUTURE_UNICODE_LITERALS: Self = Self(0x20_0000);
    /// `from __future__ import barry_as_FLUFL`.
    pub const FUTURE_BARRY_AS_BDFL: Self = Self(0x40_0000);
    /// `from __future__ import generator_stop`.
    pub const FUTURE_GENERATOR_STOP: Self = Self(0x80_0000);
    /// `from __future__ import annotations`.
    pub const FUTURE_ANNOTATIONS: Self = Self(0x100_0000);
    /// Not seen by `sys.monitoring`.
    pub const NO_MONITORING_EVENTS: Self = Self(0x200_0000);
    /// The first constant is the docstring.
    pub const HAS_DOCSTRING: Self = Self(0x400_0000);
    /// A function defined in a class body.
    pub const METHOD: Self = Self(0x800_0000);

    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether some bit of `other` is set.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for CodeFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for CodeFlags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for CodeFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// In `localspluskinds`: a parameter that takes positional arguments (`*args` too).
pub const CO_FAST_ARG_POS: u8 = 0x02;
/// In `localspluskinds`: a parameter that takes keyword arguments (`**kwargs` too).
pub const CO_FAST_ARG_KW: u8 = 0x04;
/// In `localspluskinds`: `*args` or `**kwargs`.
pub const CO_FAST_ARG_VAR: u8 = 0x08;
/// In `localspluskinds`: any kind of parameter.
pub const CO_FAST_ARG: u8 = CO_FAST_ARG_POS | CO_FAST_ARG_KW | CO_FAST_ARG_VAR;
/// In `localspluskinds`: not shown in `locals()` (inlined comprehensions).
pub const CO_FAST_HIDDEN: u8 = 0x10;
/// In `localspluskinds`: a local variable.
pub const CO_FAST_LOCAL: u8 = 0x20;
/// In `localspluskinds`: a cell variable (of a local too if that bit is set as well).
pub const CO_FAST_CELL: u8 = 0x40;
/// In `localspluskinds`: a free variable.
pub const CO_FAST_FREE: u8 = 0x80;

/// A compiled module, class body or function, field for field as CPython 3.14's code object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeObject {
    /// Positional parameters, positional-only ones included, `*args` not.
    pub argcount: u32,
    /// Positional-only parameters.
    pub posonlyargcount: u32,
    /// Keyword-only parameters.
    pub kwonlyargcount: u32,
    /// The deepest the value stack gets.
    pub stacksize: u32,
    /// What kind of code this is.
    pub flags: CodeFlags,
    /// The instructions: code units of two bytes (opcode, oparg), inline caches zero.
    pub code: Box<[u8]>,
    /// What `LOAD_CONST` loads; nested code too.
    pub consts: Box<[Constant]>,
    /// Names of globals and attributes.
    pub names: Box<[PyStr]>,
    /// Names of parameters, locals, cells and free variables, in the order of the frame's array.
    pub localsplusnames: Box<[PyStr]>,
    /// For each of `localsplusnames` its `CO_FAST_*` bits.
    pub localspluskinds: Box<[u8]>,
    /// The file the source came from.
    pub filename: PyStr,
    /// The name.
    pub name: PyStr,
    /// The qualified name (PEP 3155).
    pub qualname: PyStr,
    /// The line the definition starts at.
    pub firstlineno: i32,
    /// The location table (PEP 626, PEP 657).
    pub linetable: Box<[u8]>,
    /// The exception table.
    pub exceptiontable: Box<[u8]>,
}

impl CodeObject {
    /// Number of local variables: parameters and locals, cells of them included (`co_nlocals`).
    pub fn nlocals(&self) -> usize {
        self.localspluskinds.iter().filter(|&&kind| kind & CO_FAST_LOCAL != 0).count()
    }

    /// Number of cell variables, those that are also locals included.
    pub fn ncellvars(&self) -> usize {
        self.localspluskinds.iter().filter(|&&kind| kind & CO_FAST_CELL != 0).count()
    }

    /// Number of free variables.
    pub fn nfreevars(&self) -> usize {
        self.localspluskinds.iter().filter(|&&kind| kind & CO_FAST_FREE != 0).count()
    }

    /// Size of the frame's array of locals, cells and free variables.
    pub fn nlocalsplus(&self) -> usize {
        self.localsplusnames.len()
    }

    /// Names of parameters and locals (`co_varnames`).
    pub fn varnames(&self) -> impl Iterator<Item = &PyStr> {
        self.names_of_kind(CO_FAST_LOCAL)
    }

    /// Names of locals that nested functions use (`co_cellvars`).
    pub fn cellvars(&self) -> impl Iterator<Item = &PyStr> {
        self.names_of_kind(CO_FAST_CELL)
    }

    /// Names of variables of enclosing functions (`co_freevars`).
    pub fn freevars(&self) -> impl Iterator<Item = &PyStr> {
        self.names_of_kind(CO_FAST_FREE)
    }

    fn names_of_kind(&self, kind: u8) -> impl Iterator<Item = &PyStr> {
        let pairs = self.localsplusnames.iter().zip(&self.localspluskinds);
        pairs.filter(move |(_, kinds)| **kinds & kind != 0).map(|(name, _)| name)
    }

    /// Number of parameters, `*args` and `**kwargs` included.
    pub fn total_args(&self) -> usize {
        self.argcount as usize
            + self.kwonlyargcount as usize
            + usize::from(self.flags.contains(CodeFlags::VARARGS))
            + usize::from(self.flags.contains(CodeFlags::VARKEYWORDS))
    }

    /// Number of code units.
    pub fn code_units(&self) -> usize {
        self.code.len() / 2
    }

    /// The code objects among the constants.
    pub fn nested(&self) -> impl Iterator<Item = &Arc<CodeObject>> {
        self.consts.iter().filter_map(|constant| match constant {
            Constant::Code(code) => Some(code),
            _ => None,
        })
    }
}

/// A constant of a code object.
///
/// Equality and hash are those of CPython's constant table: type and exact value, so `1`, `1.0` and
/// `True` differ, and so do `0.0` and `-0.0`. A frozenset is compared in the order of its elements.
#[derive(Clone)]
pub enum Constant {
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
    /// `...`
    Ellipsis,
    /// An int that fits.
    Int(i64),
    /// Any other int; never one that fits in [`Constant::Int`] (see [`Constant::from_bigint`]).
    BigInt(Arc<BigInt>),
    /// A float.
    Float(f64),
    /// A complex number: real and imaginary part.
    Complex(f64, f64),
    /// A string.
    Str(PyStr),
    /// A bytes object.
    Bytes(Arc<[u8]>),
    /// A tuple.
    Tuple(Arc<[Constant]>),
    /// A frozenset, its elements in the order they are marshalled in.
    FrozenSet(Arc<[Constant]>),
    /// A slice: start, stop, step.
    Slice(Arc<[Constant; 3]>),
    /// A nested code object.
    Code(Arc<CodeObject>),
}

impl Constant {
    /// `True` or `False`.
    pub const fn from_bool(value: bool) -> Self {
        if value { Constant::True } else { Constant::False }
    }

    /// An int of any size.
    pub fn from_bigint(value: BigInt) -> Self {
        match value.to_i64() {
            Some(small) => Constant::Int(small),
            None => Constant::BigInt(Arc::new(value)),
        }
    }

    /// A string constant, interned if CPython interns it (see [`PyStr::into_constant`]).
    pub fn from_str(text: &str) -> Self {
        Constant::Str(PyStr::constant(text))
    }

    /// A tuple.
    pub fn tuple(items: impl Into<Arc<[Constant]>>) -> Self {
        Constant::Tuple(items.into())
    }

    /// What kind of value this is, as a number that tells the variants apart.
    fn tag(&self) -> u8 {
        match self {
            Constant::None => 0,
            Constant::True => 1,
            Constant::False => 2,
            Constant::Ellipsis => 3,
            Constant::Int(_) => 4,
            Constant::BigInt(_) => 5,
            Constant::Float(_) => 6,
            Constant::Complex(..) => 7,
            Constant::Str(_) => 8,
            Constant::Bytes(_) => 9,
            Constant::Tuple(_) => 10,
            Constant::FrozenSet(_) => 11,
            Constant::Slice(_) => 12,
            Constant::Code(_) => 13,
        }
    }
}

impl PartialEq for Constant {
    fn eq(&self, other: &Self) -> bool {
        use Constant::*;
        match (self, other) {
            (Int(a), Int(b)) => a == b,
            (BigInt(a), BigInt(b)) => a == b,
            (Float(a), Float(b)) => a.to_bits() == b.to_bits(),
            (Complex(a, b), Complex(c, d)) => a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits(),
            (Str(a), Str(b)) => a == b,
            (Bytes(a), Bytes(b)) => a == b,
            (Tuple(a), Tuple(b)) | (FrozenSet(a), FrozenSet(b)) => Arc::ptr_eq(a, b) || a == b,
            (Slice(a), Slice(b)) => a == b,
            (Code(a), Code(b)) => Arc::ptr_eq(a, b) || a == b,
            _ => self.tag() == other.tag(),
        }
    }
}

impl Eq for Constant {}

impl Hash for Constant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        use Constant::*;
        self.tag().hash(state);
        match self {
            None | True | False | Ellipsis => {}
            Int(value) => value.hash(state),
            BigInt(value) => value.hash(state),
            Float(value) => value.to_bits().hash(state),
            Complex(real, imag) => (real.to_bits(), imag.to_bits()).hash(state),
            Str(value) => value.hash(state),
            Bytes(value) => value.hash(state),
            Tuple(items) | FrozenSet(items) => items.hash(state),
            Slice(items) => items.hash(state),
            Code(code) => (&code.name, code.firstlineno, &code.code).hash(state),
        }
    }
}

/// As Python's `repr()`, code objects in short.
impl fmt::Debug for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Constant::*;
        let list = |f: &mut fmt::Formatter<'_>, items: &[Constant]| {
            for (i, item) in items.iter().enumerate() {
                write!(f, "{}{item:?}", if i == 0 { "" } else { ", " })?;
            }
            Ok(())
        };
        match self {
            None => f.write_str("None"),
            True => f.write_str("True"),
            False => f.write_str("False"),
            Ellipsis => f.write_str("Ellipsis"),
            Int(value) => write!(f, "{value}"),
            BigInt(value) => write!(f, "{value}"),
            Float(value) => f.write_str(&float_repr(*value)),
            &Complex(real, imag) => {
                let part = |value| {
                    let text = float_repr(value);
                    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
                };
                if real == 0.0 && real.is_sign_positive() {
                    return write!(f, "{}j", part(imag));
                }
                let sign = if imag.is_sign_negative() && !imag.is_nan() { "" } else { "+" };
                write!(f, "({}{sign}{}j)", part(real), part(imag))
            }
            Str(value) => write!(f, "{value:?}"),
            Bytes(value) => {
                let quote = if value.contains(&b'\'') && !value.contains(&b'"') { '"' } else { '\'' };
                write!(f, "b{quote}")?;
                for &byte in value.iter() {
                    match byte {
                        b'\n' => f.write_str("\\n")?,
                        b'\r' => f.write_str("\\r")?,
                        b'\t' => f.write_str("\\t")?,
                        b'\\' => f.write_str("\\\\")?,
                        _ if byte as char == quote => write!(f, "\\{quote}")?,
                        b' '..=b'~' => write!(f, "{}", byte as char)?,
                        _ => write!(f, "\\x{byte:02x}")?,
                    }
                }
                write!(f, "{quote}")
            }
            Tuple(items) => {
                f.write_str("(")?;
                list(f, items)?;
                f.write_str(if items.len() == 1 { ",)" } else { ")" })
            }
            FrozenSet(items) if items.is_empty() => f.write_str("frozenset()"),
            FrozenSet(items) => {
                f.write_str("frozenset({")?;
                list(f, items)?;
                f.write_str("})")
            }
            Slice(items) => {
                f.write_str("slice(")?;
                list(f, &items[..])?;
                f.write_str(")")
            }
            Code(code) => write!(f, "<code object {}, line {}>", code.name, code.firstlineno),
        }
    }
}

/// A float as Python's `repr()` writes it.
pub(crate) fn float_repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.into();
    }
    // Rust's shortest form has the digits of Python's; only where the exponent starts differs.
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{value}");
        if plain.contains('.') { plain } else { plain + ".0" }
    } else {
        format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
    }
}
