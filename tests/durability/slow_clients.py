"""Clients that are slow on purpose, and clients without number, beside one that is neither.

Half heads and stalled bodies cost a server nothing but a place, unless it waits for ever.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.measure import percentile
from tests.durability.memory import peak_mib
from tests.durability.registry import Registry
from tests.durability.server import Server

HALF_HEADS, STALLED_BODIES = 300, 50
MAX_HEAD_S, MAX_BODY_S = 12.0, 20.0
MAX_GOOD_MS = 100.0
# The setting max_connections, and how many try to come on top.
CONNECTIONS, MORE = 1_000, 100
MAX_MEMORY_MIB = 256.0

HALF_HEAD = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Le"
STALLED_BODY = (
    b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    b'Content-Length: 1000\r\n\r\n{"query"'
)


@dataclass(slots=True)
class Figures:
    """What the slow clients showed."""

    heads_s: list[float] = field(default_factory=list)
    bodies_s: list[float] = field(default_factory=list)
    good_ms: list[float] = field(default_factory=list)
    admitted: int = 0
    refused: int = 0
    memory_mib: float = 0.0
    troubles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{len(self.heads_s)} of {HALF_HEADS} half heads closed within "
            f"{max(self.heads_s, default=0):.1f} s, {len(self.bodies_s)} of {STALLED_BODIES} "
            f"stalled bodies answered 408 within {max(self.bodies_s, default=0):.1f} s, good "
            f"requests meanwhile p99 {percentile(sorted(self.good_ms), 0.99):.0f} ms; "
            f"{self.admitted} of {CONNECTIONS + MORE} connections admitted, {self.refused} "
            f"refused; {self.memory_mib:.0f} MiB at the peak"
        )


def bear_slow_clients(folder: Path) -> Figures:
    """Serve a registry in *folder* to all of them, and return the figures."""
    figures = Figures()
    subject = Registry()
    server = Server(subject.command(folder / "slow.db"))
    try:
        subject.greet(server.connect())
        over = threading.Event()
        good = threading.Thread(target=_ask, args=(server, over, figures))
        good.start()
        try:
            _stall(server, figures)
        finally:
            over.set()
            good.join()
        _crowd(server, figures)
        # Places are free again once the crowd has gone.
        subject.greet(server.connect())
        figures.memory_mib = peak_mib(server.pid)
        if any("Traceback" in line for line in server.said):
            figures.troubles.append("a traceback in the log")
    finally:
        server.kill()
    _judge(figures)
    return figures


def _judge(figures: Figures) -> None:
    if len(figures.heads_s) < HALF_HEADS or max(figures.heads_s) > MAX_HEAD_S:
        figures.troubles.append("half heads are waited for")
    if len(figures.bodies_s) < STALLED_BODIES or max(figures.bodies_s) > MAX_BODY_S:
        figures.troubles.append("stalled bodies are waited for")
    if percentile(sorted(figures.good_ms), 0.99) > MAX_GOOD_MS:
        figures.troubles.append("good requests have to wait")
    if figures.admitted > CONNECTIONS or figures.refused < MORE:
        figures.troubles.append(f"more than {CONNECTIONS} connections are admitted")
    if figures.memory_mib > MAX_MEMORY_MIB:
        figures.troubles.append(f"more than {MAX_MEMORY_MIB:.0f} MiB")


def _ask(server: Server, over: threading.Event, figures: Figures) -> None:
    """Ask something ordinary again and again, a few times a second."""
    with closing(server.connect()) as connection:
        while not over.wait(0.1):
            begin = time.monotonic()
            connection.request(
                "POST",
                "/graphql",
                '{"query": "{ latestPackages(offSet: 0, limit: 5) { count } }"}',
                {"Content-Type": "application/json"},
            )
            response = connection.getresponse()
            response.read()
            figures.good_ms.append((time.monotonic() - begin) * 1000)
            if response.status != 200:
                figures.troubles.append(f"a good request got {response.status}")


def _stall(server: Server, figures: Figures) -> None:
    """Begin requests, do not go on, and wait for the server to lose patience."""
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        for number in range(HALF_HEADS + STALLED_BODIES):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            is_head = number < HALF_HEADS
            client.sendall(HALF_HEAD if is_head else STALLED_BODY)
            selector.register(client, selectors.EVENT_READ, (is_head, time.monotonic()))
        until = time.monotonic() + MAX_BODY_S + 5
        while selector.get_map() and time.monotonic() < until:
            for key, _ in selector.select(0.5):
                is_head, begin = key.data
                said = _read(key.fileobj)
                selector.unregister(key.fileobj)
                seconds = time.monotonic() - begin
                if is_head:
                    figures.heads_s.append(seconds)
                elif said.startswith(b"HTTP/1.1 408"):
                    figures.bodies_s.append(seconds)


def _read(client: object) -> bytes:
    assert isinstance(client, socket.socket)
    try:
        return client.recv(4096)
    except ConnectionError:
        return b""


def _crowd(server: Server, figures: Figures) -> None:
    """Open more connections than there are places, and ask something on each."""
    ask = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    with ExitStack() as stack:
        clients = []
        for _ in range(CONNECTIONS + MORE):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            client.settimeout(10)
            clients.append(client)
        for client in clients:
            try:
                client.sendall(ask)
                answered = client.recv(4096).startswith(b"HTTP/1.1 200")
            except OSError:
                answered = False
            if answered:
                figures.admitted += 1
            else:
                figures.refused += 1
