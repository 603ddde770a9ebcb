"""When objects die: temporaries, arguments, frames, exceptions, containers, del order."""
import gc
import sys

gc.disable()


class T:
    alive = 0

    def __init__(self, name="t"):
        self.name = name
        T.alive += 1

    def __del__(self):
        T.alive -= 1
        if self.name != "t":
            print("del", self.name)

    def method(self):
        return self.name

    def __add__(self, other):
        return T(self.name + other.name)


def show(label):
    print(label, T.alive)


T()
show("temporary")
[T() for _ in range(10)]
show("list display")
x = T()
x = None
show("rebound")
T("a") + T("b")
show("sum")
(lambda *a, **k: None)(T("arg"), kw=T("kwarg"))
show("arguments")
T("m").method()
bound = T("bound").method
print("kept")
del bound


def f(p):
    local = T("local")
    return p


f(T("param"))
show("call")


def raising():
    keep = T("in frame")
    raise ValueError


try:
    raising()
except ValueError:
    print("handling")
show("after except")


def g():
    held = T("in generator")
    yield 1
    yield held


it = g()
next(it)
del it
it = g()
list(it)
it = None
show("generators")
d = {T("key"): T("value")}
d.clear()
l = [T(str(i)) for i in range(3)]
del l[1]
l[0] = None
l.pop()
print("popped")
l = None
a, b = T("first"), T("second")
a, b = b, a
del a
del b
s = {T("in set")}
s = None
t = (T("in tuple"), [T("in list in tuple")])
t = None
show("containers")


class Owner:
    def __init__(self):
        self.child = T("child")


o = Owner()
o.child = T("new child")
o = None
for v in [T("loop 1"), T("loop 2")]:
    print("body", v.name)
    del v
print("loop done")
with_exit = type("W", (), {"__enter__": lambda s: T("entered"), "__exit__": lambda s, *e: print("exit")})
with with_exit() as e:
    pass
print("still")
del e
x = [T("x0")]
x[0], y = 5, T("y")
y = y.name
print(sys.getrefcount(object()), sys.getrefcount([]) , T.alive)
closure = (lambda c: lambda: c)(T("captured"))
print(closure().name)
closure = None
def default(v=T("default")):
    pass
del default
print(T.alive)
class Cls:
    attr = T("class attribute")
Cls.attr = None
T("chained") and None
None or T("or")
[T("subscript")][0].name
{"k": T("dict temp")}["k"].name
f"{T('fstring').name}"
not T("not")
if T("condition"):
    print("then")
while T("while"):
    break
print(T("printed").name)
assert T("assert")
show("end")
