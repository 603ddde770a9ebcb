class Data:
    def __set_name__(self, owner, name): self.name = name; print("named", owner.__name__, name)
    def __get__(self, obj, owner=None): return f"{self.name} of class" if obj is None else obj.__dict__.get("_" + self.name, "unset")
    def __set__(self, obj, v): obj.__dict__["_" + self.name] = v
    def __delete__(self, obj): del obj.__dict__["_" + self.name]
class NonData:
    def __get__(self, obj, owner=None): return "computed", obj is None
class C:
    d, n = Data(), NonData()
c = C(); c.__dict__["d"] = "shadow?"; c.__dict__["n"] = "shadows"
print(C.d, c.d, c.n, C.n); c.d = 5; print(c.d, c.__dict__); del c.d; print(c.d)
C.d = "replaced"; print(C.d, c.d, type(c.__dict__))
class Lazy:
    def __init__(self, f): self.f = f
    def __set_name__(self, o, n): self.n = n
    def __get__(self, obj, o=None):
        if obj is None: return self
        v = obj.__dict__[self.n] = self.f(obj); return v
class L:
    @Lazy
    def slow(self): print("computing"); return 42
l = L(); print(l.slow, l.slow, "slow" in vars(l))
class P:
    def __init__(self): self._x = 1
    @property
    def x(self): "x doc"; return self._x
    @x.setter
    def x(self, v): self._x = v
    @x.deleter
    def x(self): print("deleted")
    ro = property(lambda s: 1); wo = property(fset=lambda s, v: None)
p = P(); p.x = 9; print(p.x, P.x.__doc__, P.x.fget.__name__); del p.x
for s in ("p.ro = 1", "p.wo", "del p.ro", "P.x.__get__(p).foo"):
    try: exec(s)
    except AttributeError as e: print(s, "->", e)
class Sub(P):
    @P.x.getter
    def x(self): return "sub " + str(self._x)
s = Sub(); s.x = 3; print(s.x, super(Sub, s).x)
class F:
    def m(self, a=1): return self, a
    cm = classmethod(lambda cls, *a: (cls.__name__, a)); sm = staticmethod(lambda *a: a)
f = F()
print(F.m(1, 2), f.cm(1), F.cm(2), f.sm(3), F.sm(), F.__dict__["m"].__get__(f)(5)[1], F.m.__get__(None, F) is F.m, f.m.__self__ is f, f.m == f.m, f.m is f.m, F.__dict__["cm"].__func__.__name__)
print(type(F.__dict__["sm"]).__name__, type(int.__add__).__name__, type((1).__add__).__name__, type(str.join).__name__, type("".join).__name__, type(type.__dict__["__mro__"]).__name__, type(F.__dict__["__dict__"]).__name__, type(len).__name__, int.__add__.__get__(3)(4), str.upper.__get__("a")())
for call in (lambda: str.upper(5), lambda: int.__add__("a", 1), lambda: list.append(), lambda: F.m(), lambda: str.join.__get__(5), lambda: dict.fromkeys.__self__, lambda: property().__get__(1)):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
try:
    class Err:
        class D:
            def __set_name__(self, o, n): raise ValueError("in set_name")
        x = D()
except ValueError as e: print(e, e.__notes__)
