"""Keep slow and numerous clients from taking the server away from the others.

aiohttp waits for ever for the rest of a request's head, and for a client that does not read its
answer. `Guarded` does not, and `Doorkeeper` bounds how many connections there are. What a body may
take is bounded where it is read, in `litereg.server.bodies`.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any, Final, Protocol, cast

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from litereg.server.keys import new_request_id
from litereg.server.replies import Refused, Reply, refusal, refused_by
from litereg.settings import Settings

# How long what nobody wants of a body is read, so that the client gets to see the answer.
LINGERING_S: Final = 2.0
# What a client has to read of its answer in each idle_timeout_s.
MIN_READ_BYTES: Final = 64 * 1024

_log = logging.getLogger(__name__)


class Doorkeeper:
    """Counts the connections of a server, and turns away those over the limit."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.open = 0
        # What to end when the server stops, and was not asked for anything yet.
        self.handshakes: set[Handshake] = set()
        self._emptied: asyncio.Event | None = None

    def admit(self) -> bool:
        """Count one connection in, unless there are too many."""
        if self.open >= self.settings.max_connections:
            return False
        self.open += 1
        return True

    def depart(self) -> None:
        """Count one connection out."""
        self.open -= 1
        if self.open == 0 and self._emptied is not None:
            self._emptied.set()

    def end_handshakes(self) -> None:
        """Turn away whoever has not got to asking for something."""
        for handshake in list(self.handshakes):
            handshake.abort()

    async def wait_until_empty(self, timeout_s: float) -> None:
        """Wait until no connection is left, at most *timeout_s* seconds."""
        if self.open == 0:
            return
        self._emptied = asyncio.Event()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._emptied.wait()


class Handshake(Protocol):
    """A connection over TLS, from the moment it is accepted."""

    def abort(self) -> None:
        """End it, if nobody can have been asked for anything on it yet."""


class Guarded(web.RequestHandler):
    """One connection: closed when its client is too slow, or when there are too many.

    The deadlines cost a request on a connection in use two comparisons, no timer.
    """

    __slots__ = (
        "_admitted",
        "_close_after_body",
        "_door",
        "_head_timer",
        "_read_timer",
        "_unread",
        "has_begun",
    )

    def __init__(
        self, manager: web.Server, door: Doorkeeper, *, loop: asyncio.AbstractEventLoop, **kw: Any
    ) -> None:
        super().__init__(
            manager,
            loop=loop,
            keepalive_timeout=door.settings.idle_timeout_s,
            lingering_time=min(LINGERING_S, door.settings.body_timeout_s),
            logger=_log,
            **kw,
        )
        self._door = door
        self._admitted = False
        self.has_begun = False
        self._close_after_body = False
        self._head_timer: asyncio.TimerHandle | None = None
        self._read_timer: asyncio.TimerHandle | None = None
        self._unread = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection in, or close it when there are too many."""
        if not (self._admitted or self.arrive()):
            # Nothing of aiohttp may hear of this connection: it would start a task that trips
            # over the closed transport.
            cast(asyncio.Transport, transport).abort()
            return
        self.has_begun = True
        super().connection_made(transport)
        self._expect_head()

    def arrive(self) -> bool:
        """Count the connection in; return False when there are too many."""
        self._admitted = self._door.admit()
        return self._admitted

    def leave(self) -> None:
        """Count the connection out."""
        self._admitted = False
        self._door.depart()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Let the connection go."""
        if not self._admitted:
            return
        self._forget_head()
        self._forget_reading()
        super().connection_lost(exc)
        self.leave()

    def data_received(self, data: bytes) -> None:
        """Take bytes in, and note whether the head of a request is still incomplete."""
        super().data_received(data)
        if self._awaits_head():
            # Bytes came and nothing was made of them: they are the beginning of a head.
            if data and self._head_timer is None:
                self._expect_head()
        elif self._head_timer is not None:
            self._forget_head()
        if self._close_after_body and not self._receives_body():
            self.close()

    def close(self) -> None:
        """Close after the request in progress, once its whole body is here; at once without one.

        aiohttp closes its ears at once, and the request would wait for its body in vain; an idle
        connection it leaves open.
        """
        self._close_after_body = self._receives_body()
        if self._awaits_head():
            self.force_close()
        elif not self._close_after_body:
            super().close()

    def pause_writing(self) -> None:
        """Give a client that does not read its answer some time, and then up."""
        super().pause_writing()
        self._expect_reading()

    def resume_writing(self) -> None:
        """Note that the client has read enough."""
        self._forget_reading()
        super().resume_writing()

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send *resp*; what aiohttp refused by itself, before any handler ran, as JSON."""
        if isinstance(resp, web.HTTPException):
            resp = _with_id(refusal(refused_by(resp)))
        sent = await super().finish_response(request, resp, start_time)
        if not request.content.is_eof() and "Content-Encoding" in request.headers:
            # aiohttp would go on reading, so that the client gets to see the answer. Of a body
            # that was refused because it is a bomb, that would unpack the rest, in one go.
            request.content.feed_eof()
        return sent

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the answer to what is no HTTP, or met a defect outside of all handlers."""
        if request.writer.output_size > 0:
            raise ConnectionError("a defect was met after a part of the answer was sent") from exc
        if status >= 500:
            _log.error("a request met a defect", exc_info=exc)
            return _with_id(refusal(Refused(status, "Internal server error", close=True)))
        return _with_id(refusal(_unreadable(exc)))

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Log a defect; that the rest of a refused body cannot be unpacked is none."""
        if not isinstance(kw.get("exc_info"), web.RequestPayloadError):
            super().log_exception(*args, **kw)

    def _awaits_head(self) -> bool:
        waiter = self._waiter
        return waiter is not None and not waiter.done()

    def _receives_body(self) -> bool:
        request = self._current_request
        return request is not None and not request.content.is_eof()

    def _expect_head(self) -> None:
        timeout_s = self._door.settings.header_timeout_s
        self._head_timer = self._loop.call_later(timeout_s, self._give_up)

    def _give_up(self) -> None:
        """Close the connection; over TLS, without waiting for the client to say goodbye."""
        if self.transport is not None and self.transport.get_extra_info("sslcontext"):
            self.transport.abort()
        self.force_close()

    def _forget_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _expect_reading(self) -> None:
        if self.transport is not None:
            self._unread = self.transport.get_write_buffer_size()
            timeout_s = self._door.settings.idle_timeout_s
            self._read_timer = self._loop.call_later(timeout_s, self._check_reading)

    def _check_reading(self) -> None:
        """Close the connection unless its client has read something worth waiting for."""
        transport = self.transport
        if transport is None:
            return
        if transport.get_write_buffer_size() > self._unread - MIN_READ_BYTES:
            transport.abort()
        else:
            self._expect_reading()

    def _forget_reading(self) -> None:
        if self._read_timer is not None:
            self._read_timer.cancel()
            self._read_timer = None


def _unreadable(error: BaseException | None) -> Refused:
    """Return the refusal of bytes that are no request this server reads."""
    if not isinstance(error, LineTooLong):
        return Refused(400, "this is no HTTP request that can be read", close=True)
    # The parser says how the line begins, not what it is; an address begins with a slash.
    if error.args[0][:1] in ("/", b"/"):
        return Refused(414, "the address is too long: send the document by POST", close=True)
    return Refused(431, "a header is too long", close=True)


def _with_id(reply: Reply) -> Reply:
    reply.headers["X-Request-Id"] = new_request_id()
    return reply
