"""Loops, exceptions, generators, coroutines and patterns."""
import contextlib


def loops(items):
    for i, (j, *rest) in enumerate(items):
        while j:
            if j == 3:
                break
            elif j == 4:
                continue
            j -= 1
        else:
            print(rest)
    return [x * y for x in items if x for y in range(x)], {k: v for k, v in items}, {x for x in items}


def closures_in_comprehensions(items):
    x = 1
    return [lambda: (x, y) for x in items for y in (items, x)], x


def exceptions(f):
    try:
        f()
    except (ValueError, TypeError) as e:
        print(e)
        raise RuntimeError from e
    except OSError:
        raise
    else:
        return 1
    finally:
        with contextlib.suppress(), open("x") as file:
            return file


def groups():
    try:
        pass
    except* ValueError as group:
        print(group)
    except* (KeyError, OSError):
        raise


def generator(n):
    try:
        received = yield n
        yield from generator(received)
    finally:
        yield


async def coroutine(source):
    async with source as s, s:
        async for x in s:
            yield x
    result = [y async for y in source if await y]
    await result


async def plain(x):
    return await x


def patterns(value):
    match value:
        case {"key": [1, *rest], **others}:
            return rest, others
        case Point(x=0, y=y) | Point(y, 1, x=_) if y:
            return y
        case [a, _, *_] | (a, "b"):
            return a
        case -1 | None | True | 1.5:
            return value
        case str() as text:
            return text
    return None


def generic[T: int, *Ts, **P](x: T = 1, *args: *Ts) -> list[T]:
    type Alias[U] = dict[U, T]
    return Alias


class Generic[T = int]:
    field: list[T]

    def slices(self, a):
        a[1:2] = a[1000:2000:3]
        del a[0], self.field
        return {**a, "k": 1}, [*a, 1], {*a, 2}, (*a,)
