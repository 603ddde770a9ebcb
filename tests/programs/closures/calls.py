def f(a, b=2, /, c=3, *args, d, e=5, **kw): return a, b, c, args, d, e, kw
print(f(1, d=4), f(1, 9, 8, 7, 6, d=0, z=1), f(*[1, 2], d=3, **{"q": 1}), f(1, d=2, a=9, b=8), f(1, *(), **{}, d=1), f(*"ab", *"cd", d=0, **{"x": 1}, **{"y": 2}))
def g(x, y): return x - y
print(g(y=1, x=5), g(5, y=1), g(**{"x": 1, "y": 2}))
def none(): pass
def kwonly(*, k): return k
def pos(a, /): return a
def default(a, b=1): return a, b
calls = ["f()", "f(1)", "f(1, 2, 3)", "g(1)", "g(1, 2, 3)", "g(1, x=2)", "g(1, z=2)", "g()", "none(1)", "kwonly(1)", "kwonly()", "kwonly(k=1, j=2)", "pos(a=1)", "pos()", "default()", "default(1, 2, 3)", "g(*5)", "g(**5)", "g(**{1: 2})", "f(1, d=1, **{'d': 2})", "g(1, **{'x': 2})", "g(1, yy=2)", "len()", "len(1, 2)", "len(x=1)", "int('1', b=2)", "sorted()", "sorted([1], 2)", "print(sepp=1)", "max()", "max(1)", "isinstance(1)", "'a'.join()", "[].append(1, 2)", "dict(1, 2)", "None()", "5()", "'a'()", "(lambda x: x)()", "object().x()", "range(*range(9))", "pow(1)", "open()", "type()", "f.__call__()", "str.upper()", "g(1, 2, *[3])", "g(*[1], y=2, **{'y': 3})"]
for c in calls:
    try: print(c, "=", eval(c))
    except Exception as e: print(c, "->", type(e).__name__, e)
class C:
    def __init__(self, a): self.a = a
    def m(self, b): return self.a, b
    def __call__(self, *a, **k): return a, k
for c in ("C()", "C(1, 2)", "C(1).m()", "C(1).m(1, 2)", "C.m(1)", "C(b=1)", "C(1)(1, x=2)", "C(1).m(b=5)", "C.m(C(3), 4)"):
    try: r = eval(c); print(c, r if not isinstance(r, C) else "C")
    except TypeError as e: print(c, "->", e)
def order(n): print(n, end=" "); return n
def show(*a, **k): return a, k
print(show(order(1), *[order(2)], k=order(3), **{"j": order(4)}, l=order(5)))
def many(*a): return len(a)
print(many(*range(300)), many(*range(100000)), (lambda **k: len(k))(**{f"k{i}": i for i in range(300)}))
import functools, operator
p = functools.partial(f, 1, d=2); print(p(5), p(d=9, z=1), p.func is f, p.args, p.keywords, functools.partial(p, 7)(), functools.partial(g, functools.Placeholder, 1)(10))
print(operator.methodcaller("m", 4)(C(1)), operator.itemgetter(1, 0)("ab"), operator.attrgetter("a", "m.__name__")(C(2)), list(map(g, [5, 6], [1, 2])), functools.reduce(g, [10, 1, 2]))
import inspect
print(inspect.signature(f), inspect.signature(C), inspect.signature(p), inspect.signature(len), inspect.getfullargspec(f), inspect.signature(f).bind(1, d=2).arguments, sep="\n")
