import pickle, copy, copyreg, enum, collections, datetime, io
class P:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return type(o) is type(self) and vars(o) == vars(self)
class G:
    def __init__(self): self.a, self.skip = 1, lambda: 0
    def __getstate__(self): return {"a": self.a}
    def __setstate__(self, s): self.a = s["a"] + 1; self.restored = True
class R:
    def __init__(self, v): self.v = v
    def __reduce__(self): return R, (self.v * 2,)
class N(tuple):
    def __new__(cls, a, b): return super().__new__(cls, (a, b))
    def __getnewargs__(self): return tuple(self)
class S: __slots__ = ("p", "q")
class L(list): pass
Pt = collections.namedtuple("Pt", "x y")
class E(enum.Enum): A = 1
values = [None, True, 0, -1, 255, 256, 65536, 2**31, -(2**31), 2**63, 10**50, -(10**50), 1.5, float("inf"), 1j, "", "aé€😀", "x" * 300, b"", b"ab" * 200, bytearray(b"q"), (), (1,), (1, 2, 3, 4), [], [1, [2]], {}, {"a": 1, (1, 2): [3]}, set(), {1, 2}, frozenset("a"), range(5), slice(1, 2), Ellipsis, NotImplemented, int, len, collections.OrderedDict(a=1), collections.deque([1], 3), collections.Counter("aab"), Pt(1, 2), E.A, P([1]), N(1, 2), datetime.timedelta(1), ValueError("v", 1), collections.defaultdict(list, a=[1]), complex(1, -2), type(None), str.upper, datetime.date(2024, 1, 1)]
for proto in range(pickle.HIGHEST_PROTOCOL + 1):
    ok = 0
    for v in values:
        try:
            w = pickle.loads(pickle.dumps(v, proto))
            assert (w == v and type(w) is type(v)) or repr(w) == repr(v), (v, w)
            ok += 1
        except (pickle.PicklingError, TypeError) as e: print(proto, type(v).__name__, type(e).__name__, e)
    print(proto, ok, len(pickle.dumps(values[:30], proto)))
g = pickle.loads(pickle.dumps(G())); print(g.a, g.restored, pickle.loads(pickle.dumps(R(2))).v, vars(copy.copy(P(1))), copy.deepcopy([P([1])])[0].x)
s = S(); s.p = 5; t = pickle.loads(pickle.dumps(s)); print(t.p, hasattr(t, "q")); l = L([1]); l.attr = 2; m = pickle.loads(pickle.dumps(l)); print(m, m.attr)
a = [1]; a.append(a); b = pickle.loads(pickle.dumps(a)); print(b[1] is b, pickle.dumps([1, "a"], 0), pickle.dumps({"k": (1, None)}, 2), pickle.dumps([1.5, b"x"], 4), sep="\n")
shared = [0]; u = pickle.loads(pickle.dumps([shared, shared])); print(u[0] is u[1]); f = io.BytesIO(); pickle.dump(1, f); pickle.dump("two", f); f.seek(0); print(pickle.load(f), pickle.load(f))
class Local(pickle.Pickler):
    def persistent_id(self, o): return "id" if o is shared else None
    def reducer_override(self, o): return (str, ("reduced",)) if isinstance(o, P) else NotImplemented
class LoadP(pickle.Unpickler):
    def persistent_load(self, pid): return f"<{pid}>"
    def find_class(self, m, n): return super().find_class(m, n)
f = io.BytesIO(); Local(f).dump([shared, P(1)]); f.seek(0); print(LoadP(f).load())
bufs = []; d = pickle.dumps(pickle.PickleBuffer(bytearray(b"big")), 5, buffer_callback=bufs.append); print(len(bufs), bytes(pickle.loads(d, buffers=bufs)))
copyreg.pickle(complex, lambda c: (complex, (c.imag, c.real))); print(pickle.loads(pickle.dumps(1 + 2j)))
for bad in (lambda: pickle.dumps(lambda: 0), lambda: pickle.dumps(open), lambda: pickle.loads(b""), lambda: pickle.loads(b"garbage"), lambda: pickle.loads(b"\x80\x09."), lambda: pickle.loads(b"."), lambda: pickle.loads(b"cnope\nx\n."), lambda: pickle.dumps((i for i in "a")), lambda: pickle.dumps(1, 99), lambda: pickle.loads(5), lambda: pickle.loads(b"\x80\x04K"), lambda: pickle.dumps(type("Loc", (), {})()), lambda: pickle.loads(b"cos\nnope\n.")):
    try: print(type(bad()).__name__)
    except Exception as e: print(type(e).__name__, str(e).split(" at 0x")[0])
import pickletools; pickletools.dis(pickle.dumps([1, ("a", {"k": None})], 2)); print(len(pickletools.optimize(pickle.dumps([1, 2]))))
