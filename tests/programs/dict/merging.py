"""Merging, inverting, grouping, counting, caching and nesting of dictionaries."""
from collections import ChainMap, Counter, OrderedDict, defaultdict
from types import MappingProxyType

defaults, user, env = {"a": 1, "b": 2, "n": {"x": 1}}, {"b": 20, "c": 30}, {"c": 300}
print(defaults | user | env, {**defaults, **user}, dict(defaults, **user), ChainMap(env, user, defaults)["b"], list(ChainMap(env, user)))


def deep(a, b):
    out = dict(a)
    for k, v in b.items():
        out[k] = deep(out[k], v) if isinstance(v, dict) and isinstance(out.get(k), dict) else v
    return out


print(deep({"n": {"x": 1, "y": {"z": 1}}}, {"n": {"y": {"w": 2}}, "m": 1}), defaults)
words = "the cat sat on the mat the end".split()
inverted = defaultdict(set)
for i, w in enumerate(words):
    inverted[w].add(i)
print(dict(inverted), {v: k for k, v in {"a": 1, "b": 2}.items()}, Counter(map(len, words)))
groups = {}
for w in words:
    groups.setdefault(w[0], []).append(w)
print(groups, sorted(groups, key=lambda k: (-len(groups[k]), k)), max(groups.items(), key=lambda kv: len(kv[1])))
d = dict.fromkeys(words, 0)
for w in words:
    d[w] += 1
print(d, sum(d.values()), {k: v for k, v in d.items() if v > 1}, dict(sorted(d.items(), key=lambda kv: (kv[1], kv[0]))))
tree = lambda: defaultdict(tree)
t = tree()
t["a"]["b"]["c"] = 1
t["a"]["d"] = 2


def plain(x):
    return {k: plain(v) for k, v in x.items()} if isinstance(x, dict) else x


print(plain(t), "q" in t["a"], plain(t["new"]), list(t))


def walk(x, path=()):
    if isinstance(x, dict):
        for k, v in x.items():
            yield from walk(v, (*path, k))
    else:
        yield ".".join(path), x


print(dict(walk({"a": {"b": 1, "c": {"d": 2}}, "e": 3})))
view = MappingProxyType(defaults)
try:
    view["z"] = 1
except TypeError as e:
    print(e)
defaults["z"] = 26
print(view["z"], view | {"y": 25}, dict(view) == defaults)
o = OrderedDict(one=1, two=2, three=3)
o.move_to_end("one")
o["two"] = 22
print(o, o.popitem(last=False), list(reversed(o)), o == {"three": 3, "one": 1}, o == OrderedDict(one=1, three=3))
a, b = {"x": 1}, {"y": 2}
c = a
a |= b
print(c, a is c, {"k": 1} | {"k": 2}, {} | {}, dict([("p", 1)]) | {"q": 2})
for bad in (lambda: {} | [("a", 1)], lambda: {}.update([1]), lambda: {}.update([(1, 2, 3)]), lambda: dict(a=1, **{"a": 2}), lambda: {}.setdefault(), lambda: {**[1]}, lambda: {[]: 1}, lambda: dict.fromkeys(1)):
    try:
        print(bad())
    except TypeError as e:
        print("TypeError", e)
    except ValueError as e:
        print("ValueError", e)


class Keys:
    def keys(self):
        return iter("ab")

    def __getitem__(self, k):
        return k * 2


print(dict(Keys()), {**Keys(), "c": 1}, {"z": 0} | dict(Keys()), (lambda **k: k)(**Keys()))
n = {}
n.update(Keys(), b="over")
n.update([["l", 1], ("t", 2), "ss"])
print(n, n.keys() - {"a"} == {"b", "l", "t", "s"}, sorted(n.items() & {("l", 1), ("q", 1)}))
squares = {i: i * i for i in range(10)}
for k in list(squares):
    if k % 2:
        del squares[k]
print(squares, squares.pop(4), squares.popitem(), len(squares), [*map(squares.get, (2, 3))], {True: "a", 1: "b", 1.0: "c"})
