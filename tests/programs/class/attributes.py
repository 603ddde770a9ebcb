class Trace:
    def __init__(self): object.__setattr__(self, "log", [])
    def __getattribute__(self, n):
        if n != "log": object.__getattribute__(self, "log").append("get " + n)
        return object.__getattribute__(self, n)
    def __getattr__(self, n):
        if n.startswith("dyn"): return n.upper()
        raise AttributeError(f"no {n}", name=n, obj=self)
    def __setattr__(self, n, v): self.log.append(f"set {n}"); object.__setattr__(self, n, v)
    def __delattr__(self, n): self.log.append(f"del {n}"); object.__delattr__(self, n)
t = Trace(); t.x = 1; t.x += 1; del t.x
print(t.dyn_a, hasattr(t, "nope"), getattr(t, "nope", 7), t.log)
class Slots:
    __slots__ = ("a", "_b", "__c")
    def __init__(self): self.a = 1; self.__c = 3
s = Slots(); print(s.a, s._Slots__c, Slots.__slots__, hasattr(s, "__dict__"), Slots.a)
for stmt in ("s.b", "s._b", "s.z = 1", "del s._b", "s.__dict__", "class Q(int): __slots__ = 'x'", "class W: __slots__ = ('a', 'a')", "class E: __slots__ = ('a',); a = 1", "class R: __slots__ = ('1a',)", "class U: __slots__ = 5", "class V(tuple): __slots__ = ('v',)", "Slots.a.__get__(5)", "Slots.a.__set__(s)"):
    try: exec(stmt); print(stmt, "ok")
    except Exception as e: print(stmt, "->", type(e).__name__, e)
del s.a
try: s.a
except AttributeError as e: print(e, e.name, e.obj is s)
class Child(Slots): pass
c = Child(); c.z = 5; print(c.z, c.a, c.__dict__)
class Multi(Slots): __slots__ = ("d", "__weakref__")
m = Multi(); m.d = 4; print(m.a, m.d, __import__("weakref").ref(m)() is m)
class Private:
    __x = 1
    def get(self): return self.__x, __class__.__name__
    def __hidden(self): return "hidden"
    def call(self): return self.__hidden()
print(Private().get(), Private().call(), Private._Private__x, [n for n in dir(Private) if "Private" in n])
class Conv:
    val = property(lambda self: self._v, lambda self, v: setattr(self, "_v", v * 2), lambda self: setattr(self, "_v", None), "doc of val")
o = Conv(); o.val = 21; print(o.val, Conv.val.__doc__); del o.val; print(o.val)
class Point:
    def __init_subclass__(cls, /, tag=None, **kw): super().__init_subclass__(**kw); cls.tag = tag
    def __class_getitem__(cls, k): return f"{cls.__name__}[{k}]"
class Tagged(Point, tag="T"): pass
print(Tagged.tag, Point[int], Tagged["x", 1])
try:
    class Wrong(Point, nope=1): pass
except TypeError as e: print(e)
class Suggest: colour = 1
try: Suggest().color
except AttributeError as e: print(e, e.name)
import sys, types
mod = types.ModuleType("mod", "its doc"); mod.__getattr__ = lambda n: f"module attr {n}"; print(mod.foo, mod.__doc__, mod.__name__, mod)
