"""A small Scheme: reader, environment, special forms, tail calls by a loop."""
import math
import operator as op


class Env(dict):
    def __init__(self, names=(), values=(), outer=None):
        super().__init__(zip(names, values, strict=True))
        self.outer = outer

    def find(self, name):
        env = self
        while env is not None:
            if name in env:
                return env
            env = env.outer
        raise NameError(f"unbound: {name}")


class Lambda:
    def __init__(self, params, body, env):
        self.params, self.body, self.env = params, body, env

    def __call__(self, *args):
        return evaluate(self.body, Env(self.params, args, self.env))


def read(text):
    tokens = iter(text.replace("(", " ( ").replace(")", " ) ").replace("'", " ' ").split())

    def form(token):
        match token:
            case "(":
                out = []
                for t in tokens:
                    if t == ")":
                        return out
                    out.append(form(t))
                raise SyntaxError("unexpected end")
            case ")":
                raise SyntaxError("unexpected )")
            case "'":
                return ["quote", form(next(tokens))]
        for kind in (int, float):
            try:
                return kind(token)
            except ValueError:
                pass
        return {"#t": True, "#f": False}.get(token, token)

    return [form(t) for t in tokens]


GLOBAL = Env()
GLOBAL.update({"+": lambda *a: sum(a), "-": lambda a, *b: a - sum(b) if b else -a, "*": lambda *a: math.prod(a), "/": op.truediv, "<": op.lt, ">": op.gt, "=": op.eq, "<=": op.le, "car": lambda x: x[0], "cdr": lambda x: x[1:], "cons": lambda a, b: [a] + b, "list": lambda *a: list(a), "null?": lambda x: x == [], "length": len, "sqrt": math.sqrt, "map": lambda f, l: [f(v) for v in l], "apply": lambda f, l: f(*l)})


def evaluate(x, env=GLOBAL):
    while True:
        match x:
            case str():
                return env.find(x)[x]
            case None | [] | bool() | int() | float():
                return x
            case ["quote", value]:
                return value
            case ["if", test, yes, *no]:
                x = yes if evaluate(test, env) else (no[0] if no else None)
            case ["define", [name, *params], body]:
                env[name] = Lambda(params, body, env)
                return None
            case ["define", name, value]:
                env[name] = evaluate(value, env)
                return None
            case ["set!", name, value]:
                env.find(name)[name] = evaluate(value, env)
                return None
            case ["lambda", params, body]:
                return Lambda(params, body, env)
            case ["let", bindings, body]:
                env = Env([n for n, _ in bindings], [evaluate(v, env) for _, v in bindings], env)
                x = body
            case ["begin", *steps, last]:
                for step in steps:
                    evaluate(step, env)
                x = last
            case [head, *rest]:
                f, *args = (evaluate(e, env) for e in (head, *rest))
                if not isinstance(f, Lambda):
                    return f(*args)
                x, env = f.body, Env(f.params, args, f.env)


program = """
(define (fact n) (if (<= n 1) 1 (* n (fact (- n 1)))))
(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))
(define (loop n acc) (if (= n 0) acc (loop (- n 1) (+ acc n))))
(define (counter) (let ((n 0)) (lambda () (begin (set! n (+ n 1)) n))))
(define c (counter))
(fact 30) (map fib '(1 5 10 15)) (loop 20000 0) (c) (c) ((counter))
((lambda (x y) (/ x y)) 1 8) (apply + (cons 1 '(2 3))) (car '((a b) c)) (if #f 1)
(let ((square (lambda (x) (* x x))) (k 3)) (map square (list k 4 (sqrt 16))))
"""
for expression in read(program):
    value = evaluate(expression)
    if value is not None:
        print(value)
for bad in ("(nope 1)", "(", ")", "(car)", "((lambda (x) x))", "(/ 1 0)"):
    try:
        print([evaluate(e) for e in read(bad)])
    except Exception as e:
        print(bad, type(e).__name__, e)
