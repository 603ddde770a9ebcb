"""Random operations on dicts and sets, checked against slow models kept in lists."""
import random


class Key:
    """Few hashes, so that every table has collisions."""

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 7

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n

    def __repr__(self):
        return f"K{self.n}"


rng = random.Random(11)
for make in (lambda n: n, str, Key, lambda n: (n, n % 3), lambda n: n * 2**61, lambda n: n / 4):
    d, model = {}, []
    s, smodel = set(), set(map(str, ()))
    for step in range(3000):
        k = make(rng.randrange(60))
        where = next((i for i, (a, _) in enumerate(model) if a == k), None)
        match rng.randrange(8):
            case 0 | 1 | 2:
                d[k] = step
                if where is None:
                    model.append((k, step))
                else:
                    model[where] = (model[where][0], step)
                s.add(k)
            case 3:
                got = d.pop(k, "none")
                want = "none" if where is None else model.pop(where)[1]
                assert got == want
                s.discard(k)
            case 4:
                assert d.get(k, -1) == (-1 if where is None else model[where][1])
                assert (k in s) == (k in d)
            case 5 if d and rng.random() < 0.2:
                assert d.popitem() == model.pop()
                s = set(d)
            case 6:
                d.setdefault(k, -step)
                if where is None:
                    model.append((k, -step))
                s.add(k)
            case 7 if rng.random() < 0.01:
                d = dict(d) if rng.random() < 0.5 else d.copy()
        assert len(d) == len(model) == len(s), (len(d), len(model), len(s))
        if step % 100 == 0:
            assert list(d.items()) == model
            assert list(reversed(d)) == [a for a, _ in reversed(model)]
            assert s == set(d) == d.keys()
    print(len(d), sum(d.values()) % 1000, len(s & set(list(d)[:10])), len(s ^ set()), sorted(map(str, s))[:3])


class Evil:
    """Changes the dict while it is being compared."""

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 1

    def __eq__(self, other):
        if armed:
            table.clear()
            for i in range(20):
                table[i] = i
        return False


armed, table = False, {}
for i in range(5):
    table[Evil(i)] = i
armed = True
print(table.get(Evil(9), "absent"), len(table))
big = {}
for i in range(50000):
    big[i ^ 0x5555] = i
for i in range(0, 50000, 3):
    del big[i ^ 0x5555]
print(len(big), sum(big.values()), next(iter(big)), 0x5555 in big)
