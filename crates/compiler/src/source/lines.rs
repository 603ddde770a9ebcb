//! Byte offsets to lines and columns.

use std::cell::Cell;

/// The starts of a text's lines. Only `\n` ends a line.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds the lines of a text.
    pub fn new(text: &str) -> LineIndex {
        let mut starts = Vec::with_capacity(text.len() / 32 + 1);
        starts.push(0);
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        LineIndex { starts }
    }

    /// How many lines there are; an empty one after the last newline counts.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// The offset at which a line (counted from 0) starts.
    pub fn start(&self, line: usize) -> usize {
        self.starts[line] as usize
    }

    /// The line (counted from 0) that holds an offset.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= offset) - 1
    }

    /// A line's text (counted from 0), without its newline.
    pub fn line_text<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let Some(&start) = self.starts.get(line) else {
            return "";
        };
        let end = self.starts.get(line + 1).map_or(text.len(), |&next| next as usize - 1);
        &text[start as usize..end]
    }
}

/// Looks offsets up that mostly come in rising order, without a search each time.
#[derive(Debug)]
pub struct LineIndexCursor<'a> {
    index: &'a LineIndex,
    last: Cell<usize>,
}

impl<'a> LineIndexCursor<'a> {
    /// A cursor at the first line.
    pub fn new(index: &'a LineIndex) -> LineIndexCursor<'a> {
        LineIndexCursor { index, last: Cell::new(0) }
    }

    /// The line (from 1) and the column (from 0, in bytes) of an offset.
    #[inline]
    pub fn position(&self, offset: u32) -> (i32, i32) {
        let starts = &self.index.starts;
        let mut line = self.last.get();
        if starts[line] <= offset {
            // The same line or one of the next few.
            let mut steps = 0;
            while line + 1 < starts.len() && starts[line + 1] <= offset {
                line += 1;
                steps += 1;
                if steps == 8 {
                    line += starts[line..].partition_point(|&start| start <= offset) - 1;
                    break;
                }
            }
        } else {
            line = starts[..line].partition_point(|&start| start <= offset) - 1;
        }
        self.last.set(line);
        (line as i32 + 1, (offset - starts[line]) as i32)
    }
}
