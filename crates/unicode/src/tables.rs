//! The generated tables, read from their data files when the crate is compiled.
//!
//! A property is found in two stages: the upper bits of the code point select a block in `*_INDEX`, block and
//! lower bits an entry of `*_BLOCKS`. The entry is the number of a record, whose fields are parallel arrays.
//!
//! | table           | record                                                                              |
//! |-----------------|-------------------------------------------------------------------------------------|
//! | `TYPE`          | flags (see [`crate::properties`]), decimal and digit value, distance to the simple mappings, number of the full mappings (0: none) |
//! | `DATABASE`      | category, combining class, bidirectional class, width and mirrored, quick check, number of the numeric value |
//! | `OLD`           | the same for Unicode 3.2.0                                                            |
//! | `DECOMPOSITION` | the entry itself is a place in `DECOMPOSITION_CHARS`: a word of length and tag, then the characters |

macro_rules! decoder {
    ($name:ident, $ty:ty, $size:literal) => {
        const fn $name<const N: usize>(bytes: &[u8]) -> [$ty; N] {
            assert!(bytes.len() == N * $size);
            let mut out = [0 as $ty; N];
            let mut i = 0;
            while i < N {
                let mut word = [0u8; $size];
                let mut j = 0;
                while j < $size {
                    word[j] = bytes[i * $size + j];
                    j += 1;
                }
                out[i] = <$ty>::from_le_bytes(word);
                i += 1;
            }
            out
        }
    };
}

decoder!(decode_i8, i8, 1);
decoder!(decode_u16, u16, 2);
decoder!(decode_u32, u32, 4);
decoder!(decode_i32, i32, 4);
decoder!(decode_f64, f64, 8);

include!("data/generated.rs");

/// The record number of `ch` in a two-stage table.
#[inline(always)]
pub fn record<I: Copy + Into<usize>, B: Copy + Into<usize>>(
    index: &[I],
    blocks: &[B],
    shift: u32,
    ch: u32,
) -> Option<usize> {
    let block: usize = (*index.get((ch >> shift) as usize)?).into();
    blocks.get((block << shift) + (ch as usize & ((1 << shift) - 1))).map(|&r| r.into())
}

/// The record of `ch` in the table of types.
#[inline(always)]
pub fn type_record(ch: u32) -> Option<usize> {
    record(&TYPE_INDEX, &TYPE_BLOCKS, TYPE_SHIFT, ch)
}
