# Division rounds down, the remainder takes the divisor's sign, on small and large operands alike.
pairs = [(7, 2), (-7, 2), (7, -2), (-7, -2), (0, 5), (10**30, 7), (-10**30, 7), (10**30, -10**15 - 1)]
for a, b in pairs:
    q, r = divmod(a, b)
    print(a, b, q, r, a // b == q, a % b == r, q * b + r == a, a / b)

for op in (lambda: 1 // 0, lambda: 1 % 0, lambda: divmod(1, 0), lambda: 1 / 0, lambda: 0**-1, lambda: pow(2, 3, 0)):
    try:
        print(op())
    except (ZeroDivisionError, ValueError) as e:
        print(type(e).__name__, e)

# Around the 30-bit digits and the 64-bit words.
for bits in (29, 30, 31, 59, 60, 61, 62, 63, 64, 65, 89, 90, 91):
    n = 1 << bits
    print(bits, n - 1 + 1 == n, -n + n, (n - 1) * (n + 1) == n * n - 1, n >> bits, (n - 1).bit_length(), n ^ (n - 1) == 2 * n - 1)

print(5 + True, True + True, True * 3, -True)
print(int.__add__(3, 4), int.__add__(3, 4.0), (3).__radd__(4))
x = 10
x += 5; x -= 3; x *= 7; x //= 4; x %= 13; x **= 3; x <<= 2; x >>= 1; x |= 1; x &= 0xFF; x ^= 0x0F
print(x)
for bad in ("1 + '1'", "'1' + 1", "1 - None", "2 ** 'a'", "[] // 2", "-'a'", "~1.5", "1 << 1.0", "1 << -1", "5 .real.x"):
    try:
        eval(bad)
    except Exception as e:
        print(type(e).__name__ + ":", e)
