# Two's complement without an end: the bitwise operators on negative numbers.
values = [0, 1, -1, 5, -5, 255, -256, 2**31, -(2**31), 2**70 + 3, -(2**70) - 3]
for a in values:
    print(a, ~a, a & 0xFF, a | 1, a ^ -1, a >> 3, a << 3, a.bit_length(), a.bit_count())
for a in values[5:]:
    for b in values[5:]:
        assert (a & b) + (a | b) == a + b
        assert (a ^ b) == (a | b) - (a & b)
        assert ~(a & b) == ~a | ~b
print(-1 >> 100, 1 >> 100, -(2**100) >> 99, (-(2**100) - 1) >> 100)

# Bytes and back
for n, size, order, signed in ((1024, 2, "big", False), (-1, 3, "little", True), (-128, 1, "big", True), (0, 0, "big", False)):
    b = n.to_bytes(size, order, signed=signed)
    print(b, int.from_bytes(b, order, signed=signed) == n)
for call in (lambda: (256).to_bytes(1), lambda: (-1).to_bytes(2), lambda: (1).to_bytes(2, "middle"), lambda: (128).to_bytes(1, signed=True)):
    try:
        call()
    except Exception as e:
        print(type(e).__name__, e)
print(int.from_bytes([1, 2, 3]), int.from_bytes(b""), (1000).to_bytes(2))
print((6).as_integer_ratio(), (6).numerator, (6).denominator, (6).conjugate(), (-6).is_integer())

def ones(n):
    while n:
        yield n & -n
        n &= n - 1
print(list(ones(0b1011001)))
