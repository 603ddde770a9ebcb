samples = ["plain", "it's", 'say "hi"', "both ' and \"", "tab\tnl\ncr\r", "\0\x01\x7f\x80\xa0\xad", "é€😀", "\u200b\u2028\ud800\udfff", "\\", "\N{GREEK SMALL LETTER ALPHA}\N{BULLET}", "\x41\u0042\U00000043\103\a\b\f\v", ""]
for s in samples:
    print(repr(s), ascii(s), len(s), eval(repr(s)) == s, eval(ascii(s)) == s)
print(r"raw \n \x", rb"\x", "line\
 joined", "a" "b" 'c' """d""", '''multi
line''', u"u", "\
")
print(str(b"abc"), str(b"abc", "ascii"), str(object=5), str(None), str(), repr(b"\x00'\""), str(b"\xe9", "latin-1"))
class R:
    def __repr__(self): return "R()"
class S(R):
    def __str__(self): return "S as str"
    def __format__(self, spec): return f"<{spec}>"
print(R(), S(), [S()], f"{S()} {S():abc} {S()!r} {S()!s}", "%s %r %a" % (S(), S(), "é"), "{} {!r} {:x}".format(S(), S(), S()))
class Bad:
    def __repr__(self): return 5
for f in (repr, str, ascii, lambda o: "%r" % (o,), lambda o: f"{o}"):
    try:
        f(Bad())
    except TypeError as e:
        print(e)
import unicodedata
print([unicodedata.name(c) for c in "aé€😀"], unicodedata.lookup("SNOWMAN"), unicodedata.category("A"), unicodedata.normalize("NFD", "é").encode(), unicodedata.numeric("½"), unicodedata.unidata_version)
for bad in (r'"\N{NO SUCH}"', r'"\x4"', r'"\u12"', r'"\U00110000"', "'abc", "b'é'"):
    try:
        eval(bad)
    except SyntaxError as e:
        print(e.msg)
