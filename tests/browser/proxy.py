"""A small reverse proxy, as people put one before a registry, with a path prefix or without."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, DummyCookieJar, web

HOST = "127.0.0.1"
# What belongs to one connection, or to how a body was sent.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding"}


def free_socket() -> socket.socket:
    """Return a socket that is bound to a free port of this machine."""
    bound = socket.socket()
    bound.bind((HOST, 0))
    return bound


@asynccontextmanager
async def proxied(listener: socket.socket, target: str, strip: str = "") -> AsyncIterator[None]:
    """Pass on what comes to *listener* to the server at *target*, without the prefix *strip*."""
    async with ClientSession(cookie_jar=DummyCookieJar(), auto_decompress=True) as session:

        async def pass_on(request: web.Request) -> web.Response:
            path = request.raw_path.removeprefix(strip)
            headers = request.headers.copy()
            headers.popall("Accept-Encoding", None)
            headers["X-Forwarded-For"] = request.remote
            headers["X-Forwarded-Proto"] = request.scheme
            async with session.request(
                request.method,
                target + (path if path.startswith("/") else f"/{path}"),
                data=await request.read(),
                headers=headers,
                allow_redirects=False,
            ) as answer:
                kept = answer.headers.copy()
                for name in HOP_BY_HOP:
                    kept.popall(name, None)
                return web.Response(status=answer.status, body=await answer.read(), headers=kept)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", pass_on)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            yield
        finally:
            await runner.cleanup()
