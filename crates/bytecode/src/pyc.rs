//! `.pyc` files: a header of 16 bytes, then a marshalled code object (PEP 552).

use std::sync::Arc;

use crate::code::{CodeObject, Constant, PyStr};
use crate::marshal::{self, MarshalError};
use crate::opcode::MAGIC_NUMBER;

/// The first four bytes of a `.pyc` file (`importlib.util.MAGIC_NUMBER`).
pub const MAGIC: [u8; 4] = {
    let [low, high] = MAGIC_NUMBER.to_le_bytes();
    [low, high, b'\r', b'\n']
};

/// The size of the header.
pub const HEADER_SIZE: usize = 16;

/// How it is found out whether a `.pyc` file still belongs to its source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Validation {
    /// By the source file's time of modification and size, both modulo 2**32.
    Timestamp {
        /// Seconds since the epoch.
        mtime: u32,
        /// Bytes.
        size: u32,
    },
    /// By a hash of the source.
    Hash {
        /// The hash, as [`source_hash`] gives it.
        hash: [u8; 8],
        /// Whether an import looks at the source at all.
        check_source: bool,
    },
}

/// The exception class of a [`PycError`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PycErrorKind {
    /// `ImportError`, with `name` and `path`.
    Import,
    /// `EOFError`
    Eof,
    /// What marshal raises.
    Marshal(marshal::ErrorKind),
}

/// Why a `.pyc` file cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PycError {
    /// The exception class to raise.
    pub kind: PycErrorKind,
    /// The exception's text.
    pub message: String,
}

impl std::fmt::Display for PycError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PycError {}

impl From<MarshalError> for PycError {
    fn from(error: MarshalError) -> Self {
        Self { kind: PycErrorKind::Marshal(error.kind), message: error.message.into_owned() }
    }
}

fn import_error(message: String) -> PycError {
    PycError { kind: PycErrorKind::Import, message }
}

fn quoted(name: &str) -> String {
    format!("{:?}", PyStr::new(name))
}

impl Validation {
    /// Reads the header of a `.pyc` file; `name` is the module's for messages.
    ///
    /// `ImportError` for another magic number or unknown flags, `EOFError` if the data is shorter
    /// than a header.
    pub fn read(data: &[u8], name: &str) -> Result<Self, PycError> {
        let magic = &data[..data.len().min(4)];
        if magic != MAGIC {
            let magic = Constant::Bytes(magic.into());
            return Err(import_error(format!("bad magic number in {}: {magic:?}", quoted(name))));
        }
        let Some(header) = data.first_chunk::<HEADER_SIZE>() else {
            return Err(PycError {
                kind: PycErrorKind::Eof,
                message: format!("reached EOF while reading pyc header of {}", quoted(name)),
            });
        };
        let [_, _, _, _, f0, f1, f2, f3, hash @ ..] = *header;
        let [m0, m1, m2, m3, s0, s1, s2, s3] = hash;
        let flags = u32::from_le_bytes([f0, f1, f2, f3]);
        if flags & !0b11 != 0 {
            return Err(import_error(format!("invalid flags {flags} in {}", quoted(name))));
        }
        Ok(if flags & 0b1 != 0 {
            Validation::Hash { hash, check_source: flags & 0b10 != 0 }
        } else {
            Validation::Timestamp {
                mtime: u32::from_le_bytes([m0, m1, m2, m3]),
                size: u32::from_le_bytes([s0, s1, s2, s3]),
            }
        })
    }

    /// The header of a `.pyc` file.
    pub fn to_header(self) -> [u8; HEADER_SIZE] {
        let mut header = [0; HEADER_SIZE];
        header[..4].copy_from_slice(&MAGIC);
        match self {
            Validation::Timestamp { mtime, size } => {
                header[8..12].copy_from_slice(&mtime.to_le_bytes());
                header[12..].copy_from_slice(&size.to_le_bytes());
            }
            Validation::Hash { hash, check_source } => {
                header[4] = 0b1 | u8::from(check_source) << 1;
                header[8..].copy_from_slice(&hash);
            }
        }
        header
    }

    /// Compares a header's time and size with those of the source (`None`: size not known).
    ///
    /// `ImportError` if the source is newer or another one. Headers with a hash pass.
    pub fn check_timestamp(self, mtime: u64, size: Option<u64>, name: &str) -> Result<(), PycError> {
        match self {
            Validation::Timestamp { mtime: m, size: s }
                if m != mtime as u32 || size.is_some_and(|size| s != size as u32) =>
            {
                Err(import_error(format!("bytecode is stale for {}", quoted(name))))
            }
            _ => Ok(()),
        }
    }

    /// Compares a header's hash with that of the source.
    ///
    /// `ImportError` if they differ. Headers with a timestamp pass.
    pub fn check_hash(self, source_hash: [u8; 8], name: &str) -> Result<(), PycError> {
        match self {
            Validation::Hash { hash, .. } if hash != source_hash => {
                let name = quoted(name);
                Err(import_error(format!("hash in bytecode doesn't match hash of source {name}")))
            }
            _ => Ok(()),
        }
    }
}

/// Reads a whole `.pyc` file.
///
/// Errors are those of [`Validation::read`] and of marshal's reader; `ImportError` if the file holds
/// something else than a code object.
pub fn read(data: &[u8], name: &str, path: &str) -> Result<(Validation, Arc<CodeObject>), PycError> {
    let validation = Validation::read(data, name)?;
    match marshal::loads_code(&data[HEADER_SIZE..])? {
        Some(code) => Ok((validation, code)),
        None => Err(import_error(format!("Non-code object in {}", quoted(path)))),
    }
}

/// Makes a whole `.pyc` file.
pub fn write(validation: Validation, code: &Arc<CodeObject>) -> Result<Vec<u8>, MarshalError> {
    let mut data = validation.to_header().to_vec();
    data.extend_from_slice(&marshal::dumps_code(code)?);
    Ok(data)
}

/// The hash of source code in a `.pyc` file (`importlib.util.source_hash`).
pub fn source_hash(source: &[u8]) -> [u8; 8] {
    siphash13(u32::from_le_bytes(MAGIC).into(), 0, source).to_le_bytes()
}

/// SipHash with one round for each word and three at the end (`_imp.source_hash` has `k1` zero).
pub fn siphash13(k0: u64, k1: u64, data: &[u8]) -> u64 {
    let mut state = [
        k0 ^ 0x736f_6d65_7073_6575,
        k1 ^ 0x646f_7261_6e64_6f6d,
        k0 ^ 0x6c79_6765_6e65_7261,
        k1 ^ 0x7465_6462_7974_6573,
    ];
    let (words, tail) = data.as_chunks::<8>();
    let mut last = [0; 8];
    last[..tail.len()].copy_from_slice(tail);
    // The size stands in the last word; the tail has seven bytes at most.
    last[7] = data.len() as u8;
    for word in words.iter().chain([&last]) {
        let word = u64::from_le_bytes(*word);
        state[3] ^= word;
        sip_round(&mut state);
        state[0] ^= word;
    }
    state[2] ^= 0xFF;
    for _ in 0..3 {
        sip_round(&mut state);
    }
    state[0] ^ state[1] ^ state[2] ^ state[3]
}

fn sip_round([a, b, c, d]: &mut [u64; 4]) {
    *a = a.wrapping_add(*b);
    *c = c.wrapping_add(*d);
    *b = b.rotate_left(13) ^ *a;
    *d = d.rotate_left(16) ^ *c;
    *a = a.rotate_left(32);
    *c = c.wrapping_add(*b);
    *a = a.wrapping_add(*d);
    *b = b.rotate_left(17) ^ *c;
    *d = d.rotate_left(21) ^ *a;
    *c = c.rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_hashes_are_those_of_the_reference() {
        let hex = |source: &[u8]| source_hash(source).map(|b| format!("{b:02x}")).concat();
        assert_eq!(hex(b"hello world"), "51dd87e7e4f80c63");
        let hash = |data: &[u8]| siphash13(3627 | 0x0d0a << 16, 0, data).to_le_bytes();
        assert_eq!(hash(b""), [0x19, 0xda, 0xd9, 0x39, 0x46, 0x57, 0x38, 0xb0]);
        assert_eq!(hash(b"a"), [0x80, 0x66, 0x9f, 0xd6, 0xb5, 0xf7, 0x98, 0xf5]);
        let long: Vec<u8> = (0..100).collect();
        assert_eq!(hash(&long), [0xb8, 0x84, 0x51, 0x53, 0x9e, 0x03, 0xf0, 0x7c]);
    }

    #[test]
    fn headers_are_read_and_refused() {
        let stamp = Validation::Timestamp { mtime: 5, size: 7 };
        let header = stamp.to_header();
        assert_eq!(header, *b"+\x0e\r\n\0\0\0\0\x05\0\0\0\x07\0\0\0");
        assert_eq!(Validation::read(&header, "m"), Ok(stamp));
        assert!(stamp.check_timestamp(5 + (1 << 32), Some(7), "m").is_ok());
        let error = stamp.check_timestamp(6, None, "m").unwrap_err();
        assert_eq!(error.message, "bytecode is stale for 'm'");

        let hash = Validation::Hash { hash: *b"12345678", check_source: true };
        assert_eq!(Validation::read(&hash.to_header(), "m"), Ok(hash));
        let error = hash.check_hash(*b"12345679", "m").unwrap_err();
        assert_eq!(error.message, "hash in bytecode doesn't match hash of source 'm'");

        let error = Validation::read(b"+\x0f\r\n", "m").unwrap_err();
        assert_eq!(error.message, r"bad magic number in 'm': b'+\x0f\r\n'");
        let error = Validation::read(&header[..15], "m").unwrap_err();
        assert_eq!(error.kind, PycErrorKind::Eof);
        assert_eq!(error.message, "reached EOF while reading pyc header of 'm'");
        let mut unknown = header;
        unknown[4] = 4;
        let error = Validation::read(&unknown, "m").unwrap_err();
        assert_eq!(error.message, "invalid flags 4 in 'm'");
        let mut none = header.to_vec();
        none.push(b'N');
        let error = read(&none, "m", "m.pyc").unwrap_err();
        assert_eq!(error.message, "Non-code object in 'm.pyc'");
    }
}
