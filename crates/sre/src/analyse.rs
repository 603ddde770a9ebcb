//! Which characters can a part of the pattern start with? The answers let the engine skip alternatives,
//! places and backtracking points that could only fail.
//!
//! An answer may hold too many characters, never too few; "it can match without a character" is no answer.

use crate::charset::{Bits, High, NO_SET, Set, set_bit};
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
            first = First {
                bits: [u64::MAX; 4],
                high: true,
            };
            if c < 256 {
                first.bits[(c >> 6) as usize] &= !(1 << (c & 63));
            }
        }
        Item::Any => return first_of_item(program, Item::NotLit(b'\n' as u32)),
        Item::Set(id) => {
            let set = &program.sets.sets[id as usize];
            first = First {
                bits: set.bits,
                high: high_possible(set.high),
            };
        }
        Item::AnyAll
        | Item::LocLit(_)
        | Item::LocNotLit(_)
        | Item::LocSet(_)
        | Item::LocFoldSet(_) => {
            first = First {
                bits: [u64::MAX; 4],
                high: true,
            };
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
                let Split {
                    first: a,
                    second: b,
                    ..
                } = program.splits[split as usize];
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
                if !collect(
                    program,
                    program.loops[number as usize].body,
                    first,
                    fuel,
                    depth - 1,
                ) {
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
    program.sets.add(Set {
        bits: first.bits,
        high,
    })
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
                let (first_check, second_check) =
                    (check_at(program, first), check_at(program, second));
                program.splits[number as usize] = Split {
                    first,
                    first_check,
                    second,
                    second_check,
                };
            }
            Inst::Greedy(number) | Inst::Lazy(number) => {
                let mut repeat = program.repeats[number as usize];
                repeat.last = matches!(program.insts[pc as usize + 1], Inst::Success);
                repeat.literal = literal_at(program, pc + 1);
                if let Some(next) = first_at(program, pc + 1, FUEL) {
                    let own = first_of_item(program, repeat.item);
                    repeat.check = add(program, next);
                    repeat.exclusive_narrow =
                        own.bits.iter().zip(next.bits).all(|(a, b)| a & b == 0);
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
    let Some(first) = first_at(program, 0, START_FUEL) else {
        return Start::Any;
    };
    let set = add(program, first);
    let count: u32 = first.bits.iter().map(|w| w.count_ones()).sum();
    let few = (!first.high && (1..=3).contains(&count)).then(|| {
        let mut chars = [0u8; 3];
        let members = (0..=255u8).filter(|&c| crate::charset::bit(&first.bits, c as u32));
        for (place, c) in chars.iter_mut().zip(members) {
            *place = c;
        }
        (chars, count as u8)
    });
    Start::Set { set, few }
}
