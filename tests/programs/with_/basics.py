class M:
    def __init__(self, n, swallow=False, fail=None): self.n, self.swallow, self.fail = n, swallow, fail
    def __enter__(self):
        print("enter", self.n)
        if self.fail == "enter": raise OSError("enter " + self.n)
        return self.n.upper()
    def __exit__(self, t, v, tb):
        print("exit", self.n, t and t.__name__, v, tb is not None)
        if self.fail == "exit": raise KeyError("exit " + self.n)
        return self.swallow
with M("a") as a, M("b") as b: print(a, b)
with (M("c") as c, M("d", True),): print(c); raise ValueError("swallowed")
def f():
    for i in range(3):
        with M(f"loop{i}"):
            if i == 0: continue
            if i == 1: return "returned"
print(f())
for kind in ("enter", "exit"):
    try:
        with M("ok"), M("x", fail=kind): print("body")
    except Exception as e: print(type(e).__name__, e)
try:
    with M("y", fail="exit"): raise ValueError("body")
except KeyError as e: print(e, repr(e.__context__))
with M("z") as (p, *q): print(p, q) if False else None
d = {}
with M("k") as d["key"], M("l") as d["x"]: pass
print(d)
for o in ("object()", "type('E', (), {'__enter__': lambda s: 1})()", "5"):
    try:
        exec(f"with {o}: pass")
    except (TypeError, AttributeError) as e: print(type(e).__name__, str(e).split(" object")[-1][:80])
import contextlib, io, os
@contextlib.contextmanager
def cm(n):
    print("cm in", n)
    try: yield n * 2
    except ValueError as e: print("cm caught", e)
    finally: print("cm out", n)
with cm(4) as v: print(v)
with cm(5): raise ValueError("inside")
@cm("deco")
def decorated(): return "ran"
print(decorated())
with contextlib.ExitStack() as s:
    print([s.enter_context(cm(i)) for i in range(2)]); s.callback(print, "callback", end="!\n"); s.push(lambda *e: print("pushed", e[0]))
with contextlib.suppress(KeyError, IndexError): {}["x"]
with contextlib.redirect_stdout(io.StringIO()) as out: print("captured")
print(repr(out.getvalue()), contextlib.nullcontext(5).__enter__())
with contextlib.closing(io.StringIO("x")) as fh: print(fh.read())
print(fh.closed)
@contextlib.contextmanager
def noyield():
    if False: yield
@contextlib.contextmanager
def twice(): yield; yield
for g in (noyield, twice):
    try:
        with g(): pass
    except RuntimeError as e: print(e)
