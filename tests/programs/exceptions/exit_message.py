import sys
def hook(kind, value, tb): print("hook", kind.__name__, value)
sys.excepthook = hook
class Odd:
    def __del__(self): raise ValueError("in del")
sys.unraisablehook = lambda u: print("unraisable", type(u.exc_value).__name__, u.exc_value, u.err_msg.split(" <")[0])
Odd()
sys.exit("a message as status")
