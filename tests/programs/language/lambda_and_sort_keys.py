people = [("ann", 31, 5.4), ("bob", 25, 6.0), ("cat", 31, 5.9), ("dan", 19, 5.4)]
print(sorted(people, key=lambda p: p[1]))
print(sorted(people, key=lambda p: (-p[2], p[0])))
print(min(people, key=lambda p: p[1])[0], max(people, key=lambda p: (p[1], p[2]))[0])
print(list(map(lambda p, n=1: p[0] * n, people)), list(filter(lambda p: p[1] > 20, people))[-1])
compose = lambda *fs: lambda x: x if not fs else compose(*fs[:-1])(fs[-1](x))
print(compose(str, lambda n: n + 1, len)("four"), (lambda: None)(), (lambda *a, **k: (a, k))(1, b=2))
table = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "neg": lambda a: -a}
print(table["+"](1, 2), table["neg"](3), [f.__name__ for f in table.values()])
Y = lambda f: (lambda x: x(x))(lambda x: f(lambda *a: x(x)(*a)))
print(Y(lambda self: lambda n: 1 if n < 2 else n * self(n - 1))(10))
curry = lambda f, n: f() if n == 0 else lambda x: curry(lambda *r: f(x, *r), n - 1)
print(curry(lambda a, b, c: (a, b, c), 3)(1)(2)(3))
print((lambda x, /, y, *, z=3: x + y + z)(1, y=2), (lambda a=1, *b: (a, b))(), [(lambda i: lambda: i)(i)() for i in range(3)])
church = {n: (lambda n: lambda f: lambda x: x if n == 0 else f(church[n - 1](f)(x)))(n) for n in range(5)}
print(church[4](lambda v: v + 1)(0), church[3](lambda s: s + "a")(""))
from functools import reduce
print(reduce(lambda a, b: a * 10 + b, [1, 2, 3]), sum(map(lambda d: int(d) ** 2, "345")), any(map(lambda c: c.isdigit(), "ab1")))
words = "the quick brown fox jumps over the lazy dog".split()
groups = {}
for w in sorted(words, key=lambda w: (len(w), w)):
    groups.setdefault(len(w), []).append(w)
print(groups)
print(sorted(words, key=lambda w: w[::-1])[:4], sorted(set(words), key=lambda w: (words.index(w)))[:3])
try:
    (lambda x: x)()
except TypeError as e:
    print(e)
print(type(lambda: 0).__name__, (lambda: 0).__qualname__, (lambda x: x).__code__.co_varnames)
