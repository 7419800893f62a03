"""Whatever comes, however it is cut: the express lane answers as if it were not there."""

import asyncio
import re
from contextlib import AsyncExitStack
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litereg.server.turns import Line
from tests.server.conftest import TOKEN, real_engine, running, settings_of
from tests.server.engines import Waiting
from tests.server.test_express import BODY, Client, post

CONNECTIONS = 3
ME = b'{"query": "{ me }"}'
KEY = f"X-API-Key: {TOKEN}"
WITH_KEY = post(KEY, body=ME)
CHUNKED = (
    post(body=ME)
    .replace(b"Content-Length: 19", b"Transfer-Encoding: chunked")
    .replace(ME, b"a\r\n" + ME[:10] + b"\r\n9\r\n" + ME[10:] + b"\r\n0\r\n\r\n")
)
GOOD = [
    post(),
    post(body=ME),
    WITH_KEY,
    post(f"Authorization: Bearer {TOKEN}", "X-Request-Id: mine", body=ME),
    post("X-API-Key: wrong", body=ME),
    post("X-Forwarded-For: 192.0.2.1"),
    post("Accept: application/graphql-response+json", path="/catalog/api/v1/custom/graphql"),
    post(KEY, body=b'{"query": "mutation { note(text: \\"a\\") }"}'),
    post(body=b'{"query": "{ sum(numbers: [1, 2]) }"}'),
    post("X-Request-Id: mine", body=b'{"query": "{ broken }"}'),
    post(body=b'{"query": "{ missing }"}'),
    post(body=b"[" + BODY + b"]"),
    post(body=b"{"),
    # Bodies that look like the beginning and the end of a request.
    post(body=WITH_KEY),
    post(body=b"\r\n\r\n" + ME),
    post("Expect: 100-continue"),
    post(KEY, body=b""),
    CHUNKED,
    b"\r\n" + post(),
    post(KEY).replace(b"Host: a", b"Host:a"),
    post().replace(b"Content-Length: 22", b"Content-Length: 022"),
    b"GET /graphql?query=%7Bme%7D HTTP/1.1\r\nHost: a\r\n" + KEY.encode() + b"\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n",
]
# After these, a connection is of no use; what came before them in one piece is not answered.
LAST = [
    post("Connection: close"),
    post(KEY, version="1.0", body=ME),
    WITH_KEY[WITH_KEY.index(b"\r\n\r\n") :],
    WITH_KEY[WITH_KEY.index(b"Content-Length") :],
    WITH_KEY[1:],
    post("Content-Length: 5"),
    post("Transfer-Encoding: chunked"),
    post().replace(b"Content-Length: 22", b"Content-Length: +22"),
    post().replace(b"Host: a", b"Host : a"),
    post().replace(b"\r\n", b"\n"),
]


@st.composite
def pieces(draw):
    """Return requests that are sent together, and the pieces in which they are."""
    last = draw(st.none() | st.sampled_from(LAST))
    if last is not None:
        # In pieces, the connection might be reset while one of them is still on its way.
        return [last], [last]
    requests = draw(st.lists(st.sampled_from(GOOD), min_size=1, max_size=4))
    whole = b"".join(requests)
    ends = [sum(map(len, requests[:n])) for n in range(1, len(requests))]
    # Also where heads end, as LAST has them without their beginnings.
    likely = [found.start() for found in re.finditer(rb"Content-Length|\r\n\r\n", whole)]
    cut = st.integers(1, len(whole)) | st.sampled_from(likely)
    cuts = draw(st.just(ends) | st.just([]) | st.lists(cut, max_size=4))
    places = [0, *sorted({*cuts, len(whole)})]
    return requests, [whole[a:b] for a, b in pairwise(places)]


class Ordinary(Waiting):
    """An engine that answers nothing at once."""

    def __init__(self, engine):
        self.answer = engine.answer


class Counting:
    """An engine that counts what it answers at once."""

    def __init__(self, engine):
        self._engine = engine
        self.answer = engine.answer
        self.at_once = 0

    def answer_at_once(self, *asked):
        answer = self._engine.answer_at_once(*asked)
        self.at_once += answer is not None
        return answer


class Sites:
    """A server with the express lane, and what one without answers to each request alone."""

    def __init__(self, site, ordinary):
        self._site = site
        self._ordinary = ordinary
        self._expected = {}

    async def expected(self, request):
        """Return the answer to *request*, and whether the connection is good for more."""
        if request not in self._expected:
            client = Client(*await self._ordinary.connect())
            answer = await answer_of(client, request)
            # Nothing that is sent behind what closes the connection is answered.
            again = None if request in LAST else await answer_of(client, post())
            client.close()
            assert again is None or again[0] == 200
            self._expected[request] = answer
        return self._expected[request]

    async def play(self, rounds):
        """Send what each of *rounds* says, on several connections at once."""
        clients = {}
        for one_round in rounds:
            for number in one_round:
                if number not in clients:
                    clients[number] = Client(*await self._site.connect())
            await asyncio.gather(
                *(self._send(clients, number, *sent) for number, sent in one_round.items())
            )
        for client in clients.values():
            client.close()

    async def _send(self, clients, number, requests, pieces):
        client = clients[number]
        answers = [await answer_of(client, *pieces)]
        answers += [await answer_of(client) for _ in requests[1:]]
        assert answers == [await self.expected(request) for request in requests], pieces
        if requests[0] in LAST:
            assert await client.ended()
            clients.pop(number).close()


async def answer_of(client, *pieces):
    """Send *pieces*; return status, headers and body of the next answer, without what differs."""
    status, headers, body = await client.ask(*pieces)
    if headers.get("x-request-id") != "mine":
        headers.pop("x-request-id", None)
    headers.pop("date", None)
    return status, headers, body


@pytest.fixture(scope="module")
def loop():
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def sites(loop, tmp_path_factory):
    stack = AsyncExitStack()

    async def start():
        engine = await stack.enter_async_context(
            real_engine(tmp_path_factory.mktemp("express"), settings_of())
        )
        counting = Counting(engine)
        both = [
            await stack.enter_async_context(running(one, settings_of()))
            for one in (counting, Ordinary(engine))
        ]
        return Sites(*both), counting

    sites, counting = loop.run(start())
    yield sites
    loop.run(stack.aclose())
    assert counting.at_once > 0


@pytest.mark.parametrize("has_time", [True, False], ids=["with time left", "with none left"])
@pytest.mark.parametrize("examples", [25, pytest.param(300, marks=pytest.mark.fuzz)])
def test_requests_are_answered_as_each_is_alone(loop, sites, has_time, examples):
    @settings(max_examples=examples, deadline=None)
    @given(
        st.lists(
            st.dictionaries(st.integers(1, CONNECTIONS), pieces(), min_size=1),
            min_size=1,
            max_size=6,
        )
    )
    def play(rounds):
        loop.run(sites.play(rounds))

    with pytest.MonkeyPatch.context() as patch:
        if not has_time:
            patch.setattr(Line, "is_clear", lambda line: False)
        play()
