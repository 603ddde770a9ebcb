class Point:
    """A point."""
    count = 0
    __slots__ = ("x", "y", "__dict__")
    def __init__(self, x=0, y=0): self.x, self.y = x, y; Point.count += 1
    def __repr__(self): return f"{type(self).__name__}({self.x}, {self.y})"
    def __add__(self, o): return type(self)(self.x + o.x, self.y + o.y) if isinstance(o, Point) else NotImplemented
    def __eq__(self, o): return (self.x, self.y) == (o.x, o.y) if isinstance(o, Point) else NotImplemented
    def __hash__(self): return hash((self.x, self.y))
    @classmethod
    def origin(cls): return cls()
    @staticmethod
    def dist(a, b): return abs(a.x - b.x) + abs(a.y - b.y)
    @property
    def norm(self): return self.dist(self, self.origin())
class Point3(Point):
    def __init__(self, x=0, y=0, z=0): super().__init__(x, y); self.z = z
    def __repr__(self): return super().__repr__()[:-1] + f", {self.z})"
p, q = Point(1, 2), Point3(3, 4, 5)
print(p, q, p + q, q + p, p == Point(1, 2), p != q, p == 5, {p: 1}[Point(1, 2)], Point.origin(), Point3.origin(), p.norm, Point.dist(p, q), Point.count)
print(isinstance(q, Point), issubclass(Point3, Point), type(q) is Point3, Point3.__mro__, Point3.__bases__, Point.__doc__, Point.__name__, Point.__qualname__, Point.__module__, vars(q))
p.new = 5; print(p.new, p.__dict__, hasattr(p, "zz"), getattr(p, "zz", "none"), Point.norm.fget.__name__, p.dist is Point.dist, p.origin.__self__, p.__repr__.__func__ is Point.__repr__)
for stmt in ("p + 1", "p.zz", "Point.zz", "p.norm = 1", "del p.norm", "del p.zz", "Point(1, 2, 3)", "Point(z=1)", "p()", "p < q", "p[0]", "len(p)", "iter(p)", "p.x.y", "Point.__init__()", "object(5)", "class X(1): pass", "class Y(Point, object, Point): pass", "class Z(object, Point): pass", "class B(bool): pass", "abs(p)", "for _ in p: pass", "with p: pass", "1 in p", "super().x", "~p", "p @ q", "p.__class__ = 5", "p.__class__ = int", "Point.__dict__['a'] = 1", "int.x = 1", "None.x = 1"):
    try:
        exec(stmt); print(stmt, "ok")
    except Exception as e:
        print(stmt, "->", type(e).__name__, e)
class Empty: pass
e = Empty(); e.a = 1; Empty.b = 2; e.b = 3; print(e.a, e.b, Empty.b); del e.b; print(e.b, Empty().b)
class A:
    def f(self): return "A"
class B(A):
    def f(self): return "B" + super().f()
class C(A):
    def f(self): return "C" + super().f()
class D(B, C):
    def f(self): return "D" + super().f()
print(D().f(), [c.__name__ for c in D.__mro__], super(B, D()).f(), super(C, D).f(D()), super(D, D()).f.__self__.__class__.__name__)
try:
    class Bad(A, D): pass
except TypeError as ex: print(ex)
A.f = lambda self: "patched"; print(D().f()); D.__bases__ = (C,); print(D().f(), [c.__name__ for c in D.__mro__])
