"""Closures that keep state: accumulators, generators of functions, mutual recursion, cells."""


def accumulator(start=0):
    history = []

    def add(n=0):
        nonlocal start
        history.append(start)
        start += n
        return start

    add.history = history
    add.reset = lambda: history.clear()
    return add


a, b = accumulator(), accumulator(100)
print(a(1), a(2), b(5), a(), a.history, b.history, a.history is b.history)
a.reset()
print(a.history, a.__closure__[0].cell_contents is a.history, a.__code__.co_freevars)


def bank():
    balance = 0

    def deposit(n):
        nonlocal balance
        balance += n
        return balance

    def withdraw(n):
        nonlocal balance
        if n > balance:
            raise ValueError(f"only {balance}")
        balance -= n
        return balance

    return {"deposit": deposit, "withdraw": withdraw, "peek": lambda: balance}


acct = bank()
acct["deposit"](50)
try:
    acct["withdraw"](80)
except ValueError as e:
    print(e)
print(acct["withdraw"](20), acct["peek"](), acct["deposit"].__closure__[0] is acct["peek"].__closure__[0])


def mutual():
    def is_even(n):
        return n == 0 or is_odd(n - 1)

    def is_odd(n):
        return n != 0 and is_even(n - 1)

    return is_even, is_odd


e, o = mutual()
print(e(10), o(7), e(3), [c for c in e.__code__.co_freevars])


def deep(a):
    def one(b):
        def two(c):
            def three(d):
                nonlocal a, b
                a, b = a + d, b * d
                return a, b, c, d

            return three

        return two

    return one


f = deep(1)(2)(3)
print(f(4), f(5), f.__qualname__, [c.cell_contents for c in f.__closure__])


def late_binding():
    fs = []
    for i in range(3):
        fs.append(lambda: i)
    gs = [lambda i=i: i for i in range(3)]
    i = "changed"
    return [f() for f in fs], [g() for g in gs]


print(late_binding())


def with_exception():
    try:
        1 / 0
    except ZeroDivisionError as err:
        saved = err

        def look():
            return repr(saved)

        def gone():
            return err

    try:
        gone()
    except NameError as n:
        print(n)
    return look()


print(with_exception())


def parameters(a, *args, k=1, **kw):
    def show():
        return a, args, k, kw

    a += 1
    args += ("more",)
    kw["x"] = k
    k = "rebound"
    return show


print(parameters(1, 2, z=3)())


class Scope:
    x = "class"

    def make(self):
        x = "method"

        class Inner:
            y = x

            def get(self):
                return x, self.y, __class__.__qualname__

        return Inner()


print(Scope().make().get())


def generator_closure(n):
    def gen():
        nonlocal n
        while n:
            n -= 1
            yield n

    g = gen()
    return g, lambda: n


g, peek = generator_closure(3)
print(next(g), peek(), next(g), peek(), list(g), peek())
def comprehension_cells():
    fs = [(lambda: (i, j)) for i in range(2) for j in "ab"]
    return [f() for f in fs]
print(comprehension_cells())
def conditional(flag):
    if flag:
        v = 1
    def use():
        return v
    try:
        return use()
    except NameError as e:
        return str(e)
print(conditional(True), conditional(False))
counter = (lambda n: (lambda: (n.append(n[-1] + 1), n[-1])[1]))([0])
print(counter(), counter(), counter())
compose = lambda f, g: lambda x: f(g(x))
print(compose(lambda x: x + 1, lambda x: x * 10)(5))
