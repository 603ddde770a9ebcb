//! The values of literals: escapes in strings, digits in numbers.

pub mod escapes;
pub mod numbers;
