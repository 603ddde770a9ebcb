# Literals of every form, continued lines, odd but legal layout.
print(0, 00, 0_0, 1_000, 0xFF, 0Xf_f, 0o17, 0B1_0, 1., .5, 1.e3, 1E-3, 1_0.0_1e1_0, 1j, 1.5J, .5e-3j, 0xdead_beef, 0j)
print('a' "b" '''c''' """d""", r'\n', b'\x00\377\n', rb'\d', Rb"\d", BR'x', u'\u00e9', f'{1}', fR'\{2}', F"""{
3}""", "tab\tq\"'", 'oct\101\7', "\N{DIGIT ONE}", "line\
cont", """a\
b""", '\\', "\u20ac\U0001F600", len("\r\n"), len('''
'''))
x = (1 +
     2
     # comment inside
     + 3); y = [
    1,
  2,
]; z = {'a':
1}
print(x, y, z); a = 1; b = 2 ;
if a: print("one line"); print("still")
if a == 1 and \
   b == 2:
    print("backslash")
class C: pass; x = 1
def f(): return 1
for i in 1, 2: print(i, end=" ")
else: print("else")
while False: pass
else: print("while else")
try: pass
finally: print("fin")
if 1:
	print("tab indented")
if 1:
                print("deep")
                if 2:
                 print("one more")
print(not 1 == 2, 1 < 2 < 3 != 4, 2 ** -1, -2 ** 2, 2 ** 3 ** 2, 7 // 2 * 3, 1 | 2 ^ 3 & 4, 1 << 2 + 1, not not 5, 5 if 0 else 6 if 0 else 7, (lambda *, a=1: a)(), 1 if True else 2, [*[1], *(2,)], {**{}}, *(), ~-1, - -1, +-+1, 3 - -3, 1 in [1] == True, a and b or 0, 1 and 0 or "x", 0 or () or [], (yield_ := 5), ..., None, 1 .real, 1.0.is_integer(), 1..real)
é = 1; 变量 = 2; ﬁ = 3; _ = 4; print(é, 变量, fi, _); print("done"); pass; ...
def ann(a: "x" = 1, *, b: int = 2) -> "y": ...
@(lambda f: f)
def deco(): "doc"
print(ann.__defaults__, deco.__doc__, type(print)); del é
print(0xffffffffffffffffffff, 1e308 * 10, 1e-400, 9999999999999999.0)
assert True, "no"; lst = [0, 1]; lst[0], lst[1] = lst[1], lst[0]; lst[0] += 5; print(lst); i = 5; i @= type("M", (), {"__rmatmul__": lambda s, o: o * 10})(); print(i)
