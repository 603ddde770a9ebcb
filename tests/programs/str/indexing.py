# The three widths of storage behave alike.
for s in ("abcdef", "àbcdéf", "abc€ef", "ab😀def"):
    print(s, len(s), s[0], s[-1], s[2:4], s[::-1], s[::2], s[-3:], s[10:], s[4:2], s[-100:100], list(s)[2], s * 2, "c" in s, "😀" in s, "€e" in s)
    print([ord(c) for c in s], s.encode().hex(), s[2:] + s[:2] == s[2:6] + s[0:2], s == "".join(s), hash(s) == hash("".join(list(s))))
print("a" < "b", "a" < "B", "abc" < "abd", "" < "a", "z" < "é", "é" < "€" < "😀", max("hello"), min("hello"), sorted("hello"), "ab" * 0, "ab" * -1, 3 * "é")
s = "immutable"
for op in ("s[20]", "s['a']", "s[1.0]", "s[::0]"):
    try:
        print(eval(op))
    except Exception as e:
        print(type(e).__name__, e)
for stmt in ("s[0] = 'x'", "del s[0]", "s.x = 1"):
    try:
        exec(stmt)
    except Exception as e:
        print(type(e).__name__, e)
print(list(enumerate("ab")), list(reversed("abc")), dict(zip("ab", "cd")), [*"xyz"], "".join(sorted(set("mississippi"))))
a, *b, c = "hello"
print(a, b, c, chr(97), chr(0x10FFFF).encode(), ord("€"))
for call in (lambda: chr(-1), lambda: chr(0x110000), lambda: ord(""), lambda: ord("ab"), lambda: ord(5)):
    try:
        call()
    except Exception as e:
        print(type(e).__name__, e)
class S(str):
    def __getitem__(self, i): return "S" + super().__getitem__(i)
t = S("abc")
print(t[0], t[1:], t, t + "d", type(t + "d").__name__, t.upper(), [c for c in t], t == "abc", {t: 1}["abc"], isinstance(t, str), f"{t:>5}")
parts = []
for i in range(2000):
    parts.append(str(i))
text = ""
for p in parts:
    text += p
print(len(text), text[:20], text == "".join(parts))
