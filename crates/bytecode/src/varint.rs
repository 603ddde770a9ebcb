//! The variable length integers of the location table.

/// Appends six bits at a time, least significant first; all but the last byte have bit 6 set.
pub(crate) fn write_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 64 {
        out.push(0x40 | (value & 63) as u8);
        value >>= 6;
    }
    out.push(value as u8);
}

/// Appends a signed value: the sign in the lowest bit.
pub(crate) fn write_svarint(out: &mut Vec<u8>, value: i32) {
    // i32::MIN has no room for its sign; no line number gets near it.
    let magnitude = value.unsigned_abs() << 1;
    write_varint(out, magnitude | u32::from(value < 0));
}

/// Takes a value off the front; `None` if the bytes end or the value has more than 32 bits.
pub(crate) fn read_varint(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0u32;
    let mut shift = 0;
    loop {
        let byte = *bytes.split_off_first()?;
        let bits = u32::from(byte & 63);
        if shift > 30 || (shift == 30 && bits > 3) {
            return None;
        }
        value |= bits << shift;
        shift += 6;
        if byte & 0x40 == 0 {
            return Some(value);
        }
    }
}

/// Takes a signed value off the front.
pub(crate) fn read_svarint(bytes: &mut &[u8]) -> Option<i32> {
    let value = read_varint(bytes)?;
    let magnitude = (value >> 1) as i32;
    Some(if value & 1 != 0 { -magnitude } else { magnitude })
}
