# Numbers of different types that are equal hash alike and find each other in dicts.
from decimal import Decimal
from fractions import Fraction
same = [1, 1.0, True, 1 + 0j, Fraction(1), Decimal(1)]
print(all(a == b for a in same for b in same), len({hash(x) for x in same}), len(set(same)), {1: "a", True: "b", 1.0: "c"})
for n in (0, 1, -1, -2, 2**61 - 1, 2**61, -(2**61) + 1, 10**20, -(10**20), 2**64, 7**50):
    print(n, hash(n), hash(float(n)) == hash(n) if float(n) == n else "inexact")
print(2**53 == 2.0**53, 2**53 + 1 == 2.0**53, 2**53 + 1 > 2.0**53, 10**400 > float("inf"), 10**400 > 1e308, -(10**400) < -1e308)
print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 >= 2 != 1, (1 < 2) == True)
class Meter(int):
    def __repr__(self): return f"{int(self)}m"
    def __add__(self, other): return Meter(int(self) + other)
m = Meter(5)
print(m, m + 1, 1 + m, type(1 + m).__name__, [m], {m: 1}[5], m == 5, m * 2, sorted([Meter(3), 1, Meter(2)]))
for a, b in ((1, "1"), (1, None), (1, [1]), (2, 1j)):
    print(a == b, a != b, end=" ")
    try:
        a < b
    except TypeError as e:
        print(e)
a, b = 256, 255 + 1
print(a is b, int("256") is b, max(3, 1, 2), min(3, -1, 2), max([1, 5, 2], key=lambda x: -x), max([], default="none"), sum(range(101)), sum([[1], [2]], []))
print(round(12345, -2), round(15, -1), round(25, -1), round(-35, -1), round(5), round(10**20 + 55, -2), abs(-(10**20)))
