"""Functions, classes, closures and constants."""
import os.path as path
from collections import *

BIG = 123456789012345678901234567890
NEGATIVE = -98765432109876543210
CONSTANTS = (1, 1.0, True, None, ..., 2j, -0.0, 1e100, b"bytes", "é", "\ud800", "a b", (1, (2, "nested")))
NAMES = {"x", "y"} if "a" in {"a", "b c"} else frozenset()


def outer(a, /, b=1, *args, c, d=2, **kwargs):
    "Documented."
    total = a + b

    def inner(x):
        nonlocal total
        total += x
        return lambda: (total, a, x)

    del b
    return inner(c)[1:2], inner, args[::-1], kwargs["k"]


class Base(metaclass=type):
    attribute: int = 1
    if BIG:
        other: str

    def method(self):
        return super().method(), __class__

    @property
    def value(self): return self._value


def calls(f, *a, **k):
    f(1, x=2)
    f(*a, **k)
    f(*a, 1, *a, y=3, **k, **k)
    f.method(a).other.attribute = k
    return f"{a!r:>{k}} {f}" + t"{a!s} {k:x}"


def comparisons(a, b):
    assert a < b <= 3 != 4, "message"
    if a is b or a in b and not (a == b):
        return a if a else b
    return not a, ~a, -a, +a, a @ b, a // b


def many_locals(x):
    a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = a8 = a9 = a10 = a11 = a12 = a13 = a14 = a15 = x
    b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = b8 = b9 = b10 = b11 = b12 = b13 = b14 = b15 = x
    c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = c8 = c9 = c10 = c11 = c12 = c13 = c14 = c15 = x
    d0 = d1 = d2 = d3 = d4 = d5 = d6 = d7 = d8 = d9 = d10 = d11 = d12 = d13 = d14 = d15 = x
    if x:
        e0 = 1
        e1 = e0
    return e0, e1, d15, lambda: d14
