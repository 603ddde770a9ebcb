"""Formatted output: tables, alignment, numbers, dates, nested specs, templates."""
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

rows = [("apple", 3, 0.5, True), ("banana €", 12, 0.25, False), ("kiwi 😀", 1000000, 12.3456789, None)]
widths = [max(len(str(r[i])) for r in rows) for i in range(4)]
print("+".join("-" * (w + 2) for w in widths))
for r in rows:
    print("|".join(f" {c!s:{'<' if isinstance(c, str) else '>'}{w}} " for c, w in zip(r, widths)))
for name, n, price, ok in rows:
    print(f"{name:<10.6}|{n:>12,}|{n:_}|{price:8.2f}|{price:.3e}|{price:%}|{ok!s:^7}|{n:#x}|{n:+d}|{n * price:012,.1f}|")
value, width, places = 1234.56789, 14, 3
print(f"{value:{width}.{places}f}|{value:<{width}}|{value:*^{width + 4}.{places - 1}e}|{value!r:>{width}}|{'x' * places:{'-'}^{9}}")
print(f"{value = :.2f} {width*2 = } {places=!r:>5} {rows[0][0] = !s} { value  =}")
print(f"{datetime(2024, 2, 29, 5, 6):%d.%m.%Y %H:%M} {datetime(2024, 2, 29):%A the %d} {Decimal('1234.5'):>10,.2f} {Fraction(1, 3):.4f} {2 + 3j:.1f} {True:5} {None!s:5}| {[1, 2]!s:>8}")
print(f"{'nested'!r:{'>'}{f'{5 + 5}'}}", f"{{literal}} {{{value:.0f}}}", f"{(lambda v: f'<{v}>')(1)}", f"{ {'a': 1}['a'] }", f"{'a' if value else 'b'}", f'{"double"} {'single'}', f"""{
    width
    + places
}""")
print(f"{1_000_000:,} {0.1 + 0.2:.17f} {1e-10:g} {1e10:g} {123456789:g} {float('inf'):f} {-0.0:+.1f} {5:b} {5:08b} {65:c} {-7:=+6d} {255:#o} {1.0:n} {3.0} {3.10} {1e16} {12345678.9:.3g}")


class Money:
    def __init__(self, amount):
        self.amount = amount

    def __format__(self, spec):
        currency, _, rest = spec.partition(":")
        return f"{currency or 'EUR'} {self.amount:{rest or '.2f'}}"


print(f"{Money(5)} {Money(5):USD} {Money(5):CHF:08.3f} {Money(5):{'GBP'}:{'.1f'}}", format(Money(1), "JPY:.0f"), "{:X}".format(Money(2)))
print("{0:>{w}}|{1:{f}^{w}}|{0!r}".format("a", "b", w=5, f="*"), "{a[0]}{a[k]}{b.real}".format(a={0: "z", "k": "y"}, b=4), "%-8s|%8.3f|%+05d|%x|%%|%5.1f%%" % ("left", 3.14159, 42, 255, 99.5))
for bad in ("{:d}", "{:.2d}", "{:,s}", "{:10q}", "{:.}", "{:=s}", "{:_,}", "{:0x}"):
    for v in (5, 1.5, "s"):
        try:
            bad.format(v)
        except ValueError as e:
            print(bad, repr(v), e)
