"""Writes and reads a little bitmap and a little audio header; varints; bit fields; floats as bits."""
import io
import struct
import zlib


def png(width, height, pixel):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    raw = b"".join(b"\0" + bytes(c for x in range(width) for c in pixel(x, y)) for y in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def chunks(data):
    f = io.BytesIO(data)
    if f.read(8) != b"\x89PNG\r\n\x1a\n":
        raise ValueError("no PNG")
    while head := f.read(8):
        size, kind = struct.unpack(">I4s", head)
        body = f.read(size)
        (crc,) = struct.unpack(">I", f.read(4))
        yield kind.decode(), body, crc == zlib.crc32(kind + body)


data = png(3, 2, lambda x, y: (x * 80, y * 200, 255))
for kind, body, ok in chunks(data):
    print(kind, "" if kind == "IDAT" else body, ok)
    if kind == "IDAT":
        print(zlib.decompress(body).hex(" ", 10))


def varint(n):
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def read_varint(data):
    n = shift = 0
    for i, b in enumerate(data):
        n |= (b & 0x7F) << shift
        shift += 7
        if b < 0x80:
            return n, data[i + 1 :]
    raise ValueError("truncated")


for n in (0, 1, 127, 128, 300, 2**32, 2**70):
    assert read_varint(varint(n) + b"rest") == (n, b"rest")
    print(n, varint(n).hex())
try:
    read_varint(b"\x80\x80")
except ValueError as e:
    print(e)
for x in (1.0, -2.5, 0.1, 5e-324, float("inf"), -0.0):
    (bits,) = struct.unpack("<Q", struct.pack("<d", x))
    print(x, f"{bits:064b}"[:13], hex(bits), struct.pack("<e", x).hex() if abs(x) < 6e4 else "", struct.unpack("<f", struct.pack("<f", x))[0])
rgb565 = lambda r, g, b: (r >> 3) << 11 | (g >> 2) << 5 | b >> 3
packed = struct.pack("<3H", rgb565(255, 0, 0), rgb565(0, 255, 0), rgb565(1, 2, 255))
print(packed.hex(), [(v >> 11, v >> 5 & 63, v & 31) for v in struct.unpack("<3H", packed)])
Record = struct.Struct("<10s h ? 5x d")
records = [(b"first", 1, True, 1.5), (b"second", -2, False, -0.25)]
blob = b"".join(Record.pack(*r) for r in records)
print(Record.size, len(blob), [(n.rstrip(b"\0"), *rest) for n, *rest in Record.iter_unpack(blob)])
view = memoryview(bytearray(blob))
Record.pack_into(view, Record.size, b"patched", 7, True, 2.0)
print(Record.unpack_from(view, Record.size), view[:5].tobytes(), view.release())
