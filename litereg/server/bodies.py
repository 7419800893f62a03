"""Read request bodies: not too long, not too slowly, and not too many large ones at once."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from litereg.server.replies import Refused
from litereg.settings import Settings

# A body up to this size is nothing to keep account of: all connections together may hold one.
SMALL: Final = 64 * 1024
BYTES_PER_EXTRA_SECOND: Final = 64 * 1024
# What all larger bodies together may take, in bodies of the largest allowed size.
MAX_LARGEST: Final = 4


class Bodies:
    """Reads bodies, and keeps account of the memory that the large ones take."""

    def __init__(self, settings: Settings) -> None:
        self._max_bytes = settings.max_body_bytes
        self._timeout_s = settings.body_timeout_s
        self._max_held = max(MAX_LARGEST * settings.max_body_bytes, SMALL)
        self._held = 0

    async def read(self, request: web.Request, max_bytes: int | None = None) -> bytes:
        """Return the body of *request*, unpacked; `release` its length when it is done with.

        Of this one, *max_bytes* are the most; when None, those of the setting.

        Raises:
            Refused: 413 too long, 408 too slow, 503 too much memory is taken, 400 it breaks off.
        """
        content = request.content
        most = self._max_bytes if max_bytes is None else max_bytes
        try:
            if content.is_eof():
                body = content.read_nowait()
                self._hold(0, len(body), most)
                return body
            return await self._read_slowly(request, most)
        except (web.RequestPayloadError, ConnectionError) as error:
            # Of a lost connection nobody will read this, but the log will tell it from a defect.
            raise Refused(
                400, "the body breaks off, or is not packed as it says", close=True
            ) from error

    def release(self, length: int) -> None:
        """Give back the memory of a body that `read` returned."""
        if length > SMALL:
            self._held -= length

    async def _read_slowly(self, request: web.Request, most: int) -> bytes:
        """Return a body that is still on its way."""
        if (request.content_length or 0) > most:
            raise _too_long(most)
        start = asyncio.get_running_loop().time()
        body = bytearray()
        try:
            async with asyncio.timeout_at(start + self._timeout_s) as deadline:
                while chunk := await request.content.readany():
                    self._hold(len(body), len(chunk), most)
                    body += chunk
                    extra_s = len(body) / BYTES_PER_EXTRA_SECOND
                    deadline.reschedule(start + self._timeout_s + extra_s)
                    # What is there already does not wait: a packed body of nothing but zeros would
                    # be unpacked to its end before anybody else gets a turn.
                    await asyncio.sleep(0)
        except TimeoutError:
            self.release(len(body))
            raise Refused(408, "the body takes too long to arrive", close=True) from None
        except BaseException:
            self.release(len(body))
            raise
        return bytes(body)

    def _hold(self, held: int, more: int, most: int) -> None:
        """Account for *more* bytes of a body of which *held* are accounted for."""
        length = held + more
        if length > most:
            raise _too_long(most)
        if length > SMALL:
            added = more if held > SMALL else length
            if self._held + added > self._max_held:
                headers = {"Retry-After": "1"}
                raise Refused(503, "too many large requests at once; try again", headers)
            self._held += added


def _too_long(most: int) -> Refused:
    return Refused(413, f"the body is longer than {_size(most)}", close=True)


def _size(count: int) -> str:
    """Return a number of bytes as a limit is said: "32 MiB", or "1,000 bytes"."""
    for unit, size in (("MiB", 2**20), ("KiB", 2**10)):
        if count and count % size == 0:
            return f"{count // size:,} {unit}"
    return f"{count:,} bytes"
