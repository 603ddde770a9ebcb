a = b = c = 5
print(a, b, c)
a, b = b, a + 1
print(a, b)
(a, b), [c, (d, e)] = (1, 2), (3, "45")
print(a, b, c, d, e)
[a, *b] = {"x": 1, "y": 2}
print(a, b)
a, *_, b = range(100)
print(a, b, len(_))
*a, = "abc"
print(a)
x = [0, 1, 2]
i = 0
i, x[i] = 2, 9
print(i, x)
x[0], x[1], x[2] = x[2], x[0], x[1]
print(x)


class T:
    pass


t = T()
t.a, t.b = "pq"
(t.c, *t.d), x[0] = (1, 2, 3), "first"
print(vars(t), x)
order = []


def target(n):
    order.append(f"target {n}")
    return x


def source(n):
    order.append(f"source {n}")
    return n


target(1)[0], target(2)[1] = source(5), source(6)
print(order, x)
a = b = order.clear() or []
a.append(1)
print(b)
for bad in ("a, b = 1, 2, 3", "a, b = [1]", "a, *b, c = 'x'", "a, b = 5", "(a, b), c = 1, 2", "a, b = {}", "a, b = iter('abc')", "*a, b = ()"):
    try:
        exec(bad)
    except (ValueError, TypeError) as e:
        print(bad, "->", type(e).__name__, e)
for bad in ("*a, *b = 1, 2", "*a = 1", "a + 1 = 2", "f() = 1", "(a, 1) = x", "a = 1 = b", "[x for x in y] = 1", "a, b += 1", "a: int, b: int = 1, 2", "x if y else z = 1", "'a' = 1", "{} = 1", "lambda: 1 = 2", "... = 1", "a.b() = 1", "-a = 1", "not a = 1", "a < b = 1", "f'{a}' = 1", "yield = 1", "(yield) = 1", "import = 1", "__debug__ = 1", "x.__debug__ = 1", "def f(__debug__): pass"):
    try:
        compile(bad, "", "exec")
        print(bad, "compiles")
    except SyntaxError as e:
        print(bad, "->", e.msg)
n: int = 5
m: "undefined name"
t.z: int = 6
x[0]: str = "annotated"
(k): int = 7
print(n, t.z, x[0], k, "m" in globals(), __annotate__(1).keys() if False else "")
swap = {"a": 1, "b": 2}
swap["a"], swap["b"] = swap["b"], swap["a"]
print(swap)
head, *tail = iter([1, 2, 3])
print(head, tail)
