"""Tuples as records: named tuples, sorting, hashing, nesting, swapping, returning many values."""
from collections import namedtuple
from operator import itemgetter
from typing import NamedTuple

Point = namedtuple("Point", "x y")


class Person(NamedTuple):
    """A person."""

    name: str
    age: int = 0
    tags: tuple = ()

    def older(self, years=1):
        return self._replace(age=self.age + years)

    @property
    def initial(self):
        return self.name[0]

    @classmethod
    def parse(cls, text):
        name, age, *tags = text.split(",")
        return cls(name, int(age), tuple(tags))


p = Point(3, y=4)
print(p, p.x + p.y, p == (3, 4), p[0], len(p), p._asdict(), Point._make("ab"), p._replace(x=0), Point._fields, isinstance(p, tuple), hash(p) == hash((3, 4)), p + (5,), p * 2, p < (3, 5), *p)
a = Person.parse("ann,31,x,y")
print(a, a.older(), a.older(9).age, a.initial, a.tags, Person("bob"), Person._field_defaults, Person.__doc__, Person.__annotations__["age"], a._replace(tags=()) == ("ann", 31, ()))
name, age, tags = a
match a:
    case Person(n, 31, (first, *_)):
        print(n, first)
match p:
    case Point(x=3):
        print("x is three")
for bad in (lambda: Point(1), lambda: Point(1, 2, 3), lambda: p.z, lambda: setattr(p, "x", 5), lambda: p._replace(q=1), lambda: Point._make([1]), lambda: namedtuple("T", "a-b"), lambda: namedtuple("T", "_a"), lambda: namedtuple("T", "a a"), lambda: Person(), lambda: a.name.nope, lambda: p["x"], lambda: hash(Person("x", 1, [])), lambda: Person("a", 1) < Person(1, 2)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
print(namedtuple("R", "def a a", rename=True)._fields, namedtuple("D", "a b c", defaults=(1, 2))(0), namedtuple("M", ["x"], module="mod").__module__)
people = [Person("cid", 25), Person("ann", 31), Person("bob", 25), Person("dee", 19, ("z",))]
print(sorted(people), sorted(people, key=itemgetter(1, 0)), max(people, key=itemgetter(1)).name, [p.name for p in sorted(people, key=lambda p: (-p.age, p.name))], sep="\n")


def stats(values):
    return min(values), max(values), sum(values) / len(values)


low, high, mean = stats([p.age for p in people])
print(low, high, mean, dict(zip(("low", "high"), stats([1, 2, 3]))))
grid = {(x, y): x * y for x in range(3) for y in range(3)}
print(grid[2, 2], (1, 2) in grid, [k for k, v in grid.items() if v == 2], {Point(1, 2): "point"}[1, 2])
t = (1, [2, 3], {"k": (4,)})
t[1].append(9)
try:
    t[1] += [10]
except TypeError as e:
    print(e, t)
nested = ((1, 2), (3, (4, 5)))
(q, r), (s, (u, v)) = nested
print(q, r, s, u, v, nested[1][1][0], sum(nested[0]), tuple(reversed(nested[0])), tuple(x for t in nested for x in t if isinstance(x, int)))
print((1, 2, 3)[::-1], (0,) * 3, () == tuple([]), (1,) + (), tuple("abc")[-2:], (1, 2) == [1, 2], (1, "a") < (1, "b"), ((),) > (), min([(2, "a"), (1, "z")]), (5).__class__, ("a" "b"), ("a",), not ())
