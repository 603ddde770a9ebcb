# Order and memory of dicts through thousands of random operations, as digests.
import sys

state = 20
def below(n):
    global state
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    return (state >> 8) % n

def digest(trace):
    h = 0
    for x in trace:
        h = (h * 1000003 + x) % (1 << 61)
    return h

for seed in range(40):
    state = seed * 7919 + 1
    strings = seed % 3 != 0
    def key():
        n = below(300)
        return str(n) if strings and below(100) else n
    a, b, trace = {}, {}, []
    for step in range(400):
        op, k = below(14), key()
        if op < 6: a[k] = step
        elif op < 8: a.pop(k, None)
        elif op == 8 and a: trace.append(a.popitem()[1])
        elif op == 9 and not below(3): a.update(b)
        elif op == 10 and not below(3): a = a.copy()
        elif op == 11: b[k] = -step
        elif op == 12 and not below(20): a.clear()
        elif op == 13 and not below(10): b = dict(a)
        trace.append(sys.getsizeof(a) * 1000 + len(a))
    trace += [int(k) for k in a] + list(a.values())
    assert list(reversed(a)) == list(a)[::-1] and list(reversed(a.items())) == list(a.items())[::-1]
    print(seed, len(a), sys.getsizeof(a), sys.getsizeof(b), digest(trace))

print([sys.getsizeof(dict.fromkeys(range(n))) for n in range(0, 60, 5)])
print([sys.getsizeof(dict.fromkeys({str(i): 0 for i in range(n)})) for n in range(0, 60, 5)])
print([sys.getsizeof({str(i): 0 for i in range(n)} | {i: 0 for i in range(n)}) for n in range(0, 60, 5)])

class A:
    pass
objects = [A() for _ in range(8)]
for n, o in enumerate(objects):
    for i in range(n * 6):
        setattr(o, f"a{i * (n % 3 + 1)}", i)
print([len(vars(o)) for o in objects], [list(vars(o))[-2:] for o in objects])
for o in objects:
    for name in list(vars(o))[::2]:
        delattr(o, name)
    o.a0 = o.last = "x"
print([list(vars(o).items())[-3:] for o in objects])
d = vars(objects[3]); c = d.copy(); del objects[3].last; print(len(d), len(c), "last" in d, "last" in c)
o = objects[4]; d = vars(o); del objects, o; print(len(d), d.popitem(), len(d))
