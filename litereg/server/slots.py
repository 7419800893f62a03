"""Bound how many requests are executed at once."""

from __future__ import annotations

import asyncio
from typing import Final

from litereg.server.replies import Refused

# Longer than this nobody waits for nothing: a client that tries again later is better off.
MAX_WAIT_S: Final = 1.0


class Slots:
    """Lets a number of requests run, as many again wait a moment, and turns away the rest."""

    def __init__(self, running: int, max_wait_s: float = MAX_WAIT_S) -> None:
        self._max_wait_s = max_wait_s
        self._free = asyncio.Semaphore(running)
        self._max_waiting = running
        self._waiting = 0

    async def __aenter__(self) -> None:
        """Take a slot.

        Raises:
            Refused: 503, all slots are taken and too many requests wait, or for too long.
        """
        if not self._free.locked():
            # Without a wait: nothing runs between the question and the answer.
            await self._free.acquire()
            return
        if self._waiting >= self._max_waiting:
            raise _overloaded()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._max_wait_s):
                await self._free.acquire()
        except TimeoutError:
            raise _overloaded() from None
        finally:
            self._waiting -= 1

    async def __aexit__(self, *_exc: object) -> None:
        """Give the slot back."""
        self._free.release()


def _overloaded() -> Refused:
    return Refused(503, "the registry is busy; try again", {"Retry-After": "1"})
