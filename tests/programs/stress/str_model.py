"""Strings of every width against lists of characters."""
import random

rng = random.Random(9)
alphabets = ["ab", "abcé", "aé€", "a€😀", "\x00\x7f\x80\xff\u0100\uffff\U00010000\U0010ffff"]
checks = 0
for _ in range(1500):
    alpha = rng.choice(alphabets)
    chars = [rng.choice(alpha) for _ in range(rng.randrange(12))]
    s = "".join(chars)
    sub = "".join(rng.choice(alpha) for _ in range(rng.randrange(3)))
    i, j = rng.randrange(-14, 14), rng.randrange(-14, 14)
    assert list(s) == chars and len(s) == len(chars)
    assert list(s[i:j]) == chars[i:j] and s[::-1] == "".join(reversed(chars))
    naive = [k for k in range(len(s) - len(sub) + 1) if s[k : k + len(sub)] == sub]
    assert s.find(sub) == (naive[0] if naive else -1)
    assert s.rfind(sub) == (naive[-1] if naive else -1)
    assert (sub in s) == bool(naive)
    if sub:
        parts = s.split(sub)
        assert sub.join(parts) == s and len(parts) == s.count(sub) + 1
        assert s.replace(sub, "XY").replace("XY", sub) == s
        assert s.partition(sub)[0] == parts[0] and sub.join(s.rsplit(sub, 1)) == s
    assert s.encode("utf-8").decode("utf-8") == s
    assert s.encode("utf-16-le").decode("utf-16-le") == s
    assert s.encode("utf-32").decode("utf-32") == s
    assert eval(repr(s)) == s == eval(ascii(s))
    t = sub + s
    assert (s < t) == (list(map(ord, s)) < list(map(ord, t)))
    assert hash(s) == hash("".join(chars)) and s + sub == "".join(chars + list(sub))
    assert s.startswith(s[:3]) and s.endswith(s[-2:] if s else "") and s * 3 == s + s + s
    assert s.translate({ord(c): c * 2 for c in set(s)}) == "".join(c * 2 for c in s)
    assert s.center(20, "*").strip("*") == s.strip("*")
    assert "".join(sorted(s)) == "".join(sorted(chars)) and max(s, default="") == max(chars, default="")
    checks += 1
print(checks)
text = ""
for k in range(5000):
    text += chr(97 + k % 26)
    if k == 3000:
        text += "é"
    if k == 4000:
        text += "😀"
print(len(text), text.index("é"), text.index("😀"), text.count("abc"), hash(text) == hash("".join(list(text))))
print(text.upper().lower() == text, len(text.encode()), text[2995:3005], text.replace("abc", "")[:10], len(text.split("z")))
words = ("lorem ipsum dolor sit amet " * 200).split()
print(len(" ".join(words)), len(set(words)), "".join(w[0] for w in words[:10]), ",".join(reversed(words))[:20])
