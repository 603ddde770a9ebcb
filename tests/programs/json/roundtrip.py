"""A JSON parser written here against the library's, on many documents; encoders for own types."""
import json
import random
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date
from enum import Enum


def parse(text):
    pos = 0

    def skip():
        nonlocal pos
        while pos < len(text) and text[pos] in " \t\r\n":
            pos += 1

    def expect(s):
        nonlocal pos
        if not text.startswith(s, pos):
            raise ValueError(f"expected {s!r} at {pos}")
        pos += len(s)

    def string():
        nonlocal pos
        expect('"')
        out = []
        while (c := text[pos]) != '"':
            pos += 1
            if c == "\\":
                e = text[pos]
                pos += 1
                if e == "u":
                    out.append(chr(int(text[pos : pos + 4], 16)))
                    pos += 4
                else:
                    out.append({"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}.get(e, e))
            else:
                out.append(c)
        pos += 1
        return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16")

    def value():
        nonlocal pos
        skip()
        match text[pos : pos + 1]:
            case "{":
                pos += 1
                out = {}
                skip()
                while text[pos] != "}":
                    skip()
                    k = string()
                    skip()
                    expect(":")
                    out[k] = value()
                    skip()
                    if text[pos] == ",":
                        pos += 1
                        skip()
                pos += 1
                return out
            case "[":
                pos += 1
                out = []
                skip()
                while text[pos] != "]":
                    out.append(value())
                    skip()
                    if text[pos] == ",":
                        pos += 1
                pos += 1
                return out
            case '"':
                return string()
            case "t" | "f" | "n":
                for word, v in (("true", True), ("false", False), ("null", None)):
                    if text.startswith(word, pos):
                        pos += len(word)
                        return v
                raise ValueError(f"bad word at {pos}")
            case _:
                start = pos
                while pos < len(text) and text[pos] in "+-0123456789.eE":
                    pos += 1
                number = text[start:pos]
                return float(number) if set(number) & set(".eE") else int(number)

    result = value()
    skip()
    if pos != len(text):
        raise ValueError(f"extra data at {pos}")
    return result


rng = random.Random(3)


def document(depth):
    kinds = ["int", "float", "str", "bool", "none"] + ["list", "dict"] * (depth > 0) * 2
    match rng.choice(kinds):
        case "int":
            return rng.randint(-(10**12), 10**12)
        case "float":
            return rng.uniform(-1e6, 1e6)
        case "str":
            return "".join(rng.choice('ab"\\\n\té€😀/\x01') for _ in range(rng.randint(0, 8)))
        case "bool":
            return rng.random() < 0.5
        case "none":
            return None
        case "list":
            return [document(depth - 1) for _ in range(rng.randint(0, 4))]
        case "dict":
            return {f"k{i}é": document(depth - 1) for i in range(rng.randint(0, 4))}


size = 0
for _ in range(150):
    d = document(4)
    for options in ({}, {"indent": 2}, {"ensure_ascii": False}, {"separators": (",", ":")}, {"sort_keys": True}):
        text = json.dumps(d, **options)
        size += len(text)
        assert json.loads(text) == d
        assert parse(text) == d, text
print(size)


class Level(Enum):
    LOW = "low"
    HIGH = "high"


@dataclass
class Task:
    title: str
    due: date
    level: Level = Level.LOW
    tags: list[str] = field(default_factory=list)


def encode(o):
    if is_dataclass(o):
        return {"__type__": type(o).__name__, **asdict(o)}
    if isinstance(o, Enum):
        return {"__enum__": str(o)}
    if isinstance(o, date):
        return o.isoformat()
    raise TypeError(f"cannot encode {type(o).__name__}")


def decode(d):
    if d.get("__type__") == "Task":
        return Task(d["title"], date.fromisoformat(d["due"]), d["level"], d["tags"])
    if "__enum__" in d:
        return Level[d["__enum__"].partition(".")[2]]
    return d


tasks = [Task("a", date(2024, 2, 29)), Task("b", date(2025, 1, 1), Level.HIGH, ["x", "y"])]
text = json.dumps(tasks, default=encode, indent=1)
print(text)
print(json.loads(text, object_hook=decode) == tasks)
try:
    json.dumps({"a": {1, 2}}, default=encode)
except TypeError as e:
    print(e, e.__notes__)
