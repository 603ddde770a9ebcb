//! Escape sequences in string and bytes literals.

use taipan_bytecode::code::PyStr;

/// Finds the character that `\N{...}` names.
pub type NameLookup<'a> = &'a dyn Fn(&str) -> Option<char>;

/// The first escape sequence of a literal that means nothing (`\d`) or too much (`\777`): the
/// tokenizer's users are warned of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidEscape {
    /// The offset of the backslash in the literal's body.
    pub offset: usize,
    /// How many bytes follow the backslash.
    pub length: usize,
    /// Whether it is an octal escape above `\377`.
    pub octal: bool,
}

impl InvalidEscape {
    /// The text of the `SyntaxWarning`.
    pub fn warning(&self, body: &str) -> String {
        let what = if self.octal { "octal escape" } else { "escape" };
        let sequence = self.sequence(body);
        format!(
            "\"\\{sequence}\" is an invalid {what} sequence. Such sequences will not work in the \
             future. Did you mean \"\\\\{sequence}\"? A raw string is also an option."
        )
    }

    /// The text of the `SyntaxError` that the warning becomes when warnings are errors.
    pub fn error(&self, body: &str) -> String {
        let what = if self.octal { "octal escape" } else { "escape" };
        let sequence = self.sequence(body);
        format!(
            "\"\\{sequence}\" is an invalid {what} sequence. Did you mean \"\\\\{sequence}\"? A raw \
             string is also an option."
        )
    }

    fn sequence<'t>(&self, body: &'t str) -> &'t str {
        let start = self.offset + 1;
        &body[start..start + self.length]
    }
}

/// Looks a character up by name as `unicodedata.lookup` does, in the crate `unicode_names2`.
pub fn character_by_name(name: &str) -> Option<char> {
    let found = unicode_names2::character(name)?;
    // The crate matches loosely: without regard to blanks, underscores and hyphens.
    match unicode_names2::name(found) {
        Some(official) => {
            let squeeze =
                |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect::<String>() };
            let official = official.to_string();
            let alias = !squeeze(&official).eq_ignore_ascii_case(&squeeze(name));
            (alias || official.eq_ignore_ascii_case(name)).then_some(found)
        }
        None => Some(found),
    }
}

/// Appends a code point in generalised UTF-8, surrogates included.
fn push_code_point(out: &mut Vec<u8>, point: u32) {
    match char::from_u32(point) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[
            0xe0 | (point >> 12) as u8,
            0x80 | (point >> 6 & 0x3f) as u8,
            0x80 | (point & 0x3f) as u8,
        ]),
    }
}

/// The value of an octal escape at the start of `digits`, and its length.
fn octal(digits: &[u8]) -> (u32, usize) {
    let length = digits.iter().take(3).take_while(|b| (b'0'..=b'7').contains(*b)).count();
    let value = digits[..length].iter().fold(0, |sum, &b| sum << 3 | u32::from(b - b'0'));
    (value, length)
}

/// Decodes the body of a string literal that is not raw, and appends it to `out` in WTF-8.
///
/// Gives the first invalid escape, or the text of the error of the `unicodeescape` codec.
pub fn decode_str(body: &str, out: &mut Vec<u8>, lookup: NameLookup<'_>) -> Result<Option<InvalidEscape>, String> {
    let bytes = body.as_bytes();
    let mut invalid = None;
    let mut at = 0;
    while let Some(step) = memchr::memchr(b'\\', &bytes[at..]) {
        out.extend_from_slice(&bytes[at..at + step]);
        let backslash = at + step;
        let Some(&kind) = bytes.get(backslash + 1) else {
            return Err(codec_error(body, backslash, bytes.len(), "\\ at end of string"));
        };
        at = backslash + 2;
        match kind {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(kind),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                let (value, length) = octal(&bytes[backslash + 1..]);
                at = backslash + 1 + length;
                if value > 0o377 && invalid.is_none() {
                    invalid = Some(InvalidEscape { offset: backslash, length, octal: true });
                }
                push_code_point(out, value);
            }
            b'x' | b'u' | b'U' => {
                let (count, message) = match kind {
                    b'x' => (2, "truncated \\xXX escape"),
                    b'u' => (4, "truncated \\uXXXX escape"),
                    _ => (8, "truncated \\UXXXXXXXX escape"),
                };
                let digits = bytes[at..].iter().take(count).take_while(|b| b.is_ascii_hexdigit());
                let length = digits.count();
                if length < count {
                    return Err(codec_error(body, backslash, at + length, message));
                }
                let value = u32::from_str_radix(&body[at..at + count], 16).unwrap_or(u32::MAX);
                at += count;
                if value > 0x10_ffff {
                    return Err(codec_error(body, backslash, at, "illegal Unicode character"));
                }
                push_code_point(out, value);
            }
            b'N' => {
                let malformed = "malformed \\N character escape";
                if bytes.get(at) != Some(&b'{') {
                    return Err(codec_error(body, backslash, at, malformed));
                }
                let Some(length) = memchr::memchr(b'}', &bytes[at + 1..]) else {
                    return Err(codec_error(body, backslash, bytes.len(), malformed));
                };
                if length == 0 {
                    return Err(codec_error(body, backslash, at + 1, malformed));
                }
                let name = &body[at + 1..at + 1 + length];
                at += length + 2;
                match lookup(name) {
                    Some(c) => push_code_point(out, c as u32),
                    None => {
                        let message = "unknown Unicode character name";
                        return Err(codec_error(body, backslash, at, message));
                    }
                }
            }
            _ => {
                // Before a character beyond ASCII the tokenizer shields the backslash from the codec.
                if invalid.is_none() && kind.is_ascii() {
                    invalid = Some(InvalidEscape { offset: backslash, length: 1, octal: false });
                }
                out.push(b'\\');
                at = backslash + 1;
            }
        }
        // The byte after a lone backslash is text, even if it is none of the above.
        if at == backslash + 1 {
            let next = body[at..].chars().next().map_or(0, char::len_utf8);
            out.extend_from_slice(&bytes[at..at + next]);
            at += next;
        }
    }
    out.extend_from_slice(&bytes[at..]);
    Ok(invalid)
}

/// The text of a `UnicodeDecodeError` of the `unicodeescape` codec for `body[start..end]`.
///
/// The codec sees every character beyond ASCII written as `\UXXXXXXXX`, and counts accordingly.
fn codec_error(body: &str, start: usize, end: usize, reason: &str) -> String {
    let widen = |upto: usize| -> usize {
        let text = &body[..upto];
        let mut count = 0;
        let mut previous_backslashes = 0;
        for c in text.chars() {
            if c.is_ascii() {
                count += 1;
                previous_backslashes = if c == '\\' { previous_backslashes + 1 } else { 0 };
            } else {
                // A backslash in front is written as `\u005c`.
                count += if previous_backslashes % 2 == 1 { 15 } else { 10 };
                previous_backslashes = 0;
            }
        }
        count
    };
    let (first, last) = (widen(start), widen(end) - 1);
    if first == last {
        format!("'unicodeescape' codec can't decode byte 0x5c in position {first}: {reason}")
    } else {
        format!("'unicodeescape' codec can't decode bytes in position {first}-{last}: {reason}")
    }
}

/// Decodes the body of a bytes literal that is not raw, and appends it to `out`.
///
/// Gives the first invalid escape, or the text of the `ValueError` that CPython's decoder raises.
pub fn decode_bytes(body: &str, out: &mut Vec<u8>) -> Result<Option<InvalidEscape>, String> {
    let bytes = body.as_bytes();
    let mut invalid = None;
    let mut at = 0;
    while let Some(step) = memchr::memchr(b'\\', &bytes[at..]) {
        out.extend_from_slice(&bytes[at..at + step]);
        let backslash = at + step;
        let Some(&kind) = bytes.get(backslash + 1) else {
            return Err("Trailing \\ in string".into());
        };
        at = backslash + 2;
        match kind {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(kind),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                let (value, length) = octal(&bytes[backslash + 1..]);
                at = backslash + 1 + length;
                if value > 0o377 && invalid.is_none() {
                    invalid = Some(InvalidEscape { offset: backslash, length, octal: true });
                }
                out.push(value as u8);
            }
            b'x' => {
                let digits = bytes.get(at..at + 2).filter(|d| d.iter().all(u8::is_ascii_hexdigit));
                if digits.is_none() {
                    return Err(format!("invalid \\x escape at position {backslash}"));
                }
                out.push(u8::from_str_radix(&body[at..at + 2], 16).unwrap_or(0));
                at += 2;
            }
            _ => {
                if invalid.is_none() {
                    invalid = Some(InvalidEscape { offset: backslash, length: 1, octal: false });
                }
                out.extend_from_slice(&[b'\\', kind]);
            }
        }
    }
    out.extend_from_slice(&bytes[at..]);
    Ok(invalid)
}

/// A string of bytes that [`decode_str`] made.
pub fn py_str(wtf8: &[u8]) -> PyStr {
    match std::str::from_utf8(wtf8) {
        Ok(text) => PyStr::new(text),
        Err(_) => PyStr::from_wtf8(wtf8).unwrap_or_else(|| PyStr::new("")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn str_of(body: &str) -> Result<(String, Option<InvalidEscape>), String> {
        let mut out = Vec::new();
        let invalid = decode_str(body, &mut out, &character_by_name)?;
        Ok((format!("{:?}", py_str(&out)), invalid))
    }

    #[test]
    fn good() {
        assert_eq!(
            str_of(
                r"a\x41\u00e9\U0001F600\n\101\
b"
            )
            .unwrap()
            .0,
            "'aAé😀\\nAb'"
        );
        assert_eq!(str_of(r"\N{DIGIT ONE}\N{LATIN SMALL LETTER E WITH ACUTE}").unwrap().0, "'1é'");
        assert_eq!(str_of(r"\ud800").unwrap().0, "'\\ud800'");
    }

    #[test]
    fn invalid() {
        let (text, invalid) = str_of(r"a\d\q").unwrap();
        assert_eq!(text, r"'a\\d\\q'");
        assert_eq!(
            invalid.unwrap().warning(r"a\d\q"),
            "\"\\d\" is an invalid escape sequence. Such sequences will not work in the future. \
             Did you mean \"\\\\d\"? A raw string is also an option."
        );
        assert_eq!(str_of("\\é").unwrap(), ("'\\\\é'".to_string(), None));
        let error = str_of(r"é\x4").unwrap_err();
        assert_eq!(error, "'unicodeescape' codec can't decode bytes in position 10-12: truncated \\xXX escape");
        let mut out = Vec::new();
        let error = decode_bytes(r"ab\xg", &mut out).unwrap_err();
        assert_eq!(error, "invalid \\x escape at position 2");
    }
}
