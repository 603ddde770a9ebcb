import inspect, dis, ast, types, io, traceback, warnings, linecache, symtable, tokenize, keyword, code, codeop
def f(a, b: int = 2, *args, c, d=4, **kw) -> str:
    "Docstring of f."
    # a comment
    return str(a)
print(inspect.signature(f), inspect.getdoc(f), inspect.getsource(f), inspect.getsourcelines(f)[1], inspect.getcomments(f), inspect.isfunction(f), inspect.ismethod(f), inspect.getfile(f).split("/")[-1], inspect.getmodule(f).__name__)
p = inspect.signature(f).parameters; print([(n, q.kind.name, q.default is q.empty, q.annotation is int) for n, q in p.items()], inspect.signature(f).replace(parameters=[]), inspect.signature(lambda x, /: 0), inspect.signature(print), inspect.signature(str.split), inspect.signature(dict.get) if True else 0)
c = f.__code__; print(c.co_name, c.co_qualname, c.co_argcount, c.co_kwonlyargcount, c.co_posonlyargcount, c.co_varnames, c.co_names, c.co_consts, c.co_flags, c.co_stacksize, c.co_nlocals, c.co_freevars, list(c.co_lines())[:2], list(c.co_positions())[1], c.replace(co_name="g").co_name, c == f.__code__, hash(c) == hash(f.__code__))
def small(x): return x + 1 if x else [y for y in x]
dis.dis(small); print([i.opname for i in dis.get_instructions(compile("a.b(c, d=1)", "", "eval"))], dis.stack_effect(dis.opmap["POP_TOP"]), dis.code_info(small).splitlines()[0])
t = ast.parse("def g(x: int = 1) -> str:\n  return f'{x!r:>5}' + y[1:2] if x else (lambda: 0)\nasync def h(): await z\nmatch a:\n  case [1, *r]: pass\n"); print(ast.dump(t, indent=1)[:400], ast.unparse(t), sep="\n")
print(ast.literal_eval("{'a': [1, -2.5, (None, True)], 'b': {1, 2}}"), [type(n).__name__ for n in ast.walk(ast.parse("a + b * c"))], ast.dump(ast.parse("x: int = 5", mode="single")), eval(compile(ast.Expression(ast.Constant(5, lineno=1, col_offset=0)), "", "eval")))
class V(ast.NodeTransformer):
    def visit_Constant(self, n): return ast.copy_location(ast.Constant(n.value * 2), n)
print(eval(compile(ast.fix_missing_locations(V().visit(ast.parse("1 + 2", mode="eval"))), "", "eval")))
for s in ("__import__('os')", "1 + ", "a"):
    try: ast.literal_eval(s)
    except Exception as e: print(type(e).__name__, e.args[0] if not isinstance(e, ValueError) else str(e).split(":")[0])
print([(tokenize.tok_name[k.type], k.string, k.start) for k in tokenize.generate_tokens(io.StringIO("x = f'a{b}' # c\nif 1:\n  y\n").readline)], keyword.iskeyword("match"), keyword.softkwlist)
st = symtable.symtable("def f(a):\n global g\n def i(): return a\n return i", "t", "exec"); ff = [k for k in st.get_children() if k.get_name() == "f"][0]; print(st.get_type(), [(s.get_name(), s.is_parameter(), s.is_global(), s.is_local(), s.is_referenced()) for s in sorted(ff.get_symbols(), key=lambda s: s.get_name())], [k.get_frees() for k in ff.get_children() if k.get_name() == "i"])
def frames():
    fr = inspect.currentframe(); s = inspect.stack(); return fr.f_code.co_name, [x.function for x in s][:2], s[0].lineno == fr.f_lineno, inspect.getargvalues(fr).args
print(frames(), inspect.getmro(bool), [n for n, _ in inspect.getmembers(types.SimpleNamespace(a=1, b=2)) if not n.startswith("_")], inspect.isclass(int), inspect.isbuiltin(len), inspect.cleandoc("  a\n    b"), inspect.unwrap(f) is f, inspect.getattr_static(f, "__name__", None) is not None)
with warnings.catch_warnings(record=True) as w: warnings.simplefilter("always"); warnings.warn("careful", DeprecationWarning, stacklevel=1); print(w[0].category.__name__, w[0].message, w[0].lineno > 0, len(w))
with warnings.catch_warnings(): warnings.simplefilter("error"); exec("try: warnings.warn('x')\nexcept UserWarning as e: print('raised', e)"); warnings.filterwarnings("ignore", "qu.*"); warnings.warn("quiet")
print(warnings.formatwarning("m", UserWarning, "f.py", 3, "line"), codeop.compile_command("if 1:"), code.InteractiveInterpreter({"q": 1}).runsource("q + 1\n"), types.SimpleNamespace(a=1) == types.SimpleNamespace(a=1), types.MethodType(f, 5).__self__, types.new_class("N").__name__, repr(types.SimpleNamespace(x=[1])))
try: traceback.print_stack(file=(o := io.StringIO())); print(o.getvalue().count("File")); 1 / 0
except ZeroDivisionError as e: te = traceback.TracebackException.from_exception(e, capture_locals=False); print(list(te.format_exception_only()), te.stack[0].line, e.__traceback__.tb_lineno == te.stack[0].lineno)
