"""Regular expressions at work: scanners, substitutions with functions, log lines, dates, templates."""
import re
from collections import Counter

LOG = """\
127.0.0.1 - - [10/Oct/2024:13:55:36 +0000] "GET /index.html HTTP/1.1" 200 2326
10.0.0.5 - bob [10/Oct/2024:13:55:40 +0000] "POST /api/items?id=7&x=%20 HTTP/1.1" 404 -
::1 - - [11/Oct/2024:00:00:01 +0000] "GET / HTTP/2" 304 0
garbage line
"""
LINE = re.compile(
    r"""
    (?P<host>\S+)\ \S+\ (?P<user>\S+)\ 
    \[(?P<day>\d+)/(?P<month>[A-Z][a-z]{2})/(?P<year>\d{4}):(?P<time>[\d:]+)\ [+-]\d{4}\]\ 
    "(?P<method>[A-Z]+)\ (?P<path>[^ "?]*)(?:\?(?P<query>[^ "]*))?\ HTTP/(?P<version>[\d.]+)"\ 
    (?P<status>\d{3})\ (?P<size>\d+|-)
    """,
    re.VERBOSE,
)
for line in LOG.splitlines():
    if m := LINE.fullmatch(line):
        d = m.groupdict()
        print(d["host"], d["method"], d["path"], d["query"], int(d["status"]), d["size"], m.start("time"), m.lastgroup)
    else:
        print("no match:", line)

print(Counter(m[1] for m in re.finditer(r"\b(\w)\w*", "the tall tree took ten turns at two")))
print(re.sub(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})", lambda m: f"{m[3]}-{int(m[1]):02}-{int(m[2]):02}", "on 3/7/2024 and 12/31/1999, not 112/1/2000"))
print(re.sub(r"\b[a-z]", lambda m: m[0].upper(), "make title case's job"), re.sub(r"([A-Z])", r"_\1", "camelCaseName").lower())
print(re.sub(r"_(\w)", lambda m: m[1].upper(), "snake_case_name"), re.sub(r"(?m)^\s*#.*\n", "", "a\n # c\nb\n#d\n"))
print(re.sub(r"(\d)(?=(\d{3})+$)", r"\1,", "1234567"), re.findall(r"(?=(\w{3}))", "abcde"), re.split(r"(?<=[.!?])\s+", "One. Two! Three? Four"))


class Scanner:
    SPEC = [("num", r"\d+(?:\.\d*)?"), ("str", r"'(?:[^'\\]|\\.)*'"), ("id", r"[^\W\d]\w*"), ("op", r"[-+*/=<>!]=?|[(){},;]"), ("nl", r"\n"), ("ws", r"[ \t]+|#[^\n]*"), ("bad", r".")]
    MASTER = re.compile("|".join(f"(?P<{n}>{p})" for n, p in SPEC))

    def __call__(self, text):
        line, start = 1, 0
        for m in self.MASTER.finditer(text):
            kind, value = m.lastgroup, m[0]
            if kind == "nl":
                line, start = line + 1, m.end()
            elif kind == "bad":
                raise SyntaxError(f"{value!r} at {line}:{m.start() - start}")
            elif kind != "ws":
                yield kind, value, line, m.start() - start


print(list(Scanner()("x1 = 3.5 * (y >= 2) # note\nöl = 'it\\'s'; z")))
try:
    list(Scanner()("a\n  $"))
except SyntaxError as e:
    print(e)
text = "key1=val1; key2 = 'a; b' ;key3=\"c=d\""
print(dict((m["k"], m["q"] or m["d"] or m["v"]) for m in re.finditer(r"""(?P<k>\w+)\s*=\s*(?:'(?P<q>[^']*)'|"(?P<d>[^"]*)"|(?P<v>[^;\s]+))""", text)))
print(re.match(r"^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$", "192.168.1.255") is not None, re.match(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$", "1.2.3.256"))
print(re.fullmatch(r"(\w+)@(\w+\.)+(\w{2,})", "me@mail.example.org").groups(), re.search(r"(a+)+b", "a" * 25 + "b")[0][-2:], [m.span() for m in re.finditer(r"aa", "aaaaa")])
nested = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
print(re.findall(nested, "f(a(b)c) g() h((x)(y(z)))"))
