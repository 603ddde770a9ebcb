from enum import *
class Color(Enum):
    RED = 1
    GREEN = "g"
    CRIMSON = 1
    @property
    def hot(self): return self is Color.RED
    @classmethod
    def default(cls): return cls.GREEN
    def __str__(self): return self.name.lower()
print(Color.RED, repr(Color.RED), Color(1), Color["GREEN"], Color.CRIMSON is Color.RED, list(Color), Color.__members__, len(Color), Color.RED.hot, Color.default(), Color.RED in Color, 1 in Color, "x" in Color, {Color.RED: 1}[Color.CRIMSON], Color.RED.name, Color.GREEN.value, isinstance(Color.RED, Color), f"{Color.RED}", type(Color.RED), Color.RED == 1)
for s in ("Color(5)", "Color['x']", "Color.NOPE", "Color.RED = 5", "del Color.RED", "Color.RED.value = 3", "class X(Color): pass", "Color()", "Color.RED < Color.GREEN", "class D(Enum):\n A = 1\n A = 2", "unique(Color)", "Enum('E', 'A A')"):
    try: exec(s); print(s, "ok")
    except Exception as e: print(s.split("\n")[0], "->", type(e).__name__, e)
class N(IntEnum): A = 1; B = auto(); C = auto()
class P(Flag): R = auto(); W = auto(); X = auto(); RW = R | W
class S(StrEnum): A = auto(); B = "bee"
class IF(IntFlag): A = 1; B = 2
print(N.B + 1, N.A < N.C, N(2), f"{N.B}", repr(N.C), [1, 2, 3][N.A], S.A, S.B.upper(), S.A == "a", json_ok := __import__("json").dumps([N.A, S.B]))
print(P.R | P.X, P.RW, repr(P.R | P.W), P(0), P.R in P.RW, ~P.R, list(P.RW), P(7), P.RW & P.W, P.R ^ P.RW, bool(P(0)), len(P.RW), P["R"], IF.A | 4, repr(IF(7)), IF.A + 5, P.R.value, [p.name for p in P])
try: P(8)
except ValueError as e: print(e)
class Planet(Enum):
    EARTH = (5.97, 6.37)
    def __init__(self, mass, radius): self.mass, self.radius = mass, radius
    @property
    def ratio(self): return round(self.mass / self.radius, 3)
print(Planet.EARTH.mass, Planet.EARTH.ratio, Planet((5.97, 6.37)))
class Auto(Enum):
    def _generate_next_value_(name, start, count, last): return name * 2
    A = auto(); B = auto()
class Miss(Enum):
    A = 1
    @classmethod
    def _missing_(cls, v): return cls.A if v == "any" else None
print([a.value for a in Auto], Miss("any"), Enum("Fn", "A B", start=5).B.value, Enum("D", {"X": 1}).X, Enum("L", [("Y", 2)], type=int).Y + 1)
class Fancy(str, Enum): A = "a"; skip = nonmember(5); inc = member(7)
print(Fancy.A + "b", Fancy.skip, Fancy.inc, Fancy.A == "a", __import__("pickle").loads(__import__("pickle").dumps(N.A)) is N.A, [m for m in dir(Color) if not m.startswith("_")])
