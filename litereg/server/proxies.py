"""Find out where a request really comes from, when proxies stand before the registry.

A proxy says in `X-Forwarded-…` headers for whom it speaks, and so can anybody else. These headers
count only in what a proxy sends that the setting `trusted_proxies` names.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from typing import Final

from aiohttp import web

from litereg.errors import CannotStart
from litereg.settings import Settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

FORWARDED_FOR: Final = "X-Forwarded-For"
SCHEMES: Final = ("http", "https")
# A name or an address, with or without a port; no more than goes into an address or a command line.
HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")

_log = logging.getLogger(__name__)


class Proxies:
    """Knows which proxies to believe, and reads what they say."""

    def __init__(self, settings: Settings) -> None:
        """Set up.

        Raises:
            CannotStart: the setting names something that is no address and no network.
        """
        self._networks = _networks(settings.trusted_proxies)
        self._base_url = settings.base_url
        self._has_warned = False

    def client(self, request: web.Request) -> str | None:
        """Return the address of who sent *request*; None when it came through no network.

        Of the addresses in X-Forwarded-For, each proxy adds the one that it was asked by at the
        end: the last one that is no trusted proxy's is the client's. What stands before it is the
        client's own word.
        """
        peer = request.remote
        if FORWARDED_FOR not in request.headers:
            return peer
        if not self.trusts(request):
            self._warn(peer)
            return peer
        client = peer
        hops = ",".join(request.headers.getall(FORWARDED_FOR)).split(",")
        for hop in reversed(hops):
            address = _address(hop)
            if address is None:
                break
            client = str(address)
            if not self._is_trusted(address):
                break
        return client

    def forwarded(self, request: web.Request, what: str) -> str | None:
        """Return what a trusted proxy says in `X-Forwarded-{what}`: the value nearest to us.

        None when the header is missing, or when nobody who is trusted sent it.
        """
        values = request.headers.getall(f"X-Forwarded-{what}", [])
        if not values or not self.trusts(request):
            return None
        return values[-1].rpartition(",")[2].strip() or None

    def origin(self, request: web.Request) -> str | None:
        """Return the scheme and host by which people reach the registry, as a trusted proxy says.

        None when none says so, or when the settings do: `base_url` counts before any header. A
        proxy that names no host, or none that is one, passes on the one that it was asked for.
        Good for what goes back to whoever asked, never for letters: many proxies pass on a host
        that a client made up.
        """
        if self._base_url:
            return None
        scheme, host = self.forwarded(request, "Proto"), self.forwarded(request, "Host")
        if scheme is None and host is None:
            return None
        scheme = scheme.lower() if scheme and scheme.lower() in SCHEMES else request.scheme
        if host is None or not HOST.fullmatch(host):
            host = request.host
        return f"{scheme}://{host}".lower() if HOST.fullmatch(host) else None

    def trusts(self, request: web.Request) -> bool:
        """Return whether *request* comes from a trusted proxy, whoever may be behind it."""
        if not self._networks:
            return False
        address = _address(request.remote or "")
        return address is not None and self._is_trusted(address)

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._networks)

    def _warn(self, peer: str | None) -> None:
        """Say once that a proxy may be missing from the settings: its clients share one address."""
        if not self._has_warned:
            self._has_warned = True
            _log.warning(
                "%s forwards requests and is not in trusted_proxies: what it says of its clients' "
                "addresses is ignored",
                peer,
            )


def _networks(setting: str) -> list[Network]:
    try:
        return [ipaddress.ip_network(part.strip()) for part in setting.split(",") if part.strip()]
    except ValueError as error:
        raise CannotStart("SETTINGS_INVALID", f"trusted_proxies: {error}") from error


def _address(text: str) -> Address | None:
    """Return the address that *text* is, with or without a port; None when it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    # A socket for both families shows its IPv4 clients in this form.
    return getattr(address, "ipv4_mapped", None) or address
