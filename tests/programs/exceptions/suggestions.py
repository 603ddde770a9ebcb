"""Did you mean: the hints at the end of tracebacks."""
import re
import traceback


class Shape:
    colour = 1
    _hidden = 2

    def perimeter(self):
        return self.colur

    def area(self):
        return perimeter()


def names():
    counter = 1
    return countr


def shadow():
    import math
    return math.sqroot(4)


for action in (
    lambda: Shape().color,
    lambda: Shape().hidden,
    lambda: Shape().perimeter(),
    lambda: Shape().area(),
    names,
    shadow,
    lambda: prnt("x"),
    lambda: [].apend(1),
    lambda: {}.itms(),
    lambda: "".joim,
    lambda: lenn([]),
    lambda: Shape().zzz,
    lambda: Shape().__foo__,
    lambda: exec("from collections import namedtupel"),
    lambda: exec("import collectionz"),
    lambda: sys.version,
    lambda: int("5").reel,
    lambda: sorted([3], revers=True),
    lambda: exec("improt x"),
    lambda: exec("print 'x'"),
    lambda: exec("if x = 1: pass"),
    lambda: exec("for i in range(3)\n  pass"),
    lambda: exec("whille True: pass"),
    lambda: exec("x = (1,\ny = 2"),
    lambda: exec("a = 5 if True"),
    lambda: exec("{'a': 1 'b': 2}"),
    lambda: exec("f(a b)"),
    lambda: exec("def f()\n  pass"),
    lambda: exec("'it's'"),
    lambda: exec("x = ]"),
    lambda: exec("(]"),
    lambda: exec("class C\n  pass"),
    lambda: exec("else:\n pass"),
    lambda: exec("try:\n pass\nx = 1"),
    lambda: exec("def f():\nreturn 1"),
    lambda: exec("import a from b"),
    lambda: exec("async x"),
    lambda: exec("raise X, 'y'"),
    lambda: exec("exec 'x'"),
    lambda: exec("except ValueError, e: pass"),
    lambda: exec("try: pass\nexcept A, B as c: pass"),
):
    try:
        action()
    except Exception as e:
        text = "".join(traceback.TracebackException.from_exception(e).format_exception_only())
        print(re.sub(r" \(/[^)]*\)", "", text).rstrip())
