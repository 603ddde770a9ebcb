"""Enumerations in use: a state machine, permissions, weekdays, ordered levels, dispatch."""
import enum
from functools import total_ordering


class State(enum.Enum):
    IDLE = enum.auto()
    RUNNING = enum.auto()
    DONE = enum.auto()

    @property
    def next(self):
        return TRANSITIONS.get(self, ())

    def to(self, other):
        if other not in self.next:
            raise ValueError(f"{self.name} -> {other.name}")
        return other


TRANSITIONS = {State.IDLE: (State.RUNNING,), State.RUNNING: (State.DONE, State.IDLE)}
s = State.IDLE
for target in (State.RUNNING, State.IDLE, State.RUNNING, State.DONE, State.IDLE):
    try:
        s = s.to(target)
        print(s.name, s.value, [t.name for t in s.next])
    except ValueError as e:
        print("refused", e)


class Perm(enum.Flag):
    READ = enum.auto()
    WRITE = enum.auto()
    EXEC = enum.auto()
    ALL = READ | WRITE | EXEC


class File:
    def __init__(self, mode):
        self.mode = mode

    def can(self, perm):
        return perm in self.mode

    def __str__(self):
        return "".join(c if p in self.mode else "-" for c, p in zip("rwx", Perm))


for mode in (Perm(0), Perm.READ, Perm.READ | Perm.EXEC, Perm.ALL, ~Perm.WRITE, Perm.ALL & ~Perm.READ, Perm.READ ^ Perm.ALL):
    f = File(mode)
    print(f, repr(mode), mode.value, f.can(Perm.READ), len(mode), [p.name for p in mode])


@total_ordering
class Level(enum.Enum):
    LOW, MID, HIGH = range(3)

    def __lt__(self, other):
        return self.value < other.value if isinstance(other, Level) else NotImplemented

    @classmethod
    def _missing_(cls, value):
        if isinstance(value, str):
            return cls.__members__.get(value.upper())


print(sorted([Level.HIGH, Level.LOW, Level.MID]), max(Level), Level.LOW < Level.MID >= Level.LOW, Level("high"), Level(1))
for bad in ("none", 7, None):
    try:
        Level(bad)
    except ValueError as e:
        print(e)
try:
    Level.LOW < 1
except TypeError as e:
    print(e)


class Day(enum.IntEnum):
    MON = 1
    TUE = 2
    SUN = 7

    def __str__(self):
        return self.name.title()

    @property
    def weekend(self):
        return self >= Day.SUN


print(f"{Day.MON} {Day.SUN:d} {Day.TUE!r}", Day.MON + 1, Day(7).weekend, [d.weekend for d in Day], {1: "x"}[Day.MON], Day["TUE"], Day.MON in (1, 2))


class Op(enum.Enum):
    ADD = "+", enum.nonmember(1) and 1
    NEG = "neg", 0

    def __init__(self, symbol, arity):
        self.symbol, self.arity = symbol, arity

    def __call__(self, *args):
        return {"ADD": lambda a, b: a + b, "NEG": lambda a: -a}[self.name](*args)


print(Op.ADD(1, 2), Op.NEG(5), [(o.symbol, o.value[0]) for o in Op])


def describe(x):
    match x:
        case State.IDLE | State.DONE:
            return "resting"
        case State():
            return "busy"
        case Perm.READ:
            return "readable"
        case Day.MON:
            return "monday"
        case _:
            return "?"


print([describe(x) for x in (State.DONE, State.RUNNING, Perm.READ, Perm.ALL, Day.MON, 1, 2)])
print(State.IDLE is State["IDLE"], State.IDLE == 1, hash(State.IDLE) == hash("IDLE"), State.__members__["DONE"], list(reversed(State)), State.IDLE.__class__, len({s: 0 for s in State}))
