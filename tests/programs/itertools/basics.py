from itertools import *
import operator
p = lambda it, n=10: print(list(islice(it, n)))
p(count(5)); p(count(1, 0.5), 4); p(cycle("ab"), 5); p(repeat(7), 3); p(repeat("x", 2)); p(chain("ab", [1], ())); p(chain.from_iterable(["ab", "cd"]))
p(accumulate([1, 2, 3, 4])); p(accumulate([3, 1, 4], max)); p(accumulate([1, 2], initial=100)); p(accumulate([1, 2, 3], operator.mul)); p(compress("abcdef", [1, 0, 1, 0, 1, 1])); p(dropwhile(lambda x: x < 3, [1, 2, 3, 1])); p(takewhile(lambda x: x < 3, [1, 2, 3, 1])); p(filterfalse(None, [0, 1, 2, 0])); p(starmap(pow, [(2, 3), (3, 2)]))
p(islice("abcdefg", 2, None, 2)); p(islice(range(10), 3)); p(islice("abc", 5)); p(pairwise("abcd")); p(zip_longest("ab", "xyz", fillvalue="-")); p(batched("abcdefg", 3))
p(product("ab", repeat=2)); p(product([1, 2], "xy")); p(product()); p(permutations("abc", 2)); p(permutations(range(3))); p(combinations("abcd", 2)); p(combinations_with_replacement("ab", 3)); p(combinations("ab", 3))
print([(k, list(g)) for k, g in groupby("aaabbcaa")], [(k, [v for v in g]) for k, g in groupby(sorted(range(10), key=lambda x: x % 3), lambda x: x % 3)])
a, b, c = tee(iter("abc"), 3); print(next(a), list(b), list(a), list(c))
g = groupby("aab"); k1, g1 = next(g); k2, g2 = next(g); print(k1, list(g1), k2, list(g2))
for call in (lambda: list(islice([1], -1)), lambda: list(islice([1], "a")), lambda: product(1), lambda: repeat(1, "a"), lambda: count("a"), lambda: list(batched("a", 0)), lambda: list(batched("abc", 2, strict=True)), lambda: permutations("ab", -1), lambda: chain(1).__next__(), lambda: list(starmap(pow, [1])), lambda: tee([], -1), lambda: list(zip("ab", "a", strict=True)), lambda: list(map(lambda a, b: a, "ab", "a", strict=True)), lambda: cycle(5), lambda: len(count())):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
print(sum(1 for _ in product(range(10), repeat=4)), sum(map(len, permutations(range(6)))), len(list(combinations(range(15), 7))), count(3), repeat(1, 5), count(1.5, 2), operator.length_hint(repeat(1, 5)), next(count(10**20)), list(zip(count(), "ab")), list(map(None.__class__, [])) )
it = iter([1, 2, 3]); print(list(zip(it, it)), list(iter(lambda c=iter("abXd"): next(c), "X")), next(iter([]), "d"), list(enumerate("ab", 5)), list(filter(None, [0, 1, "", "a"])), list(reversed(range(3))), all(x > 0 for x in ()), list(map(max, [1, 5], [3, 2])))
