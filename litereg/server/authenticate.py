"""Find out what a request carries to say who asks.

Nothing is checked here: whether a key or a session exists is for the engine to find out, in the
same transaction that answers. What is decided here is which of several credentials counts, and that
a cookie, which browsers send by themselves, counts only where no other site can be behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from litereg.access import Credentials
from litereg.server.proxies import Proxies
from litereg.server.replies import Refused
from litereg.settings import Settings

COOKIE: Final = "litereg_session"
# Over https, browsers take a cookie of such a name from this very host only, so that no neighbour
# below the same domain can put one of its own there. The first kind has to be for all paths.
HOST_PREFIX: Final = "__Host-"
SECURE_PREFIX: Final = "__Secure-"


class Authenticator:
    """Takes the credentials out of requests."""

    def __init__(self, settings: Settings) -> None:
        self._proxies = Proxies(settings)
        parts = urlsplit(settings.url)
        self._origin = f"{parts.scheme}://{parts.netloc}".lower()
        self._has_path = bool(settings.prefix)
        # Behind an https address, a page that came over http may have been put there by anybody.
        self._schemes = ("https",) if parts.scheme == "https" else ("http", "https")

    def credentials(self, request: web.Request) -> Credentials | None:
        """Return what *request* carries in its headers, or, for a POST, in the session cookie.

        `X-API-Key` counts before `Authorization: Bearer`, both before the cookie. Another scheme
        than Bearer is nobody's business here and counts as nothing. A token that is empty or no
        ASCII is returned as "", which no key and no session is.

        Raises:
            Refused: the cookie alone says who asks, and another site may have sent the request.
        """
        found = in_headers(request.headers)
        if found is not None or request.method != "POST":
            return found
        found = self._in_cookie(request)
        if found is not None and not self.same_origin(request):
            raise Refused(
                403, "a session cookie counts only in requests from this registry's pages"
            )
        return found

    def credentials_to_read(self, request: web.Request) -> Credentials | None:
        """Return what *request* carries in its headers or else in the session cookie.

        For what is shown and changes nothing, such as a picture in a page. Other sites cannot look
        at the answer, and browsers leave a SameSite cookie out of what they embed.
        """
        return in_headers(request.headers) or self._in_cookie(request)

    def is_https(self, request: web.Request) -> bool:
        """Return whether the page that sent *request* came over https."""
        if self._schemes == ("https",):
            return True
        return (self._proxies.origin(request) or "").startswith("https:")

    def cookie(self, request: web.Request) -> str:
        """Return the name of the session cookie in a browser that reaches us as *request* did."""
        if not self.is_https(request):
            return COOKIE
        return (SECURE_PREFIX if self._has_path else HOST_PREFIX) + COOKIE

    def _in_cookie(self, request: web.Request) -> Credentials | None:
        if "Cookie" not in request.headers:
            return None
        session = request.cookies.get(self.cookie(request))
        return None if session is None else Credentials(_token(session), "session")

    def same_origin(self, request: web.Request) -> bool:
        """Return whether a browser says that *request* was made by a page of this registry."""
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site in ("same-origin", "none")
        # Browsers leave Sec-Fetch-Site out where the address is neither https nor this machine's.
        origin = request.headers.get("Origin", "").lower()
        if origin == self._origin:
            return True
        forwarded = self._proxies.origin(request)
        if forwarded is not None:
            return origin == forwarded
        scheme, _, host = origin.partition("://")
        return scheme in self._schemes and host == request.headers.get("Host", "").lower()


def in_headers(headers: Mapping[str, str]) -> Credentials | None:
    """Return what *headers* other than `Cookie` carry; see `Authenticator.credentials`."""
    key = headers.get("X-API-Key")
    if key is not None:
        return Credentials(_token(key), "api_key")
    authorization = headers.get("Authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() == "bearer":
            return Credentials(_token(token), "bearer")
    return None


def _token(text: str) -> str:
    text = text.strip()
    return text if text.isascii() else ""
