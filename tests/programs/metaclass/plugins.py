"""Metaclasses and class hooks at work: registries, interfaces, immutables, enums by hand, ordering."""


class PluginMeta(type):
    plugins = {}

    def __new__(meta, name, bases, ns, *, key=None, abstract=False):
        cls = super().__new__(meta, name, bases, ns)
        if not abstract:
            missing = [m for b in cls.__mro__ for m in b.__dict__.get("required", ()) if m not in dir(cls)]
            if missing:
                raise TypeError(f"{name} lacks {', '.join(missing)}")
            meta.plugins[key or name.lower()] = cls
        return cls

    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)

    def __getitem__(cls, key):
        return cls.plugins[key]

    def __iter__(cls):
        return iter(sorted(cls.plugins))

    def __len__(cls):
        return len(cls.plugins)


class Plugin(metaclass=PluginMeta, abstract=True):
    required = ("run",)


class Upper(Plugin):
    def run(self, s):
        return s.upper()


class Reverse(Plugin, key="rev"):
    def run(self, s):
        return s[::-1]


class Twice(Upper, key="twice"):
    def run(self, s):
        return super().run(s) * 2


print(list(Plugin), len(Plugin), Plugin["rev"]().run("abc"), Plugin["twice"]().run("x"), Upper["upper"] is Upper)
try:

    class Broken(Plugin):
        pass

except TypeError as e:
    print(e)


class Frozen(type):
    def __setattr__(cls, n, v):
        raise AttributeError(f"{cls.__name__} is frozen")

    def __delattr__(cls, n):
        raise AttributeError("no")

    def __call__(cls, *a, **k):
        obj = super().__call__(*a, **k)
        object.__setattr__(obj, "_made", True)
        return obj


class Const(metaclass=Frozen):
    limit = 5

    def __init__(self, v):
        self.v = v

    def __setattr__(self, n, v):
        if getattr(self, "_made", False):
            raise AttributeError(f"cannot set {n}")
        super().__setattr__(n, v)


c = Const(1)
for f in (lambda: setattr(Const, "limit", 6), lambda: delattr(Const, "limit"), lambda: setattr(c, "v", 2)):
    try:
        f()
    except AttributeError as e:
        print(e)
print(Const.limit, c.v)


class AutoNumber(dict):
    def __init__(self):
        self.n = 0

    def __missing__(self, key):
        if key.startswith("__"):
            raise KeyError(key)
        self.n += 1
        self[key] = self.n
        return self.n


class EnumMeta(type):
    @classmethod
    def __prepare__(meta, name, bases):
        return AutoNumber()

    def __new__(meta, name, bases, ns):
        members = {k: v for k, v in ns.items() if isinstance(v, int)}
        cls = super().__new__(meta, name, bases, dict(ns))
        cls.members = members
        return cls

    def __contains__(cls, name):
        return name in cls.members


class Color(metaclass=EnumMeta):
    RED
    GREEN
    BLUE


print(Color.members, Color.GREEN, "RED" in Color, "PINK" in Color)


class Hooked:
    subs = []

    def __init_subclass__(cls, /, scale=1, **kw):
        super().__init_subclass__(**kw)
        cls.scale = scale
        Hooked.subs.append((cls.__name__, scale))

    def __class_getitem__(cls, n):
        return type(f"{cls.__name__}{n}", (cls,), {"n": n}, scale=n)


class A(Hooked, scale=3):
    pass


B = A[7]
print(B.__name__, B.n, B.scale, B.__mro__[1] is A, Hooked.subs)


class Multi(type):
    def mro(cls):
        order = super().mro()
        return [order[0], *sorted(order[1:-1], key=lambda c: c.__name__), order[-1]]


class Z(metaclass=Multi):
    who = "Z"


class Y(Z):
    who = "Y"


class X(Y):
    pass


print([c.__name__ for c in X.__mro__], X.who)
def make(name, **attrs):
    return type(name, (), attrs | {"__repr__": lambda self: f"<{name} {vars(self)}>"})
T = make("Dynamic", size=3, double=lambda self: self.size * 2)
t = T()
t.extra = 1
print(t, t.double(), T.__name__, T.__module__ == __name__, T.__qualname__)
class Prop(type):
    @property
    def version(cls):
        return f"{cls.__name__} v{cls._v}"
    def __instancecheck__(cls, o):
        return getattr(o, "kind", None) == cls.__name__ or super().__instancecheck__(o)
class Lib(metaclass=Prop):
    _v = 2
class Fake:
    kind = "Lib"
print(Lib.version, isinstance(Fake(), Lib), isinstance(5, Lib), hasattr(Lib(), "version"), type(Lib).__mro__[1].__name__)
