"""Sudoku by constraint propagation and search."""

GRID = """53..7....
6..195...
.98....6.
8...6...3
4..8.3..1
7...2...6
.6....28.
...419..5
....8..79"""

HARD = "4.....8.5.3..........7......2.....6.....8.4......1.......6.3.7.5..2.....1.4......"

digits = "123456789"
rows = "ABCDEFGHI"
squares = [r + c for r in rows for c in digits]
unit_list = (
    [[r + c for r in rows] for c in digits]
    + [[r + c for c in digits] for r in rows]
    + [[r + c for r in rs for c in cs] for rs in ("ABC", "DEF", "GHI") for cs in ("123", "456", "789")]
)
units = {s: [u for u in unit_list if s in u] for s in squares}
peers = {s: set().union(*units[s]) - {s} for s in squares}
searched = 0


def parse(text):
    values = dict.fromkeys(squares, digits)
    cells = [c for c in text if c in digits + ".0"]
    for s, d in zip(squares, cells, strict=True):
        if d in digits and not assign(values, s, d):
            return None
    return values


def assign(values, s, d):
    return values if all(eliminate(values, s, o) for o in values[s].replace(d, "")) else None


def eliminate(values, s, d):
    if d not in values[s]:
        return True
    values[s] = values[s].replace(d, "")
    if not values[s]:
        return False
    if len(values[s]) == 1 and not all(eliminate(values, p, values[s]) for p in peers[s]):
        return False
    for unit in units[s]:
        places = [q for q in unit if d in values[q]]
        if not places or len(places) == 1 and not assign(values, places[0], d):
            return False
    return True


def search(values):
    global searched
    searched += 1
    if not values:
        return None
    if all(len(v) == 1 for v in values.values()):
        return values
    _, s = min((len(values[s]), s) for s in squares if len(values[s]) > 1)
    return next((r for d in values[s] if (r := search(assign(values.copy(), s, d)))), None)


for text in (GRID, HARD):
    solved = search(parse(text))
    print("\n".join("".join(solved[r + c] for c in digits) for r in rows))
    print(searched, all({solved[s] for s in u} == set(digits) for u in unit_list))
print(parse("11" + "." * 79))
