import _circular_b
x = 1
def f(): return _circular_b.y
