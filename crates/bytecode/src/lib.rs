//! A compiled Python program as data.
//!
//! The instruction table, code data, line and exception tables, marshal, `.pyc` files, disassembly
//! and the verifier. Nothing here knows what an object in memory looks like.

#[macro_use]
mod table;

mod bigint;
pub mod code;
pub mod dis;
pub mod exception_table;
pub mod location;
pub mod marshal;
mod opcode;
pub mod operand;
pub mod pyc;
mod pystr;
mod varint;
pub mod verify;

pub use code::{BigInt, CodeFlags, CodeObject, Constant, PyStr};
pub use marshal::MarshalError;
pub use opcode::{
    HAVE_ARGUMENT, MAGIC_NUMBER, MIN_INSTRUMENTED_OPCODE, MIN_SPECIALIZED_OPCODE, Opcode, OpcodeFlags, OpcodeKind,
};
pub use verify::{VerifyError, verify};
