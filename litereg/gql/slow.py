"""Where slow work is done: a thread, with a line in front of it that is not endless."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum, auto
from typing import TypeVar

from litereg.errors import Unavailable

T = TypeVar("T")


class Line(Enum):
    """Which line a piece of slow work stands in."""

    # Passwords and pictures: a fraction of a second.
    SHORT = auto()
    # What may take seconds.
    LONG = auto()
    # What another program takes its time with.
    SCANS = auto()


class Lane:
    """One thread that does one piece of work at a time."""

    def __init__(self, name: str, max_waiting: int, refusal: tuple[str, str]) -> None:
        """Set the thread *name* up; *refusal*, reason and detail, is what one too many is told."""
        self._thread = ThreadPoolExecutor(1, name)
        self._max_waiting = max_waiting
        self._refusal = refusal
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Return what *work* returns.

        Raises:
            Unavailable: too much waits already.
        """
        if self._waiting >= self._max_waiting:
            raise Unavailable(*self._refusal)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the thread, once it has done what it is at."""
        self._thread.shutdown()
