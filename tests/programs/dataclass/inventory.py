"""Data classes in a small program: nesting, defaults, ordering, frozen keys, slots, conversion."""
from collections import defaultdict
from dataclasses import asdict, astuple, dataclass, field, fields, replace
from functools import cached_property
from typing import ClassVar, Self
import json


@dataclass(frozen=True, order=True)
class Sku:
    prefix: str
    number: int

    def __post_init__(self):
        if not self.prefix.isalpha():
            raise ValueError(f"bad prefix {self.prefix!r}")
        object.__setattr__(self, "prefix", self.prefix.upper())

    def __str__(self):
        return f"{self.prefix}-{self.number:04}"

    @classmethod
    def parse(cls, text) -> Self:
        prefix, _, number = text.partition("-")
        return cls(prefix, int(number))


@dataclass(slots=True)
class Item:
    sku: Sku
    name: str
    price: float
    tags: set[str] = field(default_factory=set)
    count: int = field(default=0, compare=False)

    @property
    def total(self):
        return self.price * self.count


@dataclass
class Inventory:
    limit: ClassVar[int] = 3
    items: dict[Sku, Item] = field(default_factory=dict, repr=False)
    log: list[str] = field(default_factory=list, init=False, compare=False)

    def add(self, item, n=1):
        if item.sku not in self.items and len(self.items) >= self.limit:
            raise OverflowError(f"no room for {item.name}")
        known = self.items.setdefault(item.sku, item)
        known.count += n
        self.log.append(f"+{n} {known.sku}")
        return self

    @cached_property
    def by_tag(self):
        groups = defaultdict(list)
        for i in self.items.values():
            for t in sorted(i.tags):
                groups[t].append(i.name)
        return dict(groups)

    def __len__(self):
        return sum(i.count for i in self.items.values())


a = Item(Sku.parse("ab-12"), "bolt", 0.25, {"metal", "small"})
b = Item(Sku("zz", 1), "plank", 7.5, {"wood"})
c = Item(Sku("AB", 12), "copy of bolt", 9.0)
inv = Inventory().add(a, 10).add(b, 2).add(c)
print(inv, len(inv), inv.log, [i.total for i in inv.items.values()], inv.by_tag, sep="\n")
print(sorted([Sku("b", 1), Sku("a", 9), Sku("a", 2)]), Sku("a", 1) == Sku("A", 1), hash(Sku("a", 1)) == hash(Sku("A", 1)), str(a.sku), {a.sku: 1}[c.sku])
print(replace(a, name="nut", count=0), a == replace(a, count=99), astuple(b.sku), [f.name for f in fields(Item) if f.compare])
print(json.dumps(asdict(b), default=sorted), Inventory() == Inventory(), inv != Inventory())
for bad in (lambda: Sku("1", 2), lambda: setattr(a.sku, "number", 3), lambda: setattr(a, "colour", 1), lambda: Item(), lambda: Inventory(log=[]), lambda: inv.add(Item(Sku("c", 1), "x", 1)).add(Item(Sku("d", 1), "y", 1)), lambda: a < b, lambda: Sku("a", 1) < ("A", 2), lambda: hash(a)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
