for i in range(3):
    for j in range(3):
        if j == 2:
            break
        if i == j:
            continue
        print(i, j, end="; ")
    else:
        print("inner finished")
    if i == 1:
        break
else:
    print("outer finished")
print()
n = 0
while True:
    n += 1
    if n % 2:
        continue
    if n > 6:
        break
    print(n, end=" ")
print(n)
for a, (b, *c) in [(1, (2, 3, 4)), (5, "xyz")]:
    print(a, b, c)
for x in (lambda: [1, 2])():
    print(x, end=" ")
items = [1, 2, 3, 4]
for item in items:
    if item == 2:
        items.remove(item)
print(items)
for i in range(3):
    i = 10
    print(i, end=" ")
print(i)
for k in {"b": 1, "a": 2}:
    print(k, end=" ")
holder = {}
for holder["k"] in range(3):
    print(holder, end=" ")


class Box:
    pass


for Box.attribute in "ab":
    pass
print(Box.attribute)
for [x, y] in [[1, 2]]:
    print(x + y)


def early(seq):
    for s in seq:
        try:
            if s < 0:
                return "negative"
        finally:
            print("checked", s)
    return "fine"


print(early([1, -1, 2]), early([]))


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        return self.n


print(list(Countdown(3)), sum(Countdown(5)), 2 in Countdown(4), [*Countdown(2)], max(Countdown(4)))
c = Countdown(3)
for v in c:
    if v == 1:
        break
print(list(c))
for _ in zip(range(2), "ab", strict=True):
    print(_)
try:
    for x in 5:
        pass
except TypeError as e:
    print(e)
total = 0
for i in range(100000):
    total += i & 3
print(total)
