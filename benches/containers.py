"""Lists, dicts, sets and tuples: building, indexing, iterating, comprehensions, sorting."""
import random

rng = random.Random(1)
values = [rng.randrange(100_000) for _ in range(100_000)]
counts = {}
for v in values:
    counts[v] = counts.get(v, 0) + 1
squares = [v * v for v in values if v & 1]
unique = {v % 1000 for v in values}
pairs = sorted((v % 97, v) for v in values)
by = {}
for k, v in pairs:
    by.setdefault(k, []).append(v)
n = 200
matrix = [[(i * j) % 10 for j in range(n)] for i in range(n)]
for i in range(n):
    row = matrix[i]
    for j in range(n):
        row[j] = row[j - 1] + matrix[i - 1][j]
stack = []
for i in range(500_000):
    stack.append(i)
while stack:
    stack.pop()
assert len(by) == 97
