"""Matrices with exact fractions, and floats: products, determinants, inverses, power iteration."""
from fractions import Fraction


class Matrix:
    __slots__ = ("rows",)

    def __init__(self, rows):
        self.rows = [list(map(Fraction, r)) for r in rows]
        if len({len(r) for r in self.rows}) != 1:
            raise ValueError("ragged")

    @classmethod
    def identity(cls, n):
        return cls([[int(i == j) for j in range(n)] for i in range(n)])

    @property
    def shape(self):
        return len(self.rows), len(self.rows[0])

    @property
    def T(self):
        return Matrix(zip(*self.rows))

    def __getitem__(self, key):
        if isinstance(key, tuple):
            i, j = key
            return self.rows[i][j]
        return self.rows[key]

    def __add__(self, other):
        return Matrix([[a + b for a, b in zip(r, s, strict=True)] for r, s in zip(self.rows, other.rows, strict=True)])

    def __mul__(self, k):
        return Matrix([[a * k for a in r] for r in self.rows])

    __rmul__ = __mul__

    def __matmul__(self, other):
        if self.shape[1] != other.shape[0]:
            raise ValueError(f"{self.shape} @ {other.shape}")
        return Matrix([[sum(a * b for a, b in zip(r, c)) for c in zip(*other.rows)] for r in self.rows])

    def __pow__(self, n):
        out, base = Matrix.identity(len(self.rows)), self
        while n:
            if n & 1:
                out @= base
            base, n = base @ base, n >> 1
        return out

    def __eq__(self, other):
        return self.rows == other.rows

    def __str__(self):
        return "\n".join(" ".join(f"{a!s:>6}" for a in r) for r in self.rows)

    def reduce(self):
        m, det = [r[:] for r in self.rows], Fraction(1)
        n = len(m)
        for c in range(n):
            pivot = next((r for r in range(c, n) if m[r][c]), None)
            if pivot is None:
                return m, Fraction(0)
            if pivot != c:
                m[c], m[pivot], det = m[pivot], m[c], -det
            det *= m[c][c]
            m[c] = [v / m[c][c] for v in m[c]]
            for r in range(n):
                if r != c and (f := m[r][c]):
                    m[r] = [a - f * b for a, b in zip(m[r], m[c])]
        return m, det

    def det(self):
        return self.reduce()[1]

    def inverse(self):
        n = len(self.rows)
        wide = Matrix([r + [Fraction(i == j) for j in range(n)] for i, r in enumerate(self.rows)])
        m, det = wide.reduce()
        if not det:
            raise ZeroDivisionError("singular")
        return Matrix([r[n:] for r in m])


a = Matrix([[2, 1, 3], [0, -1, 4], [1, 2, 5]])
b = Matrix([["1/2", 0], [1, "0.25"], [3, 2]])
print(a, a @ b, a.T, a + a == 2 * a, a.det(), a.inverse(), a @ a.inverse() == Matrix.identity(3), sep="\n")
print((Matrix([[1, 1], [1, 0]]) ** 100)[0, 1], Matrix([[1, 2], [2, 4]]).det())
for action in (lambda: b @ a, lambda: Matrix([[1, 2], [3]]), lambda: Matrix([[1, 2], [2, 4]]).inverse(), lambda: a + b, lambda: a[5, 5], lambda: setattr(a, "x", 1)):
    try:
        action()
    except (ValueError, ZeroDivisionError, IndexError, AttributeError) as e:
        print(type(e).__name__, e)
m = [[4.0, 1.0, 0.5], [1.0, 3.0, 0.25], [0.5, 0.25, 2.0]]
v = [1.0, 1.0, 1.0]
for _ in range(100):
    w = [sum(x * y for x, y in zip(row, v)) for row in m]
    norm = sum(x * x for x in w) ** 0.5
    v = [x / norm for x in w]
print(f"{norm:.9f}", [f"{x:.9f}" for x in v])
