a = bytearray(b"hello")
a[0] = 72; a[-1:] = b"p!"; a += b" world"; a.append(33); a.extend([1, 2]); a.insert(0, 62)
print(a, len(a), a.pop(), a.pop(0), a)
a[1:3] = b"EEEE"; del a[0]; del a[::3]; a.remove(ord("w")) if ord("w") in a else None
print(a, a.find(b"o"), a.reverse(), a, a.copy() == a, a is a.copy())
a *= 2
print(a, a.clear(), a, bool(a))
b = bytearray(10)
b[::2] = b"12345"
print(b, b[::-2], bytes(b), b.decode("latin-1"))
v = memoryview(b)
v[0:3] = b"xyz"
print(b, v[1], v.tolist()[:4], v[2:5].tobytes(), len(v), v.nbytes, v.format, v.readonly, v.shape, v.strides, v.contiguous)
for call in (lambda: b.append(1), lambda: b.extend(b"12"), lambda: b.clear(), lambda: b.__delitem__(0)):
    try:
        call()
    except BufferError as e:
        print(e)
v.release()
b.append(1)
print(b[-1])
for call in (lambda: bytearray([300]), lambda: b.append(256), lambda: b.__setitem__(0, "a"), lambda: b.__setitem__(99, 1), lambda: b.pop(99), lambda: b.remove(250), lambda: b.__setitem__(slice(0, 2, 1), 5), lambda: b.__setitem__(slice(None, None, 2), b"x"), lambda: bytearray("a"), lambda: hash(b), lambda: v[0], lambda: bytearray().pop()):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
import struct, array
buf = bytearray(16)
struct.pack_into("<IHb", buf, 2, 0xDEADBEEF, 513, -5)
print(buf.hex(" "), struct.unpack_from("<IHb", buf, 2))
m = memoryview(array.array("i", [1, 2, 3, 4, 5, 6]))
print(m.itemsize, m.format, m[2], m[::2].tolist(), m[::2].contiguous, m.cast("B").nbytes, m.cast("B").cast("i", [2, 3]).tolist(), m.cast("B").cast("i", [2, 3])[1, 2], m == array.array("i", [1, 2, 3, 4, 5, 6]))
m[0] = -7
print(m.obj, m.tolist(), memoryview(b"abc") == b"abc", memoryview(b"abc")[::-1].tobytes(), hash(memoryview(b"abc")) == hash(b"abc"))
for call in (lambda: m.cast("i"), lambda: memoryview(b"a").__setitem__(0, 1), lambda: m[99], lambda: m["a"], lambda: memoryview(5), lambda: m.__setitem__(0, "x"), lambda: m.__setitem__(0, 2**40)):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
