"""Integer and float arithmetic in loops, comparisons, while and for."""
total = 0
for i in range(2_000_000):
    if i % 3 == 0:
        total += i & 7
    else:
        total -= 1
x = 0.0
i = 0
while i < 1_000_000:
    x = x * 0.5 + i * 1.25
    i += 1


def local(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, (a + b) % 1_000_003
    return a


local(1_000_000)
