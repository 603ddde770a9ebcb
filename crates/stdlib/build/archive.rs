//! Packs the files into the layout of `src/format.rs`.

use crate::File;
use crate::format::{DEFLATED, ENTRY_SIZE, HAS_CODE, HEADER_SIZE, MAGIC};

/// The highest level that does not search exhaustively.
const LEVEL: u8 = 8;

/// Code objects start at multiples of this, for the sake of the cache.
const CODE_ALIGNMENT: usize = 8;

/// The archive's bytes. `files` come sorted by path.
pub fn pack<'a>(files: impl ExactSizeIterator<Item = &'a File> + Clone) -> Result<Vec<u8>, String> {
    let names: String = files.clone().map(|f| f.path.as_str()).collect();
    let contents = HEADER_SIZE + files.len() * ENTRY_SIZE + names.len();
    let mut head = Vec::with_capacity(contents);
    head.extend_from_slice(MAGIC);
    put(&mut head, files.len())?;
    put(&mut head, names.len())?;

    let mut data: Vec<u8> = Vec::new();
    let mut name = 0;
    for file in files {
        let mut flags = 0;
        let deflated = miniz_oxide::deflate::compress_to_vec(&file.source, LEVEL);
        let stored = if deflated.len() < file.source.len() {
            flags |= DEFLATED;
            &deflated
        } else {
            &file.source
        };
        let source = contents + data.len();
        data.extend_from_slice(stored);
        let code: &[u8] = match &file.code {
            Some(code) => {
                flags |= HAS_CODE;
                let misaligned = (contents + data.len()) % CODE_ALIGNMENT;
                data.resize(data.len() + (CODE_ALIGNMENT - misaligned) % CODE_ALIGNMENT, 0);
                code
            }
            None => &[],
        };
        let code_at = contents + data.len();
        data.extend_from_slice(code);
        for number in
            [name, file.path.len(), flags as usize, source, stored.len(), file.source.len(), code_at, code.len()]
        {
            put(&mut head, number)?;
        }
        name += file.path.len();
    }
    head.extend_from_slice(names.as_bytes());
    debug_assert_eq!(head.len(), contents);
    head.extend_from_slice(&data);
    Ok(head)
}

fn put(out: &mut Vec<u8>, number: usize) -> Result<(), String> {
    let number = u32::try_from(number).map_err(|_| "the archive exceeds 4 GiB")?;
    out.extend_from_slice(&number.to_le_bytes());
    Ok(())
}
