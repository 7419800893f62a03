"""How the benchmark's own servers on aiohttp listen and say where."""

from __future__ import annotations

import asyncio

from aiohttp import web


async def serve(app: web.Application) -> None:
    """Serve *app* on a free port of this machine, print the address, and go on until the end."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}", flush=True)
    await asyncio.Event().wait()
