//! The flow graph: instructions in basic blocks, the optimiser's passes over them, and back.
//!
//! The passes and their order are those of CPython's `flowgraph.c`.

mod cleanup;
mod exceptions;
mod fold;
mod layout;
mod lines;
mod locals;
mod peephole;
mod swaps;

use crate::ast::{Constant, Location};
use crate::code::Consts;
use crate::codegen::Metadata;
use crate::error::CompileResult;
use crate::sequence::Sequence;
use std::collections::VecDeque;
use taipan_bytecode::{CodeFlags, Opcode};

/// The number of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct BlockId(u32);

impl BlockId {
    const NONE: BlockId = BlockId(u32::MAX);
    const ENTRY: BlockId = BlockId(0);

    fn is_some(self) -> bool {
        self != BlockId::NONE
    }
}

/// An instruction of a block.
#[derive(Clone, Copy, Debug)]
struct Instr {
    opcode: Opcode,
    oparg: u32,
    loc: Location,
    /// Where it jumps to, or which handler it sets up.
    target: BlockId,
    /// The handler of exceptions that it raises.
    except: BlockId,
}

impl Instr {
    fn new(opcode: Opcode, oparg: u32, loc: Location) -> Instr {
        Instr { opcode, oparg, loc, target: BlockId::NONE, except: BlockId::NONE }
    }

    fn set(&mut self, opcode: Opcode, oparg: u32) {
        self.opcode = opcode;
        self.oparg = oparg;
    }

    fn set_nop(&mut self) {
        self.set(Opcode::NOP, 0);
    }
}

/// A basic block.
#[derive(Debug)]
struct Block {
    instrs: Vec<Instr>,
    /// The handlers of instructions that stood behind the last one before others were removed.
    /// CPython reuses the memory of such instructions without clearing it, which decides whether a
    /// `NOT_TAKEN` that is added there is covered by the handler, and so the exception table.
    stale: VecDeque<BlockId>,
    /// The block behind this one, in the order of the code.
    next: BlockId,
    /// Whether something may jump here.
    has_label: bool,
    predecessors: i32,
    /// The depth of the stack at the start; negative while it is not known.
    startdepth: i64,
    /// Which of the first 64 locals may be unbound at the start.
    unsafe_locals: u64,
    /// A handler that finds the position of the instruction that raised on the stack.
    preserve_lasti: bool,
    visited: bool,
    except_handler: bool,
    cold: bool,
    warm: bool,
}

impl Block {
    fn new() -> Block {
        Block {
            instrs: Vec::new(),
            stale: VecDeque::new(),
            next: BlockId::NONE,
            has_label: false,
            predecessors: 0,
            startdepth: i64::MIN,
            unsafe_locals: 0,
            preserve_lasti: false,
            visited: false,
            except_handler: false,
            cold: false,
            warm: false,
        }
    }

    /// Keeps the first `kept` instructions.
    fn truncate(&mut self, kept: usize) {
        for instr in self.instrs.drain(kept..).rev() {
            self.stale.push_front(instr.except);
        }
    }

    /// Notes that so many instructions were added to the block.
    fn grown(&mut self, added: usize) {
        self.stale.drain(..added.min(self.stale.len()));
    }

    fn falls_through(&self) -> bool {
        !self.instrs.last().is_some_and(|last| last.opcode.never_falls_through())
    }

    fn exits_scope(&self) -> bool {
        self.instrs.last().is_some_and(|last| last.opcode.is_scope_exit())
    }

    fn has_no_lineno(&self) -> bool {
        self.instrs.iter().all(|instr| instr.loc.lineno < 0)
    }
}

/// The graph of one unit (`cfg_builder`).
struct Graph {
    blocks: Vec<Block>,
}

/// A handler as the exception table names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Handler {
    /// The index of its first instruction.
    pub(crate) index: usize,
    pub(crate) startdepth: i64,
    pub(crate) preserve_lasti: bool,
}

/// An instruction that is ready to be assembled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Final {
    pub(crate) opcode: Opcode,
    pub(crate) oparg: u32,
    pub(crate) loc: Location,
    /// The index of the instruction that it jumps to.
    pub(crate) target: Option<usize>,
    pub(crate) handler: Option<Handler>,
}

/// What the assembler gets.
#[derive(Debug)]
pub(crate) struct Optimized {
    pub(crate) instructions: Vec<Final>,
    pub(crate) consts: Vec<Constant>,
    pub(crate) stacksize: u32,
    pub(crate) nlocalsplus: usize,
}

/// Optimises a unit's code.
pub(crate) fn optimize(
    sequence: Sequence,
    metadata: &Metadata,
    mut consts: Consts,
    nparams: usize,
    flags: CodeFlags,
) -> CompileResult<Optimized> {
    let mut graph = Graph::from_sequence(&sequence);
    drop(sequence);
    graph.mark_except_handlers();
    graph.label_exception_targets();

    graph.inline_small_or_no_lineno_blocks();
    graph.remove_unreachable();
    graph.resolve_line_numbers();
    graph.optimize_load_const(&mut consts);
    graph.optimize_basic_blocks(&mut consts);
    graph.remove_redundant_nops_and_pairs();
    graph.remove_unreachable();
    graph.remove_redundant_nops_and_jumps();

    let consts = graph.remove_unused_consts(consts);
    graph.add_checks_for_loads_of_uninitialized_variables(metadata.varnames.len(), nparams);
    graph.insert_superinstructions();
    graph.push_cold_blocks_to_end();
    graph.resolve_line_numbers();

    graph.convert_pseudo_conditional_jumps();
    let stacksize = graph.calculate_stackdepth()?;
    let nlocalsplus = graph.prepare_localsplus(metadata, flags);
    graph.convert_pseudo_ops();
    graph.normalize_jumps();
    graph.optimize_load_fast();
    Ok(Optimized { instructions: graph.into_instructions(), consts, stacksize, nlocalsplus })
}

impl Graph {
    fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.0 as usize]
    }

    fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.0 as usize]
    }

    fn new_block(&mut self) -> BlockId {
        self.blocks.push(Block::new());
        BlockId(self.blocks.len() as u32 - 1)
    }

    /// Calls a function for each block in the order of the code. The function may add blocks.
    fn for_each(&mut self, mut visit: impl FnMut(&mut Self, BlockId)) {
        let mut id = BlockId::ENTRY;
        while id.is_some() {
            visit(self, id);
            id = self.block(id).next;
        }
    }

    /// The first block from this one on that has instructions.
    fn next_nonempty(&self, mut id: BlockId) -> BlockId {
        while id.is_some() && self.block(id).instrs.is_empty() {
            id = self.block(id).next;
        }
        id
    }

    fn clear_visited(&mut self) {
        self.for_each(|graph, id| graph.block_mut(id).visited = false);
    }

    fn from_sequence(sequence: &Sequence) -> Graph {
        let count = sequence.instructions.len();
        let mut is_target = vec![false; count];
        for instr in &sequence.instructions {
            if instr.opcode.has_target() {
                is_target[sequence.position(instr.oparg)] = true;
            }
        }
        let mut builder = Builder {
            graph: Graph { blocks: vec![Block::new()] },
            current: BlockId::ENTRY,
            label: None,
            block_of: vec![BlockId::NONE; count],
        };
        for (at, instr) in sequence.instructions.iter().enumerate() {
            if instr.opcode == Opcode::ANNOTATIONS_PLACEHOLDER {
                let annotations = sequence.annotations.as_deref();
                for instr in annotations.map_or(&[][..], |code| &code.instructions) {
                    builder.push(Instr::new(instr.opcode, instr.oparg, instr.loc));
                }
                continue;
            }
            if is_target[at] {
                builder.use_label(at);
            }
            builder.push(Instr::new(instr.opcode, instr.oparg, instr.loc));
        }
        let Builder { mut graph, block_of, .. } = builder;
        for block in &mut graph.blocks {
            for instr in &mut block.instrs {
                if instr.opcode.has_target() {
                    instr.target = block_of[sequence.position(instr.oparg)];
                }
            }
        }
        graph
    }
}

/// Cuts a row of instructions into blocks.
struct Builder {
    graph: Graph,
    current: BlockId,
    /// The place in the row of the target that the next block begins with.
    label: Option<usize>,
    /// For each target in the row its block.
    block_of: Vec<BlockId>,
}

impl Builder {
    fn use_label(&mut self, at: usize) {
        self.label = Some(at);
        self.maybe_start_new_block();
    }

    fn push(&mut self, instr: Instr) {
        self.maybe_start_new_block();
        self.graph.block_mut(self.current).instrs.push(instr);
    }

    fn maybe_start_new_block(&mut self) {
        let block = self.graph.block(self.current);
        let terminated = block.instrs.last().is_some_and(|last| last.opcode.has_jump() || last.opcode.is_scope_exit());
        let occupied = !block.instrs.is_empty() || block.has_label;
        if terminated || (self.label.is_some() && occupied) {
            let new = self.graph.new_block();
            self.graph.block_mut(self.current).next = new;
            self.current = new;
        }
        if let Some(at) = self.label.take() {
            self.graph.block_mut(self.current).has_label = true;
            self.block_of[at] = self.current;
        }
    }
}
