"""The pages that stand where a web client will: one for the registry, one for each package.

DataPM's command line asks for `/<catalog>/<package>` before anything else. By the headers of the
answer it learns that this is a registry, and where its GraphQL is; without them it would take the
page for a data file. Whether the package is there is not looked up, so nothing is given away.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from litereg.server.negotiation import prefers_html
from litereg.server.replies import HTML, TEXT, Reply, page_headers
from litereg.settings import Settings

# The newest version of DataPM's library whose package files and documents are understood here.
DATAPM_VERSION: Final = "0.32.46"
# First parts of paths that are ours: nothing below them is a package.
RESERVED: Final = frozenset(
    (
        "assets",
        "artifactory",
        "catalog",
        "docs",
        "graphql",
        "images",
        "playground",
        "static",
        "xray",
    )
)


class Landing:
    """Answers the addresses that people and clients open."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def home(self, request: web.Request) -> Reply:
        """Answer the address of the registry itself."""
        return self._page(request, "")

    async def package(self, request: web.Request) -> Reply:
        """Answer the address of a package, there or not."""
        catalog, package = request.match_info["catalog"], request.match_info["package"]
        if catalog in RESERVED or catalog.startswith("."):
            raise web.HTTPNotFound
        return self._page(request, f"{catalog}/{package}")

    def marked(self, handler: Callable[..., Awaitable[web.StreamResponse]]) -> Handler:
        """Return *handler* with what DataPM's clients look for added to the head of its answers."""

        async def answer(request: web.Request) -> web.StreamResponse:
            response = await handler(request)
            response.headers["x-datapm-version"] = DATAPM_VERSION
            response.headers["x-datapm-registry-url"] = self._url(request)
            response.headers["x-datapm-graphql-path"] = "/graphql"
            return response

        return answer

    def _page(self, request: web.Request, subject: str) -> Reply:
        accept = request.headers.get(hdrs.ACCEPT)
        url = self._url(request)
        name = self._settings.registry_name
        if accept is not None and prefers_html(accept):
            text, content_type = _html(name, subject, url), HTML
        else:
            text, content_type = _text(name, subject, url), TEXT
        headers = page_headers(content_type)
        headers["Vary"] = "Accept"
        return Reply(body=text.encode(), headers=headers)

    def _url(self, request: web.Request) -> str:
        """Return the registry's address, as people or else as this client knows it."""
        settings = self._settings
        # A port that the system chose is not in the settings.
        known = settings.base_url or settings.port
        return settings.url if known else str(request.url.origin())


def _html(name: str, subject: str, url: str) -> str:
    title = f"{subject} · {name}" if subject else name
    heading = escape(subject or name)
    address = escape(url, quote=True)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n<main>\n<h1>{heading}</h1>\n"
        f"<p>This is the data-package registry {escape(name)}.</p>\n"
        f'<p>Try it in the <a href="{address}/playground">playground</a>, or read '
        f'<a href="{address}/schema.graphql">its schema</a>.</p>\n</main>\n</body>\n</html>\n'
    )


def _text(name: str, subject: str, url: str) -> str:
    about = f"{subject} in the" if subject else "The"
    return (
        f"{about} data-package registry {name}\n"
        f"GraphQL:    {url}/graphql\n"
        f"Schema:     {url}/schema.graphql\n"
        f"Playground: {url}/playground\n"
    )
