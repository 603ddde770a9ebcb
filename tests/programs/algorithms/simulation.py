"""A bank with accounts, rules and a log, then a discrete event queue, then Conway's life."""
from __future__ import annotations

import heapq
import random
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum, auto


class Insufficient(Exception):
    def __init__(self, need: int, have: int):
        super().__init__(f"need {need}, have {have}")
        self.short = need - have


class Kind(Enum):
    DEPOSIT = auto()
    WITHDRAW = auto()
    TRANSFER = auto()


@dataclass(frozen=True)
class Entry:
    kind: Kind
    amount: int
    note: str = ""


class Account(ABC):
    _next = 1

    def __init__(self, owner: str, balance: int = 0):
        self.owner, self._balance, self.log = owner, balance, []
        self.number, Account._next = Account._next, Account._next + 1

    @property
    def balance(self) -> int:
        return self._balance

    @abstractmethod
    def limit(self) -> int: ...

    def deposit(self, amount: int, note: str = "") -> Account:
        if amount <= 0:
            raise ValueError("amount must be positive")
        self._balance += amount
        self.log.append(Entry(Kind.DEPOSIT, amount, note))
        return self

    def withdraw(self, amount: int) -> Account:
        if amount > self._balance + self.limit():
            raise Insufficient(amount, self._balance + self.limit())
        self._balance -= amount
        self.log.append(Entry(Kind.WITHDRAW, amount))
        return self

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.number} {self.owner} {self.balance}>"

    def __lt__(self, other: Account) -> bool:
        return self.balance < other.balance


class Savings(Account):
    def limit(self) -> int:
        return 0


class Checking(Account):
    def __init__(self, *args, overdraft=100, **kw):
        super().__init__(*args, **kw)
        self.overdraft = overdraft

    def limit(self) -> int:
        return self.overdraft


a, b = Savings("ann", 50), Checking("bob", overdraft=30)
a.deposit(100, "pay").withdraw(30)
b.withdraw(20)
for action in (lambda: b.withdraw(20), lambda: a.withdraw(500), lambda: a.deposit(-1), lambda: Account("x"), lambda: setattr(a, "balance", 9)):
    try:
        action()
    except (Insufficient, ValueError, TypeError, AttributeError) as e:
        print(type(e).__name__, e, getattr(e, "short", ""))
print(a, b, sorted([a, b]), a.log, sum(e.amount for e in a.log if e.kind is Kind.DEPOSIT))


@dataclass(order=True)
class Event:
    time: float
    name: str = field(compare=False)
    action: object = field(compare=False, repr=False, default=None)


class Simulator:
    def __init__(self, seed):
        self.now, self.queue, self.random, self.served = 0.0, [], random.Random(seed), 0

    def at(self, delay, name, action):
        heapq.heappush(self.queue, Event(self.now + delay, name, action))

    def run(self, until):
        while self.queue and self.queue[0].time <= until:
            event = heapq.heappop(self.queue)
            self.now = event.time
            event.action()

    def arrive(self):
        self.at(self.random.expovariate(1.0), "serve", self.serve)
        self.at(self.random.expovariate(0.5), "arrive", self.arrive)

    def serve(self):
        self.served += 1


sim = Simulator(1)
sim.at(0, "arrive", sim.arrive)
sim.run(100)
print(sim.served, round(sim.now, 6), len(sim.queue), sim.queue[0])


def life(cells, steps):
    for _ in range(steps):
        near = {}
        for x, y in cells:
            for dx in (-1, 0, 1):
                for dy in (-1, 0, 1):
                    if dx or dy:
                        near[x + dx, y + dy] = near.get((x + dx, y + dy), 0) + 1
        cells = {c for c, n in near.items() if n == 3 or n == 2 and c in cells}
    return cells


glider = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
after = life(glider, 40)
print(sorted(after), {(x - 10, y - 10) for x, y in after} == glider, len(life({(0, 0), (1, 0), (2, 0), (0, 1), (1, -1)}, 100)))
