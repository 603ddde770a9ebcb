# Ends with a traceback on stderr and status 1.
import atexit, sys
atexit.register(print, "at exit")

class Resource:
    def __enter__(self): print("enter"); return self
    def __exit__(self, *exc): print("exit", exc[0].__name__); return False

def inner(values):
    with Resource():
        return sum(
            v * 2
            for v in values
        )

def outer():
    try:
        inner([1, "two", None])
    except TypeError as e:
        raise RuntimeError("outer failed") from e

print("before")
sys.stdout.flush()
outer()
print("never")
