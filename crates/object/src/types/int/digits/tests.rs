use super::super::{BASE, MASK};
use super::{big, div, mul, radix, *};
use dashu_int::{IBig, UBig};

/// Reproducible noise.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// Normalized digits, some of them extreme.
    fn digits(&mut self, max_len: u64) -> Vec<u32> {
        let n = self.below(max_len + 1) as usize;
        let mut d: Vec<u32> = (0..n)
            .map(|_| match self.below(5) {
                0 => 0,
                1 => MASK,
                2 => BASE / 2,
                _ => self.next() as u32 & MASK,
            })
            .collect();
        d.truncate(normalized(&d).len());
        d
    }
}

fn number(d: &[u32]) -> UBig {
    d.iter().rev().fold(UBig::ZERO, |v, &x| (v << 30usize) + UBig::from(x))
}

#[test]
fn to_big_and_back() {
    let mut noise = Noise(1);
    for _ in 0..500 {
        let d = noise.digits(200);
        assert_eq!(big::to_big(&d), number(&d));
        assert_eq!(big::to_digits(&big::to_big(&d)), d);
    }
}

#[test]
fn sums_and_differences() {
    let mut noise = Noise(2);
    for _ in 0..2000 {
        let (a, b) = (noise.digits(30), noise.digits(30));
        let mut out = vec![7; a.len().max(b.len()) + 1];
        add(&a, &b, &mut out);
        assert_eq!(number(&out), number(&a) + number(&b));
        let (a, b) = if cmp(&a, &b).is_ge() { (a, b) } else { (b, a) };
        let mut out = vec![7; a.len()];
        sub(&a, &b, &mut out);
        assert_eq!(number(&out), number(&a) - number(&b));
    }
}

#[test]
fn products() {
    let mut noise = Noise(3);
    for i in 0..1500u64 {
        let (la, lb) = match i % 5 {
            0 => (3, 3),
            1 => (40, 40),
            2 => (400, 20),
            3 => (90, 90),
            _ => (600, 300),
        };
        let (a, b) = (noise.digits(la), noise.digits(lb));
        let mut out = vec![7; a.len() + b.len()];
        mul::mul(&a, &b, &mut out);
        assert_eq!(number(&out), number(&a) * number(&b), "{} by {} digits", a.len(), b.len());
        mul::mul(&a, &a, &mut vec![7; 2 * a.len()]);
    }
    // The largest digits everywhere, around the places where the method changes.
    for n in [1, 2, 3, 39, 40, 41, 79, 80, 81, 82, 159, 160, 161] {
        for m in [1, 2, 3, 79, 80, 81, 161] {
            let (a, b) = (vec![MASK; n], vec![MASK; m]);
            let mut out = vec![7; n + m];
            mul::mul(&a, &b, &mut out);
            assert_eq!(number(&out), number(&a) * number(&b), "{n} by {m} digits");
        }
    }
}

#[test]
fn long_products() {
    // Long enough to be split, balanced and not.
    let mut noise = Noise(11);
    let mut long = |n: usize| -> Vec<u32> { (0..n).map(|_| noise.next() as u32 & MASK | 1).collect() };
    for (n, m) in [(9000, 9000), (20_000, 9001), (18_001, 17_999)] {
        let (a, b) = (long(n), long(m));
        let mut out = vec![7; n + m];
        mul::mul(&a, &b, &mut out);
        assert_eq!(big::to_big(&out), big::to_big(&a) * big::to_big(&b));
        let mut out = vec![7; 2 * n];
        mul::mul(&a, &a, &mut out);
        assert_eq!(big::to_big(&out), big::to_big(&a).sqr());
    }
}

#[test]
fn powers() {
    for (base, n) in [(3u32, 1usize), (3, 200), (10, 77), (48, 500), (MASK, 40), (7, 12_345)] {
        assert_eq!(big::to_big(&big::pow(&[base], n)), UBig::from(base).pow(n), "{base} ** {n}");
    }
    let m = [12345, 678, 9];
    let r = big::pow_mod(&[MASK, 5], &[77, 1], &m);
    let (mut x, b) = (UBig::ONE, big::to_big(&[MASK, 5]));
    for i in (0..31).rev() {
        x = x.sqr() % big::to_big(&m);
        if (77u64 + (1 << 30)) >> i & 1 != 0 {
            x = x * &b % big::to_big(&m);
        }
    }
    assert_eq!(big::to_big(&r), x);
    let inverse = big::inverse(&[MASK, 5], &m).map(|i| big::to_big(&i) * &b % big::to_big(&m));
    assert_eq!(inverse, Some(UBig::ONE));
    assert_eq!(big::inverse(&[6], &[9]), None);
}

#[test]
fn quotients() {
    let mut noise = Noise(4);
    for i in 0..3000u64 {
        let (la, lb) = if i % 20 == 0 { (400, 200) } else { (30, 12) };
        let (a, b) = (noise.digits(la), noise.digits(lb));
        if b.is_empty() || a.len() < b.len() {
            continue;
        }
        let (mut q, mut r) = (vec![7; a.len() - b.len() + 1], vec![7; b.len()]);
        div::div_rem(&a, &b, &mut q, &mut r);
        assert!(cmp(normalized(&r), &b).is_lt());
        assert_eq!(number(&q) * number(&b) + number(&r), number(&a));
    }
    // Where the estimate of a quotient digit is too large.
    let a = [0, 0, 0, BASE / 2, MASK, BASE / 2];
    for b in [[1, 0, BASE / 2], [MASK, MASK, BASE / 2], [0, MASK, BASE / 2], [MASK, 0, 1]] {
        let (mut q, mut r) = (vec![7; 4], vec![7; 3]);
        div::div_rem(&a, &b, &mut q, &mut r);
        assert_eq!(number(&q) * number(&b) + number(&r), number(&a));
        assert!(number(&r) < number(&b));
    }
}

#[test]
fn shifts() {
    let mut noise = Noise(5);
    for _ in 0..2000 {
        let a = noise.digits(12);
        let bits = noise.below(130);
        let mut out = vec![7; shl_len(&a, bits) as usize];
        shl(&a, bits, &mut out);
        assert_eq!(number(&out), number(&a) << bits as usize);
        let mut back = vec![7; shr_len(&out, bits)];
        assert!(!shr(&out, bits, &mut back));
        assert_eq!(normalized(&back), a);
        let mut out = vec![7; shr_len(&a, bits)];
        let lost = shr(&a, bits, &mut out);
        assert_eq!(number(&out), number(&a) >> bits as usize);
        assert_eq!(lost, (number(&out) << bits as usize) != number(&a));
    }
}

#[test]
fn two_complement_bitwise() {
    let mut noise = Noise(6);
    let signed = |negative: bool, d: &[u32]| {
        let v = IBig::from(number(d));
        if negative { -v } else { v }
    };
    for _ in 0..3000 {
        let (a, b) = (noise.digits(8), noise.digits(8));
        let (na, nb) = (!a.is_empty() && noise.below(2) == 0, !b.is_empty() && noise.below(2) == 0);
        let (x, y) = (signed(na, &a), signed(nb, &b));
        let mut out = vec![7; a.len().max(b.len()) + 1];
        let n = bitwise((na, &a), (nb, &b), &mut out, |x, y| x & y);
        assert_eq!(signed(n, &out), &x & &y);
        let n = bitwise((na, &a), (nb, &b), &mut out, |x, y| x | y);
        assert_eq!(signed(n, &out), &x | &y);
        let n = bitwise((na, &a), (nb, &b), &mut out, |x, y| x ^ y);
        assert_eq!(signed(n, &out), &x ^ &y);
    }
}

#[test]
fn bytes_both_ways() {
    let mut noise = Noise(7);
    for _ in 0..2000 {
        let d = noise.digits(9);
        let negative = !d.is_empty() && noise.below(2) == 0;
        let mut out = vec![0; (bit_length(&d) / 8) as usize + 1];
        assert!(to_le_bytes(negative, &d, &mut out, true));
        let mut back = vec![7; from_le_bytes_len(out.len())];
        assert_eq!(from_le_bytes(&out, true, &mut back), negative);
        assert_eq!(normalized(&back), d);
    }
    // Boundaries: what just fits a byte.
    let fits = |v: i64, n: usize, signed: bool| {
        let (d, len) = from_u64(v.unsigned_abs());
        to_le_bytes(v < 0, &d[..len], &mut vec![0; n], signed)
    };
    assert!(fits(127, 1, true) && !fits(128, 1, true) && fits(-128, 1, true) && !fits(-129, 1, true));
    assert!(fits(255, 1, false) && !fits(256, 1, false) && fits(0, 0, false) && fits(0, 0, true));
    assert!(!fits(1, 0, true) && !fits(-1, 0, true) && fits(-32768, 2, true) && !fits(-32769, 2, true));
}

#[test]
fn texts() {
    let mut noise = Noise(8);
    for i in 0..600 {
        let d = noise.digits(if i % 10 == 0 { 300 } else { 50 });
        let v = number(&d);
        for base in [2, 3, 7, 8, 10, 16, 32, 36] {
            let mut out = Vec::new();
            radix::to_radix(&d, base, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), v.in_radix(base as u8).to_string());
            let parsed = radix::parse(&out, base);
            assert_eq!(normalized(&parsed), d, "base {base}");
        }
    }
    let mut out = Vec::new();
    radix::to_decimal(&[], &mut out);
    assert_eq!(out, b"0");
    let mut buf = [0; 20];
    let at = radix::write_u64(u64::MAX, &mut buf);
    assert_eq!(&buf[at..], b"18446744073709551615");
}

/// The nearest float by Rust's own exact reading of the decimal text.
fn nearest(d: &[u32]) -> f64 {
    number(d).to_string().parse().unwrap_or(f64::NAN)
}

#[test]
fn floats() {
    let mut noise = Noise(9);
    for _ in 0..3000 {
        let d = noise.digits(36);
        let expected = nearest(&d);
        assert_eq!(to_f64(&d), expected.is_finite().then_some(expected));
        if !d.is_empty() && expected.is_finite() {
            let (m, e) = frexp(&d);
            assert!((0.5..1.0).contains(&m));
            assert_eq!(ieee::compose((m * 9_007_199_254_740_992.0) as u64, e as i64 - 53), expected);
            // Comparison is exact: with the float itself, and with its neighbours.
            for f in [expected, f64::from_bits(expected.to_bits() + 1), f64::from_bits(expected.to_bits() - 1)] {
                if f.is_finite() {
                    let exact: UBig = format!("{:.0}", f.trunc()).parse().unwrap_or(UBig::ZERO);
                    let order = number(&d).cmp(&exact);
                    let order = if order.is_eq() && f.fract() != 0.0 { Ordering::Less } else { order };
                    assert_eq!(cmp_f64(&d, f), order, "{f:e}");
                }
            }
        }
    }
    // Ties go to even; 2**53 + 1 lies between two floats.
    let (d, n) = from_u64((1 << 53) + 1);
    assert_eq!(to_f64(&d[..n]), Some(9_007_199_254_740_992.0));
    assert_eq!(cmp_f64(&d[..n], 9_007_199_254_740_992.0), Ordering::Greater);
    let (d, n) = from_u64((1 << 53) + 3);
    assert_eq!(to_f64(&d[..n]), Some(9_007_199_254_740_996.0));
    // Below one.
    assert_eq!(cmp_f64(&[], 0.5), Ordering::Less);
    assert_eq!(cmp_f64(&[1], 0.5), Ordering::Greater);
    assert_eq!(cmp_f64(&[1], 1.5), Ordering::Less);
    assert_eq!(cmp_f64(&[], 5e-324), Ordering::Less);
}

#[test]
fn true_division_is_rounded_once() {
    let mut noise = Noise(10);
    for i in 0..2000 {
        let (la, lb) = if i % 2 == 0 { (8, 8) } else { (45, 45) };
        let (a, b) = (noise.digits(la), noise.digits(lb));
        if b.is_empty() {
            continue;
        }
        // As a decimal fraction with far more places than a float has, and a mark if that is cut off.
        let scale = UBig::from(10u32).pow(900);
        let scaled = number(&a) * scale;
        let (q, r) = (&scaled / number(&b), &scaled % number(&b));
        let text = format!("{q}{}e-901", if r == UBig::ZERO { 0 } else { 1 });
        let expected: f64 = text.parse().unwrap_or(f64::NAN);
        assert_eq!(div::to_f64(&a, &b), expected.is_finite().then_some(expected), "{a:?} / {b:?}");
    }
}

#[test]
fn hashes() {
    // Recorded: hash(10**30), hash(2**61 - 1), hash(2**100 + 12345).
    let h = |text: &str| hash(&radix::parse(text.as_bytes(), 10));
    assert_eq!(h("1000000000000000000000000000000"), 465_258_685_558_744_706);
    assert_eq!(h("2305843009213693951"), 0);
    assert_eq!(h("1267650600228229401496703217721"), 549_755_826_233);
}

#[test]
fn numbers_of_a_hundred_thousand_places() {
    // Recorded with CPython 3.14 for a = 3**200000, b = 7**50000, c = 5**100000 + 12345.
    let (a, b, mut c) = (big::pow(&[3], 200_000), big::pow(&[7], 50_000), big::pow(&[5], 100_000));
    add_small(&mut c, 12_345);
    let product = |x: &[u32], y: &[u32]| {
        let mut out = vec![7; x.len() + y.len()];
        mul::mul(x, y, &mut out);
        out.truncate(normalized(&out).len());
        out
    };
    let quotient = |x: &[u32], y: &[u32]| {
        let (mut q, mut r) = (vec![7; x.len() - y.len() + 1], vec![7; y.len()]);
        div::div_rem(x, y, &mut q, &mut r);
        (hash(&q), hash(&r))
    };
    assert_eq!(hash(&product(&a, &c)), 656_146_292_068_336_481);
    assert_eq!(quotient(&a, &b), (218_750_385_930_922_434, 567_537_561_826_930_215));
    assert_eq!(quotient(&product(&a, &c), &product(&b, &b)), (418_825_871_767_812_154, 1_498_878_414_921_233_142));
    let sum = |text: &[u8]| text.iter().map(|&c| radix::char_value(c) as u64).sum::<u64>();
    let mut text = Vec::new();
    radix::to_decimal(&a, &mut text);
    assert_eq!((text.len(), sum(&text)), (95_425, 428_994));
    assert_eq!(normalized(&radix::parse(&text, 10)), a);
    text.clear();
    radix::to_decimal(&c, &mut text);
    assert_eq!(sum(&text), 313_336);
    text.clear();
    radix::to_power_of_two(&a, 4, &mut text);
    assert_eq!(sum(&text), 595_371);
    assert_eq!(normalized(&radix::parse(&text, 16)), a);
    assert_eq!(hash(&big::isqrt(&a)), 33_761_449_967_175_896);
    assert_eq!(hash(&big::gcd(&product(&a, &b), &product(&product(&c, &b), &[9]))), 1_195_687_942_711_385_632);
    let low = |x: &[u32], bits: usize| -> Vec<u32> {
        let mut d = x[..bits.div_ceil(30)].to_vec();
        let last = d.len() - 1;
        d[last] &= (1 << (bits - last * 30)) - 1;
        d.truncate(normalized(&d).len());
        d
    };
    let mut m = low(&c, 1500);
    m[0] |= 1;
    assert_eq!(hash(&big::pow_mod(&low(&a, 2000), &low(&b, 300), &m)), 570_053_943_899_557_208);
    assert_eq!(big::inverse(&low(&a, 2000), &m).map(|d| hash(&d)), Some(1_344_377_823_427_059_538));
}
