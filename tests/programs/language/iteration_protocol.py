class Tree:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right

    def __len__(self):
        return 1 + sum(len(t) for t in (self.left, self.right) if t)

    def __contains__(self, v):
        if v == self.value:
            return True
        side = self.left if v < self.value else self.right
        return side is not None and v in side

    def __reversed__(self):
        return iter(list(self)[::-1])

    @classmethod
    def of(cls, values):
        root = None
        for v in values:
            root = root.insert(v) if root else cls(v)
        return root

    def insert(self, v):
        side = "left" if v < self.value else "right"
        child = getattr(self, side)
        setattr(self, side, child.insert(v) if child else Tree(v))
        return self


t = Tree.of([5, 2, 8, 1, 9, 3])
print(list(t), len(t), 3 in t, 7 in t, list(reversed(t)), sum(t), sorted(t, reverse=True), max(t), [*t][:2])
a, b, *rest = t
print(a, b, rest, dict(enumerate(t)), tuple(zip(t, "abc")), "-".join(map(str, t)))
it = iter(t)
print(next(it), next(it), list(it), next(it, None))


class OldStyle:
    def __getitem__(self, i):
        if i >= 4:
            raise IndexError(i)
        return i * i


print(list(OldStyle()), 9 in OldStyle(), list(zip(OldStyle(), OldStyle())), [*OldStyle()])


class Broken:
    def __iter__(self):
        return 5


class NoNext:
    def __iter__(self):
        return self


class Raises:
    def __iter__(self):
        return self

    def __next__(self):
        raise OSError("from next")


for cls in (Broken, NoNext, Raises):
    try:
        list(cls())
    except (TypeError, OSError) as e:
        print(cls.__name__, type(e).__name__, e)


class Peek:
    def __init__(self, it):
        self.it, self.buffer = iter(it), []

    def __iter__(self):
        return self

    def __next__(self):
        return self.buffer.pop() if self.buffer else next(self.it)

    def peek(self, default=None):
        if not self.buffer:
            try:
                self.buffer.append(next(self.it))
            except StopIteration:
                return default
        return self.buffer[-1]


p = Peek("abc")
print(p.peek(), p.peek(), next(p), list(p), p.peek("end"))
print(list(iter(iter([1, 2, 3]).__next__, 3)), list(map(lambda x, y: x + y, [1, 2], (10, 20, 30))))
gen = (i for i in range(3))
print(list(zip(gen, gen)), list(gen))
