s = "Hello, World"
print(s.lower(), s.upper(), s.swapcase(), s.title(), s.capitalize(), s.casefold(), "straße".upper(), "ŉ".upper(), "ǆ".title(), "Σας".lower(), "ΑΣ".lower(), "İ".lower())
print(s.find("o"), s.rfind("o"), s.find("x"), s.index("W"), s.count("l"), s.count(""), "".count(""), "aaaa".count("aa"), s.find("", 20), s.find("o", 5, 8), s.rfind("", 0, 3))
print(s.startswith("Hell"), s.startswith(("x", "He")), s.endswith("ld", 0, 11), s.startswith("", 12), s.startswith("", 13), s.startswith(()))
print("a,b,,c".split(","), "  a  b c ".split(), "a b c d".split(None, 2), "a,b,c".rsplit(",", 1), "".split(), "".split(","), "a\x1cb\u2003c".split(), "abc".split("b", 0))
print("a\nb\r\nc\x0bd\u2028e\x85".splitlines(), "a\nb\n".splitlines(True), "".splitlines(), "\n".splitlines())
print("a.b.c".partition("."), "a.b.c".rpartition("."), "abc".partition("x"), "abc".rpartition("x"), ", ".join(["x", "y", "z"]), "".join([]), "-".join("abc"))
print(repr("  x ".strip()), repr("xxyxx".strip("x")), repr("  x ".lstrip()), repr("abcba".rstrip("ab")), "prefix-x".removeprefix("prefix-"), "x.py".removesuffix(".py"), "x".removesuffix(""))
print("ab".center(7, "*"), "ab".ljust(5, ".") + "|", "ab".rjust(5) + "|", "-42".zfill(6), "+7".zfill(4), "abc".zfill(2), "a\tb\t\tc".expandtabs(4), "\t".expandtabs(0) == "")
print("banana".replace("a", "o"), "banana".replace("a", "", 2), "abc".replace("", "-"), "abc".replace("", "-", 2), "".replace("", "x"), "aaa".replace("aa", "b"))
table = str.maketrans({"a": "1", "b": None, ord("c"): "ccc"})
print("abcabc".translate(table), "hello".translate(str.maketrans("el", "ip", "o")), "x".translate({120: 0x1F600}))
for m in ("isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper"):
    print(m, [int(getattr(t, m)()) for t in ("", "abc", "ABC", "a1", "12", "²", "½", "٣", " \t", "é", "Title Case", "_x", "1x", "\x00", "ß", "ǅ", "日本")])
for call in (lambda: "a".index("b"), lambda: "a".rindex("b"), lambda: "a".split(""), lambda: "a".partition(""), lambda: ",".join([1]), lambda: "a".center(5, "ab"), lambda: "a" + 1, lambda: "a" * "b", lambda: "a".startswith(1), lambda: str.maketrans("ab", "c"), lambda: ",".join(5)):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
