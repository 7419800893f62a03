"""The headers by which DataPM's clients know a registry.

The newest command line asks for a page before anything else, `/<catalog>/<package>` for one. By the
headers of the answer it learns that this is a registry and where its GraphQL is; without them it
would take the page for a data file.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from litereg.server.proxies import Proxies
from litereg.settings import Settings

# The newest version of DataPM's library whose package files and documents are understood here.
DATAPM_VERSION: Final = "0.32.46"


class RegistryHeaders:
    """Writes what a registry says of itself into the head of answers."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._proxies = Proxies(settings)

    def of(self, request: web.Request) -> dict[str, str]:
        """Return the headers of an answer to *request*."""
        return {
            "x-datapm-version": DATAPM_VERSION,
            "x-datapm-registry-url": self.url(request),
            "x-datapm-graphql-path": "/graphql",
        }

    def on(self, handler: Callable[..., Awaitable[web.StreamResponse]]) -> Handler:
        """Return *handler* with these headers added to its answers."""

        async def answer(request: web.Request) -> web.StreamResponse:
            response = await handler(request)
            response.headers.update(self.of(request))
            return response

        return answer

    def url(self, request: web.Request) -> str:
        """Return the registry's address, as people or else as this client knows it."""
        settings = self._settings
        forwarded = self._proxies.origin(request)
        if forwarded is not None:
            return forwarded
        # A port that the system chose is not in the settings.
        known = settings.base_url or settings.port
        return settings.url if known else str(request.url.origin())
