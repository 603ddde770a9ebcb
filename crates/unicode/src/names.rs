//! Names of characters, aliases and named sequences.
//!
//! A name is stored as numbers of words, the most frequent in one byte; a hash table leads from a name to its
//! number, and the name itself confirms. Hangul syllables and characters named after their code point are worked
//! out.

use crate::database::*;
use crate::tables::*;

/// Word numbers below this take one byte.
const ONE_BYTE: usize = 160;
const END: u8 = 255;

const HANGUL_PREFIX: &str = "HANGUL SYLLABLE ";
static LEADING: [&str; 19] =
    ["G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"];
static VOWELS: [&str; 21] = [
    "A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE", "WI", "YU", "EU",
    "YI", "I",
];
static TRAILING: [&str; 28] = [
    "", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M", "B", "BS", "S",
    "SS", "NG", "J", "C", "K", "T", "P", "H",
];

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The character of this name.
    Character(u32),
    /// The character that has this alias.
    Alias(u32),
    /// A named sequence of characters.
    Sequence(&'static [u32]),
}

/// Calls `word` with each word of stored name `number`, until it says false.
fn each_word(number: usize, mut word: impl FnMut(&'static [u8]) -> bool) {
    let mut at = NAME_STARTS[number / 16] as usize;
    // Skip the names before it in its group.
    for _ in 0..number % 16 {
        while NAME_WORDS[at] != END {
            at += if (NAME_WORDS[at] as usize) < ONE_BYTE { 1 } else { 2 };
        }
        at += 1;
    }
    while NAME_WORDS[at] != END {
        let mut id = NAME_WORDS[at] as usize;
        at += 1;
        if id >= ONE_BYTE {
            id = ONE_BYTE + ((id - ONE_BYTE) << 8 | NAME_WORDS[at] as usize);
            at += 1;
        }
        if !word(&NAME_TEXT[NAME_OFFSETS[id] as usize..NAME_OFFSETS[id + 1] as usize]) {
            return;
        }
    }
}

fn has_name(number: usize, name: &[u8]) -> bool {
    let mut rest = Some(name);
    each_word(number, |word| {
        rest = rest
            .and_then(|r| r.split_at_checked(word.len()))
            .filter(|(w, _)| w.eq_ignore_ascii_case(word))
            .map(|(_, r)| r);
        rest.is_some()
    });
    rest.is_some_and(<[u8]>::is_empty)
}

/// The run of consecutive named characters that contains the character, or the number of a name.
fn run_by(key: impl Fn(&[u32]) -> u32, value: u32) -> Option<(u32, u32, u32)> {
    let runs = NAME_RUNS.len() / 2;
    let (mut low, mut high) = (0, runs);
    while low < high {
        let middle = low.midpoint(high);
        if key(&NAME_RUNS[2 * middle..2 * middle + 2]) <= value { low = middle + 1 } else { high = middle }
    }
    let run = low.checked_sub(1)?;
    let end = if run + 1 < runs { NAME_RUNS[2 * run + 3] } else { NAMED as u32 };
    Some((NAME_RUNS[2 * run], NAME_RUNS[2 * run + 1], end))
}

fn strip_prefix_ignore_case<'n>(name: &'n [u8], prefix: &str) -> Option<&'n [u8]> {
    let (start, rest) = name.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix.as_bytes()).then_some(rest)
}

/// The number of the longest of `parts` that `name` starts with, and the rest.
fn longest<'n>(name: &'n [u8], parts: &[&str]) -> Option<(u32, &'n [u8])> {
    let found = parts
        .iter()
        .enumerate()
        .filter_map(|(i, part)| strip_prefix_ignore_case(name, part).map(|rest| (i as u32, rest)));
    found.min_by_key(|(_, rest)| rest.len())
}

fn hangul_by_name(syllable: &[u8]) -> Option<u32> {
    let (l, rest) = longest(syllable, &LEADING)?;
    let (v, rest) = longest(rest, &VOWELS)?;
    let (t, rest) = longest(rest, &TRAILING)?;
    rest.is_empty().then_some(HANGUL + (l * 21 + v) * 28 + t)
}

/// A code point as names write it: upper- or lower-case hexadecimal, four digits or as many as it needs.
fn code_point(digits: &[u8]) -> Option<u32> {
    let canonical = digits.len() == 4 || (5..=6).contains(&digits.len()) && digits[0] != b'0';
    if !canonical {
        return None;
    }
    digits.iter().try_fold(0, |n, &d| Some(n * 16 + (d as char).to_digit(16)?))
}

fn ranges() -> impl Iterator<Item = (u32, u32, &'static str, bool)> {
    NAME_RANGES.chunks_exact(3).map(|r| (r[0], r[1], NAME_PREFIXES[(r[2] >> 1) as usize], r[2] & 1 != 0))
}

fn hash(name: &[u8]) -> usize {
    let h = name.iter().fold(0x811c_9dc5u32, |h, b| (h ^ b.to_ascii_uppercase() as u32).wrapping_mul(0x0100_0193));
    (h ^ h >> 15) as usize & (NAME_HASH.len() - 1)
}

impl Version {
    /// The name of a character (`unicodedata.name`).
    pub fn name(self, ch: u32) -> Option<String> {
        if self == Version::V3_2_0 && !self.is_assigned(ch) {
            return None;
        }
        if let Some(s) = ch.checked_sub(HANGUL).filter(|&s| s < HANGUL_COUNT) {
            let s = s as usize;
            return Some([HANGUL_PREFIX, LEADING[s / 588], VOWELS[s % 588 / 28], TRAILING[s % 28]].concat());
        }
        if let Some((_, _, prefix, _)) = ranges().find(|&(a, b, _, named)| named && (a..=b).contains(&ch)) {
            return Some(format!("{prefix}{ch:04X}"));
        }
        let (first, number, end) = run_by(|run| run[0], ch)?;
        let number = number + (ch - first);
        if number >= end {
            return None;
        }
        let mut name = String::with_capacity(32);
        each_word(number as usize, |word| {
            name.extend(word.iter().map(|&b| b as char));
            true
        });
        Some(name)
    }

    /// What has this name, in either case: a character, and in the current version also an alias or a sequence
    /// (`unicodedata.lookup`; `\N{…}` takes no sequences).
    pub fn lookup(self, name: &str) -> Option<Found> {
        let name = name.as_bytes();
        let known = |ch: u32| (self == Version::Current || self.is_assigned(ch)).then_some(Found::Character(ch));
        if let Some(syllable) = strip_prefix_ignore_case(name, HANGUL_PREFIX)
            && let Some(ch) = hangul_by_name(syllable)
        {
            return known(ch);
        }
        for prefix in NAME_PREFIXES {
            if let Some(ch) = strip_prefix_ignore_case(name, prefix).and_then(code_point)
                && ranges().any(|(a, b, p, _)| p == prefix && (a..=b).contains(&ch))
            {
                return known(ch);
            }
        }
        let mut slot = hash(name);
        loop {
            let number = NAME_HASH[slot] as usize;
            if number == 0xffff {
                return None;
            }
            if has_name(number, name) {
                if let Some(extra) = number.checked_sub(NAMED) {
                    if self == Version::V3_2_0 {
                        return None;
                    }
                    let chars = &EXTRA_CHARS[EXTRA_STARTS[extra] as usize..EXTRA_STARTS[extra + 1] as usize];
                    return Some(match chars {
                        &[ch] => Found::Alias(ch),
                        _ => Found::Sequence(chars),
                    });
                }
                let (first, start, _) = run_by(|run| run[1], number as u32)?;
                return known(first + (number as u32 - start));
            }
            slot = (slot + 1) & (NAME_HASH.len() - 1);
        }
    }
}
