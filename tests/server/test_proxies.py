"""Whose word counts on where a request comes from."""

import logging

import pytest
from aiohttp import hdrs, web
from aiohttp.test_utils import make_mocked_request

from litereg.errors import CannotStart
from litereg.server.proxies import Proxies
from litereg.settings import Settings


def request_from(peer, *headers):
    """Return a request over a connection from *peer* with pairs of *headers*."""
    return make_mocked_request("GET", "/", headers=headers).clone(remote=peer)


def forwarded_for(*values):
    return [("X-Forwarded-For", value) for value in values]


PROXY, CLIENT = "10.0.0.1", "203.0.113.9"
# Peer, X-Forwarded-For, whom the request counts for when 10.0.0.0/8 and fd00::/8 are trusted.
CASES = [
    (CLIENT, [], CLIENT),
    (CLIENT, ["198.51.100.1"], CLIENT),
    (PROXY, [], PROXY),
    (PROXY, [CLIENT], CLIENT),
    (PROXY, ["198.51.100.1, 203.0.113.9"], CLIENT),
    (PROXY, ["198.51.100.1", CLIENT], CLIENT),
    (PROXY, ["198.51.100.1, 203.0.113.9, 10.7.7.7"], CLIENT),
    (PROXY, ["10.7.7.7"], "10.7.7.7"),
    (PROXY, ["203.0.113.9:5123"], CLIENT),
    (PROXY, ["nonsense"], PROXY),
    (PROXY, ["198.51.100.1, nonsense, 10.7.7.7"], "10.7.7.7"),
    (PROXY, [""], PROXY),
    ("fd00::7", ["2001:db8::1"], "2001:db8::1"),
    ("fd00::7", ["[2001:db8::1]:5123"], "2001:db8::1"),
    ("::ffff:10.0.0.1", [CLIENT], CLIENT),
    (None, [CLIENT], None),
]


@pytest.mark.parametrize(("peer", "values", "client"), CASES)
def test_only_a_trusted_proxy_speaks_for_somebody_else(peer, values, client):
    proxies = Proxies(Settings(trusted_proxies="10.0.0.0/8, fd00::/8"))

    assert proxies.client(request_from(peer, *forwarded_for(*values))) == client


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.1", "::1"])
def test_nobody_is_trusted_who_is_not_named(peer):
    proxies = Proxies(Settings())
    request = request_from(
        peer, ("X-Forwarded-For", CLIENT), ("X-Forwarded-Proto", "https"), ("Host", "a")
    )

    assert proxies.client(request) == peer
    assert proxies.forwarded(request, "Proto") is None
    assert not proxies.trusts(request)


def test_of_several_values_the_one_of_the_nearest_proxy_counts():
    proxies = Proxies(Settings(trusted_proxies=PROXY))

    def proto(*values):
        headers = [("X-Forwarded-Proto", value) for value in values]
        return proxies.forwarded(request_from(PROXY, *headers), "Proto")

    assert proto("http, https") == "https"
    assert proto("http", "https") == "https"
    assert proto("") is None
    assert proto() is None


# X-Forwarded-Proto, X-Forwarded-Host, and the origin by which people reach the registry then; the
# proxy itself asks for "inner:4000" over http.
ORIGINS = [
    ("https", "data.example", "https://data.example"),
    ("https", None, "https://inner:4000"),
    (None, "data.example:8443", "http://data.example:8443"),
    ("HTTPS", "Data.Example", "https://data.example"),
    ("http, https", "evil.example, data.example", "https://data.example"),
    ("https", "[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ("javascript", "data.example", "http://data.example"),
    ("https", "evil.example/path", "https://inner:4000"),
    ("https", 'evil.example"><script>', "https://inner:4000"),
    ("https", "a b; rm -rf", "https://inner:4000"),
    ("https", "someone@evil.example", "https://inner:4000"),
    (None, None, None),
]


@pytest.mark.parametrize(("proto", "host", "origin"), ORIGINS)
def test_a_trusted_proxy_says_by_which_address_people_come(proto, host, origin):
    said = {"X-Forwarded-Proto": proto, "X-Forwarded-Host": host}
    headers = [("Host", "inner:4000"), *((name, value) for name, value in said.items() if value)]
    request = request_from(PROXY, *headers)

    assert Proxies(Settings(trusted_proxies=PROXY)).origin(request) == origin
    assert Proxies(Settings(trusted_proxies="10.9.9.9")).origin(request) is None
    assert Proxies(Settings()).origin(request) is None
    named = Settings(trusted_proxies=PROXY, base_url="https://ours.example")
    assert Proxies(named).origin(request) is None


def test_a_proxy_that_is_not_named_is_told_of_once(caplog):
    proxies = Proxies(Settings())

    with caplog.at_level(logging.WARNING, "litereg.server.proxies"):
        for _ in range(3):
            proxies.client(request_from("127.0.0.1", *forwarded_for(CLIENT)))

    assert [record.getMessage() for record in caplog.records] == [
        "127.0.0.1 forwards requests and is not in trusted_proxies: what it says of its clients' "
        "addresses is ignored"
    ]


@pytest.mark.parametrize("setting", ["localhost", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.1;::1"])
def test_what_is_no_network_keeps_the_server_from_starting(setting):
    with pytest.raises(CannotStart, match="SETTINGS_INVALID: trusted_proxies"):
        Proxies(Settings(trusted_proxies=setting))


class Noting:
    """An engine that notes where each request came from."""

    def __init__(self):
        self.addresses = []

    async def answer(self, request, credentials, request_id, heavy=False):
        self.addresses.append(request.address)
        raise web.HTTPGone


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        (hdrs.METH_POST, "/graphql", {"json": {"query": "{ me }"}}),
        (hdrs.METH_POST, "/graphql", {"json": [{"query": "{ me }"}]}),
        (hdrs.METH_GET, "/graphql", {"params": {"query": "{ me }"}}),
        (hdrs.METH_POST, "/log-in", {"data": {"token": "a"}}),
        (hdrs.METH_POST, "/validate-email", {"data": {"token": "a"}}),
        (hdrs.METH_POST, "/forgot-password", {"data": {"emailAddress": "a@example.org"}}),
    ],
)
async def test_every_way_to_the_engine_tells_it_who_asks(start, method, path, options):
    engine = Noting()
    site = await start(engine, trusted_proxies="127.0.0.1")
    headers = {"X-Forwarded-For": CLIENT, "Sec-Fetch-Site": "same-origin"}

    async with site.request(method, path, headers=headers, **options) as response:
        assert response.status == 410

    assert engine.addresses == [CLIENT]
