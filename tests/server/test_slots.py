import asyncio

import pytest

from litereg.server.replies import Refused
from litereg.server.slots import Slots
from tests.server.conftest import running, settings_of
from tests.server.engines import Gated


async def test_who_waits_too_long_is_turned_away():
    slots = Slots(1, max_wait_s=0.01)

    async with slots:
        with pytest.raises(Refused) as refused:
            async with slots:
                pytest.fail("the slot was taken twice")
    assert refused.value.status == 503
    assert "Retry-After" in refused.value.headers
    async with slots:
        assert slots


async def take(slots):
    async with slots:
        return True


async def test_who_is_cancelled_while_waiting_leaves_the_slot_to_others():
    slots = Slots(2)

    async with slots, slots:
        gone, waiting = [asyncio.create_task(take(slots)) for _ in range(2)]
        await asyncio.sleep(0)
        gone.cancel()
    assert await waiting
    for _ in range(3):
        assert await take(slots)


async def test_who_is_cancelled_when_the_turn_has_just_come_passes_it_on():
    slots = Slots(1, max_wait_s=0.01)

    async with slots:
        waiting = asyncio.create_task(take(slots))
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert await take(slots)


async def test_a_defect_inside_gives_the_slot_back():
    slots = Slots(1, max_wait_s=0.01)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with slots:
                raise ZeroDivisionError


async def test_more_requests_than_run_and_wait_are_told_to_come_back():
    engine = Gated()
    async with running(engine, settings_of(max_running=1)) as site:

        async def ask():
            async with site.post("/graphql", json={"query": "{ a }"}) as response:
                await response.read()
                return response.status, response.headers.get("Retry-After")

        first = asyncio.create_task(ask())
        await engine.entered.wait()
        others = [asyncio.create_task(ask()) for _ in range(5)]
        waiting = set(others)
        while len(waiting) > 1:
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        engine.gate.set()

        assert await first == (200, None)
        assert sorted([await other for other in others]) == [(200, None), *[(503, "1")] * 4]


async def test_what_does_not_need_the_engine_is_answered_in_the_worst_rush():
    engine = Gated()
    async with running(engine, settings_of(max_running=1)) as site:
        first = asyncio.create_task(site.post("/graphql", json={"query": "{ a }"}).__aenter__())
        await engine.entered.wait()

        for path in ("/healthz", "/readyz", "/"):
            async with site.get(path) as response:
                assert response.status == 200
        engine.gate.set()
        assert (await first).status == 200
