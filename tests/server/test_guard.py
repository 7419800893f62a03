import asyncio
import json
import logging
import socket
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from litereg.server.guard import MIN_READ_BYTES, Doorkeeper, Guarded
from litereg.server.keys import LIFECYCLE, Lifecycle
from litereg.server.logs import REQUESTS
from litereg.server.runner import serving
from tests.server.conftest import running, settings_of
from tests.server.engines import Fixed

POST = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
HEAD = POST + b"Content-Length: %d\r\n\r\n"
BODY = b'{"query": "{ hello }"}'
REQUEST = HEAD % len(BODY) + BODY
# Longer than anything here takes, so that what never ends fails instead.
PATIENCE_S = 20


async def read_response(reader):
    """Return the status and the decoded body of the next response."""
    async with asyncio.timeout(PATIENCE_S):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:-2])
        body = await reader.readexactly(int(headers["content-length"]))
    assert headers["content-type"] == "application/json; charset=utf-8"
    return int(head[0].split()[1]), json.loads(body)


async def ask(reader, writer):
    writer.write(REQUEST)
    return await read_response(reader)


async def closed(reader):
    """Wait until the server has closed the connection, and return what it sent before."""
    with suppress(ConnectionResetError):
        async with asyncio.timeout(PATIENCE_S):
            return await reader.read()
    return b""


async def test_connections_that_say_nothing_or_half_a_head_are_closed(start):
    site = await start(header_timeout_s=0.05)
    half = [b"", b"P", b"POST /graphql HTTP/1.1\r\nHost", (HEAD % 5)[:-4]]
    connections = []
    for number in range(40):
        reader, writer = await site.connect()
        for byte in half[number % len(half)]:
            writer.write(bytes([byte]))
        connections.append((reader, writer))

    for reader, writer in connections:
        assert await closed(reader) == b""
        writer.close()


async def test_half_a_head_is_not_waited_for_on_a_used_connection_either(start):
    site = await start(header_timeout_s=0.05)
    reader, writer = await site.connect()
    assert (await ask(reader, writer))[0] == 200

    writer.write(REQUEST[:30])

    assert await closed(reader) == b""
    writer.close()


async def test_the_deadline_for_heads_leaves_idle_connections_alone(start):
    site = await start(header_timeout_s=0.05)
    reader, writer = await site.connect()
    assert (await ask(reader, writer))[0] == 200

    # Its end tells that the deadline is over.
    slow_reader, slow_writer = await site.connect()
    slow_writer.write(b"P")
    await closed(slow_reader)

    assert (await ask(reader, writer))[0] == 200
    writer.close()
    slow_writer.close()


async def test_idle_connections_are_closed(start):
    site = await start(idle_timeout_s=0.05)
    reader, writer = await site.connect()
    assert (await ask(reader, writer))[0] == 200

    assert await closed(reader) == b""
    writer.close()


async def test_stalled_bodies_are_answered_408_and_closed(start):
    site = await start(body_timeout_s=0.05)
    connections = [await site.connect() for _ in range(50)]
    for _, writer in connections:
        writer.write(HEAD % 1000 + b'{"query"')

    for reader, writer in connections:
        status, body = await read_response(reader)
        assert status == 408
        assert body["errors"][0]["extensions"]["code"] == "REQUEST_TIMEOUT"
        writer.close()


async def test_a_stalled_body_closes_its_connection_in_the_end(start):
    site = await start(body_timeout_s=0.05)
    reader, writer = await site.connect()
    writer.write(HEAD % 1000 + b"{")

    answer = await closed(reader)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"Connection: close" in answer
    writer.close()


async def test_a_body_in_pieces_is_put_together(site):
    reader, writer = await site.connect()
    for piece in (REQUEST[:-20], REQUEST[-20:-10], REQUEST[-10:]):
        writer.write(piece)
        await writer.drain()

    assert await read_response(reader) == (200, {"data": {"hello": "Hello, world!"}})
    writer.close()


async def test_pipelined_requests_are_answered_in_order(site):
    reader, writer = await site.connect()
    writer.write(REQUEST * 3 + REQUEST[:40])

    for _ in range(3):
        assert (await read_response(reader))[0] == 200
    writer.write(REQUEST[40:])
    assert (await read_response(reader))[0] == 200
    writer.close()


async def test_connections_over_the_limit_are_closed_without_a_word(start, caplog):
    site = await start(max_connections=3)
    inside = [await site.connect() for _ in range(3)]
    for reader, writer in inside:
        assert (await ask(reader, writer))[0] == 200

    for _ in range(20):
        reader, writer = await site.connect()
        writer.write(REQUEST)
        assert await closed(reader) == b""
        writer.close()

    for reader, writer in inside:
        assert (await ask(reader, writer))[0] == 200
        writer.close()
    assert caplog.records == []


async def test_a_place_that_is_left_is_free_again(start):
    site = await start(max_connections=1)
    reader, writer = await site.connect()
    assert (await ask(reader, writer))[0] == 200
    writer.write_eof()
    writer.close()
    await writer.wait_closed()

    answer = b""
    while not answer:
        reader, writer = await site.connect()
        with suppress(ConnectionError):
            writer.write(REQUEST)
            answer = await reader.read(12)
        writer.close()
    assert answer == b"HTTP/1.1 200"


class Told(logging.Handler):
    """Sets an event when a request is logged."""

    def __init__(self):
        super().__init__()
        self.event = asyncio.Event()

    def emit(self, record):
        self.event.set()


async def test_a_client_that_does_not_read_its_answer_is_given_up():
    size = 16 * 1024 * 1024
    told = Told()
    log = logging.getLogger(REQUESTS)
    log.addHandler(told)
    level = log.level
    log.setLevel(logging.INFO)
    try:
        settings = settings_of(idle_timeout_s=0.05)
        async with running(Fixed({"data": "x" * size}), settings) as site:
            client = socket.create_connection((site.host, site.port))
            client.sendall(REQUEST)
            await told.event.wait()
            client.setblocking(False)
            reader, writer = await asyncio.open_connection(sock=client)
            assert len(await closed(reader)) < size
            writer.close()
    finally:
        log.removeHandler(told)
        log.setLevel(level)


async def test_an_answer_of_any_length_reaches_who_reads_it():
    body = {"data": "x" * 16 * 1024 * 1024}
    async with running(Fixed(body), settings_of()) as site:
        reader, writer = await site.connect()
        for _ in range(2):
            assert await ask(reader, writer) == (200, body)
        writer.close()


class Draining(asyncio.Transport):
    """A transport whose client reads, for a while, as much as it has to."""

    def __init__(self, reads):
        super().__init__()
        self._left = reads * MIN_READ_BYTES
        self.asked = 0
        self.aborted = asyncio.Event()

    def get_write_buffer_size(self):
        self.asked += 1
        self._left = max(self._left - MIN_READ_BYTES, 0)
        return self._left

    def abort(self):
        self.aborted.set()

    def close(self):
        self.aborted.set()


async def test_a_client_that_reads_slowly_is_given_up_when_it_stops():
    busy = asyncio.Event()

    async def never_done(request):
        busy.set()
        await asyncio.Event().wait()

    door = Doorkeeper(settings_of(idle_timeout_s=0.01))
    server = web.Server(never_done)
    connection = Guarded(server, door, loop=asyncio.get_running_loop(), access_log=None)
    transport = Draining(reads=5)
    connection.connection_made(transport)
    connection.data_received(GET + b"\r\n")
    await busy.wait()

    connection.pause_writing()
    await transport.aborted.wait()

    # Each check that found enough read was followed by another.
    assert transport.asked > 5
    await server.shutdown(0.01)
    connection.connection_lost(None)
    assert door.open == 0


async def raise_at_once(request):
    raise ZeroDivisionError("a detail that is nobody's business")


async def raise_in_the_middle(request):
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"the beginning")
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("handler", "shown"), [(raise_at_once, b"INTERNAL_SERVER_ERROR"), (raise_in_the_middle, b"")]
)
async def test_a_defect_that_nothing_caught_closes_the_connection(handler, shown, caplog):
    app = web.Application()
    app[LIFECYCLE] = Lifecycle()
    app.router.add_get("/", handler)
    async with serving(app, settings_of()) as url:
        reader, writer = await asyncio.open_connection(*urlsplit(url).netloc.split(":"))
        writer.write(GET + b"\r\n")

        answer = await closed(reader)

        assert shown in answer
        assert b"nobody" not in answer
        assert b"ZeroDivision" not in answer
        writer.close()
    assert "ZeroDivisionError" in caplog.text or not shown


GARBAGE = {
    "no HTTP": (b"NONSENSE\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "a long address": (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    "a long header": (GET + b"X-A: " + b"a" * 20_000 + b"\r\n\r\n", 431),
    "many headers": (GET + b"X-A: b\r\n" * 1000 + b"\r\n", 400),
    "a control character": (GET + b"X-A: \0\r\n\r\n", 400),
    "two lengths": (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    "length and chunks": (POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    "a broken chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
}


@pytest.mark.parametrize(("sent", "status"), GARBAGE.values(), ids=GARBAGE)
async def test_what_is_no_request_is_refused_in_json_and_closed(site, sent, status, caplog):
    reader, writer = await site.connect()
    writer.write(sent)

    answered, body = await read_response(reader)

    assert answered == status
    assert body["errors"][0]["extensions"]["code"]
    assert await closed(reader) == b""
    assert "Traceback" not in caplog.text
    writer.close()


async def test_a_client_that_leaves_in_the_middle_of_its_body_leaves_no_trace(site, caplog):
    for _ in range(3):
        _, writer = await site.connect()
        writer.write(HEAD % 1000 + b"{")
        await writer.drain()
        writer.transport.abort()

    reader, writer = await site.connect()
    assert (await ask(reader, writer))[0] == 200
    writer.close()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
