"""Hold a server's memory to a bound through many connections and everything hostile there is."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.durability.registry import CREATE_ME, USER, Registry
from tests.durability.server import Server
from tests.fuzz.corpus import CASES
from tests.fuzz.sending import request_of, send

CONNECTIONS = 500
MAX_MIB = 256.0


@dataclass(slots=True)
class Figures:
    """What was held: at the start, and at the peak."""

    start_mib: float = 0.0
    peak_mib: float = 0.0
    troubles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{len(CASES)} hostile requests beside {CONNECTIONS} connections: "
            f"{self.start_mib:.0f} MiB at the start, {self.peak_mib:.0f} MiB at the peak"
        )


def hold(folder: Path) -> Figures:
    """Serve a registry in *folder* to all of that, and return the figures."""
    figures = Figures()
    server = Server(Registry().command(folder / "memory.db"))
    try:
        token = _sign_up(server)
        figures.start_mib = peak_mib(server.pid)
        with ExitStack() as stack:
            for _ in range(CONNECTIONS):
                client = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                if not client.recv(4096).startswith(b"HTTP/1.1 200"):
                    figures.troubles.append("a connection was refused")
            asyncio.run(_send_all(server, token, figures))
        figures.peak_mib = peak_mib(server.pid)
    finally:
        server.kill()
    if figures.peak_mib > MAX_MIB:
        figures.troubles.append(f"more than {MAX_MIB:.0f} MiB")
    return figures


def peak_mib(pid: int) -> float:
    """Return the most memory that a process has held so far."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(s.split()[1]) for s in status.splitlines() if s.startswith("VmHWM:")) / 1024


def _sign_up(server: Server) -> str:
    with closing(server.connect()) as connection:
        body = json.dumps({"query": CREATE_ME, "variables": {"value": USER}})
        connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        return json.loads(connection.getresponse().read())["data"]["createMe"]


async def _send_all(server: Server, token: str, figures: Figures) -> None:
    for case in CASES:
        answered = await send("127.0.0.1", server.port, request_of(case, token, case.body()))
        if answered.status >= 500:
            figures.troubles.append(f"{case.name}: {answered.status}")
