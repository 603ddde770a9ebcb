//! One call that takes any bytes and must return: the entry for fuzzing.

use crate::chars::{Host, Interrupted, StdHost};
use crate::{Program, State};

/// A host that ends each attempt after a number of looks at the signals.
#[derive(Debug)]
struct Limited(u32);

impl Host for Limited {
    type Unicode = StdHost;
    fn check_signals(&mut self) -> Result<(), Interrupted> {
        self.0 = self.0.checked_sub(1).ok_or(Interrupted)?;
        Ok(())
    }
}

/// Offers `words` as the code of a pattern with `groups` groups, and runs it, if it is valid, over `text` in
/// all three widths and ways. Says whether the code was valid.
pub fn run_any(words: &[u32], groups: usize, text: &[u32]) -> bool {
    let Ok(program) = Program::new::<StdHost>(words, groups) else {
        return false;
    };
    let narrow: Vec<u8> = text.iter().map(|&c| c as u8).collect();
    let middle: Vec<u16> = text.iter().map(|&c| c as u16).collect();
    for start in [0, text.len() / 2] {
        for match_all in [false, true] {
            let mut state = State::new(&program, start, text.len());
            state.match_all = match_all;
            state.must_advance = start > 0;
            let _ = state.match_at(&program, &narrow, &mut Limited(8));
            state.start = start;
            let _ = state.search(&program, &middle, &mut Limited(8));
            state.start = start;
            if state.search(&program, text, &mut Limited(8)) == Ok(true) {
                let (from, to) = state.span();
                assert!(from <= to && to <= text.len());
                for group in 0..=groups {
                    if let Some((from, to)) = state.group(group) {
                        assert!(from <= to && to <= text.len());
                    }
                }
            }
        }
    }
    true
}

/// [`run_any`] on the content of `data`: a byte for the groups, one for the length of the text, the text, and
/// the code in words of one byte, or, after a byte of 255, of four.
pub fn run_bytes(data: &[u8]) -> bool {
    let [groups, len, rest @ ..] = data else {
        return false;
    };
    let (text, mut code) = rest.split_at(rest.len().min(*len as usize));
    let text: Vec<u32> = text.iter().map(|&b| b as u32 * if b & 1 == 0 { 1 } else { 3 }).collect();
    let mut words = Vec::new();
    while let Some((&b, after)) = code.split_first() {
        code = after;
        match (b, after) {
            (255, [a, b, c, d, after @ ..]) => {
                words.push(u32::from_le_bytes([*a, *b, *c, *d]));
                code = after;
            }
            _ => words.push(b as u32),
        }
    }
    run_any(&words, *groups as usize, &text)
}
