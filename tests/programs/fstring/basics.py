x, y, name, d, lst = 42, 3.14159, "world", {"k": "v"}, [1, 2, 3]
print(f"hello {name} {x} {y:.2f} {x:>6} {x:<6}| {x:^6} {x:06} {x:#x} {x:,} {y!r} {name!r:>10} {name!s} {name!a}")
print(f"{x + 1} {x if x else 0} {d['k']} {d["k"]} {lst[1:]} {[i for i in lst]} {(lambda v: v * 2)(3)} { {1: 2}[1] } {'nested'} {f'{f'{x}'}'} {x=} {x = } {x=!s} {y=:.1f} {name = !r}")
w, p = 10, 3
print(f"{y:{w}.{p}f}|{name:{'>'}{w}}|{x:{w}}|{'a':*^{w}}|{y:{w}.{p}}|{{}}|{{{x}}}|{x}}}{{")
print(f"multi {
    x
    + 1  # a comment
} line", f'''triple {name}
{x}''', rf"raw \n {x}", f"\x41\u00e9 {name}\n".strip(), f"", f"{''}", f"a" "b" f"{x}" 'c', F"{x}", fr'\d{x}')
print(f"{x!r:^{w}}", f"{x:{'0'}>{w}}", f"{'\n'.join(map(str, lst))}", f"{x:=+8}", f"{x:%}", f"{True:d} {None} {...} {1j}", f"{x,}", f"{x, y}", f"{*lst, 4}")
class F:
    def __format__(self, spec): return f"F[{spec}]"
    def __str__(self): return "str"
    def __repr__(self): return "repr"
o = F()
print(f"{o} {o:abc} {o!s:>5} {o!r} {o:{w}x{p}}")
for bad in ("f'{5:q}'", "f'{\"a\":d}'", "f'{None:5}'", "f'{[]:5}'", "f'{undefined}'", "f'{1/0}'", "f'{object():x}'"):
    try: print(eval(bad))
    except Exception as e: print(bad, type(e).__name__, str(e).replace("0x", ""))
for bad in ("f'{'", "f'}'", "f'{}'", "f'{a b}'", "f'{a!z}'", "f'{a!}'", "f'{a:{b:{c:{d}}}}'", "f'{*}'", "f'{a = b}'", "f'{lambda x: 1}'", "f'{a$b}'", "f'{!r}'", "f'{:x}'", "f'{a!r:{}}'"):
    try: eval(bad); print(bad, "ok")
    except SyntaxError as e: print(bad, e.msg)
    except NameError as e: print(bad, e)
from string.templatelib import Template, Interpolation
t = t"hello {name!r:>{w}} {x + 1} {{}} end"
print(type(t).__name__, t.strings, [(i.value, i.expression, i.conversion, i.format_spec) for i in t.interpolations], t.values, [p if isinstance(p, str) else p.expression for p in t], t"{x=}".strings, (t"a" + t"b{x}").strings, len(list(t"")))
