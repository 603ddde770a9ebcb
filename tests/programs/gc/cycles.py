import gc, weakref, sys
class Node:
    def __init__(self, n): self.n, self.ref = n, None
    def __repr__(self): return f"N{self.n}"
gc.collect(); gc.disable(); print(gc.isenabled(), gc.get_threshold(), gc.get_count()[2] >= 0)
a, b = Node(1), Node(2); a.ref, b.ref = b, a; wr = weakref.ref(a, lambda r: print("callback")); del a, b
print(wr() is not None); print(gc.collect() >= 2, wr())
l = []; l.append(l); d = {}; d["d"] = d; t = ([],); t[0].append(t); del l, d, t; print(gc.collect())
class Fin:
    def __init__(self, n): self.n, self.me = n, self
    def __del__(self): print("fin", self.n)
f = Fin(1); del f; print("before"); gc.collect(); print("after")
kept = []
class Res:
    def __init__(self): self.me = self
    def __del__(self): kept.append(self); print("resurrected")
Res(); gc.collect(); print(len(kept), gc.is_finalized(kept[0])); kept.clear(); print(gc.collect() >= 0, len(kept))
def gen():
    me = yield
    try: yield
    finally: print("gen closed")
g = gen(); next(g); g.send(g); del g; gc.collect()
def closure():
    def inner(): return inner
    return weakref.ref(inner)
w = closure(); print(w() is not None, gc.collect() > 0, w())
class Slots:
    __slots__ = ("x", "__weakref__")
s = Slots(); s.x = s; w = weakref.ref(s); del s; gc.collect(); print(w())
def mk():
    class C: pass
    return weakref.ref(C)
w = mk(); gc.collect(); print(w())
try: raise ValueError
except ValueError as e: ex = e; fr = e.__traceback__.tb_frame
del ex, fr
def tb():
    try: 1 / 0
    except ZeroDivisionError as e: keep = e; o = Node(9); return weakref.ref(o)
w = tb(); gc.collect(); print(w())
x = [1, {2: 3}, (4,)]
print(gc.is_tracked(x), gc.is_tracked(1), gc.is_tracked("a"), gc.is_tracked(Node(1)), sorted(map(str, gc.get_referents(x))), x in gc.get_objects() if False else True, any(r is x for r in gc.get_referrers(x[1])), gc.garbage, len(gc.callbacks))
log = []; cb = lambda phase, info: log.append((phase, info["generation"])); gc.callbacks.append(cb); gc.collect(); gc.collect(0); gc.callbacks.remove(cb); print(log)
print(sorted(gc.get_stats()[0]), len(gc.get_stats()), gc.freeze(), gc.get_freeze_count() > 0, gc.unfreeze(), gc.get_freeze_count())
gc.enable(); gc.set_threshold(50, 5, 5)
for i in range(2000): n = Node(i); n.ref = n
gc.set_threshold(0); print(len([o for o in gc.get_objects() if type(o) is Node]) < 200)
for call in (lambda: gc.collect(5), lambda: gc.set_threshold("a"), lambda: gc.get_objects(generation=9)):
    try: call()
    except Exception as e: print(type(e).__name__, e)
o = object(); before = sys.getrefcount(o); lst = [o] * 10; print(sys.getrefcount(o) - before); del lst; print(sys.getrefcount(o) == before)
