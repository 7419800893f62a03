import logging

import pytest
from aiohttp import hdrs

from litereg.server.logs import REQUESTS

MEASURES = {"writes_waiting": 3, "database_bytes": 4096, "log_bytes": 0}


@pytest.fixture
def watched(start):
    """Start a front door that tells its figures."""
    logger = logging.getLogger(REQUESTS)
    before = logger.level, logger.propagate

    async def watched(**changes):
        # Requests are counted where they are logged. Not in the fixture's own time: pytest listens
        # at loggers that are shut by then, and does not understand their records.
        logger.setLevel(logging.INFO)
        logger.propagate = False
        return await start(metrics=True, measure=lambda: MEASURES, **changes)

    yield watched
    logger.setLevel(before[0])
    logger.propagate = before[1]


async def figures(site, **headers):
    async with site.get("/metrics", headers=headers) as response:
        text = await response.text()
    assert response.status == 200, text
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


async def ask(site):
    async with site.post("/graphql", json={"query": "{ hello }"}) as response:
        assert response.status == 200


async def test_unless_it_is_turned_on_there_are_no_figures(site):
    async with site.get("/metrics") as response:
        text = await response.text()

    assert response.status == 404
    assert "litereg_requests" not in text


async def test_requests_are_counted_whichever_way_they_are_answered(watched):
    site = await watched()

    # The first request of a connection goes the ordinary way, the next one is answered at once.
    for _ in range(3):
        await ask(site)
    async with site.get("/nowhere/at/all"):
        pass
    found = await figures(site)

    assert found['litereg_requests_total{method="POST",status="200"}'] == 3
    assert found['litereg_requests_total{method="GET",status="404"}'] == 1
    assert found['litereg_request_duration_seconds_bucket{le="+Inf"}'] == 4


async def test_asking_for_health_or_figures_counts_for_nothing(watched):
    site = await watched()

    async with site.get("/healthz"):
        pass
    await figures(site)

    assert not any(name.startswith("litereg_requests_total") for name in await figures(site))


async def test_the_database_and_the_process_are_measured(watched):
    site = await watched()

    found = await figures(site)

    assert found["litereg_writes_waiting"] == 3
    assert found["litereg_database_bytes"] == 4096
    assert found["litereg_log_bytes"] == 0
    assert found["process_resident_memory_bytes"] > 1_000_000
    assert found["process_open_fds"] > 0


async def test_methods_that_nobody_knows_are_one(watched):
    site = await watched()

    for method in ("PROPFIND", "SEARCH"):
        async with site.request(method, "/graphql") as response:
            assert response.status == 405

    found = await figures(site)
    assert found['litereg_requests_total{method="other",status="405"}'] == 2


@pytest.mark.parametrize("header", [hdrs.X_FORWARDED_FOR, hdrs.FORWARDED])
async def test_without_a_token_they_are_for_this_machine_only(watched, header):
    site = await watched()

    async with site.get("/metrics", headers={header: "192.0.2.1"}) as response:
        text = await response.text()

    assert response.status == 403
    assert "litereg_requests" not in text


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer wrong", "wrong", "Bearer tökén"])
async def test_with_a_token_they_are_for_whoever_has_it(watched, authorization):
    site = await watched(metrics_token="figs")
    headers = {"Authorization": authorization, "X-Forwarded-For": "192.0.2.1"}

    async with site.get("/metrics", headers=headers) as response:
        text = await response.text()

    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "litereg_requests" not in text
    headers["Authorization"] = "Bearer figs"
    assert await figures(site, **headers)
