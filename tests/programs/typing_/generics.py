"""Generic classes, protocols, overloads, typed dicts and deferred annotations as programs see them."""
import annotationlib
import typing
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, ClassVar, Generic, Literal, Protocol, TypedDict, TypeVar, get_args, get_origin, get_type_hints, overload, runtime_checkable


class Stack[T]:
    def __init__(self, items: Iterable[T] = ()) -> None:
        self.items: list[T] = list(items)

    def push(self, item: T) -> "Stack[T]":
        self.items.append(item)
        return self

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def map[U](self, f: Callable[[T], U]) -> "Stack[U]":
        return Stack(map(f, self))


s = Stack[int]([1]).push(2)
print(list(s), list(s.map(str)), Stack[int], Stack[int].__origin__ is Stack, Stack[str].__args__, Stack.__type_params__[0].__name__, s.__orig_class__)
print(sorted(Stack.push.__annotations__), Stack.map.__annotations__["f"], Stack.__init__.__annotations__["return"])
K = TypeVar("K")
V = TypeVar("V", bound=int)


class Pair(Generic[K, V]):
    pass


class StrPair(Pair[str, V]):
    pass


print(Pair[str, int], StrPair[int], StrPair.__parameters__, Pair[K, int][str], Pair.__parameters__, StrPair.__orig_bases__)
for bad in (lambda: Pair[int], lambda: Stack[int, str], lambda: StrPair[int][str], lambda: Generic[K, K], lambda: list[K][int, str]):
    try:
        print(bad())
    except TypeError as e:
        print(e)


@runtime_checkable
class Closable(Protocol):
    def close(self) -> None: ...


class File:
    def close(self):
        pass


print(isinstance(File(), Closable), isinstance(5, Closable), issubclass(File, Closable), Closable.__protocol_attrs__)


class Movie(TypedDict):
    title: str
    year: typing.NotRequired[int]


print(Movie(title="x"), Movie.__required_keys__, Movie.__optional_keys__, get_type_hints(Movie), Movie.__total__)


@overload
def f(x: int) -> str: ...
@overload
def f(x: str) -> int: ...
def f(x):
    return x


print(len(typing.get_overloads(f)), f(5))
for t in (list[int], dict[str, list[int]], tuple[int, ...], Callable[[int], str], Literal[1, "a"], Annotated[int, "doc"], int | None, type[int], ClassVar[int], set[tuple[()]], Callable[..., int], typing.Union[int, str]):
    print(t, get_origin(t), get_args(t))


class Later:
    a: Missing
    b: "AlsoMissing"
    c: list[Later] = []

    def m(self, x: Undefined = 1) -> Later: ...


print(annotationlib.get_annotations(Later, format=annotationlib.Format.STRING))
try:
    Later.__annotations__
except NameError as e:
    print(e)
Missing = int
print(Later.__annotations__["a"], Later.m.__annotate__ is not None)
try:
    get_type_hints(Later)
except NameError as e:
    print(e)
type Tree[T] = T | list[Tree[T]]
print(Tree, Tree.__value__, Tree[int], Tree[int].__args__, Tree.__type_params__)
def variadic[*Ts, **P](f: Callable[P, tuple[*Ts]], *args: *Ts) -> None: ...
print(variadic.__type_params__, variadic.__annotations__["args"], variadic.__annotations__["f"])
class WithDefault[T = int, *Ts = *tuple[str, ...]]:
    pass
print(WithDefault[str], [p.__default__ for p in WithDefault.__type_params__], WithDefault.__type_params__[0].has_default())
def outer[T](x: T):
    def inner(y: T) -> list[T]: ...
    class C[U](list[int]):
        z: dict[T, U]
    return inner.__annotations__, C.__annotations__, C.__orig_bases__
print(outer(1))
print(typing.get_type_hints(lambda: 0), typing.no_type_check(f) is f, typing.TYPE_CHECKING, typing.is_typeddict(Movie), typing.get_protocol_members(Closable))
