print(BaseException.__subclasses__() and sorted(c.__name__ for c in BaseException.__subclasses__() if c.__module__ == "builtins"))
import builtins
for name in sorted(n for n in dir(builtins) if isinstance(getattr(builtins, n), type) and issubclass(getattr(builtins, n), BaseException)):
    c = getattr(builtins, name)
    print(name, "<-", c.__base__.__name__, c.__name__ == name)
e = OSError(2, "No such file", "f.txt"); print(repr(e), e, e.errno, e.strerror, e.filename, e.args, type(e).__name__)
print(type(OSError(13, "x")).__name__, type(OSError(17, "x")).__name__, OSError("only"), OSError(1, 2, 3, None, 4), type(OSError(110, "t")).__name__, OSError(5, "x").filename)
e = UnicodeDecodeError("utf-8", b"abc\xff", 3, 4, "bad"); print(e, e.object, e.start, e.reason)
e = UnicodeEncodeError("ascii", "aé€", 1, 3, "no"); print(e, UnicodeTranslateError("é", 0, 1, "r"))
e = SystemExit(3); print(e.code, SystemExit().code, SystemExit(1, 2).code, StopIteration(5).value, StopIteration().value, repr(StopAsyncIteration(1)))
e = ImportError("m", name="n", path="p"); print(e, e.name, e.path, e.name_from, e.msg)
e = AttributeError("a", name="n", obj=5); print(e.name, e.obj, NameError("x", name="y").name, KeyError("k"), KeyError(), str(KeyError(1)), KeyError("a", "b"))
e = SyntaxError("m", ("f", 1, 2, "text", 3, 4)); print(e, e.msg, e.filename, e.lineno, e.offset, e.text, e.end_lineno, e.end_offset, e.print_file_and_line)
for call in (lambda: UnicodeDecodeError(1), lambda: SyntaxError("a", 5), lambda: ImportError(x=1), lambda: ValueError(x=1), lambda: OSError.__new__(5), lambda: BaseException.__init__(5), lambda: setattr(ValueError(), "args", 5), lambda: setattr(ValueError(), "__cause__", 5), lambda: setattr(ValueError(), "__traceback__", 5), lambda: ValueError().with_traceback(5), lambda: delattr(ValueError(), "args")):
    try: print(repr(call()))
    except Exception as ex: print(type(ex).__name__, ex)
v = ValueError(1, 2); v.args = [3]; v.extra = 1; print(v.args, str(v), v.__dict__, v.__reduce__()); v.__setstate__({"z": 1}); print(v.z)
for code in ("x = = 1", "if x\n  pass", "for", "(1", "'abc", "def f(:", "  x = 1", "if 1:\nx", "\tif 1:\n        x\n\ty", "return 1", "break", "a b", "f(a=1, a=2)", "1 = x", "x + 1 = 2", "lambda: (yield)", "async def f(): yield from x", "global x; x = 1; global x", "def f(a, a): pass", "nonlocal x", "del f()", "print 1", "x = {1: 2, 3}", "f(**a, *b)", "import a.b as", "from . import *", "class C(: pass", "0777", "1_", "1__0", "0b2", "'\\N{x}'", "f'{'", "f'{}'", "f'{a!x}'", "with open(x) as 1: pass", "try: pass", "else: pass", "match x:\n case a: pass\n case b: pass", "@", "await x", "a := 1", "(a, b) += 1", "*a", "x: int: str", "def f(*): pass", "def f(a=1, b): pass", "None = 1", "f() = 1", "True += 1", "[x for x in y] = 1", "é€", "a?b", "\x00"):
    try:
        compile(code, "<t>", "exec"); print(repr(code), "compiles")
    except (SyntaxError, ValueError) as ex:
        print(repr(code), type(ex).__name__, ex.msg if isinstance(ex, SyntaxError) else ex, *(getattr(ex, n, None) for n in ("lineno", "offset", "end_lineno", "end_offset")))
