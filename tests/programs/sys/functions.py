"""Functions and constants of sys, and native warnings."""

import sys
def t(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e)
t(lambda: sys.set_int_max_str_digits(5)); t(lambda: sys.setrecursionlimit(0)); t(lambda: sys.setswitchinterval(0)); t(lambda: sys.intern(type('S',(str,),{})('a'))); t(lambda: sys.set_asyncgen_hooks(1)); t(lambda: sys.set_asyncgen_hooks(finalizer=1)); t(lambda:sys.set_coroutine_origin_tracking_depth(-1)); t(lambda: sys._getframe(1000)); t(lambda: sys._getframemodulename(1000)); t(lambda: sys._getframemodulename(0)); t(lambda: sys.getsizeof()); t(lambda: sys.getsizeof(int)-type.__sizeof__(int)); t(lambda: sys.getsizeof([])-[].__sizeof__()); t(lambda: sys.audit(1)); t(lambda: sys.audit()); t(lambda: sys.addaudithook()); t(lambda: sys.call_tracing(1,2)); t(lambda: sys.activate_stack_trampoline(1)); t(lambda: sys.activate_stack_trampoline('x')); t(lambda: sys._get_cpu_count_config()); t(lambda: sys._clear_type_descriptors(int)); t(lambda: sys._is_interned(1)); t(lambda: sys.getdlopenflags()); t(lambda: sys._jit.__doc__); t(lambda: sys.monitoring.events); t(lambda: sys.monitoring.use_tool_id(9,'x')); t(lambda: sys.monitoring.use_tool_id(1,4)); t(lambda: sys.monitoring.use_tool_id(1,'x')); t(lambda: sys.monitoring.use_tool_id(1,'x')); t(lambda: sys.monitoring.set_events(3,1)); t(lambda: sys.monitoring.set_events(1,1<<30)); t(lambda: sys.monitoring._all_events()); t(lambda: sys.monitoring.register_callback(1,3,None)); t(lambda: sys.unraisablehook(1)); t(lambda: sys.excepthook(1)); t(lambda: sys.getsizeof(1,2,3)); t(lambda: sys.exit(1,2)); t(lambda: sys.exit(3)); t(lambda: sys.exit())
print(sys.monitoring.__doc__)
print(sys.float_info, sys.int_info, sys.hash_info)
print(sys.flags.gil, sys.flags.context_aware_warnings)
print(sys.version_info[:2], hex(sys.hexversion >> 16), sys.api_version, sys.maxsize, sys.maxunicode, sys.byteorder, sys.platform, sys.platlibdir, repr(sys.abiflags), sys.float_repr_style)
print(sys.version_info.major, sys.copyright == sys.copyright, len(sys.stdlib_module_names))
print(sys.implementation.name, sys.implementation.cache_tag, sys.implementation._multiarch)
t(lambda: sys.get_asyncgen_hooks()); t(lambda: type(sys.get_asyncgen_hooks()).__module__); t(lambda: type(sys.get_asyncgen_hooks()).__name__)
t(lambda: type(sys.flags)(range(18))); t(lambda: setattr(type(sys.flags),'x',1)); t(lambda: type(sys.flags))
t(lambda: sys.getsizeof(()));t(lambda: sys.getsizeof(1)); t(lambda: sys.getsizeof('abc')); t(lambda: sys.getsizeof({}))
try:
    1/0
except ZeroDivisionError:
    print(sys.exc_info()[:2], sys.exception())
print(sys.exc_info(), sys.exception())
sys.displayhook(5); sys.displayhook(None)
import builtins
print(builtins._)
got=[]
sys.addaudithook(lambda e,a: got.append((e,a)) if e.startswith('my') else None)
sys.audit('my.event', 1, 2); print(got)
def f(): return sys._getframe().f_code.co_name, sys._getframe(1) is not None
t(f)
t(lambda: list(sys._current_frames())!=[])
t(lambda: sys._is_immortal(None))
class X:
    def __del__(self): 1/0
import _warnings
x=X(); 
def hook(a): print(a.exc_type, a.exc_value, type(a).__name__)
sys.unraisablehook = hook
del x
sys.unraisablehook = sys.__unraisablehook__
def w(): _warnings.warn('hello')
w(); w()
_warnings.warn('x', DeprecationWarning)
_warnings.warn_explicit('a',UserWarning,'x.py',5)
t(lambda: _warnings.warn('a',3)); t(lambda: _warnings.warn('a',int)); t(lambda: _warnings.warn('a',skip_file_prefixes=3)); t(lambda: _warnings.warn('a',skip_file_prefixes=(3,))); t(lambda: _warnings.warn_explicit('a',UserWarning,'x',5,registry=3)); t(lambda: _warnings.warn_explicit('a',UserWarning,'x',5,module_globals=3)); t(lambda: _warnings._release_lock()); t(lambda: _warnings._filters_mutated_lock_held())
print(list(__warningregistry__)[:3])
_warnings.filters.insert(0, ('error', None, UserWarning, None, 0)); _warnings._acquire_lock(); _warnings._filters_mutated_lock_held(); _warnings._release_lock()
t(lambda: _warnings.warn('boom'))
