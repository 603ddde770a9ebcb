class Log:
    def __init__(self):
        self.items = {}

    def __getitem__(self, k):
        print("get", k)
        return self.items.get(k, 0)

    def __setitem__(self, k, v):
        print("set", k, v)
        self.items[k] = v

    @property
    def p(self):
        print("get p")
        return 1

    @p.setter
    def p(self, v):
        print("set p", v)


def obj():
    print("obj")
    return log


def key():
    print("key")
    return "k"


def value():
    print("value")
    return 5


log = Log()
obj()[key()] += value()
obj().p *= value()
x = 5
for op in ("+=", "-=", "*=", "/=", "//=", "%=", "**=", "<<=", ">>=", "&=", "|=", "^="):
    scope = {"x": 13}
    exec(f"x {op} 2", scope)
    print(op, scope["x"], end="; ")
print()
a = b = [1]
a += [2]
a = a + [3]
print(a, b)
a = b = (1,)
a += (2,)
print(a, b)
s = t = "x"
s += "y"
print(s, t)
st = u = {1}
st |= {2}
st = st | {3}
print(st, u)
lst = [1, 2, 3]
lst[0] += 10
lst[-1] *= 2
lst[1:] += [9]
print(lst)


class M:
    def __init__(self, v):
        self.v = v

    def __imatmul__(self, o):
        return M(self.v @ o if hasattr(self.v, "__matmul__") else (self.v, o))

    def __iadd__(self, o):
        return NotImplemented

    def __add__(self, o):
        return "add used"


m = M(1)
m @= 2
print(m.v)
m += 1
print(m)
try:
    n = None
    n += 1
except TypeError as e:
    print(e)
try:
    undefined += 1
except NameError as e:
    print(e)


def local():
    try:
        cnt += 1
    except UnboundLocalError as e:
        print(e)
    cnt = 0


local()
big = 1
for _ in range(70):
    big <<= 1
    big |= 1
print(big, big.bit_length())
