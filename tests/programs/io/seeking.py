"""Positions in text and binary streams, partial reads and line ends."""
import io
import os
import tempfile

fd, path = tempfile.mkstemp()
os.close(fd)
data = bytes(range(256)) * 300
with open(path, "wb") as f:
    for i in range(0, len(data), 1000):
        assert f.write(data[i : i + 1000]) == len(data[i : i + 1000])
    print(f.tell(), f.name == path, f.closed)
with open(path, "rb") as f:
    for pos, whence in ((10, 0), (5, 1), (-3, 1), (-10, 2), (0, 2), (70000, 0), (100000, 0)):
        at = f.seek(pos, whence)
        print(at, f.read(4), f.tell(), len(f.peek()) > 0)
    f.seek(0)
    sizes = []
    while part := f.read1(5000):
        sizes.append(len(part))
    print(sum(sizes), max(sizes) <= 5000, f.read(), f.read(0))
    f.seek(250)
    buf = bytearray(12)
    print(f.readinto(buf), buf.hex(), f.readinto1(memoryview(buf)[:3]), f.readline()[:5], len(f.readlines(5000)))
    for bad in ((-1, 0), (0, 5), ("a", 0)):
        try:
            f.seek(*bad)
        except (ValueError, OSError, TypeError) as e:
            print(type(e).__name__, e)
with open(path, "r+b") as f:
    f.seek(5)
    f.write(b"-----")
    print(f.read(3), f.tell())
    f.seek(0)
    print(f.read(14))
    f.truncate(20)
    print(os.stat(path).st_size, f.seek(0, 2))
    f.write(b"END")
    f.flush()
    print(os.path.getsize(path))
text = "première ligne\nzweite Zeile €\r\nthird 😀\rlast"
with open(path, "w", encoding="utf-8", newline="") as f:
    f.write(text)
with open(path, encoding="utf-8") as f:
    cookies = []
    while True:
        at = f.tell()
        line = f.readline()
        if not line:
            break
        cookies.append((at, line))
    for at, line in reversed(cookies):
        f.seek(at)
        assert f.readline() == line
    print([c[1] for c in cookies], f.newlines)
    f.seek(0)
    next(f)
    try:
        f.tell()
    except OSError as e:
        print(e)
with open(path, encoding="utf-8", newline="\r\n") as f:
    print(f.readlines())
with open(path, "a", encoding="utf-8") as f:
    print(f.tell() == len(text.encode()), f.write("\nmore"))
with open(path, encoding="ascii", errors="replace") as f:
    print(f.readline())
with open(path, encoding="ascii") as f:
    try:
        f.read()
    except UnicodeDecodeError as e:
        print(e)
with open(path, "w", encoding="utf-16") as f:
    f.write("one")
    f.write("two")
print(open(path, "rb").read(), open(path, encoding="utf-16").read())
with open(path, "w", encoding="utf-8", newline="\r\n") as f:
    print("a\nb", file=f)
    f.reconfigure(newline="\n")
    print("c", file=f)
print(open(path, "rb").read())
s = io.StringIO("abc\ndef", newline=None)
print(s.seek(2), s.read(3), s.tell(), s.seek(0, 2), s.write("ghi"), s.getvalue())
try:
    s.seek(1, 1)
except OSError as e:
    print(e)
os.unlink(path)
