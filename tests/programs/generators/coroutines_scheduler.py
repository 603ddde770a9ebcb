"""Green threads by generators: a scheduler, channels, sleeping, joining, failing."""
from collections import deque
import heapq


class Scheduler:
    def __init__(self):
        self.ready, self.sleeping, self.now, self.count = deque(), [], 0, 0
        self.log = []

    def spawn(self, gen, name):
        task = Task(gen, name)
        self.ready.append((task, None, None))
        return task

    def run(self):
        while self.ready or self.sleeping:
            if not self.ready:
                self.now, _, task = heapq.heappop(self.sleeping)
                self.ready.append((task, None, None))
            task, value, error = self.ready.popleft()
            try:
                request = task.gen.throw(error) if error else task.gen.send(value)
            except StopIteration as stop:
                task.finish(self, stop.value, None)
            except Exception as e:
                task.finish(self, None, e)
            else:
                request(self, task)


class Task:
    def __init__(self, gen, name):
        self.gen, self.name, self.done, self.result, self.error, self.waiters = gen, name, False, None, None, []

    def finish(self, scheduler, result, error):
        self.done, self.result, self.error = True, result, error
        for w in self.waiters:
            scheduler.ready.append((w, result, error))


def sleep(n):
    def request(s, t):
        s.count += 1
        heapq.heappush(s.sleeping, (s.now + n, s.count, t))

    yield request


def join(task):
    def request(s, t):
        if task.done:
            s.ready.append((t, task.result, task.error))
        else:
            task.waiters.append(t)

    return (yield request)


class Channel:
    def __init__(self):
        self.items, self.takers = deque(), deque()

    def put(self, v):
        def request(s, t):
            if self.takers:
                s.ready.append((self.takers.popleft(), v, None))
            else:
                self.items.append(v)
            s.ready.append((t, None, None))

        yield request

    def get(self):
        def request(s, t):
            if self.items:
                s.ready.append((t, self.items.popleft(), None))
            else:
                self.takers.append(t)

        return (yield request)


s = Scheduler()
ch = Channel()


def producer(name, n, delay):
    for i in range(n):
        yield from sleep(delay)
        yield from ch.put(f"{name}{i}")
    return f"{name} made {n}"


def consumer(total):
    got = []
    for _ in range(total):
        item = yield from ch.get()
        got.append((s.now, item))
    return got


def failing():
    yield from sleep(4)
    raise ValueError("task failed")


def main():
    a, b = s.spawn(producer("a", 3, 2), "a"), s.spawn(producer("b", 4, 3), "b")
    c, f = s.spawn(consumer(7), "c"), s.spawn(failing(), "f")
    print((yield from join(a)), s.now)
    try:
        yield from join(f)
    except ValueError as e:
        print("caught", e, s.now)
    print((yield from join(c)))
    print((yield from join(b)), a.done, f.error)
    return "main done"


m = s.spawn(main(), "main")
s.run()
print(m.result, m.error, s.now)
