//! The coding cookie of PEP 263.

/// A cookie that was found.
pub(super) struct Cookie {
    /// The encoding's name; common spellings of `utf-8` and `iso-8859-1` are made one.
    pub name: String,
    /// The line it stands in, 1 or 2.
    pub line: usize,
}

/// How a source is decoded.
pub(super) enum Encoding {
    /// `utf-8` in its normal spelling: errors are reported as for sources without a cookie.
    DefaultUtf8,
    /// UTF-8 by another name, which goes through the codec.
    Utf8,
    Latin1,
    Ascii,
    Other,
}

impl Encoding {
    /// The encoding that a normalised cookie names.
    pub fn lookup(name: &str) -> Encoding {
        if name == "utf-8" {
            return Encoding::DefaultUtf8;
        }
        // As `encodings.normalize_encoding`: one underscore for each run of other characters.
        let words = name.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let name = words.join("_").to_ascii_lowercase();
        match name.as_str() {
            "utf8" | "utf_8" | "u8" | "utf" | "utf8_ucs2" | "utf8_ucs4" | "cp65001" => Encoding::Utf8,
            "latin1" | "latin_1" | "latin" | "l1" | "iso_8859_1" | "iso8859_1" | "8859" | "iso8859" | "cp819" => {
                Encoding::Latin1
            }
            "ascii" | "us_ascii" | "646" | "us" | "iso646_us" => Encoding::Ascii,
            _ => Encoding::Other,
        }
    }
}

/// Looks for a cookie in the first two lines; the second counts only if the first is blank or a
/// comment. A line must end in a newline or with the source.
pub(super) fn find_cookie(source: &[u8]) -> Option<Cookie> {
    let mut lines = source.split(|&byte| byte == b'\n');
    for number in 1..=2 {
        let line = lines.next()?;
        let content = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'));
        match content.map(|at| &line[at..]) {
            Some(comment @ [b'#', ..]) => {
                if let Some(name) = cookie_in_comment(comment) {
                    return Some(Cookie { name: normalize(name), line: number });
                }
            }
            Some(_) => return None,
            None => {}
        }
    }
    None
}

fn cookie_in_comment(comment: &[u8]) -> Option<&[u8]> {
    for at in memchr::memmem::find_iter(comment, b"coding") {
        let rest = &comment[at + b"coding".len()..];
        let Some(b':' | b'=') = rest.first() else {
            continue;
        };
        let rest = rest[1..].trim_ascii_start_tabs();
        let length = rest
            .iter()
            .position(|&byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')))
            .unwrap_or(rest.len());
        if length > 0 {
            return Some(&rest[..length]);
        }
    }
    None
}

trait TrimTabs {
    fn trim_ascii_start_tabs(&self) -> &[u8];
}

impl TrimTabs for [u8] {
    /// Without leading spaces and tabs, the only blanks that may follow `coding:`.
    fn trim_ascii_start_tabs(&self) -> &[u8] {
        let start = self.iter().position(|byte| !matches!(byte, b' ' | b'\t'));
        &self[start.unwrap_or(self.len())..]
    }
}

/// Makes the usual spellings of the two commonest encodings one; looks at twelve letters only, as
/// CPython does.
fn normalize(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name).into_owned();
    let start: String = name.chars().take(12).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    let is = |known: &str| start.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    if is("utf-8") {
        "utf-8".into()
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        "iso-8859-1".into()
    } else {
        name
    }
}
