d = {"a": 1, "b": 2, 3: "c", None: None, (1, 2): "t", 2.5: "f"}
print(d, len(d), d["a"], d.get("x"), d.get("x", 0), "a" in d, 3.0 in d, list(d), list(d.values()), list(d.items())[:2])
d["z"] = 26; d["a"] = 10; del d["b"]; d["b"] = 20
print(d, d.pop("z"), d.pop("none", "dflt"), d.popitem(), d.setdefault("a", 5), d.setdefault("n"), d)
print(dict(a=1, b=2), dict([("x", 1), ["y", 2]]), dict({"a": 1}, b=2), dict(zip("ab", range(2))), dict.fromkeys("abc", 0), dict.fromkeys([1]), {**{"a": 1}, "b": 2, **{"a": 3}})
print({"a": 1} | {"b": 2, "a": 3}, {"a": 1} == {"a": 1.0}, {"a": 1, "b": 2} == {"b": 2, "a": 1}, {} != {}, list(reversed({"a": 1, "b": 2})), {1: "a", True: "b"})
e = {"a": 1}; e |= [("b", 2)]; e.update(c=3); e.update({"d": 4}, e=5); f = e.copy(); f["a"] = 100; print(e, f["a"], e.clear(), e, bool(e))
n = {}; n["self"] = n; n["list"] = [n]; print(n)
class K:
    def __init__(self, v): self.v = v
    def __hash__(self): return 1
    def __eq__(self, o): return isinstance(o, K) and self.v == o.v
    def __repr__(self): return f"K{self.v}"
c = {K(i): i for i in range(20)}
print(c[K(7)], K(20) in c, len(c), c.pop(K(0)), next(iter(c)), [c[K(i)] for i in range(1, 20)] == list(range(1, 20)))
for call in (lambda: {}["x"], lambda: {}[(1, 2)], lambda: {[]: 1}, lambda: {{}: 1}, lambda: {}.pop("x"), lambda: {}.popitem(), lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: dict(5), lambda: {} < {}, lambda: {}.update(5), lambda: {"a": 1} | 5, lambda: hash({}), lambda: {}.fromkeys(5), lambda: dict(**{1: 2}), lambda: {}[{1}]):
    try:
        print(call())
    except Exception as ex:
        print(type(ex).__name__, ex)
g = {i: i for i in range(5)}
try:
    for k in g: g[k + 10] = 1
except RuntimeError as ex: print(ex)
try:
    for k in g: del g[k]; g[k] = 0
except RuntimeError as ex: print(ex)
big = {i: str(i) for i in range(5000)}
for i in range(0, 5000, 2): del big[i]
print(len(big), big[4999], 4998 in big, sum(big), next(iter(big)), list(big)[-1])
class D(dict):
    def __missing__(self, key): return f"missing {key}"
print(D(a=1)["a"], D()["q"], D().get("q"), D(a=1), isinstance(D(), dict))
