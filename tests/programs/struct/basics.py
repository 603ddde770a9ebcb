import struct, array
for fmt, vals in (("<bBhHiIlLqQ", (-1, 255, -2, 65535, -3, 2**32 - 1, -4, 5, -6, 2**64 - 1)), (">i", (1,)), ("=h2x?c", (-5, True, b"z")), ("<efd", (1.5, 2.5, -3.25)), ("5s", (b"ab",)), ("3p", (b"abcd",)), ("<2h3s", (1, 2, b"xyz")), ("@bi", (1, 2)), ("!H", (258,)), ("<0s", (b"",)), ("nN", (-1, 1)), ("<Fd" if False else "<d", (float("inf"),)), ("", ())):
    b = struct.pack(fmt, *vals); print(fmt, b.hex(" "), struct.calcsize(fmt), struct.unpack(fmt, b))
for call in (lambda: struct.pack("b", 128), lambda: struct.pack("B", -1), lambda: struct.pack("i", "a"), lambda: struct.pack("i"), lambda: struct.pack("ii", 1), lambda: struct.unpack("i", b"abc"), lambda: struct.pack("z", 1), lambda: struct.pack("s", "a"), lambda: struct.pack("c", b"ab"), lambda: struct.pack("<n", 1), lambda: struct.pack("e", 1e10), lambda: struct.pack("f", 1e40), lambda: struct.calcsize("3"), lambda: struct.pack("i", 1.5), lambda: struct.unpack_from("i", b"12345", 3), lambda: list(struct.iter_unpack("h", b"abc")), lambda: struct.pack_into("i", bytearray(2), 0, 1), lambda: struct.pack("Q", 2**64)):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
S = struct.Struct("<HB"); print(S.size, S.format, S.pack(1, 2), list(S.iter_unpack(b"\x01\0\x02\x03\0\x04")), S.unpack_from(b"xx\x01\0\x02", 2)); buf = bytearray(6); S.pack_into(buf, -3, 7, 8); print(buf)
a = array.array("h", [1, -2, 3]); a.append(4); a.extend([5]); a.insert(0, 9); a += array.array("h", [6]); a[1] = 100
print(a, a.typecode, a.itemsize, len(a), a[2:4], a.tobytes().hex(), a.index(3), a.count(9), a.pop(), a.tolist(), a * 2 == a + a, array.array("w", "héy").tounicode(), array.array("d", [1.5]), array.array("B", b"ab"), a.buffer_info()[1], array.typecodes)
a.byteswap(); print(a[0]); a.reverse(); del a[::2]; print(a, array.array("i") == array.array("f"), array.array("i", [1]) < array.array("i", [2]))
for call in (lambda: array.array("q", [2**63]), lambda: array.array("z"), lambda: array.array("b", [1, "a"]), lambda: a.append(99999), lambda: a[99], lambda: array.array("h").pop(), lambda: a.fromlist([1, "x"]), lambda: a.frombytes(b"123"), lambda: a + [1], lambda: a.remove(12345)):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
