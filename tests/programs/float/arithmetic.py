import math
inf, nan = math.inf, math.nan
print(inf - inf, inf * 0, nan == nan, nan != nan, nan < 1, nan in [nan], [nan] == [nan], min(nan, 1), min(1, nan))
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(-7.5, 2), 5 % inf, -5 % inf, 0.0 % -1, math.fmod(-7.5, 2))
for op in ("1.0 / 0", "1.0 // 0", "1.0 % 0", "divmod(1.0, 0)", "0.0 ** -1", "inf % 1", "(-8.0) ** (1/3)", "2.0 ** 2000", "10.0 ** 308 * 10", "float('1e400') - 1", "0.0 ** 0", "1 ** nan", "nan ** 0", "(-1) ** inf", "-2.0 ** 2"):
    try:
        print(op, "=", eval(op))
    except Exception as e:
        print(op, type(e).__name__, e)
for x in (0.5, 1.5, 2.5, -0.5, -1.5, 2.675, 1e16 + 1, 1234.5678):
    print(x, round(x), round(x, 2), round(x, -2), math.floor(x), math.ceil(x), math.trunc(x), int(x))
print(sum([0.1] * 10), math.fsum([0.1] * 10), sum([1e16, 1.0, -1e16]), sum([0.1, 0.2, 0.3], 0.0))
print(math.copysign(1, -0.0), -0.0 == 0.0, math.copysign(0.0, -1), math.nextafter(1, 2), math.ulp(1.0), math.isclose(0.1 + 0.2, 0.3))
print(math.hypot(3, 4), math.hypot(1, 2, 2), math.dist((0, 0), (3, 4)), math.ldexp(0.5, 4), math.frexp(10.0), math.modf(-2.75), math.remainder(7, 4))
print(math.sqrt(2), math.cbrt(27), math.exp(1), math.log(10), math.log2(8), math.log10(1000), math.log(8, 2), math.log1p(1e-10), math.expm1(1e-10))
print(math.sin(1), math.cos(1), math.tan(1), math.atan2(1, -1), math.degrees(math.pi), math.radians(180), math.gamma(5), math.lgamma(10), math.erf(0.5))
print(math.comb(10, 3), math.perm(10, 3), math.prod([1.5, 2, 3]), math.sumprod([1, 2], [3.5, 4]), math.fma(2.0, 3.0, 1.0))
for call in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.factorial(-1), lambda: math.exp(1000), lambda: math.acos(2), lambda: math.factorial(1.5), lambda: round(inf), lambda: round(nan), lambda: math.floor(inf)):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
print(hash(0.5), hash(1e300), hash(inf), hash(-inf), hash(-0.0), hash(1.1))
