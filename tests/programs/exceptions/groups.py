import traceback
eg = ExceptionGroup("many", [ValueError(1), TypeError("t"), ExceptionGroup("inner", [OSError("o"), ValueError(2)])])
print(eg, repr(eg), eg.message, len(eg.exceptions), isinstance(eg, Exception), eg.args[0])
print(repr(eg.subgroup(ValueError)), repr(eg.split((TypeError, OSError))), eg.subgroup(KeyError), repr(eg.subgroup(lambda e: str(e) == "2")))
try:
    raise eg
except* ValueError as e:
    print("values", repr(e), e.__traceback__ is not None)
except* (TypeError, OSError) as e:
    print("others", repr(e))
try:
    try:
        raise eg
    except* TypeError:
        raise KeyError("new")
    except* OSError:
        raise
except BaseExceptionGroup as e:
    print(repr(e))
    traceback.print_exception(e, file=__import__("sys").stdout)
try:
    raise ValueError("naked")
except* ValueError as e:
    print(repr(e))
else:
    print("no")
finally:
    print("fin")
try:
    print("fine")
except* Exception:
    print("no")
else:
    print("else")
for call in (lambda: ExceptionGroup("x", []), lambda: ExceptionGroup("x", [5]), lambda: ExceptionGroup(5, [ValueError()]), lambda: ExceptionGroup("x", [KeyboardInterrupt()]), lambda: ExceptionGroup("x"), lambda: type(BaseExceptionGroup("x", [ValueError()])).__name__, lambda: type(BaseExceptionGroup("x", [KeyboardInterrupt()])).__name__):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
class Mine(ExceptionGroup):
    def derive(self, excs): return Mine(self.message + "!", excs)
m = Mine("mine", [ValueError(1), TypeError(2)])
print(repr(m.split(ValueError)), type(m.subgroup(TypeError)).__name__)
try:
    try: raise m
    except* ExceptionGroup: pass
except TypeError as e:
    print(e)
def f():
    for i in range(3):
        try: raise ExceptionGroup("g", [ValueError(i)])
        except* ValueError as e: yield e.exceptions[0].args[0]
print(list(f()))
