"""Write and send long answers in pieces, so that nobody has to wait for the whole of one.

orjson keeps the interpreter to itself until it is done, and so does whoever frees a large tree of
objects, or copies ten megabytes. So a long answer is taken apart as it is written, on a thread, and
sent piece by piece, each as soon as there is room for it.
"""

from __future__ import annotations

from typing import Any, Final

import orjson
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

# So many items of a list are written at a time.
ITEMS: Final = 20
# What is inside `data`, a root field and one list in it is written by itself.
DEPTH: Final = 4
PIECE_BYTES: Final = 64 * 1024
# What all long answers may take together while their clients read them, as slowly as they may.
MAX_UNSENT_BYTES: Final = 256 * 1024 * 1024


class Unsent:
    """Keeps account of the memory that long answers take until they are sent.

    Attributes:
        held: how many bytes that is.
    """

    def __init__(self) -> None:
        self.held = 0

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another long answer now."""
        return self.held > MAX_UNSENT_BYTES


class Pieces(Payload):
    """The body of a response, sent piece by piece; each is let go once it is sent."""

    def __init__(self, pieces: list[bytes], content_type: str, unsent: Unsent) -> None:
        super().__init__(pieces, content_type=content_type)
        self._size = self._left = sum(map(len, pieces))
        self._unsent = unsent
        unsent.held += self._left

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Send it."""
        pieces = self._value
        pieces.reverse()
        while pieces:
            piece = pieces.pop()
            await writer.write(piece)
            self._release(len(piece))

    def __del__(self) -> None:
        # Also when nothing of it was sent, or not all: the client is gone.
        self._release(self._left)

    def _release(self, length: int) -> None:
        self._left -= length
        self._unsent.held -= length

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return what has not been sent yet, as text."""
        return b"".join(self._value).decode(encoding, errors)


def write_in_pieces(body: Any) -> list[bytes]:
    """Return *body*, the answer to a GraphQL request, as JSON: what orjson writes, in pieces.

    It is used up: what is written is taken out of it.
    """
    writer = _Writer()
    writer.value(body, DEPTH)
    return writer.finish()


class _Writer:
    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._parts: list[bytes] = []
        self._size = 0

    def finish(self) -> list[bytes]:
        if self._parts:
            self._pieces.append(b"".join(self._parts))
        return self._pieces

    def value(self, value: Any, depth: int) -> None:
        """Write *value*, in parts down to *depth*."""
        if depth and value and isinstance(value, dict):
            self._object(value, depth)
        elif depth and value and isinstance(value, list):
            self._list(value, depth)
        else:
            self._add(orjson.dumps(value))

    def _object(self, value: dict[str, Any], depth: int) -> None:
        before = b"{"
        for name in list(value):
            self._add(before + orjson.dumps(name) + b":")
            self.value(value.pop(name), depth - 1)
            before = b","
        self._add(b"}")

    def _list(self, value: list[Any], depth: int) -> None:
        before = b"["
        if len(value) <= ITEMS:
            for place, item in enumerate(value):
                self._add(before)
                value[place] = None
                self.value(item, depth - 1)
                before = b","
        else:
            for start in range(0, len(value), ITEMS):
                items = value[start : start + ITEMS]
                value[start : start + ITEMS] = [None] * len(items)
                self._add(before + orjson.dumps(items)[1:-1])
                before = b","
        self._add(b"]")

    def _add(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        if self._size >= PIECE_BYTES:
            self._pieces.append(b"".join(self._parts))
            self._parts, self._size = [], 0
