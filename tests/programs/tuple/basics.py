t = (1, "a", 2.5)
print(t, len(t), t[0], t[-1], t[1:], t + (4,), t * 2, "a" in t, t.index("a"), t.count(1), (), (1,), tuple("abc"), tuple([1]), tuple(t) is t, t[:] is t, t[:0] is tuple())
print((1, 2) < (1, 3), (1,) < (1, 0), (1, "x") == (1, "x"), hash((1, 2)) == hash((1, 2)), (1, [2])[1], ((1, 2), (3,))[0][1], sorted([(2, "b"), (1, "z"), (2, "a")]), max((1, 9), (2, 0)))
a, b = 1, 2; a, b = b, a; (c, d), e = (3, 4), 5; f, *g = "xyz"; *h, i = range(4); j, *k, l = (1, 2); (m,) = [7]; [n, o] = {"p": 1, "q": 2}
print(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)
x = y = [0]; x.append(1); i = 0; i, lst = 1, [0, 0]; i = 0; i, lst[i] = 1, 5; print(y, i, lst)
for stmt in ("a, b = 1", "a, b = 1, 2, 3", "a, b, c = 'xy'", "a, *b, c = [1]", "(1, 2)[5]", "t['a']", "(1,) + [2]", "t[0] = 1", "del t[0]", "(1, 2).index(9)", "hash(([],))", "(1,) < ('a',)", "tuple(5)", "a, b = None", "tuple(1, 2)", "a, b = iter([1])", "a, b = {1: 2}.items()"):
    try:
        exec(stmt); print(stmt, "ok")
    except Exception as ex:
        print(stmt, "->", type(ex).__name__, ex)
lst = ([1], 2)
try: lst[0] += [9]
except TypeError as ex: print(ex, lst)
def multi(): return 1, 2
def star(*args): return args
print(multi(), star(*multi(), 3, *[4, 5]), star(), (*"ab", *range(2)), *multi(), sep=" ")
class T(tuple):
    def __new__(cls, *a): return super().__new__(cls, a)
    def __repr__(self): return "T" + super().__repr__()
print(T(1, 2), T(1) + (2,), T(1, 2)[0], T(1) == (1,), type(T(1)[:]).__name__, {T(1): 1}[(1,)])
from collections import namedtuple
P = namedtuple("P", "x y z", defaults=[0]); p = P(1, y=2)
print(p, p.x, p[1], p._replace(x=9), p._asdict(), P._fields, P._field_defaults, P._make([1, 2, 3]), p == (1, 2, 0), *p, sep="; ")
for call in (lambda: P(1), lambda: P(1, 2, 3, 4), lambda: p._replace(q=1), lambda: namedtuple("Q", "a a"), lambda: namedtuple("Q", "def"), lambda: setattr(p, "x", 2)):
    try: call()
    except Exception as ex: print(type(ex).__name__, ex)
