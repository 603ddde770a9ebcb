import io, os, tempfile
d = tempfile.mkdtemp(); p = os.path.join(d, "f.txt")
with open(p, "w", encoding="utf-8") as f: print(f.write("héllo\nsecond\r\nthird\rlast"), f.tell(), f.writable(), f.readable(), f.mode, f.encoding, f.newlines)
with open(p, encoding="utf-8") as f: print(f.readlines(), f.newlines, f.read(), f.seek(0), f.read(3), f.tell(), f.readline(), next(f), list(f))
with open(p, newline="", encoding="utf-8") as f: print(f.readlines())
with open(p, "rb") as f: print(f.read(4), f.peek(2)[:2], f.tell(), f.seek(-4, 2), f.read(), f.readline(), f.readinto(bytearray(3)), f.seekable(), f.fileno() > 2, type(f).__name__, f.raw.__class__.__name__)
with open(p, "r+b") as f: f.seek(1); f.write(b"XX"); f.seek(0); print(f.readline()); f.truncate(5); print(f.seek(0, 2))
with open(p, "a+") as f: f.write("end"); f.seek(0); print(f.read())
with open(p, "rb", buffering=0) as f: print(type(f).__name__, f.read(2), f.readall(), f.readinto(bytearray(1)))
try: open(p, "x")
except FileExistsError as e: print(type(e).__name__, e.errno)
for call in (lambda: open(os.path.join(d, "no")), lambda: open(d), lambda: open(p, "q"), lambda: open(p, "rw"), lambda: open(p, "rb", encoding="utf-8"), lambda: open(p, "r", 0), lambda: open(p).write("x"), lambda: open(p, "w").read(), lambda: open(p, encoding="nope"), lambda: open(p, newline="x"), lambda: open(None), lambda: open(-1), lambda: f.read(), lambda: open(p, "w").write(b"x"), lambda: open(p, "wb").write("x"), lambda: open("a\0b"), lambda: open(p, "bt"), lambda: open(p, errors="nope")):
    try:
        r = call(); print(getattr(r, "name", r) and "ok"); r.close()
    except Exception as e: print(type(e).__name__, str(e).replace(d, "D"))
s = io.StringIO("a\nb\nc"); print(s.readline(), s.read(), s.getvalue(), s.seek(0), s.write("Z"), s.getvalue(), s.truncate(1), s.getvalue(), s.closed, list(io.StringIO("x\r\ny\n", newline=None)), io.StringIO("x\r\ny", newline="").readlines())
b = io.BytesIO(b"abc"); print(b.read(1), b.getvalue(), b.getbuffer()[1], b.seek(5), b.write(b"z"), b.getvalue(), b.read1(), b.seek(0), b.readinto(x := bytearray(2)), x, b.readlines())
try: s.close(); s.read()
except ValueError as e: print(e)
w = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace", write_through=True, newline="\r\n"); w.write("é\n\udc80"); print(w.buffer.getvalue(), w.detach().__class__.__name__)
r = io.TextIOWrapper(io.BufferedReader(io.BytesIO("€uro\nx".encode("utf-16"))), encoding="utf-16"); c = r.read(1); t = r.tell(); print(c, r.read(), r.seek(t) == t, r.readline())
class Raw(io.RawIOBase):
    def __init__(self): self.d = [b"ab", b"c\n", b"de"]
    def readable(self): return True
    def readinto(self, buf):
        if not self.d: return 0
        x = self.d.pop(0); buf[:len(x)] = x; return len(x)
print(io.BufferedReader(Raw()).readline(), Raw().read(), io.TextIOWrapper(Raw()).read(), Raw().readable())
q = io.BufferedRandom(io.BytesIO(b"0123456789")); q.seek(3); q.write(b"AB"); print(q.read(2), q.seek(0), q.read(), q.flush(), io.BufferedRWPair(io.BytesIO(b"in"), out := io.BytesIO()).read(), io.SEEK_END, io.DEFAULT_BUFFER_SIZE)
pr, pw = os.pipe()
with open(pw, "w") as fw: print("through a pipe", 1, 2, sep="|", end="!", file=fw)
with open(pr) as fr: print(fr.read(), fr.seekable())
import shutil; shutil.rmtree(d)
