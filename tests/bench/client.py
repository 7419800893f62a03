"""The clients: a process that keeps connections busy and writes down how long each answer took.

`python -m tests.bench.client` reads a job from standard input and writes a report to standard
output, both JSON:

    {"port", "seconds", "groups": [{"name", "connections", "once", "requests": [REQUEST]}]}
    {"groups": [{"name", "count", "failed", "seconds", "latencies_us": […]}]}

A REQUEST is {"path", "body", "headers"}; without a body it is a GET.
Each connection sends a request, waits for the whole answer and sends the next one. The clients of a
group share its requests, taken in turn; `once` ends the job when they are used up. Knows HTTP/1.1
well enough for servers that are in good health, and nothing of GraphQL but where errors stand.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
from array import array
from collections.abc import Iterator
from itertools import cycle
from time import perf_counter
from typing import Any

HOST = "127.0.0.1"
# An answer that takes longer is a failure of the benchmark itself.
TIMEOUT_S = 60.0
READ_BYTES = 256 * 1024


class Group:
    """Clients that do the same."""

    def __init__(self, job: dict[str, Any], port: int) -> None:
        self.name: str = job["name"]
        requests = [_request(r, port) for r in job["requests"]]
        self.requests: Iterator[bytes] = iter(requests) if job.get("once") else cycle(requests)
        self.latencies = array("d")
        self.failed = 0
        self.ended_at = 0.0

    def report(self, started_at: float) -> dict[str, Any]:
        """Return what is known of a group that began at *started_at*."""
        return {
            "name": self.name,
            "count": len(self.latencies),
            "failed": self.failed,
            "seconds": self.ended_at - started_at,
            "latencies_us": [round(latency * 1e6) for latency in self.latencies],
        }


class Client:
    """One connection."""

    def __init__(self, group: Group, port: int) -> None:
        self.group = group
        self.socket = socket.create_connection((HOST, port), TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sent_at = 0.0
        self._answer = bytearray()
        self._end = 0

    def send(self) -> bool:
        """Send the next request; return False when there is none."""
        request = next(self.group.requests, None)
        if request is None:
            return False
        self._answer.clear()
        self._end = 0
        self._sent_at = perf_counter()
        self.socket.sendall(request)
        return True

    def receive(self) -> bool:
        """Read what is there; return True when the answer is complete."""
        piece = self.socket.recv(READ_BYTES)
        if not piece:
            raise ConnectionError("the server closed a connection in use")
        self._answer += piece
        if not self._is_complete():
            return False
        self.group.ended_at = perf_counter()
        self.group.latencies.append(self.group.ended_at - self._sent_at)
        self.group.failed += not is_good(self._answer)
        return True

    def _is_complete(self) -> bool:
        if not self._end:
            head = self._answer.find(b"\r\n\r\n")
            if head < 0:
                return False
            length = content_length(self._answer[:head])
            if length is None:
                # In chunks: the last one is empty. No JSON has these bytes in it.
                return self._answer.endswith(b"\r\n0\r\n\r\n")
            self._end = head + 4 + length
        return len(self._answer) >= self._end


def content_length(head: bytes | bytearray) -> int | None:
    """Return the length of the body that *head* announces, None for a body in chunks."""
    for line in bytes(head).split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return None


def is_good(answer: bytes | bytearray) -> bool:
    """Return whether an answer has the status 200 and is not one of errors."""
    start = answer.find(b"\r\n\r\n")
    return answer.startswith(b"HTTP/1.1 200") and b'{"errors"' not in answer[start : start + 64]


def drive(job: dict[str, Any]) -> dict[str, Any]:
    """Do *job* and return the report."""
    port = job["port"]
    groups = [Group(group, port) for group in job["groups"]]
    clients = [
        Client(group, port)
        for group, given in zip(groups, job["groups"], strict=True)
        for _ in range(given["connections"])
    ]
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
        started_at = perf_counter()
        _keep_busy(selector, clients, started_at + job["seconds"])
    for client in clients:
        client.socket.close()
    return {"groups": [group.report(started_at) for group in groups]}


def _keep_busy(selector: selectors.BaseSelector, clients: list[Client], until: float) -> None:
    """Let all clients send until then, and receive what they are owed."""
    waiting = sum(client.send() for client in clients)
    while waiting:
        ready = selector.select(TIMEOUT_S)
        if not ready:
            raise TimeoutError(f"no answer in {TIMEOUT_S} seconds")
        is_over = perf_counter() > until
        for key, _ in ready:
            client: Client = key.data
            if client.receive() and (is_over or not client.send()):
                waiting -= 1


def _request(asked: dict[str, Any], port: int) -> bytes:
    content = asked["body"].encode()
    headers = {"Host": f"{HOST}:{port}", "Accept": "application/json"}
    if content:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
    lines = [
        f"{'POST' if content else 'GET'} {asked['path']} HTTP/1.1",
        *(f"{name}: {value}" for name, value in (headers | asked["headers"]).items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content


if __name__ == "__main__":
    json.dump(drive(json.load(sys.stdin)), sys.stdout)
