from ..early import ok
from ... import _nothing
