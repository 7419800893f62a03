"""Where slow work is done: on threads, each with a line in front of it that is not endless."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum, auto
from typing import Final, TypeVar

from litereg.errors import LimitExceeded, Unavailable
from litereg.settings import Settings

T = TypeVar("T")


class Line(Enum):
    """Which line a piece of slow work stands in."""

    # Passwords and pictures: a fraction of a second.
    SHORT = auto()
    # What may take seconds.
    LONG = auto()
    # What another program takes its time with.
    SCANS = auto()


# Whoever waits for long work keeps what it is about in memory meanwhile.
MAX_LONG_WAITING: Final = 4
# Files that are scanned are small as a rule, and several people who publish at once no attack.
MAX_SCANS_WAITING: Final = 16
# Line → the reason given to whoever asks for too much, in one document or at once; and the details.
REFUSALS: Final = {
    Line.SHORT: (
        "TOO_MANY_PASSWORDS",
        "one document may check only one password",
        "too many people log in at once; try again",
    ),
    Line.LONG: (
        "TOO_MANY_LARGE_REQUESTS",
        "one document may ask for two of them",
        "too many large requests wait already; try again",
    ),
    Line.SCANS: (
        "TOO_MANY_SCANS",
        "one document may bring two files to be scanned",
        "too many files wait to be scanned; try again",
    ),
}


class SlowWork:
    """The lines of one engine, and the threads behind them."""

    def __init__(self, settings: Settings) -> None:
        # Hashing passwords is slow by design and keeps a core busy: one at a time, a few in line.
        max_waiting = {
            Line.SHORT: settings.max_waiting_passwords,
            Line.LONG: MAX_LONG_WAITING,
            Line.SCANS: MAX_SCANS_WAITING,
        }
        self._lanes = {line: _Lane(line, most) for line, most in max_waiting.items()}

    async def run(self, line: Line, work: Callable[[], T]) -> T:
        """Return what *work* returns, when it is its turn in *line*.

        Raises:
            Unavailable: too much waits already.
        """
        return await self._lanes[line].run(work)

    def close(self) -> None:
        """End the threads, once they have done what they are at."""
        for lane in self._lanes.values():
            lane.close()


def too_much(line: Line) -> LimitExceeded:
    """Return the error for a document that asks for too much of one kind."""
    reason, in_one_document, _ = REFUSALS[line]
    return LimitExceeded(reason, in_one_document)


class _Lane:
    """One thread that does one piece of work at a time."""

    def __init__(self, line: Line, max_waiting: int) -> None:
        self._line = line
        self._thread = ThreadPoolExecutor(1, f"litereg-{line.name.lower()}")
        self._max_waiting = max_waiting
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._max_waiting:
            reason, _, at_once = REFUSALS[self._line]
            raise Unavailable(reason, at_once)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._thread.shutdown()
