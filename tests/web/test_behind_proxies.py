"""A registry behind a reverse proxy: addresses, cookies, letters, and whose word counts."""

from dataclasses import replace

import pytest

from tests.client import PASSWORD
from tests.mailbox import open_mailbox, send_all
from tests.web.conftest import SAME_ORIGIN

ANN = {"username": "ann", "password": PASSWORD}
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "data.example"}
TRUSTING = {"trusted_proxies": "127.0.0.1"}
PREFIXED = {"base_url": "https://ours.example/a/b"}


@pytest.fixture
async def ann(people):
    return await people("ann")


async def test_a_cookie_stays_on_https_when_a_trusted_proxy_speaks_it(open_site, ann):
    trusting, doubting = await open_site(**TRUSTING), await open_site()

    trusted = await trusting.post("/log-in", ANN, headers=SAME_ORIGIN | FORWARDED)
    plain = await trusting.post("/log-in", ANN)
    doubted = await doubting.post("/log-in", ANN, headers=SAME_ORIGIN | FORWARDED)

    assert trusted.headers["Set-Cookie"].startswith("__Host-litereg_session=")
    assert "Secure" in trusted.headers["Set-Cookie"]
    for over_http in (plain, doubted):
        assert over_http.headers["Set-Cookie"].startswith("litereg_session=")
        assert "Secure" not in over_http.headers["Set-Cookie"]


async def test_commands_and_headers_name_the_address_that_people_use(open_site, ann):
    trusting, doubting = await open_site(**TRUSTING), await open_site()

    for site, url in ((trusting, "https://data.example"), (doubting, doubting.url)):
        # Over https a cookie has another name, and this browser speaks http to the registry.
        names = ("litereg_session", "__Host-litereg_session")
        cookie = {"Cookie": "; ".join(f"{name}={ann.token}" for name in names)}
        label = {"label": f"for {url}"}
        made = await site.post("/me/api-keys", label, headers=SAME_ORIGIN | FORWARDED | cookie)
        playground = await site.get("/playground", headers=FORWARDED)

        assert f'data-copy="datapm registry add {url} ' in made.page
        assert made.headers["x-datapm-registry-url"] == url
        assert f"curl {url}/graphql" in playground.page


async def test_base_url_counts_before_what_any_proxy_says(open_site, ann):
    site = await open_site(**TRUSTING, **PREFIXED)

    sent = await site.post("/log-in", ANN, headers=SAME_ORIGIN | FORWARDED)
    home = await site.get("/a/b/", headers=FORWARDED)

    assert home.headers["x-datapm-registry-url"] == "https://ours.example/a/b"
    assert sent.headers["Location"] == "/a/b/?notice=logged-in"
    assert sent.headers["Set-Cookie"].startswith("__Secure-litereg_session=")
    assert "Secure" in sent.headers["Set-Cookie"]
    assert "Path=/a/b" in sent.headers["Set-Cookie"]
    assert "data.example" not in home.page


@pytest.mark.parametrize("path", ["/log-in", "/a/b/log-in"])
async def test_a_proxy_may_pass_the_prefix_on_or_strip_it(open_site, ann, path):
    site = await open_site(**PREFIXED)

    page = await site.get(path)
    sent = await site.post(path, ANN)

    assert 'action="/a/b/log-in?sent"' in page.page
    assert sent.headers["Location"] == "/a/b/?notice=logged-in"


# The proxy asks for another host than people do, and the browser sends no Sec-Fetch-Site.
@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://data.example", 303),
        ("http://data.example", 403),
        ("https://evil.example", 403),
        ("null", 403),
    ],
)
async def test_forms_come_from_the_address_that_people_use(open_site, ann, origin, status):
    site = await open_site(**TRUSTING)

    sent = await site.post("/log-in", ANN, headers={"Origin": origin, **FORWARDED})

    assert sent.status == status


async def test_nobody_but_a_trusted_proxy_moves_the_address_of_forms(open_site, ann):
    site = await open_site()

    sent = await site.post("/log-in", ANN, headers={"Origin": "https://data.example", **FORWARDED})

    assert sent.status == 403


@pytest.fixture
async def mailbox():
    async with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def settings(settings, mailbox, request):
    """The settings; where a test gives a base_url, with that and a mail server."""
    if not hasattr(request, "param"):
        return settings
    return replace(settings, **mailbox.settings, **TRUSTING, base_url=request.param)


# Without base_url, letters name the address that is listened on: a host in a header may be made up
# by whoever asks, and a link to it would hand the token to them.
@pytest.mark.parametrize(
    ("settings", "url"),
    [("https://ours.example/a/b", "https://ours.example/a/b"), ("", "http://127.0.0.1:4000")],
    indirect=["settings"],
)
async def test_no_header_gets_into_letters(site, registry, mailbox, url):
    new = {"username": "ann", "emailAddress": "ann@example.org", "password": PASSWORD}

    await site.post("/sign-up", new, headers=SAME_ORIGIN | FORWARDED)
    await site.post("/forgot-password", new, headers=SAME_ORIGIN | FORWARDED)
    await send_all(registry)
    await mailbox.arrival(2)

    letters = mailbox.text(0) + mailbox.text(1)
    assert f"{url}/validate-email#token=" in letters
    assert f"{url}/forgot-password#token=" in letters
    assert "data.example" not in letters
