"""Exceptions leaving every kind of construct at every depth, many times over."""
import sys


class Boom(Exception):
    pass


class CM:
    depth = 0

    def __enter__(self):
        CM.depth += 1
        return self

    def __exit__(self, t, v, tb):
        CM.depth -= 1
        return False


def boom(n):
    if n <= 0:
        raise Boom(n)
    kind = n % 7
    if kind == 0:
        with CM():
            return boom(n - 1)
    if kind == 1:
        try:
            return boom(n - 1)
        finally:
            trail.append("f")
    if kind == 2:
        try:
            return boom(n - 1)
        except KeyError:
            trail.append("wrong")
    if kind == 3:
        for x in (boom(k) for k in (n - 1,)):
            return x
    if kind == 4:
        return [boom(k) for k in (n - 1,)]
    if kind == 5:
        try:
            return boom(n - 1)
        except Boom as e:
            trail.append("r")
            raise
    return max([n - 1], key=boom)


for n in (1, 5, 20, 60):
    trail = []
    for _ in range(20):
        try:
            boom(n)
        except Boom as e:
            tb, frames = e.__traceback__, 0
            while tb:
                tb, frames = tb.tb_next, frames + 1
    print(n, frames, len(trail), "".join(trail[:6]), CM.depth, sys.exception())


def ping(n):
    try:
        raise ValueError(n)
    except ValueError as e:
        if n:
            try:
                ping(n - 1)
            except ValueError as inner:
                raise KeyError(n) from inner
        raise


try:
    ping(6)
except (KeyError, ValueError) as e:
    chain = []
    while e:
        chain.append(f"{type(e).__name__}{e.args[0]}")
        e = e.__cause__ or e.__context__
    print(chain)
counts = {"ok": 0, "err": 0}
for i in range(30000):
    try:
        if i % 3 == 0:
            raise IndexError
        if i % 3 == 1:
            {}[i]
        counts["ok"] += 1
    except LookupError:
        counts["err"] += 1
print(counts)


def finally_values():
    out = []
    for i in range(6):
        try:
            try:
                if i % 2:
                    raise Boom(i)
                out.append(i)
                if i == 4:
                    break
            finally:
                out.append(-i)
        except Boom:
            out.append("x")
            continue
        else:
            out.append("e")
    else:
        out.append("loop else")
    return out


print(finally_values())
def gen():
    for i in range(4):
        try:
            yield i
        except Boom as e:
            yield f"caught {e}"
g = gen()
print(next(g), g.throw(Boom("a")), next(g), g.throw(Boom("b")), next(g), list(g))
