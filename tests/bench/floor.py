"""The floor: aiohttp, the same statements by hand and orjson, without any GraphQL.

`python -m tests.bench.floor DATABASE REGISTRY_URL` prints its address and answers the documents of
`tests.bench.documents` by their operation's name. It runs the very statements that litereg runs, as
nobody, in one snapshot, narrowed to the columns that it reads, and builds the answer by code that
was written for it: what is left when everything is taken away that makes litereg general. It has no
permissions beside those in the statements, no limits and no logs.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

from litereg.registry.catalogs import queries as catalogs
from litereg.registry.models import Catalog, Package, User, Version
from litereg.registry.packages import queries as packages
from litereg.registry.search import queries as search
from litereg.registry.versions import queries as versions
from litereg.store.connection import connect
from litereg.store.rows import column_names
from tests.bench.serving import serve

NOBODY = 0
# What the three answers are made of.
READ = {
    Package: frozenset(Package._fields) - {"fetched_count", "permissions"},
    Catalog: frozenset({"id", "slug", "display_name", "description", "website", "is_public"}),
    User: frozenset({"id", "username", "description", "website", "website_is_public"}),
    Version: frozenset({"id", "content_id", "major", "minor", "patch", "created_at", "updated_at"}),
}
# Sorts behind every slug: no slug begins with the words that are searched for.
NO_SLUG = ("", "")

Row = tuple[Any, ...]
Build = Callable[[Row], dict[str, Any]]


class Floor:
    """Answers the benchmark's reads from one connection."""

    def __init__(self, raw: sqlite3.Connection, url: str) -> None:
        self._raw = raw
        self._open = packages.PACKAGE.query.narrowed(READ)
        self._browse = packages.IN_CATALOGS.narrowed(READ)
        self._find = packages.BY_IDS.narrowed(READ)
        self._browse_catalog = catalogs.CATALOG.query.narrowed(READ)
        at = _places(Package)
        self._opened = at
        self._catalog = _places(Catalog)
        self._build_found = found_package(at, url)
        self._build_browsed = browsed_package(at)
        self._found_id = at["id"]
        self._url = url
        self._answers = {
            "OpenPackage": self.open_package,
            "Search": self.search,
            "BrowseCatalog": self.browse_catalog,
        }

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one request."""
        asked = orjson.loads(await request.read())
        self._raw.execute("BEGIN")
        try:
            data = self._answers[asked["operationName"]](asked["variables"])
        finally:
            self._raw.rollback()
        return web.Response(body=orjson.dumps({"data": data}), content_type="application/json")

    def open_package(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Return the data of Q1."""
        named = variables["identifier"]
        names = {"catalog_key": named["catalogSlug"], "package_key": named["packageSlug"]}
        row = self._raw.execute(self._open.sql, {"viewer": NOBODY, **names}).fetchone()
        at = self._opened
        ids = f"[{row[at['latest_version_content_id']]}]"
        body = self._raw.execute(versions.BODIES.sql, {"ids": ids}).fetchone()[2]
        return {
            "package": {
                "identifier": {
                    "registryURL": self._url,
                    "catalogSlug": row[at["catalog_slug"]],
                    "packageSlug": row[at["slug"]],
                },
                "displayName": row[at["display_name"]],
                "description": row[at["description"]],
                "isPublic": row[at["is_public"]] == 1,
                "createdAt": date(row[at["created_at"]]),
                "updatedAt": date(row[at["updated_at"]]),
                "catalog": {
                    "displayName": row[at["catalog_display_name"]],
                    "description": row[at["catalog_description"]],
                    "website": row[at["catalog_website"]],
                },
                "creator": {
                    "username": row[at["creator_username"]],
                    "description": row[at["creator_description"]],
                },
                "latestVersion": {
                    "identifier": {
                        "versionMajor": row[at["latest_version_major"]],
                        "versionMinor": row[at["latest_version_minor"]],
                        "versionPatch": row[at["latest_version_patch"]],
                    },
                    "createdAt": date(row[at["latest_version_created_at"]]),
                    "updatedAt": date(row[at["latest_version_updated_at"]]),
                    "packageFile": body.decode(),
                },
            }
        }

    def search(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Return the data of Q2."""
        limit = variables["limit"]
        params = {
            "viewer": NOBODY,
            "match": f'"={variables["query"]}"',
            "slug_first": NO_SLUG[0],
            "slug_end": NO_SLUG[1],
            "ranked": True,
            "candidates": search.CANDIDATES,
            "limit": limit + 1,
            "offset": variables["offSet"],
        }
        hits = self._raw.execute(search.PACKAGES.find.sql, params).fetchall()
        ids = [hit[0] for hit in hits[:limit]]
        wanted = {"viewer": NOBODY, "ids": orjson.dumps(ids).decode()}
        rows = {row[self._found_id]: row for row in self._raw.execute(self._find.sql, wanted)}
        return {
            "searchPackages": {
                "count": hits[0][1] if hits else 0,
                "hasMore": len(hits) > limit,
                "packages": [self._build_found(rows[id_]) for id_ in ids],
            }
        }

    def browse_catalog(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Return the data of Q3."""
        named = {"viewer": NOBODY, "catalog_key": variables["identifier"]["catalogSlug"]}
        row = self._raw.execute(self._browse_catalog.sql, named).fetchone()
        at = self._catalog
        wanted = {"viewer": NOBODY, "ids": f"[{row[at['id']]}]"}
        inside = self._raw.execute(self._browse.sql, wanted)
        return {
            "catalog": {
                "identifier": {"catalogSlug": row[at["slug"]]},
                "displayName": row[at["display_name"]],
                "description": row[at["description"]],
                "website": row[at["website"]],
                "isPublic": row[at["is_public"]] == 1,
                "packages": [self._build_browsed(package) for package in inside],
            }
        }


def found_package(at: dict[str, int], url: str) -> Build:
    """Return what builds a package of Q2 from a row whose columns stand *at* these places."""
    catalog_slug, slug = at["catalog_slug"], at["slug"]
    name, about, is_public = at["display_name"], at["description"], at["is_public"]
    created, updated = at["created_at"], at["updated_at"]
    catalog_name, catalog_is_public = at["catalog_display_name"], at["catalog_is_public"]
    username, creator_about = at["creator_username"], at["creator_description"]
    website, website_is_public = at["creator_website"], at["creator_website_is_public"]
    major, minor = at["latest_version_major"], at["latest_version_minor"]
    patch = at["latest_version_patch"]
    version_created = at["latest_version_created_at"]
    version_updated = at["latest_version_updated_at"]

    def build(row: Row) -> dict[str, Any]:
        return {
            "identifier": {
                "registryURL": url,
                "catalogSlug": row[catalog_slug],
                "packageSlug": row[slug],
            },
            "displayName": row[name],
            "description": row[about],
            "isPublic": row[is_public] == 1,
            "createdAt": date(row[created]),
            "updatedAt": date(row[updated]),
            "catalog": {"displayName": row[catalog_name], "isPublic": row[catalog_is_public] == 1},
            "creator": {
                "username": row[username],
                "description": row[creator_about],
                "website": row[website] if row[website_is_public] else None,
            },
            "latestVersion": {
                "identifier": {
                    "versionMajor": row[major],
                    "versionMinor": row[minor],
                    "versionPatch": row[patch],
                },
                "createdAt": date(row[version_created]),
                "updatedAt": date(row[version_updated]),
            },
        }

    return build


def browsed_package(at: dict[str, int]) -> Build:
    """Return what builds a package of Q3 from a row whose columns stand *at* these places."""
    catalog_slug, slug = at["catalog_slug"], at["slug"]
    name, about, is_public = at["display_name"], at["description"], at["is_public"]
    created, updated = at["created_at"], at["updated_at"]
    username, creator_about = at["creator_username"], at["creator_description"]
    major, minor = at["latest_version_major"], at["latest_version_minor"]
    patch = at["latest_version_patch"]
    version_created = at["latest_version_created_at"]

    def build(row: Row) -> dict[str, Any]:
        return {
            "identifier": {"catalogSlug": row[catalog_slug], "packageSlug": row[slug]},
            "displayName": row[name],
            "description": row[about],
            "isPublic": row[is_public] == 1,
            "createdAt": date(row[created]),
            "updatedAt": date(row[updated]),
            "creator": {"username": row[username], "description": row[creator_about]},
            "latestVersion": {
                "identifier": {
                    "versionMajor": row[major],
                    "versionMinor": row[minor],
                    "versionPatch": row[patch],
                },
                "createdAt": date(row[version_created]),
            },
        }

    return build


@lru_cache(maxsize=4096)
def date(milliseconds: int) -> str:
    """Return a time as clients see it."""
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


def _places(shape: type) -> dict[str, int]:
    return {name: place for place, name in enumerate(column_names(shape, READ))}


def main(database: str, url: str) -> None:
    """Serve until the process is ended."""
    floor = Floor(connect(Path(database)), url)
    app = web.Application()
    app.router.add_post("/graphql", floor.answer)
    asyncio.run(serve(app))


if __name__ == "__main__":
    main(*sys.argv[1:])
