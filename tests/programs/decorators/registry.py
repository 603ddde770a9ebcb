"""Decorators for classes and functions: registries, validation, state, stacking, parameters."""
import functools
import inspect


class Router:
    def __init__(self):
        self.routes = {}

    def route(self, path, *, methods=("GET",)):
        def deco(f):
            for m in methods:
                self.routes[m, path] = f
            return f

        return deco

    def __call__(self, method, path, **kw):
        f = self.routes.get((method, path))
        return f(**kw) if f else f"404 {path}"


app = Router()


@app.route("/")
@app.route("/home", methods=["GET", "HEAD"])
def home():
    return "home"


@app.route("/user", methods=["POST"])
def user(name="nobody", *, admin=False):
    return f"{name} {admin}"


print(app("GET", "/"), app("HEAD", "/home"), app("POST", "/user", name="x", admin=True), app("GET", "/user"), sorted(app.routes))


def validate(**checks):
    def deco(f):
        sig = inspect.signature(f)

        @functools.wraps(f)
        def wrapper(*args, **kw):
            bound = sig.bind(*args, **kw)
            bound.apply_defaults()
            for name, check in checks.items():
                if not check(bound.arguments[name]):
                    raise ValueError(f"{f.__name__}: bad {name}={bound.arguments[name]!r}")
            return f(*bound.args, **bound.kwargs)

        return wrapper

    return deco


@validate(n=lambda n: n >= 0, text=str.isalpha)
def repeat(text, n=2, *rest, sep="-"):
    "Repeats."
    return sep.join([text] * n + list(rest))


print(repeat("ab"), repeat("ab", 1, "z", sep="+"), repeat.__doc__, inspect.signature(repeat))
for args in ((("a", -1), {}), (("1",), {}), ((), {}), (("a",), {"q": 1})):
    try:
        repeat(*args[0], **args[1])
    except (ValueError, TypeError) as e:
        print(e)


def count_calls(f):
    @functools.wraps(f)
    def wrapper(*a, **k):
        wrapper.calls += 1
        return f(*a, **k)

    wrapper.calls = 0
    return wrapper


def singleton(cls):
    instances = {}

    @functools.wraps(cls, updated=())
    def get(*a, **k):
        if cls not in instances:
            instances[cls] = cls(*a, **k)
        return instances[cls]

    return get


@singleton
class Config:
    def __init__(self, v=0):
        self.v = v


print(Config(1) is Config(2), Config().v, Config.__name__)


def comparable(*names):
    def deco(cls):
        key = lambda self: tuple(getattr(self, n) for n in names)
        cls.__eq__ = lambda a, b: key(a) == key(b)
        cls.__lt__ = lambda a, b: key(a) < key(b)
        cls.__hash__ = lambda a: hash(key(a))
        cls.__repr__ = lambda a: f"{cls.__name__}{key(a)}"
        return functools.total_ordering(cls)

    return deco


@comparable("y", "x")
class P:
    def __init__(self, x, y):
        self.x, self.y = x, y

    @count_calls
    def moved(self, dx):
        return P(self.x + dx, self.y)


pts = [P(2, 1), P(1, 2), P(1, 1)]
print(sorted(pts), P(1, 1) >= P(2, 1), max(pts), len({P(1, 1), P(1, 1)}), pts[0].moved(5), P.moved.calls)


class Pipeline:
    steps = []

    def step(order):
        def deco(f):
            Pipeline_steps.append((order, f.__name__))
            return f

        return deco

    Pipeline_steps = steps

    try:

        @step(2)
        def second(self):
            pass

    except NameError as e:
        steps.append(str(e))


print(Pipeline.steps)


def optional(f=None, *, tag="none"):
    if f is None:
        return functools.partial(optional, tag=tag)
    f.tag = tag
    return f


@optional
def one(): ...


@optional(tag="given")
def two(): ...


print(one.tag, two.tag)


class memo(dict):
    def __init__(self, f):
        self.f = f

    def __call__(self, *a):
        return self[a]

    def __missing__(self, a):
        self[a] = r = self.f(*a)
        return r


@memo
def binom(n, k):
    return 1 if k in (0, n) else binom(n - 1, k - 1) + binom(n - 1, k)


print(binom(60, 30), len(binom))
@lambda f: f()
def value():
    return "the function's name holds its result"
print(value)
