import asyncio, contextvars
async def work(n, d=0):
    await asyncio.sleep(d); return n * 2
async def main():
    print(await work(1), await asyncio.gather(work(2, 0.02), work(3, 0.01), work(4)))
    t = asyncio.create_task(work(5), name="five"); print(t.get_name(), t.done(), await t, t.done(), t.result())
    try: await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except TimeoutError as e: print("timeout", repr(e))
    t = asyncio.create_task(asyncio.sleep(10)); await asyncio.sleep(0); t.cancel("msg")
    try: await t
    except asyncio.CancelledError as e: print("cancelled", e, t.cancelled())
    async def fail(n): await asyncio.sleep(0); raise ValueError(n)
    print(await asyncio.gather(fail(1), work(6), return_exceptions=True))
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(fail(7)); tg.create_task(fail(8)); tg.create_task(asyncio.sleep(5))
    except* ValueError as eg: print([e.args for e in eg.exceptions])
    async with asyncio.TaskGroup() as tg: ts = [tg.create_task(work(i)) for i in range(3)]
    print([t.result() for t in ts])
    try:
        async with asyncio.timeout(0.01): await asyncio.sleep(1)
    except TimeoutError: print("timeout()")
    done, pending = await asyncio.wait([asyncio.create_task(work(1)), asyncio.create_task(asyncio.sleep(5))], return_when=asyncio.FIRST_COMPLETED)
    print(len(done), len(pending)); [p.cancel() for p in pending]
    print([await c for c in asyncio.as_completed([work(1, 0.02), work(2, 0.0)])])
    q = asyncio.Queue(2); got = []
    async def producer():
        for i in range(5): await q.put(i)
        q.shutdown()
    async def consumer():
        try:
            while True: got.append(await q.get())
        except asyncio.QueueShutDown: pass
    await asyncio.gather(producer(), consumer()); print(got)
    lock, ev, sem, log = asyncio.Lock(), asyncio.Event(), asyncio.Semaphore(2), []
    async def locked(n):
        async with sem, lock: log.append(n); await asyncio.sleep(0); log.append(n)
    await asyncio.gather(*(locked(i) for i in range(3))); print(log, lock.locked())
    asyncio.get_running_loop().call_later(0.001, ev.set); print(await ev.wait())
    var = contextvars.ContextVar("var", default="d")
    async def setter(v): var.set(v); await asyncio.sleep(0); return var.get()
    print(await asyncio.gather(setter(1), setter(2)), var.get())
    print(await asyncio.to_thread(lambda: "thread"), await asyncio.shield(work(9)))
    f = asyncio.get_running_loop().create_future(); f.add_done_callback(lambda f: print("callback", f.result())); f.set_result("R"); print(await f); await asyncio.sleep(0)
    return "main result"
print(asyncio.run(main()))
async def no(): pass
c = no(); c.close()
for call in (lambda: asyncio.run(5), lambda: asyncio.get_running_loop(), lambda: asyncio.run(main) if False else asyncio.Future()):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
with asyncio.Runner() as r: print(r.run(work(21)))
