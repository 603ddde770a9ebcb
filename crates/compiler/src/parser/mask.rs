//! Sources that are valid but that the fast parser does not know: made acceptable to it.

use super::tokenizer::{TokenKind, Tokenizer, TokenizerOptions};

/// A copy of a source, of the same length, in which what the fast parser may not know is replaced:
/// names in `\N{...}`, which it has from another version of Unicode, the operator `<>`, and the
/// f-strings and t-strings at `strings`, which stand in patterns.
///
/// The values of literals are read from the original.
pub(super) fn mask(text: &str, strings: &[(usize, usize)]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut tokenizer = Tokenizer::new(text, TokenizerOptions::default());
    let mut less = None;
    loop {
        let token = tokenizer.next_token();
        let Some((start, end)) = token.range else {
            match token.kind {
                TokenKind::ENDMARKER | TokenKind::ERRORTOKEN => break,
                _ => continue,
            }
        };
        match token.kind {
            TokenKind::GREATER if less == Some(start) => {
                bytes[start - 1..end].copy_from_slice(b"!=");
            }
            TokenKind::STRING | TokenKind::FSTRING_MIDDLE | TokenKind::TSTRING_MIDDLE => {
                mask_names(&mut bytes[start..end]);
            }
            _ => {}
        }
        less = (token.kind == TokenKind::LESS).then_some(end);
    }
    for &(start, end) in strings {
        bytes[start..end].fill(b'x');
        bytes[start] = b'"';
        bytes[end - 1] = b'"';
    }
    // Only whole characters were replaced, and by ASCII.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_string())
}

fn mask_names(literal: &mut [u8]) {
    let mut at = 0;
    while let Some(step) = memchr::memchr(b'\\', &literal[at..]) {
        at += step;
        if literal[at..].starts_with(b"\\N{")
            && let Some(length) = memchr::memchr(b'}', &literal[at..])
        {
            literal[at..=at + length].fill(b'x');
        }
        at = (at + 2).min(literal.len());
    }
}
