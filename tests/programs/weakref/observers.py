"""Observers, object pools and caches that must not keep things alive."""
import gc
import weakref


class Subject:
    def __init__(self):
        self.observers = weakref.WeakSet()
        self.methods = []

    def attach(self, callback):
        self.methods.append(weakref.WeakMethod(callback, self.methods.remove))

    def notify(self, *args):
        for ref in list(self.methods):
            if (m := ref()) is not None:
                m(*args)


class Observer:
    def __init__(self, name):
        self.name = name

    def update(self, event):
        print(self.name, "saw", event)


s = Subject()
a, b = Observer("a"), Observer("b")
s.attach(a.update)
s.attach(b.update)
s.notify("one")
del a
gc.collect()
s.notify("two")
print(len(s.methods))


class Flyweight:
    _pool = weakref.WeakValueDictionary()

    def __new__(cls, key):
        obj = cls._pool.get(key)
        if obj is None:
            print("create", key)
            obj = cls._pool[key] = super().__new__(cls)
            obj.key = key
        return obj


x, y, z = Flyweight("k"), Flyweight("k"), Flyweight("other")
print(x is y, x is z, sorted(Flyweight._pool))
del x, y
print(sorted(Flyweight._pool), Flyweight("k").key, sorted(Flyweight._pool))


class TreeNode:
    def __init__(self, name, parent=None):
        self.name, self.children = name, []
        self._parent = weakref.ref(parent) if parent else None
        if parent:
            parent.children.append(self)

    @property
    def parent(self):
        return self._parent() if self._parent else None

    def path(self):
        return (self.parent.path() if self.parent else "") + "/" + self.name

    def __del__(self):
        deleted.append(self.name)


deleted = []
gc.disable()
root = TreeNode("top")
leaf = TreeNode("leaf", TreeNode("mid", root))
print(leaf.path())
root = None
print(deleted, leaf.parent and leaf.parent.name, leaf.path())
leaf = None
print(sorted(deleted))
gc.enable()
sizes = weakref.WeakKeyDictionary()


class Doc:
    pass


docs = [Doc() for _ in range(5)]
for i, d in enumerate(docs):
    sizes[d] = i * 100
print(sum(sizes.values()), len(sizes))
for ref, d in zip(sizes.keyrefs(), docs):
    assert ref() is d
del d
docs[1] = docs[3] = None
print(sum(sizes.values()), len(sizes))
it = iter(sizes.items())
next(it)
docs.clear()
del it
gc.collect()
print(len(sizes))
log = []
for i in range(3):
    o = Doc()
    weakref.finalize(o, log.append, i)
print(log)
o = None
print(log)
f = weakref.finalize(Doc, print, "at exit: class finalizer")
print(f.atexit, f.alive)
g = weakref.finalize(Doc, print, "never")
g.atexit = False
h = weakref.finalize(Doc, print, "detached")
print(h.detach() is not None, h.alive, h.detach())
