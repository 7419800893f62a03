"""litereg, sampled: `python -m tests.bench.profiled DATABASE SAMPLES`.

SIGUSR1 begins to sample, so that the start is left out; at the end of the server the samples are
written to the file, as JSON: lists of `[file, line, function, own, inclusive]` in samples.

A timer of processor time looks at the stack every few milliseconds. Unlike cProfile it charges
nothing for a call and does not count the time in which another process had the processor. The time
of built-in functions is that of whoever called them.
"""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType

from litereg.cli import litereg
from tests.bench.servers import litereg_command

# The kernel's clock does not tick more often on most machines.
INTERVAL_S = 0.004


class Sampler:
    """Counts where the program is when the timer goes off."""

    def __init__(self) -> None:
        self._own: Counter[CodeType] = Counter()
        self._inclusive: Counter[CodeType] = Counter()

    def begin(self, _number: int, _frame: FrameType | None) -> None:
        """Begin to sample."""
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL_S, INTERVAL_S)

    def end(self) -> None:
        """Sample no more."""
        signal.setitimer(signal.ITIMER_PROF, 0)

    def rows(self) -> list[tuple[str, int, str, int, int]]:
        """Return what was found."""
        return [
            (
                code.co_filename,
                code.co_firstlineno,
                code.co_qualname,
                self._own[code],
                self._inclusive[code],
            )
            for code in self._inclusive
        ]

    def _look(self, _number: int, frame: FrameType | None) -> None:
        if frame is None:
            return
        self._own[frame.f_code] += 1
        seen = set()
        while frame is not None:
            seen.add(frame.f_code)
            frame = frame.f_back
        self._inclusive.update(seen)


def main(database: str, samples: str) -> None:
    """Serve until a signal ends it, and write down where the time went."""
    sampler = Sampler()
    signal.signal(signal.SIGUSR1, sampler.begin)
    try:
        litereg(litereg_command(database)[3:], standalone_mode=False)
    finally:
        sampler.end()
        Path(samples).write_text(json.dumps(sampler.rows()))


if __name__ == "__main__":
    main(*sys.argv[1:])
