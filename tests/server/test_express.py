import asyncio
import gzip
import json
import logging

import pytest

from litereg.gql.answers import Answer
from litereg.server import express, express_lane
from litereg.server.guard import Guarded
from litereg.server.keys import LIFECYCLE
from litereg.server.logs import REQUESTS
from litereg.server.turns import Line
from tests.server.conftest import TOKEN, running, settings_of
from tests.server.engines import Fixed

BODY = b'{"query": "{ hello }"}'
HELLO = {"data": {"hello": "Hello, world!"}}
DIFFERENT_EACH_TIME = ("date", "x-request-id")
PATIENCE_S = 20


def post(*headers, body=BODY, path="/graphql", version="1.1"):
    lines = [
        f"POST {path} HTTP/{version}",
        "Host: a",
        "Content-Type: application/json",
        *headers,
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Client:
    """One connection."""

    def __init__(self, reader, writer):
        self._reader = reader
        self._writer = writer

    async def ask(self, *pieces):
        """Send what is one request, and return status, headers and body of its answer."""
        for piece in pieces:
            self._writer.write(piece)
            await self._writer.drain()
            # The server gets to see each piece alone: in the first of these turns, the bytes are
            # found to be there, in the second they are read, in the third they have stood in line.
            for _ in range(3):
                await asyncio.sleep(0)
        return await self.receive()

    async def receive(self):
        async with asyncio.timeout(PATIENCE_S):
            head = await self._head()
            if head[0].split()[1] == "100":
                # It says to go on, which was done already.
                head = await self._head()
            headers = dict(line.lower().split(": ", 1) for line in head[1:-2])
            body = await self._reader.readexactly(int(headers["content-length"]))
        return int(head[0].split()[1]), headers, json.loads(body)

    async def _head(self):
        return (await self._reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")

    async def ended(self):
        async with asyncio.timeout(PATIENCE_S):
            return await self._reader.read() == b""

    def close(self):
        self._writer.close()


async def connected(site):
    """Return a connection on which a first request has been answered, in the ordinary way."""
    client = Client(*await site.connect())
    assert (await client.ask(post(path="/graphql?first")))[0] == 200
    return client


@pytest.fixture(params=["with time left", "with none left"], autouse=True)
def time_left(request, monkeypatch):
    """Have every request answered at once, or stand in line before that."""
    if request.param == "with none left":
        monkeypatch.setattr(Line, "is_clear", lambda line: False)


class TwoFaced(Fixed):
    """Tells in its answer which way a request went, and keeps what it was told of it."""

    def __init__(self):
        super().__init__({"data": "in the ordinary way"})
        self.asked = []

    def answer_at_once(self, request, credentials, request_id):
        self.asked.append((request, credentials, request_id))
        return Answer(200, {"data": "at once"}, "Hello")


@pytest.fixture
async def engine():
    return TwoFaced()


@pytest.fixture
async def client(engine):
    async with running(engine, settings_of()) as site:
        client = await connected(site)
        yield client
        client.close()


@pytest.mark.parametrize("url", ["", "https://data.example.org"])
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_both_ways_give_the_same_answer_header_for_header(start, url, accept):
    site = await start(base_url=url)
    client = Client(*await site.connect())
    request = post(f"Accept: {accept}", f"X-API-Key: {TOKEN}", body=b'{"query": "{ me }"}')

    # The first of a connection goes the ordinary way.
    ordinary, express = [await client.ask(request) for _ in range(2)]

    for _, headers, _ in (ordinary, express):
        for name in DIFFERENT_EACH_TIME:
            del headers[name]
    assert express == ordinary
    assert express[2] == {"data": {"me": "ann"}}
    client.close()


async def test_a_short_query_is_answered_at_once(client, engine):
    request = post("X-API-Key: k", "X-Request-Id: mine", path="/catalog/api/v1/custom/graphql")

    status, headers, body = await client.ask(request)

    assert (status, body) == (200, {"data": "at once"})
    assert headers["x-request-id"] == "mine"
    ((asked, credentials, request_id),) = engine.asked
    assert (asked.query, asked.address) == ("{ hello }", "127.0.0.1")
    assert (credentials.token, credentials.kind, request_id) == ("k", "api_key", "mine")


class Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self):
        super().__init__()
        self.fields = []

    def emit(self, record):
        self.fields.append(record.fields)


@pytest.fixture
def kept():
    logger, kept = logging.getLogger(REQUESTS), Kept()
    level, propagate = logger.level, logger.propagate
    logger.addHandler(kept)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    yield kept
    logger.removeHandler(kept)
    logger.setLevel(level)
    logger.propagate = propagate


async def test_what_is_answered_at_once_is_one_line_in_the_log(kept, client):
    await client.ask(post("X-Request-Id: mine"))

    _, fields = kept.fields
    assert fields.pop("ms") >= 0
    assert fields == {
        "id": "mine",
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "operation": "Hello",
    }


@pytest.mark.parametrize(
    "request_",
    [
        post("Cookie: litereg_session=a", "Sec-Fetch-Site: same-origin"),
        post("X-Forwarded-For: 10.0.0.1"),
        post("Content-Encoding: gzip", body=gzip.compress(BODY)),
        post(body=b"[" + BODY + b"]"),
        post(path="/graphql?a=b"),
        post(path="//graphql"),
        post(body=BODY[:-1] + b', "more": "' + b"x" * 20_000 + b'"}'),
        post()
        .replace(b"Content-Length: 22", b"Transfer-Encoding: chunked")
        .replace(BODY, b"16\r\n" + BODY + b"\r\n0\r\n\r\n"),
        b"GET /graphql?query=%7Bhello%7D HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
    ids=lambda request: request[:24],
)
async def test_what_is_not_plain_goes_the_ordinary_way(client, engine, request_):
    status, _, body = await client.ask(request_)

    told = {"data": "in the ordinary way"}
    assert (status, body) in [(200, told), (200, [told])]
    assert engine.asked == []
    # And the connection is good for what comes next.
    assert (await client.ask(post()))[2] == {"data": "at once"}


async def test_a_request_in_pieces_goes_the_ordinary_way(client, engine):
    request = post()

    assert (await client.ask(request[:30], request[30:-5], request[-5:]))[0] == 200

    assert engine.asked == []


@pytest.fixture
def fed(monkeypatch):
    """What aiohttp was given to read."""
    fed = []
    data_received = Guarded.data_received

    def received_and_told(connection, data):
        # With nothing, aiohttp has itself look again at what it has.
        if data:
            fed.append(bytes(data))
        data_received(connection, data)

    monkeypatch.setattr(Guarded, "data_received", received_and_told)
    return fed


async def test_a_head_is_read_once_however_many_connections_send_it(engine, fed):
    async with running(engine, settings_of()) as site:
        one, other = [await connected(site) for _ in range(2)]
        await one.ask(post())
        fed.clear()
        bodies = [b'{"query": "{ hello }"}', b'{"query": "{ world }"}']

        answers = [await client.ask(post(body=b)) for client in (one, other, one) for b in bodies]

        # The other connection's parser has to be seen at the end of a request first.
        assert fed == [post()]
        assert {body["data"] for _, _, body in answers} == {"at once"}
        assert [request.query for request, *_ in engine.asked][1:] == ["{ hello }", "{ world }"] * 3
        one.close()
        other.close()


@pytest.mark.parametrize(
    "head",
    [
        post("X-API-Key: other"),
        post(body=b'{"query": "{ hello  }"}'),
        post(path="/graphql?first"),
        post("Cookie: a=b"),
        b" " + post(),
    ],
)
async def test_another_head_is_read_anew(client, engine, fed, head):
    await client.ask(post())
    await client.ask(post())
    fed.clear()

    await client.ask(head)

    assert fed == [head]


async def test_a_body_that_looks_like_a_request_is_a_body(client, engine, fed):
    await client.ask(post())
    await client.ask(post())
    looks_like_one, rest = post(), b"x" * 10
    outer = post(body=looks_like_one + rest)
    head = outer[: outer.index(b"\r\n\r\n") + 4]

    status, _, body = await client.ask(head, looks_like_one, rest)

    assert (status, body["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
    assert len(engine.asked) == 2
    assert (await client.ask(post()))[2] == {"data": "at once"}


@pytest.mark.parametrize("cut", [1, 30, 60])
async def test_the_rest_of_a_head_that_is_known_begins_no_request(client, engine, cut):
    for _ in range(2):
        await client.ask(post())

    for _ in range(2):
        assert (await client.ask(post()[:cut], post()[cut:]))[0] == 200
        assert (await client.ask(post()))[2] == {"data": "at once"}


@pytest.mark.parametrize("cut", [1, 60, -len(BODY) - 4])
async def test_the_end_of_somebodys_head_is_nobodys_head(engine, fed, cut):
    async with running(engine, settings_of()) as site:
        ann, stranger = [await connected(site) for _ in range(2)]
        await ann.ask(post())
        await stranger.ask(post())
        request = post()[:24] + b"X-API-Key: ann\r\n" + post()[24:]
        # A head may come in pieces, whoever cuts it: a proxy, or the network.
        assert (await ann.ask(request[:cut], request[cut:]))[2] == {"data": "at once"}
        assert fed[-2:] == [request[:cut], request[cut:]]

        status, _, _ = await stranger.ask(request[cut:])

        assert status == 400
        assert len([asked for asked, key, _ in engine.asked if key]) == 1
        ann.close()
        stranger.close()


async def test_what_cannot_be_answered_at_once_is_tried_once(client, engine, monkeypatch):
    for _ in range(2):
        await client.ask(post())
    asked = []
    monkeypatch.setattr(engine, "answer_at_once", lambda *one: asked.append(one))

    assert (await client.ask(post()))[2] == {"data": "in the ordinary way"}

    assert len(asked) == 1


async def test_so_many_heads_are_kept_and_no_longer_ones(engine, fed, monkeypatch):
    monkeypatch.setattr(express_lane, "MAX_HEADS", 3)
    async with running(engine, settings_of()) as site:
        client = await connected(site)
        heads = [post(f"X-API-Key: {n}") for n in range(4)]
        for head in (*heads, post(f"X-API-Key: {'k' * 2_000}"), heads[3]):
            await client.ask(head)
        fed.clear()

        for head in (heads[3], heads[1], heads[0], post(f"X-API-Key: {'k' * 2_000}")):
            await client.ask(head)

        assert fed == [heads[0], post(f"X-API-Key: {'k' * 2_000}")]
        client.close()


async def test_requests_that_come_together_are_answered_in_their_order(client):
    plain, last = post("X-Request-Id: a"), post("X-Request-Id: b", path="/graphql?x")

    answers = [await client.ask(plain + last + plain), await client.receive()]
    answers.append(await client.receive())

    assert [headers["x-request-id"] for _, headers, _ in answers] == ["a", "b", "a"]


@pytest.mark.parametrize(
    "request_", [post("Connection: close"), post("Connection: close", version="1.0")]
)
async def test_a_connection_that_is_to_end_ends(client, engine, request_):
    assert (await client.ask(request_))[0] == 200

    assert await client.ended()
    assert engine.asked == []


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ((), b"{", 400),
        ((), b'{"query": 1}', 400),
        ((), b'{"query": "{ missing }"}', 400),
        ((), b'{"query": "{ me"}', 400),
        ((), b'{"query": "{ hello }", "operationName": "Other"}', 400),
        ((), b'{"query": "query ($n: [Int!]!) { sum(numbers: $n) }"}', 400),
        (("X-API-Key: wrong",), BODY, 401),
        (("Content-Type: text/plain",), BODY, 415),
    ],
)
async def test_what_is_wrong_is_refused_as_on_the_ordinary_way(site, headers, body, status):
    request = post(*headers, body=body)
    if status == 415:
        request = request.replace(b"Content-Type: application/json\r\n", b"")
    first, used = Client(*await site.connect()), await connected(site)

    expected, found = await first.ask(request), await used.ask(request)

    assert (found[0], found[2]) == (expected[0], expected[2])
    assert found[0] == status
    first.close()
    used.close()


async def test_a_mutation_is_never_answered_at_once(site):
    client = await connected(site)
    request = post(body=b'{"query": "mutation { note(text: \\"a\\") }"}')

    answers = [await client.ask(request) for _ in range(3)]

    assert [body for _, _, body in answers] == [{"data": {"note": "a"}}] * 3
    client.close()


async def test_half_a_head_after_an_answer_at_once_is_not_waited_for(start):
    site = await start(header_timeout_s=0.05)
    client = await connected(site)
    assert (await client.ask(post()))[2] == HELLO

    client._writer.write(post()[:30])

    assert await client.ended()
    client.close()


async def test_a_connection_that_stays_idle_after_an_answer_at_once_is_closed(start):
    site = await start(idle_timeout_s=0.05)
    client = await connected(site)
    assert (await client.ask(post()))[2] == HELLO

    assert await client.ended()
    client.close()


@pytest.mark.parametrize("before", [0, 2])
async def test_nothing_is_answered_at_once_while_the_server_stops(engine, before):
    async with running(engine, settings_of()) as site:
        client = await connected(site)
        for _ in range(before):
            await client.ask(post())
        site.app[LIFECYCLE].stopping = True

        _, headers, _ = await client.ask(post())

        assert headers["connection"] == "close"
        assert await client.ended()
        client.close()
    assert len(engine.asked) == before


@pytest.fixture
async def slow_one():
    """A server with one slot, which somebody has taken; and what lets them go on."""
    entered, gate = asyncio.Event(), asyncio.Event()

    class Slow(TwoFaced):
        async def answer(self, request, credentials, request_id, heavy=False):
            if request_id == "slow":
                entered.set()
                await gate.wait()
            return await super().answer(request, credentials, request_id, heavy)

    async with running(Slow(), settings_of(max_running=1)) as site:
        clients = [await connected(site) for _ in range(4)]
        slow = asyncio.create_task(clients[0].ask(post("X-Request-Id: slow", path="/graphql?a")))
        await entered.wait()
        yield clients[1:], gate, slow
        for client in clients:
            client.close()


async def test_what_is_short_is_answered_although_all_slots_are_taken(slow_one):
    (client, *_), gate, slow = slow_one

    assert (await client.ask(post()))[2] == {"data": "at once"}

    gate.set()
    assert (await slow)[0] == 200


async def test_what_is_long_is_turned_away_at_once_when_as_many_wait_as_may(slow_one):
    clients, gate, slow = slow_one
    # Something that is never answered at once.
    request = post(path="/graphql", body=b'{"query": "mutation { hello }"}')
    asked = {asyncio.create_task(client.ask(request)) for client in clients[:2]}

    # One may wait. When the other has been refused, it does.
    (refused,), (waiting,) = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    again = await clients[2].ask(request)
    gate.set()

    for status, headers, _ in (await refused, again):
        assert (status, headers["retry-after"]) == (503, "1")
    assert (await waiting)[2] == (await slow)[2]


async def test_who_comes_again_too_soon_after_being_turned_away_is_not_looked_at(
    slow_one, monkeypatch
):
    monkeypatch.setattr(express, "RETRY_AFTER_S", 0.1)
    clients, gate, slow = slow_one
    request = post(body=b'{"query": "mutation { hello }"}')
    asked = [asyncio.create_task(client.ask(request)) for client in clients[:2]]
    await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    assert (await clients[2].ask(request))[0] == 503
    gate.set()
    assert (await slow)[0] == 200

    # The whole of it is answered all the same, once it is time.
    piece, rest = post()[:30], post()[30:]
    assert (await clients[2].ask(piece, rest))[0] == 200


async def test_many_requests_that_come_together_are_all_answered(client):
    names = [f"r{number}" for number in range(64)]
    wanted = b"".join(post(f"X-Request-Id: {name}", path="/graphql?a") for name in names)

    answers = [await client.ask(wanted)] + [await client.receive() for _ in names[1:]]

    assert [headers["x-request-id"] for _, headers, _ in answers] == names
