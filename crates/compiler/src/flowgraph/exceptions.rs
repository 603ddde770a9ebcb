//! Which handler each instruction has, and how deep the stack gets.

use super::{BlockId, Graph};
use crate::error::{CompileError, CompileResult, ErrorKind};
use taipan_bytecode::Opcode;
use taipan_bytecode::operand::{RESUME_AT_FUNC_START, RESUME_OPARG_DEPTH1_MASK};

/// Stacks of handlers that share their lower parts.
struct HandlerStacks {
    /// For each stack its top, what is below the top, and its depth.
    nodes: Vec<(BlockId, usize, usize)>,
}

impl HandlerStacks {
    const EMPTY: usize = 0;

    fn push(&mut self, stack: usize, handler: BlockId) -> usize {
        let depth = self.depth(stack) + 1;
        self.nodes.push((handler, stack, depth));
        self.nodes.len() - 1
    }

    fn top(&self, stack: usize) -> BlockId {
        self.nodes[stack].0
    }

    fn pop(&self, stack: usize) -> usize {
        self.nodes[stack].1
    }

    fn depth(&self, stack: usize) -> usize {
        self.nodes[stack].2
    }
}

impl Graph {
    pub(super) fn mark_except_handlers(&mut self) {
        let handlers: Vec<BlockId> = self
            .blocks
            .iter()
            .flat_map(|block| &block.instrs)
            .filter(|instr| instr.opcode.is_block_push())
            .map(|instr| instr.target)
            .collect();
        for handler in handlers {
            self.block_mut(handler).except_handler = true;
        }
    }

    /// Follows the code with the stack of handlers that are set up, and notes for each instruction
    /// the topmost. What takes handlers down becomes a `NOP`.
    pub(super) fn label_exception_targets(&mut self) {
        let mut stacks = HandlerStacks { nodes: vec![(BlockId::NONE, 0, 0)] };
        self.clear_visited();
        self.block_mut(BlockId::ENTRY).visited = true;
        let mut todo = vec![(BlockId::ENTRY, HandlerStacks::EMPTY)];
        while let Some((id, mut stack)) = todo.pop() {
            let mut handler = stacks.top(stack);
            let mut last_yield_depth = None;
            let mut instrs = std::mem::take(&mut self.block_mut(id).instrs);
            for instr in &mut instrs {
                if instr.opcode.is_block_push() {
                    let target = instr.target;
                    let block = self.block_mut(target);
                    if !block.visited {
                        block.visited = true;
                        todo.push((target, stack));
                    }
                    if instr.opcode != Opcode::SETUP_FINALLY {
                        block.preserve_lasti = true;
                    }
                    stack = stacks.push(stack, target);
                    handler = target;
                    continue;
                }
                if instr.opcode == Opcode::POP_BLOCK {
                    stack = stacks.pop(stack);
                    handler = stacks.top(stack);
                    instr.set_nop();
                    continue;
                }
                instr.except = handler;
                match instr.opcode {
                    opcode if opcode.has_jump() => {
                        let block = self.block_mut(instr.target);
                        if !block.visited {
                            block.visited = true;
                            todo.push((instr.target, stack));
                        }
                    }
                    Opcode::YIELD_VALUE => last_yield_depth = Some(stacks.depth(stack)),
                    Opcode::RESUME if instr.oparg != RESUME_AT_FUNC_START => {
                        let yield_depth = last_yield_depth.take();
                        if yield_depth == Some(1) {
                            instr.oparg |= RESUME_OPARG_DEPTH1_MASK;
                        }
                    }
                    _ => {}
                }
            }
            self.block_mut(id).instrs = instrs;
            let block = self.block(id);
            let next = block.next;
            if block.falls_through() && next.is_some() && !self.block(next).visited {
                self.block_mut(next).visited = true;
                todo.push((next, stack));
            }
        }
    }

    /// The deepest the stack gets; on the way each block's depth at its start.
    pub(super) fn calculate_stackdepth(&mut self) -> CompileResult<u32> {
        for block in &mut self.blocks {
            block.startdepth = i64::MIN;
        }
        let mut deepest = 0;
        self.block_mut(BlockId::ENTRY).startdepth = 0;
        let mut todo = vec![BlockId::ENTRY];
        while let Some(id) = todo.pop() {
            let mut depth = self.block(id).startdepth;
            let mut next = self.block(id).next;
            for at in 0..self.block(id).instrs.len() {
                let instr = self.block(id).instrs[at];
                deepest = deepest.max(depth);
                let opcode = instr.opcode;
                if opcode.has_target() && opcode != Opcode::END_ASYNC_FOR {
                    let effect = opcode.stack_effect(instr.oparg, Some(true));
                    self.push_depth(&mut todo, instr.target, depth + effect)?;
                }
                depth += opcode.stack_effect(instr.oparg, Some(false));
                if depth < 0 {
                    return Err(malformed("Invalid CFG, stack underflow"));
                }
                if opcode.never_falls_through() {
                    next = BlockId::NONE;
                    break;
                }
            }
            if next.is_some() {
                self.push_depth(&mut todo, next, depth)?;
            }
        }
        u32::try_from(deepest).map_err(|_| malformed("Invalid CFG, stack too deep"))
    }

    fn push_depth(&mut self, todo: &mut Vec<BlockId>, id: BlockId, depth: i64) -> CompileResult<()> {
        let block = self.block_mut(id);
        if block.startdepth < 0 {
            block.startdepth = depth;
            todo.push(id);
        } else if block.startdepth != depth {
            return Err(malformed("Invalid CFG, inconsistent stackdepth"));
        }
        Ok(())
    }
}

fn malformed(message: &str) -> CompileError {
    CompileError::new(ErrorKind::ValueError, message)
}
