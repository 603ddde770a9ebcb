"""All solutions of the eight queens puzzle, by three ways of backtracking."""


def by_generator(n, placed=()):
    if len(placed) == n:
        yield placed
        return
    row = len(placed)
    for column in range(n):
        if all(column != c and abs(column - c) != row - r for r, c in enumerate(placed)):
            yield from by_generator(n, placed + (column,))


def by_bits(n, row=0, columns=0, left=0, right=0):
    if row == n:
        return 1
    free = ((1 << n) - 1) & ~(columns | left | right)
    total = 0
    while free:
        bit = free & -free
        free ^= bit
        total += by_bits(n, row + 1, columns | bit, (left | bit) << 1, (right | bit) >> 1)
    return total


def by_permutation(n):
    from itertools import permutations

    rows = range(n)
    for p in permutations(rows):
        if n == len({p[i] + i for i in rows}) == len({p[i] - i for i in rows}):
            yield p


def show(solution):
    n = len(solution)
    return "\n".join(" ".join("Q" if solution[r] == c else "." for c in range(n)) for r in range(n))


solutions = list(by_generator(8))
print(len(solutions), solutions[0], solutions[-1])
print(show(solutions[0]))
print([by_bits(n) for n in range(1, 10)])
print(sorted(by_permutation(6)) == sorted(by_generator(6)), len(list(by_permutation(7))))
