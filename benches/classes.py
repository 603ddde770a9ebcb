"""Objects: attributes, properties, inheritance, dunder methods, exceptions, generators."""


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, o):
        return Vector(self.x + o.x, self.y + o.y)

    def __eq__(self, o):
        return self.x == o.x and self.y == o.y

    @property
    def norm1(self):
        return abs(self.x) + abs(self.y)


class Shape:
    sides = 0

    def area(self):
        raise NotImplementedError

    def describe(self):
        return self.area() + self.sides


class Square(Shape):
    sides = 4

    def __init__(self, s):
        self.s = s

    def area(self):
        return self.s * self.s


class Unit(Square):
    def __init__(self):
        super().__init__(1)


v, total = Vector(0, 0), 0
step = Vector(1, -1)
for i in range(200_000):
    v = v + step
    total += v.norm1
shapes = [Square(3), Unit(), Square(2)] * 50_000
total += sum(s.describe() for s in shapes)
caught = 0
for i in range(200_000):
    try:
        if i & 3 == 0:
            raise ValueError(i)
    except ValueError:
        caught += 1


def numbers(n):
    for i in range(n):
        yield i


total += sum(x for x in numbers(500_000))
assert caught == 50_000
