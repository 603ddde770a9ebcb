"""Conditions, bounded buffers, reader-writer locks, futures, thread-local state."""
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
import contextvars
import threading


class Bounded:
    def __init__(self, size):
        self.items, self.size = deque(), size
        self.lock = threading.Lock()
        self.not_full, self.not_empty = threading.Condition(self.lock), threading.Condition(self.lock)
        self.most = 0

    def put(self, v):
        with self.not_full:
            self.not_full.wait_for(lambda: len(self.items) < self.size)
            self.items.append(v)
            self.most = max(self.most, len(self.items))
            self.not_empty.notify()

    def get(self):
        with self.not_empty:
            while not self.items:
                self.not_empty.wait()
            v = self.items.popleft()
            self.not_full.notify()
            return v


buffer, seen = Bounded(3), []
lock = threading.Lock()


def produce(start):
    for i in range(start, start + 200):
        buffer.put(i)


def consume():
    while (v := buffer.get()) is not None:
        with lock:
            seen.append(v)


producers = [threading.Thread(target=produce, args=(k * 200,)) for k in range(3)]
consumers = [threading.Thread(target=consume) for _ in range(2)]
for t in producers + consumers:
    t.start()
for t in producers:
    t.join()
for _ in consumers:
    buffer.put(None)
for t in consumers:
    t.join()
print(sorted(seen) == list(range(600)), buffer.most <= 3, buffer.items)


class ReadWrite:
    def __init__(self):
        self.readers, self.cond, self.writing = 0, threading.Condition(), False
        self.max_readers = 0

    def read(self, f):
        with self.cond:
            self.cond.wait_for(lambda: not self.writing)
            self.readers += 1
            self.max_readers = max(self.max_readers, self.readers)
        try:
            return f()
        finally:
            with self.cond:
                self.readers -= 1
                self.cond.notify_all()

    def write(self, f):
        with self.cond:
            self.cond.wait_for(lambda: not self.writing and not self.readers)
            self.writing = True
        try:
            return f()
        finally:
            with self.cond:
                self.writing = False
                self.cond.notify_all()


rw, shared, torn = ReadWrite(), [0, 0], []


def writer():
    for _ in range(100):
        def both():
            shared[0] += 1
            shared[1] += 1
        rw.write(both)


def reader():
    for _ in range(100):
        a, b = rw.read(lambda: tuple(shared))
        if a != b:
            torn.append((a, b))


threads = [threading.Thread(target=f) for f in (writer, reader, writer, reader)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(shared, torn)
f = Future()
f.add_done_callback(lambda f: print("callback", f.result()))
threading.Timer(0.01, f.set_result, ["late"]).start()
print(f.result(timeout=5), f.done(), f.cancel())
with ThreadPoolExecutor(2, initializer=lambda: setattr(local, "n", 0)) as pool:
    local = threading.local()
    gate = threading.Event()
    slow, fast = pool.submit(gate.wait, 5), pool.submit(int, "7")
    done, rest = wait([slow, fast], return_when=FIRST_COMPLETED)
    print(done == {fast}, rest == {slow}, fast.result())
    gate.set()
    print(slow.result(), list(pool.map(pow, [2, 3], [3, 2])))
var = contextvars.ContextVar("var", default="unset")
var.set("main")
ctx = contextvars.copy_context()
ctx.run(var.set, "in copy")
print(var.get(), ctx[var], ctx.run(var.get), len(ctx) >= 1)
token = var.set("temporary")
var.reset(token)
print(var.get(), token.old_value, token.var is var)
t = threading.Thread(target=lambda: print("thread sees", var.get()))
t.start()
t.join()
errors = []
def crash():
    try:
        raise RuntimeError("in thread")
    except RuntimeError as e:
        errors.append(e)
t = threading.Thread(target=crash, daemon=True)
t.start()
t.join(5)
print(errors[0].args, t.daemon, t.is_alive(), threading.active_count())
