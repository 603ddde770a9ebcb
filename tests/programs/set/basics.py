a, b = {1, 2, 3, 4}, {3, 4, 5}
print(a | b, a & b, a - b, a ^ b, a <= b, {1} < a, a >= {1, 2}, a == {4, 3, 2, 1}, a != b, a.isdisjoint({9}), 3 in a, len(a), set(), frozenset(), frozenset({1}))
print(a.union([9], "x"), a.intersection([1, 2, 9], {1}), a.difference([1], [2]), a.symmetric_difference([1, 99]), a.issubset(range(10)), a.issuperset([1]), a.copy() is a, frozenset(a).copy() == a)
a.add(1); a.add(10); a.discard(99); a.remove(10); a.update([7], {8}); a.difference_update([7]); a.intersection_update(range(5)); a.symmetric_difference_update([4, 5]); print(a)
a |= {20}; a &= {1, 2, 20}; a -= {1}; a ^= {2, 3}; print(a, a.pop() in (3, 20), len(a), a.clear(), a)
print({frozenset({1}): "fs"}[frozenset([1])], {1} in {frozenset({1})}, set("hello") == set("olleh"), {x % 3 for x in range(10)}, {*"ab", *range(2)}, {1, 1.0, True}, {0, False, 0.0}, sorted({"b", "a"}))
for call in (lambda: {[]}, lambda: {1}.remove(2), lambda: set().pop(), lambda: {1} + {2}, lambda: {1} | [2], lambda: {1} < [1], lambda: set(5), lambda: hash({1}), lambda: frozenset({1}).add(2), lambda: {{1}}, lambda: set(1, 2), lambda: {1}.update(5), lambda: {1}.remove([1]), lambda: {1}.union(5)):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
s = set(range(3))
try:
    for x in s: s.add(x + 10)
except RuntimeError as e: print(e)
f = frozenset("abc")
print(f | {"d"} == {"a", "b", "c", "d"}, type(f | set()).__name__, type(set() | f).__name__, f == set("abc"), hash(f) == hash(frozenset("cba")), f.union("d") - f, frozenset(f) is f)
class S(set):
    def __repr__(self): return f"S{sorted(self)}"
print(S([2, 1]), S([1]) | {2}, type(S([1]) | {2}).__name__, type(S([1]).copy()).__name__)
big = set(range(10000)); big -= set(range(0, 10000, 2)); print(len(big), sum(big), 1 in big, 2 in big, big <= set(range(10000)))
class Bad:
    def __hash__(self): return 1
    def __eq__(self, o): raise ValueError("eq called")
try: {Bad(), Bad()}
except ValueError as e: print(e)
