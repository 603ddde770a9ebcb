class Meta(type):
    @classmethod
    def __prepare__(m, name, bases, **kw): print("prepare", name, kw); return {"injected": 1}
    def __new__(m, name, bases, ns, **kw): print("new", name, [k for k in ns if not k.startswith("__")]); return super().__new__(m, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw): print("init", name); super().__init__(name, bases, ns)
    def __call__(cls, *a, **k): print("call", cls.__name__); return super().__call__(*a, **k)
    def __instancecheck__(cls, o): return o == 42 or super().__instancecheck__(o)
    def __subclasscheck__(cls, c): return c is int or super().__subclasscheck__(c)
    def __len__(cls): return 7
    def __iter__(cls): return iter("abc")
    def __getitem__(cls, k): return ("item", k)
    def __contains__(cls, k): return k == "in"
    def __repr__(cls): return f"<{cls.__name__}!>"
    def __add__(cls, o): return f"{cls!r}+{o!r}"
    def __getattr__(cls, n): return "meta attr " + n
    @property
    def prop(cls): return "metaprop"
class A(metaclass=Meta, opt=5): x = 1
class B(A): y = 2
print(A, [A], B.injected, len(A), list(A), A[1], "in" in A, A + B, A.dynamic, A.prop, isinstance(42, A), isinstance(A(), A), issubclass(int, A), issubclass(str, A), type(B))
try: A().prop
except AttributeError as e: print(e)
class M2(type): pass
try:
    class C(A, metaclass=M2): pass
except TypeError as e: print(e)
class M3(Meta, M2): pass
class D(A, metaclass=M3): pass
print(type(D).__name__, type(type(D)).__name__)
def func_meta(name, bases, ns): return (name, bases, sorted(k for k in ns if not k.startswith("__")))
class E(metaclass=func_meta): z = 1
print(E)
class Registry(type):
    all = {}
    def __init__(cls, n, b, d): super().__init__(n, b, d); Registry.all[n] = cls
class Plug(metaclass=Registry): pass
class Plug2(Plug): pass
print(sorted(Registry.all), Plug.__subclasses__() == [Plug2])
class OrderedMeta(type):
    def mro(cls): print("mro", cls.__name__); return super().mro()
class O(metaclass=OrderedMeta): pass
import types
N = types.new_class("N", (dict,), {"metaclass": type}, lambda ns: ns.update(q=1)); print(N.q, N.__mro__)
class MroEntries:
    def __mro_entries__(self, bases): return (list,)
class FromEntries(MroEntries()): pass
print(FromEntries.__bases__, FromEntries.__orig_bases__[0].__class__.__name__, types.get_original_bases(FromEntries) == FromEntries.__orig_bases__)
for call in (lambda: type("x"), lambda: type("x", (), {}), lambda: type("x", [], {}), lambda: type(1, (), {}), lambda: type("a", (), {}, k=1), lambda: type("\0", (), {}), lambda: type.__new__(int, "x", (), {}), lambda: type.__call__(), lambda: type("q", (type(None),), {}), lambda: setattr(type("q", (), {}), "__name__", 5), lambda: setattr(int, "__bases__", ())):
    try: print(type(call()).__name__)
    except Exception as e: print(type(e).__name__, e)
