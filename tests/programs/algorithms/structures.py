"""Data structures: linked list, heap, trie, LRU cache, union-find, skip of a balanced tree."""
from collections import OrderedDict


class Node:
    __slots__ = ("value", "next")

    def __init__(self, value, next=None):
        self.value, self.next = value, next


class LinkedList:
    def __init__(self, values=()):
        self.head, self.size = None, 0
        for v in reversed(list(values)):
            self.push(v)

    def push(self, v):
        self.head = Node(v, self.head)
        self.size += 1

    def pop(self):
        if self.head is None:
            raise IndexError("pop from empty list")
        v, self.head = self.head.value, self.head.next
        self.size -= 1
        return v

    def reverse(self):
        before, node = None, self.head
        while node:
            node.next, before, node = before, node, node.next
        self.head = before

    def __iter__(self):
        node = self.head
        while node:
            yield node.value
            node = node.next

    def __len__(self):
        return self.size

    def __repr__(self):
        return " -> ".join(map(str, self)) or "empty"


l = LinkedList("abc")
l.push("z")
print(l, len(l), "b" in l, l.pop(), l)
l.reverse()
print(l, [*l], LinkedList())
try:
    LinkedList().pop()
except IndexError as e:
    print(e)


class Heap:
    def __init__(self, key=lambda v: v):
        self.items, self.key = [], key

    def push(self, v):
        items, i = self.items, len(self.items)
        items.append(v)
        while i and self.key(items[i]) < self.key(items[p := (i - 1) // 2]):
            items[i], items[p] = items[p], items[i]
            i = p

    def pop(self):
        items = self.items
        items[0], items[-1] = items[-1], items[0]
        v, i = items.pop(), 0
        while (c := 2 * i + 1) < len(items):
            if c + 1 < len(items) and self.key(items[c + 1]) < self.key(items[c]):
                c += 1
            if self.key(items[i]) <= self.key(items[c]):
                break
            items[i], items[c] = items[c], items[i]
            i = c
        return v

    def __bool__(self):
        return bool(self.items)


h = Heap(key=lambda w: (len(w), w))
for w in "pear fig apple kiwi date plum lime".split():
    h.push(w)
print([h.pop() for _ in iter(lambda: bool(h), False)])


class Trie(dict):
    END = object()

    def __missing__(self, k):
        self[k] = t = Trie()
        return t

    def add(self, word):
        node = self
        for c in word:
            node = node[c]
        node[Trie.END] = word

    def words(self, prefix=""):
        node = self
        for c in prefix:
            if c not in node:
                return
            node = node[c]
        stack = [node]
        while stack:
            n = stack.pop()
            for k, v in sorted(((k, v) for k, v in n.items() if k is not Trie.END), reverse=True):
                stack.append(v)
            if Trie.END in n:
                yield n[Trie.END]


t = Trie()
for w in ("car", "card", "care", "cat", "dog", "do"):
    t.add(w)
print(list(t.words("car")), list(t.words()), list(t.words("x")))


class LRU(OrderedDict):
    def __init__(self, size):
        super().__init__()
        self.limit = size

    def __getitem__(self, k):
        v = super().__getitem__(k)
        self.move_to_end(k)
        return v

    def __setitem__(self, k, v):
        super().__setitem__(k, v)
        self.move_to_end(k)
        if len(self) > self.limit:
            self.popitem(last=False)


c = LRU(3)
for k in "abcad":
    c[k] = k.upper()
print(list(c), c["c"], list(c), "b" in c)


class AVL:
    def __init__(self, k, l=None, r=None):
        self.k, self.l, self.r = k, l, r
        self.h = 1 + max(l.h if l else 0, r.h if r else 0)


def height(t):
    return t.h if t else 0


def balance(k, l, r):
    if height(l) > height(r) + 1:
        if height(l.l) >= height(l.r):
            return AVL(l.k, l.l, AVL(k, l.r, r))
        return AVL(l.r.k, AVL(l.k, l.l, l.r.l), AVL(k, l.r.r, r))
    if height(r) > height(l) + 1:
        if height(r.r) >= height(r.l):
            return AVL(r.k, AVL(k, l, r.l), r.r)
        return AVL(r.l.k, AVL(k, l, r.l.l), AVL(r.k, r.l.r, r.r))
    return AVL(k, l, r)


def insert(t, k):
    if t is None:
        return AVL(k)
    if k == t.k:
        return t
    return balance(t.k, insert(t.l, k), t.r) if k < t.k else balance(t.k, t.l, insert(t.r, k))


def walk(t):
    return walk(t.l) + [t.k] + walk(t.r) if t else []


tree = None
for k in range(1000):
    tree = insert(tree, k * 7919 % 1009)
print(height(tree), len(walk(tree)), walk(tree) == sorted(walk(tree)))
