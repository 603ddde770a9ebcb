class P:
    x, y = 3, 4
    def __getitem__(self, k): return f"item {k}"
print("{} {} {}".format(1, "a", None), "{1} {0}".format("a", "b"), "{a} {b}".format(a=1, b=2), "{0.x} {0.y} {0[k]} {0[5]}".format(P()), "{{}} {}".format(1), "{:>{w}.{p}f}".format(3.14159, w=10, p=2))
print("{0[a]} {0[b][1]}".format({"a": 1, "b": [2, 3]}), "{!r:>10} {!s:<5}| {!a}".format("x", "y", "é"), "{:{}}".format("a", ">5"), "{:%Y-%m-%d}".format(__import__("datetime").date(2024, 2, 29)))
print("{x} {y}".format_map({"x": 1, "y": 2}), "{:^10}|{:*<8}|{:.3}|{:5.1}|".format("mid", "left", "truncate", "xyz"))
for fmt, args in (("{}", ()), ("{} {0}", (1,)), ("{0} {}", (1,)), ("{", ()), ("}", ()), ("{x}", ()), ("{0.nope}", (1,)), ("{!x}", (1,)), ("{:d}", ("a",)), ("{0[}", (1,)), ("{:{:{}}}", (1, 2, 3)), ("{5}", (1,)), ("{a.b}", ()), ("{!}", (1,)), ("{:+}", ("a",)), ("{:=5}", ("a",))):
    try:
        print(fmt, fmt.format(*args))
    except Exception as e:
        print(fmt, type(e).__name__, e)
print("%s and %s" % ("a", "b"), "%(k)s %(n)03d" % {"k": "v", "n": 7}, "%%", "100%%" % (), "%5s|%-5s|%.2s|%*d|%-*d|" % ("a", "b", "xyz", 4, 7, 4, 8), "%c%c" % ("x", 121), "%s" % (1, ), "%s" % [1, 2], "%s %%" % 5)
for fmt, args in (("%d", "a"), ("%s %s", 1), ("%s", (1, 2)), ("%q", 1), ("%", 1), ("%(a)s", 1), ("%(a)s", {}), ("%c", "ab"), ("%c", -1), ("%x", 1.5), ("%.0f", "1"), ("%*d", ("a", 1)), ("%(a", {"a": 1}), ("no", 1), ("no", {})):
    try:
        print(fmt, "->", fmt % args)
    except Exception as e:
        print(fmt, type(e).__name__, e)
from string import Template, Formatter, capwords
print(Template("$who likes ${what}, $$5").substitute(who="tim", what="kung pao"), Template("$a $b").safe_substitute(a=1), list(Formatter().parse("a{b!r:c}d")), capwords("hello big world"))
