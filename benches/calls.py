"""Function calls: recursion, methods, keywords, closures."""


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


class Counter:
    def __init__(self):
        self.n = 0

    def add(self, k=1):
        self.n += k


def closure(k):
    return lambda x: x + k


fib(27)
c = Counter()
f = closure(3)
for i in range(300_000):
    c.add()
    c.add(k=2)
    f(i)
assert c.n == 900_000
