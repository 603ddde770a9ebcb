import cmath, math
z, w = 3 + 4j, 1 - 2j
print(z + w, z - w, z * w, z / w, z**2, z**-1, z**0.5, -z, +z, abs(z), z.conjugate(), z.real, z.imag)
print(z == 3 + 4j, z != w, z == complex(3, 4), 3 + 0j == 3, bool(0j), hash(3 + 0j) == hash(3), hash(z))
for v in (0j, -0j, 1j, -1j, 1 + 0j, complex(-0.0, -0.0), complex("nan"), complex(math.inf, -math.inf), 1e50 + 1e-50j, complex(1.5, -2)):
    print(repr(v), str(v), v == v)
for t in ("1+2j", " 1-2j ", "j", "-j", "3", "1e3-1e-3j", "(1+2j)", "1 + 2j", "1+2", "", "infj", "nan+infj", "1_0j"):
    try:
        print(repr(t), complex(t))
    except ValueError as e:
        print(repr(t), e)
for op in ("z < w", "z // w", "z % w", "int(z)", "float(z)", "z / 0", "0j ** -1", "complex('1', 2)", "complex(1, '2')", "complex(None)"):
    try:
        print(op, eval(op))
    except Exception as e:
        print(op, type(e).__name__, e)
print(f"{z:.2f} {z:g} {z:>15} {z!r:>10} {1234.5j:,.1f} {z:+.1e}")
print(cmath.sqrt(-1), cmath.exp(1j * math.pi).real, cmath.phase(-1), cmath.polar(1j), cmath.rect(2, math.pi / 2).imag, cmath.log(-1).imag)
print(cmath.isclose(cmath.sin(1j).imag, math.sinh(1)), cmath.isnan(complex("nan")), cmath.isinf(complex(0, math.inf)), cmath.cos(0), cmath.atanh(0.5))
class C:
    def __complex__(self): return 2 + 1j
print(complex(C()), complex(C()) + 1, complex(2.5), complex(real=1, imag=2), complex.from_number(3))
