from dataclasses import dataclass
@dataclass
class Point: x: int; y: int = 0
class Old:
    __match_args__ = ("a",)
    def __init__(self, a, b): self.a, self.b = a, b
import enum
class Color(enum.Enum): RED = 1; BLUE = 2
def m(v):
    match v:
        case None | True | False: return f"singleton {v}"
        case 0: return "zero"
        case -1 | -2.5 | 3 + 4j: return "literal number"
        case "a" | b"a": return "literal text"
        case int(n) if n > 100: return f"big {n}"
        case int() | float() as num: return f"number {num}"
        case str(s): return f"str {s}"
        case Color.RED: return "red"
        case Color(): return "other color"
        case Point(x=0, y=0): return "origin"
        case Point(0, y): return f"on y axis {y}"
        case Point(x, y) if x == y: return f"diagonal {x}"
        case Point(): return "point"
        case Old(1, b=[_, second, *_]): return f"old {second}"
        case Old(a): return f"old a={a}"
        case []: return "empty"
        case [x]: return f"one {x}"
        case [1, *rest] | (2, *rest): return f"1 or 2 then {rest}"
        case [[a, b], {"k": c, **kw}]: return f"nested {a} {b} {c} {kw}"
        case [first, *_, last]: return f"{first}..{last}"
        case {"type": "circle", "r": r}: return f"circle {r}"
        case {"type": t, **rest}: return f"{t} {rest}"
        case {}: return "mapping"
        case _: return f"other {type(v).__name__}"
import collections
for v in (None, True, 0, 0.0, -1, -2.5, 3 + 4j, "a", b"a", 101, 7, 2.5, "str", Color.RED, Color.BLUE, Point(0, 0), Point(0, 5), Point(3, 3), Point(1, 2), Old(1, [1, 2, 3]), Old(2, 0), Old(1, "abc"), [], [9], (1, 2, 3), [2], [(1, 2), {"k": 3, "z": 4}], "xy", range(5), [5, 6, 7], {"type": "circle", "r": 2, "q": 1}, {"type": "sq", "w": 1}, {}, {"z": 1}, {1, 2}, b"bytes", collections.deque([1, 5]), collections.OrderedDict(type="o"), object, iter([1])):
    print(type(v).__name__, "" if isinstance(v, Old) or "object" in repr(v) else v, "->", m(v))
def bind(v):
    match v:
        case [a, b, *c] if (d := a + b) > 3: return a, b, c, d
        case [a, *_]: return a, locals().get("b")
        case {**all}: return all
print(bind([1, 5, 9]), bind([1, 1]), bind({"x": 1}), bind(5))
match [1, [2, 3]]:
    case [x, [y, z]] as whole: print(x, y, z, whole)
match, case, type = 1, 2, 3; print(match, case, type)
match (match):
    case 1: print("soft keywords")
class Bad: __match_args__ = ["a"]
class Bad2: __match_args__ = (1,)
class Two: __match_args__ = ("a", "a"); a = 1
for c in ("Bad(1)", "Bad2(1)", "Two(1, 2)", "Two(1, a=1)", "Point(1, 2, 3)", "int(1, 2)", "nope()", "Bad.zz"):
    try: exec(f"match Bad() if '{c}'.startswith('Bad(') else Bad2() if 'Bad2' in '{c}' else Two() if 'Two' in '{c}' else Point(1) if 'Point' in '{c}' else 1:\n case {c}: print('matched')\n case _: print('no match')")
    except Exception as e: print(c, e.__class__.__name__, e)
