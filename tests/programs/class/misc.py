# type() with three arguments, __new__, copying, instances with __class__ changed, __del__, nested classes.
import copy
T = type("T", (int,), {"double": lambda self: self * 2, "__module__": "m"}); print(T(4).double(), T, T.__name__, type(T), T(3) + 1)
class Single:
    _one = None
    def __new__(cls, *a):
        if cls._one is None: cls._one = super().__new__(cls); cls._one.inits = 0
        return cls._one
    def __init__(self, *a): self.inits += 1
print(Single() is Single(1), Single().inits)
class Other:
    def __new__(cls): return 5
    def __init__(self): print("not called")
print(Other())
class Node:
    def __init__(self, v, kids=()): self.v, self.kids = v, list(kids)
    def __copy__(self): n = Node(self.v, self.kids); n.copied = True; return n
n = Node(1, [Node(2), Node(3)]); n.me = n
d = copy.deepcopy(n) if False else None
class Plain:
    def __init__(self): self.a, self.me = [1, [2]], self
p = Plain(); q = copy.deepcopy(p); r = copy.copy(p)
print(copy.copy(n).copied, q.me is q, q.a == p.a, q.a[1] is p.a[1], r.a is p.a, r.me is p)
class Cat: name = "cat"
class Dog: name = "dog"
x = Cat(); x.k = 1; x.__class__ = Dog; print(x.name, x.k, type(x).__name__)
class Outer:
    class Inner:
        def m(self): return __class__.__qualname__
    y = [i for i in range(3)]
    z = list(map(lambda v: v * 2, y))
print(Outer.Inner().m(), Outer.y, Outer.z, Outer.Inner.__qualname__, Outer.Inner.m.__qualname__, (lambda: 0).__qualname__)
class Del:
    def __init__(self, n): self.n = n
    def __del__(self): print("del", self.n)
a = Del(1); b = a; del a; print("still"); del b
Del(2); lst = [Del(3), Del(4)]; lst.clear(); print("cleared")
def scope(): d = Del(5); return "returned"
print(scope())
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    @property
    @abstractmethod
    def name(self): ...
class Sq(Shape):
    name = "sq"
    def area(self): return 4
for c in (Shape, type("Half", (Shape,), {"area": lambda s: 1})):
    try: c()
    except TypeError as e: print(e)
print(Sq().area(), Shape.__abstractmethods__ == {"area", "name"}, isinstance(Sq(), Shape), Shape.register(int), isinstance(5, Shape), issubclass(int, Shape))
class Cmp:
    def __eq__(self, o): return True
try: hash(Cmp())
except TypeError as e: print(e, Cmp.__hash__)
class Num:
    def __init__(self, v): self.v = v
    def __iadd__(self, o): self.v += o; return self
    def __bool__(self): return self.v > 0
    def __format__(self, s): return f"N{self.v}{s}"
k = m = Num(1); k += 5; print(m.v, k is m, "yes" if k else "no", f"{k:!}", format(k, "?"))
