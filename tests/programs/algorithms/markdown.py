"""A small Markdown converter and a template engine, by regular expressions and generators."""
import html
import re

SOURCE = """# Title *one*

A paragraph with **bold**, `code <x>` and
a [link](http://example.com/?a=1&b=2).

- first
- second `item`

1. one
2. two

> quoted _text_

```
if a < b:
    pass
```
## End ##
"""

INLINE = [
    (r"`([^`]+)`", r"<code>\1</code>"),
    (r"\*\*(.+?)\*\*", r"<b>\1</b>"),
    (r"[*_](.+?)[*_]", r"<i>\1</i>"),
    (r"\[([^\]]+)\]\(([^)]+)\)", r'<a href="\2">\1</a>'),
]


def inline(text):
    text = html.escape(text, quote=False)
    for pattern, replacement in INLINE:
        text = re.sub(pattern, replacement, text)
    return text


def blocks(lines):
    block, fenced = [], False
    for line in lines:
        if line.startswith("```"):
            if fenced:
                yield "pre", block
            elif block:
                yield "p", block
            block, fenced = [], not fenced
        elif fenced:
            block.append(line)
        elif not line.strip():
            if block:
                yield "p", block
            block = []
        elif m := re.match(r"(#+)\s*(.*?)\s*#*$", line):
            yield f"h{len(m[1])}", [m[2]]
        else:
            block.append(line)
    if block:
        yield "p", block


def convert(text):
    for kind, lines in blocks(text.splitlines()):
        match kind, lines:
            case "pre", _:
                yield f"<pre>{html.escape(chr(10).join(lines))}</pre>"
            case "p", [first, *_] if re.match(r"[-*] ", first):
                yield "<ul>" + "".join(f"<li>{inline(l[2:])}</li>" for l in lines) + "</ul>"
            case "p", [first, *_] if re.match(r"\d+\. ", first):
                yield "<ol>" + "".join(f"<li>{inline(l.split('. ', 1)[1])}</li>" for l in lines) + "</ol>"
            case "p", [first, *_] if first.startswith(">"):
                yield "<blockquote>" + inline(" ".join(l.lstrip("> ") for l in lines)) + "</blockquote>"
            case _:
                yield f"<{kind}>{inline(' '.join(lines))}</{kind}>"


print("\n".join(convert(SOURCE)))


class Template:
    TOKEN = re.compile(r"({{.*?}}|{%.*?%})", re.S)

    def __init__(self, text):
        code, indent = ["def render(**ctx):", " out = []", " ns = dict(ctx)"], 1
        for part in self.TOKEN.split(text):
            pad = " " * indent
            if part.startswith("{{"):
                expr, *filters = part[2:-2].strip().split("|")
                value = f"eval({expr!r}, ns)"
                for f in filters:
                    value = f"ns[{f!r}]({value})"
                code.append(f"{pad}out.append(str({value}))")
            elif part.startswith("{%"):
                word, _, rest = part[2:-2].strip().partition(" ")
                if word == "for":
                    name, _, seq = rest.partition(" in ")
                    code.append(f"{pad}for ns[{name!r}] in eval({seq!r}, ns):")
                    indent += 1
                elif word == "if":
                    code.append(f"{pad}if eval({rest!r}, ns):")
                    indent += 1
                elif word == "else":
                    code.append(f"{' ' * (indent - 1)}else:")
                elif word == "end":
                    indent -= 1
            elif part:
                code.append(f"{pad}out.append({part!r})")
        code.append(" return ''.join(out)")
        scope = {}
        exec("\n".join(code), scope)
        self.render = scope["render"]


t = Template("Hello {{ name|upper }}!\n{% for i in items %}{% if i % 2 %}odd {{ i }}{% else %}even {{ i * 10 }}{% end %};{% end %}\n{{ len(items) }}")
print(t.render(name="world", items=[1, 2, 3], upper=str.upper))
print(t.render(name="x", items=[], upper=lambda s: f"<{s}>"))
try:
    Template("{{ nope }}").render()
except NameError as e:
    print(e)
