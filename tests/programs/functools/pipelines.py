"""Composition, currying, memoising, lazy sequences and transducers."""
from functools import partial, reduce, singledispatch, wraps
from itertools import chain, count, islice, takewhile, tee
from operator import add, attrgetter, itemgetter, methodcaller, mul


def compose(*fs):
    return reduce(lambda f, g: lambda *a, **k: g(f(*a, **k)), fs)


clean = compose(str.strip, str.lower, lambda s: s.replace(" ", "-"))
print(clean("  Hello Big World "), compose(len, bin)("x" * 10), compose(sorted, itemgetter(0))("hello"))


class Lazy:
    def __init__(self, it):
        self.it, self.cache = iter(it), []

    def __getitem__(self, i):
        if isinstance(i, slice):
            return [self[k] for k in range(*i.indices(i.stop))]
        while len(self.cache) <= i:
            self.cache.append(next(self.it))
        return self.cache[i]


squares = Lazy(n * n for n in count())
print(squares[5], squares[2:5], len(squares.cache), squares[0])


def mapping(f):
    return lambda step: lambda acc, x: step(acc, f(x))


def filtering(p):
    return lambda step: lambda acc, x: step(acc, x) if p(x) else acc


def append(acc, x):
    acc.append(x)
    return acc


step = filtering(lambda x: x % 2)(mapping(lambda x: x * x)(append))
print(reduce(step, range(10), []))


def once(f):
    result = []

    @wraps(f)
    def inner(*a):
        if not result:
            result.append(f(*a))
        return result[0]

    return inner


@once
def setup(x):
    "Sets up."
    print("setting up")
    return x * 2


print(setup(4), setup(5), setup.__name__, setup.__doc__)


@singledispatch
def to_json(x):
    raise TypeError(type(x).__name__)


@to_json.register
def _(x: str):
    return f'"{x}"'


@to_json.register(int)
@to_json.register(float)
def _(x):
    return str(x)


@to_json.register
def _(x: list | tuple):
    return "[" + ",".join(map(to_json, x)) + "]"


@to_json.register
def _(x: dict):
    return "{" + ",".join(f"{to_json(k)}:{to_json(v)}" for k, v in x.items()) + "}"


@to_json.register
def _(x: None.__class__):
    return "null"


print(to_json({"a": [1, 2.5, ("x", None)], "b": {}}))
try:
    to_json({1})
except TypeError as e:
    print(e)
a, b = tee(takewhile(lambda n: n < 100, (n * (n + 1) // 2 for n in count(1))))
next(b)
print([y - x for x, y in zip(a, b)])
words = ["apple", "Bob", "cat"]
print(list(map(methodcaller("upper"), words)), sorted(words, key=methodcaller("lower")), list(map(attrgetter("real"), [1, 2j])), reduce(mul, range(1, 8)), list(map(partial(add, 10), range(3))))
print(list(islice(chain.from_iterable(iter(lambda: [1, 2], None)), 5)), dict(map(reversed, {"a": 1}.items())), list(zip(*[iter("abcdef")] * 2)))
