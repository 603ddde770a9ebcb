//! Every property of every code point, against digests of what CPython 3.14 says.

use std::collections::HashMap;

use taipan_unicode::case::*;
use taipan_unicode::*;

fn crc(mut crc: u32, bytes: &[u8]) -> u32 {
    crc = !crc;
    for &b in bytes {
        crc ^= b as u32;
        for _ in 0..8 {
            crc = crc >> 1 ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

/// UTF-8, surrogates included.
fn utf8(chars: &[u32], out: &mut Vec<u8>) {
    for &c in chars {
        match char::from_u32(c) {
            Some(c) => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            None => out.extend([0xe0 | (c >> 12) as u8, 0x80 | (c >> 6 & 63) as u8, 0x80 | (c & 63) as u8]),
        }
    }
}

fn recorded() -> HashMap<&'static str, &'static str> {
    include_str!("recorded.txt").lines().filter_map(|l| l.split_once(' ')).collect()
}

struct Check {
    recorded: HashMap<&'static str, &'static str>,
    wrong: Vec<String>,
    count: usize,
}

impl Check {
    fn new() -> Check {
        Check { recorded: recorded(), wrong: Vec::new(), count: 0 }
    }

    fn digest(&mut self, label: &str, f: impl Fn(u32, &mut Vec<u8>)) {
        let mut sum = 0;
        for start in (0..0x110000).step_by(0x1000) {
            let mut text = Vec::new();
            for c in start..start + 0x1000 {
                if c > start {
                    text.push(b'\n');
                }
                f(c, &mut text);
            }
            sum = crc(sum, &text);
        }
        self.compare(label, &format!("{sum:08x}"));
    }

    fn compare(&mut self, label: &str, found: &str) {
        self.count += 1;
        if self.recorded.get(label) != Some(&found) {
            self.wrong.push(format!("{label}: {found}, recorded {:?}", self.recorded.get(label)));
        }
    }

    fn chars(&mut self, label: &str, f: impl Fn(u32) -> Vec<u32>) {
        self.digest(label, |c, out| utf8(&f(c), out));
    }

    fn text<T: std::fmt::Display>(&mut self, label: &str, f: impl Fn(u32) -> T) {
        self.digest(label, |c, out| out.extend(f(c).to_string().into_bytes()));
    }

    fn flag(&mut self, label: &str, f: impl Fn(u32) -> bool) {
        self.digest(label, |c, out| out.push(b'0' + f(c) as u8));
    }

    fn done(self) {
        assert!(self.wrong.is_empty(), "{:#?}", self.wrong);
        assert!(self.count > 0);
    }
}

/// `str.lower`, with the final-sigma rule.
fn lower(text: &[u32]) -> Vec<u32> {
    let one = |(i, &c): (usize, &u32)| match c {
        CAPITAL_SIGMA => vec![lower_sigma(text.len(), i, |i| text[i])],
        c => to_lower(c).to_vec(),
    };
    text.iter().enumerate().flat_map(one).collect()
}

#[test]
fn character_properties() {
    let mut check = Check::new();
    check.flag("is_alpha", is_alpha);
    check.flag("is_decimal", is_decimal);
    check.flag("is_digit", is_digit);
    check.flag("is_numeric", is_numeric);
    check.flag("is_lower", is_lower);
    check.flag("is_upper", is_upper);
    check.flag("is_space", is_space);
    check.flag("is_printable", is_printable);
    check.flag("is_alnum", is_alnum);
    check.flag("is_title", is_title);
    check.flag("is_linebreak", is_linebreak);
    check.flag("is_cased", is_cased);
    check.digest("identifier", |c, out| {
        out.push(b'0' + (is_xid_start(c) || c == '_' as u32) as u8);
        out.push(b'0' + is_xid_continue(c) as u8);
    });
    check.done();
}

#[test]
fn case_mappings() {
    let mut check = Check::new();
    let (a, big_a, sigma) = ('a' as u32, 'A' as u32, CAPITAL_SIGMA);
    check.chars("final_sigma", |c| {
        [lower(&[c, sigma]), lower(&[big_a, c, sigma]), lower(&[big_a, sigma, c, a])].concat()
    });
    check.chars("to_lower", |c| lower(&[c]));
    check.chars("to_upper", |c| to_upper(c).to_vec());
    check.chars("to_title", |c| to_title(c).to_vec());
    check.chars("to_fold", |c| to_folded(c).to_vec());
    check.chars("simple_lower", |c| vec![simple_lower(c)]);
    check.flag("iscased", |c| simple_lower(c) != c || simple_upper(c) != c);
    check.done();
}

const VERSIONS: [(&str, Version); 2] = [("", Version::Current), ("old_", Version::V3_2_0)];

#[test]
fn database() {
    let mut check = Check::new();
    let dash = |v: Option<u8>| v.map_or("-".into(), |v| v.to_string());
    for (label, version) in VERSIONS {
        let named = |name: &str| format!("{label}{name}");
        check.text(&named("category"), |c| version.category(c));
        check.text(&named("bidirectional"), |c| version.bidirectional(c));
        check.text(&named("combining"), |c| version.combining(c));
        check.text(&named("mirrored"), |c| version.mirrored(c) as u8);
        check.text(&named("east_asian_width"), |c| version.east_asian_width(c));
        check.text(&named("decomposition"), |c| version.decomposition(c).map_or("".into(), |d| d.to_string()));
        check.text(&named("decimal"), |c| dash(version.decimal(c)));
        check.text(&named("digit"), |c| dash(version.digit(c)));
        check.text(&named("numeric"), |c| format!("{:016x}", version.numeric(c).unwrap_or(-9.0).to_bits()));
        check.text(&named("name"), |c| version.name(c).unwrap_or("-".into()));
    }
    check.done();
}

#[test]
fn names_are_found_again() {
    for version in [Version::Current, Version::V3_2_0] {
        let mut count = 0;
        for c in 0..0x110000 {
            if let Some(name) = version.name(c) {
                count += 1;
                assert_eq!(version.lookup(&name), Some(Found::Character(c)), "{name}");
                if c % 7 == 0 {
                    assert_eq!(version.lookup(&name.to_lowercase()), Some(Found::Character(c)), "{name}");
                    assert_eq!(version.lookup(&format!("{name} X")), None);
                }
            }
        }
        assert!(count > 90_000);
    }
    let current = Version::Current;
    assert_eq!(current.lookup("latin small letter gha"), Some(Found::Alias(0x1a3)));
    assert_eq!(current.lookup("NULL"), Some(Found::Alias(0)));
    assert_eq!(current.lookup("KEYCAP DIGIT ONE"), Some(Found::Sequence(&[0x31, 0xfe0f, 0x20e3])));
    assert_eq!(current.lookup("TANGUT IDEOGRAPH-17000"), Some(Found::Character(0x17000)));
    for none in [
        "",
        "A",
        "LATIN",
        "CJK UNIFIED IDEOGRAPH-04E00",
        "CJK UNIFIED IDEOGRAPH-",
        "HANGUL SYLLABLE ",
        "HANGUL SYLLABLE AX",
    ] {
        assert_eq!(current.lookup(none), None, "{none}");
    }
    for none in ["NULL", "KEYCAP DIGIT ONE", "LATIN SMALL LETTER GHA"] {
        assert_eq!(Version::V3_2_0.lookup(none), None, "{none}");
    }
}

/// The same strings as the recording's, from a small generator.
fn random_strings() -> Vec<Vec<u32>> {
    let interesting = |c: &u32| {
        let v = Version::Current;
        v.combining(*c) != 0 || v.decomposition(*c).is_some() && !(0xac00..0xd7a4).contains(c)
    };
    let mut pool: Vec<u32> = (0..0x110000).filter(|c| !(0xd800..0xe000).contains(c)).filter(interesting).collect();
    pool.extend((0x1100..0x1113).chain(0x1161..0x1176).chain(0x11a7..0x11c3).chain(0xac00..0xac40));
    for _ in 0..4 {
        pool.extend(0x41..0x7b);
    }
    for _ in 0..4 {
        pool.extend(0x300..0x345);
    }
    let mut state = 12345u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        state >> 33
    };
    (0..20000).map(|_| (0..next() & 15).map(|_| pool[(next() % pool.len() as u64) as usize]).collect()).collect()
}

#[test]
fn normalisation() {
    let mut check = Check::new();
    let strings = random_strings();
    for (label, version) in VERSIONS {
        for name in ["NFC", "NFKC", "NFD", "NFKD"] {
            let form = Form::from_name(name).unwrap();
            check.chars(&format!("{label}{name}"), |c| version.normalize(form, [c]));
            let (mut sum, mut good) = (0, 0);
            for s in &strings {
                let mut text = Vec::new();
                utf8(&version.normalize(form, s.iter().copied()), &mut text);
                sum = crc(sum, &text);
                good += version.is_normalized(form, s.iter().copied()) as u32;
            }
            check.compare(&format!("{label}random_{name}"), &format!("{sum:08x}{good:06x}"));
        }
    }
    check.done();
}

#[test]
fn values_beyond_unicode_have_no_property() {
    for c in [0x110000, 0x7fff_ffff, u32::MAX] {
        assert!(!is_alnum(c) && !is_printable(c) && !is_space(c));
        assert_eq!(to_lower(c).as_slice(), [c]);
        assert_eq!(Version::Current.category(c), "Cn");
        assert_eq!(Version::Current.name(c), None);
        assert_eq!(Version::Current.normalize(Form::Nfkc, [c]), [c]);
    }
}
