//! The archive's layout, shared by the build script that writes it and the crate that reads it.
//!
//! ```text
//! magic            8 bytes
//! count            u32: the number of entries
//! names            u32: the length of the name text
//! entries          count × ENTRY_SIZE, sorted by name (bytewise)
//! name text        the entries' paths, one after the other
//! contents         sources and code objects; offsets count from the archive's start
//! ```
//!
//! All numbers are little-endian `u32`. An entry is, in this order: name offset (in the name text),
//! name length, flags, source offset, stored source length, source length, code offset, code length.

/// The first bytes of an archive; the last digit is the layout's version.
pub const MAGIC: &[u8; 8] = b"TPNLIB1\0";
/// Magic, count and length of the name text.
pub const HEADER_SIZE: usize = 16;
/// Eight numbers.
pub const ENTRY_SIZE: usize = 32;

/// The source is stored as a raw DEFLATE stream (otherwise as it is).
pub const DEFLATED: u32 = 1;
/// There is a code object (a marshalled one, without the header of a `.pyc` file).
pub const HAS_CODE: u32 = 2;
