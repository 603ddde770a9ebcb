# Every slice of a short list agrees with the definition, for reading, assigning and deleting.
def indices(n, start, stop, step):
    r = range(*slice(start, stop, step).indices(n))
    return list(r)
base = list(range(6))
bounds = [None, -7, -6, -3, -1, 0, 1, 3, 5, 6, 7, 100]
checked = 0
for a in bounds:
    for b in bounds:
        for c in (None, 1, 2, 3, -1, -2, -7, 7):
            want = indices(6, a, b, c)
            assert base[a:b:c] == want and tuple(base)[a:b:c] == tuple(want) and bytes(base)[a:b:c] == bytes(want)
            assert "".join(map(str, want)) == "012345"[a:b:c]
            copy = base[:]
            del copy[a:b:c]
            assert copy == [v for v in base if v not in want]
            copy = base[:]
            if c not in (None, 1):
                copy[a:b:c] = [-v for v in want]
                assert copy == [-v if v in want else v for v in base]
            checked += 1
print(checked)
s = slice(1, 10, 2)
print(s, s.start, s.stop, s.step, s == slice(1, 10, 2), slice(5), slice(None), slice(1, 2) < slice(1, 3), hash(slice(1)) == hash(slice(1)), s.indices(5), slice(-3, None).indices(2))
for call in (lambda: slice(1, 2, 0).indices(5), lambda: slice("a").indices(5), lambda: slice(1).indices(-1), lambda: [][::0], lambda: slice(), lambda: [1]["a":], lambda: slice(1).indices(1.5)):
    try:
        call()
    except Exception as e:
        print(type(e).__name__, e)
class Show:
    def __getitem__(self, key): return key
    def __setitem__(self, key, value): print("set", key, value)
    def __delitem__(self, key): print("del", key)
o = Show()
print(o[1], o[1:2], o[::], o[1:2:3, ...], o[:, None], o[()], o["a", "b":], o[*[1, 2], 3])
o[1:2] = 5; o[..., 0] = 6; del o[::2]
class Cell:
    def __iadd__(self, v): print("iadd", v); return "sum"
class Box(Show):
    def __getitem__(self, key): return Cell()
Box()[1:3] += 4
l = [1, 2, 3, 4]; l[1:3] += [9]; print(l); l[::2] *= 1; print(l); l[1:] = l; print(l); l[len(l):] = iter("ab"); print(l)
