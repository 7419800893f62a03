"""Keep what was made last, within a bound of bytes, under a digest of what it was made of."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """Things that take long to make, by the digest of all that went into them.

    What is asked for again stays longest.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._made: OrderedDict[bytes, tuple[Made, int]] = OrderedDict()

    def find(self, digest: bytes) -> Made | None:
        """Return what was made of what has this *digest*; None when it is not here any more."""
        found = self._made.get(digest)
        if found is None:
            return None
        self._made.move_to_end(digest)
        return found[0]

    def keep(self, digest: bytes, made: Made, size: int) -> None:
        """Keep *made*, which takes about *size* bytes, and let go of what is too much."""
        if digest not in self._made:
            self._bytes += size
            self._made[digest] = made, size
        while self._bytes > self._max_bytes:
            _, (_, let_go) = self._made.popitem(last=False)
            self._bytes -= let_go
