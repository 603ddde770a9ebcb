"""Records what the tests compare with. Run it with CPython 3.14 in its own folder."""

import _opcode
import contextlib
import dis
import io
import importlib._bootstrap_external
import importlib.util
import marshal
import opcode
import pathlib
import re
import types
from _opcode_metadata import _specializations

HERE = pathlib.Path(__file__).parent
assert importlib.util.MAGIC_NUMBER == b"+\x0e\r\n"


def record_opcodes():
    base = {name: of for of, names in _specializations.items() for name in names}
    # Listed with BINARY_OP's family only by its number.
    base["BINARY_OP_INPLACE_ADD_UNICODE"] = "BINARY_OP"
    lines = []
    numbers = dict(opcode.opmap) | dict(opcode._specialized_opmap)
    for name, number in sorted(numbers.items(), key=lambda pair: pair[1]):
        flags = "".join(
            letter if has(number) else "-"
            for letter, has in zip(
                "acnjfle",
                [_opcode.has_arg, _opcode.has_const, _opcode.has_name, _opcode.has_jump,
                 _opcode.has_free, _opcode.has_local, _opcode.has_exc],
            )
        )
        of = base.get(name, name)
        caches = dis._inline_cache_entries.get(of, 0)
        effects = []
        if of == name:
            for oparg in (0, 1, 2, 3, 7, 8, 255, 256, 515) if _opcode.has_arg(number) else (None,):
                for jump in (False, True, None):
                    effects.append(_opcode.stack_effect(number, oparg, jump=jump))
        lines.append(f"{name} {number} {of} {caches} {flags} {','.join(map(str, effects))}")
    (HERE / "opcodes.txt").write_text("\n".join(lines) + "\n")


def codes(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


def record_programs():
    for source in sorted(HERE.glob("programs/*.py")):
        code = compile(source.read_bytes(), source.name, "exec", dont_inherit=True)
        hash = importlib.util.source_hash(source.read_bytes())
        # An import holds the code more than once while it is written, which shows in its first byte.
        holder = [code]
        data = importlib._bootstrap_external._code_to_hash_pyc(holder[0], hash, False)
        source.with_suffix(".bytecode").write_bytes(data)
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            dis.dis(code)
        shown = re.sub(
            r'<code object (.*?) at 0x[0-9a-f]+, file ".*?", line (-?\d+)>',
            r"<code object \1, line \2>",
            text.getvalue(),
        )
        source.with_suffix(".dis").write_text(shown)
        lines = []
        for each in codes(code):
            lines.append(f"code {each.co_qualname}")
            lines += (f"line {start} {end} {line}" for start, end, line in each.co_lines())
            positions = list(each.co_positions())
            run = None
            for position in positions + [None]:
                if run and run[1] == position:
                    run[0] += 1
                    continue
                if run:
                    lines.append(" ".join(["at", str(run[0]), *map(str, run[1])]))
                run = [1, position]
        source.with_suffix(".lines").write_text("\n".join(lines) + "\n")


def record_marshal():
    size = lambda n: n.to_bytes(4, "little", signed=True)
    code = lambda **parts: b"c" + b"".join(
        (dict(a=size(0), p=size(0), k=size(0), s=size(0), f=size(0), code=b"s" + size(2) + b"\x1b\0",
              consts=b")\0", names=b")\0", lpn=b")\0", lpk=b"s" + size(0), filename=b"z\1f",
              name=b"z\1n", qualname=b"z\1q", line=size(1), linetable=b"s" + size(0),
              table=b"s" + size(0)) | parts).values())
    cases = [
        b"", b"i", b"i123", b"0", b"?", b"r" + size(0), b"r" + size(-1), b"r", b"(" + size(1),
        b"(" + size(-1), b"s" + size(-1), b"s" + size(5) + b"ab", b")\2N", b")", b"z", b"Z", b"a",
        b"l" + size(1) + b"\0\0", b"l" + size(2) + b"\1\0\0\0", b"l" + size(2) + b"\1\0\xff\xff",
        b"l" + size(0), b"l" + size(0x7FFFFFFF), b"l" + size(-0x80000000), b"l" + size(-1) + b"\1\0",
        b"l" + size(-5) + b"\0\0\1\0\2\0\3\0\4\0", b"l" + size(1) + b"\0\x80",
        b"f\3abc", b"f\0031.5", b"f", b"f\0", b"f\1 ", b"f\4 1.5", b"f\0031_0", b"f\3inf", b"f\4-nan",
        b"f\4iNf\0", b"f\00310x", b"f\0051e400", b"g123", b"x\1a\1b", b"x\0011\0012", b"y",
        b"u" + size(1) + b"\xff", b"u" + size(3) + b"\xed\xa0\x80", b"t" + size(-1),
        b"u" + size(2) + b"a\xc3", b"u" + size(3) + b"a\xc3(", b"u" + size(2) + b"\xe2\x82",
        b"u" + size(4) + b"\xf4\x90\x80\x80", b"u" + size(2) + b"\xed\xa0", b"u" + size(2) + b"\xc0\x80",
        b"u" + size(3) + b"\xf0\x9f\x98", b"u" + size(3) + b"\xe0\x80\x80", b"u" + size(3) + b"ab\x80",
        b"u" + size(3) + b"\xed\xa0\x41", b"u" + size(4) + b"\xf0\x9f\x98(", b"u" + size(3) + b"\xe2\x28\xa1",
        b"u" + size(6) + b"\xed\xa0\x80\xed\xb0\x80", b"a" + size(1) + b"\xff", b"z\1\xff", b"Z\1\xe9",
        b"[" + size(1), b"[" + size(-1), b"[" + size(2) + b"Ni\1\0\0\0", b"{0", b"{N0", b"{NT0", b"{N", b"{NN",
        b"<" + size(1) + b"N", b"<" + size(-1), b">" + size(-1), b">" + size(0), b":NNN", b":NN", b":NN0",
        b"\xbaNNN", b"c", b"S", b"\xff", b".", b"T", b"F", b"N", b"(" + size(1) + b"r" + size(0),
        b"\xdb" + size(1) + b"r" + size(0), b"\xbe" + size(1) + b"r" + size(0), b"\xba" + b"r" + size(0) + b"NN",
        b"\xa9\2\xe9\5\0\0\0r" + size(1), b"\xa9\3\xbe" + size(1) + b"Nr" + size(1) + b"r" + size(1),
        b")\1" + b"0", b"[" + size(1) + b"0", b"<" + size(1) + b"0", b"\xaeNN", b"I" + b"\xff" * 7 + b"\x7f",
        b"I" + b"\xff" * 8, b"I1234", b"(" + size(0x7FFFFFFF), b"(" + size(0x7FFFFFF) + b"NN?",
        b"(" + size(3) + b"N", (b"(" + size(1)) * 1999 + b"N", (b"(" + size(1)) * 2000 + b"N",
        (b"[" + size(1)) * 2500 + b"N", (b")\1") * 1999 + b"i\1\0\0\0",
        code(), code(a=size(-1)), code(p=size(1)), code(k=size(-1)), code(s=size(-1)), code(f=size(-1)),
        code(a=size(1)), code(code=b"s" + size(3) + b"abc"), code(code=b"N"), code(code=b"0"),
        code(consts=b"0"), code(consts=b"N"), code(names=b")\1N"), code(names=b"N"), code(lpn=b")\1z\1a"),
        code(filename=b"N"), code(name=b"0"), code(qualname=b"s" + size(0)), code(linetable=b"N"),
        code(table=b"0"), b"\xe3" + code(consts=b")\1r" + size(0))[1:],
    ]
    lines = []
    for case in cases:
        try:
            value = marshal.loads(case)
        except Exception as error:
            # Where the reference's own source file is named the text ends in the general part.
            text = re.sub(r"^.*?: (bad argument to internal function)$", r"\1", str(error))
            result = f"{type(error).__name__}: {text}"
        else:
            result = "= <code object n>" if isinstance(value, types.CodeType) else "= " + ascii(value)
        lines.append(f"{case.hex()} {result}")
    (HERE / "marshal.txt").write_text("\n".join(lines) + "\n")


record_opcodes()
record_programs()
record_marshal()
