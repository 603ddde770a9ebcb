"""Laws of set algebra on random sets of every kind of element; frozen sets as keys; power sets."""
from itertools import chain, combinations
import random

rng = random.Random(2)
universe = [0, 1, -1, 2**70, 1.5, "a", "b", "", b"a", None, True, (1, 2), frozenset({1}), frozenset(), Ellipsis, 3 + 4j, range(3), int]
U = set(universe)
print(len(universe), len(U))
for _ in range(400):
    a, b, c = (set(rng.sample(universe, rng.randrange(8))) for _ in range(3))
    assert a | b == b | a == a.union(b) and a & b == b & a == a.intersection(b)
    assert a - b == {x for x in a if x not in b} and a ^ b == (a - b) | (b - a)
    assert a | (b & c) == (a | b) & (a | c) and a & (b | c) == (a & b) | (a & c)
    assert U - (a | b) == (U - a) & (U - b)
    assert (a <= b) == (a - b == set()) == a.issubset(b) and (a < b) == (a <= b and a != b)
    assert a.isdisjoint(b) == (not a & b) and len(a) + len(b) == len(a | b) + len(a & b)
    x = a.copy()
    x |= b
    x &= c
    x ^= a
    x -= b
    assert x == ((a | b) & c ^ a) - b
    assert hash(frozenset(a)) == hash(frozenset(list(a)[::-1])) and frozenset(a) == a
    y = set(a)
    while y:
        v = y.pop()
        assert v in a and v not in y


def powerset(s):
    s = sorted(s)
    return {frozenset(c) for c in chain.from_iterable(combinations(s, k) for k in range(len(s) + 1))}


p = powerset("abcd")
print(len(p), frozenset("ab") in p, {"a", "b"} in p, sum(map(len, p)), sorted(map(sorted, p))[:5])
print(set.union(*map(set, ("ab", "bc", "cd"))) == set("abcd"), set.intersection({1, 2, 3}, [2, 3], (3, 4)), set().union(*[]), frozenset.union(frozenset("a"), "b") == {"a", "b"})
graph = {"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}
reach = {k: set(v) for k, v in graph.items()}
changed = True
while changed:
    changed = False
    for k in reach:
        new = reach[k].union(*(reach[n] for n in reach[k]))
        if new != reach[k]:
            reach[k], changed = new, True
print({k: sorted(v) for k, v in reach.items()})
s = {1, 2, 3}
it = iter(s)
next(it)
s.add(99)
try:
    next(it)
except RuntimeError as e:
    print(e)
s.discard(99)
print(sorted(s), s.remove(1), 1 in s, {2} in {frozenset({2})}, {2} in [{2}])
