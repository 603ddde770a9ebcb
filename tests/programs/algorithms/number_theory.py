"""Number theory: sieve, factors, primality, digits of pi and e, perfect numbers, continued fractions."""
from fractions import Fraction
from itertools import count, islice, takewhile


def sieve(n):
    flags = bytearray([1]) * (n + 1)
    flags[:2] = b"\0\0"
    for i in range(2, int(n**0.5) + 1):
        if flags[i]:
            flags[i * i :: i] = bytes(len(range(i * i, n + 1, i)))
    return [i for i, f in enumerate(flags) if f]


def primes():
    composites = {}
    for n in count(2):
        if (p := composites.pop(n, None)) is None:
            yield n
            composites[n * n] = n
        else:
            m = n + p
            while m in composites:
                m += p
            composites[m] = p


def miller_rabin(n):
    if n < 2 or n % 2 == 0:
        return n == 2
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    for a in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        if a % n == 0:
            continue
        x = pow(a, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def factors(n):
    out = {}
    for p in takewhile(lambda p: p * p <= n, primes()):
        while n % p == 0:
            out[p] = out.get(p, 0) + 1
            n //= p
    if n > 1:
        out[n] = out.get(n, 0) + 1
    return out


def pi_digits():
    q, r, t, k, n, l = 1, 0, 1, 1, 3, 3
    while True:
        if 4 * q + r - t < n * t:
            yield n
            q, r, n = 10 * q, 10 * (r - n * t), (10 * (3 * q + r)) // t - 10 * n
        else:
            q, r, t, k, n, l = q * k, (2 * q + r) * l, t * l, k + 1, (q * (7 * k + 2) + r * l) // (t * l), l + 2


print(len(sieve(10000)), sieve(50), list(islice(primes(), 15)))
print([n for n in range(2, 60) if miller_rabin(n)] == sieve(60)[: len([n for n in range(2, 60) if miller_rabin(n)])])
print(miller_rabin(2**127 - 1), miller_rabin(2**127 + 1), miller_rabin(561), factors(360), factors(1000001), factors(97))
print("".join(map(str, islice(pi_digits(), 100))))
x = Fraction(0)
for k in range(25, 0, -1):
    x = Fraction(1, 1) / (k + x) if k else x
print(x.numerator % 10**10, float(x))
print([n for n in range(2, 500) if sum(d for d in range(1, n) if n % d == 0) == n])


def collatz(n):
    steps = 0
    while n != 1:
        n, steps = (n // 2 if n % 2 == 0 else 3 * n + 1), steps + 1
    return steps


print(max(range(1, 3000), key=collatz), collatz(27))
a, b = 0, 1
for _ in range(1000):
    a, b = b, a + b
print(str(a)[:20], len(str(a)), a % 1000007)


def extended_gcd(a, b):
    if b == 0:
        return a, 1, 0
    g, x, y = extended_gcd(b, a % b)
    return g, y, x - a // b * y


print(extended_gcd(240, 46), extended_gcd(10**20 + 39, 10**18 + 9))
