//! Which characters can a part of the pattern start with? The answers let the engine skip alternatives,
//! places and backtracking points that could only fail.
//!
//! An answer may hold too many characters, never too few; "it can match without a character" is no answer.

use crate::charset::{Bits, High, NO_SET, Set, bit, set_bit};
use crate::opcode::{AT_END, AT_END_LINE, AT_END_STRING};
use crate::program::*;

/// The characters something can start with: exact below 256, all or none above.
#[derive(Clone, Copy, Debug, Default)]
struct First {
    bits: Bits,
    high: bool,
}

/// Instructions looked at for one answer, and how deep alternatives may nest.
const FUEL: u32 = 128;
const START_FUEL: u32 = 4096;
const DEPTH: u32 = 12;

impl First {
    fn union(&mut self, other: &First) {
        for (a, b) in self.bits.iter_mut().zip(other.bits) {
            *a |= b;
        }
        self.high |= other.high;
    }

    fn is_everything(&self) -> bool {
        self.high && self.bits == [u64::MAX; 4]
    }
}

/// The characters an item matches.
fn first_of_item(program: &Program, item: Item) -> First {
    let mut first = First::default();
    match item {
        Item::Fail => {}
        Item::Lit(c) if c < 256 => set_bit(&mut first.bits, c),
        Item::Lit(_) => first.high = true,
        Item::NotLit(c) => {
            first = First { bits: [u64::MAX; 4], high: true };
            if c < 256 {
                first.bits[(c >> 6) as usize] &= !(1 << (c & 63));
            }
        }
        Item::Any => return first_of_item(program, Item::NotLit(b'\n' as u32)),
        Item::Set(id) => {
            let set = &program.sets.sets[id as usize];
            first = First { bits: set.bits, high: high_possible(set.high) };
        }
        Item::AnyAll | Item::LocLit(_) | Item::LocNotLit(_) | Item::LocSet(_) | Item::LocFoldSet(_) => {
            first = First { bits: [u64::MAX; 4], high: true };
        }
    }
    first
}

fn high_possible(high: High) -> bool {
    match high {
        High::Empty => false,
        High::Eq(c) => c >= 256,
        _ => true,
    }
}

/// Adds to `first` what the program from `pc` on can start with; false if that is not known.
fn collect(program: &Program, mut pc: u32, first: &mut First, fuel: &mut u32, depth: u32) -> bool {
    loop {
        if *fuel == 0 || depth == 0 {
            return false;
        }
        *fuel -= 1;
        let item = match program.insts[pc as usize] {
            Inst::Success | Inst::GroupRef { .. } => return false,
            Inst::Fail => return true,
            Inst::Nop
            | Inst::Mark(_)
            | Inst::At(_)
            | Inst::Boundary { .. }
            | Inst::LocBoundary { .. }
            | Inst::Look { .. }
            | Inst::Atomic { .. } => {
                pc += 1;
                continue;
            }
            Inst::Assert { after, .. } | Inst::AssertNot { after, .. } => {
                pc = after;
                continue;
            }
            Inst::Jump(to) => {
                pc = to;
                continue;
            }
            Inst::Alt { next, .. } => {
                if !collect(program, pc + 1, first, fuel, depth - 1) {
                    return false;
                }
                if next == NO_PC {
                    return true;
                }
                pc = next;
                continue;
            }
            Inst::GroupExists { no, .. } => {
                if !collect(program, pc + 1, first, fuel, depth - 1) {
                    return false;
                }
                pc = no;
                continue;
            }
            Inst::Split(split) => {
                let Split { first: a, second: b, .. } = program.splits[split as usize];
                // The loop's own test at its end leads back into the body: both ways are the same then.
                if !collect(program, a, first, fuel, depth - 1) {
                    return false;
                }
                pc = b;
                continue;
            }
            Inst::RepeatInit(number) => {
                let l = program.loops[number as usize];
                pc = if l.min > 0 { l.body } else { l.until };
                continue;
            }
            Inst::MaxUntil(number) | Inst::MinUntil(number) => {
                if !collect(program, program.loops[number as usize].body, first, fuel, depth - 1) {
                    return false;
                }
                pc += 1;
                continue;
            }
            Inst::PossessiveRepeat(number) => {
                let l = program.loops[number as usize];
                if l.min > 0 {
                    pc = l.body;
                    continue;
                }
                if !collect(program, l.body, first, fuel, depth - 1) {
                    return false;
                }
                pc = l.until;
                continue;
            }
            Inst::Greedy(number) | Inst::Lazy(number) | Inst::Possessive(number) => {
                let repeat = program.repeats[number as usize];
                if repeat.max > 0 {
                    first.union(&first_of_item(program, repeat.item));
                }
                if repeat.min > 0 {
                    return true;
                }
                pc += 1;
                continue;
            }
            Inst::Lit(c) => Item::Lit(c),
            Inst::LitStr { start, .. } => Item::Lit(program.lits[start as usize]),
            Inst::NotLit(c) => Item::NotLit(c),
            Inst::Any => Item::Any,
            Inst::AnyAll => Item::AnyAll,
            Inst::Set(set) => Item::Set(set),
            Inst::Loc(number) => program.items[number as usize],
        };
        first.union(&first_of_item(program, item));
        return true;
    }
}

fn first_at(program: &Program, pc: u32, mut fuel: u32) -> Option<First> {
    let mut first = First::default();
    (collect(program, pc, &mut first, &mut fuel, DEPTH) && !first.is_everything()).then_some(first)
}

fn add(program: &mut Program, first: First) -> u32 {
    let high = if first.high { High::All } else { High::Empty };
    program.sets.add(Set { bits: first.bits, high })
}

fn check_at(program: &mut Program, pc: u32) -> u32 {
    match first_at(program, pc, FUEL) {
        Some(first) => add(program, first),
        None => NO_SET,
    }
}

/// The literal at `pc`, if that is what comes next.
fn literal_at(program: &Program, mut pc: u32) -> Option<u32> {
    loop {
        match program.insts[pc as usize] {
            Inst::Nop | Inst::Mark(_) => pc += 1,
            Inst::Jump(to) => pc = to,
            Inst::Lit(c) => return Some(c),
            Inst::LitStr { start, .. } => return Some(program.lits[start as usize]),
            _ => return None,
        }
    }
}

/// What the end anchor at `pc`, if there is one, says of the places behind a repeat of `item`.
fn end_at(program: &Program, mut pc: u32, item: Item) -> End {
    loop {
        match program.insts[pc as usize] {
            Inst::Nop | Inst::Mark(_) => pc += 1,
            Inst::Jump(to) => pc = to,
            Inst::At(AT_END_STRING) => return End::AllTaken,
            Inst::At(at @ (AT_END | AT_END_LINE)) => {
                let matches_newline = bit(&first_of_item(program, item).bits, b'\n' as u32);
                return match (matches_newline, at) {
                    (false, _) => End::AllTaken,
                    (true, AT_END) => End::LastTwo,
                    (true, _) => End::Anywhere,
                };
            }
            _ => return End::Anywhere,
        }
    }
}

/// Fills in what alternatives, splits and repeats know of what comes next.
pub(crate) fn finish(program: &mut Program) {
    for pc in 0..program.insts.len() as u32 {
        match program.insts[pc as usize] {
            Inst::Alt { next, .. } => {
                let check = check_at(program, pc + 1);
                program.insts[pc as usize] = Inst::Alt { check, next };
            }
            Inst::Split(number) => {
                let Split { first, second, .. } = program.splits[number as usize];
                let (first_check, second_check) = (check_at(program, first), check_at(program, second));
                program.splits[number as usize] = Split { first, first_check, second, second_check };
            }
            Inst::Greedy(number) | Inst::Lazy(number) => {
                let mut repeat = program.repeats[number as usize];
                repeat.last = matches!(program.insts[pc as usize + 1], Inst::Success);
                repeat.literal = literal_at(program, pc + 1);
                repeat.end = end_at(program, pc + 1, repeat.item);
                if let Some(next) = first_at(program, pc + 1, FUEL) {
                    let own = first_of_item(program, repeat.item);
                    repeat.check = add(program, next);
                    repeat.exclusive_narrow = own.bits.iter().zip(next.bits).all(|(a, b)| a & b == 0);
                    repeat.exclusive = repeat.exclusive_narrow && !(own.high && next.high);
                }
                program.repeats[number as usize] = repeat;
            }
            _ => {}
        }
    }
}

/// How to search for the program when its code gives no literal prefix.
pub(crate) fn start_of(program: &mut Program) -> Start {
    if let Some(start) = line_start(program) {
        return start;
    }
    if let Some(start) = window_of(program) {
        return start;
    }
    let Some(first) = first_at(program, 0, START_FUEL) else {
        return Start::Any;
    };
    let set = add(program, first);
    Start::Set { set, few: few_of(&first) }
}

/// The members of a set with one to three of them.
fn few_of(first: &First) -> Option<([u8; 3], u8)> {
    let count: u32 = first.bits.iter().map(|w| w.count_ones()).sum();
    (!first.high && (1..=3).contains(&count)).then(|| {
        let mut chars = [0u8; 3];
        let members = (0..=255u8).filter(|&c| bit(&first.bits, c as u32));
        for (place, c) in chars.iter_mut().zip(members) {
            *place = c;
        }
        (chars, count as u8)
    })
}

/// A pattern all of whose alternatives begin with `.*` matches from a place if it matches from any later place
/// of the line, unless it looks back at what a group has matched.
fn line_start(program: &Program) -> Option<Start> {
    if program.insts.iter().any(|i| matches!(i, Inst::GroupRef { .. } | Inst::GroupExists { .. })) {
        return None;
    }
    let mut pc = 0;
    let mut all = None;
    loop {
        let (body, next) = match program.insts[pc as usize] {
            Inst::Alt { next, .. } => (pc + 1, next),
            _ => (pc, NO_PC),
        };
        let mut body = body;
        while let Inst::Mark(_) | Inst::Nop = program.insts[body as usize] {
            body += 1;
        }
        let (Inst::Greedy(number) | Inst::Lazy(number)) = program.insts[body as usize] else {
            return None;
        };
        let Repeat { item, min: 0, max: u32::MAX, .. } = program.repeats[number as usize] else {
            return None;
        };
        let this = match item {
            Item::Any => false,
            Item::AnyAll => true,
            _ => return None,
        };
        if all.is_some_and(|all| all != this) {
            return None;
        }
        all = Some(this);
        if next == NO_PC {
            return all.map(|all| Start::Line { all });
        }
        pc = next;
    }
}

/// The most places a [`Window`] looks at.
const WINDOW: usize = 8;

/// The window of a pattern, if at least its first two places say something.
pub(crate) fn window_of(program: &Program) -> Option<Start> {
    let mut places = [First::default(); WINDOW];
    let len = WINDOW.min(program.min_width as usize);
    let places = &mut places[..len];
    let mut fuel = START_FUEL;
    walk(program, 0, places, &mut fuel, DEPTH);
    let len = places.iter().rposition(|first| !first.is_everything())? + 1;
    if fuel == 0 || len < 2 || places[0].is_everything() {
        return None;
    }
    let mut window = Window { table: [0; 256], high: 0, len: len as u8, few: few_of(&places[0]) };
    for (place, first) in places[..len].iter().enumerate() {
        window.high |= u8::from(first.high) << place;
        for (ch, byte) in window.table.iter_mut().enumerate() {
            *byte |= u8::from(bit(&first.bits, ch as u32)) << place;
        }
    }
    Some(Start::Window(Box::new(window)))
}

/// Adds to each place the characters that can stand there when the program from `pc` on matches.
fn walk(program: &Program, mut pc: u32, mut places: &mut [First], fuel: &mut u32, depth: u32) {
    let anything = |places: &mut [First]| places.fill(First { bits: [u64::MAX; 4], high: true });
    loop {
        if places.is_empty() {
            return;
        }
        if *fuel == 0 || depth == 0 {
            return anything(places);
        }
        *fuel -= 1;
        let item = match program.insts[pc as usize] {
            Inst::Fail => return,
            Inst::Nop
            | Inst::Mark(_)
            | Inst::At(_)
            | Inst::Boundary { .. }
            | Inst::LocBoundary { .. }
            | Inst::Look { .. }
            | Inst::Atomic { .. } => {
                pc += 1;
                continue;
            }
            Inst::Assert { after, .. } | Inst::AssertNot { after, .. } => {
                pc = after;
                continue;
            }
            Inst::Jump(to) => {
                pc = to;
                continue;
            }
            Inst::Alt { next, .. } => {
                walk(program, pc + 1, places, fuel, depth - 1);
                if next == NO_PC {
                    return;
                }
                pc = next;
                continue;
            }
            Inst::GroupExists { no, .. } => {
                walk(program, pc + 1, places, fuel, depth - 1);
                pc = no;
                continue;
            }
            Inst::Split(split) => {
                let Split { first, second, .. } = program.splits[split as usize];
                walk(program, first, places, fuel, depth - 1);
                pc = second;
                continue;
            }
            Inst::RepeatInit(number) if program.loops[number as usize].min > 0 => {
                pc = program.loops[number as usize].body;
                continue;
            }
            Inst::Greedy(number) | Inst::Lazy(number) | Inst::Possessive(number) => {
                let repeat = program.repeats[number as usize];
                let first = first_of_item(program, repeat.item);
                let sure = places.len().min(repeat.min as usize);
                let (here, rest) = places.split_at_mut(sure);
                for place in here {
                    place.union(&first);
                }
                if repeat.max != repeat.min {
                    return anything(rest);
                }
                places = rest;
                pc += 1;
                continue;
            }
            Inst::LitStr { start, len } => {
                let sure = places.len().min(len as usize);
                let (here, rest) = places.split_at_mut(sure);
                for (place, &c) in here.iter_mut().zip(&program.lits[start as usize..]) {
                    place.union(&first_of_item(program, Item::Lit(c)));
                }
                places = rest;
                pc += 1;
                continue;
            }
            Inst::Lit(c) => Item::Lit(c),
            Inst::NotLit(c) => Item::NotLit(c),
            Inst::Any => Item::Any,
            Inst::AnyAll => Item::AnyAll,
            Inst::Set(set) => Item::Set(set),
            Inst::Loc(number) => program.items[number as usize],
            Inst::Success
            | Inst::GroupRef { .. }
            | Inst::RepeatInit(_)
            | Inst::MaxUntil(_)
            | Inst::MinUntil(_)
            | Inst::PossessiveRepeat(_) => return anything(places),
        };
        let (here, rest) = places.split_at_mut(1);
        here[0].union(&first_of_item(program, item));
        places = rest;
        pc += 1;
    }
}
