print([x for x in range(5)], {x % 3 for x in range(9)}, {x: x * x for x in range(4)}, [(x, y) for x in range(3) for y in range(x)], [x for x in range(20) if x % 2 if x % 3], [[j for j in range(i)] for i in range(4)])
x = "outer"; l = [x for x in range(3)]; print(x, l)
print([y := 5, y * 2], y, [last := i for i in range(3)], last, any((hit := n) > 3 for n in [1, 5, 2]), hit)
fs = [lambda: i for i in range(3)]; print([f() for f in fs], [f(1) for f in [lambda a, i=i: a + i for i in range(3)]])
class C:
    n = 3
    a = [i for i in range(n)]
    b = [(lambda: 1)() for _ in range(2)]
    try: c = [n for _ in range(1)]
    except NameError as e: print(e)
print(C.a, C.b)
def f():
    local = 10; out = []
    r = [local + i + (lambda: local)() for i in range(2)]
    del local
    try: [local for _ in range(1)]
    except NameError as e: print(type(e).__name__, e)
    return r, [k for k in locals()]
print(f())
m = [[1, 2, 3], [4, 5, 6]]
print([list(r) for r in zip(*m)], [v for r in m for v in r], {k: [v for v in r] for k, r in zip("ab", m)}, [*map(sum, m)], sum(v for r in m for v in r), [a if a % 2 else -a for a in range(5)], [(*r, 9) for r in m], {**{k: 1 for k in "ab"}, "c": 2})
print(sorted({(a, b) for a in range(3) for b in range(3) if a != b}), [n for n in range(2, 40) if all(n % d for d in range(2, int(n**0.5) + 1))], ["".join(p) for p in ((a + b) for a in "xy" for b in "zw")])
try: [1 / 0 for _ in [1]]
except ZeroDivisionError as e: print(e.__traceback__.tb_next, e)
try: {[]: 1 for _ in [1]}
except TypeError as e: print(e)
def order(n): print(n, end=" "); return n
{order(1): order(2) for _ in range(2)}; print([order(i) for i in range(3) if order(i) != 1])
import types
def nested(): return [[(i, j, k) for k in range(2) if (i + j + k) % 2] for i in range(2) for j in range(2)]
print(nested(), [c for c in nested.__code__.co_consts if isinstance(c, types.CodeType)], [n for n, in [(1,), (2,)]], [a + b for a, (b, *c) in [(1, (2, 3, 4))]])
