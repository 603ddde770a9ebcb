"""Decimal text and binary floats: round trips, rounding of ties, formats of every width."""
import math
import random
import struct

rng = random.Random(4)
checked = 0
for _ in range(4000):
    x = struct.unpack("<d", rng.randbytes(8))[0]
    if math.isnan(x) or math.isinf(x):
        continue
    assert float(repr(x)) == x and float.fromhex(x.hex()) == x
    assert float(f"{x:.17g}") == x and float(f"{x:.16e}") == x
    assert float(str(x)) == x and eval(repr(x)) == x
    n, d = x.as_integer_ratio()
    assert n / d == x if abs(x) > 1e-290 else True
    m, e = math.frexp(x)
    assert math.ldexp(m, e) == x
    checked += 1
print(checked > 3900)
for text in ("0.5", "1.5", "2.5", "0.125", "0.375", "2.675", "1e23", "9007199254740993", "5e-324", "2.2250738585072011e-308", "1.7976931348623158e308", "0.1", "123456789.125"):
    x = float(text)
    print(text, repr(x), [round(x, n) for n in (0, 1, 2, -1)], f"{x:.0f} {x:.1f} {x:.2f} {x:.3e} {x:g} {x:.10g}")
print([round(v) for v in (0.5, 1.5, 2.5, -0.5, -1.5, 2.4999999999999996)], [round(v, 1) for v in (0.25, 0.35, 0.45, -0.25)], round(1e300, 5), round(1.5e300, -299), round(5, -1), round(15, -1))
for p in (0, 1, 5, 15, 17, 20, 30):
    print(p, f"{0.1:.{p}f}", f"{1 / 3:.{p}e}", f"{2 / 3:.{p}g}", f"{1e21:.{p}f}"[:40], "%.*f" % (p, 2.5))
print(f"{1e100:f}"[:30], f"{5e-324:.1100f}"[-30:], f"{1.7976931348623157e308:.0f}"[:20], "%g" % 1e5, "%g" % 1e-5, "%#g" % 1.0, "%#.0f" % 1.0, "%G" % 1e-10)
for x in (0.0, 1.0, 123.456, 1e6, 1e-4, 1e-5, 1e16, 123456789012345.0):
    print(x, f"{x:g}|{x:e}|{x:f}|{x:n}|{x:%}|{x:10}|{x:<10}|{x:+}|{x: }|{x:010}|{x:,}|{x:_}")
a, b, c = 0.1, 0.2, 0.3
print(a + b == c, a + b, math.isclose(a + b, c), 1e16 + 1, (a + b) + c == a + (b + c), 0.1 * 3, 1.1 + 2.2, 4.35 * 100, 1.1 * 1.1, 1 - 0.9, 1e308 * 10, -1e308 * 10, 1e-320 / 10)
ulps = [math.nextafter(1.0, 2.0), math.nextafter(1.0, 0.0), math.ulp(1.0), math.ulp(1e300), math.nextafter(0.0, 1.0), math.ulp(0.0)]
print(ulps)
print(sum([0.1] * 10), sum([0.1] * 10, start=0.0), math.fsum([0.1] * 10), sum([1e308, 1e308, -1e308]), sum([1, 0.1, True]), sum([1e16, 1, -1e16]))
h = 0.0
for k in range(1, 100000):
    h += 1.0 / k
print(h)
print(float(10**22), float(10**23), float(2**1000) == 2.0**1000, int(1e23), int(-1e15 - 0.5), 10**16 + 1.0, 3 == 3.0000000000000001, float("1" + "0" * 308), 2**0.5 * 2**0.5 - 2)
