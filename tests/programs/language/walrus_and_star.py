import re

if (m := re.search(r"\d+", "abc 42")) and (n := int(m[0])) > 40:
    print(n, m.span())
print([y for x in range(6) if (y := x * x) % 2], y)
while (chunk := "abcdef"[:2]) and not (done := chunk == "ab"):
    pass
print(chunk, done, (a := 1, b := 2), a + b, (lambda: (z := 5) + z)())


def f(x, *, k=(default := 7)):
    return x + k


print(f(1), f((w := 3)), w, default, f(x := 10, k=(v := 1)), x, v)
first, *middle, last = range(6)
print(first, middle, last)
*head, tail = "xy"
print(head, tail)
(p, [q, *r]), s = (1, "234"), 5
print(p, q, r, s)
print([*range(2), *"ab", *{"k": 1}], (*[1], 2), {*[1], *[1, 2]}, {**{"a": 1}, "b": 2, **{"a": 3}})
print(*[1, 2], *"ab", sep="-", **{"end": "!\n"})


def args(*a, **k):
    return a, k


print(args(*range(3), **dict(x=1), y=2), args(*(), **{}), args(1, *[2], 3, *(4,), z=0, **{"q": 1}))
x = *"ab", 1
print(x)
for t in *[1], 2:
    print(t, end=" ")
print(max(*[3, 9, 4]), [[*r, 0] for r in ([1], [2])], "{} {}".format(*"ab"), print(*[]) is None)


def tail(*args):
    *_, end = args
    return end


print(tail(1, 2, 3), {**{}} == {}, [*[]] == [], (*(),) == ())
data = {"a": 1, "b": 2}
try:
    args(**data, a=3)
except TypeError as e:
    print(e)
try:
    args(*5)
except TypeError as e:
    print(e)
try:
    {**5}
except TypeError as e:
    print(e)
try:
    [*5]
except TypeError as e:
    print(e)
b = {**data, "a": 0} | {"c": 3}
print(b, list(b))
