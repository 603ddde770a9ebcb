use super::layout::{Marks, Parts};
use super::spec::{FormatSpec, Grouping, SpecError};
use super::{float_text, ieee, layout, parse};
use crate::types::float::{hex, round};

/// Recorded with CPython 3.14: code, precision, flags, bits, text.
const FLOATS: &str = include_str!("recorded_floats.txt");
/// Recorded with CPython 3.14: `f` or `i`, specification, value, `format(value, specification)`.
const SPECS: &str = include_str!("recorded_specs.txt");
/// Recorded with CPython 3.14: value, places, `round(value, places)`.
const ROUNDING: &str = include_str!("recorded_rounding.txt");

struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

fn text(v: f64, code: u8, precision: usize, flags: u32) -> String {
    let mut out = Vec::new();
    float_text::write(v, code, precision, flags, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

#[test]
fn recorded_texts_of_floats() {
    let mut n = 0;
    for line in FLOATS.lines() {
        let mut fields = line.split(' ');
        let mut field = || fields.next().unwrap_or_default();
        let (code, precision, flags) = (field(), field(), field());
        let v = f64::from_bits(u64::from_str_radix(field(), 16).unwrap_or(0));
        let shown = text(
            v,
            code.as_bytes()[0],
            precision.parse().unwrap_or(0),
            if code == "r" { 2 } else { flags.parse().unwrap_or(0) },
        );
        assert_eq!(shown, field(), "{line}");
        n += 1;
    }
    assert!(n > 500);
}

#[test]
fn shortest_text_reads_back() {
    let mut noise = Noise(1);
    for _ in 0..20_000 {
        let v = f64::from_bits(noise.next());
        if v.is_finite() {
            assert_eq!(parse::parse(float_text::repr(v).as_bytes()), Some(v));
            // 17 digits identify every float too.
            assert_eq!(text(v, b'e', 16, 0).parse(), Ok(v));
        }
    }
    assert_eq!(float_text::repr(0.1), "0.1");
    assert_eq!(float_text::repr(1e22), "1e+22");
    assert_eq!(float_text::repr(-0.0), "-0.0");
    // Halfway between two shortest texts: the even one.
    assert_eq!(float_text::repr(900_719_925_474_099.25), "900719925474099.2");
    assert_eq!(float_text::repr(5e-324), "5e-324");
    assert_eq!(float_text::repr(2f64.powi(89)), "6.189700196426902e+26");
}

#[test]
fn large_precision() {
    assert_eq!(text(1.5, b'f', 5000, 0).len(), 5002);
    assert_eq!(text(f64::MAX, b'f', 1100, 0).len(), 309 + 1 + 1100);
    assert_eq!(text(5e-324, b'e', 3000, 0).len(), 1 + 1 + 3000 + 5);
    assert!(text(5e-324, b'g', 3000, 0).ends_with("e-324"));
    assert_eq!(text(5e-324, b'f', 1074, 0).trim_end_matches('0').len(), 1076);
}

#[test]
fn literals() {
    for (s, v) in [
        ("1_0.0_1e1_0", Some(10.01e10)),
        ("1.", Some(1.0)),
        (".5", Some(0.5)),
        ("+1e5", Some(1e5)),
        ("-inf", Some(f64::NEG_INFINITY)),
        ("InFiNiTy", Some(f64::INFINITY)),
        ("1e400", Some(f64::INFINITY)),
        ("1e-400", Some(0.0)),
        ("1e99999999999999999999", Some(f64::INFINITY)),
        ("0e99999999999999999999", Some(0.0)),
        ("", None),
        (".", None),
        ("1__0", None),
        ("_1", None),
        ("1_", None),
        ("1_.0", None),
        ("1e", None),
        ("1e+", None),
        ("e5", None),
        ("0x1", None),
        ("1 ", None),
        ("infin", None),
        ("+-1", None),
        ("++1", None),
    ] {
        assert_eq!(parse::parse(s.as_bytes()), v, "{s}");
    }
    assert!(parse::parse(b"-nan").is_some_and(|v| v.is_nan() && v.is_sign_negative()));
    // Many digits: zeros that the exponent takes back, and a tie broken by the last one.
    let zeros = format!("0.{}1e5001", "0".repeat(5000));
    assert_eq!(parse::parse(zeros.as_bytes()), Some(1.0));
    let tie = format!("9007199254740993.{}1", "0".repeat(900));
    assert_eq!(parse::parse(tie.as_bytes()), Some(9_007_199_254_740_994.0));
}

#[test]
fn composing() {
    let mut noise = Noise(2);
    for _ in 0..20_000 {
        let v = f64::from_bits(noise.next() & !(1 << 63));
        if v.is_finite() {
            let (m, e) = ieee::decompose(v);
            assert_eq!(ieee::compose(m, e), v);
        }
        // Rounding of 64 bits as the processor does it.
        let m = noise.next() >> (noise.next() % 64);
        assert_eq!(ieee::compose(m, 0), m as f64);
    }
    assert_eq!(ieee::compose(1, -1075), 0.0);
    assert_eq!(ieee::compose(3, -1075), 1e-323);
    assert_eq!(ieee::compose(u64::MAX, -1074 - 64), 5e-324);
    assert_eq!(ieee::compose(u64::MAX, 960), f64::INFINITY);
    assert_eq!(ieee::compose(1, 5000), f64::INFINITY);
}

#[test]
fn half_precision() {
    for bits in 0..=u16::MAX {
        let v = ieee::from_f16(bits);
        assert_eq!(ieee::to_f16(v), Some(bits), "{v}");
    }
    assert_eq!(ieee::to_f16(65519.0), Some(0x7bff));
    assert_eq!(ieee::to_f16(65520.0), None);
    assert_eq!(ieee::to_f16(2f64.powi(-25)), Some(0));
    assert_eq!(ieee::to_f16(1.5 * 2f64.powi(-25)), Some(1));
    assert_eq!(ieee::to_f16(5e-324), Some(0));
}

#[test]
fn hexadecimal() {
    let mut noise = Noise(3);
    for _ in 0..10_000 {
        let v = f64::from_bits(noise.next());
        if v.is_finite() {
            let back = hex::from_hex(hex::to_hex(v).as_bytes());
            assert_eq!(back.map(f64::to_bits), Ok(v.to_bits()));
        }
    }
    assert_eq!(hex::to_hex(1.5), "0x1.8000000000000p+0");
    assert_eq!(hex::to_hex(5e-324), "0x0.0000000000001p-1022");
    assert_eq!(hex::from_hex(b"0x.8p1"), Ok(1.0));
    assert_eq!(hex::from_hex(b"10"), Ok(16.0));
    assert_eq!(hex::from_hex(b"-0x1P-1074"), Ok(-5e-324));
    assert_eq!(hex::from_hex(b"0x1p-1075"), Ok(0.0));
    assert_eq!(hex::from_hex(b"0x1.00000000000000000001p-1075"), Ok(5e-324));
    assert_eq!(hex::from_hex(b"0x1.fffffffffffff7p1023"), Ok(f64::MAX));
    assert_eq!(hex::from_hex(b"0x1.fffffffffffff8p1023"), Err(hex::HexError::Overflow));
    assert_eq!(hex::from_hex(b"0x1p99999999999999999999999"), Err(hex::HexError::Overflow));
    assert_eq!(hex::from_hex(b"0x0p99999999999999999999999"), Ok(0.0));
    for bad in ["", "0x", ".", "0x.p1", "1p", "1p+", "0x1g", "1 1", "infi"] {
        assert_eq!(hex::from_hex(bad.as_bytes()), Err(hex::HexError::Invalid), "{bad}");
    }
}

#[test]
fn recorded_rounding() {
    for line in ROUNDING.lines() {
        let mut fields = line.split(' ');
        let mut field = || fields.next().unwrap_or_default();
        let v = hex::from_hex(field().as_bytes()).unwrap_or(f64::NAN);
        let places: i64 = field().parse().unwrap_or(0);
        let expected = hex::from_hex(field().as_bytes()).unwrap_or(f64::NAN);
        assert_eq!(round::to_places(v, places), expected, "{line}");
        assert_eq!(round::to_places(-v, places), -expected, "{line}");
    }
}

fn ascii_decimal(c: u32) -> Option<u8> {
    char::from_u32(c)?.to_digit(10).map(|d| d as u8)
}

fn parse_spec(s: &str, kind: u8) -> Result<FormatSpec, SpecError> {
    let chars: Vec<u32> = s.chars().map(|c| c as u32).collect();
    FormatSpec::parse(&chars, kind, b'>', ascii_decimal)
}

/// What [`super::object`] does, without objects.
fn format_number(kind: &str, spec: &str, value: &str) -> String {
    let parsed = parse_spec(spec, if kind == "i" { b'd' } else { 0 });
    let Ok(spec) = parsed else { panic!("{spec}: {parsed:?}") };
    let mut flags = if spec.alternate { float_text::ALT } else { 0 };
    let mut body = Vec::new();
    let mut prefix = "";
    if kind == "i" {
        let v: i64 = value.parse().unwrap_or(0);
        if v < 0 {
            body.push(b'-');
        }
        let m = v.unsigned_abs();
        let (shown, p) = match spec.kind as u8 {
            b'b' => (format!("{m:b}"), "0b"),
            b'o' => (format!("{m:o}"), "0o"),
            b'x' => (format!("{m:x}"), "0x"),
            b'X' => (format!("{m:X}"), "0X"),
            _ => (format!("{m}"), ""),
        };
        body.extend_from_slice(shown.as_bytes());
        if spec.alternate {
            prefix = p;
        }
    } else {
        let mut v = parse::parse(value.as_bytes()).unwrap_or(f64::NAN);
        if spec.no_negative_zero {
            flags |= float_text::NO_NEG_0;
        }
        let mut precision = spec.precision.unwrap_or(6);
        let code = match spec.kind as u8 {
            0 => {
                flags |= float_text::ADD_DOT_0;
                precision = spec.precision.unwrap_or(0);
                if spec.precision.is_some() { b'g' } else { b'r' }
            }
            b'%' => {
                v *= 100.0;
                b'f'
            }
            c => c,
        };
        float_text::write(v, code, precision, flags, &mut body);
        if spec.kind == '%' as u32 {
            body.push(b'%');
        }
    }
    let body = String::from_utf8(body).unwrap_or_default();
    let parts = match kind {
        "i" => {
            Parts { negative: body.starts_with('-'), prefix, whole: body.trim_start_matches('-'), ..Parts::default() }
        }
        _ => Parts::of_float(&body),
    };
    let shown: String =
        layout::characters(&spec, &Marks::of(&spec), &parts).into_iter().filter_map(char::from_u32).collect();
    if let Some(plain) = layout::plain(&spec, &parts) {
        assert_eq!(String::from_utf8_lossy(&plain), shown);
    }
    shown
}

#[test]
fn recorded_specifications() {
    for line in SPECS.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [kind, spec, value, expected] = fields[..] else { panic!("{line}") };
        assert_eq!(format_number(kind, spec, value), expected, "{line}");
    }
}

#[test]
fn specifications() {
    let spec = parse_spec("€^+z#012_.3,f", 0).ok();
    assert_eq!(
        spec,
        Some(FormatSpec {
            fill: '€' as u32,
            align: b'^',
            sign: b'+',
            no_negative_zero: true,
            alternate: true,
            width: Some(12),
            grouping: Grouping::Underscore,
            fraction_grouping: Grouping::Comma,
            precision: Some(3),
            kind: 'f' as u32,
        })
    );
    for (s, e) in [
        ("d5", SpecError::Invalid),
        (".", SpecError::MissingPrecision),
        ("_,d", SpecError::CommaAndUnderscore),
        (",_d", SpecError::CommaAndUnderscore),
        (".,_", SpecError::CommaAndUnderscore),
        (",,d", SpecError::Invalid),
        (",x", SpecError::CannotGroup(',', 'x' as u32)),
        ("_n", SpecError::CannotGroup('_', 'n' as u32)),
        (".,n", SpecError::CannotGroup(',', 'n' as u32)),
        ("99999999999999999999d", SpecError::TooManyDigits),
        (".99999999999999999999f", SpecError::TooManyDigits),
    ] {
        assert_eq!(parse_spec(s, b'd'), Err(e), "{s}");
    }
    let message = SpecError::CannotGroup(',', 0x1234).message("", "int");
    assert_eq!(message, "Cannot specify ',' with '\\x1234'.");
    let message = SpecError::Invalid.message("d5", "int");
    assert_eq!(message, "Invalid format specifier 'd5' for object of type 'int'");
}
