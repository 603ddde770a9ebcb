class AppError(Exception):
    """Base of this program's errors."""

    code = 1

    def __init__(self, message, **details):
        super().__init__(message)
        self.details = details

    def __str__(self):
        extra = ", ".join(f"{k}={v!r}" for k, v in self.details.items())
        return f"[{self.code}] {self.args[0]}" + (f" ({extra})" if extra else "")


class NotFound(AppError, LookupError):
    code = 404


class Denied(AppError):
    code = 403


def find(table, key, user):
    if user != "root":
        raise Denied("no access", user=user)
    try:
        return table[key]
    except KeyError as e:
        raise NotFound("no such key", key=key) from e


for key, user in (("a", "root"), ("z", "root"), ("a", "guest")):
    try:
        print(find({"a": 1}, key, user))
    except LookupError as e:
        print("lookup", e, repr(e.__cause__), e.details)
    except AppError as e:
        print("app", e, e.__cause__, isinstance(e, NotFound))
    finally:
        print("done", key, user)


def retry(times, *errors):
    def deco(f):
        def wrapper(*args):
            for attempt in range(1, times + 1):
                try:
                    return f(*args, attempt)
                except errors as e:
                    print(f"attempt {attempt}: {type(e).__name__}: {e}")
                    last = e
            raise RuntimeError(f"gave up after {times}") from last

        return wrapper

    return deco


@retry(3, ValueError, ZeroDivisionError)
def flaky(limit, attempt):
    if attempt == 1:
        raise ValueError("first")
    if attempt < limit:
        1 / 0
    return f"worked at {attempt}"


print(flaky(3))
try:
    flaky(9)
except RuntimeError as e:
    print(e, repr(e.__cause__), e.__cause__.__traceback__ is not None)


def cleanup_order():
    try:
        try:
            yield "start"
        finally:
            print("inner")
    except GeneratorExit:
        print("exit seen")
        raise
    finally:
        print("outer")


g = cleanup_order()
print(next(g))
g.close()


def swallow():
    for i in range(3):
        try:
            raise ValueError(i)
        except ValueError:
            if i == 1:
                return i
            continue
        finally:
            print("f", i)


print(swallow())
try:
    try:
        raise KeyError("a")
    except KeyError as e:
        e.add_note("noted")
        raise
except KeyError as e:
    print(e.__notes__, e.__context__)
import sys
def current():
    return type(sys.exception()).__name__
try:
    raise ValueError
except ValueError:
    try:
        raise TypeError
    except TypeError:
        print(current())
    print(current())
print(current())
