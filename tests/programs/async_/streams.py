import asyncio
async def main():
    async def handle(r, w):
        while line := await r.readline():
            w.write(b"echo " + line); await w.drain()
        w.close(); await w.wait_closed()
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async def client(n):
        r, w = await asyncio.open_connection("127.0.0.1", port)
        out = []
        for i in range(3):
            w.write(f"{n} {i}\n".encode()); out.append((await r.readline()).decode().strip())
        w.write_eof(); out.append(await r.read()); w.close(); await w.wait_closed()
        return out
    for res in await asyncio.gather(*(client(n) for n in range(3))): print(res)
    server.close(); await server.wait_closed()
    p = await asyncio.create_subprocess_exec("cat", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    print(await p.communicate(b"through cat"), p.returncode)
    p = await asyncio.create_subprocess_shell("echo out; echo err >&2; exit 3", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    print(await p.communicate(), p.returncode)
asyncio.run(main())
