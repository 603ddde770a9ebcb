//! Hashes that are known from CPython.

use super::hash::TupleHasher;

#[test]
fn hashes() {
    let hash = |lanes: &[isize]| {
        let mut h = TupleHasher::new();
        lanes.iter().for_each(|&lane| h.add(lane));
        h
    };
    assert_eq!(hash(&[]).finish(0), 5_740_354_900_026_072_187);
    assert_eq!(hash(&[1, 2]).finish(2), -3_550_055_125_485_641_917);
    // `hash(slice(1, 2, 3))`
    assert_eq!(hash(&[1, 2, 3]).finish_unsized(), -2_340_833_382_717_974_474);
}
