a = [3, 1, 2]
a.append(5); a.insert(0, 9); a.insert(100, 7); a.insert(-1, 8); a.extend("xy"); a += (1.5,)
print(a, len(a), a.pop(), a.pop(0), a.pop(-2), a, a.index(8), a.count(1), 5 in a, "z" in a)
a.remove("y"); a.reverse()
print(a, a[::-1], a[1:3], a[-2:], a[::2], a * 2, [0] * 3, a + [1], a.copy() == a, a is not a.copy())
a[1:3] = []; print(a)
a[1:1] = [10, 20, 30]; print(a)
a[::2] = "AB" if len(a[::2]) == 2 else ["A"] * len(a[::2]); print(a)
del a[0], a[-1:]; print(a)
a[:] = range(5); print(a, a[slice(1, 4, 2)]); del a[::2]; print(a); a.clear(); print(a)
x = [1, 2]; x.append(x); print(x, x == x, [[]] * 2)
grid = [[0] * 3 for _ in range(2)]; grid[0][1] = 5; shared = [[0]] * 2; shared[0].append(1); print(grid, shared)
for call in (lambda: [][0], lambda: [1].pop(5), lambda: [].pop(), lambda: [1].remove(2), lambda: [1].index(2), lambda: [1].__getitem__("a"), lambda: [1] + (2,), lambda: [1].__setitem__(5, 1), lambda: [1, 2, 3].__setitem__(slice(0, 3, 2), [1]), lambda: [1].__setitem__(slice(0, 1), 5), lambda: hash([]), lambda: [1] < [None], lambda: [1] * 1.5, lambda: list(5), lambda: [1].extend(1), lambda: [1].index(1, 5), lambda: [1].insert("a", 1), lambda: [1] * 10**19):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
print([1, 2] < [1, 2, 3], [1, 3] > [1, 2, 9], [] < [0], [1] == [1.0], [1] != (1,), [[1, 2], [3]] == [[1, 2], [3]])
print([1, 2, 3, 2].index(2, 2), [1, 2, 3].index(3, -1), list("abc"), list({"a": 1}), list(range(3)), list(x * x for x in range(4)), [*range(2), *"ab"])
it = iter([1, 2, 3]); print(next(it), it.__length_hint__(), list(it), next(it, "end"))
grow = [1]
for v in grow:
    if len(grow) < 5:
        grow.append(v * 2)
print(grow, [] or "empty", list(reversed(grow)), sum(grow), any(grow), all([]), max(grow, key=lambda v: v % 3))
class L(list):
    def __len__(self): return 99
    def __getitem__(self, i): return "item"
l = L([1, 2]); print(len(l), l[0], list(l), l + [3], repr(l), sorted(l), bool(l))
