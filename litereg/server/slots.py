"""Bound how many requests are executed at once, and how long they wait."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from litereg.server.replies import Refused

# Longer than this nobody waits for nothing: a client that tries again later is better off.
MAX_WAIT_S: Final = 0.3
# When whoever is turned away may come again.
RETRY_AFTER_S: Final = 1


class Slots:
    """Lets a number of requests run, as many again wait a moment, and turns away the rest."""

    def __init__(self, running: int, max_wait_s: float = MAX_WAIT_S) -> None:
        self._free = running
        self._max_waiting = running
        self._max_wait_s = max_wait_s
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def is_full(self) -> bool:
        """Whether as many wait as may: the next one is turned away."""
        return self._free <= 0 and len(self._waiting) >= self._max_waiting

    async def __aenter__(self) -> None:
        """Take a slot.

        Raises:
            Refused: 503, all slots are taken and too many requests wait, or for too long.
        """
        if self._free > 0:
            self._free -= 1
            return
        if self.is_full:
            raise overloaded()
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._max_wait_s):
                await turn
        except BaseException as error:
            self._leave(turn)
            if isinstance(error, TimeoutError):
                raise overloaded() from None
            raise

    async def __aexit__(self, *_exc: object) -> None:
        """Give the slot back, to whoever waits for the longest time."""
        self._release()

    def _release(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _leave(self, turn: asyncio.Future[None]) -> None:
        """Give up waiting for *turn*, which may have come in the same moment."""
        if turn.done() and not turn.cancelled():
            self._release()
        elif turn in self._waiting:
            self._waiting.remove(turn)


def overloaded() -> Refused:
    """Return the refusal of what there is no time for now."""
    return Refused(503, "the registry is busy; try again", {"Retry-After": str(RETRY_AFTER_S)})
