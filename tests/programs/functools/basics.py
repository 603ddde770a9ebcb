from functools import *
print(reduce(lambda a, b: a + b, [1, 2, 3]), reduce(lambda a, b: a * b, [], 7), reduce(max, [3]), partial(int, base=2)("101"), partial(partial(print, 1), 2, sep="-")(3))
try: reduce(max, [])
except TypeError as e: print(e)
p = partial(lambda *a, **k: (a, k), 1, x=2); print(p(3, y=4), p(x=9), p.func(0), p.args, p.keywords, partial(p, 5).args, repr(partial(print, 1, sep="")) == "functools.partial(<built-in function print>, 1, sep='')")
class C:
    def m(self, a, b=0): return (a, b)
    five = partialmethod(m, 5, b=6); pm = partial(m, None)
print(C().five(), C().m(1), cmp_to_key(lambda a, b: b - a)(1) > cmp_to_key(lambda a, b: b - a)(2), sorted([1, 3, 2], key=cmp_to_key(lambda a, b: b - a)))
@total_ordering
class T:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(T(1) <= T(1), T(2) > T(1), T(1) >= T(2), T(1) != T(2))
calls = []
@lru_cache(maxsize=3, typed=True)
def f(x, y=0): calls.append((x, y)); return x
f(1); f(1.0); f(1, 0); f(y=0, x=1); f(1); f(2); print(calls, f.cache_info(), f.__wrapped__(8))
try: f([])
except TypeError as e: print(e)
@lru_cache(None)
def unbounded(n): return n
for i in range(1000): unbounded(i % 100)
print(unbounded.cache_info())
@lru_cache(maxsize=0)
def none(n): return n
none(1); none(1); print(none.cache_info())
@cache
def ack(m, n): return n + 1 if m == 0 else ack(m - 1, 1 if n == 0 else ack(m, n - 1))
print(ack(2, 3), ack.cache_info().misses)
class P:
    n = 0
    @cached_property
    def v(self): self.n += 1; return self.n
o = P(); print(o.v, o.v, o.__dict__, o.n); del o.v; print(o.v)
@wraps(f, assigned=("__name__",), updated=())
def w(): pass
print(w.__name__, WRAPPER_ASSIGNMENTS, singledispatch(lambda x: x)(5), reduce(lambda a, f: f(a), [str, len], 12345), partial(print, Placeholder, 2)(1))
try: partial(print, 1, Placeholder)
except TypeError as e: print(e)
