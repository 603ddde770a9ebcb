x = 1
def f():
    global x, created
    x = 2; created = 3
    class C:
        x = "class"
        def m(self): return x
        y = x
        del x
        z = x
    return C().m(), C.y, C.z
print(f(), x, created)
for s in ("del nope", "nope", "x.y.z", "print(undefined_thing)", "prnt(1)", "lst = [1]; lst.apend(1)", "import math; math.sqroot", "def g():\n print(loc)\n loc = 1\ng()", "def h():\n del q\nh()"):
    try: exec(s, {})
    except Exception as e: print(s.split("\n")[0], "->", type(e).__name__, e)
g = {"__builtins__": {"print": print, "len": len}}
exec("print(len('abc'))", g)
for s in ("open", "__import__('os')", "import os", "class A: pass"):
    try: exec(s, g)
    except Exception as e: print(s, type(e).__name__, e)
ns = {}; exec("a = 1\ndef f(): return a\nb = [a for _ in range(2)]", ns); print(ns["f"](), ns["b"], sorted(k for k in ns if k != "__builtins__"))
class Loc(dict):
    def __missing__(self, k): return f"missing {k}"
    def __setitem__(self, k, v): print("store", k); super().__setitem__(k, v)
exec("x = y\nprint(x, z)", {}, Loc(print=print)); print(eval("a + b", {"a": 1}, {"b": 2}), eval(" 1 + 1 "), eval(compile("1, 2", "", "eval")))
def loc(a, *b, c=1, **d):
    e = 1; return locals(), sorted(vars()), dir()
print(loc(1, 2, z=3))
import builtins
builtins.injected = "from builtins"; print(injected); del builtins.injected
len = lambda o: "shadowed"; print(len([])); del len; print(len([]))
for i in range(3): pass
print(i, [i for i in "ab"], i)
def fr():
    import sys
    f = sys._getframe(); g = sys._getframe(1)
    return f.f_code.co_name, g.f_code.co_name, f.f_lineno, sorted(f.f_locals), f.f_globals is globals(), f.f_back is g, f.f_builtins is builtins.__dict__
print(fr())
def proxy():
    import sys
    a = 1; fl = sys._getframe().f_locals; fl["a"] = 99; fl["new"] = 5; print(a, fl["a"], "new" in fl, type(fl).__name__, len(fl), sorted(fl)); a = 7; return fl["a"]
print(proxy(), __name__, __doc__, __debug__, __file__.split("/")[-1])
def annotated(): x: int; y: int = 5; return "x" in locals(), y
print(annotated()); del x
try: x
except NameError as e: print(e, e.name)
print((lambda: [x for x in [1]])(), [*(y for y in [x for x in (1, 2)])], globals()["created"], "created" in dir())
a = b = c = []; a += [1]; print(b, c); a, b = b, 5; (a), [b] = 1, [2]; print(a, b)
for s in ("def f():\n global g; g: int = 1", "class A:\n nonlocal x", "def f(x):\n global x", "def f():\n nonlocal nope", "x = 1; nonlocal x", "def f():\n x = 1\n global x", "[i := 0 for i in range(2)]", "class A: [(z := 1) for _ in [1]]"):
    try: exec(s, {}); print("ok")
    except SyntaxError as e: print(e.msg, e.lineno)
