from ..early import ok
name = __name__
