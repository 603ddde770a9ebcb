//! The final shape: cold code at the end, pseudo instructions made real, prefix instructions, and
//! the row of instructions that the assembler gets.

use super::{Block, BlockId, Final, Graph, Handler, Instr};
use crate::ast::Location;
use crate::codegen::Metadata;
use taipan_bytecode::{CodeFlags, Opcode};

impl Graph {
    /// Marks the blocks that only run after an exception.
    fn mark_cold(&mut self) {
        self.clear_visited();
        self.block_mut(BlockId::ENTRY).visited = true;
        let mut todo = vec![BlockId::ENTRY];
        while let Some(id) = todo.pop() {
            self.block_mut(id).warm = true;
            self.push_reached(id, &mut todo, |_| true);
        }
        self.clear_visited();
        self.for_each(|graph, id| {
            let block = graph.block_mut(id);
            if block.except_handler {
                block.visited = true;
                todo.push(id);
            }
        });
        while let Some(id) = todo.pop() {
            self.block_mut(id).cold = true;
            self.push_reached(id, &mut todo, |block| !block.warm);
        }
    }

    fn push_reached(&mut self, id: BlockId, todo: &mut Vec<BlockId>, wanted: impl Fn(&Block) -> bool) {
        let block = self.block(id);
        let next = if block.falls_through() { block.next } else { BlockId::NONE };
        let target = match block.instrs.last() {
            Some(last) if last.opcode.has_jump() => last.target,
            _ => BlockId::NONE,
        };
        for reached in [next, target] {
            if reached.is_some() {
                let block = self.block_mut(reached);
                if !block.visited && wanted(block) {
                    block.visited = true;
                    todo.push(reached);
                }
            }
        }
    }

    pub(super) fn push_cold_blocks_to_end(&mut self) {
        if !self.block(BlockId::ENTRY).next.is_some() {
            return;
        }
        self.mark_cold();
        // A cold block that falls through to a warm one needs a jump in place of that.
        self.for_each(|graph, id| {
            let block = graph.block(id);
            let next = block.next;
            if !block.cold || !block.falls_through() || !next.is_some() || !graph.block(next).warm {
                return;
            }
            graph.block_mut(next).has_label = true;
            let jump_id = graph.new_block();
            let jump = graph.block_mut(jump_id);
            let mut instr = Instr::new(Opcode::JUMP_NO_INTERRUPT, 0, Location::NONE);
            instr.target = next;
            jump.instrs.push(instr);
            jump.cold = true;
            jump.next = next;
            jump.predecessors = 1;
            graph.block_mut(id).next = jump_id;
        });
        let (mut warm, mut cold) = (Vec::new(), Vec::new());
        self.for_each(|graph, id| {
            let row = if graph.block(id).cold { &mut cold } else { &mut warm };
            row.push(id);
        });
        if cold.is_empty() {
            return;
        }
        let order: Vec<BlockId> = warm.into_iter().chain(cold).collect();
        for (at, &id) in order.iter().enumerate() {
            self.block_mut(id).next = order.get(at + 1).copied().unwrap_or(BlockId::NONE);
        }
        self.remove_redundant_nops_and_jumps();
    }

    /// `JUMP_IF_*`, which leave the value they look at, become three instructions.
    pub(super) fn convert_pseudo_conditional_jumps(&mut self) {
        self.for_each(|graph, id| {
            let block = graph.block_mut(id);
            let instrs = &mut block.instrs;
            let Some(&last) = instrs.last() else { return };
            let opcode = match last.opcode {
                Opcode::JUMP_IF_FALSE => Opcode::POP_JUMP_IF_FALSE,
                Opcode::JUMP_IF_TRUE => Opcode::POP_JUMP_IF_TRUE,
                _ => return,
            };
            instrs.pop();
            for (opcode, oparg) in [(Opcode::COPY, 1), (Opcode::TO_BOOL, 0)] {
                let mut instr = Instr::new(opcode, oparg, last.loc);
                instr.except = last.except;
                instrs.push(instr);
            }
            instrs.push(Instr { opcode, ..last });
            block.grown(2);
        });
    }

    pub(super) fn convert_pseudo_ops(&mut self) {
        self.for_each(|graph, id| {
            for instr in &mut graph.block_mut(id).instrs {
                match instr.opcode {
                    opcode if opcode.is_block_push() => instr.set_nop(),
                    Opcode::LOAD_CLOSURE => instr.opcode = Opcode::LOAD_FAST,
                    Opcode::STORE_FAST_MAYBE_NULL => instr.opcode = Opcode::STORE_FAST,
                    _ => {}
                }
            }
        });
        self.remove_redundant_nops_and_jumps();
    }

    /// Conditional jumps only go forwards; behind each stands a `NOT_TAKEN`.
    pub(super) fn normalize_jumps(&mut self) {
        self.clear_visited();
        self.for_each(|graph, id| {
            graph.block_mut(id).visited = true;
            let block = graph.block(id);
            let Some(&last) = block.instrs.last() else { return };
            let (cold, next) = (block.cold, block.next);
            let not_taken = Instr::new(Opcode::NOT_TAKEN, 0, last.loc);
            let reversed = match last.opcode {
                Opcode::POP_JUMP_IF_NOT_NONE => Opcode::POP_JUMP_IF_NONE,
                Opcode::POP_JUMP_IF_NONE => Opcode::POP_JUMP_IF_NOT_NONE,
                Opcode::POP_JUMP_IF_FALSE => Opcode::POP_JUMP_IF_TRUE,
                Opcode::POP_JUMP_IF_TRUE => Opcode::POP_JUMP_IF_FALSE,
                _ => return,
            };
            let target = graph.block(last.target);
            if !target.visited {
                let block = graph.block_mut(id);
                let except = block.stale.pop_front().unwrap_or(BlockId::NONE);
                block.instrs.push(Instr { except, ..not_taken });
                return;
            }
            let startdepth = target.startdepth;
            let back_id = graph.new_block();
            let back = graph.block_mut(back_id);
            let mut jump = Instr::new(Opcode::JUMP, 0, last.loc);
            jump.target = last.target;
            back.instrs.extend([not_taken, jump]);
            back.startdepth = startdepth;
            back.cold = cold;
            back.next = next;
            let block = graph.block_mut(id);
            block.next = back_id;
            if let Some(last) = block.instrs.last_mut() {
                last.opcode = reversed;
                last.target = next;
            }
        });
    }

    /// Adds the instructions that functions with cells, free variables and generators begin with,
    /// and gives cells and free variables their places behind the locals. Gives how many places
    /// there are.
    pub(super) fn prepare_localsplus(&mut self, metadata: &Metadata, flags: CodeFlags) -> usize {
        let nlocals = metadata.varnames.len();
        let (ncells, nfrees) = (metadata.cellvars.len(), metadata.freevars.len());
        // A parameter that is a cell stays in the parameter's place.
        let mut places: Vec<usize> = (nlocals..nlocals + ncells + nfrees).collect();
        for (at, name) in metadata.cellvars.iter().enumerate() {
            if let Some(local) = metadata.varnames.get_index_of(name) {
                places[at] = local;
            }
        }
        self.insert_prefix(metadata, &places, flags);

        let mut dropped = 0;
        for (at, place) in places.iter_mut().enumerate() {
            if *place == at + nlocals {
                *place -= dropped;
            } else {
                dropped += 1;
            }
        }
        self.for_each(|graph, id| {
            for instr in &mut graph.block_mut(id).instrs {
                if let Opcode::MAKE_CELL
                | Opcode::LOAD_CLOSURE
                | Opcode::LOAD_DEREF
                | Opcode::STORE_DEREF
                | Opcode::DELETE_DEREF
                | Opcode::LOAD_FROM_DICT_OR_DEREF = instr.opcode
                {
                    instr.oparg = places[instr.oparg as usize] as u32;
                }
            }
        });
        nlocals + ncells + nfrees - dropped
    }

    fn insert_prefix(&mut self, metadata: &Metadata, places: &[usize], flags: CodeFlags) {
        let mut prefix = Vec::new();
        if !metadata.freevars.is_empty() {
            let count = metadata.freevars.len() as u32;
            prefix.push(Instr::new(Opcode::COPY_FREE_VARS, count, Location::NONE));
        }
        let mut cells: Vec<usize> = (0..metadata.cellvars.len()).collect();
        cells.sort_unstable_by_key(|&cell| places[cell]);
        let make_cell = |cell| Instr::new(Opcode::MAKE_CELL, cell as u32, Location::NONE);
        prefix.extend(cells.into_iter().map(make_cell));
        let generator = CodeFlags::GENERATOR | CodeFlags::COROUTINE | CodeFlags::ASYNC_GENERATOR;
        if flags.intersects(generator) {
            let line = metadata.firstlineno;
            let loc = Location::new(line, -1, line, -1);
            prefix.push(Instr::new(Opcode::RETURN_GENERATOR, 0, loc));
            prefix.push(Instr::new(Opcode::POP_TOP, 0, loc));
        }
        let entry = self.block_mut(BlockId::ENTRY);
        entry.grown(prefix.len());
        entry.instrs.splice(0..0, prefix);
    }

    /// The blocks in a row.
    pub(super) fn into_instructions(mut self) -> Vec<Final> {
        let mut starts = vec![0; self.blocks.len()];
        let mut count = 0;
        self.for_each(|graph, id| {
            starts[id.0 as usize] = count;
            count += graph.block(id).instrs.len();
        });
        let mut row = Vec::with_capacity(count);
        self.for_each(|graph, id| {
            for instr in &graph.block(id).instrs {
                let target = instr.opcode.has_target().then(|| starts[instr.target.0 as usize]);
                let handler = instr.except.is_some().then(|| {
                    let block = graph.block(instr.except);
                    Handler {
                        index: starts[instr.except.0 as usize],
                        startdepth: block.startdepth,
                        preserve_lasti: block.preserve_lasti,
                    }
                });
                row.push(Final { opcode: instr.opcode, oparg: instr.oparg, loc: instr.loc, target, handler });
            }
        });
        row
    }
}
