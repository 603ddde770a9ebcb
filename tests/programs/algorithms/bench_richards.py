"""A task scheduler in objects: many small methods, attributes and calls."""

IDLE, WORKER, HANDLER_A, HANDLER_B, DEV_A, DEV_B = range(6)
K_DEV, K_WORK = 1000, 1001


class Packet:
    def __init__(self, link, ident, kind):
        self.link, self.ident, self.kind, self.datum, self.data = link, ident, kind, 0, [0] * 4

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        p = queue
        while p.link is not None:
            p = p.link
        p.link = self
        return queue


class Task:
    def __init__(self, scheduler, ident, priority, queue, waiting=False):
        self.scheduler, self.ident, self.priority, self.queue = scheduler, ident, priority, queue
        self.holding, self.waiting, self.pending = False, waiting, queue is not None
        self.link = scheduler.tasks
        scheduler.tasks = self
        scheduler.table[ident] = self

    def held_or_waiting(self):
        return self.holding or (not self.pending and self.waiting)

    def add_packet(self, p, old):
        if self.queue is None:
            self.queue, self.pending = p, True
            if self.priority > old.priority:
                return self
        else:
            p.append_to(self.queue)
        return old

    def run_task(self):
        message = None
        if self.waiting and self.pending:
            message, self.queue = self.queue, self.queue.link
            self.waiting, self.pending = False, self.queue is not None
        return self.step(message)

    def wait(self):
        self.waiting = True
        return self

    def hold(self):
        self.scheduler.holds += 1
        self.holding = True
        return self.link

    def release(self, ident):
        t = self.scheduler.table[ident]
        t.holding = False
        return t if t.priority > self.priority else self

    def queue_packet(self, p):
        self.scheduler.queued += 1
        target = self.scheduler.table[p.ident]
        p.link, p.ident = None, self.ident
        return target.add_packet(p, self)


class Idle(Task):
    control, count = 1, 2000

    def step(self, _):
        self.count -= 1
        if self.count == 0:
            return self.hold()
        if self.control & 1 == 0:
            self.control //= 2
            return self.release(DEV_A)
        self.control = self.control // 2 ^ 0xD008
        return self.release(DEV_B)


class Worker(Task):
    destination, n = HANDLER_A, 0

    def step(self, p):
        if p is None:
            return self.wait()
        self.destination = HANDLER_B if self.destination == HANDLER_A else HANDLER_A
        p.ident, p.datum = self.destination, 0
        for i in range(4):
            self.n = self.n % 26 + 1
            p.data[i] = 64 + self.n
        return self.queue_packet(p)


class Handler(Task):
    work = device = None

    def step(self, p):
        if p is not None:
            if p.kind == K_WORK:
                self.work = p.append_to(self.work)
            else:
                self.device = p.append_to(self.device)
        if (w := self.work) is not None:
            if w.datum >= 4:
                self.work = w.link
                return self.queue_packet(w)
            if (d := self.device) is not None:
                self.device = d.link
                d.datum, w.datum = w.data[w.datum], w.datum + 1
                return self.queue_packet(d)
        return self.wait()


class Device(Task):
    held = None

    def step(self, p):
        if p is None:
            if self.held is None:
                return self.wait()
            p, self.held = self.held, None
            return self.queue_packet(p)
        self.held = p
        return self.hold()


class Scheduler:
    def __init__(self):
        self.tasks, self.table, self.holds, self.queued = None, [None] * 6, 0, 0

    def run(self):
        t = self.tasks
        while t is not None:
            t = t.link if t.held_or_waiting() else t.run_task()


s = Scheduler()
Idle(s, IDLE, 0, None)
q = Packet(Packet(None, 0, K_WORK), 0, K_WORK)
Worker(s, WORKER, 1000, q, True)
for ident, device, priority in ((HANDLER_A, DEV_A, 2000), (HANDLER_B, DEV_B, 3000)):
    q = None
    for _ in range(3):
        q = Packet(q, device, K_DEV)
    Handler(s, ident, priority, q, True)
Device(s, DEV_A, 4000, None, True)
Device(s, DEV_B, 5000, None, True)
s.run()
print(s.queued, s.holds)
