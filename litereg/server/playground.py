"""Serve the playground: its page, and the built files that the page loads.

How page and files come about is in `litereg.web`. Files are served from a list that is made at the
start, so no path that a client writes is ever looked up on the disk.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from litereg.access import Viewer
from litereg.server.registry_headers import RegistryHeaders
from litereg.server.replies import HTML, Refused, Reply, page_headers
from litereg.settings import Settings
from litereg.web.built import asset_base, asset_files, asset_version
from litereg.web.playground import PLAYGROUND_CSP, playground_page

ViewerOf = Callable[[web.Request], Awaitable[Viewer]]

FOR_EVER: Final = "public, max-age=31536000, immutable"
# Names that hold a hash of what is in the file, as the bundler writes them.
HASHED: Final = re.compile(r".+-[0-9A-Z]{8}\.[a-z.A-Z]+")


class Playground:
    """Answers the playground's address, and GraphQL's where a browser opens it."""

    def __init__(self, settings: Settings, viewer_of: ViewerOf) -> None:
        """Set up. *viewer_of* tells who is logged in by the cookie that came with a request."""
        self._settings = settings
        self._viewer_of = viewer_of
        self._registry_headers = RegistryHeaders(settings)
        self._files = asset_files()
        self._version = asset_version()

    async def open(self, request: web.Request) -> Reply:
        """Answer the address of the playground, which speaks to `/graphql`."""
        return await self.page("/graphql", request)

    async def page(self, endpoint: str, request: web.Request) -> Reply:
        """Return the page that speaks to *endpoint*, a path without prefix."""
        settings = self._settings
        prefix = settings.prefix
        parts = urlsplit(self._registry_headers.url(request))
        text = playground_page(
            endpoint=prefix + endpoint,
            schema_url=f"{prefix}/schema.graphql",
            asset_base=asset_base(prefix),
            registry_name=settings.registry_name,
            viewer=await self._viewer_name(request),
            home=f"{prefix}/",
            origin=f"{parts.scheme}://{parts.netloc}",
        )
        headers = page_headers(HTML, cache_control="no-store", csp=PLAYGROUND_CSP)
        headers["Vary"] = "Accept, Cookie"
        return Reply(body=text.encode(), headers=headers)

    async def _viewer_name(self, request: web.Request) -> str:
        try:
            return (await self._viewer_of(request)).username
        except Refused:
            # The registry is busy; the page does without the name.
            return ""

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """Answer with one built file, in the encoding that suits the client.

        Below the version of the build, and where its name has a hash, it never changes.
        """
        name = request.match_info["name"]
        version = request.match_info.get("version")
        file = self._files.get(name)
        if file is None or version not in (None, self._version):
            raise web.HTTPNotFound
        fixed = version is not None or HASHED.fullmatch(name)
        headers = page_headers("", cache_control=FOR_EVER if fixed else "no-cache")
        # Left to aiohttp, which knows the file's type from its name.
        del headers["Content-Type"]
        headers["Vary"] = "Accept-Encoding"
        return web.FileResponse(file, headers=headers)
