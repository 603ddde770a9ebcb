import json, collections, enum
data = {"a": [1, 2.5, -0.0, 1e100, True, None, "é€😀\n\"\\\x01/"], "b": {"x": []}, "é": {}, 1: "int", None: 0, True: 1, 2.5: 2}
s = json.dumps(data); print(s); print(json.loads(s))
print(json.dumps(data, ensure_ascii=False), json.dumps({"b": 1, "a": [1, {"c": ()}]}, indent=2, sort_keys=True), json.dumps([1, {"a": 2}], separators=(",", ":")), json.dumps([1, [2]], indent="--"), json.dumps([], indent=1), json.dumps({}), sep="\n")
print(json.dumps([float("inf"), float("-inf"), float("nan")]), json.loads("[Infinity, -Infinity, NaN]"), json.dumps((1, (2,))), json.dumps("\u2028\x7f\ud800"), json.dumps(10**30), json.loads("1" * 30), json.dumps({(1, 2): 3, "a": 1}, skipkeys=True))
class E(enum.IntEnum): A = 1
class D(dict): pass
print(json.dumps([E.A, D(a=1), collections.OrderedDict(z=1), collections.namedtuple("N", "x")(1)]), json.dumps({1, 2}, default=sorted), json.dumps(object, default=lambda o: o.__name__))
class Enc(json.JSONEncoder):
    def default(self, o): return {"__complex__": [o.real, o.imag]} if isinstance(o, complex) else super().default(o)
t = json.dumps({"z": 1 + 2j}, cls=Enc); print(t, json.loads(t, object_hook=lambda d: complex(*d["__complex__"]) if "__complex__" in d else d), list(Enc().iterencode([1, {"a": 2}])))
print(json.loads('{"a": 1, "a": 2}'), json.loads('{"a": 1, "a": 2}', object_pairs_hook=list), json.loads("[1.5, 2]", parse_float=str, parse_int=lambda s: s + "!"), json.loads("[NaN]", parse_constant=lambda c: c), json.loads(b'"\xc3\xa9"'), json.loads('"\\u00e9\\ud83d\\ude00\\n\\/"'), json.loads(" \n[ 1 , 2 ] "), json.loads("-0"), json.loads("1E5"), json.loads("true"), json.loads('"\\ud83d"') == "\ud83d", json.JSONDecoder().raw_decode("[1] rest"))
for bad in ("", "{", "[1,]", "{'a': 1}", '{"a" 1}', "[1 2]", "nul", "01", "1.", "--1", '"abc', '"\\x"', '"\\u12"', "[1] x", '{"a": }', '"\n"', "{1: 2}", '{"a": 1,}', "\ufeff[]", "+1", ".5", '"\\ud800\\u"', "tru", "[", '[1, "a'):
    try: print(repr(bad), json.loads(bad))
    except json.JSONDecodeError as e: print(repr(bad), e, e.pos, e.lineno, e.colno)
a = []; a.append(a)
for call in (lambda: json.dumps(a), lambda: json.dumps({1, 2}), lambda: json.dumps({(1,): 2}), lambda: json.dumps(float("nan"), allow_nan=False), lambda: json.loads(5), lambda: json.dumps(b"x"), lambda: json.loads(b"\xff\xff"), lambda: json.dumps({"a": [1, object()]})):
    try: print(call())
    except Exception as e: print(type(e).__name__, str(e).split(" at 0x")[0], getattr(e, "__notes__", ""))
big = [{"id": i, "name": f"n{i}", "v": [i / 7, None, i % 2 == 0]} for i in range(300)]; print(json.loads(json.dumps(big)) == big, len(json.dumps(big)), json.loads(json.dumps(big, indent=1)) == big, json.loads("[" * 500 + "]" * 500).__class__.__name__)
