x = "module"


def f():
    x = "function"

    class C:
        x = "class"
        a = [x for _ in range(1)]
        b = [y for y in x]
        c = (lambda: x)()
        d = [x for x in range(2)]
        e = {x: (lambda: x)() for _ in "q"}
        f = x

        def method(self):
            return x, [x for _ in range(1)], [x for x in "ab"], __class__.__name__

    return C, x


C, outer = f()
print(C.a, C.b, C.c, C.d, C.e, C.f, C().method(), outer)


def g(n):
    fs = [lambda k: (i, j, k, n) for i in range(2) for j in range(2)]
    gs = [(lambda i=i: [i * k for k in range(i)]) for i in range(4)]
    return [h(9) for h in fs], [h() for h in gs]


print(g("n"))


def h():
    total = 0

    def add(v):
        nonlocal total
        total += v
        return total

    acc = [add(v) for v in range(5)]
    squares = {v: [add(w) for w in range(v)] for v in range(3)}
    return acc, squares, total, [t for t in (total, locals()["total"])]


print(h())
def k():
    try:
        return [undefined for undefined in [1] if missing]
    except NameError as e:
        return str(e)
print(k())
def shadow(list, range=range):
    return [list for list in range(list)], list
print(shadow(3))
def walrus():
    any((hit := v) > 2 for v in range(10))
    evens = [last := v for v in range(10) if v % 2 == 0]
    return hit, last, evens
print(walrus())
def leaking():
    i = "kept"
    [i for i in range(3)]
    {i for i in range(3)}
    list(i for i in range(3))
    return i
print(leaking(), x)
matrix = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
print([[row[i] for row in matrix] for i in range(3)], [x for row in matrix for x in row if x % 2], {(r, c): v for r, row in enumerate(matrix) for c, v in enumerate(row) if r == c})
print([(a, b, c) for a in range(1, 20) for b in range(a, 20) for c in range(b, 20) if a * a + b * b == c * c])
print([f"{i}{j}" for i in "ab" if i != "c" for j in (i.upper(), i * 2) if j], [*(x * 2 for x in (y + 1 for y in (1, 2)))])
def gen_in_comp():
    return [next(it) for it in [iter(range(k, 9)) for k in range(3)] for _ in range(2)]
print(gen_in_comp())
try:
    [a for a in 5]
except TypeError as e:
    print(e)
try:
    [a for a, b in [(1, 2, 3)]]
except ValueError as e:
    print(e)
def until(n):
    return [v for v in iter(lambda c=iter(range(n)): next(c, None), None)]
print(until(4), sum(v for v in (w for w in range(5)) if v), max([v for v in "abc"], key=lambda v: -ord(v)))
class Lazy:
    items = [1, 2]
    pairs = [(a, b) for a in items for b in (lambda: [3])()]
    try:
        bad = [a for a in range(2) if a in items]
    except NameError as e:
        bad = type(e).__name__
print(Lazy.pairs, Lazy.bad)
