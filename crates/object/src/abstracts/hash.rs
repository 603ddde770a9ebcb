//! Hashes that equal CPython's for the same PYTHONHASHSEED: SipHash-1-3 of bytes and strings, pointers, numbers.

use crate::PyObject;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Bits of the Mersenne prime that numeric hashes are reduced by (`PyHASH_BITS`).
pub const HASH_BITS: u32 = 61;
/// The prime itself.
pub const HASH_MODULUS: u64 = (1 << HASH_BITS) - 1;
/// Hash of infinity.
pub const HASH_INF: isize = 314_159;
/// Multiplier of a complex number's imaginary part.
pub const HASH_IMAG: u64 = 1_000_003;

static K0: AtomicU64 = AtomicU64::new(0);
static K1: AtomicU64 = AtomicU64::new(0);

/// Sets the process's hash secret as CPython derives it: from `seed` with its linear congruential generator (0: all
/// zero), or from the system's randomness.
pub fn init_secret(seed: Option<u32>) {
    let mut secret = [0u8; 24];
    match seed {
        Some(0) => {}
        Some(seed) => {
            let mut x = seed;
            for byte in &mut secret {
                x = x.wrapping_mul(214_013).wrapping_add(2_531_011);
                *byte = (x >> 16) as u8;
            }
        }
        None => {
            // SAFETY: the buffer is as long as said. A failure leaves zeros, which is a valid secret.
            unsafe { libc::getrandom(secret.as_mut_ptr().cast(), secret.len(), 0) };
        }
    }
    let word = |i: usize| u64::from_le_bytes(core::array::from_fn(|k| secret[i + k]));
    K0.store(word(0), Relaxed);
    K1.store(word(8), Relaxed);
}

#[inline(always)]
fn rounds(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[2] = v[2].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].rotate_left(32);
    v[2] = v[2].wrapping_add(v[1]);
    v[0] = v[0].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].rotate_left(32);
}

/// SipHash-1-3 with an explicit key.
pub fn siphash13(k0: u64, k1: u64, data: &[u8]) -> u64 {
    let mut v = [
        k0 ^ 0x736f_6d65_7073_6575,
        k1 ^ 0x646f_7261_6e64_6f6d,
        k0 ^ 0x6c79_6765_6e65_7261,
        k1 ^ 0x7465_6462_7974_6573,
    ];
    let (words, rest) = data.as_chunks::<8>();
    for word in words {
        let m = u64::from_le_bytes(*word);
        v[3] ^= m;
        rounds(&mut v);
        v[0] ^= m;
    }
    let mut last = (data.len() as u64) << 56;
    for (i, &b) in rest.iter().enumerate() {
        last |= (b as u64) << (8 * i);
    }
    v[3] ^= last;
    rounds(&mut v);
    v[0] ^= last;
    v[2] ^= 0xff;
    rounds(&mut v);
    rounds(&mut v);
    rounds(&mut v);
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

/// Hash of a byte string, the memory of a str's characters included (`Py_HashBuffer`); never -1.
#[inline]
pub fn hash_bytes(data: &[u8]) -> isize {
    if data.is_empty() {
        return 0;
    }
    let h = siphash13(K0.load(Relaxed), K1.load(Relaxed), data) as isize;
    if h == -1 { -2 } else { h }
}

/// Hash by identity (`Py_HashPointer`).
#[inline]
pub fn pointer_hash(obj: &PyObject) -> isize {
    let h = obj.id().rotate_right(4) as isize;
    if h == -1 { -2 } else { h }
}

/// Hash of a float; `obj` gives the hash of a NaN, which goes by identity (`_Py_HashDouble`).
pub fn hash_f64(obj: &PyObject, v: f64) -> isize {
    if !v.is_finite() {
        return if v.is_nan() {
            pointer_hash(obj)
        } else if v > 0.0 {
            HASH_INF
        } else {
            -HASH_INF
        };
    }
    let (mut m, mut e) = frexp(v);
    let negative = m < 0.0;
    m = m.abs();
    let mut x: u64 = 0;
    while m != 0.0 {
        x = ((x << 28) & HASH_MODULUS) | (x >> (HASH_BITS - 28));
        m *= 268_435_456.0;
        e -= 28;
        let y = m as u64;
        m -= y as f64;
        x += y;
        if x >= HASH_MODULUS {
            x -= HASH_MODULUS;
        }
    }
    let e = if e >= 0 { e % HASH_BITS as i32 } else { HASH_BITS as i32 - 1 - ((-1 - e) % HASH_BITS as i32) } as u32;
    x = ((x << e) & HASH_MODULUS) | (x >> (HASH_BITS - e));
    let h = if negative { -(x as isize) } else { x as isize };
    if h == -1 { -2 } else { h }
}

/// Mantissa in [0.5, 1) and exponent of a finite number, as C's `frexp`.
pub fn frexp(v: f64) -> (f64, i32) {
    if v == 0.0 || !v.is_finite() {
        return (v, 0);
    }
    let bits = v.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    if exponent == 0 {
        let (m, e) = frexp(v * 18_014_398_509_481_984.0);
        return (m, e - 54);
    }
    (f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52)), exponent - 1022)
}
