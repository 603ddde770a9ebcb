# int() of text, and the format language.
for text in ("42", " -17\n", "+0", "1_000_000", "0x1F", "0b101", "0o17", "٣٤", "", "-", "1__0", "_1", "12a", "0x", "1.5", "\x001"):
    for base in (10, 0):
        try:
            print(repr(text), base, int(text, base))
        except ValueError as e:
            print(repr(text), base, e)
print(int("ff", 16), int("0xff", 16), int("zz", 36), int(b"12"), int(bytearray(b"0b11"), 2), int(), int(3.99), int(-3.99))
for call in (lambda: int("1", 1), lambda: int("1", 37), lambda: int(None), lambda: int([]), lambda: int(5, 10), lambda: int(float("nan")), lambda: int(float("inf"))):
    try:
        call()
    except Exception as e:
        print(type(e).__name__, e)
n = 1234567
for spec in ("", "d", ",", "_", "10", "<10|", "^11", "=+10", "010", "x", "#x", "#X", "#o", "#b", "_b", "e", ".2f", ",.1f", "%", "c", "n", "*^15,", "z", "+", " ", ".3", "s", "q", ",x"):
    try:
        print(repr(spec), repr(format(n, spec)))
    except (ValueError, OverflowError) as e:
        print(repr(spec), type(e).__name__, e)
print(f"{65:c}{0x1F600:c} {-5:05d} {-5:=5} {True:d} {True} {255:08b} {10**20:,}")
print("%d %i %5d|%-5d|%05d %+d % d %x %#X %o %c %s %r" % (1, 2, 3, 4, 5, 6, 7, 255, 255, 8, 65, 9, 10))
import sys
print(sys.get_int_max_str_digits())
try:
    int("1" * 5000)
except ValueError as e:
    print(e)
try:
    str(10**5000)
except ValueError as e:
    print(e)
class Index:
    def __index__(self): return 7
class Int:
    def __int__(self): return 8
class Bad:
    def __int__(self): return "no"
print(int(Index()), int(Int()), int("11", Index()), [1, 2, 3][Index() - 5 if False else -1])
try:
    int(Bad())
except TypeError as e:
    print(e)
