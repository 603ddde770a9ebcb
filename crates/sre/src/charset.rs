//! Character sets: reading them from code words, and the tables they become.
//!
//! A set whose membership cannot change while the program lives (no locale in it) is evaluated once for the
//! first 256 characters, case folding included. Eight sets share one table of 256 bytes, a bit each, so that
//! a test is one load and one `and`. Characters above 255 are answered by [`High`].

use crate::chars::{Host, Unicode};
use crate::opcode::*;

/// 256 bits, one for each of the first 256 characters.
pub(crate) type Bits = [u64; 4];

/// No set: every character, and the end of the text too, is let through.
pub(crate) const NO_SET: u32 = u32::MAX;

pub(crate) fn bit(bits: &Bits, ch: u32) -> bool {
    bits[(ch >> 6) as usize & 3] >> (ch & 63) & 1 != 0
}

pub(crate) fn set_bit(bits: &mut Bits, ch: u32) {
    bits[(ch >> 6) as usize & 3] |= 1 << (ch & 63);
}

/// Bits of the characters below 256 for which `test` holds.
pub(crate) fn bits_where(test: impl Fn(u32) -> bool) -> Bits {
    let mut bits = Bits::default();
    for ch in 0..256 {
        if test(ch) {
            set_bit(&mut bits, ch);
        }
    }
    bits
}

/// Adds the characters from `low` to `high` that are below 256.
fn set_range(bits: &mut Bits, low: u32, high: u32) {
    for ch in low..=high.min(255) {
        set_bit(bits, ch);
    }
}

/// How a character is changed before it is looked up or compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    None,
    Ascii,
    Unicode,
    Locale,
}

/// Membership of the characters from 256 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum High {
    Empty,
    All,
    /// Exactly this character.
    Eq(u32),
    /// All but this character.
    NotEq(u32),
    /// Those whose simple lower-case mapping is this character.
    LowerEq(u32),
    /// The others.
    LowerNotEq(u32),
    /// One of the categories.
    Category(u32),
    /// Whatever the set that starts at this place of the code says of the folded character.
    Code(u32, Fold),
}

/// One evaluated set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Set {
    pub bits: Bits,
    pub high: High,
}

/// The sets of a program, with their shared tables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sets {
    pub sets: Vec<Set>,
    pub tables: Vec<[u8; 256]>,
}

impl Sets {
    /// The number of the set, which is added unless it is there already.
    pub fn add(&mut self, set: Set) -> u32 {
        if let Some(i) = self.sets.iter().position(|s| *s == set) {
            return i as u32;
        }
        let id = self.sets.len();
        if id.is_multiple_of(8) {
            self.tables.push([0; 256]);
        }
        let mask = 1 << (id % 8);
        if let Some(table) = self.tables.last_mut() {
            for (base, mut word) in (0..).step_by(64).zip(set.bits) {
                while word != 0 {
                    table[base + word.trailing_zeros() as usize] |= mask;
                    word &= word - 1;
                }
            }
        }
        self.sets.push(set);
        id as u32
    }

    /// The table of a set and its bit in there.
    #[inline(always)]
    pub fn table(&self, id: u32) -> (&[u8; 256], u8) {
        (&self.tables[id as usize >> 3], 1 << (id & 7))
    }

    /// Whether a character from 256 on is in the set.
    pub fn has_high<U: Unicode>(&self, code: &[u32], id: u32, ch: u32) -> bool {
        match self.sets[id as usize].high {
            High::Empty => false,
            High::All => true,
            High::Eq(c) => ch == c,
            High::NotEq(c) => ch != c,
            High::LowerEq(c) => U::lower(ch) == c,
            High::LowerNotEq(c) => U::lower(ch) != c,
            High::Category(cat) => category::<U>(cat, ch),
            High::Code(at, fold) => {
                let ch = if fold == Fold::Unicode { U::lower(ch) } else { ch };
                contains::<U>(&code[at as usize..], ch, &|_, _| false)
            }
        }
    }
}

pub(crate) fn lower_ascii(ch: u32) -> u32 {
    if (b'A' as u32..=b'Z' as u32).contains(&ch) { ch + 32 } else { ch }
}

pub(crate) fn is_ascii_word(ch: u32) -> bool {
    ch < 128 && ((ch as u8).is_ascii_alphanumeric() || ch as u8 == b'_')
}

pub(crate) fn is_unicode_word<U: Unicode>(ch: u32) -> bool {
    ch == b'_' as u32 || U::is_alnum(ch)
}

/// Whether `cat` is one of the category codes.
pub(crate) fn is_category(cat: u32) -> bool {
    cat <= CATEGORY_UNI_NOT_LINEBREAK
}

/// Whether the category depends on the locale.
pub(crate) fn is_locale_category(cat: u32) -> bool {
    matches!(cat, CATEGORY_LOC_WORD | CATEGORY_LOC_NOT_WORD)
}

/// Whether `ch` is in a category that does not depend on the locale.
pub(crate) fn category<U: Unicode>(cat: u32, ch: u32) -> bool {
    let is_ascii_digit = |ch: u32| (b'0' as u32..=b'9' as u32).contains(&ch);
    let is_ascii_space = |ch: u32| ch == b' ' as u32 || (9..=13).contains(&ch);
    match cat {
        CATEGORY_DIGIT => is_ascii_digit(ch),
        CATEGORY_NOT_DIGIT => !is_ascii_digit(ch),
        CATEGORY_SPACE => is_ascii_space(ch),
        CATEGORY_NOT_SPACE => !is_ascii_space(ch),
        CATEGORY_WORD => is_ascii_word(ch),
        CATEGORY_NOT_WORD => !is_ascii_word(ch),
        CATEGORY_LINEBREAK => ch == b'\n' as u32,
        CATEGORY_NOT_LINEBREAK => ch != b'\n' as u32,
        CATEGORY_UNI_DIGIT => U::is_decimal(ch),
        CATEGORY_UNI_NOT_DIGIT => !U::is_decimal(ch),
        CATEGORY_UNI_SPACE => U::is_space(ch),
        CATEGORY_UNI_NOT_SPACE => !U::is_space(ch),
        CATEGORY_UNI_WORD => is_unicode_word::<U>(ch),
        CATEGORY_UNI_NOT_WORD => !is_unicode_word::<U>(ch),
        CATEGORY_UNI_LINEBREAK => U::is_linebreak(ch),
        CATEGORY_UNI_NOT_LINEBREAK => !U::is_linebreak(ch),
        _ => false,
    }
}

/// Evaluates the set program `set` (up to its FAILURE) for one character; `locale` answers the locale's
/// categories.
pub(crate) fn contains<U: Unicode>(set: &[u32], ch: u32, locale: &dyn Fn(u32, u32) -> bool) -> bool {
    let mut yes = true;
    let mut rest = set;
    while let Some((&op, args)) = rest.split_first() {
        let arg = |i: usize| args.get(i).copied().unwrap_or(0);
        let (found, used) = match op {
            NEGATE => {
                yes = !yes;
                (false, 0)
            }
            LITERAL => (ch == arg(0), 1),
            CATEGORY if is_locale_category(arg(0)) => (locale(arg(0), ch), 1),
            CATEGORY => (category::<U>(arg(0), ch), 1),
            RANGE => (arg(0) <= ch && ch <= arg(1), 2),
            RANGE_UNI_IGNORE => {
                // The character comes in lower case; the range may hold its upper case.
                let inside = |c| arg(0) <= c && c <= arg(1);
                (inside(ch) || inside(U::upper(ch)), 2)
            }
            CHARSET => (ch < 256 && arg((ch >> 5) as usize) >> (ch & 31) & 1 != 0, 8),
            BIGCHARSET => {
                let found = ch < 0x10000 && {
                    let page = (ch >> 8) as usize;
                    let block = (arg(1 + page / 4) >> (8 * (page % 4))) as usize & 0xff;
                    arg(1 + 64 + block * 8 + (ch as usize & 0xff) / 32) >> (ch & 31) & 1 != 0
                };
                (found, 1 + 64 + arg(0) as usize * 8)
            }
            _ => break, // FAILURE, the end of the set
        };
        if found {
            return yes;
        }
        rest = args.get(used..).unwrap_or(&[]);
    }
    !yes
}

/// What a validated set without locale categories says of the characters below 256, each folded first.
pub(crate) fn low_bits<U: Unicode>(set: &[u32], fold: Fold) -> Bits {
    let plain = plain_low_bits::<U>(set);
    match fold {
        Fold::None | Fold::Locale => plain,
        Fold::Ascii => bits_where(|ch| bit(&plain, lower_ascii(ch))),
        Fold::Unicode => bits_where(|ch| match U::lower(ch) {
            low @ 0..256 => bit(&plain, low),
            high => contains::<U>(set, high, &|_, _| false),
        }),
    }
}

/// [`contains`] for all characters below 256 at once.
fn plain_low_bits<U: Unicode>(set: &[u32]) -> Bits {
    let (mut yes, mut decided, mut result) = (true, Bits::default(), Bits::default());
    let mut rest = set;
    while let Some((&op, args)) = rest.split_first() {
        let arg = |i: usize| args.get(i).copied().unwrap_or(0);
        let mut found = Bits::default();
        let used = match op {
            NEGATE => {
                yes = !yes;
                0
            }
            LITERAL => {
                set_range(&mut found, arg(0), arg(0));
                1
            }
            RANGE => {
                set_range(&mut found, arg(0), arg(1));
                2
            }
            RANGE_UNI_IGNORE => {
                let inside = |c| arg(0) <= c && c <= arg(1);
                found = bits_where(|ch| inside(ch) || inside(U::upper(ch)));
                2
            }
            CATEGORY => {
                found = bits_where(|ch| category::<U>(arg(0), ch));
                1
            }
            CHARSET => {
                found = std::array::from_fn(|i| arg(2 * i) as u64 | (arg(2 * i + 1) as u64) << 32);
                8
            }
            BIGCHARSET => {
                let block = (arg(1) & 0xff) as usize * 8;
                let word = |i: usize| arg(65 + block + i) as u64;
                found = std::array::from_fn(|i| word(2 * i) | word(2 * i + 1) << 32);
                65 + arg(0) as usize * 8
            }
            _ => break,
        };
        for ((found, decided), result) in found.iter().zip(&mut decided).zip(&mut result) {
            if yes {
                *result |= found & !*decided;
            }
            *decided |= found;
        }
        rest = args.get(used..).unwrap_or(&[]);
    }
    if !yes {
        for (decided, result) in decided.iter().zip(&mut result) {
            *result |= !decided;
        }
    }
    result
}

/// As [`contains`], asking the host where the locale matters.
pub(crate) fn contains_locale<H: Host>(set: &[u32], ch: u32, host: &H) -> bool {
    contains::<H::Unicode>(set, ch, &|cat, ch| is_locale_word(host, ch) == (cat == CATEGORY_LOC_WORD))
}

pub(crate) fn is_locale_word<H: Host>(host: &H, ch: u32) -> bool {
    ch == b'_' as u32 || u8::try_from(ch).is_ok_and(|b| host.locale_is_alnum(b))
}

pub(crate) fn locale_lower<H: Host>(host: &H, ch: u32) -> u32 {
    u8::try_from(ch).map_or(ch, |b| host.locale_lower(b) as u32)
}

pub(crate) fn locale_upper<H: Host>(host: &H, ch: u32) -> u32 {
    u8::try_from(ch).map_or(ch, |b| host.locale_upper(b) as u32)
}

/// Checks a set program and gives its length without the closing FAILURE. `code` is what the enclosing block
/// leaves; the FAILURE must be its last word.
pub(crate) fn validate(code: &[u32]) -> bool {
    let Some((&FAILURE, body)) = code.split_last() else {
        return false;
    };
    let mut rest = body;
    while let Some((&op, args)) = rest.split_first() {
        let used = match op {
            NEGATE => 0,
            LITERAL => 1,
            RANGE | RANGE_UNI_IGNORE => 2,
            CHARSET => 8,
            BIGCHARSET => {
                let Some((&blocks, table)) = args.split_first() else {
                    return false;
                };
                let Some(table) = table.get(..64) else {
                    return false;
                };
                if table.iter().flat_map(|w| w.to_le_bytes()).any(|b| b as u32 >= blocks) {
                    return false;
                }
                (blocks as usize).saturating_mul(8).saturating_add(65)
            }
            CATEGORY => match args.first() {
                Some(&cat) if is_category(cat) => 1,
                _ => return false,
            },
            _ => return false,
        };
        match args.get(used..) {
            Some(next) => rest = next,
            None => return false,
        }
    }
    true
}

/// Whether a validated set program asks for the locale.
pub(crate) fn uses_locale(code: &[u32]) -> bool {
    let mut rest = code;
    while let Some((&op, args)) = rest.split_first() {
        let used = match op {
            LITERAL => 1,
            RANGE | RANGE_UNI_IGNORE => 2,
            CHARSET => 8,
            BIGCHARSET => 65 + args.first().map_or(0, |&n| n as usize * 8),
            CATEGORY => {
                if args.first().is_some_and(|&cat| is_locale_category(cat)) {
                    return true;
                }
                1
            }
            NEGATE => 0,
            _ => return false,
        };
        rest = args.get(used..).unwrap_or(&[]);
    }
    false
}

/// What a validated set says of the characters from 256 on, in the simplest form.
pub(crate) fn high_of(code: &[u32], at: u32, fold: Fold) -> High {
    let set = &code[at as usize..];
    match *set {
        [CATEGORY, cat, FAILURE, ..] if fold == Fold::None => return High::Category(cat),
        [NEGATE, CATEGORY, cat, FAILURE, ..] if fold == Fold::None => {
            return High::Category(cat ^ 1);
        }
        _ => {}
    }
    // Without categories, and with nothing above 255 in it, the set (or its complement) is empty up there.
    // Unicode lower case brings a few characters from above down below 256, so it stays with the general way.
    if fold == Fold::Unicode {
        return High::Code(at, fold);
    }
    let mut rest = set;
    let mut negated = false;
    while let Some((&op, args)) = rest.split_first() {
        let used = match op {
            NEGATE => {
                negated = !negated;
                0
            }
            LITERAL if args.first().is_some_and(|&c| c < 256) => 1,
            RANGE if args.get(1).is_some_and(|&c| c < 256) => 2,
            CHARSET => 8,
            FAILURE => return if negated { High::All } else { High::Empty },
            _ => return High::Code(at, fold),
        };
        rest = args.get(used..).unwrap_or(&[]);
    }
    High::Code(at, fold)
}
