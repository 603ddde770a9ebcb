//! The code generator's output: instructions in a row, with labels for jump targets.

use crate::ast::Location;
use taipan_bytecode::Opcode;

/// The location of the instruction behind (`NEXT_LOCATION`).
pub(crate) const NEXT_LOCATION: Location = Location::new(-2, -2, -2, -2);

/// A place in a sequence that is jumped to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Label(u32);

impl Label {
    /// No label (`NO_LABEL`).
    pub(crate) const NONE: Label = Label(u32::MAX);

    /// Whether this is one.
    pub(crate) fn is_some(self) -> bool {
        self != Label::NONE
    }
}

/// An instruction. If it has a target, the oparg is the number of a label.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instruction {
    pub(crate) opcode: Opcode,
    pub(crate) oparg: u32,
    pub(crate) loc: Location,
}

/// `_PyInstructionSequence`.
#[derive(Default, Debug)]
pub(crate) struct Sequence {
    pub(crate) instructions: Vec<Instruction>,
    /// For each label the instruction that it stands before.
    labels: Vec<u32>,
    /// What goes to the place of `ANNOTATIONS_PLACEHOLDER`.
    pub(crate) annotations: Option<Box<Sequence>>,
}

impl Sequence {
    /// A label that is yet to be placed.
    pub(crate) fn new_label(&mut self) -> Label {
        self.labels.push(u32::MAX);
        Label(self.labels.len() as u32 - 1)
    }

    /// Places a label before the next instruction.
    pub(crate) fn use_label(&mut self, label: Label) {
        self.labels[label.0 as usize] = self.instructions.len() as u32;
    }

    /// Appends an instruction.
    pub(crate) fn push(&mut self, opcode: Opcode, oparg: u32, loc: Location) {
        self.instructions.push(Instruction { opcode, oparg, loc });
    }

    /// Appends a jump or the opening of a handler block.
    pub(crate) fn push_jump(&mut self, opcode: Opcode, target: Label, loc: Location) {
        debug_assert!(opcode.has_target() && target.is_some());
        self.push(opcode, target.0, loc);
    }

    /// Puts the opening of a handler block before everything else.
    pub(crate) fn insert_jump_first(&mut self, opcode: Opcode, target: Label, loc: Location) {
        self.instructions.insert(0, Instruction { opcode, oparg: target.0, loc });
        for at in &mut self.labels {
            // A label that is not placed yet stays so.
            *at = at.saturating_add(1);
        }
    }

    /// The instruction that a label stands before.
    pub(crate) fn position(&self, label: u32) -> usize {
        self.labels[label as usize] as usize
    }
}
