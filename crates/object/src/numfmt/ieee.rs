//! Floats put together from integers.

/// `mantissa * 2**exponent` rounded to the nearest float, ties to even; infinity if it is too large. To round right, a
/// mantissa that was cut off has its lowest bit set if anything was lost, and at least 56 bits.
pub fn compose(mantissa: u64, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let zeros = mantissa.leading_zeros();
    let m = mantissa << zeros;
    // Exponent of the leading bit.
    let top = exponent - zeros as i64 + 63;
    if top > 1023 {
        return f64::INFINITY;
    }
    let keep = if top >= -1022 { 53 } else { 53 - (-1022 - top) };
    if keep < 0 {
        return 0.0;
    }
    let drop = 64 - keep as u32;
    let (mut q, rest, half) =
        if drop == 64 { (0, m, 1 << 63) } else { (m >> drop, m & ((1 << drop) - 1), 1u64 << (drop - 1)) };
    if rest > half || (rest == half && q & 1 != 0) {
        q += 1;
    }
    // A carry out of the mantissa runs into the exponent, which is what it should do.
    f64::from_bits(if top >= -1022 { (((top + 1023) as u64) << 52) + (q - (1 << 52)) } else { q })
}

/// Mantissa and exponent of a finite float: `v == m * 2**e`, the sign apart.
pub fn decompose(v: f64) -> (u64, i64) {
    let bits = v.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match bits >> 52 & 0x7ff {
        0 => (fraction, -1074),
        e => (fraction | 1 << 52, e as i64 - 1075),
    }
}

/// The value of a half-precision float's bits.
pub fn from_f16(bits: u16) -> f64 {
    let sign = if bits & 0x8000 != 0 { -1.0 } else { 1.0 };
    let fraction = (bits & 0x3ff) as u64;
    match bits >> 10 & 0x1f {
        0 => sign * compose(fraction, -24),
        // The payload of a NaN is kept.
        0x1f => f64::from_bits((bits as u64 & 0x8000) << 48 | 0x7ff << 52 | fraction << 42),
        e => sign * compose(fraction | 0x400, e as i64 - 25),
    }
}

/// The bits of the nearest half-precision float, ties to even; `None` if it is too large.
pub fn to_f16(v: f64) -> Option<u16> {
    let bits = v.to_bits();
    let sign = (bits >> 48 & 0x8000) as u16;
    if v.is_nan() {
        let payload = (bits >> 42 & 0x3ff) as u16;
        return Some(sign | 0x7c00 | if payload == 0 { 0x200 } else { payload });
    }
    if v.is_infinite() {
        return Some(sign | 0x7c00);
    }
    let (m, e) = decompose(v);
    if m == 0 {
        return Some(sign);
    }
    let top = e + 63 - m.leading_zeros() as i64;
    if top > 15 {
        return None;
    }
    let shift = top.max(-14) - 10 - e;
    let q = match shift {
        64.. => 0,
        shift => {
            // Doubles have at least 42 bits more than fit, so something is always cut off.
            let (q, rest, half) = (m >> shift, m & ((1 << shift) - 1), 1 << (shift - 1));
            q + (rest > half || (rest == half && q & 1 != 0)) as u64
        }
    };
    let out = if top >= -14 { ((top + 15) as u64) * 1024 + q - 1024 } else { q };
    (out < 0x7c00).then_some(sign | out as u16)
}
