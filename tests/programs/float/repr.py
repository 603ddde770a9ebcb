# The shortest text that reads back as the same number.
values = [0.0, -0.0, 1.0, 0.1, 0.2, 0.1 + 0.2, 1 / 3, 2 / 3, 1e16, 1e15, 123456789012345678.0, 1e22, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308,
          2.5, 1e100, 9007199254740993.0, 4.35, 0.00001234, 100000.0, float("inf"), float("-inf"), float("nan")]
for v in values:
    text = repr(v)
    print(text, str(v) == text, float(text) == v, v.hex())
for spec in ("", "f", ".0f", ".3f", "e", ".2e", "g", ".3g", "%", ".1%", "10.2f", "<10.2f", "+.1f", "010.2f", ",.2f", "_.4f", "#.0f", "G", "n", "z.1f", ".17g", "E"):
    print(spec, [format(v, spec) for v in (3.14159, -0.04, 1234567.891, 1e10)])
print("%f %.2f %e %g %G %10.3f|%-10.1f|%+.1f" % (1.5, 2.675, 12345.678, 0.0001, 1e-10, 3.14159, 2.5, 1.0))
for text in ("1.5", " 1e3 ", "-.5", "1_0.5", "inf", "-Infinity", "nan", "1e400", "1e-400", "0x1p3", "", ".", "1.5.2", "1e", "١٫٥", "1__0"):
    try:
        print(repr(text), float(text))
    except ValueError as e:
        print(e)
for h in ("0x1.8p1", "-0x.1p-4", "0x1.fffffffffffffp1023", "inf", "1", "0x1p-1074", "0x1p1024", "0x1.8p-1075", "x"):
    try:
        print(h, float.fromhex(h))
    except (ValueError, OverflowError) as e:
        print(h, type(e).__name__, e)
print(float(), float(3), float("3"), float(b"2.5"), float(True), 1e3.is_integer(), (0.75).as_integer_ratio(), (2.0).__int__(), 7.9.__trunc__())
