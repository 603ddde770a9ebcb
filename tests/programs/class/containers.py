"""Classes that behave as sequence, mapping and context, with slices and views."""
from collections.abc import MutableSequence, MutableMapping, Set


class Bits(MutableSequence):
    def __init__(self, values=()):
        self.n, self.word = 0, 0
        self.extend(values)

    def __len__(self):
        return self.n

    def _at(self, i):
        i = i + self.n if i < 0 else i
        if not 0 <= i < self.n:
            raise IndexError("bit index out of range")
        return i

    def __getitem__(self, i):
        if isinstance(i, slice):
            return Bits(self[k] for k in range(*i.indices(self.n)))
        return self.word >> self._at(i) & 1

    def __setitem__(self, i, v):
        if isinstance(i, slice):
            for k, b in zip(range(*i.indices(self.n)), v, strict=True):
                self[k] = b
            return
        mask = 1 << self._at(i)
        self.word = self.word | mask if v else self.word & ~mask

    def __delitem__(self, i):
        i = self._at(i)
        low = self.word & (1 << i) - 1
        self.word, self.n = low | self.word >> i + 1 << i, self.n - 1

    def insert(self, i, v):
        i = max(0, min(i, self.n))
        low = self.word & (1 << i) - 1
        self.word, self.n = low | bool(v) << i | self.word >> i << i + 1, self.n + 1

    def __repr__(self):
        return f"Bits({''.join(map(str, self))})"

    def __eq__(self, o):
        return isinstance(o, Bits) and (self.n, self.word) == (o.n, o.word)


b = Bits([1, 0, 1, 1])
b.append(0)
b.insert(0, 1)
b.extend([1, 1])
print(b, len(b), b[0], b[-1], b[1:5], b[::-1], b.count(1), b.index(0), 1 in b, list(reversed(b)), b.pop(), b.pop(0), b)
b[0] = 0
b[1:3] = [1, 1]
del b[-1]
b += [0, 0]
b.remove(1)
b.reverse()
print(b, b == Bits(list(b)), bool(Bits()), b.word)
for f in (lambda: b[99], lambda: b.index(5), lambda: b.__setitem__(slice(0, 2), [1]), lambda: Bits().pop(), lambda: b["a"]):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)


class Folded(MutableMapping):
    def __init__(self, *a, **k):
        self.data = {}
        self.update(*a, **k)

    def __getitem__(self, k):
        return self.data[k.casefold()][1]

    def __setitem__(self, k, v):
        self.data[k.casefold()] = k, v

    def __delitem__(self, k):
        del self.data[k.casefold()]

    def __iter__(self):
        return (k for k, _ in self.data.values())

    def __len__(self):
        return len(self.data)


f = Folded({"Content-Type": "a"}, ACCEPT="b")
f["content-type"] = "c"
print(dict(f), f["CONTENT-TYPE"], "accept" in f, f.get("x"), f.pop("Accept"), list(f.items()), f.setdefault("New", 1), f == {"content-type": "c", "New": 1}, f.keys() & {"New"}, len(f), {**f})
try:
    f["nope"]
except KeyError as e:
    print(e)


class Span(Set):
    def __init__(self, it):
        self.items = tuple(dict.fromkeys(it))

    def __contains__(self, x):
        return x in self.items

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)

    def __repr__(self):
        return f"Span{self.items}"


s, t = Span("abca"), Span("bcd")
print(s & t, s | t, s - t, s ^ t, s < Span("abcd"), s == set("abc"), s.isdisjoint("xyz"), s & set("a"), {"z"} | s, s <= t)
