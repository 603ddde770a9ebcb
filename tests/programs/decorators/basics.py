import functools
def trace(f):
    @functools.wraps(f)
    def w(*a, **k):
        print("call", f.__name__, a, k); r = f(*a, **k); print("->", r); return r
    return w
def times(n):
    def deco(f): return lambda *a: [f(*a) for _ in range(n)]
    return deco
@trace
@times(2)
def add(a, b): return a + b
add(1, 2); print(add.__wrapped__.__name__)
@trace
def doc(x: int) -> str: "its doc"; return str(x)
doc(5); print(doc.__name__, doc.__doc__, doc.__annotations__, doc.__wrapped__(6), doc.__qualname__, doc.__module__)
class Deco:
    def __init__(self, f): self.f, self.n = f, 0
    def __call__(self, *a): self.n += 1; return self.f(*a)
    def __get__(self, o, t=None): return self if o is None else functools.partial(self, o)
class K:
    @Deco
    def m(self, x): return x * 2
    @staticmethod
    @times(3)
    def s(): return 1
    @classmethod
    @trace
    def c(cls): return cls.__name__
    @functools.cached_property
    def cp(self): print("once"); return 7
    @functools.singledispatchmethod
    def d(self, v): return "object"
    @d.register
    def _(self, v: int): return "int"
    @d.register(list)
    def _(self, v): return "list"
k = K(); print(k.m(4), k.m(5), K.m.n, k.s(), k.c(), k.cp, k.cp, k.d(1), k.d([]), k.d(""))
def add_attr(**kw):
    def deco(c):
        for n, v in kw.items(): setattr(c, n, v)
        return c
    return deco
@add_attr(x=1, y=2)
class Decorated: pass
print(Decorated.x, Decorated.y)
@functools.lru_cache(maxsize=2)
def sq(n): print("compute", n); return n * n
print(sq(2), sq(2), sq(3), sq(4), sq(2), sq.cache_info(), sq.cache_parameters()); sq.cache_clear(); print(sq.cache_info())
@functools.cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(90), fib.cache_info().hits)
@functools.singledispatch
def kind(x, *a): return "default"
@kind.register(int)
@kind.register(float)
def _(x): return "number"
@kind.register
def _(x: str | bytes): return "text"
print(kind(1), kind(1.5), kind("s"), kind(b""), kind(None), kind(True), kind.dispatch(bool).__name__, sorted(t.__name__ for t in kind.registry))
log = []
def d(n): log.append(f"eval {n}"); return lambda f: (log.append(f"apply {n}"), f)[1]
@d(1)
@d(2)
@(lambda f: f)
@[d(3)][0]
def h(): pass
print(log)
try:
    @5
    def bad(): pass
except TypeError as e: print(e)
