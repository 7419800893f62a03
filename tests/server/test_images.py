"""The addresses of pictures; what they show is made up in conftest."""

import pytest

from litereg.server.authenticate import COOKIE
from tests.server.conftest import TOKEN
from tests.server.engines import Fixed

CAT = "/images/user/cat/avatar"
DOG = "/images/package/ann/dog/cover"


@pytest.fixture
async def site(start):
    """A front door; no GraphQL is asked for."""
    return await start(Fixed({}))


async def test_a_picture_is_sent_so_that_nothing_in_it_can_run(site):
    async with site.get(CAT) as response:
        body = await response.read()

    assert (response.status, body) == (200, b"a cat")
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["ETag"] == f'"{"63" * 32}"'


@pytest.mark.parametrize("known", ['"{}"', 'W/"{}"', '"other", "{}"', "*"])
async def test_who_has_it_is_not_sent_it_again(site, known):
    async with site.get(CAT, headers={"If-None-Match": known.format("63" * 32)}) as response:
        body = await response.read()

    assert (response.status, body) == (304, b"")
    assert response.headers["ETag"] == f'"{"63" * 32}"'


async def test_who_has_another_is_sent_it(site):
    async with site.get(CAT, headers={"If-None-Match": '"other"'}) as response:
        assert response.status == 200


async def test_head_tells_the_same_without_the_picture(site):
    async with site.request("HEAD", CAT) as response:
        assert (response.status, await response.read()) == (200, b"")
        assert response.headers["Content-Length"] == "5"


@pytest.mark.parametrize(
    "path",
    [
        "/images/user/dog/avatar",
        "/images/user/cat/cover",
        "/images/user/cat",
        "/images/cat/avatar",
        "/images/package/ann/dog/avatar",
        "/images/user/cat/avatar/",
        "/images/user/../user/cat/avatar/..%2f",
        "/images/user/..%2f..%2fetc%2fpasswd/avatar",
        "/images/user/cat%00/avatar",
        "/images/other/cat/avatar",
        DOG,
    ],
)
async def test_what_is_not_there_is_404_in_json(site, path):
    async with site.get(path) as response:
        answer = await response.json()

    assert response.status == 404
    assert answer["errors"][0]["extensions"] == {"code": "NOT_FOUND"}


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {"Authorization": f"Bearer {TOKEN}"}},
        {"headers": {"X-API-Key": TOKEN}},
        {"cookies": {COOKIE: TOKEN}},
    ],
)
async def test_whoever_may_see_it_sees_it(site, options):
    async with site.get(DOG, **options) as response:
        assert (response.status, await response.read()) == (200, b"a dog")
        assert response.headers["Vary"] == "Authorization, X-API-Key, Cookie"


async def test_a_bad_key_is_401(site):
    async with site.get(CAT, headers={"X-API-Key": "bad"}) as response:
        answer = await response.json()

    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert answer["errors"][0]["message"] == "API_KEY_NOT_FOUND"


async def test_a_cookie_that_has_ended_counts_as_none(site):
    for path, status in ((CAT, 200), (DOG, 404)):
        async with site.get(path, cookies={COOKIE: "ended"}) as response:
            assert response.status == status


async def test_a_picture_cannot_be_changed_at_its_address(site):
    async with site.request("PUT", CAT, data=b"x") as response:
        assert response.status == 405


async def test_pictures_are_below_the_prefix_too(start):
    site = await start(Fixed({}), base_url="https://example.org/registry")

    for prefix in ("", "/registry"):
        async with site.get(prefix + CAT) as response:
            assert response.status == 200
