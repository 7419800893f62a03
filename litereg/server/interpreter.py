"""Set up the interpreter of a process that serves: for short requests beside a few long ones.

What is set here holds for the whole process, so only `litereg.app.serve` does it, never somebody
who runs the application inside a program of their own.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

# Each system call of the event loop gives the interpreter to a thread that builds a long answer,
# and has it back after this time: by default 5 ms, ten times as long as most requests take.
SWITCH_INTERVAL_S: Final = 0.0005
# How many new objects make the interpreter look for garbage, how many such looks make it look
# through those that survived, and how many of these through everything. A long answer has some
# hundred thousand objects, none of them garbage: looking through them stops all others each time.
LOOKS_FOR_GARBAGE: Final = (10_000, 10, 100)
# Long answers come in flocks, and take a while to be sent.
GIVE_BACK_AFTER_S: Final = 2.0


@contextmanager
def starting() -> Iterator[None]:
    """Start a server inside the block: nothing that is loaded there is garbage.

    Looking for some takes 20 ms each time, later on as well: what was loaded is left out of it.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*LOOKS_FOR_GARBAGE)
        gc.enable()
        sys.setswitchinterval(SWITCH_INTERVAL_S)


class Surplus:
    """Memory that long answers took, and that the C library keeps for more of them."""

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None
        self._is_more = False

    def give_back_soon(self) -> None:
        """Give it back to the system in a moment; however often this is called, now and then."""
        self._is_more = self._timer is not None
        if self._timer is None and _malloc_trim() is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(GIVE_BACK_AFTER_S, self._give_back)

    def _give_back(self) -> None:
        self._timer = None
        if (trim := _malloc_trim()) is not None:
            # ctypes lets others run meanwhile, on a thread the event loop too.
            asyncio.get_running_loop().run_in_executor(None, trim, 0)
        if self._is_more:
            # What came since may be on its way still.
            self.give_back_soon()


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    """Return glibc's function for it, or None where there is another C library."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
