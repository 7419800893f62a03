"""A version: its package file as a tree and as text, and what it changed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from aiohttp import web

from litereg.server.replies import JSON, Reply, page_headers
from litereg.web.changes import in_words
from litereg.web.package_files import LONG_TEXT
from litereg.web.pages.subjects import PACKAGE
from litereg.web.rendering import may, semver
from litereg.web.site import Site
from litereg.web.tree import tree

# No part of a number is longer; Python refuses to read much longer ones.
NUMBER: Final = r"{version:[0-9]{1,10}\.[0-9]{1,10}\.[0-9]{1,10}}"
PARTS: Final = ("versionMajor", "versionMinor", "versionPatch")
# What a page shows of the text, and of what changed; the file itself can be downloaded.
MAX_CHARACTERS: Final = 100_000
MAX_CHANGES: Final = 500
# Whatever is in the file, a browser that opens it runs nothing of it.
FILE_CSP: Final = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'"


def routes(site: Site) -> list[web.RouteDef]:
    """Return the routes of the page and of the file."""

    async def show(request: web.Request) -> web.StreamResponse:
        identifier = identifier_of(request)
        answered = await site.ask(
            request,
            "version_page",
            identifier=identifier,
            readLabels=site.may_read_labels(request),
        )
        version = answered.data.get("version")
        if version is None:
            return site.refused(request, answered)
        text = version["packageFile"]
        as_text = request.query.get("as") == "text"
        before = _before(version["package"]["versions"], identifier)
        return site.page(
            request,
            "version.html",
            answered,
            version=version,
            package=version["package"],
            before=semver(before) if before else None,
            changes=await _changes(site, request, identifier, before),
            max_changes=MAX_CHANGES,
            text=text[:MAX_CHARACTERS] if as_text else None,
            is_cut=len(text) > MAX_CHARACTERS,
            root=None if as_text else await _tree(text),
        )

    async def download(request: web.Request) -> web.StreamResponse:
        identifier = identifier_of(request)
        answered = await site.ask(request, "version_package_file", identifier=identifier)
        version = answered.data.get("version")
        if version is None:
            return site.refused(request, answered)
        headers = page_headers(JSON, cache_control="private, no-cache", csp=FILE_CSP)
        name = f"{identifier['packageSlug']}-{semver(identifier)}.datapm.json"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
        headers["Vary"] = "Cookie"
        return Reply(body=version["packageFile"].encode(), headers=headers)

    async def confirm(request: web.Request) -> web.StreamResponse:
        asked = {"identifier": PACKAGE.identifier(request)}
        answered = await site.ask(request, "package_settings", **asked)
        package = answered.data.get("package")
        if package is None:
            return site.refused(request, answered)
        if not may(package["myPermissions"], "EDIT"):
            return site.error(request, 403, "Your account may not change it.", answered)
        number = semver(identifier_of(request))
        page = {"package": package, "number": number}
        return site.page(request, "disable_version.html", answered, **page)

    async def disable(request: web.Request) -> web.StreamResponse:
        await site.form(request)
        identifier = identifier_of(request)
        answered = await site.ask(request, "disable_version", identifier=identifier)
        if answered.errors:
            return site.refused(request, answered)
        return site.to(PACKAGE.page_of(identifier), "version-disabled")

    return [
        web.get(f"{PACKAGE.room}/{NUMBER}/download", site.handler(download)),
        web.get(f"{PACKAGE.room}/{NUMBER}/disable", site.handler(confirm)),
        web.post(f"{PACKAGE.room}/{NUMBER}/disable", site.handler(disable)),
        web.get(f"{PACKAGE.page}/{NUMBER}", site.for_people(show)),
    ]


def identifier_of(request: web.Request) -> dict[str, Any]:
    """Return which version the address of *request* names, as the API takes it."""
    numbers = map(int, request.match_info["version"].split("."))
    return PACKAGE.identifier(request) | dict(zip(PARTS, numbers, strict=True))


def _before(
    versions: Sequence[Mapping[str, Any]], identifier: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Return the number of the version before, of *versions*, which are listed from the highest."""
    number = tuple(identifier[part] for part in PARTS)
    lower = (
        version["identifier"]
        for version in versions
        if tuple(version["identifier"][part] for part in PARTS) < number
    )
    return next(lower, None)


async def _changes(
    site: Site,
    request: web.Request,
    identifier: Mapping[str, Any],
    before: Mapping[str, Any] | None,
) -> list[Any]:
    if before is None:
        return []
    old = {**identifier, **{part: before[part] for part in PARTS}}
    answered = await site.ask(request, "version_changes", new=identifier, old=old)
    # The version before may have been disabled a moment ago; then there is nothing to tell.
    found = answered.data.get("packageVersionsDiff") or {"differences": []}
    return in_words(found["differences"])


async def _tree(text: str) -> Any:
    if len(text) > LONG_TEXT:
        return await asyncio.to_thread(lambda: tree(orjson.loads(text)))
    return tree(orjson.loads(text))
