//! [`BigInt`]: a Python `int` of any size as data.

use std::fmt;

const SHIFT: u32 = 30;
const BASE: u64 = 1 << SHIFT;
const MASK: u64 = BASE - 1;

/// An integer as CPython keeps it: a sign and 30-bit digits, least significant first.
///
/// Always normalised: no leading zero digits, and zero is not negative.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BigInt {
    negative: bool,
    digits: Vec<u32>,
}

impl BigInt {
    /// From a sign and 30-bit digits, least significant first.
    ///
    /// `None` if a digit does not fit in 30 bits. Leading zeros are dropped.
    pub fn from_digits(negative: bool, mut digits: Vec<u32>) -> Option<Self> {
        if digits.iter().any(|&d| u64::from(d) >= BASE) {
            return None;
        }
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let negative = negative && !digits.is_empty();
        Some(Self { negative, digits })
    }

    /// From digits in a base from 2 to 36, without sign, prefix or underscores.
    ///
    /// `None` if there is no digit or one that does not belong to the base. Quadratic in the length
    /// unless the base is a power of two.
    pub fn from_str_radix(text: &str, radix: u32) -> Option<Self> {
        if text.is_empty() || !(2..=36).contains(&radix) {
            return None;
        }
        let mut digits: Vec<u32> = Vec::new();
        if radix.is_power_of_two() {
            let width = radix.trailing_zeros();
            let (mut pending, mut bits) = (0u64, 0);
            for c in text.chars().rev() {
                pending |= u64::from(c.to_digit(radix)?) << bits;
                bits += width;
                if bits >= SHIFT {
                    digits.push((pending & MASK) as u32);
                    pending >>= SHIFT;
                    bits -= SHIFT;
                }
            }
            digits.push(pending as u32);
        } else {
            // As many characters at a time as keep the factor below 2**30.
            let mut chars = text.chars().peekable();
            while chars.peek().is_some() {
                let (mut factor, mut chunk) = (1u64, 0u64);
                while factor * u64::from(radix) < BASE {
                    let Some(c) = chars.next() else { break };
                    chunk = chunk * u64::from(radix) + u64::from(c.to_digit(radix)?);
                    factor *= u64::from(radix);
                }
                let mut carry = chunk;
                for digit in &mut digits {
                    let product = u64::from(*digit) * factor + carry;
                    *digit = (product & MASK) as u32;
                    carry = product >> SHIFT;
                }
                if carry != 0 {
                    digits.push(carry as u32);
                }
            }
        }
        Self::from_digits(false, digits)
    }

    /// From the bytes of the magnitude, least significant first.
    pub fn from_bytes_le(negative: bool, bytes: &[u8]) -> Self {
        let mut digits = Vec::with_capacity(bytes.len() * 8 / SHIFT as usize + 1);
        let (mut pending, mut bits) = (0u64, 0);
        for &byte in bytes {
            pending |= u64::from(byte) << bits;
            bits += 8;
            if bits >= SHIFT {
                digits.push((pending & MASK) as u32);
                pending >>= SHIFT;
                bits -= SHIFT;
            }
        }
        digits.push(pending as u32);
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let negative = negative && !digits.is_empty();
        Self { negative, digits }
    }

    /// The bytes of the magnitude, least significant first, without leading zeros.
    pub fn to_bytes_le(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.digits.len() * 4);
        let (mut pending, mut bits) = (0u64, 0);
        for &digit in &self.digits {
            pending |= u64::from(digit) << bits;
            bits += SHIFT;
            while bits >= 8 {
                bytes.push(pending as u8);
                pending >>= 8;
                bits -= 8;
            }
        }
        bytes.push(pending as u8);
        while bytes.last() == Some(&0) {
            bytes.pop();
        }
        bytes
    }

    /// The value, if it fits.
    pub fn to_i64(&self) -> Option<i64> {
        if self.digits.len() > 3 {
            return None;
        }
        let magnitude = self.digits.iter().rev().fold(0i128, |sum, &d| sum << SHIFT | i128::from(d));
        i64::try_from(if self.negative { -magnitude } else { magnitude }).ok()
    }

    /// Whether the value is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The magnitude in 30-bit digits, least significant first; empty for zero.
    pub fn digits(&self) -> &[u32] {
        &self.digits
    }

    /// The value with the other sign.
    #[must_use]
    pub fn neg(mut self) -> Self {
        self.negative = !self.negative && !self.digits.is_empty();
        self
    }
}

impl From<i64> for BigInt {
    fn from(value: i64) -> Self {
        Self::from_bytes_le(value < 0, &value.unsigned_abs().to_le_bytes())
    }
}

impl fmt::Display for BigInt {
    /// The decimal form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const CHUNK: u64 = 1_000_000_000;
        let mut rest = self.digits.clone();
        let mut chunks = Vec::new();
        while !rest.is_empty() {
            let mut remainder = 0u64;
            for digit in rest.iter_mut().rev() {
                let value = remainder << SHIFT | u64::from(*digit);
                *digit = (value / CHUNK) as u32;
                remainder = value % CHUNK;
            }
            chunks.push(remainder);
            while rest.last() == Some(&0) {
                rest.pop();
            }
        }
        let mut text = chunks.pop().unwrap_or(0).to_string();
        for chunk in chunks.iter().rev() {
            text.push_str(&format!("{chunk:09}"));
        }
        f.pad_integral(!self.negative, "", &text)
    }
}

impl fmt::Debug for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_text() {
        for value in [0, 1, -1, 255, 1 << 30, -(1 << 30), 1 << 60, i64::MAX, i64::MIN] {
            let big = BigInt::from(value);
            assert_eq!(big.to_i64(), Some(value));
            assert_eq!(big.to_string(), value.to_string());
            let text = value.unsigned_abs().to_string();
            let parsed = BigInt::from_str_radix(&text, 10).unwrap();
            assert_eq!(if value < 0 { parsed.neg() } else { parsed }, big);
        }
        let text = "123456789012345678901234567890000000000001";
        let big = BigInt::from_str_radix(text, 10).unwrap();
        assert_eq!(big.to_string(), text);
        assert_eq!(big.to_i64(), None);
        let bytes = big.to_bytes_le();
        let hex: String = bytes.iter().rev().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(BigInt::from_str_radix(&hex, 16).as_ref(), Some(&big));
        assert_eq!(BigInt::from_bytes_le(false, &bytes), big);
        let bits: String = bytes.iter().rev().map(|byte| format!("{byte:08b}")).collect();
        assert_eq!(BigInt::from_str_radix(&bits, 2), Some(big));
        assert_eq!(BigInt::from_str_radix("777777777777777777777777", 8).unwrap().digits().len(), 3);
        assert_eq!(BigInt::from_str_radix("", 10), None);
        assert_eq!(BigInt::from_str_radix("12a", 10), None);
        assert_eq!(BigInt::from_digits(true, vec![0, 0]), Some(BigInt::from(0)));
        assert_eq!(BigInt::from_digits(false, vec![1 << 30]), None);
    }
}
