//! The abstract protocols: what any object can be asked (CPython's `abstract.c`, `object.c`, `call.c`).

pub mod buffer;
pub mod call;
pub mod hash;
pub mod iter;
pub mod mapping;
pub mod number;
pub mod object;
pub mod sequence;
