"""Identities of integers of random sizes, conversions at every base, shifts and bytes."""
import random

rng = random.Random(17)
count = 0
for _ in range(800):
    a, b, c = (rng.choice([-1, 1]) * rng.getrandbits(rng.choice([1, 8, 29, 30, 31, 59, 60, 61, 64, 120, 500, 3000])) for _ in range(3))
    assert (a + b) - b == a and a - b == -(b - a)
    assert a * (b + c) == a * b + a * c and (a + b) ** 2 == a * a + 2 * a * b + b * b
    if b:
        q, r = divmod(a, b)
        assert q * b + r == a and abs(r) < abs(b) and (r == 0 or (r < 0) == (b < 0))
        assert a // b == q and a % b == r
    k = rng.randrange(200)
    assert a << k == a * 2**k and a >> k == a // 2**k
    assert (a & b) | (a ^ b) == a | b and ~a == -a - 1 and a ^ b ^ b == a
    assert int(str(a)) == a and int(hex(a), 16) == a and int(bin(a), 0) == a and int(oct(a), 8) == a
    size = a.bit_length() // 8 + 1
    for order in ("big", "little"):
        assert int.from_bytes(a.to_bytes(size, order, signed=True), order, signed=True) == a
    assert a.bit_length() == len(bin(abs(a))) - 2 or a == 0
    assert (a < b) == (a - b < 0) and (a == b) == (a - b == 0)
    assert hash(a) == (1 if a >= 0 else -1) * (abs(a) % (2**61 - 1)) or hash(a) == -2
    m = abs(c) + 1
    assert pow(abs(a), 5, m) == abs(a) ** 5 % m
    try:
        assert abs(float(a) - a) <= abs(a) * 2**-53
    except OverflowError:
        assert abs(a) > 2**1023
    count += 1
print(count)
x = 1
for n in range(1, 400):
    x *= n
print(x % (10**9 + 7), len(str(x)), x.bit_length())
for n in range(399, 0, -1):
    x //= n
print(x)
digits = "0123456789abcdefghijklmnopqrstuvwxyz"
for base in range(2, 37):
    n = 123456789012345678901234567890
    text, m = "", n
    while m:
        m, d = divmod(m, base)
        text = digits[d] + text
    assert int(text, base) == n and int("-" + text.upper(), base) == -n
print(text)
small = [int(str(i)) for i in (-5, 256)]
print(small, sum(1 for i in range(1000) if i.bit_count() == 5), [n for n in range(50) if n & n - 1 == 0])
