import asyncio, inspect
async def agen(n):
    try:
        for i in range(n):
            got = yield i
            if got: print("got", got)
    except ValueError as e: print("caught", e); yield "recovered"
    finally: print("cleanup")
class AIter:
    def __init__(self, n): self.n = n
    def __aiter__(self): return self
    async def __anext__(self):
        if self.n <= 0: raise StopAsyncIteration
        self.n -= 1; await asyncio.sleep(0); return self.n
class ACM:
    async def __aenter__(self): print("aenter"); return self
    async def __aexit__(self, *e): print("aexit", e[0] and e[0].__name__); return True
class Aw:
    def __await__(self): yield from asyncio.sleep(0).__await__(); return "awaited"
async def main():
    async for x in agen(3): print(x, end=" ")
    else: print("else")
    print([x async for x in AIter(4) if x % 2], {x: y async for x in agen(2) for y in "a"}, {await Aw() for _ in range(2)}, [x for x in [await Aw()]])
    g = agen(3); print(await g.__anext__(), await g.asend("S"), await g.athrow(ValueError("V")))
    try: await anext(g)
    except StopAsyncIteration: print("stopped")
    g = agen(2); print(await anext(g)); await g.aclose(); print(await anext(g, "default"))
    async with ACM() as a, ACM(): raise KeyError("x")
    async for x in agen(5):
        if x == 1: break
    ge = (i * 2 async for i in AIter(3)); print(type(ge).__name__, [i async for i in ge])
    async def lazy():
        yield 1
        await asyncio.sleep(0)
        yield 2
    print([x async for x in lazy()], await anext(aiter(lazy())))
    for bad in ("async for x in [1]: pass", "async with 5: pass", "await 5", "for x in agen(1): pass", "[x for x in agen(1)]"):
        ns = {"agen": agen}; exec(f"async def f():\n {bad}", ns)
        try: await ns["f"]()
        except TypeError as e: print(bad, "->", e)
    async def nested():
        async def inner(): return [await Aw() for _ in range(2)]
        return await inner(), [[j async for j in AIter(i)] async for i in AIter(3)]
    print(await nested())
    import contextlib
    @contextlib.asynccontextmanager
    async def acm():
        print("in"); yield 5; print("out")
    async with acm() as v, contextlib.AsyncExitStack() as st: print(v); await st.enter_async_context(acm())
asyncio.run(main())
print(inspect.iscoroutinefunction(main), inspect.isasyncgenfunction(agen), inspect.iscoroutine(c := main()), c.close())
async def ret(): return 1
co = ret()
try: co.send(None)
except StopIteration as e: print(e.value)
try: co.send(None)
except RuntimeError as e: print(e)
