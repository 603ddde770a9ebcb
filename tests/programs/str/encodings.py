text = "héllo €😀"
for enc in ("utf-8", "utf-16", "utf-16-le", "utf-32-be", "utf-7", "utf-8-sig", "unicode_escape", "raw_unicode_escape", "punycode"):
    data = text.encode(enc)
    print(enc, data, data.decode(enc) == text)
for enc in ("ascii", "latin-1", "cp1252", "iso8859-15", "koi8-r", "cp437"):
    for errors in ("strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace"):
        try:
            print(enc, errors, text.encode(enc, errors))
        except UnicodeEncodeError as e:
            print(enc, e, e.encoding, e.start, e.end, e.reason, e.object[e.start])
bad = b"ab\xff\xc3(\xe2\x82\xf0\x9f\x98z\xed\xa0\x80"
for errors in ("strict", "ignore", "replace", "backslashreplace", "surrogateescape"):
    try:
        out = bad.decode("utf-8", errors)
        print(errors, ascii(out))
    except UnicodeDecodeError as e:
        print(e, e.args)
print(bad.decode("utf-8", "surrogateescape").encode("utf-8", "surrogateescape") == bad, "\ud800".encode("utf-8", "surrogatepass"), b"\xed\xa0\x80".decode("utf-8", "surrogatepass") == "\ud800")
for call in (lambda: "x".encode("no-such"), lambda: b"x".decode("no-such"), lambda: "é".encode("ascii", "no-such"), lambda: b"a".decode("utf-16"), lambda: "\ud800".encode(), lambda: b"\x80".decode("ascii"), lambda: "x".encode("rot13"), lambda: b"\\x4".decode("unicode_escape")):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
import codecs
print(codecs.encode("hello", "rot13"), codecs.encode(b"abc", "hex"), codecs.decode(b"YWJj\n", "base64"), codecs.lookup("UTF8").name, codecs.getincrementaldecoder("utf-8")().decode(b"\xe2\x82"), "é".encode("idna"))
d = codecs.getincrementaldecoder("utf-8")("replace")
print([d.decode(bytes([b])) for b in "a€b".encode()], d.decode(b"\xe2", True))
codecs.register_error("test.stars", lambda e: ("*" * (e.end - e.start), e.end))
print("a€😀b".encode("ascii", "test.stars"), b"a\xff\xfeb".decode("ascii", "test.stars"))
