"""Answer short queries the moment they arrive.

Most of what a registry is asked takes less time than aiohttp's task, request, stream and response
for it. `Express` looks at a request as soon as its bytes are there: when it came whole and alone,
and the engine has the answer at once, the answer is written in place. Everything else, and whatever
is wrong with a request, goes the ordinary way as if nobody had looked; only the ordinary way ever
refuses anything. The answers of the two are the same, header for header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from email.utils import formatdate
from functools import lru_cache
from time import time
from typing import Any, Final, cast

import orjson
from aiohttp import hdrs, web
from aiohttp.http import HttpVersion11, RawRequestMessage

from litereg.gql.engine import Answer
from litereg.server.guard import Guarded
from litereg.server.keys import Lifecycle, request_id_of
from litereg.server.logs import RequestLog
from litereg.server.proxies import FORWARDED_FOR
from litereg.server.replies import api_headers, connection_headers
from litereg.settings import Settings

# What is longer is nothing that is answered at once.
MAX_BYTES: Final = 16 * 1024
HEAD_END: Final = b"\r\n\r\n"

# Headers, body, the client's address, the request's name → the answer and its media type, or None.
AnswerAtOnce = Callable[[Mapping[str, str], bytes, str | None, str], tuple[Answer, str] | None]


class ExpressLane:
    """What may be answered at once, and by whom; all connections share one."""

    def __init__(
        self, paths: Iterable[str], answer: AnswerAtOnce, settings: Settings, lifecycle: Lifecycle
    ) -> None:
        self.answer = answer
        self._paths = frozenset(settings.prefix + path for path in paths).union(paths)
        self._settings = settings
        self._lifecycle = lifecycle
        self._heads: dict[str, bytes] = {}

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
            headers = {**api_headers(media_type), **connection_headers(self._settings)}
            lines = ["HTTP/1.1 200 OK", *(f"{name}: {value}" for name, value in headers.items())]
            head = self._heads[media_type] = "\r\n".join(lines).encode()
        return head


EXPRESS: Final = web.AppKey("express", ExpressLane)


class Express(Guarded):
    """One connection, on which short queries are answered without a task."""

    __slots__ = ("_lane",)

    def __init__(self, lane: ExpressLane, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._lane = lane

    def data_received(self, data: bytes) -> None:
        """Take bytes in, and answer what can be answered at once."""
        waiter = self._waiter
        # The first request of a connection goes the ordinary way: its deadline runs already.
        is_idle = waiter is not None and not waiter.done() and self._head_timer is None
        if waiter is None or not is_idle or self.writing_paused or len(data) > MAX_BYTES:
            super().data_received(data)
            return
        # aiohttp's task sleeps until there is something for it to do.
        self._waiter = None
        try:
            super().data_received(data)
        finally:
            self._waiter = waiter
        if not self._messages:
            self._expect_head()
        elif not self._answer_at_once(data):
            waiter.set_result(None)

    def _answer_at_once(self, data: bytes) -> bool:
        """Answer the request that *data* is; return False when that is not for here."""
        message, payload = self._messages[0]
        if len(self._messages) > 1 or not payload.is_eof():
            return False
        start = self._loop.time()
        body = data[data.find(HEAD_END) + len(HEAD_END) :]
        if not (isinstance(message, RawRequestMessage) and self._lane.takes(message, len(body))):
            return False
        request_id = request_id_of(message.headers)
        found = self._lane.answer(message.headers, body, self._address(), request_id)
        transport = self.transport
        if found is None or transport is None or self._parser is None:
            return False
        self._messages.popleft()
        self._parser.message_consumed()
        answer, media_type = found
        head = self._lane.head(media_type)
        transport.write(_whole(head, request_id, orjson.dumps(answer.body)))
        end = self._loop.time()
        self._next_keepalive_close_time = end + self._keepalive_timeout
        if self._logging_enabled:
            log = cast(RequestLog, self.access_logger)
            log.write(request_id, message.method, message.path, 200, end - start, answer.operation)
        return True

    def _address(self) -> str | None:
        """Return the address of the other end, as aiohttp gives it to the ordinary way."""
        peer = self.peername
        return str(peer[0]) if isinstance(peer, (list, tuple)) else peer


def _whole(head: bytes, request_id: str, body: bytes) -> bytes:
    """Return an answer as it goes to the wire."""
    own = (
        f"\r\nX-Request-Id: {request_id}\r\nContent-Length: {len(body)}"
        f"\r\nDate: {_date(int(time()))}\r\n\r\n"
    )
    return b"".join((head, own.encode(), body))


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
