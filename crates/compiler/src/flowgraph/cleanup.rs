//! Removing what does nothing: unreachable blocks, `NOP`s, jumps to the next instruction, constants
//! that are popped at once.

use super::{BlockId, Graph, Instr};
use crate::ast::Location;
use taipan_bytecode::Opcode;

/// A block of up to so many instructions is copied to where it is jumped to from.
const MAX_COPY_SIZE: usize = 4;

impl Graph {
    pub(super) fn remove_unreachable(&mut self) {
        self.for_each(|graph, id| {
            let block = graph.block_mut(id);
            block.predecessors = 0;
            block.visited = false;
        });
        let entry = self.block_mut(BlockId::ENTRY);
        entry.predecessors = 1;
        entry.visited = true;
        let mut todo = vec![BlockId::ENTRY];
        let mut reached = Vec::new();
        while let Some(id) = todo.pop() {
            let block = self.block(id);
            reached.clear();
            if block.next.is_some() && block.falls_through() {
                reached.push(block.next);
            }
            let targets = block.instrs.iter().filter(|instr| instr.opcode.has_target());
            reached.extend(targets.map(|instr| instr.target));
            for &target in &reached {
                let block = self.block_mut(target);
                block.predecessors += 1;
                if !block.visited {
                    block.visited = true;
                    todo.push(target);
                }
            }
        }
        self.for_each(|graph, id| {
            let block = graph.block_mut(id);
            if block.predecessors == 0 {
                block.instrs.clear();
                block.except_handler = false;
            }
        });
    }

    /// Removes the `NOP`s of a block that no line depends on. Gives how many.
    fn remove_redundant_nops_in(&mut self, id: BlockId) -> usize {
        if !self.block(id).instrs.iter().any(|instr| instr.opcode == Opcode::NOP) {
            return 0;
        }
        let mut instrs = std::mem::take(&mut self.block_mut(id).instrs);
        let count = instrs.len();
        let mut keep = vec![false; count];
        let mut kept = 0;
        let mut previous_lineno = -1;
        for at in 0..count {
            let lineno = instrs[at].loc.lineno;
            if instrs[at].opcode == Opcode::NOP {
                if lineno < 0 || lineno == previous_lineno {
                    continue;
                }
                if at + 1 < count {
                    let next_lineno = instrs[at + 1].loc.lineno;
                    if next_lineno == lineno {
                        continue;
                    }
                    if next_lineno < 0 {
                        instrs[at + 1].loc = instrs[at].loc;
                        continue;
                    }
                } else if self.first_lineno(self.block(id).next) == Some(lineno) {
                    continue;
                }
            }
            keep[at] = true;
            kept += 1;
            previous_lineno = lineno;
        }
        let mut to = 0;
        for at in 0..count {
            if keep[at] {
                instrs[to] = instrs[at];
                to += 1;
            }
        }
        let block = self.block_mut(id);
        block.instrs = instrs;
        block.truncate(kept);
        count - kept
    }

    /// The line that the code from a block on begins with.
    fn first_lineno(&self, id: BlockId) -> Option<i32> {
        let id = self.next_nonempty(id);
        if !id.is_some() {
            return None;
        }
        // A NOP without a line will be removed.
        let mut instrs = self.block(id).instrs.iter();
        let first = instrs.find(|instr| !(instr.opcode == Opcode::NOP && instr.loc.lineno < 0));
        Some(first.map_or(Location::NONE.lineno, |instr| instr.loc.lineno))
    }

    pub(super) fn remove_redundant_nops(&mut self) -> usize {
        let mut removed = 0;
        self.for_each(|graph, id| removed += graph.remove_redundant_nops_in(id));
        removed
    }

    /// Removes `NOP`s, and pairs of instructions of which the second pops what the first pushes.
    pub(super) fn remove_redundant_nops_and_pairs(&mut self) {
        let mut done = false;
        while !done {
            done = true;
            // The instruction before, which may be the last of an earlier block.
            let mut previous: Option<(BlockId, usize)> = None;
            let mut id = BlockId::ENTRY;
            while id.is_some() {
                self.remove_redundant_nops_in(id);
                if self.block(id).has_label {
                    previous = None;
                }
                for at in 0..self.block(id).instrs.len() {
                    let before = previous.replace((id, at));
                    if self.block(id).instrs[at].opcode != Opcode::POP_TOP {
                        continue;
                    }
                    let Some((block, index)) = before else { continue };
                    let pushed = self.block(block).instrs[index];
                    let redundant = match pushed.opcode {
                        Opcode::LOAD_CONST | Opcode::LOAD_SMALL_INT => true,
                        Opcode::COPY => pushed.oparg == 1,
                        _ => false,
                    };
                    if redundant {
                        self.block_mut(block).instrs[index].set_nop();
                        self.block_mut(id).instrs[at].set_nop();
                        done = false;
                    }
                }
                let block = self.block(id);
                let jumps = previous.is_some_and(|(block, index)| self.block(block).instrs[index].opcode.has_jump());
                if jumps || !block.falls_through() {
                    previous = None;
                }
                id = block.next;
            }
        }
    }

    fn remove_redundant_jumps(&mut self) -> usize {
        let mut removed = 0;
        self.for_each(|graph, id| {
            let block = graph.block(id);
            let Some(last) = block.instrs.last() else { return };
            if !last.opcode.is_unconditional_jump() {
                return;
            }
            let target = graph.next_nonempty(last.target);
            if target.is_some() && target == graph.next_nonempty(block.next) {
                removed += 1;
                if let Some(last) = graph.block_mut(id).instrs.last_mut() {
                    last.set_nop();
                }
            }
        });
        removed
    }

    pub(super) fn remove_redundant_nops_and_jumps(&mut self) {
        while self.remove_redundant_nops() + self.remove_redundant_jumps() > 0 {}
    }

    /// Puts small blocks that leave the function, and blocks without lines, in place of jumps to
    /// them.
    pub(super) fn inline_small_or_no_lineno_blocks(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            self.for_each(|graph, id| changed |= graph.inline_target(id));
        }
    }

    fn inline_target(&mut self, id: BlockId) -> bool {
        let Some(&last) = self.block(id).instrs.last() else {
            return false;
        };
        if !last.opcode.is_unconditional_jump() {
            return false;
        }
        let target = self.block(last.target);
        let small_exit = target.exits_scope() && target.instrs.len() <= MAX_COPY_SIZE;
        let no_lineno = target.has_no_lineno() && !target.falls_through();
        if !small_exit && !no_lineno {
            return false;
        }
        let copy: Vec<Instr> = target.instrs.clone();
        let block = self.block_mut(id);
        if let Some(jump) = block.instrs.last_mut() {
            jump.set_nop();
        }
        block.instrs.extend(copy);
        if no_lineno && last.opcode == Opcode::JUMP {
            if let Some(new_last) = block.instrs.last_mut() {
                if new_last.opcode.is_unconditional_jump() {
                    // The check of the eval breaker must not get lost.
                    new_last.opcode = Opcode::JUMP;
                }
            }
        }
        self.block_mut(last.target).predecessors -= 1;
        true
    }

    /// Lets a jump to a jump go straight to the final target. Gives whether that changed anything.
    pub(super) fn jump_thread(&mut self, id: BlockId, at: usize, jump: Instr, opcode: Opcode) -> bool {
        let block = self.block_mut(id);
        if block.instrs[at].target == jump.target {
            return false;
        }
        // The NOP goes later, if no line needs it.
        block.instrs[at].set_nop();
        let mut new = Instr::new(opcode, 0, jump.loc);
        new.target = jump.target;
        block.instrs.push(new);
        true
    }
}
