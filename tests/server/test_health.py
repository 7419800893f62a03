import pytest

from litereg.server.keys import LIFECYCLE


async def unreadable():
    raise OSError("/some/path: a disk that is nobody's business")


async def test_a_process_that_answers_is_alive(start):
    site = await start(ready=unreadable)

    async with site.get("/healthz") as response:
        assert response.status == 200
        assert await response.json() == {"status": "pass"}


async def test_apollo_is_answered_in_its_own_type(site):
    async with site.get("/.well-known/apollo/server-health") as response:
        assert response.status == 200
        assert response.content_type == "application/health+json"
        assert await response.json(content_type=None) == {"status": "pass"}


async def test_a_server_whose_database_reads_is_ready(site):
    async with site.get("/readyz") as response:
        assert (response.status, await response.json()) == (200, {"status": "pass"})


async def test_a_server_whose_database_does_not_read_is_not_ready(start, caplog):
    site = await start(ready=unreadable)

    async with site.get("/readyz") as response:
        text = await response.text()

    assert response.status == 503
    assert '"fail"' in text
    assert "nobody" not in text
    assert "nobody's business" in caplog.text


async def test_a_server_that_can_only_be_read_is_ready_and_says_so(start):
    async def full():
        return "no space is left: changes are refused"

    site = await start(ready=full)

    async with site.get("/readyz") as response:
        body = await response.json()
    assert response.status == 200
    assert body == {"status": "warn", "reason": "no space is left: changes are refused"}


async def test_a_server_that_stops_is_not_ready_and_closes_its_connections(site):
    site.app[LIFECYCLE].stopping = True

    async with site.get("/readyz") as response:
        assert response.status == 503
        assert response.headers["Connection"] == "close"
    async with site.get("/healthz") as response:
        assert response.status == 200


async def test_the_terraform_provider_finds_what_it_insists_on(site):
    async with site.get("//catalog/api/v1/system/app_health") as response:
        body = await response.json()
    assert response.status == 200
    assert body["code"] == "OK"
    assert body["entitlements"]["token_expired"] is False
    assert body["entitlements"]["entitled_for_catalog"] is True
    assert body["central"]["central_connection_working"] is True
    assert body["db_connection_working"] is True
    assert body["one_model_available"] is True
    async with site.get("/xray/api/v1/system/version") as response:
        assert set(await response.json()) == {"xray_version"}


async def test_the_terraform_provider_learns_of_a_broken_database(start):
    site = await start(ready=unreadable)

    async with site.get("/catalog/api/v1/system/app_health") as response:
        body = await response.json()
    assert response.status == 503
    assert body["code"] != "OK"
    assert body["db_connection_working"] is False


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/catalog/api/v1/system/app_health"])
async def test_health_is_never_cached(site, path):
    async with site.get(path) as response:
        assert response.headers["Cache-Control"] == "no-store"
