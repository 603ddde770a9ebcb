"""Random operations on lists, tuples, bytearrays and deques against each other."""
from array import array
from collections import deque
import random

rng = random.Random(5)
lst, arr, ba, dq = [], array("l"), bytearray(), deque()
for step in range(4000):
    v = rng.randrange(256)
    i = rng.randrange(-len(lst) - 2, len(lst) + 2)
    match rng.randrange(9):
        case 0 | 1:
            for c in (lst, arr, ba, dq):
                c.append(v)
        case 2:
            for c in (lst, arr, ba, dq):
                c.insert(i, v)
        case 3:
            results = set()
            for c in (lst, arr, ba):
                try:
                    results.add(c.pop(i))
                except IndexError:
                    results.add("IndexError")
            if -len(dq) <= i < len(dq):
                results.add(dq[i])
                del dq[i]
            else:
                results.add("IndexError")
            assert len(results) == 1, results
        case 4:
            counts = {c.count(v) for c in (lst, arr, ba, dq)}
            assert len(counts) == 1
            if counts.pop():
                assert len({c.index(v) for c in (lst, arr, ba, dq)}) == 1
                for c in (lst, arr, ba, dq):
                    c.remove(v)
        case 5:
            for c in (lst, arr, ba, dq):
                c.reverse()
        case 6:
            j = rng.randrange(-len(lst) - 2, len(lst) + 2)
            k = rng.choice([-3, -2, -1, 1, 2, 3])
            assert lst[i:j:k] == list(arr[i:j:k]) == list(ba[i:j:k]) == list(tuple(lst)[i:j:k])
            if rng.random() < 0.3:
                del lst[i:j:k], arr[i:j:k], ba[i:j:k]
                dq = deque(lst)
        case 7:
            j = rng.randrange(-len(lst) - 2, len(lst) + 2)
            new = [rng.randrange(256) for _ in range(rng.randrange(4))]
            lst[i:j] = new
            arr[i:j] = array("l", new)
            ba[i:j] = bytes(new)
            dq = deque(lst)
        case 8:
            n = rng.randrange(-5, 6)
            dq.rotate(n)
            if lst:
                n %= len(lst)
                lst[:] = lst[-n:] + lst[:-n] if n else lst
                arr[:] = array("l", lst)
                ba[:] = bytes(lst)
    if step % 50 == 0:
        assert lst == list(arr) == list(ba) == list(dq), step
        assert sorted(lst) == sorted(dq) and tuple(lst) == (*dq,)
    if len(lst) > 100:
        del lst[50:], arr[50:], ba[50:]
        dq = deque(lst)
print(len(lst), sum(lst), lst[:10], list(dq) == lst)
a = []
for i in range(2000):
    a.insert(len(a) // 2, i)
print(a[:5], a[-5:], a[1000])
while len(a) > 3:
    del a[len(a) // 3]
print(a)
matrix = [[(r * c) % 7 for c in range(40)] for r in range(40)]
print(sum(map(sum, zip(*matrix))), [max(r) for r in matrix][:8], sorted(map(tuple, matrix))[5][:6])
nested = []
for i in range(1000):
    nested = [nested, i]
depth = 0
while nested:
    nested, depth = nested[0], depth + 1
print(depth)
