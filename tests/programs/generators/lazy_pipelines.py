"""Chains of generators: files of lines, windows, merging, back-pressure, clean-up order."""
import heapq
import itertools


def trace(name):
    def deco(gen):
        def wrapper(*a):
            log.append(f"+{name}")
            try:
                result = yield from gen(*a)
                return result
            finally:
                log.append(f"-{name}")

        return wrapper

    return deco


log = []


@trace("lines")
def lines(text):
    for n, line in enumerate(text.splitlines(), 1):
        yield n, line


@trace("grep")
def grep(word, source):
    for n, line in source:
        if word in line:
            yield n, line


@trace("upper")
def upper(source):
    for n, line in source:
        yield n, line.upper()


TEXT = "one fish\ntwo fish\nred bird\nblue fish\n"
print(list(upper(grep("fish", lines(TEXT)))), log)
log.clear()
first = next(p := upper(grep("fish", lines(TEXT))))
print(first, log)
p.close()
print(log)
log.clear()
for item in upper(grep("two", lines(TEXT))):
    print(item)
    break
del item
print(log[:3])


def windows(seq, n):
    its = itertools.tee(seq, n)
    for k, it in enumerate(its):
        next(itertools.islice(it, k, k), None)
    return zip(*its)


print(list(windows("abcde", 3)), list(windows([1], 2)))


def averager():
    total, count, mean = 0.0, 0, None
    while True:
        v = yield mean
        if v is None:
            return total, count
        total, count = total + v, count + 1
        mean = total / count


def grouper(results, key):
    while True:
        results[key] = yield from averager()


results = {}
for key, values in {"a": [1, 2, 3], "b": [10, 20]}.items():
    g = grouper(results, key)
    next(g)
    print([g.send(v) for v in values])
    g.send(None)
print(results)


def primes():
    yield 2
    found = {}
    for n in itertools.count(3, 2):
        step = found.pop(n, None)
        if step is None:
            found[n * n] = 2 * n
            yield n
        else:
            k = n + step
            while k in found:
                k += step
            found[k] = step


def hamming():
    def times(k):
        return (k * v for v in hamming_from())

    def hamming_from():
        return iter(shared(0))

    cache = []
    source = None

    def shared(i):
        while True:
            if i == len(cache):
                cache.append(next(source))
            yield cache[i]
            i += 1

    def make():
        yield 1
        last = 1
        for v in heapq.merge(times(2), times(3), times(5)):
            if v != last:
                yield v
                last = v

    source = make()
    return shared(0)


print(list(itertools.islice(primes(), 12)), list(itertools.islice(hamming(), 20)))


def flatten(x, seen=()):
    if isinstance(x, (list, tuple)):
        if any(x is s for s in seen):
            yield "..."
            return
        for y in x:
            yield from flatten(y, (*seen, x))
    else:
        yield x


loop = [1, [2, (3,)]]
loop.append(loop)
print(list(flatten(loop)))


def permutations(items):
    if not items:
        yield []
    for i, x in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1 :]):
            yield [x, *rest]


print(["".join(p) for p in permutations("abc")], sum(1 for _ in permutations("abcdef")))


def run_length(s):
    return ((k, sum(1 for _ in g)) for k, g in itertools.groupby(s))


print(list(run_length("aaabccd")), "".join(k * n for k, n in run_length("aaabccd")))
def cleanup(*names):
    if not names:
        yield "innermost"
        return
    try:
        yield from cleanup(*names[1:])
    finally:
        order.append(names[0])
order = []
g = cleanup("a", "b", "c")
print(next(g), g.gi_yieldfrom.__name__)
try:
    g.throw(KeyError("thrown"))
except KeyError as e:
    print(e, order)
