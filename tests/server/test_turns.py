import asyncio
import socket
import struct

import pytest

from litereg.server import express, turns
from litereg.server.express_lane import EXPRESS
from litereg.server.slots import Slots
from litereg.server.turns import Line
from tests.server.conftest import running, settings_of
from tests.server.test_express import Client, TwoFaced, connected, post

ALWAYS = 3


class Customer:
    """Writes down when it is served, in turns of the loop, and whether it is late."""

    def __init__(self, log, name):
        self._log = log
        self._name = name

    def serve(self, is_late):
        self._log.append((self._name, is_late))


def join(line, count):
    """Have so many customers stand in line, and return the list of those served."""
    served = []
    for name in range(count):
        line.join(Customer(served, name))
    return served


@pytest.fixture
def no_time(monkeypatch):
    """In each turn there is time for one."""
    monkeypatch.setattr(turns, "SHARE_S", -1.0)


@pytest.fixture
def impatient(monkeypatch):
    """Everybody has waited for too long."""
    monkeypatch.setattr(turns, "MAX_WAIT_S", -1.0)


async def test_while_there_is_time_nobody_has_to_join():
    line = Line(ALWAYS)

    assert line.is_clear()
    assert line.is_clear()


async def test_once_the_time_is_used_up_all_others_have_to_join_until_the_next_turn(no_time):
    line = Line(ALWAYS)

    assert [line.is_clear() for _ in range(3)] == [True, False, False]
    await asyncio.sleep(0)
    assert line.is_clear()


async def test_nobody_passes_those_who_wait():
    line = Line(ALWAYS)
    join(line, 1)

    assert not line.is_clear()
    await asyncio.sleep(0)
    assert line.is_clear()


async def test_those_in_line_are_served_in_their_order():
    line = Line(ALWAYS)
    served = join(line, 5)
    assert served == []

    await asyncio.sleep(0)

    assert served == [(name, False) for name in range(5)]


async def test_each_turn_serves_for_a_while_and_then_lets_others_go_on(no_time):
    line = Line(ALWAYS)
    served = join(line, 3)
    seen = []

    for _ in range(4):
        await asyncio.sleep(0)
        seen.append(len(served))

    assert seen == [1, 2, 3, 3]


async def test_of_those_who_waited_for_too_long_the_first_are_answered_all_the_same(impatient):
    line = Line(ALWAYS)
    served = join(line, ALWAYS + 2)

    await asyncio.sleep(0)

    assert [is_late for _, is_late in served] == [False] * ALWAYS + [True] * 2


class Broken:
    """Meets a defect when it is served."""

    def serve(self, is_late):
        raise RuntimeError("canary")


async def test_who_meets_a_defect_holds_up_nobody_who_stands_behind():
    reported = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, told: reported.append(told))
    line = Line(ALWAYS)
    line.join(Broken())
    served = join(line, 2)

    for _ in range(2):
        await asyncio.sleep(0)

    assert [name for name, _ in served] == [0, 1]
    assert str(reported[0]["exception"]) == "canary"
    assert line.is_clear()


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_both_ways_turn_away_in_the_same_words(start, impatient, monkeypatch, accept):
    site = await start(max_running=1)
    monkeypatch.setattr(Line, "is_clear", lambda line: False)
    site.app[EXPRESS].line._always = 0
    express, slow = await connected(site), await connected(site)
    request = post(f"Accept: {accept}", "X-Request-Id: mine")

    status, headers, body = await express.ask(request)

    assert (status, headers["retry-after"]) == (503, "1")
    assert body["errors"][0]["message"] == "the registry is busy; try again"
    assert headers["content-type"].startswith(accept)
    express.close()
    slow.close()


@pytest.fixture
async def held(monkeypatch):
    """A connection whose requests stay in line for ever, unless something lets them go."""
    engine = TwoFaced()
    async with running(engine, settings_of(idle_timeout_s=0.2)) as site:
        client = await connected(site)
        monkeypatch.setattr(Line, "is_clear", lambda line: False)
        monkeypatch.setattr(Line, "_advance", lambda line: None)
        client.site = site
        yield client
        client.close()


AT_ONCE = {"data": "at once"}


async def test_what_stands_in_line_is_answered_before_its_client_has_ended(held):
    held._writer.write(post())
    held._writer.get_extra_info("socket").shutdown(socket.SHUT_WR)

    assert (await held.receive())[2] == AT_ONCE
    assert await held.ended()


async def test_what_stands_in_line_is_answered_when_the_connection_has_been_open_for_long(held):
    assert (await held.ask(post()))[2] == AT_ONCE


async def test_what_stands_in_line_is_answered_when_more_comes(held):
    held._writer.write(post("X-Request-Id: a"))
    await held._writer.drain()
    await asyncio.sleep(0)

    answers = [await held.ask(post("X-Request-Id: b")), await held.receive()]

    assert [headers["x-request-id"] for _, headers, _ in answers] == ["a", "b"]


async def test_a_defect_ends_the_connection_that_met_it_and_is_reported(monkeypatch):
    class Defective(TwoFaced):
        def answer_at_once(self, request, credentials, request_id):
            raise RuntimeError("canary")

    reported = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, told: reported.append(told))
    async with running(Defective(), settings_of()) as site:
        client = await connected(site)
        monkeypatch.setattr(Line, "is_clear", lambda line: False)
        client._writer.write(post())

        assert await client.ended()
        client.close()

    assert [str(told["exception"]) for told in reported] == ["canary"]


@pytest.fixture
def joined(monkeypatch):
    """Receives who stands in line; nobody there is ever served."""
    queue = asyncio.Queue()
    monkeypatch.setattr(Line, "is_clear", lambda line: False)
    monkeypatch.setattr(Line, "join", lambda line, customer: queue.put_nowait(customer))
    return queue


async def connected_in_line(site, joined):
    """Return a connection on which a request stands in line, and how the server knows it."""
    client = Client(*await site.connect())
    client._writer.write(post())
    return client, await joined.get()


async def test_what_stands_in_line_is_answered_when_the_server_stops(joined):
    async with running(TwoFaced(), settings_of()) as site:
        client, _ = await connected_in_line(site, joined)

    assert (await client.receive())[0] == 200
    client.close()


async def test_what_stood_in_line_is_forgotten_when_its_client_is_gone(joined):
    engine = TwoFaced()
    async with running(engine, settings_of()) as site:
        client, customer = await connected_in_line(site, joined)
        # Without a goodbye: the server hears of no end, only that the connection is lost.
        linger = struct.pack("ii", 1, 0)
        connection = client._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        client._writer.transport.abort()
        while customer.transport is not None:  # noqa: ASYNC110 - it is another program's event
            await asyncio.sleep(0)

        customer.serve(is_late=False)

    assert engine.asked == []


# Nothing that comes with a body, whose end would make aiohttp read on.
GET = b"GET /graphql?query=%7Bhello%7D HTTP/1.1\r\nHost: a\r\n\r\n"


class NothingAtOnce(TwoFaced):
    """Is asked for answers at once and has none."""

    def answer_at_once(self, request, credentials, request_id):
        super().answer_at_once(request, credentials, request_id)


async def test_who_was_turned_away_is_not_looked_at_again_although_they_stand_in_line(
    joined, monkeypatch
):
    monkeypatch.setattr(Slots, "is_full", True)
    monkeypatch.setattr(express, "RETRY_AFTER_S", 600)
    engine = NothingAtOnce()
    async with running(engine, settings_of()) as site:
        client, customer = await connected_in_line(site, joined)
        # The second lets the first go, which is turned away.
        assert (await client.ask(post("X-Request-Id: second")))[0] == 503

        customer.serve(is_late=False)
        assert len(engine.asked) == 1

        customer._rise()
        (await joined.get()).serve(is_late=False)
        assert (await client.receive())[1]["x-request-id"] == "second"
        client.close()


async def test_who_was_turned_away_is_read_from_again_whatever_let_them_go(monkeypatch):
    monkeypatch.setattr(Slots, "is_full", True)
    monkeypatch.setattr(express, "RETRY_AFTER_S", 600)
    async with running(NothingAtOnce(), settings_of(idle_timeout_s=0.2)) as site:
        client = await connected(site)
        assert (await client.ask(post()))[0] == 503

        # It is held, and let go when the connection is found to be idle; so is the next.
        answers = [await client.ask(request) for request in (GET, post())]
        client.close()

    assert [status for status, _, _ in answers] == [200, 503]
