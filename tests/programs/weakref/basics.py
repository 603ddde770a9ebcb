import weakref, gc
class C:
    def __init__(self, n=0): self.n = n
    def m(self): return self.n
    def __eq__(self, o): return isinstance(o, C) and self.n == o.n
    def __hash__(self): return hash(self.n)
c = C(1); r = weakref.ref(c); r2 = weakref.ref(c); r3 = weakref.ref(c, lambda w: print("dead", w is r3, w()))
print(r() is c, r is r2, r == r3, hash(r) == hash(c), weakref.getweakrefcount(c), len(weakref.getweakrefs(c)), r.__callback__, r3.__callback__ is not None, repr(r).startswith("<weakref at"))
p = weakref.proxy(c); print(p.n, p.m(), p == c, type(p).__name__, str(p.__class__)); p.n = 5; print(c.n)
del c; print(r(), r3(), r == r2, hash(r), "dead" in repr(r))
try: p.n
except ReferenceError as e: print(e)
d = weakref.WeakValueDictionary(); k = C(2); d["k"] = k; d["t"] = C(3); print(list(d.items()) == [("k", k)], len(d), "k" in d, d.get("t")); del k; print(len(d), list(d))
wk = weakref.WeakKeyDictionary(); k = C(4); wk[k] = "v"; print(wk[C(4)], len(wk)); del k; print(len(wk))
ws = weakref.WeakSet(); xs = [C(i) for i in range(3)]; ws.update(xs); print(len(ws), xs[0] in ws, sorted(x.n for x in ws)); xs.pop(); print(len(ws), ws | {xs[0]} == {xs[0], xs[1]})
o = C(7); f = weakref.finalize(o, print, "finalized", key := "arg"); print(f.alive, f.peek()[1] is print); del o; print(f.alive, f())
o = C(8); wm = weakref.WeakMethod(o.m); print(wm()(), wm() == o.m); del o; print(wm())
for bad in (5, "s", [], {}, (), None, object(), lambda: 0, int, len, {1}, frozenset(), b""):
    try: print(type(bad).__name__, weakref.ref(bad)() is bad)
    except TypeError as e: print(e)
class L(list): pass
class T(tuple): pass
class I(int): pass
print(weakref.ref(l := L())() is l, end=" ")
for k in (T, I):
    try: weakref.ref(k()); print("ok")
    except TypeError as e: print(e)
for call in (lambda: hash(weakref.ref(C(1))), lambda: weakref.ref(), lambda: weakref.ref(C, 1, 2), lambda: weakref.proxy(5), lambda: weakref.ref(C)(1)):
    try: print(type(call()).__name__)
    except TypeError as e: print(e)
fn = lambda: 5; pf = weakref.proxy(fn); print(pf(), type(pf).__name__)
class N:
    def __len__(self): return 3
    def __getitem__(self, i): return i
    def __add__(self, o): return "add"
    def __iter__(self): return iter("xy")
    def __bool__(self): return False
    def __contains__(self, x): return True
n = N(); pn = weakref.proxy(n); print(len(pn), pn[5], pn + 1, list(pn), bool(pn), 9 in pn, isinstance(pn, N))
order = []
c = C(1); refs = [weakref.ref(c, lambda w, i=i: order.append(i)) for i in range(3)]; del c; print(order)
class Sub(weakref.ref):
    def __new__(cls, o, cb=None, **k): return super().__new__(cls, o, cb)
    def __init__(self, o, cb=None, tag=None): super().__init__(o, cb); self.tag = tag
c = C(2); s = Sub(c, tag="T"); print(s.tag, s() is c, Sub(c) is not s, weakref.getweakrefcount(c))
def raising(w): raise ValueError("in callback")
import sys; sys.unraisablehook = lambda u: print("unraisable", u.exc_value); r = weakref.ref(c, raising); del c
cyc = C(3); cyc.me = cyc; w = weakref.ref(cyc, lambda w: print("cycle dead")); del cyc; gc.collect(); print(w())
