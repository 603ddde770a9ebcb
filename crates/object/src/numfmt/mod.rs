//! Texts of numbers: floats written and read as CPython does, and the format-specification mini-language (PEP 3101,
//! PEP 378, PEP 515) shared by `int`, `float`, `complex` and `str`.
//!
//! * [`ieee`]: floats from mantissa and exponent, rounded once.
//! * [`float_text`]: `repr` and the `e`, `f`, `g` forms with any precision; [`parse`]: literals.
//! * [`spec`]: a format specification parsed; [`layout`]: sign, padding and digit groups put together.
//! * [`object`]: the `__format__` of the types, with their errors.
//!
//! Everything but [`object`] is pure.

pub mod float_text;
pub mod ieee;
pub mod layout;
pub mod object;
pub mod parse;
pub mod spec;

#[cfg(test)]
mod tests;
