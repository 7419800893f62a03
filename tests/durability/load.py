"""Send requests at a stated rate, whether or not the answers keep up, and count what came back.

`python -m tests.durability.load` reads a job from standard input and writes a report to standard
output, both JSON; a process of its own, so that it does not measure itself:

    {"port", "rate", "seconds", "connections", "requests": [{"body", "headers"}]}
    {"offered", "unsent", "seconds", "statuses": {…}, "latencies_ms": […], "without_retry_after",
     "refused_by_api", "broken"}

People do not wait for each other: a request is due when it is due. Its latency, taken of those that
were answered with 200, counts from then. Whoever is turned away comes again when Retry-After says
so. When all connections wait for one or the other, a request is not sent.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import sys
from array import array
from collections import Counter, deque
from itertools import cycle
from time import perf_counter
from typing import Any

from tests.bench.client import content_length

HOST = "127.0.0.1"
READ_BYTES = 256 * 1024
RETRY_AFTER = re.compile(rb"(?i)\nretry-after: (\d+)")
# What is still under way at the end has this long to come.
LAST_S = 5.0


class Connection:
    """One client."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), 10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = 0.0
        self.answer = bytearray()
        self._end = 0

    def send(self, request: bytes, due: float) -> None:
        """Send a request that is due since *due*."""
        self.due = due
        self.answer.clear()
        self._end = 0
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Read what is there; return True when the answer is complete."""
        piece = self.socket.recv(READ_BYTES)
        if not piece:
            raise ConnectionError("closed in the middle of an answer")
        self.answer += piece
        if not self._end:
            head = self.answer.find(b"\r\n\r\n")
            length = content_length(self.answer[:head]) if head >= 0 else None
            if length is None:
                return False
            self._end = head + 4 + length
        return len(self.answer) >= self._end


class Drive:
    """One job at work."""

    def __init__(self, job: dict[str, Any]) -> None:
        self._job = job
        self._requests = cycle([_request(r["body"], r["headers"]) for r in job["requests"]])
        self._selector = selectors.DefaultSelector()
        self._idle: deque[Connection] = deque()
        # Those that were turned away, and when they come again; in that order.
        self._resting: deque[tuple[float, Connection]] = deque()
        self.statuses: Counter[str] = Counter()
        self.latencies = array("d")
        self.counts: Counter[str] = Counter()
        for _ in range(job["connections"]):
            self._connect()

    def run(self) -> dict[str, Any]:
        """Send and receive, and return the report."""
        begin = perf_counter()
        step, end = 1 / self._job["rate"], begin + self._job["seconds"]
        due = begin
        while (now := perf_counter()) < end:
            while due <= now:
                self._send(due)
                due += step
            self._receive(min(due, end) - perf_counter())
        until = end + LAST_S
        under_way = self._under_way()
        while self._under_way() and perf_counter() < until:
            self._receive(0.1)
        return {
            "offered": self.counts["sent"] + self.counts["unsent"],
            "unsent": self.counts["unsent"],
            "seconds": perf_counter() - begin if under_way else end - begin,
            "statuses": self.statuses,
            "latencies_ms": [round(latency * 1000, 1) for latency in self.latencies],
            "without_retry_after": self.counts["without_retry_after"],
            "refused_by_api": self.counts["refused_by_api"],
            "broken": self.counts["broken"],
        }

    def _under_way(self) -> int:
        """Return how many requests wait for their answer."""
        return self._job["connections"] - len(self._idle) - len(self._resting)

    def _connect(self) -> None:
        connection = Connection(self._job["port"])
        self._selector.register(connection.socket, selectors.EVENT_READ, connection)
        self._idle.append(connection)

    def _send(self, due: float) -> None:
        while self._resting and self._resting[0][0] <= due:
            self._idle.append(self._resting.popleft()[1])
        if not self._idle:
            self.counts["unsent"] += 1
            return
        connection = self._idle.popleft()
        self.counts["sent"] += 1
        try:
            connection.send(next(self._requests), due)
        except OSError:
            self._replace(connection)

    def _receive(self, timeout_s: float) -> None:
        for key, _ in self._selector.select(max(0.0, timeout_s)):
            connection: Connection = key.data
            try:
                if connection.receive():
                    self._count(connection)
            except OSError:
                self._replace(connection)

    def _replace(self, connection: Connection) -> None:
        self.counts["broken"] += 1
        self._selector.unregister(connection.socket)
        connection.socket.close()
        self._connect()

    def _count(self, connection: Connection) -> None:
        answer = connection.answer
        status = answer[9:12].decode()
        self.statuses[status] += 1
        head = answer[: answer.find(b"\r\n\r\n")]
        if status == "503":
            wait = RETRY_AFTER.search(head)
            self.counts["without_retry_after"] += wait is None
            wait_s = float(wait[1]) if wait else 1.0
            self._resting.append((perf_counter() + wait_s, connection))
            return
        self._idle.append(connection)
        if status == "200":
            self.latencies.append(perf_counter() - connection.due)
            self.counts["refused_by_api"] += b'"errors"' in answer[len(head) : len(head) + 64]


def _request(body: str, headers: dict[str, str]) -> bytes:
    content = body.encode()
    lines = [
        "POST /graphql HTTP/1.1",
        f"Host: {HOST}",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content


if __name__ == "__main__":
    json.dump(Drive(json.load(sys.stdin)).run(), sys.stdout)
