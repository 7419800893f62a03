import asyncio
import gc
from copy import deepcopy

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from litereg.gql.answers import Answer
from litereg.server import long_answers
from litereg.server.long_answers import Pieces, write_in_pieces
from tests.server.conftest import running, settings_of
from tests.server.engines import Waiting
from tests.server.test_express import post

LEAVES = st.none() | st.integers(0, 9) | st.text(max_size=3)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=long_answers.ITEMS + 3)
        | st.dictionaries(st.sampled_from("abc"), inner)
    ),
)
DATA = st.none() | st.dictionaries(st.sampled_from("abc"), VALUES)
ERRORS = st.lists(st.dictionaries(st.sampled_from(["message", "path"]), VALUES))


@given(
    st.builds(lambda data: {"data": data}, DATA)
    | st.builds(lambda errors, data: {"errors": errors, "data": data}, ERRORS, DATA)
    | st.builds(lambda errors: {"errors": errors}, ERRORS)
)
def test_an_answer_written_in_pieces_is_what_it_is_in_one(body):
    assert b"".join(write_in_pieces(deepcopy(body))) == orjson.dumps(body)


# More than the system takes off the server's hands.
LONG = {"data": {"items": [{"text": "é" * 1_000} for _ in range(8_000)]}}


def test_a_long_answer_has_many_pieces_none_of_them_large():
    sizes = [len(piece) for piece in write_in_pieces(deepcopy(LONG))]

    assert len(sizes) > 10
    assert max(sizes) < 2 * long_answers.PIECE_BYTES


def test_what_is_written_is_not_held_twice():
    body = deepcopy(LONG)
    items = body["data"]["items"]

    write_in_pieces(body)

    assert body == {}
    assert set(items) == {None}


async def test_a_long_answer_arrives_whole_and_says_how_long_it_is():
    class Heavy(Waiting):
        async def answer(self, request, credentials, request_id, heavy_request=False):
            return Answer(200, deepcopy(LONG), heavy=True)

    asked = {"query": "{ a }"}
    async with running(Heavy(), settings_of()) as site:
        for _ in range(2):
            async with site.post("/graphql", json=asked) as response:
                sent = await response.read()

            assert sent == orjson.dumps(LONG)
            assert int(response.headers["Content-Length"]) == len(sent)
            assert response.headers["Content-Type"] == "application/json; charset=utf-8"


class Heavy(Waiting):
    async def answer(self, request, credentials, request_id, heavy=False):
        return Answer(200, deepcopy(LONG), heavy=True)


async def test_a_batch_of_long_answers_arrives_whole_too():
    asked = [{"query": "{ a }"}, {"query": "{ b }"}]
    async with (
        running(Heavy(), settings_of()) as site,
        site.post("/graphql", json=asked) as response,
    ):
        assert await response.read() == orjson.dumps([LONG, LONG])


async def test_long_answers_that_nobody_reads_are_counted_and_bounded(monkeypatch):
    monkeypatch.setattr(long_answers, "MAX_UNSENT_BYTES", 1)
    pieces = []
    monkeypatch.setattr("litereg.server.graphql.Pieces", kept_in(pieces))
    request = post(body=b'{"query": "{ a }"}')
    async with running(Heavy(), settings_of()) as site:
        reader, writer = await asyncio.open_connection(site.host, site.port, limit=1)
        writer.write(request)
        await reader.read(1)
        async with site.post("/graphql", json={"query": "{ a }"}) as response:
            assert response.status == 503
            assert response.headers["Retry-After"] == "1"
        unsent = pieces[0]._unsent
        assert unsent.held > 0

        writer.transport.abort()
        async with asyncio.timeout(20):
            while unsent.held:
                pieces.clear()
                gc.collect()
                await asyncio.sleep(0.01)
        async with site.post("/graphql", json={"query": "{ a }"}) as response:
            assert response.status == 200
            assert await response.read() == orjson.dumps(LONG)
        pieces.clear()
    assert unsent.held == 0


def kept_in(pieces):
    """Return what makes Pieces, and keeps them at hand."""

    def make(*args):
        pieces.append(Pieces(*args))
        return pieces[-1]

    return make


@pytest.mark.parametrize("heavy", [False, True])
async def test_a_heavy_answer_is_sent_like_any_other(heavy):
    class Heavy(Waiting):
        async def answer(self, request, credentials, request_id, heavy_request=False):
            return Answer(200, {"errors": [], "data": {"a": "é", "b": None}}, heavy=heavy)

    asked = {"query": "{ a }"}
    async with (
        running(Heavy(), settings_of()) as site,
        site.post("/graphql", json=asked) as response,
    ):
        sent = await response.read()

    assert sent == '{"errors":[],"data":{"a":"é","b":null}}'.encode()
