# Which method is asked, in which order.
log = []
def maker(kind):
    def method(self, *args): log.append(f"{self.n}.{kind}"); return NotImplemented if self.no else f"{self.n}.{kind}"
    return method
names = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor".split()
class Base:
    no = False
    def __init__(self, n, no=False): self.n, self.no = n, no
for n in names:
    for prefix in ("", "r", "i"):
        if (prefix, n) != ("i", "divmod"): setattr(Base, f"__{prefix}{n}__", maker(prefix + n))
for n in ("lt", "le", "gt", "ge", "eq", "ne"): setattr(Base, f"__{n}__", maker(n))
class Sub(Base):
    for n in names: locals()[f"__r{n}__"] = maker("subr" + n)
import operator as op
a, b, s = Base("a", True), Base("b"), Sub("s")
for f in (op.add, op.sub, op.mul, op.matmul, op.truediv, op.floordiv, op.mod, divmod, pow, op.lshift, op.rshift, op.and_, op.or_, op.xor, op.lt, op.le, op.gt, op.ge, op.eq, op.ne, op.iadd, op.ipow):
    log.clear(); r1 = f(b, a), f(a, s), f(b, s); print(f.__name__, r1, log)
log.clear(); print(1 + b, b + 1, 1 < b, 1 == b, "x" % b if False else "", [1] * 2, log)
a2 = Base("a2", True)
for f in (op.add, op.lt, op.eq, op.ne, op.imul, pow):
    log.clear()
    try: print(f.__name__, f(a, a2), log)
    except TypeError as e: print(f.__name__, e, log)
class Un:
    def __neg__(self): return "neg"
    def __pos__(self): return "pos"
    def __invert__(self): return "inv"
    def __abs__(self): return "abs"
    def __bool__(self): return False
    def __len__(self): return 5
    def __contains__(self, x): return x == 1
    def __call__(self, *a, **k): return a, k
    def __index__(self): return 3
    def __round__(self, n=None): return f"round {n}"
    def __floor__(self): return "floor"
    def __getitem__(self, k): return k
    def __iter__(self): return iter("it")
    def __reversed__(self): return "rev"
    def __length_hint__(self): return 2
    def __hash__(self): return 42
    def __dir__(self): return ["z", "a"]
    def __sizeof__(self): return 1
    def __getattr__(self, n): return "attr " + n
import math
u = Un()
print(-u, +u, ~u, abs(u), bool(u), not u, len(u), 1 in u, 2 in u, u(1, b=2), hex(u), [0] * u, "abcdef"[u], round(u), round(u, 2), math.floor(u), u[1:2], list(u), reversed(u), hash(u), dir(u), u.anything, op.length_hint(u))
for name, value in (("__bool__", lambda s: 1), ("__len__", lambda s: -1), ("__hash__", lambda s: "x"), ("__index__", lambda s: 1.5), ("__iter__", lambda s: 5), ("__contains__", None), ("__call__", None), ("__str__", lambda s: 1), ("__len__", lambda s: 2**70), ("__format__", lambda s, f: 1), ("__hash__", None)):
    T = type("T", (), {name: value})
    for f in (bool, len, hash, hex, list, lambda t: 1 in t, lambda t: t(), str, format):
        try: f(T())
        except Exception as e:
            if type(e).__name__ not in ("TypeError",) or any(w in str(e) for w in ("should", "must", "returned", "not callable", "unhashable", "non-iterator")): print(name, type(e).__name__, e)
