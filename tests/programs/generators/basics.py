def g(n):
    print("start")
    try:
        for i in range(n):
            got = yield i
            if got: print("got", got)
    except ValueError as e:
        print("caught", e); yield "recovered"
    finally:
        print("cleanup")
    return "result"
it = g(3)
print(it is iter(it), next(it), it.send("hello"), next(it))
try: next(it)
except StopIteration as e: print("stop", e.value)
print(next(it, "done"))
it = g(3); next(it); print(it.throw(ValueError("boom"))); print(list(it))
it = g(3); next(it); it.close(); it.close(); print(list(it))
it = g(2)
try: it.send(1)
except TypeError as e: print(e)
try: it.throw(KeyError("early"))
except KeyError as e: print("early", e)
print(it.gi_frame, it.gi_running, it.gi_code.co_name, it.__name__, it.__qualname__)
def sub():
    x = yield 1
    print("sub got", x)
    try: yield 2
    except KeyError: print("sub caught"); yield 3
    return "sub value"
def outer():
    r = yield from sub(); print("r", r)
    r2 = yield from [10, 20]; print(r2)
    return (yield from iter(()))
o = outer()
print(next(o), o.send("S"), o.gi_yieldfrom.__name__, o.throw(KeyError()), list(o))
def stubborn():
    while True:
        try: yield 1
        except GeneratorExit: print("ignoring"); yield 2
s = stubborn(); next(s)
try: s.close()
except RuntimeError as e: print(e)
def stops():
    yield 1
    raise StopIteration("inside")
try: list(stops())
except RuntimeError as e: print(e, repr(e.__cause__))
def reent():
    yield next(r)
r = reent()
try: next(r)
except ValueError as e: print(e)
def ret_in_close():
    try: yield
    except GeneratorExit: return "closed value"
c = ret_in_close(); next(c); print(c.close())
def fib():
    a, b = 0, 1
    while True: yield a; a, b = b, a + b
import itertools
print(list(itertools.islice(fib(), 15)), sum(x for x in range(10) if x % 2), [*(i * i for i in range(4))], max((len(w), w) for w in "a bbb cc".split()))
def tree(t): yield from (x for s in t for x in (tree(s) if isinstance(s, list) else [s]))
print(list(tree([1, [2, [3, [4]], 5], [[6]]])))
class It:
    def __iter__(self): yield from "xyz"
print(list(It()), dict(zip(It(), range(3))), "y" in It(), sorted(It(), reverse=True), *It())
