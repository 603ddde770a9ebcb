//! Rewriting single instructions in view of their neighbours.

use super::fold::small_int;
use super::{BlockId, Graph};
use crate::ast::Constant;
use crate::code::Consts;
use crate::constfold;
use taipan_bytecode::Opcode;
use taipan_bytecode::operand::{COMPARE_OP_TO_BOOL, Intrinsic1};

impl Graph {
    fn opcode_at(&self, id: BlockId, at: usize) -> Opcode {
        self.block(id).instrs.get(at).map_or(Opcode::CACHE, |instr| instr.opcode)
    }

    /// Small ints, and constants that decide a jump.
    pub(super) fn optimize_load_const(&mut self, consts: &mut Consts) {
        self.for_each(|graph, id| graph.optimize_load_const_in(id, consts));
    }

    fn optimize_load_const_in(&mut self, id: BlockId, consts: &mut Consts) {
        // The loading instruction that the current one is a copy of.
        let mut loaded: Option<Constant> = None;
        let mut loaded_by = Opcode::CACHE;
        for at in 0..self.block(id).instrs.len() {
            let instr = self.block(id).instrs[at];
            let mut opcode = instr.opcode;
            if opcode == Opcode::LOAD_CONST {
                let value = self.const_value(id, at, consts);
                if let Some(oparg) = value.as_ref().and_then(small_int) {
                    opcode = Opcode::LOAD_SMALL_INT;
                    self.block_mut(id).instrs[at].set(opcode, oparg);
                }
                loaded = value;
                loaded_by = opcode;
            } else if opcode == Opcode::LOAD_SMALL_INT {
                loaded = Some(Constant::Int(instr.oparg.into()));
                loaded_by = opcode;
            } else if !(loaded_by == Opcode::LOAD_CONST && opcode == Opcode::COPY && instr.oparg == 1) {
                loaded = None;
                loaded_by = opcode;
            }
            let Some(value) = &loaded else { continue };
            self.use_loaded_const(id, at, value, consts);
        }
    }

    /// Looks at what becomes of a constant that instruction `at` has pushed.
    fn use_loaded_const(&mut self, id: BlockId, at: usize, value: &Constant, consts: &mut Consts) {
        let next = self.opcode_at(id, at + 1);
        match next {
            Opcode::POP_JUMP_IF_FALSE | Opcode::POP_JUMP_IF_TRUE | Opcode::JUMP_IF_FALSE | Opcode::JUMP_IF_TRUE => {
                let pops = matches!(next, Opcode::POP_JUMP_IF_FALSE | Opcode::POP_JUMP_IF_TRUE);
                let jump_if = matches!(next, Opcode::POP_JUMP_IF_TRUE | Opcode::JUMP_IF_TRUE);
                let instrs = &mut self.block_mut(id).instrs;
                if pops {
                    instrs[at].set_nop();
                }
                if constfold::is_true(value) == jump_if {
                    instrs[at + 1].opcode = Opcode::JUMP;
                } else {
                    instrs[at + 1].set_nop();
                }
            }
            Opcode::IS_OP if *value == Constant::None => {
                // `x is None` and `x is not None` before a conditional jump.
                let mut jump = at + 2;
                if self.opcode_at(id, jump) == Opcode::TO_BOOL {
                    self.block_mut(id).instrs[jump].set_nop();
                    jump += 1;
                }
                let mut invert = self.block(id).instrs[at + 1].oparg != 0;
                match self.opcode_at(id, jump) {
                    Opcode::POP_JUMP_IF_FALSE => invert = !invert,
                    Opcode::POP_JUMP_IF_TRUE => {}
                    _ => return,
                }
                let instrs = &mut self.block_mut(id).instrs;
                instrs[at].set_nop();
                instrs[at + 1].set_nop();
                instrs[jump].opcode = match invert {
                    true => Opcode::POP_JUMP_IF_NOT_NONE,
                    false => Opcode::POP_JUMP_IF_NONE,
                };
            }
            Opcode::TO_BOOL => {
                let truth = Constant::from_bool(constfold::is_true(value));
                let index = consts.add(truth);
                let instrs = &mut self.block_mut(id).instrs;
                instrs[at].set_nop();
                instrs[at + 1].set(Opcode::LOAD_CONST, index);
            }
            _ => {}
        }
    }

    pub(super) fn optimize_basic_blocks(&mut self, consts: &mut Consts) {
        self.for_each(|graph, id| {
            graph.optimize_basic_block(id, consts);
            graph.optimize_swaps(id);
        });
    }

    fn optimize_basic_block(&mut self, id: BlockId, consts: &mut Consts) {
        let mut at = 0;
        while at < self.block(id).instrs.len() {
            if !self.optimize_instr(id, at, consts) {
                at += 1;
            }
        }
    }

    /// Optimises one instruction. Gives whether it is to be looked at again.
    fn optimize_instr(&mut self, id: BlockId, at: usize, consts: &mut Consts) -> bool {
        let instr = self.block(id).instrs[at];
        let (opcode, oparg) = (instr.opcode, instr.oparg);
        let next = self.opcode_at(id, at + 1);
        match opcode {
            Opcode::BUILD_TUPLE => {
                let instrs = &mut self.block_mut(id).instrs;
                let unpacked = next == Opcode::UNPACK_SEQUENCE && instrs[at + 1].oparg == oparg;
                match oparg {
                    1 if unpacked => {
                        instrs[at].set_nop();
                        instrs[at + 1].set_nop();
                    }
                    2 | 3 if unpacked => {
                        instrs[at].set_nop();
                        instrs[at + 1].opcode = Opcode::SWAP;
                    }
                    _ => self.fold_tuple(id, at, consts),
                }
            }
            Opcode::BUILD_LIST | Opcode::BUILD_SET => self.fold_list_or_set(id, at, next, consts),
            Opcode::POP_JUMP_IF_NOT_NONE
            | Opcode::POP_JUMP_IF_NONE
            | Opcode::POP_JUMP_IF_FALSE
            | Opcode::POP_JUMP_IF_TRUE
            | Opcode::JUMP_IF_FALSE
            | Opcode::JUMP_IF_TRUE
            | Opcode::JUMP
            | Opcode::JUMP_NO_INTERRUPT => return self.optimize_jump(id, at),
            Opcode::STORE_FAST => {
                let instrs = &mut self.block_mut(id).instrs;
                if next == opcode && instrs[at + 1].oparg == oparg && instrs[at + 1].loc.lineno == instr.loc.lineno {
                    instrs[at].set(Opcode::POP_TOP, 0);
                }
            }
            Opcode::SWAP if oparg == 1 => self.block_mut(id).instrs[at].set_nop(),
            Opcode::LOAD_GLOBAL if next == Opcode::PUSH_NULL && oparg & 1 == 0 => {
                let instrs = &mut self.block_mut(id).instrs;
                instrs[at].oparg = oparg | 1;
                instrs[at + 1].set_nop();
            }
            Opcode::COMPARE_OP if next == Opcode::TO_BOOL => {
                let instrs = &mut self.block_mut(id).instrs;
                instrs[at].set_nop();
                instrs[at + 1].set(opcode, oparg | COMPARE_OP_TO_BOOL);
            }
            Opcode::CONTAINS_OP | Opcode::IS_OP => {
                let instrs = &mut self.block_mut(id).instrs;
                let inverted = match next {
                    Opcode::TO_BOOL => oparg,
                    Opcode::UNARY_NOT => oparg ^ 1,
                    _ => return false,
                };
                instrs[at].set_nop();
                instrs[at + 1].set(opcode, inverted);
            }
            Opcode::TO_BOOL if next == Opcode::TO_BOOL => {
                self.block_mut(id).instrs[at].set_nop();
            }
            Opcode::UNARY_NOT if next == Opcode::TO_BOOL => {
                let instrs = &mut self.block_mut(id).instrs;
                instrs[at].set_nop();
                instrs[at + 1].set(Opcode::UNARY_NOT, 0);
            }
            Opcode::UNARY_NOT if next == Opcode::UNARY_NOT => {
                let instrs = &mut self.block_mut(id).instrs;
                instrs[at].set_nop();
                instrs[at + 1].set_nop();
            }
            Opcode::UNARY_NOT | Opcode::UNARY_INVERT | Opcode::UNARY_NEGATIVE => {
                self.fold_unary(id, at, consts);
            }
            Opcode::CALL_INTRINSIC_1 => {
                if oparg == Intrinsic1::INTRINSIC_LIST_TO_TUPLE as u32 {
                    let folded = self.fold_appended(id, (at, at), false, consts);
                    if !folded && next == Opcode::GET_ITER {
                        self.block_mut(id).instrs[at].set_nop();
                    }
                } else if oparg == Intrinsic1::INTRINSIC_UNARY_POSITIVE as u32 {
                    self.fold_unary(id, at, consts);
                }
            }
            Opcode::LIST_APPEND | Opcode::SET_ADD
                if oparg == 1 && matches!(next, Opcode::GET_ITER | Opcode::CONTAINS_OP) =>
            {
                self.fold_appended(id, (at, at + 1), opcode == Opcode::SET_ADD, consts);
            }
            Opcode::BINARY_OP => self.fold_binary(id, at, consts),
            _ => {}
        }
        false
    }

    /// A jump to a jump.
    fn optimize_jump(&mut self, id: BlockId, at: usize) -> bool {
        let instr = self.block(id).instrs[at];
        let opcode = instr.opcode;
        let Some(&target) = self.block(instr.target).instrs.first() else {
            return false;
        };
        let threaded = match (opcode, target.opcode) {
            (Opcode::JUMP | Opcode::JUMP_NO_INTERRUPT, Opcode::JUMP) => Some(Opcode::JUMP),
            (Opcode::JUMP | Opcode::JUMP_NO_INTERRUPT, Opcode::JUMP_NO_INTERRUPT) => Some(opcode),
            (Opcode::JUMP_IF_FALSE, Opcode::JUMP_IF_FALSE) | (Opcode::JUMP_IF_TRUE, Opcode::JUMP_IF_TRUE) => {
                Some(opcode)
            }
            (Opcode::JUMP_IF_FALSE, Opcode::JUMP_IF_TRUE) | (Opcode::JUMP_IF_TRUE, Opcode::JUMP_IF_FALSE) => {
                // The jump at the target is never taken from here.
                let behind = self.block(instr.target).next;
                self.block_mut(id).instrs[at].target = behind;
                return true;
            }
            (Opcode::JUMP | Opcode::JUMP_NO_INTERRUPT, _) => None,
            (_, Opcode::JUMP) => Some(opcode),
            _ => None,
        };
        threaded.is_some_and(|opcode| self.jump_thread(id, at, target, opcode))
    }
}
