"""Views over many kinds of memory: slices, casts, shapes, sharing, releasing, comparing."""
import array
import struct

data = bytearray(range(12))
v = memoryview(data)
print(v.format, v.itemsize, v.ndim, v.shape, v.strides, v.nbytes, v.readonly, v.c_contiguous, len(v), v.obj is data)
print(v[3], v[-1], v[2:5].tolist(), v[::-3].tolist(), v[::2].strides, v[1:1].tolist(), list(v[4:6]), 5 in v)
v[0:3] = b"abc"
v[5] = 255
v[::4] = b"XYZ"
print(bytes(data), v[::-1].tobytes(), v.hex(" "), v[2:4].hex())
half = v[6:]
half[0] = 1
sub = half[::2]
print(data[6], sub.tolist(), sub.c_contiguous, sub.tobytes(), sub.obj is data)
ints = v.cast("I")
print(ints.shape, ints.tolist(), ints[1])
ints[2] = 0x01020304
print(bytes(data[8:]), v.cast("H").tolist()[:2], ints.cast("B").tolist()[:3])
grid = v.cast("B", (3, 4))
print(grid.ndim, grid.shape, grid.strides, grid.tolist(), grid[1, 2], len(grid))
grid[2, 3] = 77
print(data[-1], grid.cast("B").shape)
for fmt, values in (("d", [1.5, -2.0]), ("h", [-1, 300]), ("?", [True, False]), ("Q", [2**63]), ("f", [0.5])):
    raw = bytearray(struct.pack(f"{len(values)}{fmt}", *values))
    m = memoryview(raw).cast(fmt)
    print(fmt, m.tolist(), m.itemsize, m == array.array(fmt, values) if fmt != "?" else "")
    m[0] = m[-1]
    print(raw.hex())
a = array.array("i", range(6))
m = memoryview(a)
m[2:4] = array.array("i", [-1, -2])
print(a, m == memoryview(array.array("h", [0, 1, -1, -2, 4, 5])), memoryview(b"ab") == b"ab", memoryview(b"ab") != bytearray(b"ac"), m[::2] == m[::2])
try:
    a.append(1)
except BufferError as e:
    print(e)
m.release()
a.append(6)
print(len(a))
with memoryview(b"context") as w:
    print(w[0], w.readonly, hash(w) == hash(b"context"), w.toreadonly()[1:3].tobytes())
for f in (
    lambda: w[0],
    lambda: memoryview(b"x").__setitem__(0, 1),
    lambda: v.__setitem__(slice(0, 2), b"abc"),
    lambda: v.__setitem__(0, 256),
    lambda: v.__setitem__(0, "a"),
    lambda: v[100],
    lambda: v[1.5],
    lambda: v.cast("Z"),
    lambda: v[1:].cast("I"),
    lambda: v[::2].cast("H"),
    lambda: grid[5, 0],
    lambda: grid[0],
    lambda: memoryview("text"),
    lambda: hash(memoryview(bytearray(1))),
    lambda: v.cast("B", (5, 5)),
    lambda: v < v,
    lambda: del_item(v),
):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
class Own:
    def __init__(self):
        self.raw, self.open = bytearray(b"own buffer"), 0
    def __buffer__(self, flags):
        self.open += 1
        return memoryview(self.raw)
    def __release_buffer__(self, view):
        self.open -= 1
o = Own()
with memoryview(o) as m:
    print(bytes(m), o.open, len(m))
print(o.open, bytes(o), b"-".join([o, b"x"]), bytearray(o)[:3], o.open)
import collections.abc
print(isinstance(b"", collections.abc.Buffer), isinstance(o, collections.abc.Buffer), isinstance("", collections.abc.Buffer))
