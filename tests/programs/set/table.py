# Order and memory of sets through thousands of random operations, as digests.
import sys

state = 1
def below(n):
    global state
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    return (state >> 8) % n

def value():
    kind = below(3)
    if kind == 0: return below(20)
    if kind == 1: return below(1000) << below(40)
    return -below(5000)

def digest(trace):
    h = 0
    for x in trace:
        h = (h * 1000003 + x) % (1 << 61)
    return h

for seed in range(60):
    state = seed * 104729 + 3
    a, b, trace = set(), set(), []
    for step in range(300):
        op, v = below(16), value()
        if op < 5: a.add(v)
        elif op < 7: a.discard(v)
        elif op == 7 and a: trace.append(a.pop())
        elif op == 8: b.add(v)
        elif op == 9 and not below(3): a |= b
        elif op == 10 and not below(3): a.update({value(): 1 for _ in range(below(20))})
        elif op == 11 and not below(5): a -= b
        elif op == 12 and not below(5): a = a.copy()
        elif op == 13 and not below(5): b = a & b
        elif op == 14 and not below(5): b = b ^ a
        elif op == 15 and not below(5): b = a - b
        trace.append(sys.getsizeof(a) * 1000 + len(a))
    print(seed, len(a), len(b), digest(trace), digest(a), digest(b), digest([hash(frozenset(a)), hash(frozenset(b))]))
