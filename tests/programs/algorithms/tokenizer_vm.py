"""A little language: tokens by regular expression, a Pratt parser, bytecode, and a stack machine."""
import re
from typing import NamedTuple


class Token(NamedTuple):
    kind: str
    text: str
    at: int


PATTERN = re.compile(r"(?P<num>\d+(\.\d+)?)|(?P<name>[a-z_]\w*)|(?P<op>\*\*|[-+*/()=<>!,?:]=?)|(?P<space>\s+)|(?P<bad>.)")
POWER = {"?": 1, "==": 2, "<": 2, ">": 2, "+": 3, "-": 3, "*": 4, "/": 4, "**": 6}


def lex(text):
    for m in PATTERN.finditer(text):
        if m.lastgroup == "bad":
            raise SyntaxError(f"bad character {m[0]!r} at {m.start()}")
        if m.lastgroup != "space":
            yield Token(m.lastgroup, m[0], m.start())
    yield Token("end", "", len(text))


class Parser:
    def __init__(self, text):
        self.tokens = list(lex(text))
        self.i = 0
        self.code = []

    @property
    def token(self):
        return self.tokens[self.i]

    def take(self, text=None):
        t = self.token
        if text is not None and t.text != text:
            raise SyntaxError(f"expected {text!r}, got {t.text!r} at {t.at}")
        self.i += 1
        return t

    def emit(self, *ins):
        self.code.append(ins)
        return len(self.code) - 1

    def statement(self):
        if self.token.kind == "name" and self.tokens[self.i + 1].text == "=":
            name = self.take().text
            self.take("=")
            self.expression()
            self.emit("store", name)
        else:
            self.expression()
            self.emit("print")
        if self.token.kind != "end":
            raise SyntaxError(f"unexpected {self.token.text!r} at {self.token.at}")
        return self.code

    def expression(self, power=0):
        t = self.take()
        match t:
            case Token("num", text):
                self.emit("push", float(text) if "." in text else int(text))
            case Token("name", name) if self.token.text == "(":
                self.take()
                n = 0
                while self.token.text != ")":
                    self.expression()
                    n += 1
                    if self.token.text != ")":
                        self.take(",")
                self.take(")")
                self.emit("call", name, n)
            case Token("name", name):
                self.emit("load", name)
            case Token("op", "("):
                self.expression()
                self.take(")")
            case Token("op", "-"):
                self.expression(5)
                self.emit("neg")
            case _:
                raise SyntaxError(f"unexpected {t.text!r} at {t.at}")
        while (op := self.token.text) in POWER and POWER[op] > power:
            self.take()
            if op == "?":
                skip = self.emit("jump_false", None)
                self.expression()
                self.take(":")
                end = self.emit("jump", None)
                self.code[skip] = ("jump_false", len(self.code))
                self.expression()
                self.code[end] = ("jump", len(self.code))
            else:
                self.expression(POWER[op] - (op == "**"))
                self.emit("binary", op)


import operator as o
BINARY = {"+": o.add, "-": o.sub, "*": o.mul, "/": o.truediv, "**": o.pow, "<": o.lt, ">": o.gt, "==": o.eq}
FUNCTIONS = {"max": max, "min": min, "abs": abs, "sum": lambda *a: sum(a)}


def run(code, names):
    stack, pc = [], 0
    while pc < len(code):
        op, *args = code[pc]
        pc += 1
        if op == "push":
            stack.append(args[0])
        elif op == "load":
            stack.append(names[args[0]])
        elif op == "store":
            names[args[0]] = stack.pop()
        elif op == "neg":
            stack.append(-stack.pop())
        elif op == "binary":
            b, a = stack.pop(), stack.pop()
            stack.append(BINARY[args[0]](a, b))
        elif op == "call":
            n = args[1]
            values = stack[len(stack) - n:]
            del stack[len(stack) - n:]
            stack.append(FUNCTIONS[args[0]](*values))
        elif op == "jump":
            pc = args[0]
        elif op == "jump_false":
            if not stack.pop():
                pc = args[0]
        elif op == "print":
            print(stack.pop())
    assert not stack


names = {}
for line in ("1 + 2 * 3", "(1 + 2) * 3", "2 ** 3 ** 2", "-2 ** 2", "x = 10 - 4 - 3", "x * 1.5", "max(x, 7, abs(-9)) + sum()", "x < 5 ? x * 100 : 0 - 1", "1 == 2 ? 1 : 3 > 2 ? 5 : 6", "1 +", "1 ! 2", "(1", "y", "f(1)", "2 $ 3", "1 / 0", "1 2"):
    try:
        run(Parser(line).statement(), names)
    except (SyntaxError, KeyError, ZeroDivisionError, IndexError) as e:
        print(line, "->", type(e).__name__, e)
print(names, Parser("a ? b : c").statement())
