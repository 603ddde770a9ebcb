"""Text work: word counts, edit distance, longest common parts, compression, ciphers, wrapping."""
import re
from collections import Counter
from functools import cache
import heapq

POEM = """The curfew tolls the knell of parting day,
The lowing herd wind slowly o'er the lea,
The plowman homeward plods his weary way,
And leaves the world to darkness and to me."""

words = re.findall(r"[a-z']+", POEM.lower())
counts = Counter(words)
print(len(words), len(counts), counts.most_common(4), sorted(counts, key=lambda w: (-len(w), w))[:3])
print({n: sorted(w for w in counts if len(w) == n) for n in (7, 8)})


@cache
def distance(a, b):
    if not a or not b:
        return len(a) + len(b)
    return min(distance(a[1:], b) + 1, distance(a, b[1:]) + 1, distance(a[1:], b[1:]) + (a[0] != b[0]))


print(distance("kitten", "sitting"), distance("", "abc"), distance("intention", "execution"))


def common(a, b):
    rows = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            rows[i + 1][j + 1] = rows[i][j] + 1 if x == y else max(rows[i][j + 1], rows[i + 1][j])
    out, i, j = [], len(a), len(b)
    while i and j:
        if a[i - 1] == b[j - 1]:
            out.append(a[i - 1])
            i, j = i - 1, j - 1
        elif rows[i - 1][j] >= rows[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return "".join(reversed(out))


print(common("AGGTABQWERTY", "GXTXAYBWRY"), common("abc", "xyz") == "")


def huffman(text):
    heap = [(n, i, c) for i, (c, n) in enumerate(sorted(Counter(text).items()))]
    heapq.heapify(heap)
    tick = len(heap)
    while len(heap) > 1:
        (n, _, a), (m, _, b) = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (n + m, tick, (a, b)))
        tick += 1
    codes = {}

    def walk(node, prefix):
        if isinstance(node, str):
            codes[node] = prefix or "0"
        else:
            walk(node[0], prefix + "0")
            walk(node[1], prefix + "1")

    walk(heap[0][2], "")
    return codes


codes = huffman(POEM)
bits = "".join(codes[c] for c in POEM)
back, current, reverse = [], "", {v: k for k, v in codes.items()}
for bit in bits:
    current += bit
    if current in reverse:
        back.append(reverse[current])
        current = ""
print(len(bits), len(POEM) * 8, "".join(back) == POEM, codes["e"], codes[" "])


def runs(s):
    return re.sub(r"(.)\1*", lambda m: f"{len(m[0])}{m[1]}", s)


def caesar(s, k):
    return "".join(chr((ord(c) - 97 + k) % 26 + 97) if c.islower() else c for c in s)


def roman(n):
    out = ""
    for v, s in zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "M CM D CD C XC L XL X IX V IV I".split()):
        q, n = divmod(n, v)
        out += s * q
    return out


print(runs("aaabccdddd"), caesar("hello, world", 3), caesar(caesar("round trip", 7), -7), [roman(n) for n in (4, 9, 14, 1994, 2024)])
print(all(w == w[::-1] for w in ("level", "noon")), sorted({"".join(sorted(w)) for w in ("listen", "silent", "enlist", "google")}), " ".join(w.capitalize() for w in "the end of it".split()), "ñandú".encode("utf-8").decode("latin-1"))
print(*(f"{i:3}: {line[:20]:<20}|{line[-6:]:>8}" for i, line in enumerate(POEM.splitlines(), 1)), sep="\n")
