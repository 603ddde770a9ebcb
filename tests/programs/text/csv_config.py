import csv, io, configparser, tomllib, shlex, difflib, html, urllib.parse, string, base64, binascii, hashlib, zlib, hmac, uuid, argparse, sys
f = io.StringIO(); w = csv.writer(f); w.writerows([["a", 1, None], ['q"uote', "com,ma", "new\nline"], [], [1.5, True, "é"]]); print(repr(f.getvalue())); print(list(csv.reader(f.getvalue().splitlines(True))))
f = io.StringIO(); dw = csv.DictWriter(f, ["x", "y"], restval="-"); dw.writeheader(); dw.writerow({"x": 1}); print(f.getvalue(), list(csv.DictReader(io.StringIO("a,b\n1,2,3\n4\n"))), list(csv.reader(["a;'b;c'"], delimiter=";", quotechar="'")), list(csv.reader(["1,a"], quoting=csv.QUOTE_NONNUMERIC)) if False else "", csv.Sniffer().sniff("a;b;c\n1;2;3").delimiter)
for call in (lambda: csv.writer(f, quoting=csv.QUOTE_NONE).writerow(["a,b"]), lambda: csv.reader([], delimiter="ab"), lambda: dw.writerow({"z": 1}), lambda: list(csv.reader(['"a'], strict=True)), lambda: csv.reader(5), lambda: csv.writer(f).writerow(5)):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
c = configparser.ConfigParser(); c.read_string("[DEFAULT]\nbase = /x\n[s]\npath = %(base)s/y\nn = 5\nflag: yes\nmulti = a\n  b\n"); print(c["s"]["path"], c.getint("s", "n"), c.getboolean("s", "flag"), repr(c["s"]["multi"]), c.sections(), c.get("s", "no", fallback="fb"), dict(c["s"])); o = io.StringIO(); c.write(o); print(repr(o.getvalue()))
print(tomllib.loads('a = 1\nb = [1.5, "x"]\n[t.u]\nd = 2024-01-01T00:00:00Z\ns = """multi\nline"""\n[[arr]]\nk = true\n'), shlex.split("a 'b c' \"d\\\"e\" f\\ g"), shlex.quote("it's"), shlex.join(["a b", "c"]))
for bad in ("a = ", "a = 1\na = 2", "[t]\n[t]", "x"):
    try: tomllib.loads(bad)
    except tomllib.TOMLDecodeError as e: print(e)
print("\n".join(difflib.unified_diff(["a", "b", "c"], ["a", "x", "c"], lineterm="")), difflib.get_close_matches("appel", ["ape", "apple", "peach"]), difflib.SequenceMatcher(None, "abcd", "bcde").ratio(), html.escape("<a href='x'>&"), html.unescape("&lt;&eacute;&#8364;&#x1F600;&nosuch;"))
u = urllib.parse; print(u.urlparse("http://user:pw@host:80/p/a;x?q=1&r=%20#frag"), u.quote("a b/é?"), u.unquote("%C3%A9+x"), u.urlencode({"a": 1, "b": ["x", "y z"]}, doseq=True), u.parse_qs("a=1&a=2&b="), u.urljoin("http://h/a/b", "../c?d"), u.urlsplit("//h/p").netloc, u.unquote_plus("a+b"), u.urlunparse(("s", "n", "/p", "", "q", "")), sep="\n")
print(base64.b64encode(b"hello\xff"), base64.b64decode("aGVsbG//"), base64.urlsafe_b64encode(b"\xfb\xff"), base64.b32encode(b"hi"), base64.b16encode(b"hi"), base64.b85encode(b"hello"), base64.a85encode(b"hello"), binascii.hexlify(b"ab"), binascii.crc32(b"hello"), zlib.crc32(b"hello"), zlib.adler32(b"hello"), zlib.decompress(zlib.compress(b"x" * 1000)) == b"x" * 1000, binascii.b2a_uu(b"hi"))
for n in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s"): print(n, hashlib.new(n, b"abc").hexdigest()[:32])
h = hashlib.sha256(); h.update(b"a"); k = h.copy(); h.update(b"bc"); print(h.hexdigest() == hashlib.sha256(b"abc").hexdigest(), k.name, h.digest_size, h.block_size, hashlib.shake_128(b"a").hexdigest(5), hmac.new(b"k", b"m", "sha256").hexdigest()[:16], hmac.compare_digest("a", "a"), hashlib.pbkdf2_hmac("sha256", b"p", b"s", 10).hex()[:16], hashlib.blake2b(b"x", digest_size=4, key=b"k").hexdigest(), uuid.uuid5(uuid.NAMESPACE_DNS, "python.org"), uuid.UUID(int=5), uuid.uuid4().version, uuid.uuid3(uuid.NAMESPACE_URL, "x").hex)
for call in (lambda: base64.b64decode("a"), lambda: binascii.unhexlify("abc"), lambda: zlib.decompress(b"xx"), lambda: hashlib.new("nope"), lambda: hashlib.md5("str"), lambda: uuid.UUID("x"), lambda: base64.b32decode("1")):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
ap = argparse.ArgumentParser(prog="prog", description="d"); ap.add_argument("pos", type=int); ap.add_argument("-v", "--verbose", action="store_true", help="be loud"); ap.add_argument("--n", nargs="*", default=[1]); ap.add_argument("--c", choices=["a", "b"]); print(ap.parse_args(["5", "-v", "--n", "x", "y"]), ap.format_usage()); ap.print_help()
for a in (["x"], ["5", "--c", "z"], [], ["5", "--zz"]):
    try: sys.stderr = io.StringIO(); ap.parse_args(a)
    except SystemExit as e: print(e.code, sys.stderr.getvalue().splitlines()[-1])
