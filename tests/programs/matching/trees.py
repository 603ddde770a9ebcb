"""Pattern matching over syntax trees, shapes, commands and JSON."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Num:
    n: float


@dataclass(frozen=True)
class Var:
    name: str


@dataclass(frozen=True)
class Bin:
    op: str
    left: object
    right: object


def simplify(e):
    match e:
        case Bin("+" | "-" as op, l, r):
            match op, simplify(l), simplify(r):
                case "+", Num(a), Num(b):
                    return Num(a + b)
                case _, x, Num(0):
                    return x
                case "+", Num(0), x:
                    return x
                case "-", x, y if x == y:
                    return Num(0)
                case op, x, y:
                    return Bin(op, x, y)
        case Bin("*", l, r):
            match simplify(l), simplify(r):
                case (Num(0), _) | (_, Num(0)):
                    return Num(0)
                case (Num(1), x) | (x, Num(1)):
                    return x
                case Num(a), Num(b):
                    return Num(a * b)
                case x, y:
                    return Bin("*", x, y)
        case _:
            return e


def derive(e, v):
    match e:
        case Num():
            return Num(0)
        case Var(name):
            return Num(int(name == v))
        case Bin("+" | "-" as op, l, r):
            return Bin(op, derive(l, v), derive(r, v))
        case Bin("*", l, r):
            return Bin("+", Bin("*", derive(l, v), r), Bin("*", l, derive(r, v)))


def show(e):
    match e:
        case Num(n) if n < 0:
            return f"({n})"
        case Num(n):
            return str(n)
        case Var(n):
            return n
        case Bin("*", l, r):
            return f"{show(l)}*{show(r)}"
        case Bin(op, l, r):
            return f"({show(l)} {op} {show(r)})"


x = Var("x")
poly = Bin("+", Bin("*", Num(3), Bin("*", x, x)), Bin("-", Bin("*", Num(2), x), Num(-5)))
print(show(poly), show(derive(poly, "x")), show(simplify(derive(poly, "x"))), simplify(Bin("-", x, x)), sep="\n")


def command(line):
    match line.split():
        case []:
            return "nothing"
        case ["quit" | "exit"]:
            return "bye"
        case ["go", ("north" | "south") as d]:
            return f"walking {d}"
        case ["go", *where]:
            return f"cannot go {where}"
        case ["set", name, "=", value] if value.isdigit():
            return {name: int(value)}
        case [verb, *args] if len(args) > 2:
            return f"{verb}: too much"
        case [verb, *_]:
            return f"unknown {verb}"


print([command(c) for c in ("", "quit", "go north", "go up now", "set x = 5", "set x = y", "a b c d e", "dance")])


def event(e):
    match e:
        case {"type": "click", "pos": [int(x), int(y)], **rest} if not rest:
            return "click", x, y
        case {"type": "click", "pos": (x, y), "button": b}:
            return "button", b
        case {"type": "key", "key": str(k) | int(k)}:
            return "key", k
        case {"items": [{"id": first}, *_, {"id": last}]}:
            return first, last
        case {"items": [{"id": only}]}:
            return only
        case {"nested": {"deep": {"er": value}}}:
            return value
        case {"type": None}:
            return "null type"
        case dict():
            return sorted(e)


for e in ({"type": "click", "pos": [1, 2]}, {"type": "click", "pos": (1, 2), "button": "left"}, {"type": "key", "key": 5}, {"type": "key", "key": 5.5}, {"items": [{"id": 1}, 0, {"id": 3}]}, {"items": [{"id": 9}]}, {"nested": {"deep": {"er": []}}}, {"type": None}, {}):
    print(event(e))
def binds(v):
    match v:
        case [a, [b, c]] | {"a": a, "b": [b, c]}:
            return a, b, c
        case str() | bytes() as s:
            return "text", s
        case float(f) | complex(real=f):
            return f
print([binds(v) for v in ([1, [2, 3]], {"a": 1, "b": (2, 3)}, "s", b"b", 1.5, 2 + 3j, None)])
