# Memory of lists through thousands of random operations, and the number of comparisons that sorting takes.
import sys

state = 1
def below(n):
    global state
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    return (state >> 8) % n

for seed in range(40):
    state = seed * 7919 + 5
    a, h = [], 0
    for step in range(200):
        op, n = below(13), below(30)
        if op < 3: a.append(step)
        elif op == 3 and a: a.pop()
        elif op == 4: a.extend((1,) * n)
        elif op == 5: a.extend(iter(range(n)))
        elif op == 6: a.extend(x for x in range(n))
        elif op == 7: a.extend(set(range(n)))
        elif op == 8 and a: del a[below(len(a)):]
        elif op == 9:
            i = below(len(a) + 1); a[i:i + below(10)] = [step] * n
        elif op == 10: a = a[:]
        elif op == 11 and not below(4): a = a * 3
        elif op == 12 and a: del a[::below(3) + 2]; a.insert(below(5), step)
        if len(a) > 2000: a.clear()
        h = (h * 1000003 + sys.getsizeof(a) * 1000 + len(a)) % (1 << 61)
    print(seed, len(a), sys.getsizeof(a), h, sum(a))

class Counted:
    count = 0
    def __init__(self, v): self.v = v
    def __lt__(self, other):
        Counted.count += 1
        return self.v < other.v

def comparisons(values):
    Counted.count = 0
    items = [Counted(v) for v in values]
    result = sorted(items)
    assert [i.v for i in result] == sorted(values)
    return Counted.count

for n in (0, 1, 2, 3, 5, 10, 31, 32, 33, 63, 64, 65, 100, 200, 500, 1000, 1025):
    print(n, [comparisons([below(m) for _ in range(n)]) for m in (1, 2, 5, 100, 1 << 20)],
          comparisons(range(n)), comparisons(range(n, 0, -1)), comparisons([i % 7 for i in range(n)]),
          comparisons(list(range(n // 2)) + list(range(n // 3)) + list(range(n, 0, -1))),
          comparisons([5] * (n // 2) + [4] * (n // 2) + list(range(n))))

pairs = [(below(5), below(3), str(below(9))) for _ in range(300)]
print(hash(tuple(map(hash, [p[:2] for p in sorted(pairs)]))), sorted(pairs, key=lambda p: p[0])[::37], sorted(pairs, reverse=True)[::41])
print(sorted([1, 2.5, True, 10 ** 30, -5, float("-inf")]), sorted(["b", "é", "a", "\u4e2d", "Z"]), sorted([3.5, -0.0, 0.0, 1e300]), sorted([b"b", b"a"]), sorted([(), (1,), (0, 5), (0,)]))
