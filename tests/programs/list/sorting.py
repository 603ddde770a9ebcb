import functools, random
random.seed(7)
data = [random.randrange(1000) for _ in range(500)]
s = sorted(data)
print(s[:5], s[-5:], all(a <= b for a, b in zip(s, s[1:])), sorted(data, reverse=True) == s[::-1], data[:3])
# Stable: equal keys keep their order, also in reverse.
words = ["bb", "a", "cc", "b", "aa", "c", "ccc"]
print(sorted(words), sorted(words, key=len), sorted(words, key=len, reverse=True), sorted(words, key=lambda w: (-len(w), w)))
pairs = [(i % 7, i) for i in range(200)]
print(all(a[1] < b[1] for a, b in zip(*[iter(sorted(pairs, key=lambda p: p[0]))] * 2) if a[0] == b[0]))
# Runs of all shapes
for name, seq in (("ascending", list(range(300))), ("descending", list(range(300, 0, -1))), ("saw", [i % 17 for i in range(300)]), ("two runs", list(range(150)) + list(range(150))), ("equal", [5] * 300), ("organ", list(range(150)) + list(range(150, 0, -1)))):
    t = list(seq); t.sort()
    print(name, t == sorted(seq, key=lambda v: v), t[0], t[-1], t[150])
count = 0
@functools.total_ordering
class K:
    def __init__(self, v): self.v = v
    def __lt__(self, o):
        global count
        count += 1
        return self.v < o.v
    def __eq__(self, o): return self.v == o.v
sorted(K(i) for i in range(100)); print("comparisons, sorted input:", count); count = 0
sorted(K(i) for i in range(100, 0, -1)); print("comparisons, reversed input:", count); count = 0
sorted(map(K, data)); print("comparisons, random input:", count)
print(sorted([3.5, 1, 2.25, True]), sorted(["é", "z", "a", "Z", "€"]), sorted([(1, "b"), (1, "a"), (0, "z")]), sorted([[2], [1, 5], [1]]), sorted({3: 0, 1: 0}), sorted("hello", key=str.lower))
for call in (lambda: [1, "a"].sort(), lambda: sorted([1j, 2j]), lambda: [1, 2].sort(lambda: 0), lambda: sorted([1], key=5), lambda: sorted(5), lambda: [None, 1].sort()):
    try:
        print(call())
    except TypeError as e:
        print(e)
m = [3, 2, 1]
def sneaky(x):
    m.append(x)
    return x
try:
    m.sort(key=sneaky)
except ValueError as e:
    print(e, m)
f = [2, 1, 3]
def failing(x):
    if x == 3: raise RuntimeError("stop")
    return x
try:
    f.sort(key=failing)
except RuntimeError as e:
    print(e, f)
print(sorted(words, key=functools.cmp_to_key(lambda a, b: (a > b) - (a < b))), min(words, key=len), max(words, key=len), [1.0, float("nan"), 0.5].sort())
