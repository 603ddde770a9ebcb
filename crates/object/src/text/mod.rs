//! What strings, bytes and bytearrays have in common, as pure functions over slices of characters of any width:
//!
//! * [`search`]: substring search in linear time, forwards and backwards, counting.
//! * [`split`]: where `split`, `rsplit`, `splitlines`, `strip` cut.
//! * [`percent`]: the conversion specifiers of `%` formatting, and numbers laid out as they say.
//! * [`fields`]: the fields of `str.format` (PEP 3101).

pub mod fields;
pub mod percent;
pub mod search;
pub mod split;

#[cfg(test)]
pub(crate) mod tests;
