"""Many frames, many arguments, many names, long expressions and large constants."""
import sys

sys.setrecursionlimit(20000)


def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


print(down(15000))


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


print(even(9000), odd(9000))


def gen(n):
    if n:
        yield n
        yield from gen(n - 1)


print(sum(gen(800)))


def ackermann(m, n):
    if m == 0:
        return n + 1
    return ackermann(m - 1, 1) if n == 0 else ackermann(m - 1, ackermann(m, n - 1))


print(ackermann(2, 60), ackermann(3, 5))
names = [f"v{i}" for i in range(600)]
source = "\n".join(f"{n} = {i}" for i, n in enumerate(names)) + "\ntotal = " + " + ".join(names)
scope = {}
exec(source, scope)
print(scope["total"])
function = "def f(" + ", ".join(names[:300]) + "):\n" + "\n".join(f" {n} += 1" for n in names[:300]) + "\n return " + " + ".join(names[:300])
exec(function, scope)
print(scope["f"](*range(300)), scope["f"](**{n: 1 for n in names[:300]}))
print(eval("[" + ",".join(map(str, range(3000))) + "]")[-1], len(eval("{" + ",".join(f"{i}: 'x{i}'" for i in range(2000)) + "}")), len(eval("(" + "1," * 5000 + ")")))
print(eval("+".join(["1"] * 2000)), eval("-" * 51 + "1"), eval("(" * 80 + "1" + ")" * 80), eval("not " * 31 + "True"))
long_if = "def g(x):\n" + "\n".join(f" {'el' if i else ''}if x == {i}: return {i * i}" for i in range(400)) + "\n return -1"
exec(long_if, scope)
print(scope["g"](0), scope["g"](399), scope["g"](400))
nested = "".join("  " * i + f"for a{i} in (1,):\n" for i in range(18)) + "  " * 18 + "print('deep', a17)"
exec(nested)
closures = "def h0(x0):\n" + "".join("  " * i + f"def h{i}(x{i}):\n" for i in range(1, 15)) + "  " * 15 + "return " + "+".join(f"x{i}" for i in range(15)) + "\n" + "".join("  " * i + f"return h{i}\n" for i in range(14, 0, -1))
exec(closures, scope)
r = scope["h0"](1)
for i in range(14):
    r = r(i)
print(r)
s = "x"
for _ in range(12):
    s = f"{s}{s}"
print(len(s), len(eval(repr(s))), eval("'" + "a" * 100000 + "'").count("a"), int("7" * 4000) % 97)
class_chain = "class C0: v = 0\n" + "".join(f"class C{i}(C{i - 1}): v{i} = {i}\n" for i in range(1, 150))
exec(class_chain, scope)
print(scope["C149"]().v, scope["C149"].v75, len(scope["C149"].__mro__))
try:
    down(10**6)
except RecursionError as e:
    print(type(e).__name__)
print(down(100))
