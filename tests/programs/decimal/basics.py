from decimal import *
D = Decimal
print(D("0.1") + D("0.2"), D(1) / D(7), D("1.10") * 3, D("1E+3"), D(0.1), D("-0"), D("NaN"), D("Infinity"), D(10) ** -2, D(2).sqrt(), D("1.23456").quantize(D("0.01")), D("7") // 2, D("-7") % 3, divmod(D(7), D(2)), D("1e2") == 100, D("1.0") == D("1.00"), hash(D("1.5")) == hash(1.5), repr(D("1.50")), D((1, (1, 2, 3), -2)), D("123").as_tuple(), D("1.5").as_integer_ratio(), D("100").normalize(), D("3.7").to_integral_value(), int(D("3.9")), float(D("0.5")), round(D("2.675"), 2), round(D("2.5")), D("1.5").compare(D("2")), D(2).exp(), D(10).ln(), D(1000).log10(), max(D(1), D(2)), D("5").adjusted(), D("1.20").is_zero(), D("1_000.5"), sep="\n")
for mode in (ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP): print(mode, [str(D(x).quantize(D(1), rounding=mode)) for x in ("1.5", "2.5", "-1.5", "1.1", "-1.9")])
with localcontext(prec=5) as c: print(D(1) / 3, D("123456.7") + 0, c.prec)
for spec in ("", ".2f", "e", "10.1f", ",", "+", "%", "g", "<8", "08.2f", ",.3f"): print(spec, format(D("1234.5678"), spec))
for call in (lambda: D(1) / 0, lambda: D(0) / 0, lambda: D("x"), lambda: D("sNaN") + 1, lambda: D(-1).sqrt(), lambda: D(1) + 1.5, lambda: D("1e999999") * D("1e999999"), lambda: D(1) < 1.5, lambda: D("NaN") < 1, lambda: D("NaN") == D("NaN"), lambda: D([]), lambda: D(1).quantize(D("1e-50")), lambda: int(D("NaN")), lambda: D("Infinity") - D("Infinity"), lambda: hash(D("sNaN"))):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
c = Context(prec=3, traps=[]); print(c.divide(1, 0), c.flags[DivisionByZero], c.create_decimal("3.14159"), getcontext().prec, c.sqrt(2), c)
print(sum([D("0.1")] * 10), D("1.1").copy_negate(), D(5) & D(1) if False else D("1010").logical_and(D("1100")), D("12.34").shift(1), D("1.5").next_plus(), D("-3").copy_abs(), D(7).fma(2, 3), D("1E-5"), D("0.00001"), D("1e-7"), D("1.0E+5").to_eng_string(), __import__("pickle").loads(__import__("pickle").dumps(D("1.50"))))
