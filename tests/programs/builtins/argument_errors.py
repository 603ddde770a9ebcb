"""Results of builtins, and what they say about wrong arguments."""

def t(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e)
t(lambda: min()); t(lambda: min(1,key2=3)); t(lambda: min(1,2,default=3,key=4,x=4)); t(lambda: min([],default=3,x=4)); t(lambda: min([],default=3)); t(lambda: max(3,5,4,key=lambda x:-x)); t(lambda: max([])); t(lambda: max(1,2,default=3))
t(lambda: sum([0.1]*10)); t(lambda: sum([0.1, True, 10**30, 0.5])); t(lambda: sum([1,2], start=1.5)); t(lambda: sum([1e308,1e308,-1e308])); t(lambda: sum([float('inf'),-float('inf')])); t(lambda: sum([1j,.1,2])); t(lambda: sum([2**62,2**62,2**62])); t(lambda: sum([[1],[2]],[])); t(lambda: sum(['a'],'')); t(lambda: sum([b'a'],b''))
t(lambda: sum()); t(lambda: map()); t(lambda: map(1)); t(lambda: map(1,2)); t(lambda: map(int,2,stric=1)); t(lambda: map(int,[2],strict=1).__reduce__()[2])
t(lambda: zip(1)); t(lambda: zip([],s=1)); t(lambda: zip().__reduce__()); t(lambda: list(zip([1],[1,2],strict=1))); t(lambda: list(zip([1],[1],[1,2],strict=1))); t(lambda: list(zip([1],[1],[],strict=1)))
t(lambda: filter()); t(lambda: filter(1,x=2));t(lambda: filter(1,2,3)); t(lambda: list(filter(None,[0,1,2])))
t(lambda: list(map(lambda *a:a,[1],[1],[],strict=1)));t(lambda: list(map(lambda *a:a,[1],[1],[1,2],strict=1)))
t(lambda: print(x=1)); t(lambda: round(object())); t(lambda: chr(-1)); t(lambda: chr(1.5)); t(lambda: next(1)); t(lambda:iter(1,2)); t(lambda: aiter(1)); t(lambda: anext(1))
t(lambda: list(zip(range(3),'abc'))); t(lambda: sorted([3,1,2],reverse=True)); t(lambda: eval('1+2')); t(lambda: eval(' 1+2\n',{},{})); t(lambda: exec('x=1\nprint(x)')); t(lambda: eval('a',{'a':5})); t(lambda: eval('a',[])); t(lambda: exec('a',[])); t(lambda: exec('a',{},3)); t(lambda: eval('a\0')); t(lambda: eval(3)); t(lambda: compile('1','f','x')); t(lambda: compile('1','f','eval',5)); t(lambda: compile('1','f','eval',optimize=5)); t(lambda: compile('1','f','func_type')); t(lambda: eval(compile(b'1+1','f','eval'))); t(lambda: compile('1 +','f','eval')); t(lambda: compile(3,'f','eval')); t(lambda: compile('3',4,'eval'))
def f(a,b=2):
    c=3
    return locals(), sorted(locals()), dir()
t(lambda: f(1)); t(lambda: vars(3)); t(lambda: getattr(3,'x',4)); t(lambda: getattr(3,4)); t(lambda: getattr(3)); t(lambda: hasattr(3,'real')); t(lambda: pow(2,10,1000)); t(lambda: pow(2,exp=3)); t(lambda: round(2.5)); t(lambda: round(2.567,2)); t(lambda: round(2.5,None)); t(lambda: ord('ab')); t(lambda: ord(b'a')); t(lambda: ord(3)); t(lambda: bin(10)+oct(8)+hex(255)); t(lambda: divmod(7,-2)); t(lambda: format(3.14159,'.2f')); t(lambda: format(3,4)); t(lambda: ascii('é')); t(lambda: callable(int)); t(lambda: hash(1)); t(lambda: hash([])); t(lambda: id(None)==id(None)); t(lambda: abs(-3)); t(lambda: [next(iter([]),5), next(iter([1]))])
def g():
    x=1
    def h(): return x
    return h
h=g()
t(lambda: exec(h.__code__)); t(lambda: exec(h.__code__,closure=())); t(lambda: exec(h.__code__,closure=h.__closure__)); t(lambda: exec('1',closure=h.__closure__)); t(lambda: eval(h.__code__)); t(lambda: exec(f.__code__,closure=h.__closure__))
class C(map): pass
t(lambda: list(C(int,['3']))); t(lambda: [x for x in globals() if x=='f'])
t(lambda: isinstance(1,int))
it=iter([1,2,3]); t(lambda: list(zip(it,it)))
t(lambda: list(iter([1,2,3].pop, 1)))
