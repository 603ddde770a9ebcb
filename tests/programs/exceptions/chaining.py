import traceback
def show(e):
    print("".join(traceback.format_exception(e)), end="")
def a():
    raise KeyError("lost")
def b():
    try:
        a()
    except KeyError as e:
        raise ValueError("explicit") from e
def c():
    try:
        a()
    except KeyError:
        undefined_name
def d():
    try:
        b()
    except ValueError:
        raise RuntimeError("quiet") from None
for f in (a, b, c, d):
    try:
        f()
    except Exception as e:
        show(e)
        print(repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
        print("-" * 20)
e = ValueError("with notes")
e.add_note("note one"); e.add_note("note\ntwo"); show(e); print(e.__notes__)
try:
    e.add_note(5)
except TypeError as t:
    print(t)
x, y = ValueError("x"), ValueError("y")
x.__cause__ = y; y.__cause__ = x; show(x)
def deep(n):
    return 1 / 0 if n == 0 else deep(n - 1)
try:
    deep(10)
except ZeroDivisionError as z:
    show(z)
    print(len(traceback.extract_tb(z.__traceback__)), traceback.extract_tb(z.__traceback__)[-1].name)
class Custom(Exception):
    def __init__(self, code): super().__init__(f"code {code}"); self.code = code
    def __str__(self): return f"<{self.code}>"
show(Custom(7)); print(repr(Custom(8)), Custom(9).args)
show(SyntaxError("bad", ("file.py", 3, 5, "x = = 1\n", 3, 6)))
print(traceback.format_exception_only(KeyError("k")), traceback.format_exception_only(ValueError()), ValueError("a").with_traceback(None).__traceback__)
