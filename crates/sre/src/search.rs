//! Searching: where in the text is an attempt worth making?

use crate::chars::{Char, Host};
use crate::items::in_set;
use crate::program::{Prefix, Program, Start, Window};
use crate::{Error, State};

impl State {
    /// Looks for the first match from [`State::start`] on: `Pattern.search`, and each step of `finditer`,
    /// `sub` and `split`. On success `start` and `ptr` are the match; without one they mean nothing.
    ///
    /// # Errors
    /// As [`State::match_at`].
    pub fn search<C: Char, H: Host>(&mut self, program: &Program, text: &[C], host: &mut H) -> Result<bool, Error> {
        let text = &text[..self.end.min(text.len())];
        let first = self.start;
        self.reset();
        if first > text.len() || ((text.len() - first) as u64) < program.min_width {
            return Ok(false);
        }
        // The last place where a match can begin.
        let last = text.len() - program.min_width as usize;
        match &program.start {
            Start::Any => {
                for at in first..=last {
                    if self.attempt(program, text, host, first, at)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Start::Line { all } => {
                let newline = C::from_code(b'\n' as u32);
                let mut at = first;
                while at <= last {
                    let forced = self.must_advance;
                    if self.attempt(program, text, host, first, at)? {
                        return Ok(true);
                    }
                    // An attempt that was not allowed to be empty says nothing about the next place.
                    if forced && at == first {
                        at += 1;
                        continue;
                    }
                    match newline.and_then(|c| C::find(&text[at..], c)) {
                        Some(i) if !all => at += i + 1,
                        _ => break,
                    }
                }
                Ok(false)
            }
            Start::Window(window) => self.attempts(program, text, host, last, |from| window.find(&text[from..])),
            Start::LineBegin => {
                let Some(newline) = C::from_code(b'\n' as u32) else {
                    return Ok(false);
                };
                self.attempts(program, text, host, last, |from| {
                    if from == 0 || text[from - 1] == newline {
                        return Some(0);
                    }
                    C::find(&text[from..], newline).map(|i| i + 1)
                })
            }
            Start::Anchored => self.attempt(program, text, host, first, first),
            Start::Literal(c) => {
                let Some(c) = C::from_code(*c) else {
                    return Ok(false);
                };
                self.attempts(program, text, host, last, |from| C::find(&text[from..], c))
            }
            Start::Prefix(prefix) => {
                if let (Some(finder), Some(bytes)) = (&prefix.finder, C::as_bytes(text)) {
                    return self.attempts(program, text, host, last, |from| finder.find(&bytes[from..]));
                }
                if prefix.chars.iter().any(|&c| C::from_code(c).is_none()) {
                    return Ok(false);
                }
                self.attempts(program, text, host, last, |from| prefix.find(&text[from..]))
            }
            Start::Set { set, few: Some((chars, count)) } => {
                let [a, b, c] = chars.map(|c| C::from_code(c as u32));
                let (Some(a), Some(b), Some(c)) = (a, b, c) else {
                    return Ok(false);
                };
                self.attempts(program, text, host, last, |from| {
                    // Candidates tend to be either close together or far apart.
                    const BY_HAND: usize = 16;
                    let near = text[from..].iter().take(BY_HAND).position(|&ch| in_set::<C, H>(program, *set, ch));
                    if near.is_some() {
                        return near;
                    }
                    let rest = text.get(from + BY_HAND..)?;
                    let found = match count {
                        1 => C::find(rest, a),
                        2 => C::find2(rest, a, b),
                        _ => C::find3(rest, a, b, c),
                    };
                    found.map(|i| i + BY_HAND)
                })
            }
            Start::Set { set, few: None } => self.attempts(program, text, host, last, |from| {
                text[from..].iter().position(|&ch| in_set::<C, H>(program, *set, ch))
            }),
        }
    }

    /// Makes an attempt at each place that `find` gives, up to `last`.
    #[inline(always)]
    fn attempts<C: Char, H: Host>(
        &mut self,
        program: &Program,
        text: &[C],
        host: &mut H,
        last: usize,
        find: impl Fn(usize) -> Option<usize>,
    ) -> Result<bool, Error> {
        let first = self.start;
        let mut at = first;
        while at <= last {
            match find(at) {
                Some(i) if at + i <= last => at += i,
                _ => return Ok(false),
            }
            if self.attempt(program, text, host, first, at)? {
                return Ok(true);
            }
            at += 1;
        }
        Ok(false)
    }

    /// Matches at one place, skipping the part that the search has matched already.
    #[inline(always)]
    fn attempt<C: Char, H: Host>(
        &mut self,
        program: &Program,
        text: &[C],
        host: &mut H,
        first: usize,
        at: usize,
    ) -> Result<bool, Error> {
        if at != first {
            self.must_advance = false;
            self.reset();
        }
        self.start = at;
        let (pc, done) = program.after_prefix;
        if program.whole_literal {
            self.ptr = at + done as usize;
            return Ok(true);
        }
        self.run(program, text, host, pc, at + done as usize)
    }
}

impl Window {
    /// The first place of `text` where all places of the window fit: the "shift-and" automaton, a bit of its
    /// state for each place.
    fn find<C: Char>(&self, text: &[C]) -> Option<usize> {
        const CHUNK: usize = 32;
        let goal = 1u8 << (self.len - 1);
        let mut state = 0u8;
        let mut base = 0;
        loop {
            let chunk = &text[base..text.len().min(base + CHUNK)];
            let mut seen = 0u8;
            for (i, ch) in chunk.iter().enumerate() {
                let code = ch.code();
                let fits = if C::NARROW || code < 256 { self.table[code as usize & 0xff] } else { self.high };
                state = ((state << 1) | 1) & fits;
                seen |= state;
                if state & goal != 0 {
                    return Some(base + i + 1 - self.len as usize);
                }
            }
            base += chunk.len();
            if base == text.len() {
                return None;
            }
            // Nothing that could be a first character: the next one may be far.
            if seen == 0
                && let Some((chars, count)) = self.few
            {
                let [a, b, c] = chars.map(|c| C::from_code(c as u32));
                base += match count {
                    1 => C::find(&text[base..], a?),
                    2 => C::find2(&text[base..], a?, b?),
                    _ => C::find3(&text[base..], a?, b?, c?),
                }?;
            }
        }
    }
}

impl Prefix {
    /// First occurrence of the prefix, by Knuth, Morris and Pratt with a fast way to its first character.
    fn find<C: Char>(&self, text: &[C]) -> Option<usize> {
        let first = C::from_code(*self.chars.first()?)?;
        let mut at = 0;
        let mut matched = 0;
        loop {
            if matched == 0 {
                at += C::find(text.get(at..)?, first)? + 1;
                matched = 1;
            }
            let ch = text.get(at)?.code();
            if self.chars[matched] == ch {
                at += 1;
                matched += 1;
                if matched == self.chars.len() {
                    return Some(at - matched);
                }
            } else {
                matched = self.overlap[matched - 1] as usize;
            }
        }
    }
}
