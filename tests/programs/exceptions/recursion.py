import sys
def down(n): return down(n + 1)
for f in (lambda: down(0), lambda: eval("(" * 300 + ")" * 300), lambda: repr_nest(), lambda: Loop() == Loop(), lambda: getattr(Attr(), "x"), lambda: str(Rep()), lambda: hash(Hash()), lambda: Call()()):
    class Loop:
        def __eq__(self, o): return Loop() == o
    class Attr:
        def __getattr__(self, n): return getattr(self, n + "x")
    class Rep:
        def __repr__(self): return repr(self)
    class Hash:
        def __hash__(self): return hash((self,))
    class Call: pass
    Call.__call__ = Call()
    def repr_nest():
        x = []
        for _ in range(100_000): x = [x]
        return repr(x)
    try:
        f(); print("ended")
    except RecursionError as e:
        print("RecursionError")
    except SyntaxError as e:
        print("SyntaxError", e.msg)
sys.setrecursionlimit(200)
depth = 0
def count():
    global depth
    depth += 1
    count()
try: count()
except RecursionError: print(150 < depth <= 200)
sys.setrecursionlimit(1000)
def again():
    try: again()
    except RecursionError: return "caught"
    return "passed on"
print(again())
x = None
for _ in range(200_000): x = (x,)
del x
y = None
for _ in range(100_000): y = {"k": y}
y = None; print("freed")
try: sys.setrecursionlimit(0)
except ValueError as e: print(e)
a = []; a.append(a); print(a, a == a)
b = []; b.append(b)
try: a == b
except RecursionError as e: print("RecursionError")
