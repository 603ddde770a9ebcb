"""Where the carets of tracebacks point."""
import re
import sys
import traceback

d, lst, obj, n = {"a": {}}, [1], object(), None


def f(x, y=0):
    return x / y


CASES = """
1 / 0
d["a"]["b"]["c"]
lst[5] + lst[0]
obj.missing.more
f(1)
f(1, y=0) + f(2)
n.x
n()
n[0]
n + 1
-n
(1 + 2) * (3 / 0) - 4
d["a"] < 5
lst.append(1, 2)
f(
 1,
 0,
)
[x / 0 for x in lst]
(lambda: 1 / 0)()
lst[n]
not_defined + 1
f(*5)
f(**5)
"é" + 5
"日本" + 1 / 0
{1: 2, [3]: 4}
int("x")
assert n, "text"
import nope_module
from os import nope
raise ValueError("raised")
lst[0] = n.x = 5
del d["zz"]
for i in 5: pass
a, b = 1
with 5: pass
x = y = 1 if 1 / 0 else 2
f"{1 / 0}"
lst[0:n.x]
obj @ obj
await_ = n.a if d else n.b
""".strip().split("\n")
source, cases = [], []
for line in CASES:
    if line.startswith((" ", ")")):
        cases[-1] += "\n" + line
    else:
        cases.append(line)
import linecache
for i, case in enumerate(cases):
    name = f"<case {i}>"
    linecache.cache[name] = (len(case), None, [l + "\n" for l in case.split("\n")], name)
    try:
        exec(compile(case, name, "exec"), globals())
    except Exception:
        kind, value, tb = sys.exc_info()
        text = "".join(traceback.format_exception(kind, value, tb.tb_next)).replace(__file__, "FILE")
        print(re.sub(r" \(/[^)]*\)", "", text))
