b = b"hello\x00\xff"
print(b, len(b), b[0], b[-1], b[1:3], b[::-1], list(b), b + b"!", b * 2, 104 in b, b"ell" in b, b == bytearray(b), b < b"help", hash(b) == hash(bytes(bytearray(b))))
print(bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes(b"x"), bytes(range(3)), bytes(memoryview(b"mv")), bytes.fromhex("0aFF 00"), b"\x01\xab".hex(), b"abcdef".hex("-", 2), b"abcde".hex(":", -2))
print(b"a,b,c".split(b","), b" x ".strip(), b"abc".replace(b"b", b"BB"), b",".join([b"x", bytearray(b"y"), memoryview(b"z")]), b"abc".find(b"c"), b"abc".find(99), b"aXbX".count(b"X"), b"abc".startswith((b"x", b"a")))
print(b"MiXed".lower(), b"MiXed".upper(), b"MiXed".swapcase(), b"hello world".title(), b"ab".center(6, b"*"), b"7".zfill(3), b"a\tb".expandtabs(4), b"l1\nl2\r\nl3".splitlines(), b"abc".translate(bytes.maketrans(b"a", b"z"), b"c"), b"x-y".partition(b"-"))
print(b"%d %s %x %b %c %5.1f %a %%" % (1, b"s", 255, b"b", 65, 2.5, "é"), b"%(k)s" % {b"k": b"v"})
for call in (lambda: bytes(-1), lambda: bytes([256]), lambda: bytes("a"), lambda: bytes(["a"]), lambda: b"a" + "a", lambda: b"a"[5], lambda: bytes.fromhex("0g"), lambda: bytes.fromhex("abc"), lambda: b"a".index(b"z"), lambda: b"".join(["a"]), lambda: b"%d" % b"a", lambda: b"a" < "a", lambda: b"abc".find("a"), lambda: bytes(1.5), lambda: bytes(1, "utf-8")):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
class B:
    def __bytes__(self): return b"from __bytes__"
print(bytes(B()), b"abc".isalpha(), b"12".isdigit(), b" \n".isspace(), b"Ab".istitle(), b"".isascii(), b"\xe9".isalpha())
print([x for x in b"ab"], dict(enumerate(b"ab")), sorted(b"cab"), max(b"abc"), sum(b"\x01\x02"), bytes(reversed(b"abc")), b"abc"[True], b"" or "empty", b"a" b"b")
