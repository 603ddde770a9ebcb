for r in (range(5), range(2, 8), range(0, 10, 3), range(10, 0, -3), range(0), range(5, 5), range(0, -5), range(-5, 5, 4), range(10**20, 10**20 + 3)):
    print(r, list(r), len(r), list(reversed(r)), r.start, r.stop, r.step, bool(r), 3 in r, r == range(5))
r = range(0, 100, 7)
print(r[3], r[-1], r[2:5], r[::-1], r[::2], r.index(49), r.count(49), 50 in r, 49.0 in r, "a" in r, r == range(0, 99, 7), hash(r) == hash(range(0, 99, 7)), min(r), max(r), sum(r))
for call in (lambda: range(1, 2, 0), lambda: range("a"), lambda: range(1.5), lambda: r[99], lambda: r.index(5), lambda: range(), lambda: len(range(10**30)), lambda: r["a"], lambda: range(5) + range(5), lambda: range(1, 2, 3, 4), lambda: setattr(r, "start", 1)):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
it = iter(range(3)); print(next(it), it.__length_hint__(), list(it), next(it, None))
big = range(-10**30, 10**30, 10**29)
print(big[5], big[-1], 10**29 * 3 in big, big.index(0), list(big)[:2], big[3:5], reversed(big).__next__())
print(list(zip(range(3), range(0, -3, -1))), [i for i in range(3) for j in range(i)], list(enumerate(range(5, 7), 10)), range(True, 5)[0], isinstance(range(1), __import__("collections").abc.Sequence))
total = 0
for i in range(1000):
    if i % 2: continue
    if i > 500: break
    total += i
else:
    print("never")
print(total, i)
for i in range(3): pass
else: print("else ran", i)
class I:
    def __index__(self): return 4
print(range(I()), list(range(I(), I() and 7)), range(5)[I()])
