//! Normalisation (Unicode Standard Annex 15).

use crate::database::*;
use crate::tables::*;

/// A normalisation form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    Nfc,
    Nfkc,
    Nfd,
    Nfkd,
}

impl Form {
    /// The form of this name, as `unicodedata.normalize` takes it.
    pub fn from_name(name: &str) -> Option<Form> {
        Some(match name {
            "NFC" => Form::Nfc,
            "NFKC" => Form::Nfkc,
            "NFD" => Form::Nfd,
            "NFKD" => Form::Nfkd,
            _ => return None,
        })
    }

    fn composes(self) -> bool {
        matches!(self, Form::Nfc | Form::Nfkc)
    }

    fn compatible(self) -> bool {
        matches!(self, Form::Nfkc | Form::Nfkd)
    }

    /// The bits of the quick-check field that stop it: "no" and "maybe".
    fn bits(self) -> (u8, u8) {
        match self {
            Form::Nfd => (1, 0),
            Form::Nfkd => (2, 0),
            Form::Nfc => (4, JOINS),
            Form::Nfkc => (8, JOINS),
        }
    }
}

/// What a look at each character by itself says of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuickCheck {
    Yes,
    No,
    Maybe,
}

/// Combining class and quick-check bits of each record, together.
static QUICK: [(u8, u8); DATABASE_CHECK.len()] = {
    let mut quick = [(0, 0); DATABASE_CHECK.len()];
    let mut r = 0;
    while r < quick.len() {
        quick[r] = (DATABASE_COMBINING[r], DATABASE_CHECK[r]);
        r += 1;
    }
    quick
};

/// The quick-check bit of characters that may join the one before.
const JOINS: u8 = 16;

/// Combining class and quick-check bits.
#[inline(always)]
fn quick(ch: u32) -> (u8, u8) {
    if ch < 0xa0 {
        return (0, 0);
    }
    current(ch).map_or((0, 0), |r| QUICK[r])
}

fn combining(ch: u32) -> u8 {
    quick(ch).0
}

/// The character that `first` and `second` compose to.
fn compose(first: u32, second: u32) -> Option<u32> {
    if let (Some(l), Some(v)) = (first.checked_sub(JAMO_L), second.checked_sub(JAMO_V))
        && l < 19
        && v < 21
    {
        return Some(HANGUL + (l * 21 + v) * 28);
    }
    if let (Some(s), Some(t)) = (first.checked_sub(HANGUL), second.checked_sub(JAMO_T))
        && s < HANGUL_COUNT
        && s.is_multiple_of(28)
        && (1..28).contains(&t)
    {
        return Some(first + t);
    }
    let (mut low, mut high) = (0, COMPOSITION.len() / 3);
    while low < high {
        let middle = low.midpoint(high);
        let entry = &COMPOSITION[3 * middle..3 * middle + 3];
        match (entry[0], entry[1]).cmp(&(first, second)) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => return Some(entry[2]),
        }
    }
    None
}

impl Version {
    /// Whether `text` is certainly, certainly not, or perhaps in the form. Only the current version knows;
    /// the answer for the other is always "perhaps".
    pub fn quick_check(self, form: Form, text: impl IntoIterator<Item = u32>) -> QuickCheck {
        if self != Version::Current {
            return QuickCheck::Maybe;
        }
        let (no, maybe) = form.bits();
        let mut answer = QuickCheck::Yes;
        let mut before = 0;
        for ch in text {
            let (class, check) = quick(ch);
            if (class, check) == (0, 0) {
                before = 0;
                continue;
            }
            if class != 0 && before > class || check & no != 0 {
                return QuickCheck::No;
            }
            if check & maybe != 0 {
                answer = QuickCheck::Maybe;
            }
            before = class;
        }
        answer
    }

    /// `unicodedata.is_normalized`.
    pub fn is_normalized<I: IntoIterator<Item = u32> + Clone>(self, form: Form, text: I) -> bool {
        match self.quick_check(form, text.clone()) {
            QuickCheck::Yes => true,
            QuickCheck::No => false,
            QuickCheck::Maybe => text.clone().into_iter().eq(self.normalize(form, text)),
        }
    }

    /// `unicodedata.normalize`.
    pub fn normalize(self, form: Form, text: impl IntoIterator<Item = u32>) -> Vec<u32> {
        let text = text.into_iter();
        let mut out = Ordered { text: Vec::with_capacity(text.size_hint().0), last: 0, disorder: false };
        for ch in text {
            // Below the first decomposition, and the jamo.
            if ch < 0xa0 || (0x1100..0x1200).contains(&ch) {
                out.text.push(ch);
                out.last = 0;
            } else {
                self.decompose(ch, form.compatible(), &mut out);
            }
        }
        let mut text = out.text;
        if out.disorder {
            order(&mut text);
        }
        if form.composes() {
            compose_all(&mut text);
        }
        text
    }

    /// Adds the full decomposition of `ch`. The table nests three deep at most.
    fn decompose(self, ch: u32, compatible: bool, out: &mut Ordered) {
        if let Some((jamo, len)) = hangul_decomposition(ch) {
            out.text.extend_from_slice(&jamo[..len as usize]);
            out.last = 0;
            return;
        }
        if self == Version::V3_2_0 {
            if let Some(pair) = OLD_CORRECTIONS.chunks_exact(2).find(|pair| pair[0] == ch) {
                return out.push(pair[1]);
            }
            if !self.is_assigned(ch) {
                return out.push(ch);
            }
        }
        match table_decomposition(ch) {
            Some((tag, chars)) if tag == 0 || compatible => {
                for &ch in chars {
                    self.decompose(ch, compatible, out);
                }
            }
            _ => out.push(ch),
        }
    }
}

/// Decomposed text, which watches the order of combining characters.
struct Ordered {
    text: Vec<u32>,
    /// The class of the last character.
    last: u8,
    /// Some combining character came after one of a higher class.
    disorder: bool,
}

impl Ordered {
    fn push(&mut self, ch: u32) {
        let class = combining(ch);
        self.disorder |= class != 0 && class < self.last;
        self.last = class;
        self.text.push(ch);
    }
}

/// Puts each run of combining characters into the order of their classes.
fn order(text: &mut [u32]) {
    let mut at = 0;
    while at < text.len() {
        if text[at] < 0x300 || combining(text[at]) == 0 {
            at += 1;
            continue;
        }
        let run = text[at..].iter().take_while(|&&ch| combining(ch) != 0).count();
        if run > 1 {
            text[at..at + run].sort_by_key(|&ch| combining(ch));
        }
        at += run;
    }
}

/// Composes what can be, in place.
fn compose_all(text: &mut Vec<u32>) {
    let mut starter = None;
    // The class of the character kept last after the starter; below all others if there is none.
    let mut last = -1i32;
    let mut kept = 0;
    for at in 0..text.len() {
        let ch = text[at];
        let (class, check) = match ch {
            // The jamo, which come in numbers.
            0x1100..0x1161 => (0, 0),
            0x1161..0x1176 | 0x11a8..0x11c3 => (0, JOINS),
            _ => quick(ch),
        };
        let (class, joins) = (class as i32, check & JOINS != 0);
        if let (Some(place), true) = (starter, joins && last < class)
            && let Some(composite) = compose(text[place], ch)
        {
            text[place] = composite;
            continue;
        }
        if class == 0 {
            starter = Some(kept);
            last = -1;
        } else {
            last = class;
        }
        text[kept] = ch;
        kept += 1;
    }
    text.truncate(kept);
}
