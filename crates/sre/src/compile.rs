//! From code words to a [`Program`]: validation and translation in one pass.
//!
//! The code is a tree written down in order; the open inner nodes are kept on a list of blocks instead of the
//! native stack, so that no nesting, however deep, can overflow it. Every word is read through bounds that the
//! enclosing block sets.

use crate::MAXGROUPS;
use crate::analyse;
use crate::chars::Unicode;
use crate::charset::{self, Fold, High, NO_SET, Set, Sets, bits_where};
use crate::opcode::*;
use crate::program::*;

/// An open node of the code's tree.
#[derive(Debug)]
struct Block {
    kind: Kind,
    /// Where its operators end; what belongs there depends on the kind.
    end: usize,
    /// The least number of characters its operators match, so far.
    width: u64,
}

#[derive(Debug)]
enum Kind {
    Pattern,
    Branch { alt: u32, target: Option<usize>, jumps: Vec<u32>, least: u64 },
    GroupYes { exists: u32 },
    GroupNo { jump: u32, least: u64 },
    Repeat { header: u32, min: u32, max: u32 },
    Possessive { header: u32, min: u32, max: u32 },
    Atomic { header: u32 },
    Assert { header: u32, back: u32, negate: bool },
}

pub(crate) struct Compiler<'c> {
    code: &'c [u32],
    at: usize,
    blocks: Vec<Block>,
    /// Literals are joined to the instruction before them only if no jump leads between the two.
    label: usize,
    prefix: Option<InfoPrefix>,
    program: Program,
}

/// The literal prefix of the INFO block, and the code position up to which it spares the attempt the work.
struct InfoPrefix {
    chars: Vec<u32>,
    skip: usize,
    resume: usize,
    literal: bool,
}

impl<'c> Compiler<'c> {
    pub fn new(code: &'c [u32], groups: usize) -> Result<Compiler<'c>, InvalidCode> {
        if groups > MAXGROUPS || code.len() >= NO_PC as usize || code.last() != Some(&SUCCESS) {
            return Err(InvalidCode);
        }
        let program = Program {
            code: code.into(),
            groups,
            insts: Vec::with_capacity(code.len() / 2 + 1),
            items: Vec::new(),
            sets: Sets::default(),
            lits: Vec::new(),
            repeats: Vec::new(),
            splits: Vec::new(),
            loops: Vec::new(),
            slots: 0,
            min_width: 0,
            start: Start::Any,
            after_prefix: (0, 0),
            whole_literal: false,
        };
        let blocks = vec![Block { kind: Kind::Pattern, end: code.len() - 1, width: 0 }];
        Ok(Compiler { code, at: 0, blocks, label: 0, prefix: None, program })
    }

    pub fn compile<U: Unicode>(mut self) -> Result<Program, InvalidCode> {
        loop {
            if self.prefix.as_ref().is_some_and(|p| p.resume == self.at) {
                self.label = self.program.insts.len();
                if let Some(p) = &self.prefix {
                    self.program.after_prefix = (self.label as u32, p.skip as u32);
                }
            }
            let Some(block) = self.blocks.last() else {
                return Err(InvalidCode);
            };
            if self.at < block.end {
                self.operator::<U>()?;
            } else if self.at > block.end {
                return Err(InvalidCode);
            } else if self.blocks.len() > 1 {
                self.close()?;
            } else {
                break;
            }
        }
        self.emit(Inst::Success);
        self.program.min_width = self.blocks.first().map_or(0, |b| b.width);
        let anchor = match self.program.insts.iter().find(|i| !matches!(i, Inst::Nop)) {
            Some(Inst::At(AT_BEGINNING | AT_BEGINNING_STRING)) => Some(Start::Anchored),
            Some(Inst::At(AT_BEGINNING_LINE)) => Some(Start::LineBegin),
            _ => None,
        };
        analyse::finish(&mut self.program);
        self.choose_start(anchor);
        Ok(self.program)
    }

    fn choose_start(&mut self, anchor: Option<Start>) {
        let prefix = self.prefix.take();
        let program = &mut self.program;
        match prefix {
            Some(p) if !p.chars.is_empty() => {
                program.whole_literal = p.literal;
                program.start = match p.chars[..] {
                    [c] if c < 256 => analyse::window_of(program).unwrap_or(Start::Literal(c)),
                    [c] => Start::Literal(c),
                    _ => Start::Prefix(Box::new(make_prefix(p.chars))),
                };
            }
            _ => program.start = anchor.unwrap_or_else(|| analyse::start_of(program)),
        }
    }

    /// The next word of the current block.
    fn word(&mut self) -> Result<u32, InvalidCode> {
        let end = self.blocks.last().map_or(0, |b| b.end);
        if self.at >= end {
            return Err(InvalidCode);
        }
        let word = self.code[self.at];
        self.at += 1;
        Ok(word)
    }

    /// A skip word: the place that lies `skip` words after the skip word itself, which must be in the block.
    fn skip(&mut self) -> Result<usize, InvalidCode> {
        let from = self.at;
        let skip = self.word()? as usize;
        let end = self.blocks.last().map_or(0, |b| b.end);
        if skip == 0 || skip > end - from {
            return Err(InvalidCode);
        }
        Ok(from + skip)
    }

    fn emit(&mut self, inst: Inst) -> u32 {
        self.program.insts.push(inst);
        self.program.insts.len() as u32 - 1
    }

    /// The number of the next instruction, as the target of a jump.
    fn here(&mut self) -> u32 {
        self.label = self.program.insts.len();
        self.label as u32
    }

    fn widen(&mut self, by: u64) {
        if let Some(block) = self.blocks.last_mut() {
            block.width = block.width.saturating_add(by);
        }
    }

    /// Opens a block whose operators go from here up to `end`; `tail` words belong to its closing.
    fn open(&mut self, kind: Kind, end: usize, tail: usize) -> Result<(), InvalidCode> {
        match end.checked_sub(tail) {
            Some(end) if end >= self.at => {
                self.blocks.push(Block { kind, end, width: 0 });
                Ok(())
            }
            _ => Err(InvalidCode),
        }
    }

    fn operator<U: Unicode>(&mut self) -> Result<(), InvalidCode> {
        let start = self.at;
        let op = self.word()?;
        match op {
            SUCCESS => {
                self.emit(Inst::Success);
            }
            MARK => {
                let mark = self.word()?;
                if mark as usize >= 2 * self.program.groups {
                    return Err(InvalidCode);
                }
                self.emit(Inst::Mark(mark));
            }
            AT => self.position::<U>()?,
            INFO => self.info(start)?,
            JUMP => self.jump()?,
            BRANCH => {
                let end = self.skip()?;
                let alt = self.emit(Inst::Alt { check: NO_SET, next: NO_PC });
                self.open(Kind::Branch { alt, target: None, jumps: Vec::new(), least: u64::MAX }, end, 2)?;
            }
            REPEAT_ONE | MIN_REPEAT_ONE | POSSESSIVE_REPEAT_ONE => self.repeat_one::<U>(op)?,
            REPEAT | POSSESSIVE_REPEAT => {
                // The skip leads to the UNTIL (or SUCCESS), which is outside.
                let end = self.skip()?;
                if end >= self.blocks.last().map_or(0, |b| b.end) {
                    return Err(InvalidCode);
                }
                let (min, max) = (self.word()?, self.word()?);
                if min > max {
                    return Err(InvalidCode);
                }
                let header = self.emit(Inst::Nop);
                self.label = self.program.insts.len();
                let kind = match op {
                    REPEAT => Kind::Repeat { header, min, max },
                    _ => Kind::Possessive { header, min, max },
                };
                self.open(kind, end, 0)?;
            }
            ATOMIC_GROUP => {
                let end = self.skip()?;
                let header = self.emit(Inst::Nop);
                self.open(Kind::Atomic { header }, end, 1)?;
            }
            ASSERT | ASSERT_NOT => {
                let end = self.skip()?;
                let back = self.word()?;
                let header = self.emit(Inst::Nop);
                self.open(Kind::Assert { header, back, negate: op == ASSERT_NOT }, end, 1)?;
            }
            GROUPREF | GROUPREF_IGNORE | GROUPREF_LOC_IGNORE | GROUPREF_UNI_IGNORE => {
                let group = self.word()?;
                if group as usize >= self.program.groups {
                    return Err(InvalidCode);
                }
                let fold = match op {
                    GROUPREF => Fold::None,
                    GROUPREF_IGNORE => Fold::Ascii,
                    GROUPREF_LOC_IGNORE => Fold::Locale,
                    _ => Fold::Unicode,
                };
                self.emit(Inst::GroupRef { group, fold });
            }
            GROUPREF_EXISTS => {
                let group = self.word()?;
                if group as usize >= self.program.groups {
                    return Err(InvalidCode);
                }
                // This skip counts from the word before it.
                let end = match self.word()? as usize {
                    skip if skip >= 2 => self.at - 2 + skip,
                    _ => return Err(InvalidCode),
                };
                if end > self.blocks.last().map_or(0, |b| b.end) {
                    return Err(InvalidCode);
                }
                let exists = self.emit(Inst::GroupExists { group, no: NO_PC });
                self.open(Kind::GroupYes { exists }, end, 0)?;
            }
            _ => {
                self.at = start;
                let item = self.item::<U>()?;
                self.single(item);
            }
        }
        Ok(())
    }

    fn position<U: Unicode>(&mut self) -> Result<(), InvalidCode> {
        let word_set = |c: &mut Self, unicode: bool| {
            let set = if unicode {
                Set { bits: bits_where(charset::is_unicode_word::<U>), high: High::Category(CATEGORY_UNI_WORD) }
            } else {
                Set { bits: bits_where(charset::is_ascii_word), high: High::Empty }
            };
            c.program.sets.add(set)
        };
        let inst = match self.word()? {
            at @ (AT_BOUNDARY | AT_NON_BOUNDARY) => {
                Inst::Boundary { set: word_set(self, false), negate: at == AT_NON_BOUNDARY }
            }
            at @ (AT_UNI_BOUNDARY | AT_UNI_NON_BOUNDARY) => {
                Inst::Boundary { set: word_set(self, true), negate: at == AT_UNI_NON_BOUNDARY }
            }
            at @ (AT_LOC_BOUNDARY | AT_LOC_NON_BOUNDARY) => Inst::LocBoundary { negate: at == AT_LOC_NON_BOUNDARY },
            at if at <= AT_END_STRING => Inst::At(at),
            _ => return Err(InvalidCode),
        };
        self.emit(inst);
        Ok(())
    }

    /// Reads one single-character operator.
    fn item<U: Unicode>(&mut self) -> Result<Item, InvalidCode> {
        let op = self.word()?;
        Ok(match op {
            FAILURE => Item::Fail,
            ANY => Item::Any,
            ANY_ALL => Item::AnyAll,
            LITERAL => Item::Lit(self.word()?),
            NOT_LITERAL => Item::NotLit(self.word()?),
            LITERAL_LOC_IGNORE => Item::LocLit(self.word()?),
            NOT_LITERAL_LOC_IGNORE => Item::LocNotLit(self.word()?),
            LITERAL_IGNORE | NOT_LITERAL_IGNORE | LITERAL_UNI_IGNORE | NOT_LITERAL_UNI_IGNORE => {
                let c = self.word()?;
                let negate = matches!(op, NOT_LITERAL_IGNORE | NOT_LITERAL_UNI_IGNORE);
                let unicode = matches!(op, LITERAL_UNI_IGNORE | NOT_LITERAL_UNI_IGNORE);
                let lower = if unicode { U::lower } else { charset::lower_ascii };
                let bits = bits_where(|ch| (lower(ch) == c) != negate);
                let high = match (unicode, negate) {
                    (true, false) => High::LowerEq(c),
                    (true, true) => High::LowerNotEq(c),
                    (false, false) => High::Eq(c),
                    (false, true) => High::NotEq(c),
                };
                Item::Set(self.program.sets.add(Set { bits, high }))
            }
            IN | IN_IGNORE | IN_UNI_IGNORE | IN_LOC_IGNORE => {
                let end = self.skip()?;
                let at = self.at;
                if end <= at || !charset::validate(&self.code[at..end]) {
                    return Err(InvalidCode);
                }
                self.at = end;
                let set = &self.code[at..end];
                match op {
                    IN_LOC_IGNORE => Item::LocFoldSet(at as u32),
                    IN if charset::uses_locale(set) => Item::LocSet(at as u32),
                    _ => {
                        let fold = match op {
                            IN => Fold::None,
                            IN_IGNORE => Fold::Ascii,
                            _ => Fold::Unicode,
                        };
                        let bits = charset::low_bits::<U>(set, fold);
                        // Above ASCII, ASCII folding changes nothing.
                        let fold = if fold == Fold::Ascii { Fold::None } else { fold };
                        let high = charset::high_of(self.code, at as u32, fold);
                        Item::Set(self.program.sets.add(Set { bits, high }))
                    }
                }
            }
            _ => return Err(InvalidCode),
        })
    }

    fn single(&mut self, item: Item) {
        self.widen(1);
        let inst = match item {
            Item::Lit(c) => return self.literal(c),
            Item::Fail => Inst::Fail,
            Item::NotLit(c) => Inst::NotLit(c),
            Item::Any => Inst::Any,
            Item::AnyAll => Inst::AnyAll,
            Item::Set(set) => Inst::Set(set),
            Item::LocLit(_) | Item::LocNotLit(_) | Item::LocSet(_) | Item::LocFoldSet(_) => {
                self.program.items.push(item);
                Inst::Loc(self.program.items.len() as u32 - 1)
            }
        };
        self.emit(inst);
    }

    /// Adds a literal, to the run before it if there is one.
    fn literal(&mut self, c: u32) {
        let joinable = self.program.insts.len() > self.label;
        let lits = &mut self.program.lits;
        match self.program.insts.last_mut() {
            Some(last @ &mut Inst::Lit(first)) if joinable => {
                *last = Inst::LitStr { start: lits.len() as u32, len: 2 };
                lits.extend([first, c]);
            }
            Some(Inst::LitStr { start, len }) if joinable && (*start + *len) as usize == lits.len() => {
                *len += 1;
                lits.push(c);
            }
            _ => {
                self.emit(Inst::Lit(c));
            }
        }
    }

    fn repeat_one<U: Unicode>(&mut self, op: u32) -> Result<(), InvalidCode> {
        let end = self.skip()?;
        let (min, max) = (self.word()?, self.word()?);
        let item = self.item::<U>()?;
        // The item is one operator, and SUCCESS ends it.
        if min > max || self.at + 1 != end || self.word()? != SUCCESS {
            return Err(InvalidCode);
        }
        self.widen(min as u64);
        let repeat = self.program.repeats.len() as u32;
        self.program.repeats.push(Repeat {
            item,
            min,
            max,
            check: NO_SET,
            literal: None,
            exclusive: false,
            exclusive_narrow: false,
            last: false,
            end: End::Anywhere,
        });
        self.emit(match op {
            REPEAT_ONE => Inst::Greedy(repeat),
            MIN_REPEAT_ONE => Inst::Lazy(repeat),
            _ => Inst::Possessive(repeat),
        });
        Ok(())
    }

    /// The INFO block: its prefix is kept, its set is checked and left (a better one is worked out later).
    fn info(&mut self, start: usize) -> Result<(), InvalidCode> {
        let end = self.skip()?;
        let code = self.code;
        let block = &code[self.at..end];
        let [flags, _min, _max, rest @ ..] = block else {
            return Err(InvalidCode);
        };
        let (flags, mut rest) = (*flags, rest);
        if flags & !(INFO_PREFIX | INFO_LITERAL | INFO_CHARSET) != 0
            || flags & INFO_PREFIX != 0 && flags & INFO_CHARSET != 0
            || flags & INFO_LITERAL != 0 && flags & INFO_PREFIX == 0
        {
            return Err(InvalidCode);
        }
        if flags & INFO_PREFIX != 0 {
            let [len, skip, tables @ ..] = rest else {
                return Err(InvalidCode);
            };
            let (len, skip) = (*len as usize, *skip as usize);
            let Some((chars, tables)) = tables.split_at_checked(len) else {
                return Err(InvalidCode);
            };
            let Some((overlap, after)) = tables.split_at_checked(len) else {
                return Err(InvalidCode);
            };
            if overlap.iter().any(|&o| o as usize >= len) {
                return Err(InvalidCode);
            }
            rest = after;
            if start == 0 {
                self.prefix = Some(self.info_prefix(chars, skip, end, flags & INFO_LITERAL != 0));
            }
        }
        if flags & INFO_CHARSET != 0 {
            if !charset::validate(rest) {
                return Err(InvalidCode);
            }
        } else if !rest.is_empty() {
            return Err(InvalidCode);
        }
        self.at = end;
        Ok(())
    }

    /// Believes of the prefix's skip and of the "whole pattern" flag only what the code after it confirms.
    fn info_prefix(&self, chars: &[u32], skip: usize, after: usize, literal: bool) -> InfoPrefix {
        let skip = if skip <= chars.len() { skip } else { 0 };
        let words = self.code.get(after..after + 2 * skip).unwrap_or(&[]);
        let confirmed = words.len() == 2 * skip && words.chunks_exact(2).zip(chars).all(|(w, &c)| w == [LITERAL, c]);
        let skip = if confirmed { skip } else { 0 };
        let resume = after + 2 * skip;
        let literal = literal && skip == chars.len() && resume + 1 == self.code.len();
        InfoPrefix { chars: chars.to_vec(), skip, resume, literal }
    }

    /// A JUMP ends the "yes" part of a conditional group; nowhere else is it an operator.
    fn jump(&mut self) -> Result<(), InvalidCode> {
        let Some(block) = self.blocks.last() else {
            return Err(InvalidCode);
        };
        let Kind::GroupYes { exists } = block.kind else {
            return Err(InvalidCode);
        };
        let (yes_end, yes_width) = (block.end, block.width);
        if self.at + 1 != yes_end {
            return Err(InvalidCode);
        }
        self.blocks.pop();
        let end = self.skip()?;
        let jump = self.emit(Inst::Jump(NO_PC));
        let no_part = self.here();
        if let Inst::GroupExists { no, .. } = &mut self.program.insts[exists as usize] {
            *no = no_part;
        }
        self.open(Kind::GroupNo { jump, least: yes_width }, end, 0)
    }

    /// Closes the innermost block, whose operators have all been read.
    fn close(&mut self) -> Result<(), InvalidCode> {
        let Some(block) = self.blocks.pop() else {
            return Err(InvalidCode);
        };
        let width = block.width;
        match block.kind {
            Kind::Pattern => {}
            Kind::Branch { alt, target, jumps, least } => {
                self.next_alternative(alt, target, jumps, least.min(width))?;
            }
            Kind::GroupYes { exists } => {
                let after = self.here();
                if let Inst::GroupExists { no, .. } = &mut self.program.insts[exists as usize] {
                    *no = after;
                }
            }
            Kind::GroupNo { jump, least } => {
                let after = self.here();
                self.program.insts[jump as usize] = Inst::Jump(after);
                self.widen(least.min(width));
            }
            Kind::Repeat { header, min, max } => {
                let lazy = match self.word()? {
                    MAX_UNTIL => false,
                    MIN_UNTIL => true,
                    _ => return Err(InvalidCode),
                };
                self.widen(width.saturating_mul(min as u64));
                self.close_repeat(header, min, max, lazy, width);
            }
            Kind::Possessive { header, min, max } => {
                self.expect_success()?;
                self.emit(Inst::Success);
                let until = self.here();
                let number = self.program.loops.len() as u32;
                self.program.loops.push(Loop { slot: 0, min, max, body: header + 1, until });
                self.program.insts[header as usize] = Inst::PossessiveRepeat(number);
                self.widen(width.saturating_mul(min as u64));
            }
            Kind::Atomic { header } => {
                self.expect_success()?;
                self.emit(Inst::Success);
                let after = self.here();
                self.program.insts[header as usize] = Inst::Atomic { after };
                self.widen(width);
            }
            Kind::Assert { header, back, negate } => {
                self.expect_success()?;
                if let Some(look) = self.single_look(header, back, negate) {
                    self.program.insts[header as usize] = look;
                    self.here();
                    return Ok(());
                }
                self.emit(Inst::Success);
                let after = self.here();
                self.program.insts[header as usize] =
                    if negate { Inst::AssertNot { back, after } } else { Inst::Assert { back, after } };
            }
        }
        Ok(())
    }

    /// An assertion about one character needs no barrier.
    fn single_look(&mut self, header: u32, back: u32, negate: bool) -> Option<Inst> {
        if back > 1 || self.program.insts.len() as u32 != header + 2 {
            return None;
        }
        let item = match *self.program.insts.last()? {
            Inst::Lit(c) => Item::Lit(c),
            Inst::NotLit(c) => Item::NotLit(c),
            Inst::Any => Item::Any,
            Inst::AnyAll => Item::AnyAll,
            Inst::Set(set) => Item::Set(set),
            _ => return None,
        };
        self.program.insts.pop();
        self.program.items.push(item);
        Some(Inst::Look { item: self.program.items.len() as u32 - 1, behind: back == 1, negate })
    }

    fn expect_success(&mut self) -> Result<(), InvalidCode> {
        if self.word()? == SUCCESS { Ok(()) } else { Err(InvalidCode) }
    }

    /// After an alternative: its JUMP, then either the next alternative's skip or the 0 that ends the branch.
    fn next_alternative(
        &mut self,
        alt: u32,
        target: Option<usize>,
        mut jumps: Vec<u32>,
        least: u64,
    ) -> Result<(), InvalidCode> {
        if self.word()? != JUMP {
            return Err(InvalidCode);
        }
        let to = self.skip()?;
        if target.is_some_and(|t| t != to) {
            return Err(InvalidCode);
        }
        jumps.push(self.emit(Inst::Jump(NO_PC)));
        let from = self.at;
        if self.code.get(from) == Some(&0) {
            self.word()?;
            if self.at != to {
                return Err(InvalidCode);
            }
            let after = self.here();
            for jump in jumps {
                self.program.insts[jump as usize] = Inst::Jump(after);
            }
            self.widen(least);
            return Ok(());
        }
        let end = self.skip()?;
        let following = self.here();
        if let Inst::Alt { next, .. } = &mut self.program.insts[alt as usize] {
            *next = following;
        }
        let alt = self.emit(Inst::Alt { check: NO_SET, next: NO_PC });
        self.open(Kind::Branch { alt, target: Some(to), jumps, least }, end, 2)
    }

    /// Chooses the cheapest form of a loop. A body that always consumes something cannot loop in place, so
    /// that without a bound above one, nothing needs to be counted or remembered.
    fn close_repeat(&mut self, header: u32, min: u32, max: u32, lazy: bool, width: u64) {
        let body = header + 1;
        let split = |first: u32, second: u32| Split {
            first: if lazy { second } else { first },
            first_check: NO_SET,
            second: if lazy { first } else { second },
            second_check: NO_SET,
        };
        let splits = self.program.splits.len() as u32;
        match (min, max) {
            (0, 1) => {
                let after = self.here();
                self.program.splits.push(split(body, after));
                self.program.insts[header as usize] = Inst::Split(splits);
            }
            (0 | 1, u32::MAX) if width > 0 => {
                let until = self.emit(Inst::Split(splits));
                let after = self.here();
                self.program.splits.push(split(body, after));
                if min == 0 {
                    self.program.insts[header as usize] = Inst::Split(splits);
                }
                debug_assert_eq!(until + 1, after);
            }
            _ => {
                let slot = self.program.slots;
                self.program.slots += 1;
                let number = self.program.loops.len() as u32;
                let until = self.emit(if lazy { Inst::MinUntil(number) } else { Inst::MaxUntil(number) });
                self.program.loops.push(Loop { slot, min, max, body, until });
                self.program.insts[header as usize] = Inst::RepeatInit(number);
                self.here();
            }
        }
    }
}

fn make_prefix(chars: Vec<u32>) -> Prefix {
    let mut overlap = vec![0u32; chars.len()];
    for i in 1..chars.len() {
        let mut k = overlap[i - 1];
        while k > 0 && chars[k as usize] != chars[i] {
            k = overlap[k as usize - 1];
        }
        overlap[i] = if chars[k as usize] == chars[i] { k + 1 } else { 0 };
    }
    let bytes: Option<Vec<u8>> = chars.iter().map(|&c| u8::try_from(c).ok()).collect();
    let finder = bytes.map(|b| memchr::memmem::Finder::new(&b).into_owned());
    Prefix { chars, overlap, finder }
}
