import sys, io
print(1, "a", None, sep=", ", end=".\n"); print(); print(sep="x"); print(*range(3), sep="\n"); print("no newline", end=""); print()
buf = io.StringIO(); print("to buffer", file=buf, flush=True); print(repr(buf.getvalue()))
class W:
    def write(self, s): sys.stdout.write(f"[{s!r}]"); return 0
print("a", "b", file=W()); print()
for call in (lambda: print(sep=5), lambda: print(end=b""), lambda: print(file=5), lambda: print(x=1), lambda: print("a", sep=None, end=None)):
    try: call()
    except Exception as e: print(type(e).__name__, e)
sys.stdout.write("direct\n"); sys.stdout.flush(); print(sys.stdout.encoding, sys.stdout.errors, sys.stdout.isatty(), sys.stdin.read() == "", sys.stdout.fileno(), sys.stdout.name, sys.__stdout__ is sys.stdout, sys.stdout.line_buffering)
sys.stdout.buffer.write(b"bytes \xe2\x82\xac\n"); sys.stdout.flush()
try: print("\ud800")
except UnicodeEncodeError as e: print(e)
old, sys.stdout = sys.stdout, io.StringIO(); print("hidden"); text, sys.stdout = sys.stdout.getvalue(), old; print(text, end="")
sys.stdout = None; print("nowhere"); sys.stdout = old
try: input()
except EOFError as e: print("EOF", e)
sys.stdin = io.StringIO("line one\nline two"); print(input("prompt> "), input()); 
import pprint, textwrap
pprint.pprint({"k%d" % i: list(range(i * 4)) for i in range(6)}, width=60); pprint.pprint([("a" * 30, "b" * 30), {3, 1, 2}], compact=True); print(pprint.pformat({"b": 1, "a": {"z": None}}, sort_dicts=False), pprint.saferepr([1, "x"]))
print(textwrap.fill("the quick brown fox jumps over the lazy dog " * 2, 30, initial_indent="* ", subsequent_indent="  "), textwrap.dedent("   a\n     b\n   c"), textwrap.indent("x\ny", "> "), textwrap.shorten("hello big wide world", 15), sep="\n")
import reprlib; print(reprlib.repr(list(range(100))), reprlib.repr("x" * 100), reprlib.repr({i: i for i in range(50)}))
