//! The verifier's abstract interpretation: what is on the stack and in the locals, on all paths.

use crate::code::{CO_FAST_CELL, CO_FAST_FREE, CodeFlags, CodeObject, Constant};
use crate::exception_table::Handler;
use crate::opcode::{Opcode, Opcode::*};
use crate::operand::{Intrinsic1, Intrinsic2, MAKE_FUNCTION_CLOSURE};

use super::{Check, Fault, Instruction, UnitFlags, decode};

/// What is known about a stack entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Some object.
    Object,
    /// NULL.
    Null,
    /// An object or NULL.
    MaybeNull,
    /// The number below an exception that says where it was raised. An interpreter need not make an
    /// object of it.
    Lasti,
    /// What `PUSH_EXC_INFO` saved: an exception or `None`.
    PrevExc,
    /// An exception instance.
    Exc,
    /// An exception instance or `None`.
    ExcOrNone,
    /// A cell.
    Cell,
    /// A list that was built here.
    List,
    /// A set that was built here.
    Set,
    /// A dict that was built here.
    Dict,
    /// A tuple that was built here.
    Tuple,
    /// A tuple of so many cells that was built here.
    Closure(u32),
    /// A function that was made here.
    Function,
    /// A function that still lacks its closure of so many cells.
    OpenFunction(u32),
    /// What nothing may be done with.
    Unusable,
    /// The constant with this index.
    Const(u32),
    /// A reference borrowed from this local.
    Borrowed(u32),
    /// The same, or NULL.
    BorrowedOrNull(u32),
    /// A reference to a cell borrowed from this local.
    BorrowedCell(u32),
}

impl Kind {
    fn may_be_null(self) -> bool {
        matches!(self, Kind::Null | Kind::MaybeNull | Kind::BorrowedOrNull(_))
    }

    /// Whether it may only be moved and given up, or go where it belongs.
    fn is_unusable(self) -> bool {
        matches!(self, Kind::OpenFunction(_) | Kind::Lasti | Kind::Unusable)
    }

    fn borrowed_from(self) -> Option<u32> {
        match self {
            Kind::Borrowed(local) | Kind::BorrowedOrNull(local) | Kind::BorrowedCell(local) => Some(local),
            _ => None,
        }
    }

    /// What is known if it is one or the other.
    fn join(self, other: Self) -> Self {
        use Kind::*;
        match (self, other) {
            (a, b) if a == b => a,
            (a, b) if a.is_unusable() || b.is_unusable() => Unusable,
            (a, b) if a.may_be_null() || b.may_be_null() => MaybeNull,
            (Exc, ExcOrNone) | (ExcOrNone, Exc) => ExcOrNone,
            // A tracing function may raise before PUSH_EXC_INFO has saved the previous exception.
            (Exc, PrevExc) | (PrevExc, Exc) => PrevExc,
            _ => Object,
        }
    }
}

/// A stack as a chain of entries from the top down, shared between the states that have it.
#[derive(Clone, Copy)]
struct Entry {
    below: u32,
    kind: Kind,
}

/// The empty stack.
const BOTTOM: u32 = 0;

/// What is known when control comes to a target.
#[derive(Clone, Copy)]
struct State {
    top: u32,
    depth: u32,
    /// Where its bits are in [`Flow::bits`].
    bits: usize,
    /// Whether the target waits for a walk from it.
    pending: bool,
}

/// How many locals are followed through all of the code.
///
/// As in the compiler, the others are only known within a run of instructions without a target.
const FOLLOWED: usize = 64;
const NOT_FOLLOWED: u32 = u32::MAX;

/// The tables of an abstract interpretation; reused from one code object to the next.
#[derive(Default)]
pub(super) struct Flow {
    entries: Vec<Entry>,
    /// For each code unit that is a target the state there.
    states: Vec<Option<State>>,
    bits: Vec<u64>,
    pending: Vec<usize>,
    /// For each local the bit that says it is bound, or that it has none.
    bit_of: Vec<u32>,
    /// For each local without a bit the last run in which it was bound.
    bound_in: Vec<u32>,
    scratch: Vec<Kind>,
}

impl Flow {
    pub(super) fn run(&mut self, code: &CodeObject, units: &[UnitFlags], handlers: &[Handler]) -> Check {
        self.entries.clear();
        self.entries.push(Entry { below: BOTTOM, kind: Kind::Null });
        self.states.clear();
        self.states.resize(units.len(), None);
        self.bits.clear();
        self.pending.clear();
        self.bit_of.clear();
        self.bound_in.clear();
        self.bound_in.resize(code.localspluskinds.len(), 0);

        // Bit 0 says that the generator has been made.
        let mut bits = 1;
        for (index, kind) in code.localspluskinds.iter().enumerate() {
            let followed = index < FOLLOWED || kind & (CO_FAST_CELL | CO_FAST_FREE) != 0;
            self.bit_of.push(if followed { bits } else { NOT_FOLLOWED });
            bits += u32::from(followed);
            // The bit behind says that it is a cell.
            bits += u32::from(kind & (CO_FAST_CELL | CO_FAST_FREE) != 0);
        }
        let words = bits.div_ceil(64) as usize;
        let mut run = Run {
            flow: self,
            code,
            units,
            handlers,
            words,
            top: BOTTOM,
            depth: 0,
            low: 0,
            borrowed: 0,
            local: vec![0; words],
            number: 1,
            steps: 0,
            unit: 0,
        };
        for index in 0..code.total_args() {
            run.set_bound(index as u32, true);
        }
        run.from(0)?;
        while let Some(unit) = run.flow.pending.pop() {
            let Some(state) = &mut run.flow.states[unit] else { continue };
            state.pending = false;
            let state = *state;
            run.top = state.top;
            run.depth = state.depth;
            let bits = &run.flow.bits[state.bits..state.bits + words];
            run.local.copy_from_slice(bits);
            run.number += 1;
            run.from(unit)?;
        }
        Ok(())
    }
}

/// One walk along the code.
struct Run<'a> {
    flow: &'a mut Flow,
    code: &'a CodeObject,
    units: &'a [UnitFlags],
    handlers: &'a [Handler],
    words: usize,
    top: u32,
    depth: u32,
    /// The lowest depth within the current instruction.
    low: u32,
    /// How many entries of the stack are borrowed.
    borrowed: u32,
    /// Bits for the locals: it is bound, and for a cell or free variable: it is a cell.
    local: Vec<u64>,
    /// The number of this walk, for locals without a bit.
    number: u32,
    steps: usize,
    unit: usize,
}

impl Run<'_> {
    fn fault<T>(&self, message: impl Into<String>) -> Check<T> {
        Err(Fault::at(self.unit, message))
    }

    /// Counts work that is not bounded by the number of instructions.
    fn work(&mut self, steps: usize) -> Check {
        self.steps += steps;
        if self.steps > 100_000 + self.units.len().saturating_mul(64) {
            return self.fault("the code is too complex");
        }
        Ok(())
    }

    fn bit(&self, bit: u32) -> bool {
        self.local[bit as usize / 64] >> (bit % 64) & 1 != 0
    }

    fn set_bit(&mut self, bit: u32, value: bool) {
        let mask = 1 << (bit % 64);
        let word = &mut self.local[bit as usize / 64];
        *word = if value { *word | mask } else { *word & !mask };
    }

    fn is_bound(&self, local: u32) -> bool {
        match self.flow.bit_of[local as usize] {
            NOT_FOLLOWED => self.flow.bound_in[local as usize] == self.number,
            bit => self.bit(bit),
        }
    }

    fn set_bound(&mut self, local: u32, bound: bool) {
        match self.flow.bit_of[local as usize] {
            NOT_FOLLOWED => {
                self.flow.bound_in[local as usize] = if bound { self.number } else { 0 };
            }
            bit => self.set_bit(bit, bound),
        }
    }

    /// Whether the local can be a cell at all.
    fn may_be_cell(&self, local: u32) -> bool {
        self.code.localspluskinds[local as usize] & (CO_FAST_CELL | CO_FAST_FREE) != 0
    }

    fn is_cell(&self, local: u32) -> bool {
        self.may_be_cell(local) && self.bit(self.flow.bit_of[local as usize] + 1)
    }

    fn set_cell(&mut self, local: u32, cell: bool) {
        if self.may_be_cell(local) {
            self.set_bit(self.flow.bit_of[local as usize] + 1, cell);
        }
    }

    /// A local changes: now it holds what is of this kind.
    fn set_local(&mut self, local: u32, kind: Kind) -> Check {
        self.end_borrows(local)?;
        self.set_bound(local, !kind.may_be_null());
        self.set_cell(local, kind == Kind::Cell);
        Ok(())
    }

    fn push(&mut self, kind: Kind) -> Check {
        if self.depth >= self.code.stacksize {
            return self.fault("the stack gets deeper than co_stacksize");
        }
        self.flow.entries.push(Entry { below: self.top, kind });
        self.top = (self.flow.entries.len() - 1) as u32;
        self.depth += 1;
        self.borrowed += u32::from(kind.borrowed_from().is_some());
        self.work(1)
    }

    /// Takes the top entry, which is given up or known to be what is needed.
    fn pop_any(&mut self) -> Check<Kind> {
        if self.depth == 0 {
            return self.fault("the stack is empty");
        }
        let entry = self.flow.entries[self.top as usize];
        self.top = entry.below;
        self.depth -= 1;
        self.low = self.low.min(self.depth);
        self.borrowed -= u32::from(entry.kind.borrowed_from().is_some());
        Ok(entry.kind)
    }

    /// Takes the top entry, which must be an object or NULL.
    fn pop_or_null(&mut self) -> Check<Kind> {
        let kind = self.pop_any()?;
        if kind.is_unusable() {
            return self.fault(format!("{kind:?} on the stack where an object is needed"));
        }
        Ok(kind)
    }

    /// Takes the top entry, which must be an object.
    fn pop(&mut self) -> Check<Kind> {
        let kind = self.pop_or_null()?;
        if kind.may_be_null() {
            return self.fault("NULL where an object is needed");
        }
        Ok(kind)
    }

    fn pop_many(&mut self, count: u32) -> Check {
        if count > self.depth {
            return self.fault("the stack has too few entries");
        }
        self.work(count as usize)?;
        (0..count).try_for_each(|_| self.pop().map(|_| ()))
    }

    fn pop_kind(&mut self, test: impl Fn(Kind) -> bool, what: &str) -> Check<Kind> {
        let kind = self.pop_any()?;
        if !test(kind) {
            return self.fault(format!("{kind:?} on the stack where {what} is needed"));
        }
        Ok(kind)
    }

    /// The entry at a distance from the top, which must be an object.
    fn peek_object(&mut self, distance: u32, what: &str) -> Check {
        let kind = self.peek(distance)?;
        if kind.may_be_null() || kind.is_unusable() {
            return self.fault(format!("{kind:?} on the stack where {what} is needed"));
        }
        Ok(())
    }

    /// The entry at a distance from the top (1 is the top).
    fn peek(&mut self, distance: u32) -> Check<Kind> {
        if distance > self.depth {
            return self.fault("the stack has too few entries");
        }
        self.work(distance as usize)?;
        let mut entry = self.top;
        for _ in 1..distance {
            entry = self.flow.entries[entry as usize].below;
        }
        Ok(self.flow.entries[entry as usize].kind)
    }

    fn peek_kind(&mut self, distance: u32, wanted: Kind) -> Check {
        let kind = self.peek(distance)?;
        if kind != wanted {
            return self.fault(format!("{kind:?} on the stack where {wanted:?} is needed"));
        }
        Ok(())
    }

    fn swap(&mut self, distance: u32) -> Check {
        if distance > self.depth {
            return self.fault("the stack has too few entries");
        }
        self.work(distance as usize)?;
        let low = self.low;
        let mut kinds = std::mem::take(&mut self.flow.scratch);
        kinds.clear();
        for _ in 0..distance {
            kinds.push(self.pop_any()?);
        }
        kinds.swap(0, distance as usize - 1);
        for &kind in kinds.iter().rev() {
            self.push(kind)?;
        }
        self.flow.scratch = kinds;
        // Nothing was given up in between.
        self.low = low;
        Ok(())
    }

    fn constant(&self, kind: Kind) -> Option<&Constant> {
        match kind {
            Kind::Const(index) => self.code.consts.get(index as usize),
            _ => None,
        }
    }

    fn pop_tuple(&mut self) -> Check {
        let kind = self.pop_any()?;
        if !matches!(kind, Kind::Tuple | Kind::Closure(_)) && !matches!(self.constant(kind), Some(Constant::Tuple(_))) {
            return self.fault(format!("{kind:?} on the stack where a tuple is needed"));
        }
        Ok(())
    }

    fn load_fast(&mut self, local: u32, borrow: bool) -> Check {
        if !self.is_bound(local) {
            return self.fault(format!("local {local} may be unbound"));
        }
        self.push(match (borrow, self.is_cell(local)) {
            (true, true) => Kind::BorrowedCell(local),
            (true, false) => Kind::Borrowed(local),
            (false, true) => Kind::Cell,
            (false, false) => Kind::Object,
        })
    }

    /// A local is about to change: nothing on the stack may be borrowed from it.
    fn end_borrows(&mut self, local: u32) -> Check {
        let mut left = self.borrowed;
        let mut entry = self.top;
        while left > 0 {
            self.work(1)?;
            let Entry { below, kind } = self.flow.entries[entry as usize];
            if let Some(from) = kind.borrowed_from() {
                if from == local {
                    return self.fault(format!("local {local} changes while it is borrowed"));
                }
                left -= 1;
            }
            entry = below;
        }
        Ok(())
    }

    fn store_fast(&mut self, local: u32) -> Check {
        let kind = self.pop_or_null()?;
        if kind.borrowed_from().is_some() {
            return self.fault("a borrowed reference is stored in a local");
        }
        self.set_local(local, kind)
    }

    /// Walks on from a code unit until control leaves or comes to a state that is known.
    fn from(&mut self, start: usize) -> Check {
        let mut start = start;
        self.borrowed = 0;
        // The index of the first handler that does not end before the instruction.
        let mut handler = self.handlers.partition_point(|h| h.end as usize <= start);
        loop {
            let Some(instruction) = decode(&self.code.code, start) else {
                return self.fault("control runs off the end of the code");
            };
            self.unit = instruction.unit;
            while self.handlers.get(handler).is_some_and(|h| h.end as usize <= start) {
                handler += 1;
            }
            let around = self.handlers.get(handler).filter(|h| h.start as usize <= start).copied();
            if let Some(handler) = around {
                self.raise_to(&handler)?;
            }
            self.low = self.depth;
            self.step(&instruction)?;
            if let Some(handler) = around
                && self.low < handler.depth
                && (instruction.opcode.has_error() || instruction.opcode.has_escapes())
            {
                return self.fault("takes what the handler keeps");
            }
            let opcode = instruction.opcode;
            if opcode.may_jump() {
                self.end_block()?;
                if let Some(target) = instruction.target() {
                    self.merge(target, self.top, self.depth)?;
                }
            }
            if opcode.never_falls_through() {
                return Ok(());
            }
            start = instruction.next;
            if self.units.get(start).is_some_and(|flags| flags.has(UnitFlags::TARGET)) {
                self.end_block()?;
                // The walk goes on there if there is something new.
                return self.merge(start, self.top, self.depth);
            }
        }
    }

    fn end_block(&mut self) -> Check {
        if self.borrowed != 0 {
            return self.fault("a borrowed reference crosses a jump");
        }
        Ok(())
    }

    /// The current instruction may raise: tells the handler what it will find.
    fn raise_to(&mut self, handler: &Handler) -> Check {
        if self.depth < handler.depth {
            return self.fault("the stack is lower than its handler keeps");
        }
        let mut borrowed = self.borrowed;
        let mut kept = self.top;
        self.work((self.depth - handler.depth) as usize)?;
        for _ in handler.depth..self.depth {
            let Entry { below, kind } = self.flow.entries[kept as usize];
            borrowed -= u32::from(kind.borrowed_from().is_some());
            kept = below;
        }
        if borrowed != 0 {
            return self.fault("a handler keeps a borrowed reference");
        }
        // Where all that was kept is as it was when the handler was seen last, only locals can
        // have changed.
        let target = handler.target as usize;
        let extra = 1 + u32::from(handler.lasti);
        if let Some(state) = self.flow.states[target] {
            let mut entry = state.top;
            for _ in 0..extra.min(state.depth) {
                entry = self.flow.entries[entry as usize].below;
            }
            if entry == kept && state.depth == handler.depth + extra {
                return self.merge(target, state.top, state.depth);
            }
        }
        let (top, depth, low) = (self.top, self.depth, self.low);
        let borrowed = std::mem::take(&mut self.borrowed);
        (self.top, self.depth) = (kept, handler.depth);
        if handler.lasti {
            self.push(Kind::Lasti)?;
        }
        self.push(Kind::Exc)?;
        self.merge(target, self.top, self.depth)?;
        (self.top, self.depth, self.low, self.borrowed) = (top, depth, low, borrowed);
        Ok(())
    }

    /// Control may come to a target with this stack and the current locals.
    fn merge(&mut self, target: usize, top: u32, depth: u32) -> Check {
        let Some(state) = self.flow.states[target] else {
            let bits = self.flow.bits.len();
            if bits + self.words > (1 << 23) {
                return self.fault("the code is too complex");
            }
            self.flow.bits.extend_from_slice(&self.local);
            self.flow.states[target] = Some(State { top, depth, bits, pending: true });
            self.flow.pending.push(target);
            return Ok(());
        };
        if state.depth != depth {
            return self.fault(format!(
                "the stack has {depth} entries here, but {} from elsewhere, at offset {}",
                state.depth,
                target * 2,
            ));
        }
        let mut changed = false;
        for (known, new) in self.flow.bits[state.bits..].iter_mut().zip(&self.local) {
            changed |= *known & !new != 0;
            *known &= new;
        }
        self.work(self.words / 16)?;
        let joined = self.join(state.top, top)?;
        if changed || joined != state.top {
            if !state.pending {
                self.flow.pending.push(target);
            }
            self.flow.states[target] = Some(State { top: joined, pending: true, ..state });
        }
        Ok(())
    }

    /// Joins two stacks of the same depth; the first one itself if it says no more than the join.
    fn join(&mut self, known: u32, new: u32) -> Check<u32> {
        let (mut a, mut b) = (known, new);
        let mut kinds = std::mem::take(&mut self.flow.scratch);
        kinds.clear();
        // The number of entries from the top down to the lowest that changes, and what is below it.
        let (mut keep, mut below) = (0, known);
        while a != b {
            let (x, y) = (self.flow.entries[a as usize], self.flow.entries[b as usize]);
            let kind = x.kind.join(y.kind);
            kinds.push(kind);
            (a, b) = (x.below, y.below);
            if kind != x.kind {
                (keep, below) = (kinds.len(), a);
            }
        }
        self.work(kinds.len())?;
        let mut top = below;
        for &kind in kinds[..keep].iter().rev() {
            self.flow.entries.push(Entry { below: top, kind });
            top = (self.flow.entries.len() - 1) as u32;
        }
        self.flow.scratch = kinds;
        Ok(top)
    }

    /// What an instruction does to the stack and the locals.
    fn step(&mut self, instruction: &Instruction) -> Check {
        let &Instruction { opcode, oparg, .. } = instruction;
        let low = oparg & 15;
        let high = oparg >> 4;
        match opcode {
            LOAD_FAST => self.load_fast(oparg, false),
            LOAD_FAST_BORROW => self.load_fast(oparg, true),
            LOAD_FAST_LOAD_FAST => {
                self.load_fast(high, false)?;
                self.load_fast(low, false)
            }
            LOAD_FAST_BORROW_LOAD_FAST_BORROW => {
                self.load_fast(high, true)?;
                self.load_fast(low, true)
            }
            LOAD_FAST_CHECK => {
                self.set_bound(oparg, true);
                self.push(if self.is_cell(oparg) { Kind::Cell } else { Kind::Object })
            }
            LOAD_FAST_AND_CLEAR => {
                let kind = match self.is_bound(oparg) {
                    true if self.is_cell(oparg) => Kind::Cell,
                    true => Kind::Object,
                    false => Kind::MaybeNull,
                };
                self.set_local(oparg, Kind::Null)?;
                self.push(kind)
            }
            STORE_FAST => self.store_fast(oparg),
            STORE_FAST_LOAD_FAST => {
                self.store_fast(high)?;
                self.load_fast(low, false)
            }
            STORE_FAST_STORE_FAST => {
                self.store_fast(high)?;
                self.store_fast(low)
            }
            DELETE_FAST => self.set_local(oparg, Kind::Null),
            MAKE_CELL => self.set_local(oparg, Kind::Cell),
            COPY_FREE_VARS => {
                self.work(oparg as usize)?;
                let count = self.code.localspluskinds.len() as u32;
                (count - oparg..count).try_for_each(|local| self.set_local(local, Kind::Cell))
            }
            LOAD_DEREF | STORE_DEREF | DELETE_DEREF | LOAD_FROM_DICT_OR_DEREF => {
                if !self.is_cell(oparg) {
                    return self.fault(format!("local {oparg} may be no cell"));
                }
                self.plain(opcode, oparg)
            }
            LOAD_CONST => self.push(Kind::Const(oparg)),
            PUSH_NULL => self.push(Kind::Null),
            LOAD_GLOBAL => {
                self.push(Kind::Object)?;
                if oparg & 1 != 0 { self.push(Kind::Null) } else { Ok(()) }
            }
            LOAD_ATTR => {
                let owner = self.pop()?;
                self.push(Kind::Object)?;
                if oparg & 1 != 0 { self.push(self_or_null(owner)) } else { Ok(()) }
            }
            LOAD_SUPER_ATTR => {
                let owner = self.pop()?;
                self.pop_many(2)?;
                self.push(Kind::Object)?;
                if oparg & 1 != 0 { self.push(self_or_null(owner)) } else { Ok(()) }
            }
            LOAD_SPECIAL => {
                self.pop()?;
                self.push(Kind::Object)?;
                self.push(Kind::MaybeNull)
            }
            POP_TOP | POP_ITER | END_FOR => self.pop_any().map(|_| ()),
            COPY => {
                let kind = self.peek(oparg)?;
                if kind.may_be_null() || kind.is_unusable() {
                    return self.fault("copies what may be NULL");
                }
                self.push(kind)
            }
            SWAP => self.swap(oparg),
            _ => self.step_object(instruction),
        }
    }

    /// Calls and containers.
    fn step_object(&mut self, instruction: &Instruction) -> Check {
        let &Instruction { opcode, oparg, .. } = instruction;
        match opcode {
            CALL => {
                self.pop_many(oparg)?;
                self.pop_or_null()?;
                self.pop()?;
                self.push(Kind::Object)
            }
            CALL_KW => {
                let names = self.pop()?;
                let is_name = |name: &Constant| matches!(name, Constant::Str(_));
                let valid = match self.constant(names) {
                    Some(Constant::Tuple(names)) => names.len() <= oparg as usize && names.iter().all(is_name),
                    _ => false,
                };
                if !valid {
                    return self.fault("CALL_KW without a constant tuple of names");
                }
                self.pop_many(oparg)?;
                self.pop_or_null()?;
                self.pop()?;
                self.push(Kind::Object)
            }
            CALL_FUNCTION_EX => {
                self.pop_kind(|kind| matches!(kind, Kind::Dict | Kind::Null), "a dict or NULL")?;
                self.pop()?;
                self.pop_kind(|kind| kind == Kind::Null, "NULL")?;
                self.pop()?;
                self.push(Kind::Object)
            }
            BUILD_LIST => {
                self.pop_many(oparg)?;
                self.push(Kind::List)
            }
            BUILD_SET => {
                self.pop_many(oparg)?;
                self.push(Kind::Set)
            }
            BUILD_MAP => {
                self.pop_many(oparg.saturating_mul(2))?;
                self.push(Kind::Dict)
            }
            BUILD_TUPLE => {
                if oparg > self.depth {
                    return self.fault("the stack has too few entries");
                }
                self.work(oparg as usize)?;
                let mut cells = 0;
                for _ in 0..oparg {
                    cells += u32::from(matches!(self.pop()?, Kind::Cell | Kind::BorrowedCell(_)));
                }
                self.push(if cells == oparg { Kind::Closure(cells) } else { Kind::Tuple })
            }
            LIST_APPEND | LIST_EXTEND => {
                self.pop()?;
                self.peek_kind(oparg, Kind::List)
            }
            // Conditional annotations are added to a set that is a global.
            SET_ADD => {
                self.pop()?;
                self.peek_object(oparg, "a set")
            }
            SET_UPDATE => {
                self.pop()?;
                self.peek_kind(oparg, Kind::Set)
            }
            MAP_ADD => {
                self.pop_many(2)?;
                self.peek_kind(oparg, Kind::Dict)
            }
            DICT_UPDATE => {
                self.pop()?;
                self.peek_kind(oparg, Kind::Dict)
            }
            DICT_MERGE => {
                // Errors name the callable, three entries below the dict.
                self.peek_object(oparg.saturating_add(4), "a callable")?;
                self.pop()?;
                self.peek_kind(oparg, Kind::Dict)
            }
            BUILD_TEMPLATE => {
                self.pop_tuple()?;
                self.pop_tuple()?;
                self.push(Kind::Object)
            }
            MATCH_CLASS => {
                self.pop_tuple()?;
                self.pop_many(2)?;
                self.push(Kind::Object)
            }
            MATCH_KEYS => {
                let kind = self.peek(1)?;
                self.pop_tuple()?;
                self.pop()?;
                self.push(Kind::Object)?;
                self.push(kind)?;
                self.push(Kind::Object)
            }
            MAKE_FUNCTION => {
                let code = self.pop()?;
                let Some(Constant::Code(code)) = self.constant(code) else {
                    return self.fault("MAKE_FUNCTION without a constant code object");
                };
                match code.nfreevars() as u32 {
                    0 => self.push(Kind::Function),
                    cells => self.push(Kind::OpenFunction(cells)),
                }
            }
            SET_FUNCTION_ATTRIBUTE if oparg == MAKE_FUNCTION_CLOSURE => {
                let cells = match self.pop_any()? {
                    Kind::OpenFunction(cells) => cells,
                    _ => return self.fault("a closure for what needs none"),
                };
                self.pop_kind(|kind| kind == Kind::Closure(cells), "a tuple of cells")?;
                self.push(Kind::Function)
            }
            SET_FUNCTION_ATTRIBUTE => {
                self.pop_kind(|kind| kind == Kind::Function, "a new function")?;
                self.pop()?;
                self.push(Kind::Function)
            }
            CALL_INTRINSIC_1 => match Intrinsic1::from_u32(oparg) {
                Some(Intrinsic1::INTRINSIC_LIST_TO_TUPLE) => {
                    self.pop_kind(|kind| kind == Kind::List, "a list")?;
                    self.push(Kind::Tuple)
                }
                Some(Intrinsic1::INTRINSIC_STOPITERATION_ERROR) => {
                    self.pop_kind(|kind| kind == Kind::Exc, "an exception")?;
                    self.push(Kind::Exc)
                }
                _ => self.plain(opcode, oparg),
            },
            CALL_INTRINSIC_2 => match Intrinsic2::from_u32(oparg) {
                Some(Intrinsic2::INTRINSIC_PREP_RERAISE_STAR) => {
                    self.pop_kind(|kind| kind == Kind::List, "a list")?;
                    self.pop()?;
                    self.push(Kind::ExcOrNone)
                }
                Some(Intrinsic2::INTRINSIC_SET_FUNCTION_TYPE_PARAMS) => {
                    self.pop()?;
                    self.pop_kind(|kind| kind == Kind::Function, "a new function")?;
                    self.push(Kind::Function)
                }
                _ => self.plain(opcode, oparg),
            },
            // These look at an entry and leave it. On its way to END_FOR, FOR_ITER pushes nothing and
            // goes on behind it, which is the same.
            FOR_ITER | GET_LEN | MATCH_MAPPING | MATCH_SEQUENCE | GET_ANEXT | IMPORT_FROM => {
                self.peek_object(1, "an object")?;
                self.push(Kind::Object)
            }
            _ => self.step_control(instruction),
        }
    }

    /// Exceptions, generators, and what has nothing special about it.
    fn step_control(&mut self, instruction: &Instruction) -> Check {
        let &Instruction { opcode, oparg, .. } = instruction;
        let is_exc = |kind| kind == Kind::Exc;
        let is_exc_or_none = |kind| matches!(kind, Kind::Exc | Kind::ExcOrNone);
        match opcode {
            PUSH_EXC_INFO => {
                self.pop_kind(is_exc, "an exception")?;
                self.push(Kind::PrevExc)?;
                self.push(Kind::Exc)
            }
            POP_EXCEPT => {
                let is_previous = |kind| kind == Kind::PrevExc;
                self.pop_kind(is_previous, "the previous exception").map(|_| ())
            }
            CHECK_EXC_MATCH => {
                self.pop()?;
                self.peek_kind(1, Kind::Exc)?;
                self.push(Kind::Object)
            }
            CHECK_EG_MATCH => {
                self.pop()?;
                self.pop_kind(is_exc_or_none, "an exception")?;
                self.push(Kind::ExcOrNone)?;
                self.push(Kind::ExcOrNone)
            }
            WITH_EXCEPT_START => {
                self.peek_kind(1, Kind::Exc)?;
                self.peek_kind(3, Kind::Lasti)?;
                self.peek_object(5, "a callable")?;
                self.push(Kind::Object)
            }
            CLEANUP_THROW => {
                self.pop_kind(is_exc, "an exception")?;
                self.pop_many(2)?;
                self.push(Kind::Object)?;
                self.push(Kind::Object)
            }
            END_ASYNC_FOR => {
                self.pop_kind(is_exc, "an exception")?;
                self.pop().map(|_| ())
            }
            RERAISE => {
                self.pop_kind(is_exc_or_none, "an exception")?;
                if oparg > 0 { self.peek_kind(oparg, Kind::Lasti) } else { Ok(()) }
            }
            RETURN_VALUE => {
                self.pop()?;
                if self.depth != 0 {
                    return self.fault("returns with a stack that is not empty");
                }
                Ok(())
            }
            RETURN_GENERATOR => {
                let kinds = CodeFlags::GENERATOR | CodeFlags::COROUTINE | CodeFlags::ASYNC_GENERATOR;
                if !self.code.flags.intersects(kinds) || self.depth != 0 || self.bit(0) {
                    return self.fault("RETURN_GENERATOR in the wrong place");
                }
                self.set_bit(0, true);
                self.push(Kind::Object)
            }
            YIELD_VALUE => {
                if !self.bit(0) {
                    return self.fault("YIELD_VALUE outside of a generator");
                }
                self.pop()?;
                self.push(Kind::Object)?;
                // What is thrown in is raised when the value that was sent has been pushed.
                self.low = self.depth;
                Ok(())
            }
            _ => self.plain(opcode, oparg),
        }
    }

    /// Takes and leaves objects, as the table of instructions says.
    fn plain(&mut self, opcode: Opcode, oparg: u32) -> Check {
        let (popped, pushed) = (opcode.popped(oparg), opcode.pushed(oparg));
        self.pop_many(u32::try_from(popped).unwrap_or(u32::MAX))?;
        if pushed > i64::from(self.code.stacksize - self.depth) {
            return self.fault("the stack gets deeper than co_stacksize");
        }
        (0..pushed).try_for_each(|_| self.push(Kind::Object))
    }
}

/// The second result of a method load: what the method was looked up on, or NULL.
fn self_or_null(owner: Kind) -> Kind {
    match owner.borrowed_from() {
        Some(local) => Kind::BorrowedOrNull(local),
        None => Kind::MaybeNull,
    }
}
