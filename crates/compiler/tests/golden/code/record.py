"""Writes what CPython 3.14 makes of the cases in a file; see ../../code.rs."""

import __future__
import ast
import contextlib
import dis
import io
import re
import sys
import types
import warnings

FLAGS = {
    "annotations": __future__.annotations.compiler_flag,
    "barry_as_FLUFL": __future__.barry_as_FLUFL.compiler_flag,
    "top_level_await": ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
}
MODES = {"eval", "single"}
OPTIMIZE = {"-O": 1, "-OO": 2}


def cases(path):
    header, source = None, []
    for line in open(path, encoding="utf-8"):
        if line.startswith("#: "):
            if header:
                yield header, "".join(source)
            header, source = line[3:].strip(), []
        else:
            source.append(line)
    yield header, "".join(source)


def clean(text):
    return re.sub(r'<code object (.*?) at 0x[0-9a-f]+, file ".*?", line (-?\d+)>', r"<code object \1, line \2>", text)


def show_position(position):
    line, end_line, column, end_column = ("?" if part is None else part for part in position)
    return f"{line}:{column}-{end_line}:{end_column}"


def show(code, out):
    counts = f"{code.co_argcount},{code.co_posonlyargcount},{code.co_kwonlyargcount},{code.co_nlocals}"
    out.append(
        f"code {code.co_qualname} ({code.co_name}), line {code.co_firstlineno}, flags {code.co_flags:#x}, "
        f"counts {counts}, stack {code.co_stacksize}"
    )
    for what in ("names", "varnames", "cellvars", "freevars"):
        names = getattr(code, "co_" + what)
        if names:
            out.append(f"  {what}: {' '.join(names)}")
    if code.co_consts:
        out.append("  consts: " + ", ".join(clean(repr(constant)) for constant in code.co_consts))
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        dis.dis(code, depth=0)
    out += ("  " + line if line else "" for line in clean(text.getvalue()).rstrip("\n").split("\n"))
    runs = []
    for position in code.co_positions():
        if runs and runs[-1][1] == position:
            runs[-1][0] += 1
        else:
            runs.append([1, position])
    out.append("  positions: " + " ".join(f"{count}@{show_position(position)}" for count, position in runs))
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            show(constant, out)


def record(header, source, out):
    mode, optimize, flags = "exec", 0, 0
    for word in re.findall(r"[-\w]+", header.partition("[")[2]):
        if word in MODES:
            mode = word
        elif word in OPTIMIZE:
            optimize = OPTIMIZE[word]
        else:
            flags |= FLAGS[word]
    out.append(f"#: {header}")
    out += ("| " + line if line else "|" for line in source.rstrip("\n").split("\n"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            code = compile(source, "<case>", mode, flags, True, optimize)
        except Exception as error:
            code = error
    for warning in caught:
        out.append(f"{warning.category.__name__}: {warning.message} (line {warning.lineno})")
    if isinstance(code, SyntaxError):
        start, end = f"{code.lineno}:{code.offset}", f"{code.end_lineno}:{code.end_offset}"
        out.append(f"{type(code).__name__}: {code.msg} ({start}-{end})")
    elif isinstance(code, Exception):
        out.append(f"{type(code).__name__}: {code}")
    else:
        show(code, out)
    out.append("")


out = []
for header, source in cases(sys.argv[1]):
    record(header, source, out)
sys.stdout.reconfigure(encoding="utf-8", newline="\n")
sys.stdout.write("\n".join(out))
