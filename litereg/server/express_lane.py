"""What is answered at once: which requests, under which heads.

A client sends the same head with each request. One that aiohttp has read is kept by its bytes, and
not read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, cast

from aiohttp import hdrs, web
from aiohttp.http import HttpVersion11, RawRequestMessage

from litereg.gql.answers import Answer
from litereg.server.keys import Lifecycle
from litereg.server.negotiation import answer_type
from litereg.server.proxies import FORWARDED_FOR
from litereg.server.replies import api_headers, connection_headers, refusal
from litereg.server.slots import Slots, overloaded
from litereg.server.turns import Line
from litereg.settings import Settings

HEAD_END: Final = b"\r\n\r\n"
# Of the heads that are kept; they are a client's own only where it sends something of its own.
MAX_HEADS: Final = 256
MAX_HEAD_BYTES: Final = 2 * 1024

NOT_KNOWN: Final = (None, -1)

# Headers, body, the client's address, the request's name → the answer and its media type, or None.
AnswerAtOnce = Callable[[Mapping[str, str], bytes, str | None, str], tuple[Answer, str] | None]


class ExpressLane:
    """What may be answered at once, and by whom; all connections share one."""

    def __init__(
        self,
        paths: Iterable[str],
        answer: AnswerAtOnce,
        settings: Settings,
        lifecycle: Lifecycle,
        line: Line,
        slots: Slots,
    ) -> None:
        self.answer = answer
        self.line = line
        self.slots = slots
        self._paths = frozenset(settings.prefix + path for path in paths).union(paths)
        self._settings = settings
        self._lifecycle = lifecycle
        self._heads: dict[str, bytes] = {}
        self._busy: dict[str, tuple[bytes, bytes]] = {}
        self._known: dict[bytes, tuple[RawRequestMessage, int]] = {}

    def known(self, head: bytes, length: int) -> RawRequestMessage | None:
        """Return the message that *head* is, before a body of *length* bytes, if it came before."""
        message, its_length = self._known.get(head, NOT_KNOWN)
        return message if length == its_length and not self._lifecycle.stopping else None

    def keep(self, head: bytes, message: RawRequestMessage, length: int) -> None:
        """Keep what aiohttp made of *head*, of a message that is taken here.

        Of a head that came in pieces, *head* is the last one: it says less than the message, whose
        credentials would be those of whoever sends no more than that.
        """
        if len(head) > MAX_HEAD_BYTES or head != _written(message):
            return
        if len(self._known) >= MAX_HEADS:
            self._known.pop(next(iter(self._known)))
        self._known[head] = (message, length)

    def takes(self, message: RawRequestMessage, length: int) -> bool:
        """Return whether *message* is an ordinary POST of GraphQL with a body of *length* bytes."""
        headers = message.headers
        return (
            message.method == "POST"
            and message.path in self._paths
            and message.version == HttpVersion11
            and not message.should_close
            and not message.upgrade
            and not message.chunked
            and message.compression is None
            # When more came than it says, that is the beginning of the next request.
            and headers.get(hdrs.CONTENT_LENGTH) == str(length)
            and hdrs.EXPECT not in headers
            and hdrs.COOKIE not in headers
            and FORWARDED_FOR not in headers
            and not self._lifecycle.stopping
        )

    def head(self, media_type: str) -> bytes:
        """Return what does not change from one answer to the next: its first lines."""
        head = self._heads.get(media_type)
        if head is None:
            head = self._heads[media_type] = self._lines("200 OK", api_headers(media_type))
        return head

    def busy(self, headers: Mapping[str, str]) -> tuple[bytes, bytes]:
        """Return the first lines and the body of the refusal of what there is no time for."""
        media_type = answer_type(headers.get(hdrs.ACCEPT))
        busy = self._busy.get(media_type)
        if busy is None:
            reply = refusal(overloaded(), media_type)
            head = self._lines("503 Service Unavailable", reply.headers)
            busy = self._busy[media_type] = (head, cast(bytes, reply.body))
        return busy

    def _lines(self, status: str, headers: Mapping[str, str]) -> bytes:
        all_headers = {**headers, **connection_headers(self._settings)}
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {v}" for name, v in all_headers.items())]
        return "\r\n".join(lines).encode()


EXPRESS: Final = web.AppKey("express", ExpressLane)


def _written(message: RawRequestMessage) -> bytes:
    """Return the head of *message* as clients write it; another spelling of it is not kept."""
    first = f"{message.method} {message.path} HTTP/1.1".encode()
    lines = (b"%b: %b" % header for header in message.raw_headers)
    return b"\r\n".join((first, *lines)) + HEAD_END
