"""Answer short queries the moment they arrive.

Most of what a registry is asked takes less time than aiohttp's task, request, stream and response
for it. `Express` looks at a request as soon as its bytes are there, or when it has stood in line:
when it came whole and alone, and the engine has the answer at once, the answer is written in place.
Everything else, and whatever is wrong with a request, goes the ordinary way as if nobody had
looked. All that is refused here is what there is no time for. The answers of the two ways are the
same, header for header.
"""

from __future__ import annotations

from email.utils import formatdate
from functools import lru_cache
from time import time
from typing import Any, Final, cast

import orjson
from aiohttp.http import RawRequestMessage

from litereg.server.express_lane import HEAD_END, ExpressLane
from litereg.server.guard import Guarded
from litereg.server.keys import request_id_of
from litereg.server.logs import RequestLog
from litereg.server.slots import RETRY_AFTER_S

# What is longer is nothing that is answered at once.
MAX_BYTES: Final = 16 * 1024


class Express(Guarded):
    """One connection, on which short queries are answered without a task."""

    __slots__ = ("_held", "_is_between", "_is_resting", "_lane")

    def __init__(self, lane: ExpressLane, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._lane = lane
        # Bytes that wait in line for the event loop; nothing has looked at them yet.
        self._held = b""
        self._is_resting = False
        # Whether aiohttp's parser waits for the first byte of a request.
        self._is_between = True

    def data_received(self, data: bytes) -> None:
        """Take bytes in, at once or when it is their turn."""
        if not data:
            # aiohttp wants what it has already to be looked at again.
            super().data_received(data)
            return
        if self._held and not self._is_resting:
            # More than one request, or one in pieces: nothing that is answered at once.
            self._let_go()
        if self._is_resting:
            self._held += data
            self._pause()
            return
        line = self._lane.line
        # What changes something takes many turns anyway: it stands in line only if that is long.
        if line.is_clear() or len(data) > MAX_BYTES or (line.is_short and b"mutation" in data):
            self._take(data)
        else:
            self._held = data
            line.join(self)

    def serve(self, is_late: bool) -> None:
        """Take in the bytes that have stood in line, unless they were let go before."""
        if self._is_resting:
            # They were turned away meanwhile, and come again when they may.
            return
        try:
            self._let_go(is_late)
        except Exception:
            # As asyncio does when bytes that it hands over meet a defect.
            if self.transport is not None:
                self.transport.abort()
            raise

    def eof_received(self) -> None:
        """Take in what is held before the end is taken for the end."""
        self._let_go()
        super().eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget what nobody waits for any more."""
        self._held = b""
        super().connection_lost(exc)

    def close(self) -> None:
        """Answer what is held, and close."""
        self._let_go()
        super().close()

    async def shutdown(self, timeout: float | None = 15.0) -> None:  # noqa: ASYNC109 - as aiohttp has it
        """Answer what is held, and end."""
        self._let_go()
        await super().shutdown(timeout)

    def _process_keepalive(self) -> None:
        self._let_go()
        super()._process_keepalive()

    def _let_go(self, is_late: bool = False) -> None:
        held, self._held = self._held, b""
        if held:
            self._resume()
            self._take(held, is_late)

    def _take(self, data: bytes, is_late: bool = False) -> None:
        """Take bytes in, and answer what can be answered at once."""
        waiter = self._waiter
        if waiter is None or waiter.done() or self.writing_paused or len(data) > MAX_BYTES:
            self._is_between = False
            super().data_received(data)
            return
        known = self._known(data) if self._is_between else None
        if known is not None and self._answer_at_once(*known, is_late):
            self._request_count += 1
            self._forget_head()
            return
        self._is_between = False
        # aiohttp's task sleeps until there is something for it to do, and a deadline goes on.
        timer, self._waiter, self._head_timer = self._head_timer, None, None
        try:
            super().data_received(data)
        finally:
            self._waiter, self._head_timer = waiter, timer
        if self._messages:
            self._forget_head()
            # What is known has been tried.
            if known is not None or not self._answer_read(data, is_late):
                waiter.set_result(None)
        elif timer is None:
            self._expect_head()

    def _known(self, data: bytes) -> tuple[RawRequestMessage, bytes] | None:
        """Return the message and the body that *data* is, if its head is known."""
        begin = data.find(HEAD_END) + len(HEAD_END)
        message = self._lane.known(data[:begin], len(data) - begin)
        if message is None or self._close or self._force_close:
            return None
        return message, data[begin:]

    def _answer_read(self, data: bytes, is_late: bool) -> bool:
        """Answer the request that *data* is, as aiohttp read it; return False when it may not."""
        message, payload = self._messages[0]
        if len(self._messages) > 1 or not payload.is_eof():
            return False
        begin = data.find(HEAD_END) + len(HEAD_END)
        body = data[begin:]
        if not (isinstance(message, RawRequestMessage) and self._lane.takes(message, len(body))):
            return False
        if self._parser is None or not self._answer_at_once(message, body, is_late):
            return False
        self._messages.popleft()
        self._parser.message_consumed()
        self._is_between = True
        self._lane.keep(data[:begin], message, len(body))
        return True

    def _answer_at_once(self, message: RawRequestMessage, body: bytes, is_late: bool) -> bool:
        """Answer *message*; return False when that is not for here."""
        start = self._loop.time()
        request_id = request_id_of(message.headers)
        found = None
        if not is_late:
            found = self._lane.answer(message.headers, body, self._address(), request_id)
        if found is None:
            if not (is_late or self._lane.slots.is_full):
                return False
            # In place as well: turning away must cost less than what it keeps away.
            head, text = self._lane.busy(message.headers)
            return self._send(message, 503, head, text, request_id, start) and self._rest()
        answer, media_type = found
        text = orjson.dumps(answer.body)
        head = self._lane.head(media_type)
        return self._send(message, 200, head, text, request_id, start, answer.operation)

    def _send(
        self,
        message: RawRequestMessage,
        status: int,
        head: bytes,
        text: bytes,
        request_id: str,
        start: float,
        operation: str | None = None,
    ) -> bool:
        """Write the whole answer to *message*; return False when its client is gone."""
        if self.transport is None:
            return False
        self.transport.write(_whole(head, request_id, text))
        end = self._loop.time()
        self._next_keepalive_close_time = end + self._keepalive_timeout
        if self._logging_enabled:
            log = cast(RequestLog, self.access_logger)
            log.write(request_id, message.method, message.path, status, end - start, operation)
        return True

    def _rest(self) -> bool:
        """Look at nothing that the client sends until it may come again; return True.

        Clients that wait notice nothing of it. Those that do not would have themselves turned away
        thousands of times a second, and leave no time for anybody else.
        """
        self._is_resting = True
        self._loop.call_later(RETRY_AFTER_S, self._rise)
        return True

    def _pause(self) -> None:
        """Read no more from a client that should have waited; it costs more than to expect it."""
        if self.transport is not None:
            self.transport.pause_reading()

    def _resume(self) -> None:
        """Read again; aiohttp, which has its own reasons not to, had nothing to do with a pause."""
        if self._is_resting and self.transport is not None:
            self.transport.resume_reading()

    def _rise(self) -> None:
        """Let the client come again, with what it has sent already."""
        self._resume()
        self._is_resting = False
        if self._held:
            self._lane.line.join(self)

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
