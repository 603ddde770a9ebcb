def f(kind):
    try:
        print("try", kind)
        if kind == "return": return "from try"
        if kind == "raise": raise ValueError("v")
        if kind == "other": raise KeyError("k")
    except ValueError as e:
        print("except", e)
        return "from except"
    else:
        print("else")
    finally:
        print("finally")
        if kind == "other": return "finally swallows"
    return "end"

for k in ("ok", "return", "raise", "other"):
    print(f(k))

def loop():
    for i in range(5):
        try:
            if i == 1: continue
            if i == 3: break
            yield i
        finally:
            yield f"f{i}"
print(list(loop()))

def nested():
    try:
        try:
            raise TypeError("inner")
        finally:
            try:
                raise OSError("in finally")
            except OSError as e:
                print("handled", e, repr(e.__context__))
    except TypeError as e:
        print("outer", e, e.__context__)
        return 1
    finally:
        print("last")
print(nested())

try:
    raise ValueError("first")
except ValueError as e:
    saved = e
try:
    print(e)
except NameError as n:
    print(n)
print(saved, saved.__traceback__.tb_lineno, saved.args)

for spec in ("raise", "raise 5", "raise ValueError from 5", "raise int", "raise ValueError('x') from None", "raise KeyError", "raise StopIteration(3)", "assert 0, 'why'", "assert ()", "raise Exception(1, 2)"):
    try:
        exec(spec)
    except BaseException as e:
        print(spec, "->", type(e).__name__, e, e.args, e.__cause__, e.__suppress_context__)

def bad_except():
    try:
        1 / 0
    except "not a class":
        pass
try:
    bad_except()
except TypeError as e:
    print(e, repr(e.__context__))
try:
    try: 1 / 0
    except (KeyError, (ValueError)): print("no")
    except (ArithmeticError, TypeError) as e: print("tuple", e); raise
except ZeroDivisionError as e:
    print("reraised", e)
