from _circular_a import x
y = 2
