//! Testing and counting single characters.

use crate::chars::{Char, Host};
use crate::charset::{NO_SET, contains_locale, locale_lower, locale_upper};
use crate::opcode::NEGATE;
use crate::program::{Item, Program, Repeat};

const NEWLINE: u32 = b'\n' as u32;

/// Whether `ch` is in a set.
#[inline(always)]
pub(crate) fn in_set<C: Char, H: Host>(program: &Program, set: u32, ch: C) -> bool {
    let code = ch.code();
    if C::NARROW || code < 256 {
        let (table, mask) = program.sets.table(set);
        table[code as usize & 0xff] & mask != 0
    } else {
        program.sets.has_high::<H::Unicode>(&program.code, set, code)
    }
}

/// Whether the rest of the text can start something with this set of first characters.
#[inline(always)]
pub(crate) fn viable<C: Char, H: Host>(program: &Program, check: u32, ch: Option<&C>) -> bool {
    check == NO_SET || ch.is_some_and(|&ch| in_set::<C, H>(program, check, ch))
}

fn locale_literal<H: Host>(host: &H, literal: u32, ch: u32) -> bool {
    ch == literal || locale_lower(host, ch) == literal || locale_upper(host, ch) == literal
}

/// The tests that need the locale.
pub(crate) fn locale_item<H: Host>(program: &Program, host: &H, item: Item, ch: u32) -> bool {
    match item {
        Item::LocLit(c) => locale_literal(host, c, ch),
        Item::LocNotLit(c) => !locale_literal(host, c, ch),
        Item::LocSet(at) => contains_locale(&program.code[at as usize..], ch, host),
        Item::LocFoldSet(at) => {
            // A negated set holds what neither case of is in the set itself.
            let (set, negated) = match &program.code[at as usize..] {
                [NEGATE, rest @ ..] => (rest, true),
                set => (set, false),
            };
            let (lower, upper) = (locale_lower(host, ch), locale_upper(host, ch));
            let found = contains_locale(set, lower, host) || upper != lower && contains_locale(set, upper, host);
            found != negated
        }
        _ => false,
    }
}

/// Whether an item matches one character.
#[inline(always)]
pub(crate) fn matches<C: Char, H: Host>(program: &Program, host: &H, item: Item, ch: C) -> bool {
    match item {
        Item::Lit(c) => ch.code() == c,
        Item::NotLit(c) => ch.code() != c,
        Item::Any => ch.code() != NEWLINE,
        Item::AnyAll => true,
        Item::Set(set) => in_set::<C, H>(program, set, ch),
        Item::Fail => false,
        _ => locale_item(program, host, item, ch.code()),
    }
}

/// Position of the first `needle` in `text`, for runs that are mostly short: a few characters by hand first.
#[inline(always)]
fn run_until<C: Char>(text: &[C], needle: C) -> usize {
    const BY_HAND: usize = 8;
    for (i, &c) in text.iter().take(BY_HAND).enumerate() {
        if c == needle {
            return i;
        }
    }
    match text.get(BY_HAND..) {
        Some(rest) => C::find(rest, needle).map_or(text.len(), |i| i + BY_HAND),
        None => text.len(),
    }
}

/// How many characters at the start of `text` an item matches.
#[inline]
pub(crate) fn count<C: Char, H: Host>(program: &Program, host: &H, item: Item, text: &[C]) -> usize {
    let run = |found: Option<usize>| found.unwrap_or(text.len());
    match item {
        Item::Set(set) => {
            let (table, mask) = program.sets.table(set);
            run(text.iter().position(|&ch| {
                let code = ch.code();
                if C::NARROW || code < 256 {
                    table[code as usize & 0xff] & mask == 0
                } else {
                    !program.sets.has_high::<H::Unicode>(&program.code, set, code)
                }
            }))
        }
        Item::Any => C::from_code(NEWLINE).map_or(text.len(), |c| run_until(text, c)),
        Item::AnyAll => text.len(),
        Item::Lit(c) => C::from_code(c).map_or(0, |c| run(text.iter().position(|&ch| ch != c))),
        Item::NotLit(c) => C::from_code(c).map_or(text.len(), |c| run_until(text, c)),
        Item::Fail => 0,
        _ => run(text.iter().position(|&ch| !locale_item(program, host, item, ch.code()))),
    }
}

/// The last place from `from` down to `least` where the rest after a repeat can start.
#[inline(always)]
pub(crate) fn last_viable<C: Char, H: Host>(
    program: &Program,
    repeat: &Repeat,
    text: &[C],
    least: usize,
    from: usize,
) -> Option<usize> {
    if repeat.check == NO_SET {
        return Some(from);
    }
    let window = text.get(least..text.len().min(from + 1))?;
    if let Some(literal) = repeat.literal {
        let literal = C::from_code(literal)?;
        // Often it is right at the end; the search is for the other times.
        if window.last() == Some(&literal) {
            return Some(least + window.len() - 1);
        }
        const SHORT: usize = 16;
        let found = if window.len() <= SHORT {
            window.iter().rposition(|&ch| ch == literal)
        } else {
            C::rfind(window, literal)
        };
        return found.map(|i| least + i);
    }
    window.iter().rposition(|&ch| in_set::<C, H>(program, repeat.check, ch)).map(|i| least + i)
}

/// The first place from `from` up to `most` where the rest after a lazy repeat can start, the item matching
/// all characters on the way.
#[inline(always)]
pub(crate) fn first_viable<C: Char, H: Host>(
    program: &Program,
    host: &H,
    repeat: &Repeat,
    text: &[C],
    from: usize,
    most: usize,
) -> Option<usize> {
    if repeat.check == NO_SET {
        return Some(from);
    }
    let window = text.get(from..)?;
    if let (Some(literal), Item::Any | Item::AnyAll | Item::NotLit(_)) = (repeat.literal, repeat.item) {
        let literal = C::from_code(literal)?;
        let window = &window[..window.len().min((most - from).saturating_add(1))];
        let stop = match repeat.item {
            Item::Any => C::from_code(NEWLINE),
            Item::NotLit(c) => C::from_code(c),
            _ => None,
        };
        let found = match stop {
            Some(stop) => C::find2(window, literal, stop)?,
            None => C::find(window, literal)?,
        };
        return (window[found] == literal).then_some(from + found);
    }
    for (i, &ch) in window.iter().enumerate() {
        if in_set::<C, H>(program, repeat.check, ch) {
            return Some(from + i);
        }
        if from + i >= most || !matches(program, host, repeat.item, ch) {
            return None;
        }
    }
    None
}
