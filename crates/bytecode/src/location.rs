//! The location table: which source lines and columns an instruction comes from (PEP 626, PEP 657).

use crate::code::CodeObject;
use crate::varint::{read_svarint, read_varint, write_svarint, write_varint};

/// Where in the source something stands; what is not known is -1.
///
/// Lines count from 1, columns are offsets in the UTF-8 form of the line from 0.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Location {
    /// The first line.
    pub line: i32,
    /// The last line.
    pub end_line: i32,
    /// The column in the first line.
    pub column: i32,
    /// The column behind the end in the last line.
    pub end_column: i32,
}

impl Location {
    /// Stands nowhere in the source.
    pub const NONE: Self = Self { line: -1, end_line: -1, column: -1, end_column: -1 };

    /// A line without columns.
    pub const fn of_line(line: i32) -> Self {
        Self { line, end_line: line, column: -1, end_column: -1 }
    }
}

/// What is known about a run of code units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The first code unit.
    pub start: usize,
    /// Behind the last code unit.
    pub end: usize,
    /// Where it comes from.
    pub location: Location,
}

// The kinds of entries; smaller numbers are the short form for columns below 80.
const ONE_LINE_0: u8 = 10;
const ONE_LINE_2: u8 = 12;
const NO_COLUMNS: u8 = 13;
const LONG: u8 = 14;
const NO_LOCATION: u8 = 15;

/// Builds a location table.
#[derive(Clone, Debug)]
pub struct LocationWriter {
    out: Vec<u8>,
    line: i32,
    pending: Location,
    units: usize,
}

impl LocationWriter {
    /// An empty table for code that starts at this line.
    pub fn new(firstlineno: i32) -> Self {
        Self { out: Vec::new(), line: firstlineno, pending: Location::NONE, units: 0 }
    }

    /// Says where the next code units come from (an instruction with its prefixes and caches).
    pub fn push(&mut self, units: usize, location: Location) {
        if location != self.pending {
            self.flush();
            self.pending = location;
        }
        self.units += units;
    }

    /// The table.
    pub fn finish(mut self) -> Box<[u8]> {
        self.flush();
        self.out.into()
    }

    fn flush(&mut self) {
        while self.units > 0 {
            let units = self.units.min(8);
            self.units -= units;
            self.entry(units as u8);
        }
    }

    fn head(&mut self, kind: u8, units: u8) {
        self.out.push(0x80 | kind << 3 | (units - 1));
    }

    fn entry(&mut self, units: u8) {
        let Location { line, end_line, column, end_column } = self.pending;
        if line < 0 {
            self.head(NO_LOCATION, units);
            return;
        }
        let delta = line.wrapping_sub(self.line);
        let one_line = end_line == line;
        if (column < 0 || end_column < 0) && (one_line || end_line < 0) {
            self.head(NO_COLUMNS, units);
            write_svarint(&mut self.out, delta);
        } else if column < 0 || end_column < 0 || !one_line {
            self.long_entry(units, delta);
        } else if delta == 0 && column < 80 && (column..column + 16).contains(&end_column) {
            self.head((column >> 3) as u8, units);
            self.out.push(((column & 7) << 4 | (end_column - column)) as u8);
        } else if (0..3).contains(&delta) && column < 128 && end_column < 128 {
            self.head(ONE_LINE_0 + delta as u8, units);
            self.out.extend_from_slice(&[column as u8, end_column as u8]);
        } else {
            self.long_entry(units, delta);
        }
        self.line = line;
    }

    fn long_entry(&mut self, units: u8, delta: i32) {
        let Location { line, end_line, column, end_column } = self.pending;
        self.head(LONG, units);
        write_svarint(&mut self.out, delta);
        // An end before the start cannot be said.
        write_varint(&mut self.out, end_line.saturating_sub(line).max(0) as u32);
        write_varint(&mut self.out, (column.max(-1) + 1) as u32);
        write_varint(&mut self.out, (end_column.max(-1) + 1) as u32);
    }
}

/// Iterator over the entries of a location table; ends early where the table is malformed.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    rest: &'a [u8],
    line: i32,
    unit: usize,
}

/// The entries of a location table.
pub fn entries(linetable: &[u8], firstlineno: i32) -> Entries<'_> {
    Entries { rest: linetable, line: firstlineno, unit: 0 }
}

impl Entries<'_> {
    /// Whether the table ended where an entry ends (asked when the iterator has ended).
    pub fn is_well_formed(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next entry, without moving on if it is malformed.
    fn decode(&mut self) -> Option<Entry> {
        let mut rest = self.rest;
        let head = *rest.split_off_first()?;
        if head & 0x80 == 0 {
            return None;
        }
        let (kind, units) = (head >> 3 & 15, usize::from(head & 7) + 1);
        let mut line = self.line;
        let location = match kind {
            NO_LOCATION => Location::NONE,
            NO_COLUMNS => {
                line = line.wrapping_add(read_svarint(&mut rest)?);
                Location::of_line(line)
            }
            LONG => {
                line = line.wrapping_add(read_svarint(&mut rest)?);
                let end_line = line.wrapping_add_unsigned(read_varint(&mut rest)?);
                let column = (read_varint(&mut rest)? as i32).wrapping_sub(1);
                let end_column = (read_varint(&mut rest)? as i32).wrapping_sub(1);
                Location { line, end_line, column, end_column }
            }
            ONE_LINE_0..=ONE_LINE_2 => {
                line = line.wrapping_add((kind - ONE_LINE_0).into());
                let column = i32::from(*rest.split_off_first()?);
                let end_column = i32::from(*rest.split_off_first()?);
                Location { line, end_line: line, column, end_column }
            }
            _ => {
                let byte = i32::from(*rest.split_off_first()?);
                let column = i32::from(kind) << 3 | byte >> 4 & 7;
                let end_column = column + (byte & 15);
                Location { line, end_line: line, column, end_column }
            }
        };
        let start = self.unit;
        (self.rest, self.line, self.unit) = (rest, line, start + units);
        Some(Entry { start, end: self.unit, location })
    }
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        self.decode()
    }
}

/// Iterator of [`CodeObject::co_lines`].
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    entries: Entries<'a>,
    pending: Option<Entry>,
}

impl Iterator for Lines<'_> {
    /// First byte, byte behind the last, line.
    type Item = (usize, usize, Option<i32>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut run = self.pending.take().or_else(|| self.entries.next())?;
        for entry in self.entries.by_ref() {
            if entry.location.line != run.location.line {
                self.pending = Some(entry);
                break;
            }
            run.end = entry.end;
        }
        let line = run.location.line;
        Some((run.start * 2, run.end * 2, (line != -1).then_some(line)))
    }
}

impl CodeObject {
    /// The entries of the location table.
    pub fn locations(&self) -> Entries<'_> {
        entries(&self.linetable, self.firstlineno)
    }

    /// Runs of bytes of code that come from the same line, as `co_lines()`.
    pub fn co_lines(&self) -> Lines<'_> {
        Lines { entries: self.locations(), pending: None }
    }

    /// The location of every code unit, as `co_positions()` (where -1 is `None`).
    pub fn co_positions(&self) -> impl Iterator<Item = Location> + '_ {
        self.locations().flat_map(|entry| (entry.start..entry.end).map(move |_| entry.location))
    }

    /// The location of a code unit.
    pub fn location_of(&self, unit: usize) -> Location {
        let found = self.locations().find(|entry| unit < entry.end);
        found.map_or(Location::NONE, |entry| entry.location)
    }

    /// The line of a code unit, as `PyCode_Addr2Line`: -1 if it has none.
    pub fn line_of(&self, unit: usize) -> i32 {
        self.location_of(unit).line
    }
}
