"""Writes recorded.txt: what CPython 3.14 answers to operations on numbers and memoryviews.

Run it with the reference interpreter.  A line is the operation, its operands and the answer, with tabs between.
Operands: i:int f:float c:re,im s:str b:hexbytes n (None) T F S:start,stop,step t:int,int
m:hexbytes/format/shape (a writable memoryview, shape may be empty), M:... the same, read-only.
"""
import math
import operator
import os
import random
import sys
import warnings

if os.environ.get("PYTHONHASHSEED") != "0":
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})

warnings.simplefilter("ignore")
rng = random.Random(20)
lines = []


def num(text):
    return int(text) if text else None


def decode(o):
    kind, _, rest = o.partition(":")
    match kind:
        case "i": return int(rest, 0)
        case "f": return float(rest)
        case "c":
            re, im = rest.split(",")
            return complex(float(re), float(im))
        case "s": return rest
        case "b": return bytes.fromhex(rest)
        case "n": return None
        case "T": return True
        case "F": return False
        case "S": return slice(*[num(p) for p in rest.split(",")])
        case "t": return tuple(int(p) for p in rest.split(",") if p)
        case "m" | "M":
            data, fmt, shape = rest.split("/")
            data = bytes.fromhex(data)
            view = memoryview(bytearray(data) if kind == "m" else data)
            if shape:
                return view.cast(fmt, [int(p) for p in shape.split(",")])
            return view.cast(fmt)
    raise ValueError(o)


def encode(v):
    match v:
        case bool(): return "T" if v else "F"
        case int(): return f"i:{v:#x}"
        case float(): return f"f:{v!r}"
        case complex(): return f"c:{v.real!r},{v.imag!r}"
        case None: return "n"
        case str(): return f"s:{v}"
        case bytes(): return f"b:{v.hex()}"
        case slice(): return "S:" + ",".join("" if p is None else str(p) for p in (v.start, v.stop, v.step))
        case tuple(): return "t:" + "".join(f"{p}," for p in v)
    raise TypeError(v)


BINARY = dict(
    add=operator.add, sub=operator.sub, mul=operator.mul, truediv=operator.truediv, floordiv=operator.floordiv,
    mod=operator.mod, divmod=divmod, pow=pow, lshift=operator.lshift, rshift=operator.rshift, matmul=operator.matmul,
    lt=operator.lt, le=operator.le, eq=operator.eq, ne=operator.ne, gt=operator.gt, ge=operator.ge,
    iadd=operator.iadd, imul=operator.imul, isub=operator.isub, ipow=operator.ipow,
    getitem=operator.getitem,
)
BINARY["and"] = operator.and_
BINARY["or"] = operator.or_
BINARY["xor"] = operator.xor
UNARY = dict(
    neg=operator.neg, pos=operator.pos, abs=abs, invert=operator.invert, bool=bool, hash=hash, repr=repr, str=str,
    index=operator.index, len=len, number_long=int, number_float=float,
)
CALLS = dict(int=int, float=float, complex=complex, memoryview=memoryview)


def setitem(view, key, value):
    view[key] = value
    return view.tobytes()


def run(op, operands):
    v = [decode(o) for o in operands]
    if op in BINARY:
        return BINARY[op](*v)
    if op == "pow3":
        return pow(*v)
    if op in UNARY:
        return UNARY[op](*v)
    if op == "setitem":
        return setitem(*v)
    if op.startswith("call:"):
        return CALLS[op[5:]](*v)
    if op.startswith("type."):
        cls, name = op[5:].split(".")
        return getattr(CALLS[cls], name)(*v)
    if op.startswith("@"):
        return getattr(v[0], op[1:])
    if op.startswith("."):
        return getattr(v[0], op[1:])(*v[1:])
    raise ValueError(op)


def ask(op, *operands):
    if op == "hash" and operands[0] != operands[0]:
        # By identity.
        return
    coded = [o if isinstance(o, str) and o[:2] in ("m:", "M:") else encode(o) for o in operands]
    try:
        r = run(op, coded)
        if isinstance(r, memoryview):
            r = (r.format, r.shape, r.strides, r.tobytes())
        answer = f"{type(r).__name__} {r!r}"
    except Exception as e:
        answer = f"!{type(e).__name__}: {e}"
    line = "\t".join([op, *coded, answer])
    if all(c.isprintable() or c == "\t" for c in line) and "0x7f" not in line:
        lines.append(line)


def big():
    n = rng.choice([1, 20, 30, 31, 60, 61, 64, 90, 200, 300, 2500 if rng.random() < 0.3 else 128])
    v = rng.getrandbits(n)
    match rng.randrange(4):
        case 0: v = 1 << n
        case 1: v = (1 << n) - 1
    return v if rng.random() < 0.5 else -v


ints = [0, 1, -1, 2, 7, -7, 255, 256, 257, -5, -6, 2**30 - 1, 2**30, -2**30, 2**31, 2**60, 2**63 - 1, 2**63, -2**63,
        2**64, 10**25, -10**25, True, False]
floats = [0.0, -0.0, 1.0, -1.5, 0.1, 2.5, 1e22, 1e16, 123456789.125, 5e-324, 1.7976931348623157e308, math.inf, -math.inf,
          math.nan, -3.0, 1e-7, 2.0**53, 2.0**63]
complexes = [1j, complex(1, -0.0), complex(-0.0, 2), complex(math.inf, 1), complex(math.nan, math.inf), 3 - 4j,
             complex(1e308, 1e308), 0j, complex(-0.0, -0.0), 1.5 + 2.25j]
others = ["x", None, b"ab", (1, 2)]
arithmetic = ["add", "sub", "mul", "truediv", "floordiv", "mod", "divmod"]

for op in arithmetic + ["and", "or", "xor"]:
    for _ in range(40):
        ask(op, big(), big())
    for _ in range(25):
        ask(op, rng.choice(ints), rng.choice(ints))
for op in arithmetic:
    for _ in range(30):
        ask(op, rng.choice(floats), rng.choice(floats + ints))
        ask(op, rng.choice(ints + [10**400, -10**400]), rng.choice(floats))
    for _ in range(25):
        ask(op, rng.choice(complexes), rng.choice(complexes + floats + ints))
        ask(op, rng.choice(floats + ints), rng.choice(complexes))
for op in [*arithmetic, "and", "lshift", "pow", "matmul", "iadd", "imul", "isub", "ipow", "lt", "eq", "getitem"]:
    for a, b in [(1, "x"), ("x", 1), (1.5, None), (1j, b"ab"), (None, 2), ((1, 2), 1), (2, (1, 2)), (b"ab", 2.5)]:
        ask(op, a, b)
for op in ["lshift", "rshift"]:
    for _ in range(40):
        ask(op, big(), rng.choice([0, 1, 29, 30, 31, 60, 64, 100, 1000, -1]))
    for v in ints:
        ask(op, v, rng.choice([0, 1, 5, 30, 70]))
    ask(op, 0, 1 << 80), ask(op, 5, 1 << 80), ask(op, -5, 1 << 80)
for op in ["lt", "le", "eq", "ne", "gt", "ge"]:
    for _ in range(25):
        ask(op, big(), big())
        ask(op, rng.choice(ints), rng.choice(floats))
        ask(op, rng.choice(floats), rng.choice(ints + floats))
    for a in [2**53, 2**53 + 1, 2**63, 2**64, 10**22, 10**23, 10**400, -10**400]:
        for b in [2.0**53, 2.0**63, 1e22, 1e23, math.inf, -math.inf, 1.5]:
            if rng.random() < 0.4:
                ask(op, a, b), ask(op, b, a)
for a in complexes:
    for b in complexes + [1, 1.5, 10**400]:
        ask(rng.choice(["eq", "ne", "lt"]), a, b)
for op in UNARY:
    if op in ("len",):
        continue
    for v in ints + floats + complexes + others:
        ask(op, v)
    for _ in range(12):
        ask(op, big())
for _ in range(60):
    ask("pow", rng.choice([big() >> 2000, *ints[:14]]), rng.choice([0, 1, 2, 3, 7, 60, -1, -2]))
    ask("pow", rng.choice(floats), rng.choice(floats + ints))
    ask("pow", rng.choice(complexes), rng.choice(complexes + floats + ints[:10]))
    ask("pow3", big(), rng.choice([0, 1, 5, 100, abs(big()) >> 4000, -1, -3]), rng.choice([*ints, big(), 1, -7]))
ask("pow3", 1.5, 2, 3), ask("pow3", 1j, 2, 3), ask("pow3", 2, 3, "x"), ask("pow3", 2, "x", 5), ask("pow3", 38, -1, 97)
ask("pow3", 38, -1, 19), ask("pow3", 3, 5, 0)

for text in ["12", " 12 ", "-0", "+7", "1_000", "1__0", "_1", "1_", "0x1f", "0b12", "", " ", "-", "9" * 25, "1.5", "٣٤",
             "12x", "1 2", "nan", "inf", "-Infinity", "1e5", "1e400", "1e", ".5", "5.", ".", "1_0.0_1", "0_x", "é",
             "1+2j", "j", "-j", "(1+2j)", "( 1 )", "1+", "1e5+2e-3j", "nan+infj", "1_0j", "1j+2", "0" * 30 + "7"]:
    for name in ("int", "float", "complex"):
        ask(f"call:{name}", text)
    ask("call:int", text.encode()), ask("call:float", text.encode())
for text in ["zz", "0x1F", "0b101", "0o17", "077", "00", "0", "z", "11", "0_7", "0x_f", "0x", "12", "-0b1", "9" * 200]:
    for base in (0, 2, 8, 10, 16, 36, 37, 1, -1):
        if rng.random() < 0.6:
            ask("call:int", text, base)
ask("call:int"), ask("call:int", 1, 2, 3), ask("call:int", 1.5, 10), ask("call:float"), ask("call:float", 1, 2)
ask("call:int", None), ask("call:float", None), ask("call:complex", None), ask("call:complex", 1, "2"), ask("call:complex")
ask("call:complex", "1", 2), ask("call:complex", 1, 2), ask("call:complex", 1.5, None), ask("call:complex", 1, 2, 3)
ask("call:int", "1" * 5000), ask("str", 10**4999), ask("call:int", "7" * 3000), ask("str", 10**3000 + 7)

for v in ints + [big() for _ in range(20)]:
    for m in (".bit_length", ".bit_count", ".as_integer_ratio", ".conjugate", ".__round__", ".__trunc__", ".is_integer"):
        if rng.random() < 0.5:
            ask(m, v)
    for places in (-1, -2, -20, 3, -2000):
        ask(".__round__", v, places)
    ask("@real", v), ask("@denominator", v)
    for n, order in ((1, "big"), (4, "little"), (20, "big"), (0, "little"), (9, "middle")):
        ask(".to_bytes", v, n, order)
for v in (5, 15, 25, 35, -5, -15, -25, 149, 150, 151, 250, 350, 10**30 + 5 * 10**9):
    for places in (-1, -2, -3, -10):
        ask(".__round__", v, places)
for data in (b"", b"\0", b"\xff\x80", b"abc", bytes(range(40))):
    ask("type.int.from_bytes", data, "big"), ask("type.int.from_bytes", data, "little")
ask("type.int.from_bytes", "ab"), ask("type.int.from_bytes", 5), ask("type.int.from_bytes", b"a", "x")

for v in floats + [rng.uniform(-1000, 1000) for _ in range(20)]:
    for m in (".hex", ".as_integer_ratio", ".is_integer", ".__floor__", ".__ceil__", ".__trunc__", ".__round__",
              ".conjugate"):
        ask(m, v)
    for places in (0, 1, 2, -1, 400, -400, 15):
        ask(".__round__", v, places)
for text in ("0x1p5000", "zz", "0x1.8p1", " -0x1p-1074 ", "nan", "10", "", "0x.p1", "0x1p-1080"):
    ask("type.float.fromhex", text)
for v in (3, 1.5, "x", 1j, None, True):
    ask("type.float.from_number", v), ask("type.complex.from_number", v)
ask("type.float.__getformat__", "double"), ask("type.float.__getformat__", "x")

specs = ["", "d", "5", "05", "<8", "^9", "+", " d", "x", "#x", "#_X", "_b", ",", ",d", "e", ".2f", "010.3f", ",.2f", "g",
         ".3", "%", ".1%", "c", "n", "s", "z", "z.1f", "q", "d5", ".", ".3d", "_n", ",x", ",_", "=+12", "é>6", "\u1234",
         "+c", "#c", "99999999999999999999", ".99999999999999999999f", ".,f", "._", ".3,g", "#.0f", "020,.6,f", "F", "G"]
for spec in specs:
    for v in rng.sample([5, -1234567, True, 0, 10**20, 65], 3) + rng.sample(floats, 3) + rng.sample(complexes, 2):
        ask(".__format__", v, spec)
    ask(".__format__", "héllo", spec)
ask(".__format__", 5, 3), ask(".__format__", 1 << 63, "c"), ask(".__format__", -1, "c"), ask(".__format__", 10**8, "c")

B8 = "m:6162636465666768/B/"
views = [B8, "M:616263/B/", "m:6162636465666768/B/2,4", "m:0100020003000400/h/", "m:" + bytes(range(24)).hex() + "/B/2,3,4",
         "m:0000803f000000c0/f/", "m:00010001/?/", "m:ff7f0080/@h/", "M:6162/c/", "m:003c/e/", "m:ffffffffffffffff/Q/1",
         "m:ffffffffffffffff/q/", "m:ffffffffffffffff/P/", "M:6162/b/"]
for view in views:
    for m in (".tolist", ".tobytes", ".hex", ".release", ".toreadonly", ".count", ".__len__", ".__iter__"):
        if m == ".count":
            ask(m, view, 97)
        elif m != ".__iter__":
            ask(m, view)
    for g in ("nbytes", "readonly", "itemsize", "format", "ndim", "shape", "strides", "suboffsets", "c_contiguous",
              "f_contiguous", "contiguous"):
        ask("@" + g, view)
    ask("hash", view), ask("len", view), ask(".tobytes", view, "F"), ask(".tobytes", view, "A"), ask(".tobytes", view, "X")
    for key in (0, -1, 1, 100, (0,), (0, 1), (1, 2, 3), (), slice(1, None, None), slice(None, None, -1),
                slice(0, 4, 2), "x", 2**100, slice(5, 1, None)):
        ask("getitem", view, key)
        for value in (65, -1, 300, "x", 1.5, b"a", b"ab", None):
            if rng.random() < 0.25:
                ask("setitem", view, key, value)
    for fmt in ("B", "H", "@i", "c", "d", "Z", ">H", "?"):
        ask(".cast", view, fmt)
    ask(".cast", view, "B", (2, 4)), ask(".cast", view, "B", (8,)), ask(".cast", view, "B", (0, 8))
    ask(".cast", view, "B", (-1,)), ask(".cast", view, "B", 5), ask(".cast", view, "B", ()), ask(".cast", view, 5)
    for w in views:
        ask("eq", view, w)
    ask("eq", view, b"abc"), ask("eq", view, 5), ask("lt", view, b"a"), ask(".index", view, 98)
    ask(".index", view, 97, 1, -1), ask("call:memoryview", view)
ask("call:memoryview", 5), ask("call:memoryview"), ask("call:memoryview", b"ab"), ask(".hex", B8, ":", 2)

with open(sys.argv[1] if len(sys.argv) > 1 else "recorded.txt", "w") as f:
    f.writelines(line + "\n" for line in dict.fromkeys(lines))
