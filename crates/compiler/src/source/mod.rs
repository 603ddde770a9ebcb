//! From the bytes of a source file to the text that the tokenizer reads: byte order mark, coding
//! cookie (PEP 263), newlines, and the way from byte offsets to lines and columns.

mod cookie;
mod lines;

use std::borrow::Cow;

pub use lines::{LineIndex, LineIndexCursor};

use crate::error::{CompileError, CompileResult, ErrorKind};
use cookie::{Encoding, find_cookie};

/// Decodes source text in an encoding that this module does not know: takes the encoding's name as
/// the cookie has it and the bytes, gives the text, or the text of the error that the codec raised.
pub type Decoder<'a> = &'a mut dyn FnMut(&str, &[u8]) -> Result<String, String>;

/// What a source consists of once decoded.
#[derive(Debug)]
pub struct SourceText<'a> {
    /// The text, its line ends all `\n`.
    pub text: Cow<'a, str>,
    /// The encoding that the source names, as the tokenizer reports it.
    pub encoding: Option<String>,
}

/// Turns `\r\n` and a lone `\r` into `\n`, as the tokenizer does before it decodes.
pub fn translate_newlines(source: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr(b'\r', source) else {
        return Cow::Borrowed(source);
    };
    let mut out = Vec::with_capacity(source.len());
    let (mut rest, mut next) = (source, first);
    loop {
        out.extend_from_slice(&rest[..next]);
        out.push(b'\n');
        rest = &rest[next + 1..];
        if rest.first() == Some(&b'\n') {
            rest = &rest[1..];
        }
        match memchr::memchr(b'\r', rest) {
            Some(at) => next = at,
            None => break,
        }
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// Decodes a source.
///
/// `ignore_cookie` is for sources that were text to begin with. `file` is the name that messages
/// mention when the source is read from a file rather than from memory; `decoder` stands in for the
/// codecs that are not built in.
///
/// Raises `SyntaxError` for null bytes, for undecodable bytes and for an unknown or contradictory
/// encoding.
pub fn decode_source<'a>(
    source: &'a [u8],
    ignore_cookie: bool,
    file: Option<&str>,
    decoder: Option<Decoder<'_>>,
) -> CompileResult<SourceText<'a>> {
    if memchr::memchr(0, source).is_some() {
        let message = match file {
            Some(_) => "source code cannot contain null bytes",
            None => "source code string cannot contain null bytes",
        };
        return Err(CompileError::new(ErrorKind::SyntaxError, message));
    }
    let translated = translate_newlines(source);
    if ignore_cookie {
        return Ok(SourceText { text: utf8(translated, file)?, encoding: Some("utf-8".into()) });
    }
    let (body, has_bom) = match translated {
        Cow::Borrowed(bytes) => match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => (Cow::Borrowed(rest), true),
            None => (Cow::Borrowed(bytes), false),
        },
        Cow::Owned(mut bytes) => {
            let has_bom = bytes.starts_with(b"\xef\xbb\xbf");
            if has_bom {
                bytes.drain(..3);
            }
            (Cow::Owned(bytes), has_bom)
        }
    };
    let Some(cookie) = find_cookie(&body) else {
        let encoding = has_bom.then(|| "utf-8".to_string());
        return Ok(SourceText { text: utf8(body, file)?, encoding });
    };
    if has_bom && cookie.name != "utf-8" {
        let line = body.split(|&byte| byte == b'\n').nth(cookie.line - 1).unwrap_or_default();
        let text = String::from_utf8_lossy(line).into_owned();
        let mut error =
            CompileError::new(ErrorKind::SyntaxError, format!("encoding problem: {} with BOM", cookie.name));
        error.lineno = Some(cookie.line as i32);
        error.end_lineno = error.lineno;
        error.col_offset = Some(0);
        // The second line is looked at with its newline.
        error.end_col_offset = Some((text.chars().count() + cookie.line - 1) as i32);
        error.text = Some(text);
        return Err(error);
    }
    let text = match Encoding::lookup(&cookie.name) {
        Encoding::DefaultUtf8 => utf8(body, file)?,
        Encoding::Utf8 => match body {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes)
                .map(Cow::Borrowed)
                .map_err(|error| codec_error(utf8_codec_message(bytes, error)))?,
            Cow::Owned(bytes) => String::from_utf8(bytes)
                .map(Cow::Owned)
                .map_err(|error| codec_error(utf8_codec_message(error.as_bytes(), error.utf8_error())))?,
        },
        Encoding::Latin1 => Cow::Owned(body.iter().map(|&byte| byte as char).collect()),
        Encoding::Ascii => match body.iter().position(|byte| !byte.is_ascii()) {
            Some(at) => {
                return Err(codec_error(format!(
                    "'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in \
                     range(128)",
                    body[at]
                )));
            }
            None => utf8(body, file)?,
        },
        Encoding::Other => match decoder {
            Some(decode) => Cow::Owned(decode(&cookie.name, &body).map_err(codec_error)?),
            None => return Err(codec_error(format!("unknown encoding: {}", cookie.name))),
        },
    };
    // A codec may give back carriage returns or null characters that the bytes did not show.
    if text.contains('\0') {
        return Err(CompileError::new(ErrorKind::SyntaxError, "source code cannot contain null bytes"));
    }
    Ok(SourceText { text, encoding: Some(cookie.name) })
}

/// What CPython reports for an error of a codec: no line, and the odd column -1.
fn codec_error(message: String) -> CompileError {
    let mut error = CompileError::new(ErrorKind::SyntaxError, message);
    error.lineno = Some(0);
    error.col_offset = Some(-1);
    error
}

/// Checks bytes for which no encoding was declared.
fn utf8<'a>(bytes: Cow<'a, [u8]>, file: Option<&str>) -> CompileResult<Cow<'a, str>> {
    match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes)
            .map(Cow::Borrowed)
            .map_err(|error| non_utf8_error(bytes, error.valid_up_to(), file)),
        Cow::Owned(bytes) => String::from_utf8(bytes)
            .map(Cow::Owned)
            .map_err(|error| non_utf8_error(error.as_bytes(), error.utf8_error().valid_up_to(), file)),
    }
}

fn non_utf8_error(bytes: &[u8], at: usize, file: Option<&str>) -> CompileError {
    let line_start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
    let line_end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
    let lineno = memchr::memchr_iter(b'\n', &bytes[..at]).count() as i32 + 1;
    let of_file = file.map(|name| format!(" in file {name}")).unwrap_or_default();
    let mut error = CompileError::new(
        ErrorKind::SyntaxError,
        format!(
            "Non-UTF-8 code starting with '\\x{:02x}'{of_file} on line {lineno}, but no encoding \
             declared; see https://peps.python.org/pep-0263/ for details",
            bytes[at]
        ),
    );
    // The column is that of the bad byte, shown as one replacement character.
    let column = String::from_utf8_lossy(&bytes[line_start..at]).chars().count() as i32 + 1;
    error.lineno = Some(lineno);
    error.end_lineno = Some(lineno);
    error.col_offset = Some(column);
    error.end_col_offset = Some(column);
    error.text = Some(String::from_utf8_lossy(&bytes[line_start..line_end]).into_owned());
    error
}

/// The text of the `UnicodeDecodeError` that the `utf-8` codec raises.
pub fn utf8_codec_message(bytes: &[u8], error: std::str::Utf8Error) -> String {
    let start = error.valid_up_to();
    let (length, reason) = match error.error_len() {
        // The codec sees the source with a newline at its end.
        None => (bytes.len() - start, "invalid continuation byte"),
        Some(length) => match bytes[start] {
            0xc2..=0xf4 => (length, "invalid continuation byte"),
            _ => (length, "invalid start byte"),
        },
    };
    if length == 1 {
        let byte = bytes[start];
        format!("'utf-8' codec can't decode byte 0x{byte:02x} in position {start}: {reason}")
    } else {
        let last = start + length - 1;
        format!("'utf-8' codec can't decode bytes in position {start}-{last}: {reason}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(source: &[u8]) -> CompileResult<String> {
        decode_source(source, false, None, None).map(|source| source.text.into_owned())
    }

    #[test]
    fn newlines() {
        assert_eq!(&*translate_newlines(b"a\r\nb\rc\n\r\r\nd"), b"a\nb\nc\n\n\nd");
    }

    #[test]
    fn cookies() {
        assert_eq!(decode(b"# -*- coding: latin-1 -*-\n'\xe9'").unwrap().chars().last(), Some('\''));
        assert_eq!(decode(b"# coding: foo\nx").unwrap_err().message, "unknown encoding: foo");
        assert_eq!(decode(b"\n# coding: foo\nx").unwrap_err().message, "unknown encoding: foo");
        assert!(decode(b"x\n# coding: foo\nx").is_ok());
        assert!(decode(b"\\\n# coding: foo\n").is_ok());
        let error = decode(b"\xef\xbb\xbf# coding: latin-1\nx").unwrap_err();
        assert_eq!(error.message, "encoding problem: iso-8859-1 with BOM");
        assert_eq!((error.col_offset, error.end_col_offset), (Some(0), Some(17)));
    }

    #[test]
    fn undecodable() {
        let error = decode(b"x=1\ny=2\n\n'abc\xffdef\n").unwrap_err();
        assert_eq!((error.lineno, error.col_offset), (Some(4), Some(5)));
        assert_eq!(error.text.as_deref(), Some("'abc\u{fffd}def"));
        let error = decode(b"# coding: utf8\nx\n\n'\xe9'").unwrap_err();
        assert_eq!(error.message, "'utf-8' codec can't decode byte 0xe9 in position 19: invalid continuation byte");
    }
}
