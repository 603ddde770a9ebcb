class Base:
    registry = []

    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        Base.registry.append(cls.__name__)

    def __init__(self, **kw):
        self.trace = ["Base"]
        super().__init__(**kw)

    def who(self):
        return ["Base"]


class Left(Base):
    def __init__(self, left=None, **kw):
        super().__init__(**kw)
        self.trace.append(f"Left {left}")

    def who(self):
        return ["Left"] + super().who()


class Right(Base):
    def __init__(self, right=None, **kw):
        super().__init__(**kw)
        self.trace.append(f"Right {right}")

    def who(self):
        return ["Right"] + super().who()


class Both(Left, Right):
    def who(self):
        return ["Both"] + super().who()


class Mixin:
    def who(self):
        return ["Mixin"] + super().who()


class Mixed(Mixin, Both):
    pass


b = Both(left=1, right=2)
print(b.trace, b.who(), Mixed().who(), Base.registry, [c.__name__ for c in Mixed.mro()])
print(super(Left, b).who(), super(Right, b).who(), isinstance(b, Right), issubclass(Mixed, Left), Both.__base__.__name__)


class Shape:
    def area(self):
        raise NotImplementedError(f"{type(self).__name__} has no area")

    def __lt__(self, other):
        return self.area() < other.area()


class Square(Shape):
    def __init__(self, s):
        self.s = s

    def area(self):
        return self.s**2

    def __repr__(self):
        return f"Square({self.s})"


print(sorted([Square(3), Square(1), Square(2)]), max(Square(5), Square(4)))
try:
    Shape().area()
except NotImplementedError as e:
    print(e)


class MyInt(int):
    def __new__(cls, v, unit="m"):
        self = super().__new__(cls, v)
        self.unit = unit
        return self

    def __add__(self, o):
        return MyInt(super().__add__(o), self.unit)

    def __str__(self):
        return f"{int(self)}{self.unit}"


x = MyInt(5, "kg")
print(x + 2, x * 2, type(x * 2).__name__, str(sum([x, x], MyInt(0, "g"))), x.unit, x == 5, hash(x) == hash(5), f"{x}", f"{x:03d}")


class Dict(dict):
    def __getattr__(self, n):
        try:
            return self[n]
        except KeyError:
            raise AttributeError(n) from None

    __setattr__ = dict.__setitem__


d = Dict(a=1)
d.b = 2
print(d.a + d.b, d, hasattr(d, "c"), getattr(d, "c", "none"))


class A:
    def method(self):
        return "A", self.__class__.__name__, __class__.__name__


class B(A):
    method = A.method

    def other(self):
        return super().method()


print(B().method(), B().other(), B.method is A.method)


class Outer:
    def __init__(self):
        self.f = lambda self=self: super().__repr__().startswith("<")


print(Outer().f())


def outside(self):
    return super(B, self).method()


B.outside = outside
print(B().outside())
