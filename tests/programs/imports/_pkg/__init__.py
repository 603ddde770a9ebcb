print("pkg runs", __name__, __package__)
from . import early
from .sub import deep
def __getattr__(name):
    if name == "dynamic": return "from module getattr"
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
