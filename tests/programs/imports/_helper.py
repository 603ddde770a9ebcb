"""A module to be imported."""
value = 1
_private = 2
__all__ = ["value", "func"]
def func(): return __name__
print("helper runs", __name__)
