"""Roots of polynomials, the unit circle, and powers, to a few digits; exact results to the last bit."""
import cmath
import math

def horner(coeffs, z):
    out = 0j
    for c in coeffs:
        out = out * z + c
    return out


def durand_kerner(coeffs, steps=200):
    n = len(coeffs) - 1
    roots = [(0.4 + 0.9j) ** k for k in range(n)]
    for _ in range(steps):
        for i, r in enumerate(roots):
            d = 1
            for j, s in enumerate(roots):
                if i != j:
                    d *= r - s
            roots[i] = r - horner(coeffs, r) / d
    return sorted(roots, key=lambda z: (round(z.real, 6), round(z.imag, 6)))


def clean(z, digits=6):
    re, im = round(z.real, digits) + 0.0, round(z.imag, digits) + 0.0
    return f"{re:g}{im:+g}j"


print([clean(r) for r in durand_kerner([1, -6, 11, -6])], [clean(r) for r in durand_kerner([1, 0, 0, 0, -1])], [clean(r) for r in durand_kerner([1, 0, 1])])
for n in (1, 2, 3, 4, 6, 8):
    print(n, [clean(cmath.exp(2j * math.pi * k / n)) for k in range(n)])
for z in (1 + 1j, -2.5 + 0.5j, 3 - 4j, -1 - 1j, 0.001j):
    r, phi = cmath.polar(z)
    assert abs(cmath.rect(r, phi) - z) < 1e-12
    assert abs(cmath.exp(cmath.log(z)) - z) < 1e-12
    assert abs(cmath.sqrt(z) ** 2 - z) < 1e-12
    assert abs(cmath.sin(z) ** 2 + cmath.cos(z) ** 2 - 1) < 1e-12
    assert abs(z * z.conjugate() - abs(z) ** 2) < 1e-12 and z / z == 1
    print(clean(z), clean(z**2), clean(z**-1), clean(z**0.5), f"{r:.6f} {phi:.6f}", clean(cmath.tanh(z)), clean(cmath.asin(z)))
print((1 + 2j) * (3 - 4j), (1 + 2j) / (3 - 4j), (1 + 2j) ** 2, (1 + 2j) ** 3, 1j**2, 1j**4, (2 + 0j) ** 10, 0j**0, 2 ** (1 + 0j), (1 + 1j) - 1, 5 - 2j, 5 * 2j, 3 / (1 + 1j))
inf, nan = math.inf, math.nan
for z in (complex(inf, 1), complex(-inf, nan), complex(0.0, -0.0), complex(-0.0, 0.0), complex(nan, nan), complex(1e308, 1e308)):
    print(z, -z, z == z, cmath.isnan(z), cmath.isinf(z), cmath.isfinite(z), z.conjugate(), bool(z))
for f in (lambda: abs(complex(1e308, 1e308)), lambda: (1e200 + 1j) ** 2, lambda: cmath.log(0), lambda: 1j / 0, lambda: 0j**-1, lambda: cmath.exp(complex(1e4, 0)), lambda: cmath.atanh(1), lambda: 1j < 2j, lambda: 1j // 1, lambda: int(1j), lambda: round(1j), lambda: math.sin(1j), lambda: complex("1+"), lambda: pow(1j, 2, 3), lambda: range(1j)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
z = 1 + 2j
for bad in ("real", "imag"):
    try:
        setattr(z, bad, 5)
    except AttributeError as e:
        print(e)
print(sum([1j, 2, 3.5]), sorted([3 + 1j, 1 + 5j], key=abs), {1 + 0j: "one"}[1], hash(1j) == hash(complex(0, 1)), 1 + 0j in [1], complex(True), complex("  -1e-3j "), repr(-(1j)), repr(complex(0, -1)), str(1e20 + 1e-20j))
