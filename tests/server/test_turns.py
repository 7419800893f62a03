import asyncio

import pytest

from litereg.server import turns
from litereg.server.express import EXPRESS
from litereg.server.turns import Turn
from tests.server.test_express import Client, post

ALWAYS = 16


@pytest.fixture
def endless(monkeypatch):
    """Every turn has lasted too long from its beginning."""
    monkeypatch.setattr(turns, "MAX_TURN_S", -1.0)


async def test_the_last_of_a_long_turn_are_turned_away(endless):
    turn = Turn(ALWAYS)

    asked = [turn.is_late() for _ in range(ALWAYS + 3)]

    assert asked == [False] * ALWAYS + [True] * 3


async def test_the_next_turn_begins_anew(endless):
    turn = Turn(ALWAYS)
    for _ in range(ALWAYS + 3):
        turn.is_late()

    await asyncio.sleep(0)

    assert not turn.is_late()


async def test_nobody_is_turned_away_from_a_short_turn():
    turn = Turn(ALWAYS)

    assert not any(turn.is_late() for _ in range(10 * ALWAYS))


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_both_ways_turn_away_in_the_same_words(start, endless, accept):
    site = await start()
    # Both ways share one; here it answers nobody for certain.
    site.app[EXPRESS].turn._always = 0
    client = Client(*await site.connect())
    request = post(f"Accept: {accept}", "X-Request-Id: mine")

    # The first request of a connection goes the ordinary way, the next one is looked at at once.
    ordinary, express = [await client.ask(request) for _ in range(2)]

    for _, headers, _ in (ordinary, express):
        del headers["date"]
    assert express == ordinary
    status, headers, body = express
    assert (status, headers["retry-after"]) == (503, "1")
    assert body["errors"][0]["message"] == "the registry is busy; try again"
    client.close()
