import inspect, sys, types
def g():
    x = 1
    y = yield x
    z = yield y
it = g()
print(inspect.getgeneratorstate(it), inspect.getgeneratorlocals(it)); next(it)
print(inspect.getgeneratorstate(it), inspect.getgeneratorlocals(it), it.gi_frame.f_lineno, it.gi_suspended); it.send(5)
print(inspect.getgeneratorlocals(it)); list(it); print(inspect.getgeneratorstate(it))
def exc_state():
    try:
        raise ValueError("gen")
    except ValueError:
        yield sys.exception()
        yield sys.exception()
e = exc_state()
try:
    raise KeyError("outer")
except KeyError:
    print(repr(next(e)), repr(sys.exception()), repr(next(e)))
print(sys.exception())
def consumer():
    total = 0
    while (v := (yield total)) is not None: total += v
    return total
c = consumer(); next(c); print([c.send(i) for i in (1, 2, 3)])
try: c.send(None)
except StopIteration as s: print("total", s.value)
def pipeline(src, *fs):
    for f in fs: src = f(src)
    return src
print(list(pipeline(range(10), lambda s: (x for x in s if x % 2), lambda s: (x * x for x in s), lambda s: (str(x) for x in s))))
@types.coroutine
def old():
    r = yield "from old"; return r * 2
async def coro(): return await old()
co = coro(); print(co.send(None), co.cr_await.__name__, inspect.getcoroutinestate(co))
try: co.send(21)
except StopIteration as s: print(s.value)
def gen_expr_scope():
    n = 3
    ge = (i * n for i in range(3)); n = 10
    return list(ge)
print(gen_expr_scope())
calls = []
def lazy(name): calls.append(name); return range(2)
ge = ((a, b) for a in lazy("first") for b in lazy("second")); print(calls); print(list(ge), calls)
try: (x for x in 5)
except TypeError as err: print(err)
import copy
try: copy.copy(it)
except TypeError as err: print(err)
def withs():
    class M:
        def __enter__(self): print("in"); return self
        def __exit__(self, *a): print("out", a[0] and a[0].__name__)
    with M(): yield 1
w = withs(); next(w); del w; print("deleted")
print(type(it).__name__, hasattr(it, "__next__"), isinstance(it, types.GeneratorType), iter(it) is it, g.__code__.co_flags & 0x20 != 0)
