# Numbers of many digits: products, powers, division, conversion, roots.
import math

a = 3**500
b = 7**400 + 12345
print(a * b % (10**20), len(str(a * b)))
print((a * b) // b == a, (a * b + 17) % b)
print(str(a)[:30], str(a)[-30:])
f = math.factorial(1000)
print(len(str(f)), str(f)[:25], f % 1000003)
print(hex(2**200 - 1), bin(2**70 + 5), oct(8**25 - 1))

# A power by squaring, and modulo
print(pow(3, 10**18, 10**9 + 7), pow(12345678901234567890, 987654321, 2**127 - 1))
print(pow(3, -1, 11), pow(65537, -3, 2**61 - 1))
try:
    pow(6, -1, 9)
except ValueError as e:
    print(e)

# Karatsuba territory: (2^n - 1)^2 == 2^2n - 2^(n+1) + 1
for n in (1000, 5000, 20000):
    m = (1 << n) - 1
    print(n, m * m == (1 << 2 * n) - (1 << n + 1) + 1, (m * m).bit_count())

n = 10**50 + 151
print(math.isqrt(n), math.isqrt(n * n), math.isqrt(n * n - 1) == n - 1)
print(math.gcd(2**100 * 3**50, 6**60) == 2**60 * 3**50, math.lcm(12, 18, 10**20))
print(int("123456789" * 20) % 97, int("z" * 30, 36) == 36**30 - 1, int("-0b1" + "01" * 40, 0))
print((-(10**40)).to_bytes(20, "big", signed=True).hex(), int.from_bytes(b"\xff" * 17, "little"))
print(float(10**300), 10**300 / 10**299, (2**1023 + 2**970) / 2**1023)
try:
    float(10**400)
except OverflowError as e:
    print(e)
print(10**400 / 10**399, 2**53 + 1 == float(2**53 + 1), hash(2**61 - 1), hash(-(2**61)), hash(10**30))
