def grade(n):
    if n >= 90:
        return "A"
    elif n >= 80:
        return "B"
    elif not n:
        return "zero"
    else:
        return "F"


print([grade(n) for n in (95, 85, 10, 0, 80, 89.99)])


class Truth:
    def __init__(self, value):
        self.value = value

    def __bool__(self):
        print("asked", self.value)
        return self.value

    def __repr__(self):
        return f"T({self.value})"


yes, no = Truth(True), Truth(False)
print(yes and no)
print(no and yes)
print(yes or no)
print(no or no)
print(not yes)
print(yes and no or yes)
print((yes if no else no) is no)
if yes and not no:
    print("taken")
while no:
    print("never")
else:
    print("while else")
print([x for x in (yes, no) if x])
for value in (0, 0.0, 0j, "", b"", (), [], {}, set(), range(0), None, False, frozenset(), "0", [0], (None,), {0: 0}, -1, float("nan"), object):
    print(type(value).__name__, bool(value), end="; ")
print()
print(1 < 2 < 3 < 3, 1 < 3 > 2, 1 == 1.0 is not None, 3 > 2 > 1 > 0 >= 0)


def trace(n):
    print(n, end=" ")
    return n


print(trace(1) < trace(3) < trace(2) < trace(9))
print(trace(5) == trace(5) != trace(6))
assert yes, "no message"
try:
    assert no, trace("message")
except AssertionError as e:
    print(repr(e))
