"""Stop a server with SIGTERM under load, and see whether everybody got the answer they were due."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.durability.registry import USER, Registry
from tests.durability.server import Server

WRITERS = 4
LOG_INS = 5
RUN_S = 0.5
MAX_STOP_S = 10.0

LOG_IN = """
query ($username: String!, $password: String!) {
  login(username: $username, password: $password)
}
"""


@dataclass(slots=True)
class Figures:
    """What the stops showed.

    Attributes:
        in_flight: requests that had been sent whole before the signal, and not been answered.
        unanswered: of those, the ones that got no answer.
    """

    cycles: int = 0
    in_flight: int = 0
    unanswered: int = 0
    acknowledged: set[str] = field(default_factory=set)
    stops_s: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.cycles} stops under {WRITERS} writers and {LOG_INS} log-ins: "
            f"{self.in_flight - self.unanswered} of {self.in_flight} requests in flight answered, "
            f"{len(self.acknowledged)} writes acknowledged, exit 0 in at most "
            f"{max(self.stops_s):.1f} s, no log left behind"
        )


class Client:
    """Somebody who asks and waits, again and again, until no answer comes.

    Attributes:
        sent_at: when the request whose answer did not come had been sent whole; None: it was not.
        acknowledged: the names of the writes that were answered.
        answered_at: when each answer came.
    """

    def __init__(self) -> None:
        self.sent_at: float | None = None
        self.pairs: list[tuple[float, float]] = []
        self.acknowledged: set[str] = set()

    def ask(self, connection: HTTPConnection, body: str, headers: dict[str, str]) -> str:
        """Return the text of an answer."""
        self.sent_at = None
        connection.request("POST", "/graphql", body, headers)
        self.sent_at = time.monotonic()
        text = connection.getresponse().read().decode()
        self.pairs.append((self.sent_at, time.monotonic()))
        self.sent_at = None
        return text


def stop_repeatedly(folder: Path, cycles: int = 5) -> Figures:
    """Stop servers in *folder* under load, and return the figures."""
    figures = Figures()
    subject = Registry()
    database = folder / "stopped.db"
    for cycle in range(cycles):
        server = Server(subject.command(database))
        try:
            if cycle == 0:
                subject.introduce(server.connect())
            _stop_under_load(server, subject, f"c{cycle}", figures)
        finally:
            server.kill()
        for suffix in ("-wal", "-shm"):
            if database.with_name(database.name + suffix).exists():
                figures.troubles.append(f"stop {cycle} left a file {suffix}")
        figures.cycles += 1
    contents = subject.read_back(database)
    if lost := figures.acknowledged - contents.whole:
        figures.troubles.append(f"lost {sorted(lost)[:3]}")
    if contents.torn or contents.damage:
        figures.troubles.append(f"torn {sorted(contents.torn)[:3]}, {contents.damage}")
    return figures


def _stop_under_load(server: Server, subject: Registry, label: str, figures: Figures) -> None:
    clients = [Client() for _ in range(WRITERS + LOG_INS)]
    under_way = threading.Barrier(LOG_INS + 1)
    port = server.port
    with ThreadPoolExecutor(len(clients)) as pool:
        running = [
            pool.submit(_write, server, subject, client, f"{label}-{number}")
            for number, client in enumerate(clients[:WRITERS])
        ]
        wait(running, RUN_S)
        running += [pool.submit(_log_in, server, c, under_way) for c in clients[WRITERS:]]
        # Each of these asks for something slow, and has just sent it.
        under_way.wait()
        signalled = time.monotonic()
        # What was sent may still be in the hands of the system; by the time of an answer to what
        # was sent later, it is in the server's.
        with closing(server.connect()) as connection:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        server.signal(signal.SIGTERM)
        code = server.wait()
        figures.stops_s.append(time.monotonic() - signalled)
    for future in running:
        future.result()
    due = [c for c in clients if c.sent_at is not None and c.sent_at < signalled]
    answered = [c for c in clients if any(a < signalled < b for a, b in c.pairs)]
    figures.in_flight += len(due) + len(answered)
    figures.unanswered += len(due)
    figures.acknowledged |= set().union(*(client.acknowledged for client in clients))
    if due:
        figures.troubles.append(f"{label}: {len(due)} requests in flight got no answer")
    if code != 0 or figures.stops_s[-1] > MAX_STOP_S:
        figures.troubles.append(f"{label}: exit code {code} after {figures.stops_s[-1]:.1f} s")
    if any("Traceback" in line for line in server.said):
        figures.troubles.append(f"{label}: a traceback in the log")
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        figures.troubles.append(f"{label}: somebody still listens")


def _write(server: Server, subject: Registry, client: Client, label: str) -> None:
    with closing(server.connect()) as connection:
        for name in subject.writes(label):
            body, headers = subject.request(name)
            try:
                answer = json.loads(client.ask(connection, body, headers))
            except (OSError, HTTPException):
                return
            if "errors" in answer:
                raise server.complaint(f"a write was refused: {answer}")
            client.acknowledged.add(name)


def _log_in(server: Server, client: Client, under_way: threading.Barrier) -> None:
    variables = {name: USER[name] for name in ("username", "password")}
    body = json.dumps({"query": LOG_IN, "variables": variables})
    headers = {"Content-Type": "application/json"}
    with closing(server.connect()) as connection:
        client.sent_at = None
        connection.request("POST", "/graphql", body, headers)
        client.sent_at = time.monotonic()
        under_way.wait()
        with suppress(OSError, HTTPException):
            answer = connection.getresponse().read()
            if b'"errors"' in answer:
                raise server.complaint(f"a log-in was refused: {answer!r}")
            client.pairs.append((client.sent_at, time.monotonic()))
            client.sent_at = None
