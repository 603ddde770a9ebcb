//! The instrumented forms: each reports its event (PEP 669), then does what its base instruction does.

use crate::eval::{Flow, Frame, Ip, Sp, Ts};

/// The forms whose base instruction does the work, behind the report of an event by `crate::monitor`.
macro_rules! wrap {
    ($($name:ident => $base:path;)*) => {$(
        /// # Safety
        /// A handler's contract.
        #[allow(non_snake_case)]
        pub unsafe fn $name(ip: Ip, sp: Sp, frame: Frame, ts: Ts, oparg: usize) -> Flow {
            // SAFETY: by contract.
            unsafe { crate::goto!($base, ip, sp, frame, ts, oparg) }
        }
    )*};
}

wrap! {
    INSTRUMENTED_END_FOR => super::END_FOR;
    INSTRUMENTED_POP_ITER => super::POP_ITER;
    INSTRUMENTED_END_SEND => super::END_SEND;
    INSTRUMENTED_FOR_ITER => super::FOR_ITER;
    INSTRUMENTED_INSTRUCTION => super::unknown_opcode;
    INSTRUMENTED_JUMP_FORWARD => super::JUMP_FORWARD;
    INSTRUMENTED_NOT_TAKEN => super::NOT_TAKEN;
    INSTRUMENTED_POP_JUMP_IF_TRUE => super::POP_JUMP_IF_TRUE;
    INSTRUMENTED_POP_JUMP_IF_FALSE => super::POP_JUMP_IF_FALSE;
    INSTRUMENTED_POP_JUMP_IF_NONE => super::POP_JUMP_IF_NONE;
    INSTRUMENTED_POP_JUMP_IF_NOT_NONE => super::POP_JUMP_IF_NOT_NONE;
    INSTRUMENTED_RESUME => super::RESUME;
    INSTRUMENTED_RETURN_VALUE => super::RETURN_VALUE;
    INSTRUMENTED_YIELD_VALUE => super::YIELD_VALUE;
    INSTRUMENTED_END_ASYNC_FOR => super::END_ASYNC_FOR;
    INSTRUMENTED_LOAD_SUPER_ATTR => super::LOAD_SUPER_ATTR;
    INSTRUMENTED_CALL => super::CALL;
    INSTRUMENTED_CALL_KW => super::CALL_KW;
    INSTRUMENTED_CALL_FUNCTION_EX => super::CALL_FUNCTION_EX;
    INSTRUMENTED_JUMP_BACKWARD => super::JUMP_BACKWARD;
    INSTRUMENTED_LINE => super::unknown_opcode;
}
