import sys
print(sys.version_info[:2], sys.implementation.name, sys.implementation.cache_tag, sys.maxsize, sys.maxunicode, sys.byteorder, sys.platform, sys.hexversion >> 16 == 0x030E, sys.float_info.max, sys.float_info.dig, sys.int_info, sys.hash_info.width, sys.hash_info.modulus, sys.hash_info.algorithm, sys.thread_info.name, sys.flags.optimize, sys.flags.utf8_mode, sys.argv[0].split("/")[-1], sys.api_version, sys.copyright.split("\n")[0][:13], sys.getrecursionlimit(), sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.getfilesystemencodeerrors(), sys.dont_write_bytecode, sys.ps1 if hasattr(sys, "ps1") else "no ps1", sys.float_repr_style, sys.abiflags == "", sys.pycache_prefix, sys.orig_argv[-1].split("/")[-1])
print([sys.getsizeof(o) for o in (0, 1, 2**30, 2**60, 1.5, 1j, True, None, "", "a", "é", "€", "😀", b"", b"abc", bytearray(), [], [1], [1, 2, 3], (), (1, 2), {}, {1: 2}, {i: i for i in range(6)}, set(), {1, 2, 3, 4, 5}, frozenset(), range(5), slice(1), object(), type, lambda: 0, iter([]))])
class A: pass
class S: __slots__ = ("a", "b")
a = A(); a.x = 1
print(sys.getsizeof(a), sys.getsizeof(S()), sys.getsizeof([0] * 100), sys.getsizeof(list(range(100))), sys.getsizeof("x" * 1000), sys.getsizeof(2**1000), sys.getsizeof({i for i in range(100)}), sys.getsizeof(A), A.__basicsize__, A.__itemsize__, int.__basicsize__, int.__itemsize__, tuple.__basicsize__, str.__basicsize__, type.__basicsize__, A.__dictoffset__, A.__weakrefoffset__, S.__basicsize__, dict.__basicsize__, list.__basicsize__, object.__basicsize__)
print(sys.exc_info(), sys.exception(), sys.intern("abc") is sys.intern("ab" + "c"), sys._getframe().f_lineno, sys.is_finalizing(), sys.getrefcount(None) > 1000, callable(sys.displayhook), sys.call_tracing(lambda a: a + 1, (1,)), sys.getunicodeinternedsize() > 100 if hasattr(sys, "getunicodeinternedsize") else True, sys._is_gil_enabled(), "json" in sys.stdlib_module_names, "sys" in sys.builtin_module_names, sys.modules["sys"] is sys)
sys.displayhook(5); sys.displayhook(None); import builtins; print(builtins._); print(sys.flags); print(sys.version_info >= (3, 14), sys.version_info.releaselevel, type(sys.version_info).__name__, sys.version_info._replace if hasattr(sys.version_info, "_replace") else "structseq", sys.float_info.n_fields, sys.float_info[0] == sys.float_info.max)
events = []
def tracer(f, ev, arg): events.append((ev, f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno)); return tracer
def traced(n):
    t = 0
    for i in range(n): t += i
    return t
sys.settrace(tracer); traced(2); sys.settrace(None); print(events); events.clear()
sys.setprofile(lambda f, ev, arg: events.append((ev, f.f_code.co_name, getattr(arg, "__name__", arg)))); traced(1); len([]); sys.setprofile(None); print(events)
m = sys.monitoring; m.use_tool_id(3, "test"); hits = []; m.register_callback(3, m.events.PY_START, lambda c, o: hits.append(c.co_name)); m.set_events(3, m.events.PY_START); traced(1); m.set_events(3, 0); m.free_tool_id(3); print(hits, m.get_tool(3))
for call in (lambda: sys.setrecursionlimit("a"), lambda: sys._getframe(999), lambda: sys.intern(5), lambda: sys.getsizeof(), lambda: sys.setswitchinterval(-1), lambda: sys.settrace(), lambda: setattr(sys.flags, "x", 1), lambda: sys.exit.__call__(1, 2), lambda: sys.set_int_max_str_digits(5), lambda: sys.audit(), lambda: sys.float_info.__class__()):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
hook = []; sys.addaudithook(lambda ev, args: hook.append(ev) if ev.startswith("test.") else None); sys.audit("test.event", 1); print(hook)
