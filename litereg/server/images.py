"""Serve the pictures of users, catalogs, packages and collections.

Who may see which is decided by whoever finds them; whoever may not gets the same answer as for one
that is not there. A picture is changed and withdrawn under its address, so caches ask each time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple, Protocol

from aiohttp import web

from litereg.access import Credentials
from litereg.errors import NotAuthenticated, Unavailable
from litereg.server.authenticate import Authenticator
from litereg.server.replies import Refused, Reply, page_headers, refusal
from litereg.settings import Settings
from litereg.web.initials import picture

# Whatever is in the file, a browser that opens it runs nothing of it.
CSP: Final = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'"
CACHE: Final = "private, no-cache"
SVG: Final = "image/svg+xml; charset=utf-8"
# A picture that takes no room.
BLANK: Final = '<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>'

PATHS: Final = (
    "/images/{owner:user}/{name}/{kind:avatar|cover}",
    "/images/{owner:catalog}/{name}/{kind:avatar|cover}",
    "/images/{owner:package}/{catalog}/{name}/{kind:cover}",
    "/images/{owner:collection}/{name}/{kind:cover}",
)


class ImagePath(NamedTuple):
    """Which picture: what it is of, that thing's names, and avatar or cover."""

    owner: str
    names: tuple[str, ...]
    kind: str


class Image(Protocol):
    """A picture."""

    @property
    def media_type(self) -> str:
        """The type of its file."""

    @property
    def sha256(self) -> bytes:
        """The digest of its file."""

    @property
    def body(self) -> bytes:
        """Its file."""


# Returns None when there is none, or none for whoever has these credentials; raises
# NotAuthenticated when they are no good.
FindImage = Callable[[ImagePath, Credentials | None], Awaitable[Image | None]]


class Images:
    """Answers the addresses of pictures."""

    def __init__(self, settings: Settings, find: FindImage) -> None:
        self._find = find
        self._authenticator = Authenticator(settings)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, without prefix."""
        return [web.get(path, self.answer) for path in PATHS]

    async def answer(self, request: web.Request) -> Reply:
        """Answer with a picture, or with 304 to whoever has it already."""
        try:
            image = await self._image(request)
        except NotAuthenticated as error:
            return refusal(Refused(401, error.message, {"WWW-Authenticate": "Bearer"}))
        except Unavailable as error:
            return refusal(Refused(503, error.message, {"Retry-After": "1"}))
        if image is None:
            return _in_its_place(request)
        tag = image.sha256.hex()
        headers = page_headers(image.media_type, cache_control=CACHE, csp=CSP)
        headers["ETag"] = f'"{tag}"'
        headers["Vary"] = "Authorization, X-API-Key, Cookie"
        if any(known.value in ("*", tag) for known in request.if_none_match or ()):
            del headers["Content-Type"]
            return Reply(status=304, headers=headers)
        return Reply(body=image.body, headers=headers)

    async def _image(self, request: web.Request) -> Image | None:
        parts = request.match_info
        names = tuple(parts[part] for part in ("catalog", "name") if part in parts)
        path = ImagePath(parts["owner"], names, parts["kind"])
        credentials = self._authenticator.credentials_to_read(request)
        try:
            return await self._find(path, credentials)
        except NotAuthenticated:
            if credentials is None or credentials.kind != "session":
                raise
            # A browser goes on sending a cookie whose session has ended.
            return await self._find(path, None)


def _in_its_place(request: web.Request) -> Reply:
    """Return what a page asks for in the place of a picture that is not there, if it does.

    That is made of the address alone, so it tells nothing about what is there.
    """
    if "initials" in request.query:
        body = picture(request.match_info["name"])
    elif "blank" in request.query:
        body = BLANK
    else:
        raise web.HTTPNotFound
    headers = page_headers(SVG, cache_control=CACHE, csp=CSP)
    headers["Vary"] = "Authorization, X-API-Key, Cookie"
    return Reply(body=body.encode(), headers=headers)
