# Insertion order through deletion, growth, splitting and merging.
d = {}
for i in range(20):
    d[i] = i
    if i % 3 == 0: del d[i // 2]
print(d)
d.pop(1, None); d[1] = "again"; print(list(d), list(d.items())[-1])
class P:
    def __init__(self, flip):
        if flip: self.b = 1; self.a = 2
        else: self.a = 1; self.b = 2
        self.c = 3
p, q = P(False), P(True)
print(p.__dict__, q.__dict__, vars(p) == vars(q))
del p.a; p.a = 9; print(vars(p)); q.__dict__["z"] = 1; q.y = 2; print(vars(q), q.z)
p.__dict__ = {"only": 1}; print(vars(p), hasattr(p, "a"))
print(list({**{"x": 1, "y": 2}, "x": 3}), list(dict([("q", 1), ("w", 2), ("q", 3)])), {k: v for k, v in zip("abcab", range(5))})
def f(**kw): return kw
print(f(z=1, a=2, m=3), f(**{"y": 1}, x=2), list(f(c=1, **{"b": 2}).items()))
class Meta(type):
    @classmethod
    def __prepare__(m, name, bases, **kw): return {"first": 0}
class C(metaclass=Meta): second = 1; third = 2
print([k for k in C.__dict__ if not k.startswith("__")])
# The order in sets and dicts of strings follows the seeded hash.
print({"one", "two", "three", "four", "five"}, {3, 1, 2, 100, -1, 10**10}, {1.5, 2.5, "a", None, (1, 2)}, frozenset("hello world"))
print(hash("one"), hash(b"one"), hash(""), hash("é"), hash("😀x"), hash((1, 2, 3)), hash(()), hash(frozenset({1, 2, 3})), hash(frozenset()), hash(1.5), hash((1, (2, "a"), None)) == hash((1, (2, "a"), None)))
s = set(range(0, 100, 7)); s.discard(14); s.add(1000); s |= {5, 77777}; print(s, s.pop(), s)
