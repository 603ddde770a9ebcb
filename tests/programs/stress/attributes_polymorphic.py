"""The same code lines meeting many types: what inline caches must get right."""


def attr(o):
    return o.value


def call(o, x):
    return o.method(x)


def add(a, b):
    return a + b


def index(c, k):
    return c[k]


def unpack(t):
    a, b = t
    return a, b


def compare(a, b):
    return a < b, a == b


def contains(x, c):
    return x in c


def truth(x):
    return "T" if x else "F"


def store(o, v):
    o.stored = v
    return o.stored


def iterate(it):
    out = []
    for x in it:
        out.append(x)
    return out


class Plain:
    value = "class value"

    def method(self, x):
        return "plain", x


class Inst(Plain):
    def __init__(self):
        self.value = "inst value"


class Slots:
    __slots__ = ("value", "stored")

    def __init__(self):
        self.value = "slot value"

    def method(self, x):
        return "slots", x


class Prop:
    @property
    def value(self):
        return "property"

    @staticmethod
    def method(x):
        return "static", x


class Dyn:
    def __getattr__(self, n):
        return (lambda x: ("dyn", x)) if n == "method" else f"dyn {n}"


class Meta(type):
    value = "meta value"

    def method(cls, x):
        return "meta", x


class WithMeta(metaclass=Meta):
    pass


class ShadowDict(Plain):
    def __init__(self):
        self.method = lambda x: ("instance function", x)


objects = [Plain(), Inst(), Slots(), Prop(), Dyn(), WithMeta, ShadowDict(), Plain]
for _ in range(60):
    rows = [(attr(o), call(o, 1) if o is not Plain else None) for o in objects]
print(rows)
for _ in range(60):
    r = [add(1, 2), add(1.5, 2), add("a", "b"), add([1], [2]), add((1,), ()), add(2**70, 1), add(True, 1), add(b"a", b"b"), add(1j, 1), add(1, 2.5)]
print(r)
for _ in range(60):
    r = [index([1, 2], 1), index((1, 2), -1), index("ab", 0), index({"k": 5}, "k"), index(b"ab", 1), index(range(9), 4), index([1, 2, 3], slice(1, None)), index({1: 2}, True), index("日本", 1)]
print(r)
for _ in range(60):
    r = [unpack((1, 2)), unpack([3, 4]), unpack("xy"), unpack({5: 0, 6: 0}), unpack(iter((7, 8))), unpack(range(2))]
print(r)
for _ in range(60):
    r = [compare(1, 2), compare(1.5, 1), compare("a", "b"), compare((1,), (1, 2)), compare(2**70, 2**71), compare({1}, {1, 2}), compare(1, 1.0), compare(b"a", b"b")]
print(r)
for _ in range(60):
    r = [contains(1, [1]), contains("a", "abc"), contains(1, {1: 2}), contains(1, {2}), contains(5, range(9)), contains(97, b"a"), contains(None, (None,))]
    t = "".join(truth(x) for x in (0, 1, "", "a", [], [0], None, 0.0, {}, {1}, Plain(), True, False, 2**70))
    s = [store(o, i) for i, o in enumerate((Plain(), Slots(), Inst(), WithMeta))]
    it = [iterate(x) for x in ([1], (2,), "a", {3: 0}, {4}, range(2), iter([5]), (x for x in "g"), enumerate("e"), map(str, [6]), zip([7], [8]), b"b", {9: 1}.items(), reversed([1, 2]))]
print(r, t, s, it)
log = []
for i in range(80):
    if i == 40:
        Plain.method = lambda self, x: ("patched", x)
        Inst.value = property(lambda self: "now a property")
    if i == 60:
        del Plain.method
        Plain.__getattr__ = lambda self, n: (lambda x: ("fallback", n, x))
    try:
        log.append((call(objects[0], i)[0], attr(objects[1])))
    except AttributeError as e:
        log.append(str(e))
print(log[0], log[39], log[40], log[59], log[60], log[79])
import builtins
def uses_len():
    return len([1, 2])
vals = []
for i in range(60):
    if i == 20: builtins.len = lambda x: "builtin patched"
    if i == 30: globals()["len"] = lambda x: "global"
    if i == 40: del globals()["len"]
    if i == 50: builtins.len = type([]).__len__
    vals.append(uses_len())
print(vals[19], vals[20], vals[30], vals[40], vals[50])
