//! Marshal of live objects, on the format that `taipan_bytecode::marshal` knows: what the module `marshal` and the import
//! of `.pyc` files do.
//!
//! Code objects are verified when they are made (see [`crate::types::code`]), so that data from anywhere can be loaded.

mod read;
mod write;

pub use read::{load, loads};
pub use write::{dump, dumps};

use crate::{Python, Raised, exceptions, raise};
use taipan_bytecode::marshal::{ErrorKind, MarshalError};

/// The version that is written unless another one is asked for (`marshal.version`).
pub const VERSION: i32 = taipan_bytecode::marshal::VERSION as i32;

/// Raises what the format's reader or writer found wrong.
#[cold]
fn raise_marshal(py: Python, error: &MarshalError) -> Raised {
    let class = match error.kind {
        ErrorKind::Eof => exceptions::EOFError(),
        ErrorKind::Value => exceptions::ValueError(),
        ErrorKind::Type => exceptions::TypeError(),
        ErrorKind::System => exceptions::SystemError(),
        ErrorKind::UnicodeDecode => return raise!(py, ValueError, "{}", error.message),
    };
    crate::err::raise_fmt(py, class, format_args!("{}", error.message))
}
