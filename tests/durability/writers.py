"""People who write to a server for as long as somebody else does something to it."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple, Self

from tests.durability.registry import Registry
from tests.durability.server import PATIENCE_S, Server


class Acknowledged(NamedTuple):
    """When a write was answered (monotonic seconds), and how long that took."""

    at_s: float
    took_s: float


class Writers:
    """Threads that write from the beginning of the block to its end, or the server's.

    Attributes:
        sent: the names of all writes that were begun.
        acknowledged: of those, the ones that were answered.
    """

    def __init__(self, subject: Registry, server: Server, count: int) -> None:
        self.sent: set[str] = set()
        self.acknowledged: dict[str, Acknowledged] = {}
        self._subject = subject
        self._stop = threading.Event()
        self._progress = threading.Condition()
        self._threads = [
            threading.Thread(target=self._write, args=(server.connect(), f"w{number}"))
            for number in range(count)
        ]

    def wait_for(self, more: int) -> set[str]:
        """Wait until *more* writes have been acknowledged, and return all that have been."""
        with self._progress:
            wanted = len(self.acknowledged) + more
            enough = self._progress.wait_for(lambda: len(self.acknowledged) >= wanted, PATIENCE_S)
            assert enough, "the writers are stuck"
            return set(self.acknowledged)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _write(self, connection: HTTPConnection, label: str) -> None:
        with closing(connection):
            for name in self._subject.writes(label):
                if self._stop.is_set():
                    return
                self.sent.add(name)
                begin = time.monotonic()
                try:
                    self._subject.send(connection, name)
                except (OSError, HTTPException):
                    return
                end = time.monotonic()
                with self._progress:
                    self.acknowledged[name] = Acknowledged(end, end - begin)
                    self._progress.notify_all()
