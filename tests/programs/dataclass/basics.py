from dataclasses import *
from typing import ClassVar
@dataclass
class P:
    x: int
    y: int = 2
    tags: list = field(default_factory=list, repr=False, compare=False)
    k: ClassVar[int] = 9
    init: InitVar[int] = 0
    z: int = field(init=False)
    def __post_init__(self, init): self.z = self.x + init
p = P(1, init=5)
print(p, p == P(1, init=5), p != P(2), [f.name for f in fields(P)], asdict(p), astuple(p), replace(p, x=9, init=1), P.__match_args__, is_dataclass(P), is_dataclass(p), P.k)
@dataclass(frozen=True, order=True)
class V: a: int; b: str = "b"
v = V(1); print(v < V(2), sorted([V(2), V(1, "z"), V(1, "a")]), hash(V(1)) == hash(v), {v: 1}[V(1)])
for s in ("v.a = 5", "del v.a", "v < 5", "P()", "P(1, 2, 3, 4, 5)", "V(c=1)", "replace(v, c=1)", "asdict(5)", "fields(int)"):
    try: exec(s); print(s, "ok")
    except Exception as e: print(s, "->", type(e).__name__, e)
@dataclass(slots=True, kw_only=True)
class S: a: int; b: int = 1
print(S(a=5), S.__slots__, hasattr(S(a=1), "__dict__"))
@dataclass
class Base: a: int = 1; b: int = 2
@dataclass
class Child(Base): c: int = 3; a: int = 10; _: KW_ONLY; d: int = 4
print(Child(), Child(5, 6, 7, d=8), Child.__mro__[1].__name__)
for body in ("x: list = []", "a: int = 1\n b: int", "x: int = field(default=1, default_factory=int)", "x: int = 1\n __slots__ = ('x',)"):
    try: exec(f"@dataclass\nclass X:\n {body}"); print("ok")
    except Exception as e: print(type(e).__name__, e)
try:
    @dataclass(frozen=True)
    class Fr(Base): pass
except TypeError as e: print(e)
C = make_dataclass("C", [("x", int), ("y", int, field(default=5))], namespace={"sum": lambda s: s.x + s.y}); print(C(1), C(1).sum())
@dataclass(eq=False)
class NoEq: a: int
@dataclass(unsafe_hash=True)
class H: a: int
@dataclass
class Eq: a: int
print(NoEq(1) == NoEq(1), hash(H(1)) == hash(H(1)), Eq.__hash__, fields(P)[0].type, repr(MISSING)[:8])
@dataclass
class Tree: v: int; kids: list["Tree"] = field(default_factory=list); meta: dict = field(default_factory=dict, metadata={"doc": 1})
t = Tree(1, [Tree(2), Tree(3, [Tree(4)])]); t.kids.append(t.kids[0]); print(t, asdict(t), fields(t)[2].metadata["doc"])
import copy; r = Tree(0); r.kids.append(r); print(r, copy.copy(p))
