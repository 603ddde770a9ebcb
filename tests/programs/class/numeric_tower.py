"""A class that takes part in arithmetic with the built-in numbers, by the numbers ABCs."""
import math
import numbers
import operator


class Money(numbers.Number):
    __slots__ = ("cents", "currency")

    def __init__(self, amount, currency="EUR"):
        if isinstance(amount, Money):
            amount, currency = amount.cents / 100, amount.currency
        if not isinstance(amount, numbers.Real):
            raise TypeError(f"amount must be a number, not {type(amount).__name__}")
        object.__setattr__(self, "cents", round(amount * 100))
        object.__setattr__(self, "currency", currency)

    def __setattr__(self, name, value):
        raise AttributeError("immutable")

    def _same(self, other, op):
        if isinstance(other, Money):
            if other.currency != self.currency:
                raise ValueError(f"{self.currency} {op} {other.currency}")
            return other.cents
        return None

    @classmethod
    def _of(cls, cents, currency):
        return cls(cents / 100, currency)

    def __add__(self, other):
        cents = self._same(other, "+")
        if cents is None:
            return self if other == 0 else NotImplemented
        return self._of(self.cents + cents, self.currency)

    __radd__ = __add__

    def __sub__(self, other):
        return self + -other if isinstance(other, Money) else NotImplemented

    def __mul__(self, k):
        return self._of(round(self.cents * k), self.currency) if isinstance(k, numbers.Real) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other):
        cents = self._same(other, "/")
        return self.cents / cents if cents is not None else self * (1 / other)

    def __divmod__(self, n):
        share, rest = divmod(self.cents, n)
        return self._of(share, self.currency), self._of(rest, self.currency)

    def __neg__(self):
        return self._of(-self.cents, self.currency)

    def __abs__(self):
        return -self if self.cents < 0 else self

    def __bool__(self):
        return self.cents != 0

    def __eq__(self, other):
        return isinstance(other, Money) and (self.cents, self.currency) == (other.cents, other.currency)

    def __lt__(self, other):
        cents = self._same(other, "<")
        return NotImplemented if cents is None else self.cents < cents

    def __hash__(self):
        return hash((self.cents, self.currency))

    def __float__(self):
        return self.cents / 100

    def __int__(self):
        return self.cents // 100

    def __round__(self, n=0):
        return Money(round(self.cents / 100, n), self.currency)

    def __format__(self, spec):
        return f"{float(self):{spec or '.2f'}} {self.currency}"

    __str__ = lambda self: format(self)

    def __repr__(self):
        return f"Money({float(self)!r}, {self.currency!r})"


a, b = Money(10.25), Money(3)
print(a + b, a - b, a * 2, 2 * a, a / 4, a / b, divmod(a, 3), -a, abs(-a), bool(a - a), a > b, a == Money(10.25), hash(a) == hash(Money(10.25)))
print(sum([a, b, b]), max(a, b), sorted([a, b, -a]), float(a), int(a), round(a), f"{a:8.1f}|{a}|{a!r}", math.floor(float(a)), isinstance(a, numbers.Number))
for f in (lambda: a + 1, lambda: 1 + a, lambda: a + Money(1, "USD"), lambda: a < 5, lambda: a * "x", lambda: a * b, lambda: setattr(a, "cents", 1), lambda: Money("x"), lambda: a - 1, lambda: operator.index(a), lambda: a @ b, lambda: a ** 2, lambda: a // 2, lambda: [1][a]):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
for n in (1, 1.5, 2j, True):
    print(type(n).__name__, [c.__name__ for c in (numbers.Number, numbers.Complex, numbers.Real, numbers.Rational, numbers.Integral) if isinstance(n, c)])
x = Money(1)
y = x
x += Money(2)
print(x, y, x is y)
