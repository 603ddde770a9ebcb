//! Stand-in for `taipan_bytecode::code::Constant`, which replaces it as soon as it is there.

/// A constant of the language.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    None,
    Bool(bool),
    Ellipsis,
    Float(f64),
}
