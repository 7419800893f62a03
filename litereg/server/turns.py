"""Know how far behind the event loop is.

What is short is answered in place, one request after the other, so that under too much load nobody
waits for a slot: they wait in the system's buffers, unseen, for the loop to come round. A turn of
the loop answers whatever had arrived when it began; the last one in it has waited for as long as
the turn has lasted. Once that is too long the rest of the turn is refused, which takes next to no
time, and the loop comes round to those who have waited less.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Final

# What arrives during one turn waits for its end and is answered in the next: twice this is how long
# anybody waits, with what their own answer takes on top.
MAX_TURN_S: Final = 0.3


class Turn:
    """The present turn of the running event loop; one for all that is answered on it.

    As many as may run at once are answered in every turn: one that is long for fewer is no queue,
    but a machine that was busy with something else.
    """

    def __init__(self, always: int) -> None:
        """Begin; *always* are answered in each turn, however long it takes."""
        self._always = always
        self._began: float | None = None
        self._asked = 0

    def is_late(self) -> bool:
        """Return whether whoever asks only now has waited for too long."""
        if self._began is None:
            self._began = monotonic()
            self._asked = 0
            # What is scheduled in one turn runs at the beginning of the next.
            asyncio.get_running_loop().call_soon(self._end)
        self._asked += 1
        return self._asked > self._always and monotonic() - self._began > MAX_TURN_S

    def _end(self) -> None:
        self._began = None
