x, y, z = 1, 2, 3
del x, (y, z)
for name in "xyz":
    print(name in globals(), end=" ")
print()
lst = list(range(10))
del lst[0], lst[-1], lst[2:4], lst[::3]
print(lst)
d = {"a": {"b": [1, 2]}}
del d["a"]["b"][0]
print(d)
del d["a"]
print(d)


class Obj:
    def __delitem__(self, k):
        print("delitem", k)

    def __delattr__(self, n):
        print("delattr", n)


o = Obj()
del o[1], o["k", 2], o[1:2], o.attr
del (o.a), [o.b]


def f(a, b=[]):
    del a
    try:
        a
    except UnboundLocalError as e:
        print(e)
    a = 5
    del b
    return a


print(f(1))


class C:
    attr = 1

    def m(self):
        pass

    del m


print(hasattr(C, "m"), hasattr(C, "attr"))
del C.attr
print(hasattr(C, "attr"))
for stmt in ("del undefined", "del lst[99]", "del d['q']", "del C.q", "del (1).real", "del lst.append", "del [][0:1]", "del {}[0:1]"):
    try:
        exec(stmt)
        print(stmt, "ok")
    except Exception as e:
        print(stmt, type(e).__name__, e)
for bad in ("del 1", "del f()", "del a + b", "del (a, 1)", "del *a", "del a := 1", "del None", "del"):
    try:
        compile(bad, "", "exec")
    except SyntaxError as e:
        print(bad, "->", e.msg)


class Traced:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("gone", self.n)


t = Traced(1)
u = t
del t
print("alive")
del u
t = Traced(2)
t = Traced(3)
t = None
for t in map(Traced, (4, 5)):
    pass
del t


def scope():
    a = Traced(6)
    b = [Traced(7)]
    return b


kept = scope()
print("kept")
kept[0] = None
[Traced(8), Traced(9)]
print("end")
