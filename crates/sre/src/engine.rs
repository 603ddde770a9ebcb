//! The machine: runs a program at one place of a text, with a stack of open choices of its own.
//!
//! A *frame* on that stack is a choice that can be taken when everything after it has failed, or the *barrier*
//! below the body of an assertion, an atomic group or a possessive repeat: when the body succeeds, the frames
//! above its barrier are dropped, choices and all. Marks and loop counters that change while frames are open
//! leave their old value on the *trail*; going back to a frame undoes the trail down to where it was then.

use crate::chars::{Char, Host};
use crate::charset::{self, Fold, is_locale_word, locale_lower};
use crate::items::{self, in_set, viable};
use crate::opcode::*;
use crate::program::{End, Inst, NO_PC, Program, Split};
use crate::{Error, MAXREPEAT, Unicode};

/// "No position".
const NONE: usize = usize::MAX;
const NO_BARRIER: u32 = u32::MAX;
/// Steps between two looks at pending signals.
const SIGNAL_STEPS: u32 = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FrameKind {
    /// Go on at `pc` with `at`.
    Goto,
    /// A greedy single-character repeat, at `at` now, not below `aux`.
    Greedy,
    /// A lazy single-character repeat, at `at` now, not above `aux`.
    Lazy,
    /// A lazy counted loop whose rest has been tried at `at`.
    MinUntil,
    Assert,
    AssertNot,
    Atomic,
    /// One iteration of a possessive loop, begun at `at` after `aux` others.
    Possessive,
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    kind: FrameKind,
    pc: u32,
    /// The trail's length when the frame was made.
    trail: u32,
    /// For a barrier: the one around it.
    outer: u32,
    at: usize,
    aux: usize,
}

#[derive(Clone, Copy, Debug)]
enum Undo {
    Mark { mark: u32, lastmark: i32, lastindex: i32, old: usize },
    Slot { slot: u32, old: Slot },
}

/// The state of a counted loop.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// Iterations begun since the loop was entered.
    count: usize,
    /// Where the last optional iteration began.
    last: usize,
}

/// One matching attempt, or a series of them over one text.
///
/// Positions count characters from the start of the text. The text itself is handed to each call and must be
/// the same each time (another one gives meaningless results, or none, but nothing worse).
#[derive(Clone, Debug)]
pub struct State {
    /// Where the next attempt begins; after a success, where the match begins.
    pub start: usize,
    /// After a success, where the match ends.
    pub ptr: usize,
    /// Where the text ends for the engine (`endpos`).
    pub end: usize,
    /// Only a match that reaches `end` counts (`fullmatch`).
    pub match_all: bool,
    /// An empty match at `start` does not count (after one, in `finditer`, `sub`, `split`).
    pub must_advance: bool,
    lastmark: i32,
    lastindex: i32,
    marks: Vec<usize>,
    slots: Vec<Slot>,
    stack: Vec<Frame>,
    trail: Vec<Undo>,
    steps: u32,
}

impl State {
    /// A state for matching `program` between `start` and `end` (positions of characters, `start <= end`; an
    /// `end` behind the text's is its end).
    pub fn new(program: &Program, start: usize, end: usize) -> State {
        State {
            start,
            ptr: start,
            end,
            match_all: false,
            must_advance: false,
            lastmark: -1,
            lastindex: -1,
            marks: vec![NONE; 2 * program.groups],
            slots: vec![Slot { count: 0, last: NONE }; program.slots as usize],
            stack: Vec::new(),
            trail: Vec::new(),
            steps: SIGNAL_STEPS,
        }
    }

    /// Forgets groups, for the next attempt. Positions stay.
    #[inline(always)]
    pub fn reset(&mut self) {
        self.lastmark = -1;
        self.lastindex = -1;
    }

    /// Start and end of the whole match.
    pub fn span(&self) -> (usize, usize) {
        (self.start, self.ptr)
    }

    /// Start and end of capturing group `group` (from 1), if it took part in the match.
    pub fn group(&self, group: usize) -> Option<(usize, usize)> {
        let mark = group.checked_sub(1)?.checked_mul(2)?;
        self.pair(mark)
    }

    /// The number of the group closed last.
    pub fn lastindex(&self) -> Option<usize> {
        usize::try_from(self.lastindex).ok()
    }

    /// The highest mark set, or -1.
    pub fn lastmark(&self) -> i32 {
        self.lastmark
    }

    #[inline(always)]
    fn pair(&self, mark: usize) -> Option<(usize, usize)> {
        if mark as i64 >= self.lastmark as i64 {
            return None;
        }
        let &[start, end] = self.marks.get(mark..mark + 2)? else {
            return None;
        };
        // "No position" is above every other.
        (start <= end && end != NONE).then_some((start, end))
    }

    /// Matches at [`State::start`]: `Pattern.match`, or `Pattern.fullmatch` with [`State::match_all`].
    ///
    /// # Errors
    /// [`Error::Memory`] if the stack cannot grow, [`Error::Interrupted`] if the host says so.
    pub fn match_at<C: Char, H: Host>(&mut self, program: &Program, text: &[C], host: &mut H) -> Result<bool, Error> {
        self.ptr = self.start;
        self.reset();
        let text = &text[..self.end.min(text.len())];
        if self.start > text.len() || ((text.len() - self.start) as u64) < program.min_width {
            return Ok(false);
        }
        self.run(program, text, host, 0, self.start)
    }

    #[inline(always)]
    fn push(&mut self, frame: Frame) -> Result<(), Error> {
        if self.stack.len() == self.stack.capacity() {
            self.grow()?;
        }
        self.stack.push(frame);
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> Result<(), Error> {
        let len = self.stack.len();
        if len >= NO_BARRIER as usize / 2 {
            return Err(Error::Memory);
        }
        self.stack.try_reserve(len.max(24)).map_err(|_| Error::Memory)
    }

    #[inline(always)]
    fn remember(&mut self, undo: Undo) -> Result<(), Error> {
        // Without an open frame there is nothing to go back to.
        if !self.stack.is_empty() {
            if self.trail.len() == self.trail.capacity() {
                let len = self.trail.len();
                if len >= u32::MAX as usize / 2 {
                    return Err(Error::Memory);
                }
                self.trail.try_reserve(len.max(24)).map_err(|_| Error::Memory)?;
            }
            self.trail.push(undo);
        }
        Ok(())
    }

    #[inline(always)]
    fn set_slot(&mut self, slot: u32, new: Slot) -> Result<(), Error> {
        let old = self.slots[slot as usize];
        self.remember(Undo::Slot { slot, old })?;
        self.slots[slot as usize] = new;
        Ok(())
    }

    #[inline(always)]
    fn set_mark(&mut self, mark: u32, at: usize) -> Result<(), Error> {
        let (lastmark, lastindex) = (self.lastmark, self.lastindex);
        let old = self.marks[mark as usize];
        self.remember(Undo::Mark { mark, lastmark, lastindex, old })?;
        if mark & 1 == 1 {
            self.lastindex = (mark / 2 + 1) as i32;
        }
        if mark as i32 > lastmark {
            // Marks above `lastmark` are leftovers; those that are jumped over have not been set.
            for skipped in (lastmark + 1) as usize..mark as usize {
                self.marks[skipped] = NONE;
            }
            self.lastmark = mark as i32;
        }
        self.marks[mark as usize] = at;
        Ok(())
    }

    #[inline(always)]
    fn undo(&mut self, down_to: u32) {
        while self.trail.len() > down_to as usize {
            match self.trail.pop() {
                Some(Undo::Mark { mark, lastmark, lastindex, old }) => {
                    self.marks[mark as usize] = old;
                    self.lastmark = lastmark;
                    self.lastindex = lastindex;
                }
                Some(Undo::Slot { slot, old }) => self.slots[slot as usize] = old,
                None => break,
            }
        }
    }

    /// Counts a step that may be repeated without end.
    #[inline(always)]
    pub(crate) fn step<H: Host>(&mut self, host: &mut H) -> Result<(), Error> {
        self.steps -= 1;
        if self.steps == 0 {
            self.steps = SIGNAL_STEPS;
            host.check_signals().map_err(|_| Error::Interrupted)?;
        }
        Ok(())
    }

    /// Runs the program from instruction `pc` at `ptr`; the text ends at `self.end`.
    pub(crate) fn run<C: Char, H: Host>(
        &mut self,
        program: &Program,
        text: &[C],
        host: &mut H,
        mut pc: u32,
        mut ptr: usize,
    ) -> Result<bool, Error> {
        self.stack.clear();
        self.trail.clear();
        let insts = &program.insts[..];
        let mut barrier = NO_BARRIER;

        macro_rules! goto {
            ($at:expr) => {
                self.push(Frame {
                    kind: FrameKind::Goto,
                    pc: $at,
                    trail: self.trail.len() as u32,
                    outer: 0,
                    at: ptr,
                    aux: 0,
                })?
            };
        }
        macro_rules! barrier {
            ($kind:expr, $at:expr, $aux:expr) => {{
                let outer = std::mem::replace(&mut barrier, self.stack.len() as u32);
                self.push(Frame { kind: $kind, pc, trail: self.trail.len() as u32, outer, at: $at, aux: $aux })?
            }};
        }

        'dispatch: loop {
            'fail: {
                // A test of one character: on to the next instruction, or failure.
                macro_rules! one {
                    ($test:expr) => {{
                        if let Some(&ch) = text.get(ptr) {
                            #[allow(clippy::redundant_closure_call)]
                            if $test(ch) {
                                ptr += 1;
                                pc += 1;
                                continue 'dispatch;
                            }
                        }
                        break 'fail;
                    }};
                }
                match insts[pc as usize] {
                    Inst::Lit(c) => one!(|ch: C| ch.code() == c),
                    Inst::Set(set) => one!(|ch: C| in_set::<C, H>(program, set, ch)),
                    Inst::Any => one!(|ch: C| ch.code() != b'\n' as u32),
                    Inst::AnyAll => one!(|_| true),
                    Inst::NotLit(c) => one!(|ch: C| ch.code() != c),
                    Inst::Loc(number) => {
                        let item = program.items[number as usize];
                        one!(|ch: C| items::locale_item(program, host, item, ch.code()))
                    }
                    Inst::LitStr { start, len } => {
                        let Some(window) = text.get(ptr..ptr + len as usize) else {
                            break 'fail;
                        };
                        let lits = &program.lits[start as usize..(start + len) as usize];
                        if window.iter().zip(lits).any(|(&ch, &c)| ch.code() != c) {
                            break 'fail;
                        }
                        ptr += len as usize;
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::Nop => {
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::Jump(to) => {
                        pc = to;
                        continue 'dispatch;
                    }
                    Inst::Mark(mark) => {
                        self.set_mark(mark, ptr)?;
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::Fail => break 'fail,
                    Inst::Alt { mut check, mut next } => {
                        let ch = text.get(ptr);
                        while !viable::<C, H>(program, check, ch) {
                            if next == NO_PC {
                                break 'fail;
                            }
                            pc = next;
                            let Inst::Alt { check: c, next: n } = insts[pc as usize] else {
                                break 'fail;
                            };
                            (check, next) = (c, n);
                        }
                        // Keep the next alternative that has a chance.
                        while next != NO_PC {
                            let Inst::Alt { check: c, next: n } = insts[next as usize] else {
                                break 'fail;
                            };
                            if viable::<C, H>(program, c, ch) {
                                goto!(next);
                                break;
                            }
                            next = n;
                        }
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::Split(number) => {
                        let Split { first, first_check, second, second_check } = program.splits[number as usize];
                        let ch = text.get(ptr);
                        self.step(host)?;
                        if viable::<C, H>(program, first_check, ch) {
                            if viable::<C, H>(program, second_check, ch) {
                                goto!(second);
                            }
                            pc = first;
                        } else {
                            pc = second;
                        }
                        continue 'dispatch;
                    }
                    Inst::Greedy(number) => {
                        let repeat = &program.repeats[number as usize];
                        let window = &text[ptr..];
                        if repeat.min as usize > window.len() {
                            break 'fail;
                        }
                        let window = match repeat.max {
                            MAXREPEAT => window,
                            max => &window[..window.len().min(max as usize)],
                        };
                        let count = items::count(program, host, repeat.item, window);
                        if count < repeat.min as usize {
                            break 'fail;
                        }
                        let mut least = ptr + repeat.min as usize;
                        ptr += count;
                        if repeat.end == End::LastTwo {
                            if ptr + 1 < text.len() {
                                break 'fail;
                            }
                            least = least.max(text.len().saturating_sub(1)).min(ptr);
                        }
                        if repeat.exclusive || C::NARROW && repeat.exclusive_narrow {
                            if !viable::<C, H>(program, repeat.check, text.get(ptr)) {
                                break 'fail;
                            }
                        } else if ptr == least
                            || repeat.end == End::AllTaken
                            || repeat.last && barrier == NO_BARRIER && !self.match_all && !self.must_advance
                        {
                            // One place only, or nothing after it that could fail.
                        } else {
                            match items::last_viable::<C, H>(program, repeat, text, least, ptr) {
                                Some(place) => ptr = place,
                                None => break 'fail,
                            }
                            if ptr > least {
                                self.push(Frame {
                                    kind: FrameKind::Greedy,
                                    pc,
                                    trail: self.trail.len() as u32,
                                    outer: 0,
                                    at: ptr,
                                    aux: least,
                                })?;
                            }
                        }
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::Possessive(number) => {
                        let repeat = &program.repeats[number as usize];
                        let window = &text[ptr..];
                        let window = match repeat.max {
                            MAXREPEAT => window,
                            max => &window[..window.len().min(max as usize)],
                        };
                        let count = items::count(program, host, repeat.item, window);
                        if count < repeat.min as usize {
                            break 'fail;
                        }
                        ptr += count;
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::Lazy(number) => {
                        let repeat = &program.repeats[number as usize];
                        let most = match repeat.max {
                            MAXREPEAT => NONE,
                            max => ptr.saturating_add(max as usize),
                        };
                        if repeat.min > 0 {
                            let Some(window) = text.get(ptr..ptr.saturating_add(repeat.min as usize)) else {
                                break 'fail;
                            };
                            if items::count(program, host, repeat.item, window) < window.len() {
                                break 'fail;
                            }
                            ptr += window.len();
                        }
                        match items::first_viable::<C, H>(program, host, repeat, text, ptr, most) {
                            Some(place) => ptr = place,
                            None => break 'fail,
                        }
                        if ptr < most && !(repeat.exclusive || C::NARROW && repeat.exclusive_narrow) {
                            self.push(Frame {
                                kind: FrameKind::Lazy,
                                pc,
                                trail: self.trail.len() as u32,
                                outer: 0,
                                at: ptr,
                                aux: most,
                            })?;
                        }
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::At(at) => {
                        let newline = |at: usize| text.get(at).is_some_and(|c| c.code() == b'\n' as u32);
                        let holds = match at {
                            AT_BEGINNING | AT_BEGINNING_STRING => ptr == 0,
                            AT_BEGINNING_LINE => ptr == 0 || newline(ptr - 1),
                            AT_END => ptr == text.len() || ptr + 1 == text.len() && newline(ptr),
                            AT_END_LINE => ptr == text.len() || newline(ptr),
                            _ => ptr == text.len(),
                        };
                        if !holds {
                            break 'fail;
                        }
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::Boundary { set, negate } => {
                        let word = |ch: Option<&C>| ch.is_some_and(|&ch| in_set::<C, H>(program, set, ch));
                        let before = word(ptr.checked_sub(1).and_then(|p| text.get(p)));
                        if (before != word(text.get(ptr))) == negate {
                            break 'fail;
                        }
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::LocBoundary { negate } => {
                        let word = |ch: Option<&C>| ch.is_some_and(|ch| is_locale_word(host, ch.code()));
                        let before = word(ptr.checked_sub(1).and_then(|p| text.get(p)));
                        if (before != word(text.get(ptr))) == negate {
                            break 'fail;
                        }
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::RepeatInit(number) => {
                        let l = &program.loops[number as usize];
                        self.set_slot(l.slot, Slot { count: 0, last: NONE })?;
                        pc = l.until;
                        continue 'dispatch;
                    }
                    Inst::MaxUntil(number) => {
                        let l = &program.loops[number as usize];
                        let Slot { count, last } = self.slots[l.slot as usize];
                        self.step(host)?;
                        if count < l.min as usize {
                            self.set_slot(l.slot, Slot { count: count + 1, last })?;
                            pc = l.body;
                        } else if (count < l.max as usize || l.max == MAXREPEAT) && ptr != last {
                            goto!(pc + 1);
                            self.set_slot(l.slot, Slot { count: count + 1, last: ptr })?;
                            pc = l.body;
                        } else {
                            pc += 1;
                        }
                        continue 'dispatch;
                    }
                    Inst::MinUntil(number) => {
                        let l = &program.loops[number as usize];
                        let Slot { count, last } = self.slots[l.slot as usize];
                        self.step(host)?;
                        if count < l.min as usize {
                            self.set_slot(l.slot, Slot { count: count + 1, last })?;
                            pc = l.body;
                        } else {
                            self.push(Frame {
                                kind: FrameKind::MinUntil,
                                pc,
                                trail: self.trail.len() as u32,
                                outer: 0,
                                at: ptr,
                                aux: 0,
                            })?;
                            pc += 1;
                        }
                        continue 'dispatch;
                    }
                    Inst::PossessiveRepeat(number) => {
                        let l = &program.loops[number as usize];
                        if l.max == 0 {
                            pc = l.until;
                        } else {
                            barrier!(FrameKind::Possessive, ptr, 0);
                            pc = l.body;
                        }
                        continue 'dispatch;
                    }
                    Inst::Atomic { .. } => {
                        barrier!(FrameKind::Atomic, ptr, 0);
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::Assert { back, .. } => {
                        if ptr < back as usize {
                            break 'fail;
                        }
                        barrier!(FrameKind::Assert, ptr, 0);
                        ptr -= back as usize;
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::AssertNot { back, after } => {
                        if ptr < back as usize {
                            pc = after;
                        } else {
                            barrier!(FrameKind::AssertNot, ptr, 0);
                            ptr -= back as usize;
                            pc += 1;
                        }
                        continue 'dispatch;
                    }
                    Inst::Look { item, behind, negate } => {
                        let place = if behind { ptr.checked_sub(1) } else { Some(ptr) };
                        let holds = place
                            .and_then(|p| text.get(p))
                            .is_some_and(|&ch| items::matches(program, host, program.items[item as usize], ch));
                        if holds == negate {
                            break 'fail;
                        }
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::GroupRef { group, fold } => {
                        let Some((start, end)) = self.pair(2 * group as usize) else {
                            break 'fail;
                        };
                        // Most attempts end at the first character.
                        if fold == Fold::None && start < end && text.get(ptr) != text.get(start) {
                            break 'fail;
                        }
                        let (Some(old), Some(new)) = (text.get(start..end), text.get(ptr..ptr + (end - start))) else {
                            break 'fail;
                        };
                        let equal = match fold {
                            Fold::None => old.iter().zip(new).all(|(a, b)| a == b),
                            Fold::Ascii => same_folded(old, new, charset::lower_ascii),
                            Fold::Unicode => same_folded(old, new, H::Unicode::lower),
                            Fold::Locale => same_folded(old, new, |c| locale_lower(host, c)),
                        };
                        if !equal {
                            break 'fail;
                        }
                        ptr += end - start;
                        pc += 1;
                        continue 'dispatch;
                    }
                    Inst::GroupExists { group, no } => {
                        pc = if self.pair(2 * group as usize).is_some() { pc + 1 } else { no };
                        continue 'dispatch;
                    }
                    Inst::Success => {
                        if barrier == NO_BARRIER {
                            if self.match_all && ptr != text.len() || self.must_advance && ptr == self.start {
                                break 'fail;
                            }
                            self.ptr = ptr;
                            return Ok(true);
                        }
                        // The body above a barrier has succeeded: its open choices go.
                        let frame = self.stack[barrier as usize];
                        self.stack.truncate(barrier as usize);
                        barrier = frame.outer;
                        pc = frame.pc;
                        match (frame.kind, insts[pc as usize]) {
                            (FrameKind::Atomic, Inst::Atomic { after }) => pc = after,
                            (FrameKind::Assert, Inst::Assert { after, .. }) => {
                                ptr = frame.at;
                                pc = after;
                            }
                            (FrameKind::Possessive, Inst::PossessiveRepeat(number)) => {
                                let l = &program.loops[number as usize];
                                let count = frame.aux + 1;
                                self.step(host)?;
                                let more = count < l.min as usize
                                    || (count < l.max as usize || l.max == MAXREPEAT)
                                        && (ptr != frame.at || frame.aux < l.min as usize);
                                if more {
                                    barrier!(FrameKind::Possessive, ptr, count);
                                    pc = l.body;
                                } else {
                                    pc = l.until;
                                }
                            }
                            _ => {
                                // What must not match has matched.
                                self.undo(frame.trail);
                                break 'fail;
                            }
                        }
                        continue 'dispatch;
                    }
                }
            }

            // Back to the youngest open choice.
            self.step(host)?;
            loop {
                let Some(&frame) = self.stack.last() else {
                    return Ok(false);
                };
                self.undo(frame.trail);
                pc = frame.pc;
                match frame.kind {
                    FrameKind::Goto => {
                        self.stack.pop();
                        ptr = frame.at;
                        continue 'dispatch;
                    }
                    FrameKind::Greedy => {
                        if let Inst::Greedy(number) = insts[pc as usize] {
                            let repeat = &program.repeats[number as usize];
                            let least = frame.aux;
                            match items::last_viable::<C, H>(program, repeat, text, least, frame.at - 1) {
                                Some(place) if place > least => {
                                    if let Some(top) = self.stack.last_mut() {
                                        top.at = place;
                                    }
                                    ptr = place;
                                }
                                Some(place) => {
                                    self.stack.pop();
                                    ptr = place;
                                }
                                None => {
                                    self.stack.pop();
                                    continue;
                                }
                            }
                        }
                        pc += 1;
                        continue 'dispatch;
                    }
                    FrameKind::Lazy => {
                        let mut place = None;
                        if let Inst::Lazy(number) = insts[pc as usize] {
                            let repeat = &program.repeats[number as usize];
                            if let Some(&ch) = text.get(frame.at)
                                && items::matches(program, host, repeat.item, ch)
                            {
                                let from = frame.at + 1;
                                place = items::first_viable::<C, H>(program, host, repeat, text, from, frame.aux);
                            }
                        }
                        match place {
                            Some(place) if place < frame.aux => {
                                if let Some(top) = self.stack.last_mut() {
                                    top.at = place;
                                }
                                ptr = place;
                            }
                            Some(place) => {
                                self.stack.pop();
                                ptr = place;
                            }
                            None => {
                                self.stack.pop();
                                continue;
                            }
                        }
                        pc += 1;
                        continue 'dispatch;
                    }
                    FrameKind::MinUntil => {
                        self.stack.pop();
                        ptr = frame.at;
                        if let Inst::MinUntil(number) = insts[pc as usize] {
                            let l = &program.loops[number as usize];
                            let Slot { count, last } = self.slots[l.slot as usize];
                            if count >= l.max as usize && l.max != MAXREPEAT || ptr == last {
                                continue;
                            }
                            self.set_slot(l.slot, Slot { count: count + 1, last: ptr })?;
                            pc = l.body;
                        }
                        continue 'dispatch;
                    }
                    FrameKind::Assert | FrameKind::Atomic => {
                        self.stack.pop();
                        barrier = frame.outer;
                    }
                    FrameKind::AssertNot => {
                        self.stack.pop();
                        barrier = frame.outer;
                        ptr = frame.at;
                        if let Inst::AssertNot { after, .. } = insts[pc as usize] {
                            pc = after;
                        }
                        continue 'dispatch;
                    }
                    FrameKind::Possessive => {
                        self.stack.pop();
                        barrier = frame.outer;
                        if let Inst::PossessiveRepeat(number) = insts[pc as usize] {
                            let l = &program.loops[number as usize];
                            if frame.aux >= l.min as usize {
                                ptr = frame.at;
                                pc = l.until;
                                continue 'dispatch;
                            }
                        }
                    }
                }
            }
        }
    }
}

fn same_folded<C: Char>(a: &[C], b: &[C], fold: impl Fn(u32) -> u32) -> bool {
    a.iter().zip(b).all(|(x, y)| x == y || fold(x.code()) == fold(y.code()))
}
