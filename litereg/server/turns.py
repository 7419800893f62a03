"""Share the event loop: what is short is answered in place, a little of it in each turn.

A turn of the loop handles whatever had arrived when it began. What takes several turns, as every
change does that waits for the disk, would wait each time for all that others ask meanwhile. So in
each turn only so much is answered in place, for as long as `SHARE_S`; the rest stands in line for
the next turns. Nobody waits longer for it, and turns stay short.

Under too much load the line grows. Whoever has stood in it for too long is refused, which takes
next to no time, and the line comes round to those who have waited less.
"""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic
from typing import Final, Protocol

# How long requests are answered in place in one turn.
SHARE_S: Final = 0.002
# Longer than this nobody stands in line for nothing: a client that tries again is better off.
MAX_WAIT_S: Final = 0.3


class Customer(Protocol):
    """Somebody who stands in line."""

    def serve(self, is_late: bool) -> None:
        """Answer what is asked, or refuse it when *is_late*."""


class Line:
    """The line before the event loop; one for all that is answered on it.

    As many as may run at once are always answered, however long that takes: a line that is short is
    no overload, but a machine that was busy with something else.
    """

    def __init__(self, always: int) -> None:
        """Begin; *always* are answered, whoever else waits."""
        self._always = always
        self._waiting: deque[tuple[Customer, float, int]] = deque()
        self._began: float | None = None

    def is_clear(self) -> bool:
        """Return whether nobody waits and there is time left in this turn: no need to join."""
        if self._waiting:
            return False
        if self._began is None:
            self._began = monotonic()
            # What is scheduled in one turn runs at the beginning of the next.
            asyncio.get_running_loop().call_soon(self._end_turn)
            return True
        return monotonic() - self._began < SHARE_S

    @property
    def is_short(self) -> bool:
        """Whether no more wait than are always answered."""
        return len(self._waiting) < self._always

    def join(self, customer: Customer) -> None:
        """Stand in line, until `customer.serve` is called."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._advance)
        self._waiting.append((customer, monotonic(), len(self._waiting)))

    def _advance(self) -> None:
        """Serve the line for this turn, at least the first in it."""
        began = now = monotonic()
        try:
            while self._waiting:
                customer, since, ahead = self._waiting.popleft()
                customer.serve(ahead >= self._always and now - since > MAX_WAIT_S)
                now = monotonic()
                if now - began > SHARE_S:
                    return
        finally:
            # Also when one of them met a defect: those behind have nothing to do with it.
            if self._waiting:
                asyncio.get_running_loop().call_soon(self._advance)

    def _end_turn(self) -> None:
        self._began = None
