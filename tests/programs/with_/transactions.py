"""Context managers that nest, roll back, suppress, and are reused."""
from contextlib import AbstractContextManager, ContextDecorator, ExitStack, contextmanager, suppress


class Transaction(AbstractContextManager):
    def __init__(self, table):
        self.table, self.saved = table, []

    def __enter__(self):
        self.saved.append(dict(self.table))
        return self.table

    def __exit__(self, kind, value, tb):
        before = self.saved.pop()
        if kind is not None:
            self.table.clear()
            self.table.update(before)
            return issubclass(kind, KeyError)
        return False


table = {"a": 1}
t = Transaction(table)
with t as rows:
    rows["b"] = 2
print(table)
with t as rows:
    rows["c"] = 3
    rows["missing"]
print(table)
try:
    with t:
        table["d"] = 4
        with t:
            table["e"] = 5
        raise ValueError("outer")
except ValueError as e:
    print(e, table, t.saved)


@contextmanager
def tag(name, out):
    out.append(f"<{name}>")
    try:
        yield lambda text: out.append(text)
    except ZeroDivisionError:
        out.append("<error/>")
    finally:
        out.append(f"</{name}>")


out = []
with tag("html", out) as put, tag("p", out):
    put("text")
    1 / 0
    put("unreached")
print("".join(out))


class timed(ContextDecorator):
    calls = 0

    def __enter__(self):
        timed.calls += 1
        return self

    def __exit__(self, *exc):
        return False


@timed()
def work(x):
    return x * 2


print(work(1), work(2), timed.calls)
events = []
with ExitStack() as stack:
    for n in range(3):
        stack.callback(events.append, n)
    stack.push(lambda *exc: events.append(exc[0] and exc[0].__name__))
    inner = stack.enter_context(ExitStack())
    inner.callback(events.append, "inner")
    keep = inner.pop_all()
    with suppress(IndexError):
        [][0]
print(events)
keep.close()
print(events)
try:
    with ExitStack() as stack:
        stack.callback(lambda: 1 / 0)
        stack.callback(lambda: {}["k"])
        raise ValueError("first")
except ZeroDivisionError as e:
    chain = []
    while e:
        chain.append(type(e).__name__)
        e = e.__context__
    print(chain)


def returns():
    with tag("r", []):
        return "value"


def loops():
    for i in range(3):
        with suppress(ValueError):
            if i == 1:
                raise ValueError
            if i == 2:
                break
            yield i
    yield "done"


print(returns(), list(loops()))
with suppress(TypeError, ValueError):
    raise ExceptionGroup("g", [TypeError(), ValueError()])
print("group suppressed")
try:
    with suppress(TypeError):
        raise ExceptionGroup("g", [TypeError(), KeyError("left")])
except* KeyError as e:
    print(e.exceptions)
