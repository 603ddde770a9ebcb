d = {"a": 1, "b": 2, "c": 3}
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i, len(k), "a" in k, 2 in v, ("b", 2) in i, ("b", 3) in i, list(reversed(k)), list(reversed(v)), list(reversed(i)))
d["d"] = 4
print(k, len(v), k & {"a", "x"}, k | ["x"], k - {"a"}, k ^ {"a", "z"} == {"b", "c", "d", "z"}, i & {("a", 1)}, k == {"a", "b", "c", "d"}, k > {"a"}, k <= {"a"}, k.isdisjoint("xyz"), {"a"} <= k)
print(sorted(i, key=lambda p: -p[1]), k.mapping["a"], type(k).__name__, type(iter(i)).__name__, set(k) == k, v == d.values(), i == d.items(), {"a": 1}.items() == {("a", 1)})
try:
    k.mapping["x"] = 1
except TypeError as e: print(e)
for name in ("append", "add"):
    try: getattr(k, name)
    except AttributeError as e: print(e)
it = iter(d)
print(next(it), it.__length_hint__())
d["new"] = 1
try: next(it)
except RuntimeError as e: print(e)
import collections
o = collections.OrderedDict(a=1, b=2, c=3)
o.move_to_end("a"); print(o, o == {"a": 1, "b": 2, "c": 3}, o == collections.OrderedDict(a=1, b=2, c=3), o.popitem(last=False), list(reversed(o)), o | {"z": 1})
c = collections.ChainMap({"a": 1}, {"a": 2, "b": 3}); c["x"] = 9
print(c, c["a"], c["b"], dict(c), c.maps[0], c.new_child({"a": 0})["a"], c.parents)
dd = collections.defaultdict(list)
for w in ("apple", "bob", "avocado"): dd[w[0]].append(w)
print(dd, dd["q"], dd.get("zz"), len(dd), collections.defaultdict(int, a=1) | {"b": 2})
cnt = collections.Counter("mississippi")
print(cnt, cnt.most_common(2), cnt["z"], cnt + collections.Counter("sip"), cnt - collections.Counter(s=10), cnt & collections.Counter("miss"), cnt | collections.Counter(z=3), sorted(cnt.elements())[:4], cnt.total(), +collections.Counter(a=-1, b=2))
import types
m = types.MappingProxyType(d)
print(m["a"], m, len(m), m | {"q": 1}, "a" in m)
try: m["a"] = 2
except TypeError as e: print(e)
