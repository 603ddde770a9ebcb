def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    def get(): return n
    return inc, get
inc, get = counter(); inc(); inc(5); print(get(), inc.__closure__[0].cell_contents, inc.__code__.co_freevars, counter.__code__.co_cellvars)
fs = []
for i in range(3):
    def f(x, i=i): return x + i
    fs.append(f)
print([f(10) for f in fs], [(lambda: i)() for _ in range(2)])
x = "global"
def outer():
    x = "outer"
    def read(): return x
    def shadow(): x = "local"; return x
    def glob():
        global x
        x = "changed global"
        return x
    def mid():
        def inner(): nonlocal x; x = "by inner"
        inner(); return x
    return read(), shadow(), glob(), mid(), x
print(outer(), x)
def late():
    def g(): return later
    try: g()
    except NameError as e: print(type(e).__name__, e)
    later = 5
    return g()
print(late())
def unbound():
    print(v)
    v = 1
try: unbound()
except UnboundLocalError as e: print(e)
def deleted():
    c = 1
    def use(): return c
    del c
    use()
try: deleted()
except NameError as e: print(type(e).__name__, e)
def make(n): return lambda m: lambda k: (n, m, k)
print(make(1)(2)(3), (lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, z=4), (lambda: (yield))().__class__.__name__)
def params(a, b=[]): b.append(a); return b
print(params(1), params(2), params.__defaults__, params(3, []))
class K:
    v = "class"
    def m(self): return v if "v" in globals() else "no class scope"
    def n(self): return __class__
print(K().m(), K().n() is K)
def attrs(): attrs.calls = getattr(attrs, "calls", 0) + 1
attrs(); attrs(); print(attrs.calls, attrs.__dict__, attrs.__name__, attrs.__defaults__, attrs.__kwdefaults__, attrs.__annotations__)
def swap(): return "a"
def swapped(): return "b"
swap.__code__ = swapped.__code__; swap.__name__ = "renamed"; print(swap(), swap.__name__)
try: swap.__code__ = inc.__code__
except ValueError as e: print(e)
import types
cell = types.CellType(5); cell.cell_contents += 1; print(cell.cell_contents, cell == types.CellType(6)); del cell.cell_contents
try: cell.cell_contents
except ValueError as e: print(e)
g = types.FunctionType(inc.__code__, {}, "g", None, (types.CellType(100),)); print(g(1), g(2))
def loc():
    a = 1
    def b(): return a
    d = locals(); d["a"] = 99; d["new"] = 1
    return a, sorted(locals()), sorted(d)
print(loc()); exec("z = 5\nprint(z, sorted(k for k in locals() if not k.startswith('_')))", {}, {}); print(eval("x + y", {"x": 1}, {"y": 2}))
