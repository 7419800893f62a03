import asyncio
import gzip
import json
import zlib

import pytest

from tests.server.conftest import TOKEN
from tests.server.test_guard import HEAD, read_response

HELLO = {"query": "{ hello }"}
GREETED = {"data": {"hello": "Hello, world!"}}
JSON = {"Content-Type": "application/json"}


def padded(length):
    """Return a request of exactly *length* bytes."""
    return json.dumps(HELLO).encode().ljust(length)


async def pieces(body):
    for start in range(0, len(body), 1000):
        yield body[start : start + 1000]


async def refusal(response):
    return response.status, (await response.json())["errors"][0]["extensions"]["code"]


async def test_a_body_may_be_as_long_as_the_limit(start):
    site = await start(max_body_bytes=2000)

    async with site.post("/graphql", data=padded(2000), headers=JSON) as response:
        assert await response.json() == GREETED
    async with site.post("/graphql", data=pieces(padded(2000)), headers=JSON) as response:
        assert await response.json() == GREETED


async def test_a_longer_body_is_413_however_it_comes(start):
    site = await start(max_body_bytes=2000)
    long = padded(2001)
    packed = {**JSON, "Content-Encoding": "gzip"}

    for sent, headers in (
        (long, JSON),
        (pieces(long), JSON),
        (padded(100_000), JSON),
        (gzip.compress(long, mtime=0), packed),
        (gzip.compress(bytes(50_000_000), mtime=0), packed),
        (zlib.compress(bytes(50_000_000)), {**JSON, "Content-Encoding": "deflate"}),
    ):
        async with site.post("/graphql", data=sent, headers=headers) as response:
            assert await refusal(response) == (413, "PAYLOAD_TOO_LARGE")


async def test_a_length_over_the_limit_is_refused_before_the_body_comes(start):
    site = await start(max_body_bytes=2000)
    reader, writer = await site.connect()
    writer.write(HEAD % 2001)

    assert (await read_response(reader))[0] == 413
    writer.close()


async def test_a_packed_body_is_unpacked(site):
    headers = {**JSON, "Content-Encoding": "gzip"}

    packed = gzip.compress(padded(100_000), mtime=0)
    async with site.post("/graphql", data=packed, headers=headers) as response:
        assert await response.json() == GREETED


@pytest.mark.parametrize(
    ("sent", "encoding"),
    [
        (b"this is no gzip", "gzip"),
        (gzip.compress(padded(1000), mtime=0)[:-20], "gzip"),
        (padded(50), "deflate"),
        (gzip.compress(padded(1000), mtime=0), "nonsense"),
    ],
)
async def test_a_body_that_cannot_be_unpacked_is_400(site, sent, encoding):
    headers = {**JSON, "Content-Encoding": encoding}

    async with site.post("/graphql", data=sent, headers=headers) as response:
        assert await refusal(response) == (400, "BAD_REQUEST")


async def test_large_bodies_at_once_take_a_bounded_amount_of_memory(start):
    length = 200_000
    site = await start(max_body_bytes=length)

    async def send_most():
        reader, writer = await site.connect()
        writer.write(HEAD % length + b" " * (length - 1000))
        await writer.drain()
        return reader, writer

    # Twice, because what the first ones took has to be given back.
    for _ in range(2):
        async with asyncio.timeout(20):
            connections = [await send_most() for _ in range(6)]
            waiting = {
                asyncio.create_task(read_response(reader)): writer for reader, writer in connections
            }
            refused, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            while len(refused) < 2:
                done, _ = await asyncio.wait(
                    waiting.keys() - refused, return_when=asyncio.FIRST_COMPLETED
                )
                refused |= done
            assert [task.result()[0] for task in refused] == [503, 503]
            for task in waiting.keys() - refused:
                waiting[task].write(padded(1000))
                assert await task == (200, GREETED)
            for _, writer in connections:
                writer.close()


async def test_a_long_body_is_read_only_from_who_is_known(start):
    site = await start(max_body_bytes=200_000, max_body_bytes_anonymous=2_000)
    known = {**JSON, "Authorization": f"Bearer {TOKEN}"}
    unknown = {**JSON, "Authorization": "Bearer nobody"}

    for body in (padded(100_000), pieces(padded(100_000))):
        async with site.post("/graphql", data=body, headers=known) as response:
            assert await response.json() == GREETED
    for headers in (JSON, unknown):
        for body in (padded(2_001), pieces(padded(2_001))):
            async with site.post("/graphql", data=body, headers=headers) as response:
                assert await refusal(response) == (413, "PAYLOAD_TOO_LARGE")
    for headers, status in ((JSON, 200), (unknown, 401)):
        async with site.post("/graphql", data=padded(2_000), headers=headers) as response:
            assert response.status == status


async def test_the_limit_of_all_is_the_limit_of_the_anonymous_too(start):
    site = await start(max_body_bytes=2_000, max_body_bytes_anonymous=200_000)

    async with site.post("/graphql", data=padded(2_001), headers=JSON) as response:
        assert await refusal(response) == (413, "PAYLOAD_TOO_LARGE")


async def test_a_body_that_is_read_on_a_thread_gets_the_same_answers(start):
    site = await start()
    long = padded(300_000)

    async with site.post("/graphql", data=long, headers=JSON) as response:
        assert await response.json() == GREETED
    async with site.post("/graphql", data=long[:-1] + b"}", headers=JSON) as response:
        assert await refusal(response) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "body", [b"this is no gzip" * 100, gzip.compress(bytes(50_000_000), mtime=0)]
)
async def test_what_cannot_or_may_not_be_unpacked_is_no_defect(site, body, caplog):
    headers = {**JSON, "Content-Encoding": "gzip"}

    for _ in range(2):
        async with site.post("/graphql", data=body, headers=headers) as response:
            assert response.status in (400, 413)

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
