"""Text: joining, splitting, formatting, searching, encoding."""
words = ("lorem ipsum dolor sit amet consectetur " * 5000).split()
text = " ".join(words)
for _ in range(10):
    text.replace("ipsum", "IPSUM").split(" ")
    text.count("dolor")
    text.encode("utf-8").decode("utf-8")
lines = [f"{i:>8}|{w:<12}|{len(w):03d}|{i / 7:.3f}" for i, w in enumerate(words)]
parsed = [line.split("|") for line in lines]
total = sum(int(p[0]) + int(p[2]) for p in parsed)
s = ""
for i in range(50_000):
    s += chr(97 + i % 26)
vowels = sum(1 for c in s if c in "aeiou")
freq = {}
for c in s:
    freq[c] = freq.get(c, 0) + 1
assert vowels > 0 and total > 0
