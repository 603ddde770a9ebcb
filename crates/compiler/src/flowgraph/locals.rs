//! Fast locals: which may be unbound where they are loaded, which loads may borrow their reference,
//! and instructions that do two loads or stores at once.

use super::{BlockId, Graph, Instr};
use taipan_bytecode::Opcode;

/// How many locals are followed across blocks.
const TRACKED: usize = 64;

impl Graph {
    /// Marks the loads of locals that may be unbound, which must be checked at run time.
    pub(super) fn add_checks_for_loads_of_uninitialized_variables(&mut self, nlocals: usize, nparams: usize) {
        if nlocals == 0 {
            return;
        }
        if nlocals > TRACKED {
            self.check_untracked_locals(nlocals);
        }
        let tracked = nlocals.min(TRACKED);
        let mut start_mask = 0;
        for local in nparams..tracked {
            start_mask |= 1 << local;
        }
        self.clear_visited();
        let mut todo = Vec::new();
        self.push_unsafe(&mut todo, BlockId::ENTRY, start_mask);
        // A local can be deleted anywhere, so every block is scanned at least once.
        self.for_each(|graph, id| graph.scan_for_unsafe_locals(id, &mut todo));
        while let Some(id) = todo.pop() {
            self.block_mut(id).visited = false;
            self.scan_for_unsafe_locals(id, &mut todo);
        }
    }

    fn push_unsafe(&mut self, todo: &mut Vec<BlockId>, id: BlockId, mask: u64) {
        let block = self.block_mut(id);
        if block.unsafe_locals | mask != block.unsafe_locals {
            block.unsafe_locals |= mask;
            if !block.visited {
                block.visited = true;
                todo.push(id);
            }
        }
    }

    fn scan_for_unsafe_locals(&mut self, id: BlockId, todo: &mut Vec<BlockId>) {
        let mut mask = self.block(id).unsafe_locals;
        let mut handler = BlockId::NONE;
        let mut handler_mask = 0;
        for at in 0..self.block(id).instrs.len() {
            let instr = self.block(id).instrs[at];
            if instr.except.is_some() && (instr.except != handler || mask != handler_mask) {
                (handler, handler_mask) = (instr.except, mask);
                self.push_unsafe(todo, handler, mask);
            }
            if instr.oparg as usize >= TRACKED {
                continue;
            }
            let bit = 1 << instr.oparg;
            match instr.opcode {
                Opcode::DELETE_FAST | Opcode::LOAD_FAST_AND_CLEAR | Opcode::STORE_FAST_MAYBE_NULL => mask |= bit,
                Opcode::STORE_FAST | Opcode::LOAD_FAST_CHECK => mask &= !bit,
                Opcode::LOAD_FAST => {
                    if mask & bit != 0 {
                        self.block_mut(id).instrs[at].opcode = Opcode::LOAD_FAST_CHECK;
                    }
                    mask &= !bit;
                }
                _ => {}
            }
        }
        let block = self.block(id);
        let (next, falls_through) = (block.next, block.falls_through());
        let target = match block.instrs.last() {
            Some(last) if last.opcode.has_jump() => last.target,
            _ => BlockId::NONE,
        };
        if next.is_some() && falls_through {
            self.push_unsafe(todo, next, mask);
        }
        if target.is_some() {
            self.push_unsafe(todo, target, mask);
        }
    }

    /// Locals beyond the first 64 are followed within a block only.
    fn check_untracked_locals(&mut self, nlocals: usize) {
        let mut bound_in = vec![0usize; nlocals - TRACKED];
        let mut number = 0;
        self.for_each(|graph, id| {
            number += 1;
            for instr in &mut graph.block_mut(id).instrs {
                let Some(local) = (instr.oparg as usize).checked_sub(TRACKED) else { continue };
                match instr.opcode {
                    Opcode::DELETE_FAST | Opcode::LOAD_FAST_AND_CLEAR | Opcode::STORE_FAST_MAYBE_NULL => {
                        bound_in[local] = number - 1
                    }
                    Opcode::STORE_FAST => bound_in[local] = number,
                    Opcode::LOAD_FAST => {
                        if bound_in[local] != number {
                            instr.opcode = Opcode::LOAD_FAST_CHECK;
                        }
                        bound_in[local] = number;
                    }
                    _ => {}
                }
            }
        });
    }

    pub(super) fn insert_superinstructions(&mut self) {
        self.for_each(|graph, id| {
            let instrs = &mut graph.block_mut(id).instrs;
            for at in 1..instrs.len() {
                let (first, second) = (instrs[at - 1], instrs[at]);
                let opcode = match (first.opcode, second.opcode) {
                    (Opcode::LOAD_FAST, Opcode::LOAD_FAST) => Opcode::LOAD_FAST_LOAD_FAST,
                    (Opcode::STORE_FAST, Opcode::LOAD_FAST) => Opcode::STORE_FAST_LOAD_FAST,
                    (Opcode::STORE_FAST, Opcode::STORE_FAST) => Opcode::STORE_FAST_STORE_FAST,
                    _ => continue,
                };
                let (line, next_line) = (first.loc.lineno, second.loc.lineno);
                if line >= 0 && next_line >= 0 && line != next_line {
                    continue;
                }
                if first.oparg < 16 && second.oparg < 16 {
                    instrs[at - 1].set(opcode, first.oparg << 4 | second.oparg);
                    instrs[at].set_nop();
                }
            }
        });
        self.remove_redundant_nops();
    }

    /// Lets loads borrow their reference where the local certainly outlives it: what is loaded must
    /// be taken from the stack in the same block, before the local is rebound, and not be stored.
    pub(super) fn optimize_load_fast(&mut self) {
        self.clear_visited();
        let entry = self.block_mut(BlockId::ENTRY);
        entry.startdepth = 0;
        entry.visited = true;
        let mut todo = vec![BlockId::ENTRY];
        let mut refs = References::default();
        while let Some(id) = todo.pop() {
            self.optimize_load_fast_in(id, &mut refs, &mut todo);
        }
    }

    fn optimize_load_fast_in(&mut self, id: BlockId, refs: &mut References, todo: &mut Vec<BlockId>) {
        let mut instrs = std::mem::take(&mut self.block_mut(id).instrs);
        let block = self.block(id);
        let (next, startdepth) = (block.next, block.startdepth.max(0));
        refs.reset(instrs.len(), startdepth as usize);
        let mut visit = |target: BlockId| {
            let block = self.block_mut(target);
            if !block.visited {
                block.visited = true;
                todo.push(target);
            }
        };
        for (at, instr) in instrs.iter().enumerate() {
            refs.simulate(at as u32, instr);
            if instr.opcode.has_target() {
                visit(instr.target);
            }
        }
        // An empty block ends the search, as it does in CPython 3.14.
        let falls_through = instrs.last().is_some_and(|last| !last.opcode.never_falls_through());
        if falls_through && next.is_some() {
            visit(next);
        }
        refs.mark_unconsumed();
        for (instr, &keeps) in instrs.iter_mut().zip(&refs.keeps) {
            if !keeps {
                instr.opcode = match instr.opcode {
                    Opcode::LOAD_FAST => Opcode::LOAD_FAST_BORROW,
                    Opcode::LOAD_FAST_LOAD_FAST => Opcode::LOAD_FAST_BORROW_LOAD_FAST_BORROW,
                    opcode => opcode,
                };
            }
        }
        self.block_mut(id).instrs = instrs;
    }
}

/// A reference on the simulated stack: the instruction that pushed it and the local it is of.
#[derive(Clone, Copy)]
struct Reference {
    instr: u32,
    local: u32,
}

const NOBODY: u32 = u32::MAX;

/// The simulated stack of a block.
#[derive(Default)]
struct References {
    stack: Vec<Reference>,
    /// For each instruction whether it must make a reference of its own.
    keeps: Vec<bool>,
}

impl References {
    fn reset(&mut self, instrs: usize, depth: usize) {
        self.keeps.clear();
        self.keeps.resize(instrs, false);
        self.stack.clear();
        self.stack.resize(depth, Reference { instr: NOBODY, local: NOBODY });
    }

    fn push(&mut self, instr: u32, local: u32) {
        self.stack.push(Reference { instr, local });
    }

    fn pop(&mut self) -> Reference {
        self.stack.pop().unwrap_or(Reference { instr: NOBODY, local: NOBODY })
    }

    fn keep(&mut self, instr: u32) {
        if let Some(keeps) = self.keeps.get_mut(instr as usize) {
            *keeps = true;
        }
    }

    /// A local is rebound: who loaded it before needs a reference of his own.
    fn kill(&mut self, local: u32) {
        for at in 0..self.stack.len() {
            if self.stack[at].local == local {
                self.keep(self.stack[at].instr);
            }
        }
    }

    fn store(&mut self, local: u32) {
        let stored = self.pop();
        self.kill(local);
        self.keep(stored.instr);
    }

    fn mark_unconsumed(&mut self) {
        for at in 0..self.stack.len() {
            self.keep(self.stack[at].instr);
        }
    }

    fn simulate(&mut self, at: u32, instr: &Instr) {
        let (opcode, oparg) = (instr.opcode, instr.oparg);
        match opcode {
            Opcode::DELETE_FAST => self.kill(oparg),
            Opcode::LOAD_FAST => self.push(at, oparg),
            Opcode::LOAD_FAST_AND_CLEAR => {
                self.kill(oparg);
                self.push(at, oparg);
            }
            Opcode::LOAD_FAST_LOAD_FAST => {
                self.push(at, oparg >> 4);
                self.push(at, oparg & 15);
            }
            Opcode::STORE_FAST => self.store(oparg),
            Opcode::STORE_FAST_LOAD_FAST => {
                self.store(oparg >> 4);
                self.push(at, oparg & 15);
            }
            Opcode::STORE_FAST_STORE_FAST => {
                self.store(oparg >> 4);
                self.store(oparg & 15);
            }
            Opcode::COPY => {
                let copied = self.stack.len().checked_sub(oparg as usize);
                if let Some(&copied) = copied.and_then(|at| self.stack.get(at)) {
                    self.push(copied.instr, copied.local);
                }
            }
            Opcode::SWAP => {
                let top = self.stack.len().wrapping_sub(1);
                if let Some(other) = self.stack.len().checked_sub(oparg as usize) {
                    self.stack.swap(other, top);
                }
            }
            // These leave what they look at and push on top of it.
            Opcode::FORMAT_SIMPLE
            | Opcode::GET_ANEXT
            | Opcode::GET_LEN
            | Opcode::GET_YIELD_FROM_ITER
            | Opcode::IMPORT_FROM
            | Opcode::MATCH_KEYS
            | Opcode::MATCH_MAPPING
            | Opcode::MATCH_SEQUENCE
            | Opcode::WITH_EXCEPT_START => {
                // CPython takes the first instructions of the block for the origin of these.
                for origin in 0..opcode.pushed(oparg) - opcode.popped(oparg) {
                    self.push(origin as u32, NOBODY);
                }
            }
            // These take some of what they look at.
            Opcode::DICT_MERGE
            | Opcode::DICT_UPDATE
            | Opcode::LIST_APPEND
            | Opcode::LIST_EXTEND
            | Opcode::MAP_ADD
            | Opcode::RERAISE
            | Opcode::SET_ADD
            | Opcode::SET_UPDATE => {
                for _ in 0..opcode.popped(oparg) - opcode.pushed(oparg) {
                    self.pop();
                }
            }
            Opcode::END_SEND | Opcode::SET_FUNCTION_ATTRIBUTE => {
                let top = self.pop();
                self.pop();
                self.stack.push(top);
            }
            Opcode::CHECK_EXC_MATCH => {
                self.pop();
                self.push(at, NOBODY);
            }
            Opcode::FOR_ITER => self.push(at, NOBODY),
            Opcode::LOAD_ATTR | Opcode::LOAD_SUPER_ATTR => {
                let object = self.pop();
                if opcode == Opcode::LOAD_SUPER_ATTR {
                    self.pop();
                    self.pop();
                }
                self.push(at, NOBODY);
                if oparg & 1 != 0 {
                    // A method: the object may be pushed again as its first argument.
                    self.stack.push(object);
                }
            }
            Opcode::LOAD_SPECIAL | Opcode::PUSH_EXC_INFO => {
                let top = self.pop();
                self.push(at, NOBODY);
                self.stack.push(top);
            }
            Opcode::SEND => {
                self.pop();
                self.push(at, NOBODY);
            }
            _ if opcode.is_block_push() => {}
            _ => {
                for _ in 0..opcode.popped(oparg) {
                    self.pop();
                }
                for _ in 0..opcode.pushed(oparg) {
                    self.push(at, NOBODY);
                }
            }
        }
    }
}
