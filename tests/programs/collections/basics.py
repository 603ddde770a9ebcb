from collections import *
d = deque([1, 2, 3], maxlen=4)
d.append(4); d.append(5); d.appendleft(0); print(d, d.maxlen, len(d), d[0], d[-1], d.pop(), d.popleft(), d)
d.extend([7, 8, 9]); d.extendleft("ab"); d.rotate(1); print(d); d.rotate(-2); print(d, d.index(7) if 7 in d else None, d.count("a"), list(reversed(d)), d == deque(d), d.copy(), d + deque([1]), d * 2)
d = deque(range(5)); d.insert(2, "x"); d.remove(3); d.reverse(); d[1] = "y"; del d[0]; print(d, d != deque([0]), "x" in d, bool(deque())); d.clear(); print(d)
for call in (lambda: deque().pop(), lambda: deque([1])[5], lambda: deque([1]).remove(2), lambda: deque(maxlen=-1), lambda: deque([1], 1).insert(0, 2), lambda: deque(5), lambda: deque([1])["a"], lambda: deque().index(1), lambda: hash(deque()), lambda: deque([1])[0:1]):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
q = deque(range(3))
try:
    for v in q: q.append(v)
except RuntimeError as e: print(e)
big = deque(range(1000)); big.rotate(333); print(big[0], big[500], sum(big), big.index(0))
c = Counter(a=3, b=1); c.update("aab"); c.subtract({"a": 1}); print(c, c["zz"], c.most_common(1), c - Counter(a=10), -Counter(a=-2), sorted(c), c == Counter("aaaabb"), c <= Counter(a=9, b=9), Counter({"a": 0}) == Counter(), dict(c), list(Counter("ba").elements()), repr(Counter()))
dd = defaultdict(lambda: "made", k=1); print(dd["k"], dd["n"], dd.pop("n"), dd, dd) if False else print(dd["k"], dd["n"], sorted(dd), dd.get("q"), "q" in dd)
try: defaultdict(None)["x"]
except KeyError as e: print(e)
try: defaultdict(5)
except TypeError as e: print(e)
nested = defaultdict(lambda: defaultdict(int)); nested["a"]["b"] += 5; print({k: dict(v) for k, v in nested.items()}, defaultdict(list, {"a": [1]}))
o = OrderedDict.fromkeys("abc"); o.move_to_end("a"); o.move_to_end("c", last=False); print(o, list(o.items()), o.popitem(), o.popitem(False), o, reversed(OrderedDict(a=1)).__next__(), OrderedDict([("a", 1), ("b", 2)]) == OrderedDict([("b", 2), ("a", 1)]))
try: o.move_to_end("zz")
except KeyError as e: print(repr(e))
class MyL(UserList): pass
class MyD(UserDict):
    def __setitem__(self, k, v): super().__setitem__(k.upper(), v)
class MyS(UserString): pass
print(MyL([1, 2]) + [3], MyL("ab")[0], MyD(a=1), MyD({"b": 2}) | {"c": 3}, MyS("ab") + "c", MyS("x").upper(), type(MyS("a") * 2).__name__)
import collections.abc as abc
class Seq(abc.Sequence):
    def __getitem__(self, i): return range(5)[i]
    def __len__(self): return 5
s = Seq(); print(list(s), 3 in s, s.index(4), s.count(2), list(reversed(s)), isinstance(s, abc.Reversible), isinstance({}, abc.MutableMapping), isinstance(lambda: 0, abc.Callable), issubclass(list, abc.Hashable))
class Mp(abc.MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m = Mp(); m.update(a=1); print(m.setdefault("b", 2), dict(m), m.pop("a"), list(m.items()), m == {"b": 2}, m.popitem(), len(m))
try: abc.Set()
except TypeError as e: print(e)
