import typing, types, annotationlib
from typing import *
def f(a: int, b: "str" = "x", *c: float, d: undefined_here | None = None) -> list[int]: pass
print(annotationlib.get_annotations(f, format=annotationlib.Format.STRING))
try: f.__annotations__
except NameError as e: print(e)
fr = annotationlib.get_annotations(f, format=annotationlib.Format.FORWARDREF); print(fr["a"], fr["return"], type(fr["d"]).__name__)
class C:
    x: int = 1
    y: list["C"]
    z: ClassVar[int]
print(C.__annotations__["x"], get_type_hints(C), C.__annotate__(1).keys() if C.__annotate__ else None)
print(list[int], dict[str, list[int]], tuple[int, ...], int | str, int | None, Optional[int], Union[int, str], type[int], Callable[[int], str], Literal["a", 1], Any, Annotated[int, "meta"], Final[int])
print((int | str) == (str | int), hash(int | str) == hash(str | int), int | int, isinstance(1, int | str), issubclass(bool, int | None), list[int].__origin__, list[int].__args__, get_origin(list[int]), get_args(dict[str, int]), (int | str).__args__, list[int]([1]), list[int] == list[int])
class Box[T]:
    def __init__(self, v: T): self.v = v
    def get[U](self, default: U) -> T | U: return self.v
print(Box[int], Box[int](5).v, Box.__type_params__, Box.get.__type_params__, Box.__parameters__, Box[int].__args__, Box.__orig_bases__)
def ident[T: (int, str), *Ts, **P](x: T) -> T: return x
print(ident(5), ident.__type_params__, ident.__type_params__[0].__constraints__)
type Alias[K, V = int] = dict[K, list[V]]
print(Alias, Alias.__value__, Alias[str, int], Alias.__type_params__, Alias.__type_params__[1].__default__)
type Rec = list[Rec]; print(Rec.__value__)
class Bounded[T: undefined_bound]: pass
try: Bounded.__type_params__[0].__bound__
except NameError as e: print(e)
T = TypeVar("T", bound=int); print(T, T.__bound__, list[T], list[T][int], list[T].__parameters__, Generic[T])
@runtime_checkable
class HasLen(Protocol):
    def __len__(self) -> int: ...
print(isinstance([], HasLen), isinstance(5, HasLen))
class TD(TypedDict, total=False): a: Required[int]; b: str
class NT(NamedTuple): a: int; b: str = "d"
print(TD(a=1), TD.__required_keys__, TD.__optional_keys__, NT(1), NT._field_defaults, NT.__annotations__)
N = NewType("N", int); print(N(5), N, N.__supertype__, cast(int, "x"), reveal_type.__name__, assert_type(1, int))
for call in (lambda: list[int, str][0], lambda: isinstance(1, list[int]), lambda: int | 5, lambda: Union[()], lambda: Any(), lambda: Optional[int, str], lambda: Box[int, str], lambda: TypeVar("X", int), lambda: Literal[[]], lambda: assert_never(1), lambda: Generic[int]):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
class E:
    def m(self) -> E: pass
print(E.m.__annotations__["return"] is E, x if (x := 5) else 0)
x: int = 3; print(__annotations__ if "__annotations__" in globals() else "module annotations are lazy", __annotate__(1))
