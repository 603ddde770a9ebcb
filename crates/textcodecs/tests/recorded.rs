//! Random input through each codec, compared with what CPython 3.14 did: the result, how much was consumed, and
//! range and reason of each error. The handler of the recording put U+FFFD (or `?`) and went on at the end.
//!
//! `TAIPAN_CODECS_RECORDED` can name another file of the form of `recorded.txt`.

use taipan_textcodecs::escape::BytesError;
use taipan_textcodecs::single::{self, EncodingMap};
use taipan_textcodecs::text::Text;
use taipan_textcodecs::{ByteOrder::*, Char, DecodeError, EncodeError, Output, escape, utf7, utf8, utf16, utf32};

fn words(s: &str) -> Vec<u32> {
    s.split(' ').filter(|w| !w.is_empty()).map(|w| u32::from_str_radix(w, 16).unwrap()).collect()
}

fn bytes(s: &str) -> Vec<u8> {
    (0..s.len()).step_by(2).map(|i| u8::from_str_radix(&s[i..i + 2], 16).unwrap()).collect()
}

/// The code points of a text, which must have the width they need.
fn code_points(text: Text) -> Vec<u32> {
    let points: Vec<u32> = match &text {
        Text::Ucs1(v) => v.iter().map(|&c| c as u32).collect(),
        Text::Ucs2(v) => v.iter().map(|&c| c as u32).collect(),
        Text::Ucs4(v) => v.clone(),
    };
    let highest = points.iter().copied().max().unwrap_or(0);
    let narrowest = match highest {
        0..0x100 => matches!(text, Text::Ucs1(_)),
        0x100..0x10000 => matches!(text, Text::Ucs2(_)),
        _ => matches!(text, Text::Ucs4(_)),
    };
    assert!(narrowest, "{text:?}");
    points
}

/// The two names the recording uses.
fn character(name: &[u8]) -> Option<u32> {
    match name {
        b"DIGIT ONE" => Some(0x31),
        b"LATIN SMALL LETTER A" => Some(0x61),
        _ => None,
    }
}

fn decode<O: Output + Default>(codec: &str, input: &[u8], last: bool, table: &[u32]) -> (O, usize, Vec<DecodeError>) {
    let (mut out, mut at, mut errors) = (O::default(), 0, Vec::new());
    let mut seven = utf7::Decoder::new();
    loop {
        let (at_, out_) = (&mut at, &mut out);
        let result = match codec {
            "utf-8" => utf8::decode(input, at_, last, out_),
            "utf-16-le" => utf16::decode(input, at_, Little, last, out_),
            "utf-16-be" => utf16::decode(input, at_, Big, last, out_),
            "utf-32-le" => utf32::decode(input, at_, Little, last, out_),
            "utf-32-be" => utf32::decode(input, at_, Big, last, out_),
            "utf-7" => seven.decode(input, at_, last, out_),
            "ascii" => single::decode_ascii(input, at_, out_),
            "charmap" => single::decode_table(input, at_, table, out_),
            "unicode_escape" => escape::decode(input, at_, last, character, &mut None, out_),
            "raw_unicode_escape" => escape::decode_raw(input, at_, last, out_),
            _ => panic!("{codec}"),
        };
        match result {
            Ok(()) => return (out, at, errors),
            Err(error) => {
                at = error.end;
                out.push(0xfffd);
                errors.push(error);
            }
        }
    }
}

fn encode<C: Char>(codec: &str, text: &[C], map: &EncodingMap) -> (Vec<u8>, Vec<EncodeError>) {
    let (mut out, mut at, mut errors) = (Vec::new(), 0, Vec::new());
    loop {
        let (at_, out_) = (&mut at, &mut out);
        let result = match codec {
            "utf-8" => utf8::encode(text, at_, out_),
            "utf-16-le" => utf16::encode(text, at_, Little, out_),
            "utf-16-be" => utf16::encode(text, at_, Big, out_),
            "utf-32-le" => utf32::encode(text, at_, Little, out_),
            "utf-32-be" => utf32::encode(text, at_, Big, out_),
            "ascii" => single::encode_ascii(text, at_, out_),
            "latin-1" => single::encode_latin1(text, at_, out_),
            "charmap" => single::encode_map(text, at_, map, out_),
            all => {
                match all {
                    "utf-7" => utf7::encode(text, out_),
                    "unicode_escape" => escape::encode(text, out_),
                    "raw_unicode_escape" => escape::encode_raw(text, out_),
                    _ => panic!("{codec}"),
                }
                Ok(())
            }
        };
        match result {
            Ok(()) => return (out, errors),
            Err(error) => {
                at = error.end;
                let (little, big) = ([b'?', 0, 0, 0], [0, 0, 0, b'?']);
                out.extend_from_slice(match codec {
                    "utf-16-le" => &little[..2],
                    "utf-32-le" => &little,
                    "utf-16-be" => &big[2..],
                    "utf-32-be" => &big,
                    _ => b"?",
                });
                errors.push(error);
            }
        }
    }
}

#[test]
fn agrees_with_the_recording() {
    let path = std::env::var("TAIPAN_CODECS_RECORDED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recorded.txt").into());
    let data = std::fs::read_to_string(path).unwrap();
    let (mut table, mut checked, mut wrong) = (Vec::new(), 0, 0);
    let mut report = |what: &str, line: &str, found: String| {
        wrong += 1;
        if wrong < 20 {
            eprintln!("{what}: {found}\n   of {line}");
        }
    };
    for line in data.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[0] {
            "T" => table = words(fields[1]),
            "7" => {
                for (ch, direct) in fields[1].split(' ').enumerate() {
                    let mut out = Vec::new();
                    utf7::encode(&[ch as u8], &mut out);
                    if (out == [ch as u8]) != (direct == "1") {
                        report("utf-7", line, format!("{ch}"));
                    }
                }
            }
            "D" => {
                let input = bytes(fields[3]);
                let last = fields[2] == "1";
                let (out, consumed, errors) = decode::<Vec<u32>>(fields[1], &input, last, &table);
                let (narrowest, ..) = decode::<Text>(fields[1], &input, last, &table);
                let errors: Vec<String> =
                    errors.iter().map(|e| format!("{},{},{}", e.start, e.end, e.reason)).collect();
                checked += 1;
                if out != words(fields[5])
                    || code_points(narrowest) != out
                    || consumed.to_string() != fields[4]
                    || errors.join(";") != fields[6]
                {
                    report("decode", line, format!("{out:x?} {consumed} {errors:?}"));
                }
            }
            "E" => {
                let text = words(fields[2]);
                let map = EncodingMap::new(&table);
                let mut results = vec![encode(fields[1], &text, &map)];
                if text.iter().all(|&c| c < 0x10000) {
                    let text: Vec<u16> = text.iter().map(|&c| c as u16).collect();
                    results.push(encode(fields[1], &text, &map));
                }
                if text.iter().all(|&c| c < 0x100) {
                    let text: Vec<u8> = text.iter().map(|&c| c as u8).collect();
                    results.push(encode(fields[1], &text, &map));
                }
                for (out, errors) in results {
                    let errors: Vec<String> =
                        errors.iter().map(|e| format!("{},{},{}", e.start, e.end, e.reason)).collect();
                    checked += 1;
                    if out != bytes(fields[3]) || errors.join(";") != fields[4] {
                        report("encode", line, format!("{out:x?} {errors:?}"));
                    }
                }
            }
            "B" => {
                let input = bytes(fields[1]);
                let strict = fields[2] == "strict";
                let (mut out, mut at, mut message) = (Vec::new(), 0, String::new());
                while let Err(error) = escape::decode_bytes(&input, &mut at, &mut None, &mut out) {
                    match error {
                        BytesError::Trailing => message = "Trailing \\ in string".into(),
                        BytesError::InvalidHexadecimal(at) if strict => {
                            message = format!("invalid \\x escape at position {at}");
                        }
                        BytesError::InvalidHexadecimal(_) => {
                            out.push(b'?');
                            continue;
                        }
                    }
                    break;
                }
                if !message.is_empty() {
                    out.clear();
                }
                checked += 1;
                if out != bytes(fields[3]) || message != fields[4] {
                    report("bytes", line, format!("{out:x?} {message}"));
                }
                let mut out = Vec::new();
                escape::encode_bytes(&input, &mut out);
                if out != bytes(fields[5]) {
                    report("bytes", line, format!("{out:x?}"));
                }
            }
            _ => panic!("{line}"),
        }
    }
    eprintln!("{checked} results");
    assert!(checked > 1000);
    assert_eq!(wrong, 0);
}
