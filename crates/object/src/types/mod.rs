//! The built-in types, a folder each.

pub mod bool_;
pub mod bytearray;
pub mod bytes;
pub mod cell;
pub mod code;
pub mod complex;
pub mod dict;
pub mod exceptions;
pub mod float;
pub mod frame;
pub mod function;
pub mod generator;
pub mod int;
pub mod list;
pub mod module;
pub mod prelude;
pub mod range;
pub mod set;
pub mod singleton_types;
pub mod slice;
pub mod str_;
pub mod traceback;
pub mod tuple;
pub mod type_;
pub mod weakref;
