import sys, os, types, importlib, importlib.util
import _helper, _helper as h2
from _helper import func as f, value
from _helper import *
print(_helper is h2, f(), value, func is f, "_private" in globals(), _helper.__doc__, os.path.basename(_helper.__file__), _helper.__spec__.name, _helper.__package__, _helper.__name__)
import _pkg.sub.deep
print(_pkg.sub.deep.name, _pkg.deep is _pkg.sub.deep, _pkg.dynamic, _pkg.early.ok, [os.path.basename(p) for p in _pkg.__path__], _pkg.__package__, sys.modules["_pkg.sub"] is _pkg.sub)
from _pkg import dynamic, sub as s
print(dynamic, s.__name__)
for stmt in ("import nope", "import _pkg.nope", "import _helper.x", "from _helper import nope", "from _pkg import nope", "import _circular_a", "import _broken", "import _raises", "import _pkg.sub.bad", "from . import x", "from .x import y", "from _pkg.sub import nada", "import os.path.nope", "from nope.x import y", "import _raises"):
    try: exec(stmt); print(stmt, "ok")
    except Exception as e: print(stmt, "->", type(e).__name__, str(e).split(" (")[0], getattr(e, "name", ""))
print("_raises" in sys.modules, "_circular_b" in sys.modules)
m = importlib.import_module(".sub", "_pkg"); print(m.__name__, importlib.reload(_helper) is _helper, importlib.util.find_spec("json").name, importlib.util.find_spec("nope") is None)
sys.modules["fake"] = types.SimpleNamespace(a=5); import fake; from fake import a; print(a, fake.a)
sys.modules["blocked"] = None
try: import blocked
except ImportError as e: print(type(e).__name__, e)
del sys.modules["_helper"]; import _helper as again; print(again is h2)
class Finder:
    def find_spec(self, name, path, target=None):
        if name.startswith("virtual"): return importlib.util.spec_from_loader(name, self)
    def create_module(self, spec): return None
    def exec_module(self, mod): mod.made = f"made {mod.__name__}"
sys.meta_path.insert(0, Finder()); import virtual_one; print(virtual_one.made, virtual_one.__spec__.loader.__class__.__name__, virtual_one.__spec__.name)
mod = types.ModuleType("m2"); exec("x = __name__", mod.__dict__); print(mod.x, mod, __import__("os.path").__name__, __import__("os.path", fromlist=["join"]).__name__, __name__, __spec__)
import math, builtins, collections.abc; print(math, builtins, __builtins__ is builtins, collections.abc.Sized.__name__)
