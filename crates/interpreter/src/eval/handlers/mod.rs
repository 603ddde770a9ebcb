//! The instructions, by family. Each is named after its opcode; `crate::eval` says what a handler may rely on.

pub mod attributes;
pub mod binary;
pub mod build;
pub mod calls;
pub mod compare;
pub mod exceptions;
pub mod functions;
pub mod generators;
pub mod imports;
pub mod instrumented;
pub mod iterate;
pub mod jumps;
pub mod locals;
pub mod matching;
pub mod names;
pub mod subscripts;

pub use attributes::*;
pub use binary::*;
pub use build::*;
pub use calls::*;
pub use compare::*;
pub use exceptions::*;
pub use functions::*;
pub use generators::*;
pub use imports::*;
pub use instrumented::*;
pub use iterate::*;
pub use jumps::*;
pub use locals::*;
pub use matching::*;
pub use names::*;
pub use subscripts::*;

use crate::eval::{Flow, Frame, Ip, Sp, Ts};
use crate::throw;
use taipan_object::Python;

/// A byte that is no instruction. Verified code does not get here.
///
/// # Safety
/// A handler's contract.
#[cold]
pub unsafe fn unknown_opcode(ip: Ip, sp: Sp, frame: Frame, ts: Ts, _oparg: usize) -> Flow {
    // SAFETY: by contract.
    unsafe {
        let py = Python::assume();
        let _ = taipan_object::raise!(py, SystemError, "unknown opcode {}", (*ip).op);
        throw!(ip, sp, frame, ts)
    }
}
