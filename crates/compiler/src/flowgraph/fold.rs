//! Folding: displays and operators whose operands are constants become constants.

use super::{BlockId, Graph};
use crate::ast::{Constant, Location};
use crate::code::Consts;
use crate::codegen::STACK_USE_GUIDELINE;
use crate::constfold;
use taipan_bytecode::Opcode;
use taipan_bytecode::operand::{BinaryOp, Intrinsic1};

/// Shorter lists and sets are built from their items.
const MIN_CONST_SEQUENCE_SIZE: usize = 3;
/// The largest oparg of `LOAD_SMALL_INT`.
const MAX_SMALL_INT: i64 = 255;

/// Whether an instruction loads a constant.
fn loads_const(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::LOAD_CONST | Opcode::LOAD_SMALL_INT)
}

/// The oparg of `LOAD_SMALL_INT` for a constant.
pub(super) fn small_int(value: &Constant) -> Option<u32> {
    match value {
        Constant::Int(value @ 0..=MAX_SMALL_INT) => Some(*value as u32),
        _ => None,
    }
}

/// Items of a set display, each once, in an order that depends on the set alone.
fn frozen(items: Vec<Constant>) -> Constant {
    let mut unique: Vec<Constant> = Vec::with_capacity(items.len());
    for item in items {
        if !unique.iter().any(|other| constfold::equal(other, &item)) {
            unique.push(item);
        }
    }
    unique.sort_by_cached_key(|item| format!("{item:?}"));
    Constant::FrozenSet(unique.into())
}

impl Graph {
    /// The value that a loading instruction loads.
    pub(super) fn const_value(&self, id: BlockId, at: usize, consts: &Consts) -> Option<Constant> {
        let instr = &self.block(id).instrs[at];
        match instr.opcode {
            Opcode::LOAD_CONST => consts.get(instr.oparg).cloned(),
            Opcode::LOAD_SMALL_INT => Some(Constant::Int(instr.oparg.into())),
            _ => None,
        }
    }

    /// The `count` instructions before `end`, `NOP`s not counted, if all of them load constants.
    fn const_loading(&self, id: BlockId, end: usize, count: usize) -> Option<Vec<usize>> {
        let instrs = &self.block(id).instrs;
        let mut found = Vec::with_capacity(count);
        let mut at = end;
        while found.len() < count {
            at = at.checked_sub(1)?;
            match instrs[at].opcode {
                Opcode::NOP => {}
                opcode if loads_const(opcode) => found.push(at),
                _ => return None,
            }
        }
        found.reverse();
        Some(found)
    }

    fn const_values(&self, id: BlockId, at: &[usize], consts: &Consts) -> Option<Vec<Constant>> {
        at.iter().map(|&at| self.const_value(id, at, consts)).collect()
    }

    fn nop_out(&mut self, id: BlockId, at: &[usize]) {
        for &at in at {
            let instr = &mut self.block_mut(id).instrs[at];
            instr.set_nop();
            instr.loc = Location::NONE;
        }
    }

    fn make_load_const(&mut self, id: BlockId, at: usize, value: Constant, consts: &mut Consts) {
        let (opcode, oparg) = match small_int(&value) {
            Some(oparg) => (Opcode::LOAD_SMALL_INT, oparg),
            None => (Opcode::LOAD_CONST, consts.add(value)),
        };
        self.block_mut(id).instrs[at].set(opcode, oparg);
    }

    pub(super) fn fold_tuple(&mut self, id: BlockId, at: usize, consts: &mut Consts) {
        let size = self.block(id).instrs[at].oparg as usize;
        if size > STACK_USE_GUIDELINE {
            return;
        }
        let Some(operands) = self.const_loading(id, at, size) else { return };
        let Some(items) = self.const_values(id, &operands, consts) else { return };
        self.nop_out(id, &operands);
        self.make_load_const(id, at, Constant::tuple(items), consts);
    }

    /// `BUILD_LIST`, then constants appended one by one up to instruction `end`: how large displays
    /// come. The constant goes to instruction `at`. Gives whether it was one.
    pub(super) fn fold_appended(
        &mut self,
        id: BlockId,
        (at, end): (usize, usize),
        is_set: bool,
        consts: &mut Consts,
    ) -> bool {
        let (build, add) = match is_set {
            true => (Opcode::BUILD_SET, Opcode::SET_ADD),
            false => (Opcode::BUILD_LIST, Opcode::LIST_APPEND),
        };
        let instrs = &self.block(id).instrs;
        let mut loads = Vec::new();
        let mut others = Vec::new();
        let mut expect_add = true;
        for position in (0..end).rev() {
            let instr = &instrs[position];
            match instr.opcode {
                Opcode::NOP => continue,
                opcode if opcode == build && instr.oparg == 0 && expect_add => {
                    others.push(position);
                    loads.reverse();
                    let Some(items) = self.const_values(id, &loads, consts) else {
                        return false;
                    };
                    let value = if is_set { frozen(items) } else { Constant::tuple(items) };
                    self.nop_out(id, &loads);
                    self.nop_out(id, &others);
                    self.make_load_const(id, at, value, consts);
                    return true;
                }
                opcode if expect_add && opcode == add && instr.oparg == 1 => others.push(position),
                opcode if !expect_add && loads_const(opcode) => loads.push(position),
                _ => return false,
            }
            expect_add = !expect_add;
        }
        false
    }

    /// Lists and sets of constants, and lists that are only iterated over or looked into.
    pub(super) fn fold_list_or_set(&mut self, id: BlockId, at: usize, next: Opcode, consts: &mut Consts) {
        let build = self.block(id).instrs[at];
        let is_list = build.opcode == Opcode::BUILD_LIST;
        let contains_or_iter = matches!(next, Opcode::GET_ITER | Opcode::CONTAINS_OP);
        let size = build.oparg as usize;
        if size > STACK_USE_GUIDELINE || (size < MIN_CONST_SEQUENCE_SIZE && !contains_or_iter) {
            return;
        }
        let Some(operands) = self.const_loading(id, at, size) else {
            if contains_or_iter && is_list {
                self.block_mut(id).instrs[at].set(Opcode::BUILD_TUPLE, build.oparg);
            }
            return;
        };
        let Some(items) = self.const_values(id, &operands, consts) else { return };
        let value = if is_list { Constant::tuple(items) } else { frozen(items) };
        let index = consts.add(value);
        self.nop_out(id, &operands);
        let instrs = &mut self.block_mut(id).instrs;
        if contains_or_iter {
            instrs[at].set(Opcode::LOAD_CONST, index);
            return;
        }
        instrs[at - 2].loc = build.loc;
        instrs[at - 2].set(build.opcode, 0);
        instrs[at - 1].set(Opcode::LOAD_CONST, index);
        let extend = if is_list { Opcode::LIST_EXTEND } else { Opcode::SET_UPDATE };
        instrs[at].set(extend, 1);
    }

    pub(super) fn fold_binary(&mut self, id: BlockId, at: usize, consts: &mut Consts) {
        let Some(operands) = self.const_loading(id, at, 2) else { return };
        let Some(op) = BinaryOp::from_u32(self.block(id).instrs[at].oparg) else { return };
        let left = self.const_value(id, operands[0], consts);
        let right = self.const_value(id, operands[1], consts);
        let (Some(left), Some(right)) = (left, right) else { return };
        let Some(value) = constfold::binary(op, &left, &right) else { return };
        self.nop_out(id, &operands);
        self.make_load_const(id, at, value, consts);
    }

    pub(super) fn fold_unary(&mut self, id: BlockId, at: usize, consts: &mut Consts) {
        let Some(operands) = self.const_loading(id, at, 1) else { return };
        let Some(operand) = self.const_value(id, operands[0], consts) else { return };
        let instr = self.block(id).instrs[at];
        let value = match instr.opcode {
            Opcode::UNARY_NEGATIVE => constfold::negative(&operand),
            Opcode::UNARY_INVERT => constfold::invert(&operand),
            Opcode::UNARY_NOT => Some(Constant::from_bool(!constfold::is_true(&operand))),
            Opcode::CALL_INTRINSIC_1 if instr.oparg == Intrinsic1::INTRINSIC_UNARY_POSITIVE as u32 => {
                constfold::positive(&operand)
            }
            _ => None,
        };
        let Some(value) = value else { return };
        self.nop_out(id, &operands);
        self.make_load_const(id, at, value, consts);
    }

    /// Drops the constants that nothing loads any more, but never the first, which may be a
    /// docstring.
    pub(super) fn remove_unused_consts(&mut self, consts: Consts) -> Vec<Constant> {
        let mut used = vec![false; consts.len()];
        if let Some(first) = used.first_mut() {
            *first = true;
        }
        self.for_each(|graph, id| {
            for instr in &graph.block(id).instrs {
                if instr.opcode.has_const() {
                    used[instr.oparg as usize] = true;
                }
            }
        });
        let mut count = 0;
        let mut new_index = Vec::with_capacity(used.len());
        for &used in &used {
            new_index.push(count);
            count += u32::from(used);
        }
        self.for_each(|graph, id| {
            for instr in &mut graph.block_mut(id).instrs {
                if instr.opcode.has_const() {
                    instr.oparg = new_index[instr.oparg as usize];
                }
            }
        });
        consts.into_used(&used)
    }
}
