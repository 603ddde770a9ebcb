//! Sizes and growth as CPython's, without an interpreter.

use super::keys::*;

#[test]
fn table_sizes() {
    assert_eq!(usable_fraction(3), 5);
    assert_eq!(usable_fraction(4), 10);
    assert_eq!(usable_fraction(7), 85);
    for (slots, log2) in [(0, 3), (5, 3), (8, 3), (9, 4), (15, 4), (16, 4), (17, 5), (32, 5), (33, 6)] {
        assert_eq!(log2_size_for_slots(slots), log2, "{slots} slots");
    }
    for (entries, log2) in [(0, 3), (5, 3), (6, 4), (10, 4), (11, 5), (77, 7), (85, 7), (86, 8)] {
        assert_eq!(log2_size_for_entries(entries), log2, "{entries} entries");
    }
}

#[test]
fn shared_empty_table() {
    let keys = Keys::empty();
    assert!(keys.is_shared_empty() && keys.is_unicode());
    assert_eq!((keys.size(), keys.nentries(), keys.usable()), (1, 0, 0));
    assert_eq!(keys.probe(12345, |_| unreachable!()), EMPTY);
    keys.incref();
    assert!(keys.refcnt() < 0);
}
