"""How long work tells whoever waits for it how far it is."""

from __future__ import annotations

from collections.abc import Callable

# Called with how much is done and how much there is, in any unit, the same for both.
Watch = Callable[[int, int], None]


def unwatched(done: int, whole: int) -> None:
    """Take note of nothing."""
