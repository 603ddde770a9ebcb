//! The exception table: which handler is around an instruction.

/// A run of instructions and its handler. Offsets count code units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Handler {
    /// The first code unit that the handler is around.
    pub start: u32,
    /// Behind the last one.
    pub end: u32,
    /// Where the handler starts.
    pub target: u32,
    /// How many stack entries the handler keeps.
    pub depth: u32,
    /// Whether the offset of the raising instruction is pushed below the exception.
    pub lasti: bool,
}

/// Marks the first byte of an entry.
const START: u8 = 0x80;
/// More bytes of this number follow.
const MORE: u8 = 0x40;

fn write_item(out: &mut Vec<u8>, value: u32, mark: u8) {
    let mut mark = mark;
    // Six bits at a time, most significant first.
    for shift in [30, 24, 18, 12, 6] {
        if value >> shift != 0 {
            out.push((value >> shift & 63) as u8 | MORE | mark);
            mark = 0;
        }
    }
    out.push((value & 63) as u8 | mark);
}

/// Appends an entry. They have to come by `start` and must not overlap.
pub fn write_handler(out: &mut Vec<u8>, handler: &Handler) {
    write_item(out, handler.start, START);
    write_item(out, handler.end - handler.start, 0);
    write_item(out, handler.target, 0);
    write_item(out, handler.depth << 1 | u32::from(handler.lasti), 0);
}

fn read_item(bytes: &mut &[u8], first: bool) -> Option<u32> {
    let mut byte = *bytes.split_off_first()?;
    if (byte & START != 0) != first {
        return None;
    }
    let mut value = u32::from(byte & 63);
    while byte & MORE != 0 {
        byte = *bytes.split_off_first()?;
        if byte & START != 0 || value >> 26 != 0 {
            return None;
        }
        value = value << 6 | u32::from(byte & 63);
    }
    Some(value)
}

fn read_handler(bytes: &mut &[u8]) -> Option<Handler> {
    let start = read_item(bytes, true)?;
    let length = read_item(bytes, false)?;
    let target = read_item(bytes, false)?;
    let depth_lasti = read_item(bytes, false)?;
    let end = start.checked_add(length)?;
    Some(Handler { start, end, target, depth: depth_lasti >> 1, lasti: depth_lasti & 1 != 0 })
}

/// Iterator over an exception table; ends early where the table is malformed.
#[derive(Clone, Debug)]
pub struct Handlers<'a> {
    rest: &'a [u8],
}

/// The entries of an exception table.
pub fn handlers(table: &[u8]) -> Handlers<'_> {
    Handlers { rest: table }
}

impl Handlers<'_> {
    /// Whether the table ended where an entry ends (asked when the iterator has ended).
    pub fn is_well_formed(&self) -> bool {
        self.rest.is_empty()
    }
}

impl Iterator for Handlers<'_> {
    type Item = Handler;

    fn next(&mut self) -> Option<Handler> {
        let mut rest = self.rest;
        let handler = read_handler(&mut rest)?;
        self.rest = rest;
        Some(handler)
    }
}

/// Finds the handler around a code unit.
///
/// Takes logarithmic time in a well formed table, where entries are in order.
pub fn find_handler(table: &[u8], unit: u32) -> Option<Handler> {
    // Bisect over bytes; `low` is always the start of an entry (or 0).
    let (mut low, mut high) = (0, table.len());
    while low < high {
        let middle = low + (high - low) / 2;
        // Back to the start of the entry that the middle is in.
        let start = low + table[low..=middle].iter().rposition(|&byte| byte & START != 0)?;
        let mut rest = &table[start..];
        let handler = read_handler(&mut rest)?;
        if unit < handler.start {
            if start == low {
                return None;
            }
            high = start;
        } else if unit < handler.end {
            return Some(handler);
        } else {
            low = table.len() - rest.len();
        }
    }
    None
}

impl crate::code::CodeObject {
    /// The entries of the exception table.
    pub fn handlers(&self) -> Handlers<'_> {
        handlers(&self.exceptiontable)
    }
}
