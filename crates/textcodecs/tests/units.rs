//! What random recordings do not reach.

use taipan_textcodecs::escape::InvalidEscape;
use taipan_textcodecs::{ByteOrder, ascii_prefix, escape, single, utf7, utf8, utf16, utf32};

#[test]
fn ascii_prefix_is_exact_at_every_length_and_place() {
    for len in 0..80 {
        let mut bytes = vec![b'a'; len];
        assert_eq!(ascii_prefix(&bytes), len);
        for at in 0..len {
            bytes[at] = 0x80 | at as u8;
            assert_eq!(ascii_prefix(&bytes), at, "{len}");
            if at + 1 < len {
                bytes[at + 1] = 0xff;
                assert_eq!(ascii_prefix(&bytes), at, "{len}");
                bytes[at + 1] = b'a';
            }
            bytes[at] = b'a';
        }
    }
}

#[test]
fn the_first_invalid_escape_is_reported() {
    let run = |input: &[u8]| {
        let (mut invalid, mut out, mut at) = (None, Vec::new(), 0);
        escape::decode(input, &mut at, true, |_| None, &mut invalid, &mut out).unwrap();
        (invalid, out)
    };
    assert_eq!(run(b"a\\n\\z\\y").0, Some(InvalidEscape { position: 4, octal: None }));
    assert_eq!(run(b"\\377\\400"), (Some(InvalidEscape { position: 5, octal: Some(0o400) }), vec![0xff, 0x100]));
    assert_eq!(run(b"\\\\z\\\n!"), (None, vec![92, 122, 33]));
}

#[test]
fn byte_order_marks() {
    assert_eq!(utf16::byte_order_mark(b"\xff\xfe"), Some(ByteOrder::Little));
    assert_eq!(utf16::byte_order_mark(b"\xfe\xffa"), Some(ByteOrder::Big));
    assert_eq!(utf16::byte_order_mark(b"\xff"), None);
    assert_eq!(utf32::byte_order_mark(b"\xff\xfe\0\0"), Some(ByteOrder::Little));
    assert_eq!(utf32::byte_order_mark(b"\0\0\xfe\xff"), Some(ByteOrder::Big));
    assert_eq!(utf32::byte_order_mark(b"\xff\xfe\0"), None);
}

/// Feeding a text in two pieces, the rest of the first before the second, gives what the whole gives.
#[test]
fn pieces_decode_like_the_whole() {
    let text: Vec<u32> = "aé€😀+-~ж b\\z".chars().map(u32::from).collect();
    type Codec = (fn(&[u32], &mut Vec<u8>), fn(&[u8], &mut usize, bool, &mut Vec<u32>));
    let codecs: [Codec; 6] = [
        (|t, o| utf8::encode(t, &mut 0, o).unwrap(), |i, a, l, o| utf8::decode(i, a, l, o).unwrap()),
        (
            |t, o| utf16::encode(t, &mut 0, ByteOrder::Big, o).unwrap(),
            |i, a, l, o| utf16::decode(i, a, ByteOrder::Big, l, o).unwrap(),
        ),
        (
            |t, o| utf32::encode(t, &mut 0, ByteOrder::Little, o).unwrap(),
            |i, a, l, o| utf32::decode(i, a, ByteOrder::Little, l, o).unwrap(),
        ),
        (|t, o| utf7::encode(t, o), |i, a, l, o| utf7::Decoder::new().decode(i, a, l, o).unwrap()),
        (|t, o| escape::encode(t, o), |i, a, l, o| escape::decode(i, a, l, |_| None, &mut None, o).unwrap()),
        (|t, o| escape::encode_raw(&t[..t.len() - 2], o), |i, a, l, o| escape::decode_raw(i, a, l, o).unwrap()),
    ];
    for (number, (encode, decode)) in codecs.into_iter().enumerate() {
        let mut bytes = Vec::new();
        encode(&text, &mut bytes);
        let whole = if number == 5 { &text[..text.len() - 2] } else { &text[..] };
        for cut in 0..=bytes.len() {
            let (mut out, mut at) = (Vec::new(), 0);
            decode(&bytes[..cut], &mut at, false, &mut out);
            assert!(at <= cut);
            let rest = &bytes[at..];
            let mut at = 0;
            decode(rest, &mut at, true, &mut out);
            assert_eq!(at, rest.len());
            assert_eq!(out, whole, "codec {number}, cut at {cut}");
        }
    }
}

#[test]
fn tables_map_both_ways() {
    let table = ['a', '\u{fffe}', 'b', 'a', '\u{10ffff}'].map(|c| c as u32);
    let map = single::EncodingMap::new(&table);
    assert_eq!(map.get('a' as u32), Some(3), "the last byte for a character counts");
    assert_eq!(map.get(0x10ffff), Some(4));
    assert_eq!((map.get(0xfffe), map.get('z' as u32), map.get(u32::MAX)), (None, None, None));
    let (mut out, mut at) = (Vec::new(), 0);
    let error = single::decode_table(&[0, 2, 1], &mut at, &table, &mut out).unwrap_err();
    assert_eq!((error.start, error.end, at), (2, 3, 2));
    let error = single::decode_table(&[9], &mut 0, &table, &mut out).unwrap_err();
    assert_eq!(error.reason, "character maps to <undefined>");
}

#[test]
fn positions_outside_of_the_input_are_harmless() {
    let mut out = Vec::new();
    utf8::decode(b"a", &mut 5, true, &mut out).unwrap();
    utf16::decode(b"a", &mut 5, ByteOrder::Big, true, &mut out).unwrap();
    utf32::decode(b"a", &mut 5, ByteOrder::Big, true, &mut out).unwrap();
    utf7::Decoder::new().decode(b"a", &mut 5, true, &mut out).unwrap();
    single::decode_ascii(b"a", &mut 5, &mut out).unwrap();
    escape::decode(b"a", &mut 5, true, |_| None, &mut None, &mut out).unwrap();
    escape::decode_raw(b"a", &mut 5, true, &mut out).unwrap();
    let mut bytes = Vec::new();
    utf8::encode(b"a", &mut 5, &mut bytes).unwrap();
    single::encode_ascii(b"a", &mut 5, &mut bytes).unwrap();
    assert!(out.is_empty() && bytes.is_empty());
}

/// An error at each byte must not make decoding quadratic.
#[test]
fn many_errors_take_linear_time() {
    for input in [vec![0xff; 1 << 20], [b"abc\xff".repeat(1 << 17), vec![b'x'; 1 << 20]].concat()] {
        let (mut out, mut at, mut errors) = (Vec::new(), 0, 0);
        while let Err(error) = utf8::decode(&input, &mut at, true, &mut out) {
            at = error.end;
            errors += 1;
        }
        assert_eq!(errors, input.iter().filter(|&&b| b == 0xff).count());
        assert_eq!(out.len() + errors, input.len());
    }
}
