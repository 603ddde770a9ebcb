//! Line numbers for instructions that have none of their own (PEP 626).

use super::{Block, BlockId, Graph};
use crate::ast::Location;

/// Whether a block leaves the function or may be interrupted, and has no line.
fn needs_lineno(block: &Block) -> bool {
    let eval_break = || block.instrs.iter().any(|instr| instr.opcode.has_eval_break());
    block.has_no_lineno() && (block.exits_scope() || eval_break())
}

impl Graph {
    pub(super) fn resolve_line_numbers(&mut self) {
        self.duplicate_exits_without_lineno();
        self.propagate_line_numbers();
    }

    /// Copies exits without a line for each jump to them, so that each copy has one predecessor,
    /// whose line it then takes.
    fn duplicate_exits_without_lineno(&mut self) {
        self.for_each(|graph, id| {
            let Some(&last) = graph.block(id).instrs.last() else { return };
            if !last.opcode.has_jump() {
                return;
            }
            let target_id = graph.next_nonempty(last.target);
            if !target_id.is_some() {
                return;
            }
            let target = graph.block(target_id);
            if target.predecessors <= 1 || !needs_lineno(target) {
                return;
            }
            let (instrs, next) = (target.instrs.clone(), target.next);
            let copy_id = graph.new_block();
            let copy = graph.block_mut(copy_id);
            copy.instrs = instrs;
            copy.instrs[0].loc = last.loc;
            copy.predecessors = 1;
            copy.has_label = true;
            copy.next = next;
            let target = graph.block_mut(target_id);
            target.predecessors -= 1;
            target.next = copy_id;
            if let Some(last) = graph.block_mut(id).instrs.last_mut() {
                last.target = copy_id;
            }
        });
        // What is left is reached by falling through, from one block alone.
        self.for_each(|graph, id| {
            let block = graph.block(id);
            let Some(&last) = block.instrs.last() else { return };
            let next = block.next;
            if !next.is_some() || !block.falls_through() || !needs_lineno(graph.block(next)) {
                return;
            }
            if let Some(first) = graph.block_mut(next).instrs.first_mut() {
                first.loc = last.loc;
            }
        });
    }

    /// Instructions without a line take that of the one before.
    fn propagate_line_numbers(&mut self) {
        self.for_each(|graph, id| {
            let block = graph.block_mut(id);
            let Some(&last) = block.instrs.last() else { return };
            let mut previous = Location::NONE;
            for instr in &mut block.instrs {
                if instr.loc.lineno == Location::NONE.lineno {
                    instr.loc = previous;
                } else {
                    previous = instr.loc;
                }
            }
            let next = block.next;
            if next.is_some() && block.falls_through() {
                graph.inherit_line(next, previous);
            }
            if last.opcode.has_jump() {
                graph.inherit_line(last.target, previous);
            }
        });
    }

    fn inherit_line(&mut self, id: BlockId, loc: Location) {
        let block = self.block_mut(id);
        if block.predecessors != 1 {
            return;
        }
        if let Some(first) = block.instrs.first_mut() {
            if first.loc.lineno == Location::NONE.lineno {
                first.loc = loc;
            }
        }
    }
}
