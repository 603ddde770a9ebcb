import zipfile, tarfile, io, gzip, zlib, tempfile, os, shutil, sys, importlib
b = io.BytesIO()
with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("a.txt", "hello " * 50); z.writestr("d/b.txt", b"\x00\x01"); z.writestr(zipfile.ZipInfo("c", (2020, 1, 2, 3, 4, 6)), "c"); z.comment = b"note"
with zipfile.ZipFile(b) as z:
    print(z.namelist(), z.testzip(), z.read("a.txt")[:6], [(i.filename, i.file_size, i.compress_size < 60, i.CRC) for i in z.infolist()], z.getinfo("c").date_time, z.comment)
    with z.open("a.txt") as f: print(f.read(3), f.readline()[:4], f.seek(0), len(f.read()))
    try: z.read("nope")
    except KeyError as e: print(e)
    print([p.name for p in zipfile.Path(z).iterdir()], zipfile.Path(z, "d/").joinpath("b.txt").read_bytes())
print(zipfile.is_zipfile(b), zipfile.is_zipfile(io.BytesIO(b"x")))
try: zipfile.ZipFile(io.BytesIO(b"not a zip"))
except zipfile.BadZipFile as e: print(e)
t = io.BytesIO()
with tarfile.open(fileobj=t, mode="w:gz") as tf:
    i = tarfile.TarInfo("x/y.txt"); i.size = 3; i.mtime = 0; tf.addfile(i, io.BytesIO(b"abc")); d = tarfile.TarInfo("dir"); d.type = tarfile.DIRTYPE; tf.addfile(d); i = tarfile.TarInfo("é" * 60); tf.addfile(i)
t.seek(0)
with tarfile.open(fileobj=t) as tf: print([(m.name[:10], m.size, m.isdir(), oct(m.mode)) for m in tf], tf.extractfile("x/y.txt").read())
g = gzip.compress(b"data" * 100, mtime=0); print(gzip.decompress(g)[:8], g[:4].hex(), gzip.GzipFile(fileobj=io.BytesIO(g)).read(5), gzip.decompress(g + g)[-4:])
o = zlib.compressobj(9, wbits=-15); raw = o.compress(b"abc" * 100) + o.flush(); d = zlib.decompressobj(-15); print(d.decompress(raw, 10), d.unconsumed_tail != b"", len(d.decompress(d.unconsumed_tail) + d.flush()), d.eof, zlib.crc32(b"a", 5), zlib.adler32(b""), zlib.MAX_WBITS)
for call in (lambda: gzip.decompress(b"xx"), lambda: zlib.decompress(b"x\x9c"), lambda: gzip.decompress(g[:-4]), lambda: zlib.compress("s"), lambda: zlib.compress(b"", 99), lambda: tarfile.open(fileobj=io.BytesIO(b"x")), lambda: zlib.decompressobj(99)):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
p = tempfile.mkdtemp()
with zipfile.ZipFile(os.path.join(p, "m.zip"), "w") as z: z.writestr("zmod.py", "x = 5\ndef f(): return __file__[-12:]\n"); z.writestr("zpkg/__init__.py", "from . import s"); z.writestr("zpkg/s.py", "v = __name__"); z.writestr("__main__.py", "print('main in zip')")
sys.path.insert(0, os.path.join(p, "m.zip")); import zmod, zpkg; print(zmod.x, zmod.f(), zpkg.s.v, type(zmod.__loader__).__name__, zpkg.__loader__.is_package("zpkg"), zmod.__loader__.get_source("zmod")[:5])
import subprocess; print(subprocess.run([sys.executable, os.path.join(p, "m.zip")], capture_output=True, text=True).stdout); sys.path.pop(0); shutil.rmtree(p)
