"""Cancelling, shielding, timing out, grouping and closing of tasks."""
import asyncio

log = []


async def worker(name, delay, fail=None):
    try:
        log.append(f"{name} starts")
        await asyncio.sleep(delay)
        if fail:
            raise fail
        log.append(f"{name} ends")
        return name
    except asyncio.CancelledError:
        log.append(f"{name} cancelled")
        raise
    finally:
        log.append(f"{name} finally")


def show(label):
    print(label, log)
    log.clear()


async def main():
    t = asyncio.create_task(worker("a", 5))
    await asyncio.sleep(0)
    print(t.cancel(), t.cancelled(), t.cancelling())
    try:
        await t
    except asyncio.CancelledError:
        print("a", t.cancelled(), t.done(), t.cancel())
    show("cancel")

    inner = asyncio.create_task(worker("s", 0.01))
    outer = asyncio.ensure_future(asyncio.shield(inner))
    await asyncio.sleep(0)
    outer.cancel()
    try:
        await outer
    except asyncio.CancelledError:
        print("outer cancelled, inner", inner.done(), await inner)
    show("shield")

    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(worker("g1", 0.001, ValueError("g1")))
            tg.create_task(worker("g2", 5))
            await asyncio.sleep(5)
    except* ValueError as eg:
        print(eg.exceptions)
    show("group")

    async def stubborn():
        while True:
            try:
                await asyncio.sleep(5)
            except asyncio.CancelledError:
                log.append("ignored")
                return "survived"

    t = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    t.cancel()
    print(await t, t.cancelled())
    show("stubborn")

    try:
        async with asyncio.timeout(0.01) as cm:
            try:
                await worker("t", 5)
            finally:
                log.append("inside")
    except TimeoutError:
        print("timed out", cm.expired())
    async with asyncio.timeout(5) as cm:
        cm.reschedule(asyncio.get_running_loop().time() + 10)
        await asyncio.sleep(0)
    print(cm.expired())
    show("timeout")

    results = await asyncio.gather(worker("x", 0), worker("y", 0, KeyError("y")), worker("z", 0.001), return_exceptions=True)
    print(results)
    try:
        await asyncio.gather(worker("p", 0.02), worker("q", 0, OSError("q")))
    except OSError as e:
        print("gather", e)
    await asyncio.sleep(0.03)
    show("gather")

    g = asyncio.gather(worker("m", 5), worker("n", 5))
    await asyncio.sleep(0)
    g.cancel()
    try:
        await g
    except asyncio.CancelledError:
        show("gather cancelled")

    async def agen():
        try:
            for i in range(10):
                yield i
                await asyncio.sleep(0)
        finally:
            log.append("agen closed")

    async for v in (ag := agen()):
        if v == 2:
            break
    await ag.aclose()
    show("agen")
    sem = asyncio.BoundedSemaphore(2)
    active = most = 0

    async def limited():
        nonlocal active, most
        async with sem:
            active += 1
            most = max(most, active)
            await asyncio.sleep(0)
            active -= 1

    await asyncio.gather(*(limited() for _ in range(6)))
    print(most, sem.locked())
    cond, ready = asyncio.Condition(), []

    async def waiter(n):
        async with cond:
            await cond.wait_for(lambda: len(ready) >= n)
            return n

    tasks = [asyncio.create_task(waiter(n)) for n in (1, 2)]
    for i in range(2):
        await asyncio.sleep(0)
        async with cond:
            ready.append(i)
            cond.notify_all()
    print(await asyncio.gather(*tasks), [t.get_name().startswith("Task-") for t in tasks])
    leftover = asyncio.create_task(worker("leftover", 60))
    await asyncio.sleep(0)
    return len(asyncio.all_tasks())


print(asyncio.run(main()))
show("end")
loop = asyncio.new_event_loop()
loop.call_soon(log.append, "soon")
loop.call_later(0.002, log.append, "later")
handle = loop.call_later(0.001, log.append, "never")
handle.cancel()
loop.call_later(0.003, loop.stop)
loop.set_exception_handler(lambda l, c: log.append(c["message"].split(" <")[0]))
loop.call_soon(lambda: 1 / 0)
loop.run_forever()
print(log, handle.cancelled(), loop.is_running(), loop.is_closed())
loop.close()
try:
    loop.call_soon(print)
except RuntimeError as e:
    print(e)
