//! Times the codecs on a megabyte of text of each kind: `cargo run --release -p taipan-textcodecs --example measure`.
//!
//! Decoded text goes to a string of the narrowest width, as Python keeps it.

use std::hint::black_box;
use std::time::Instant;

use taipan_textcodecs::text::Text;
use taipan_textcodecs::{ByteOrder, escape, single, utf7, utf8, utf16};

fn time(what: &str, mut f: impl FnMut() -> usize) {
    let mut best = f64::MAX;
    for _ in 0..12 {
        let start = Instant::now();
        black_box(f());
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{what:28} {:9.1} us", best * 1e6);
}

fn main() {
    let repeat = |s: &str, n: usize| s.repeat(n / s.len() + 1);
    let texts = [
        ("ascii", repeat("The quick brown fox jumps over the lazy dog.\n", 1 << 20)),
        ("latin", repeat("Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich. ", 1 << 20)),
        ("cyrillic", repeat("Съешь же ещё этих мягких французских булок, да выпей чаю. ", 1 << 20)),
        ("emoji", repeat("a😀bc é ж ", 1 << 20)),
    ];
    for (name, text) in &texts {
        let wide: Vec<u32> = text.chars().map(|c| c as u32).collect();
        let middle: Option<Vec<u16>> = wide.iter().map(|&c| u16::try_from(c).ok()).collect();
        let narrow: Option<Vec<u8>> = wide.iter().map(|&c| u8::try_from(c).ok()).collect();
        time(&format!("{name} utf-8 decode"), || {
            let mut out = Text::with_capacity(text.len());
            utf8::decode(black_box(text.as_bytes()), &mut 0, true, &mut out).map_or(1, |_| 0)
        });
        macro_rules! encoders {
            ($text:expr) => {{
                let text = $text;
                time(&format!("{name} utf-8 encode"), || {
                    let mut out = Vec::with_capacity(text.len());
                    utf8::encode(black_box(text), &mut 0, &mut out).map_or(1, |_| out.len())
                });
                time(&format!("{name} utf-16 encode"), || {
                    let mut out = Vec::new();
                    utf16::encode(black_box(text), &mut 0, ByteOrder::Little, &mut out).map_or(1, |_| out.len())
                });
                time(&format!("{name} utf-7 encode"), || {
                    let mut out = Vec::new();
                    utf7::encode(black_box(text), &mut out);
                    out.len()
                });
                time(&format!("{name} unicode_escape encode"), || {
                    let mut out = Vec::new();
                    escape::encode(black_box(text), &mut out);
                    out.len()
                });
                time(&format!("{name} latin-1 encode"), || {
                    let mut out = Vec::new();
                    single::encode_latin1(black_box(text), &mut 0, &mut out).map_or(1, |_| out.len())
                });
            }};
        }
        match (&narrow, &middle) {
            (Some(text), _) => encoders!(&text[..]),
            (_, Some(text)) => encoders!(&text[..]),
            _ => encoders!(&wide[..]),
        }
        let (mut units, mut escaped) = (Vec::new(), Vec::new());
        let _ = utf16::encode(&wide, &mut 0, ByteOrder::Little, &mut units);
        escape::encode(&wide, &mut escaped);
        time(&format!("{name} utf-16 decode"), || {
            let mut out = Text::with_capacity(text.len());
            utf16::decode(black_box(&units), &mut 0, ByteOrder::Little, true, &mut out).map_or(1, |_| 0)
        });
        time(&format!("{name} unicode_escape decode"), || {
            let mut out = Text::with_capacity(text.len());
            escape::decode(black_box(&escaped), &mut 0, true, |_| None, &mut None, &mut out).map_or(1, |_| 0)
        });
    }
}
