# Text to bytes and back along a small protocol: length-prefixed frames.
import struct


def frames(data):
    view = memoryview(data)
    while view:
        if len(view) < 3:
            raise ValueError("short header")
        kind, size = struct.unpack_from(">BH", view)
        body = view[3 : 3 + size]
        if len(body) != size:
            raise ValueError(f"short body: {len(body)} of {size}")
        yield kind, bytes(body)
        view = view[3 + size :]


def frame(kind, payload):
    if isinstance(payload, str):
        payload = payload.encode("utf-8")
    return struct.pack(">BH", kind, len(payload)) + payload


stream = b"".join([frame(1, "héllo"), frame(2, b"\x00\x01"), frame(3, ""), frame(4, "€" * 3)])
print(stream.hex(" ", 4), len(stream))
for kind, body in frames(stream):
    print(kind, body, body.decode("utf-8", "replace"))
for cut in (2, 5, len(stream) - 1):
    try:
        print(len(list(frames(stream[:cut]))))
    except ValueError as e:
        print(cut, e)
checksum = 0
for b in stream:
    checksum = (checksum * 31 + b) & 0xFFFFFFFF
print(hex(checksum))
ring = bytearray(8)
for i, b in enumerate(stream):
    ring[i % 8] ^= b
print(ring.hex())
table = bytes(range(256)).translate(None, bytes(range(32, 127)))
print(len(table), table[:3], bytes(reversed(b"abc")), b"abc" in stream, stream.find(b"\xe2"), stream.count(b"\x82"))
text = "".join(map(chr, range(0x20, 0x7F)))
rot47 = text.translate({c: 33 + (c - 33 + 47) % 94 for c in range(33, 127)})
print(rot47[:20], rot47.translate({c: 33 + (c - 33 + 47) % 94 for c in range(33, 127)}) == text)
def hexdump(data, width=8):
    for at in range(0, len(data), width):
        part = data[at : at + width]
        print(f"{at:04x}  {part.hex(' '):<{width * 3}} {''.join(chr(b) if 32 <= b < 127 else '.' for b in part)}")
hexdump(stream)
