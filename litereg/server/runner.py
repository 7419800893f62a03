"""Run an application until a signal ends it, so that whoever was promised an answer gets it."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, cast

from aiohttp import web

from litereg.errors import CannotStart
from litereg.server.express import Express
from litereg.server.express_lane import EXPRESS
from litereg.server.guard import Doorkeeper, Guarded
from litereg.server.keys import LIFECYCLE
from litereg.server.logs import REQUESTS, RequestLog
from litereg.server.tls import Secured, context_of
from litereg.settings import Settings

BACKLOG: Final = 1024
MAX_PORT: Final = 65_535
# What is cancelled at the end has this long to notice, on top of shutdown_timeout_s.
CANCEL_TIMEOUT_S: Final = 0.5
# Files, besides connections, that a running registry has open.
OTHER_FILES: Final = 128
# Turns of the event loop in which accepted connections get to say what they want.
LAST_TURNS: Final = 4

_log = logging.getLogger(__name__)


async def serve(
    app: web.Application,
    settings: Settings,
    on_ready: Callable[[str], None],
    listener: socket.socket | None = None,
) -> None:
    """Serve *app* until SIGTERM or SIGINT, then finish what is in flight and clean up.

    *on_ready* is called with the address that is listened on, `http://127.0.0.1:4000`, once
    requests are answered. A second signal ends the process at once.

    Raises:
        CannotStart: the address cannot be listened on, or the application refuses to start.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, _on_signal, stop, number)
    try:
        async with serving(app, settings, listener) as url:
            on_ready(url)
            await stop.wait()
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


@asynccontextmanager
async def serving(
    app: web.Application, settings: Settings, listener: socket.socket | None = None
) -> AsyncIterator[str]:
    """Serve *app* inside the block, at the address that is yielded.

    Leaving the block stops the way a signal does: new connections are refused, requests in flight
    have shutdown_timeout_s to be answered, then the application is cleaned up.

    Raises:
        CannotStart: the address cannot be listened on, the application refuses to start, or the
            settings name no certificate and key that can be used.
    """
    context = context_of(settings)
    door = Doorkeeper(settings)
    runner = web.AppRunner(app, shutdown_timeout=CANCEL_TIMEOUT_S)
    try:
        await runner.setup()
        listener = listener or bind(settings)
        manager = cast(web.Server, runner.server)
        loop = asyncio.get_running_loop()

        make = partial(Express, app[EXPRESS]) if EXPRESS in app else Guarded

        def connection() -> Guarded | Secured:
            guarded = make(
                manager,
                door,
                loop=loop,
                access_log=logging.getLogger(REQUESTS),
                access_log_class=RequestLog,
            )
            return Secured(guarded, door, context, loop) if context else guarded

        _allow_files(settings.max_connections + OTHER_FILES)
        server = await loop.create_server(connection, sock=listener, backlog=BACKLOG)
        try:
            yield address(listener, settings.scheme)
        finally:
            app[LIFECYCLE].stopping = True
            server.close()
            await _finish(manager, door, settings.shutdown_timeout_s)
    finally:
        await runner.cleanup()


def bind(settings: Settings) -> socket.socket:
    """Return a socket that is bound to the address in *settings* and not yet listening.

    For whoever needs to know which port the system chooses before the application is made.

    Raises:
        CannotStart: the address is taken or cannot be used; with address and reason.
    """
    try:
        family, kind, protocol, where = _resolve(settings.host, settings.port)
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError, OverflowError) as error:
        raise _cannot_listen(settings, error) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # Connections inherit it: what is left of an answer in the system's hands when we have
            # closed does not keep a connection that nobody reads from.
            milliseconds = int(settings.idle_timeout_s * 1000)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
        listener.bind(where)
        # Only listening finds out about others that are bound to the port and listen.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _cannot_listen(settings, error) from error
    return listener


def address(listener: socket.socket, scheme: str = "http") -> str:
    """Return the address that *listener* is bound to: `http://127.0.0.1:4000`."""
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _resolve(host: str, port: int) -> tuple[int, int, int, Any]:
    if not 0 <= port <= MAX_PORT:
        # The resolver would take the remainder, and listen where nobody looks.
        raise OverflowError(f"a port is at most {MAX_PORT}")
    flags = socket.AI_PASSIVE
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=flags)
    # Of a name with both, the one that more clients try.
    found.sort(key=lambda info: info[0] != socket.AF_INET)
    family, kind, protocol, _, where = found[0]
    return family, kind, protocol, where


def _cannot_listen(settings: Settings, error: Exception) -> CannotStart:
    reason = getattr(error, "strerror", None) or str(error)
    return CannotStart("CANNOT_LISTEN", f"{settings.host}:{settings.port}: {reason}")


def _on_signal(stop: asyncio.Event, number: signal.Signals) -> None:
    if stop.is_set():
        _log.warning("stopped at once by a second %s", number.name)
        os._exit(128 + number)
    _log.info("stopping: %s received", number.name)
    stop.set()


async def _finish(manager: web.Server, door: Doorkeeper, timeout_s: float) -> None:
    """Let every request that has arrived be answered, and close what is idle."""
    # Connections that the system has accepted may hold a request that was not read yet.
    for _ in range(LAST_TURNS):
        await asyncio.sleep(0)
    manager.pre_shutdown()
    door.end_handshakes()
    await door.wait_until_empty(timeout_s)


def _allow_files(wanted: int) -> None:
    """Raise the number of files this process may have open, where the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft < wanted and soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
