"""Serve the documents that describe the registry: the SDL, the package-file schemas, robots.txt.

Where DataPM's servers had them, they are here too. What is in them comes from outside; this is
about addresses only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import orjson
from aiohttp import web

from litereg.server.replies import JSON, TEXT, Reply, page_headers

PackageFileSchema = Callable[[str], dict[str, Any] | None]
MayRead = Callable[[web.Request], Awaitable[bool]]

SDL_PATHS: Final = ("/schema.graphql", "/docs/schema.gql", "/static/schema.gql")
# "v1" was the name of the schema before formats were numbered. The first servers had their own
# format under it, later ones the first that got a number.
SEED_ERA_PATH: Final = "/docs/datapm-package-file-schema-v1.json"
FIRST_NUMBERED_PATH: Final = "/static/datapm-package-file-schema-v1.json"
CURRENT_PATH: Final = "/static/datapm-package-file-schema-current.json"
VERSION_PATH: Final = r"/static/datapm-package-file-schema-v{version:\d+\.\d+\.\d+}.json"
SEED_ERA: Final = "0.3.20"
FIRST_NUMBERED: Final = "0.1.0"
CURRENT: Final = "current"

CACHE: Final = "public, max-age=300"


class Documents:
    """Answers the addresses of documents."""

    def __init__(
        self,
        sdl: str,
        may_read: MayRead,
        package_file_schema: PackageFileSchema,
        *,
        is_open: bool,
    ) -> None:
        """Set up.

        *may_read* says who gets the SDL; *is_open*, that everybody does. *package_file_schema*
        takes "0.9.0" or "current"; None: never published.
        """
        self._sdl = sdl.encode()
        self._may_read = may_read
        # A cache that many share would hand it to those who may not read it.
        self._sdl_cache = CACHE if is_open else "no-store"
        self._package_file_schema = package_file_schema

    def routes(self) -> list[web.RouteDef]:
        """Return which address answers with which document."""
        return [
            *(web.get(path, self._schema) for path in SDL_PATHS),
            web.get(SEED_ERA_PATH, self._package_file_of(SEED_ERA)),
            web.get(FIRST_NUMBERED_PATH, self._package_file_of(FIRST_NUMBERED)),
            web.get(CURRENT_PATH, self._package_file_of(CURRENT)),
            web.get(VERSION_PATH, self._numbered),
            web.get("/robots.txt", robots),
        ]

    async def _schema(self, request: web.Request) -> Reply:
        if not await self._may_read(request):
            raise web.HTTPNotFound
        return Reply(body=self._sdl, headers=page_headers(TEXT, cache_control=self._sdl_cache))

    async def _numbered(self, request: web.Request) -> Reply:
        return self._package_file(request.match_info["version"])

    def _package_file_of(self, version: str) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> Reply:
            return self._package_file(version)

        return answer

    def _package_file(self, version: str) -> Reply:
        schema = self._package_file_schema(version)
        if schema is None:
            raise web.HTTPNotFound
        headers = page_headers(JSON, cache_control=CACHE)
        return Reply(body=orjson.dumps(schema, option=orjson.OPT_INDENT_2), headers=headers)


async def robots(request: web.Request) -> Reply:
    """Answer crawlers: a private registry is not theirs to read."""
    headers = page_headers(TEXT, cache_control=CACHE)
    return Reply(body=b"User-agent: *\nDisallow: /\n", headers=headers)
