import threading, time, queue, sys
results, lock = [], threading.Lock()
def work(n):
    for _ in range(1000):
        with lock: results.append(n)
ts = [threading.Thread(target=work, args=(i,), name=f"w{i}") for i in range(4)]
print([t.is_alive() for t in ts], ts[0]); [t.start() for t in ts]; [t.join() for t in ts]; print(len(results), [results.count(i) for i in range(4)], ts[0].name, ts[0].ident is not None, threading.active_count(), threading.current_thread().name, threading.main_thread() is threading.current_thread())
total = 0
def unlocked():
    global total
    for i in range(20000): total += 1 if i >= 0 else 0
ev, cond, items = threading.Event(), threading.Condition(), []
def waiter(): ev.wait(); print("event")
t = threading.Thread(target=waiter); t.start(); ev.set(); t.join(); print(ev.is_set(), ev.wait(0))
def consumer():
    with cond:
        while len(items) < 3: cond.wait()
        print("got", items)
t = threading.Thread(target=consumer); t.start()
for i in range(3):
    with cond: items.append(i); cond.notify()
t.join()
loc = threading.local(); loc.x = "main"
def uses_local(): print(hasattr(loc, "x")); loc.x = "thread"
t = threading.Thread(target=uses_local); t.start(); t.join(); print(loc.x, loc.__dict__)
q = queue.Queue(2); out = []
def prod(): [q.put(i) for i in range(5)]; q.put(None)
def cons():
    while (v := q.get()) is not None: out.append(v); q.task_done()
a, b = threading.Thread(target=prod), threading.Thread(target=cons); a.start(); b.start(); a.join(); b.join(); print(out, q.empty(), q.qsize())
for call in (lambda: q.get_nowait(), lambda: queue.Queue(1).get(timeout=0.01), lambda: lock.release(), lambda: threading.Thread(target=1, args=5).start() if False else threading.Semaphore(-1), lambda: ts[0].start(), lambda: threading.Thread().join(), lambda: threading.current_thread().join(), lambda: threading.RLock().release(), lambda: threading.BoundedSemaphore(1).release(), lambda: lock.acquire(False, 5), lambda: cond.notify()):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
r = threading.RLock(); r.acquire(); print(r.acquire(), lock.acquire(timeout=0), lock.locked(), lock.acquire(blocking=False)); lock.release(); r.release(); r.release()
def fails(): raise ValueError("in thread")
threading.excepthook = lambda a: print("hook", a.exc_type.__name__, a.exc_value, a.thread.name)
t = threading.Thread(target=fails, name="failing"); t.start(); t.join()
bar = threading.Barrier(3, action=lambda: print("barrier")); hits = []
ts = [threading.Thread(target=lambda: hits.append(bar.wait())) for _ in range(3)]; [t.start() for t in ts]; [t.join() for t in ts]; print(sorted(hits))
tm = threading.Timer(0.01, print, ["timer"]); tm.start(); tm.join(); tm = threading.Timer(5, print); tm.start(); tm.cancel(); tm.join()
from concurrent.futures import *
with ThreadPoolExecutor(3) as ex:
    print(list(ex.map(lambda x: x * x, range(6))), ex.submit(pow, 2, 10).result(), sorted(f.result() for f in as_completed([ex.submit(int, s) for s in "312"])))
    f = ex.submit(lambda: 1 / 0); print(repr(f.exception()), f.done())
    try: f.result()
    except ZeroDivisionError as e: print(e)
print(sys.getswitchinterval(), queue.PriorityQueue().empty(), threading.stack_size(), threading.get_ident() == threading.main_thread().ident)
pq = queue.PriorityQueue(); [pq.put(x) for x in (3, 1, 2)]; print([pq.get() for _ in range(3)]); lq = queue.LifoQueue(); lq.put(1); lq.put(2); print(lq.get()); sq = queue.SimpleQueue(); sq.put(1); print(sq.get(), sq.empty())
