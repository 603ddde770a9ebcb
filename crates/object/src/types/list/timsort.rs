//! The sort itself: an adaptive, stable merge sort (Tim Peters' timsort with the powersort merge order of CPython 3.11 and
//! later), on slices of anything that is `Copy`. It asks only "is a less than b?", and asks it as often and in the same
//! order as CPython does, which programs can see.
//!
//! Natural runs are found, short ones extended by binary insertion to a minimal length, and merged pairwise; a merge that
//! one side keeps winning goes over to galloping (exponential search). A failing comparison leaves a permutation.

/// Consecutive wins after which a merge starts to gallop.
const MIN_GALLOP: usize = 7;
/// Runs are extended to no more than this.
const MAX_MINRUN: usize = 64;

/// The comparison.
pub trait Less<T> {
    type Error;
    /// True if `a` is less than `b`.
    fn less(&mut self, a: T, b: T) -> Result<bool, Self::Error>;
}

/// Sorts `keys`; `values`, unless empty, is as long and is permuted alike.
pub fn sort<T: Copy, L: Less<T>>(keys: &mut [T], values: &mut [T], less: &mut L) -> Result<(), L::Error> {
    let n = keys.len();
    if n < 2 {
        return Ok(());
    }
    let mut s = Sorter {
        has_values: !values.is_empty(),
        keys,
        values,
        less,
        tmp_keys: Vec::new(),
        tmp_values: Vec::new(),
        min_gallop: MIN_GALLOP,
        pending: Vec::new(),
    };
    let minrun = minimal_run(n);
    let mut start = 0;
    while start < n {
        let left = n - start;
        let mut len = s.count_run(start, left)?;
        if len < minrun {
            let forced = minrun.min(left);
            s.binary_sort(start, forced, len)?;
            len = forced;
        }
        s.found_run(start, len)?;
        start += len;
    }
    s.collapse()
}

/// The length that short runs are extended to: `n / 2**k` rounded up, so that merges stay balanced.
fn minimal_run(mut n: usize) -> usize {
    let mut odd = 0;
    while n >= MAX_MINRUN {
        odd |= n & 1;
        n >>= 1;
    }
    n + odd
}

/// Depth in a perfectly balanced merge tree over `n` items of the node between two neighbouring runs: the first bit in
/// which the binary fractions of their midpoints differ.
fn node_power(start: usize, len1: usize, len2: usize, n: usize) -> u32 {
    // Twice the midpoints, so that they are whole.
    let mut a = 2 * start + len1;
    let mut b = a + len1 + len2;
    let mut power = 0;
    loop {
        power += 1;
        if a >= n {
            a -= n;
            b -= n;
        } else if b >= n {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

/// A sorted stretch waiting to be merged.
struct Run {
    start: usize,
    len: usize,
    /// Power of the node between this run and the next.
    power: u32,
}

/// How a merge came to its end.
enum End {
    /// What is left in the temporary array goes to the free place.
    Flush,
    /// One element is left there, and belongs at the far end of what is left in place.
    LastOne,
}

/// Where a merge stands: next places in the destination, in the temporary array and in place; elements left of each run.
struct Progress {
    dest: usize,
    ia: usize,
    ib: usize,
    na: usize,
    nb: usize,
}

struct Sorter<'a, T, L> {
    keys: &'a mut [T],
    values: &'a mut [T],
    has_values: bool,
    less: &'a mut L,
    tmp_keys: Vec<T>,
    tmp_values: Vec<T>,
    min_gallop: usize,
    pending: Vec<Run>,
}

/// Where `key` belongs in sorted `a`: left of what equals it if `LEFT`, else right. The search starts at `hint` and
/// widens exponentially.
fn gallop<T: Copy, L: Less<T>, const LEFT: bool>(
    less: &mut L,
    key: T,
    a: &[T],
    hint: usize,
) -> Result<usize, L::Error> {
    // `before(x)`: x stands before the place that is sought.
    let mut before = |x: T| if LEFT { less.less(x, key) } else { less.less(key, x).map(|b| !b) };
    let n = a.len();
    let (mut lo, mut hi);
    let (mut last, mut ofs) = (0, 1);
    if before(a[hint])? {
        let max = n - hint;
        while ofs < max && before(a[hint + ofs])? {
            last = ofs;
            ofs = (ofs << 1) + 1;
        }
        lo = hint + last + 1;
        hi = hint + ofs.min(max);
    } else {
        let max = hint + 1;
        while ofs < max && !before(a[hint - ofs])? {
            last = ofs;
            ofs = (ofs << 1) + 1;
        }
        lo = hint + 1 - ofs.min(max);
        hi = hint - last;
    }
    while lo < hi {
        let mid = lo + ((hi - lo) >> 1);
        if before(a[mid])? {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    Ok(hi)
}

impl<T: Copy, L: Less<T>> Sorter<'_, T, L> {
    #[inline(always)]
    fn lt(&mut self, a: T, b: T) -> Result<bool, L::Error> {
        self.less.less(a, b)
    }

    fn reverse(&mut self, start: usize, end: usize) {
        self.keys[start..end].reverse();
        if self.has_values {
            self.values[start..end].reverse();
        }
    }

    /// Length of the run at `lo`; a descending one is reversed. Equal elements keep their order.
    fn count_run(&mut self, lo: usize, left: usize) -> Result<usize, L::Error> {
        let mut n = 1;
        while n < left && !self.lt(self.keys[lo + n], self.keys[lo + n - 1])? {
            n += 1;
        }
        if n == left {
            return Ok(n);
        }
        // The next one is less. If all so far are equal, they begin a descending run.
        if n > 1 {
            if self.lt(self.keys[lo], self.keys[lo + n - 1])? {
                return Ok(n);
            }
            self.reverse(lo, lo + n);
        }
        n += 1;
        // Stretches of equal elements are reversed now, and back when the whole run is.
        let mut equal = 0;
        while n < left {
            if self.lt(self.keys[lo + n], self.keys[lo + n - 1])? {
                if equal > 0 {
                    self.reverse(lo + n - equal - 1, lo + n);
                    equal = 0;
                }
            } else if self.lt(self.keys[lo + n - 1], self.keys[lo + n])? {
                break;
            } else {
                equal += 1;
            }
            n += 1;
        }
        if equal > 0 {
            self.reverse(lo + n - equal - 1, lo + n);
        }
        self.reverse(lo, lo + n);
        while n < left && !self.lt(self.keys[lo + n], self.keys[lo + n - 1])? {
            n += 1;
        }
        Ok(n)
    }

    /// Sorts `n` elements from `lo`, the first `sorted` of which are in order.
    fn binary_sort(&mut self, lo: usize, n: usize, sorted: usize) -> Result<(), L::Error> {
        for ok in lo + sorted.max(1)..lo + n {
            let pivot = self.keys[ok];
            let (mut l, mut r) = (lo, ok);
            while l < r {
                let m = (l + r) >> 1;
                if self.less.less(pivot, self.keys[m])? {
                    r = m;
                } else {
                    l = m + 1;
                }
            }
            self.keys.copy_within(l..ok, l + 1);
            self.keys[l] = pivot;
            if self.has_values {
                let value = self.values[ok];
                self.values.copy_within(l..ok, l + 1);
                self.values[l] = value;
            }
        }
        Ok(())
    }

    /// Puts a new run on the stack, after merging those whose node lies deeper than the one before it.
    fn found_run(&mut self, start: usize, len: usize) -> Result<(), L::Error> {
        if let Some(top) = self.pending.last() {
            let power = node_power(top.start, top.len, len, self.keys.len());
            while self.pending.len() > 1 && self.pending[self.pending.len() - 2].power > power {
                self.merge_at(self.pending.len() - 2)?;
            }
            if let Some(top) = self.pending.last_mut() {
                top.power = power;
            }
        }
        self.pending.push(Run { start, len, power: 0 });
        Ok(())
    }

    /// Merges all that is on the stack.
    fn collapse(&mut self) -> Result<(), L::Error> {
        while self.pending.len() > 1 {
            let mut i = self.pending.len() - 2;
            if i > 0 && self.pending[i - 1].len < self.pending[i + 1].len {
                i -= 1;
            }
            self.merge_at(i)?;
        }
        Ok(())
    }

    /// Merges runs `i` and `i + 1` of the stack.
    fn merge_at(&mut self, i: usize) -> Result<(), L::Error> {
        let b = self.pending.remove(i + 1);
        let a = &mut self.pending[i];
        let (mut sa, mut na, sb, mut nb) = (a.start, a.len, b.start, b.len);
        a.len += nb;
        // What the runs have in place already is left alone.
        let k = gallop::<T, L, false>(self.less, self.keys[sb], &self.keys[sa..sa + na], 0)?;
        sa += k;
        na -= k;
        if na == 0 {
            return Ok(());
        }
        nb = gallop::<T, L, true>(self.less, self.keys[sa + na - 1], &self.keys[sb..sb + nb], nb - 1)?;
        if nb == 0 {
            return Ok(());
        }
        if na <= nb { self.merge_low(sa, na, sb, nb) } else { self.merge_high(sa, na, sb, nb) }
    }

    /// Copies a stretch to the temporary array.
    fn stash(&mut self, start: usize, n: usize) {
        self.tmp_keys.clear();
        self.tmp_keys.extend_from_slice(&self.keys[start..start + n]);
        if self.has_values {
            self.tmp_values.clear();
            self.tmp_values.extend_from_slice(&self.values[start..start + n]);
        }
    }
    #[inline(always)]
    fn unstash(&mut self, from: usize, to: usize, n: usize) {
        self.keys[to..to + n].copy_from_slice(&self.tmp_keys[from..from + n]);
        if self.has_values {
            self.values[to..to + n].copy_from_slice(&self.tmp_values[from..from + n]);
        }
    }
    #[inline(always)]
    fn unstash_one(&mut self, from: usize, to: usize) {
        self.keys[to] = self.tmp_keys[from];
        if self.has_values {
            self.values[to] = self.tmp_values[from];
        }
    }
    #[inline(always)]
    fn shift(&mut self, from: usize, to: usize, n: usize) {
        self.keys.copy_within(from..from + n, to);
        if self.has_values {
            self.values.copy_within(from..from + n, to);
        }
    }
    #[inline(always)]
    fn shift_one(&mut self, from: usize, to: usize) {
        self.keys[to] = self.keys[from];
        if self.has_values {
            self.values[to] = self.values[from];
        }
    }

    /// Merges from the front: the left run, the shorter, is in the temporary array.
    fn merge_low(&mut self, a: usize, na: usize, b: usize, nb: usize) -> Result<(), L::Error> {
        self.stash(a, na);
        let mut p = Progress { dest: a, ia: 0, ib: b, na, nb };
        let end = self.merge_low_steps(&mut p);
        match end {
            Ok(End::LastOne) => {
                self.shift(p.ib, p.dest, p.nb);
                self.unstash_one(p.ia, p.dest + p.nb);
            }
            _ => self.unstash(p.ia, p.dest, p.na),
        }
        end.map(|_| ())
    }

    fn merge_low_steps(&mut self, p: &mut Progress) -> Result<End, L::Error> {
        macro_rules! take_b {
            () => {{
                self.shift_one(p.ib, p.dest);
                p.dest += 1;
                p.ib += 1;
                p.nb -= 1;
                if p.nb == 0 {
                    return Ok(End::Flush);
                }
            }};
        }
        macro_rules! take_a {
            () => {{
                self.unstash_one(p.ia, p.dest);
                p.dest += 1;
                p.ia += 1;
                p.na -= 1;
                if p.na == 1 {
                    return Ok(End::LastOne);
                }
            }};
        }
        take_b!();
        if p.na == 1 {
            return Ok(End::LastOne);
        }
        let mut min_gallop = self.min_gallop;
        loop {
            let (mut wins_a, mut wins_b) = (0, 0);
            loop {
                if self.less.less(self.keys[p.ib], self.tmp_keys[p.ia])? {
                    take_b!();
                    wins_b += 1;
                    wins_a = 0;
                    if wins_b >= min_gallop {
                        break;
                    }
                } else {
                    take_a!();
                    wins_a += 1;
                    wins_b = 0;
                    if wins_a >= min_gallop {
                        break;
                    }
                }
            }
            min_gallop += 1;
            loop {
                min_gallop -= (min_gallop > 1) as usize;
                self.min_gallop = min_gallop;
                let k = gallop::<T, L, false>(self.less, self.keys[p.ib], &self.tmp_keys[p.ia..p.ia + p.na], 0)?;
                wins_a = k;
                if k > 0 {
                    self.unstash(p.ia, p.dest, k);
                    p.dest += k;
                    p.ia += k;
                    p.na -= k;
                    if p.na == 1 {
                        return Ok(End::LastOne);
                    }
                    // Only an inconsistent comparison gets here.
                    if p.na == 0 {
                        return Ok(End::Flush);
                    }
                }
                take_b!();
                let k = gallop::<T, L, true>(self.less, self.tmp_keys[p.ia], &self.keys[p.ib..p.ib + p.nb], 0)?;
                wins_b = k;
                if k > 0 {
                    self.shift(p.ib, p.dest, k);
                    p.dest += k;
                    p.ib += k;
                    p.nb -= k;
                    if p.nb == 0 {
                        return Ok(End::Flush);
                    }
                }
                take_a!();
                if wins_a < MIN_GALLOP && wins_b < MIN_GALLOP {
                    break;
                }
            }
            min_gallop += 1;
            self.min_gallop = min_gallop;
        }
    }

    /// Merges from the back: the right run, the shorter, is in the temporary array. Places in [`Progress`] are one past
    /// the next element.
    fn merge_high(&mut self, a: usize, na: usize, b: usize, nb: usize) -> Result<(), L::Error> {
        self.stash(b, nb);
        let mut p = Progress { dest: b + nb, ia: a + na, ib: nb, na, nb };
        let end = self.merge_high_steps(&mut p, a);
        match end {
            Ok(End::LastOne) => {
                self.shift(p.ia - p.na, p.dest - p.na, p.na);
                self.unstash_one(p.ib - 1, p.dest - p.na - 1);
            }
            _ => self.unstash(0, p.dest - p.nb, p.nb),
        }
        end.map(|_| ())
    }

    fn merge_high_steps(&mut self, p: &mut Progress, base_a: usize) -> Result<End, L::Error> {
        macro_rules! take_a {
            () => {{
                self.shift_one(p.ia - 1, p.dest - 1);
                p.dest -= 1;
                p.ia -= 1;
                p.na -= 1;
                if p.na == 0 {
                    return Ok(End::Flush);
                }
            }};
        }
        macro_rules! take_b {
            () => {{
                self.unstash_one(p.ib - 1, p.dest - 1);
                p.dest -= 1;
                p.ib -= 1;
                p.nb -= 1;
                if p.nb == 1 {
                    return Ok(End::LastOne);
                }
            }};
        }
        take_a!();
        if p.nb == 1 {
            return Ok(End::LastOne);
        }
        let mut min_gallop = self.min_gallop;
        loop {
            let (mut wins_a, mut wins_b) = (0, 0);
            loop {
                if self.less.less(self.tmp_keys[p.ib - 1], self.keys[p.ia - 1])? {
                    take_a!();
                    wins_a += 1;
                    wins_b = 0;
                    if wins_a >= min_gallop {
                        break;
                    }
                } else {
                    take_b!();
                    wins_b += 1;
                    wins_a = 0;
                    if wins_b >= min_gallop {
                        break;
                    }
                }
            }
            min_gallop += 1;
            loop {
                min_gallop -= (min_gallop > 1) as usize;
                self.min_gallop = min_gallop;
                let key = self.tmp_keys[p.ib - 1];
                let at = gallop::<T, L, false>(self.less, key, &self.keys[base_a..base_a + p.na], p.na - 1)?;
                let k = p.na - at;
                wins_a = k;
                if k > 0 {
                    p.dest -= k;
                    p.ia -= k;
                    self.shift(p.ia, p.dest, k);
                    p.na -= k;
                    if p.na == 0 {
                        return Ok(End::Flush);
                    }
                }
                take_b!();
                let key = self.keys[p.ia - 1];
                let at = gallop::<T, L, true>(self.less, key, &self.tmp_keys[..p.nb], p.nb - 1)?;
                let k = p.nb - at;
                wins_b = k;
                if k > 0 {
                    p.dest -= k;
                    p.ib -= k;
                    self.unstash(p.ib, p.dest, k);
                    p.nb -= k;
                    if p.nb == 1 {
                        return Ok(End::LastOne);
                    }
                    // Only an inconsistent comparison gets here.
                    if p.nb == 0 {
                        return Ok(End::Flush);
                    }
                }
                take_a!();
                if wins_a < MIN_GALLOP && wins_b < MIN_GALLOP {
                    break;
                }
            }
            min_gallop += 1;
            self.min_gallop = min_gallop;
        }
    }
}
