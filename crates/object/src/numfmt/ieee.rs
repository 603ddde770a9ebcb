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
