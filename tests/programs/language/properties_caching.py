class Celsius:
    def __init__(self, degrees=0.0):
        self.degrees = degrees

    @property
    def degrees(self):
        """Degrees, above absolute zero."""
        return self._degrees

    @degrees.setter
    def degrees(self, value):
        if value < -273.15:
            raise ValueError(f"{value} is below absolute zero")
        self._degrees = float(value)

    @degrees.deleter
    def degrees(self):
        self._degrees = 0.0

    @property
    def fahrenheit(self):
        return self.degrees * 9 / 5 + 32

    @fahrenheit.setter
    def fahrenheit(self, f):
        self.degrees = (f - 32) * 5 / 9


t = Celsius(25)
print(t.degrees, t.fahrenheit, Celsius.degrees.__doc__)
t.fahrenheit = 212
print(t.degrees)
t.degrees += 1
print(t.degrees, vars(t))
del t.degrees
print(t.degrees)
for action in (lambda: Celsius(-300), lambda: setattr(t, "degrees", "x"), lambda: delattr(t, "fahrenheit"), lambda: t.kelvin):
    try:
        action()
    except Exception as e:
        print(type(e).__name__, e)


class Typed:
    def __init__(self, kind, default=None):
        self.kind, self.default = kind, default

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, obj, owner):
        if obj is None:
            return self
        return obj.__dict__.get(self.name, self.default)

    def __set__(self, obj, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name} must be {self.kind.__name__}, not {type(value).__name__}")
        obj.__dict__[self.name] = value


class Record:
    name = Typed(str, "?")
    size = Typed(int, 0)

    def __init__(self, **kw):
        for k, v in kw.items():
            setattr(self, k, v)


r = Record(name="n")
print(r.name, r.size, vars(r), type(Record.name).__name__)
try:
    r.size = "big"
except TypeError as e:
    print(e)
class Memo:
    def __init__(self, f):
        self.f, self.cache = f, {}
    def __call__(self, *args):
        if args not in self.cache:
            self.cache[args] = self.f(*args)
        return self.cache[args]
@Memo
def stirling(n, k):
    if n == k:
        return 1
    if k == 0 or k > n:
        return 0
    return k * stirling(n - 1, k) + stirling(n - 1, k - 1)
print(stirling(30, 15), len(stirling.cache))
class classproperty:
    def __init__(self, f):
        self.f = f
    def __get__(self, obj, owner):
        return self.f(owner)
class K:
    @classproperty
    def label(cls):
        return f"<{cls.__name__}>"
class L(K):
    pass
print(K.label, L.label, L().label)
