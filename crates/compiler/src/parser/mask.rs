//! Sources that are valid but that the fast parser does not know: made acceptable to it.

use super::tokenizer::{TokenKind, Tokenizer, TokenizerOptions};

/// A source that the fast parser accepts.
pub(super) struct Masked<'t> {
    pub text: String,
    /// Where it has a name that stands for a `raise` without an exception, or for a soft keyword that
    /// is an expression by itself, and for which.
    pub words: Vec<(usize, &'t str)>,
}

/// A copy of a source, of the same length, in which what the fast parser may not know is replaced:
/// names in `\N{...}`, which it has from another version of Unicode, the operator `<>`, `raise`
/// and soft keywords in front of a semicolon, and the f-strings and t-strings at `strings`, which stand in patterns.
///
/// The values of literals are read from the original.
pub(super) fn mask<'t>(text: &'t str, strings: &[(usize, usize)]) -> Masked<'t> {
    let mut bytes = text.as_bytes().to_vec();
    let mut tokenizer = Tokenizer::new(text, TokenizerOptions::default());
    let (mut less, mut word) = (None, None);
    let mut after_semicolon = false;
    let mut words = Vec::new();
    let mut rename = |bytes: &mut Vec<u8>, start: usize, word: &'t str| {
        bytes[start] = b'X';
        words.push((start, word));
    };
    loop {
        let token = tokenizer.next_token();
        let Some((start, end)) = token.range else {
            match token.kind {
                TokenKind::ENDMARKER | TokenKind::ERRORTOKEN => break,
                _ => continue,
            }
        };
        match token.kind {
            // Ruff wants more of a statement here.
            TokenKind::SEMI => {
                if let Some((start, word)) = word {
                    rename(&mut bytes, start, word);
                }
            }
            // After a semicolon there is no statement with a block.
            TokenKind::NAME if after_semicolon && tokenizer.token_text(&token) == "match" => {
                rename(&mut bytes, start, "match");
            }
            TokenKind::GREATER if less == Some(start) => {
                bytes[start - 1..end].copy_from_slice(b"!=");
            }
            TokenKind::STRING | TokenKind::FSTRING_MIDDLE | TokenKind::TSTRING_MIDDLE => {
                mask_names(&mut bytes[start..end]);
            }
            _ => {}
        }
        less = (token.kind == TokenKind::LESS).then_some(end);
        after_semicolon = token.kind == TokenKind::SEMI;
        word = match tokenizer.token_text(&token) {
            word @ ("raise" | "match" | "type") => Some((start, word)),
            _ => None,
        };
    }
    for &(start, end) in strings {
        bytes[start..end].fill(b'x');
        bytes[start] = b'"';
        bytes[end - 1] = b'"';
    }
    // Only whole characters were replaced, and by ASCII.
    let masked = String::from_utf8(bytes).unwrap_or_else(|_| text.to_string());
    Masked { text: masked, words }
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
