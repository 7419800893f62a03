"""Making a catalog or a collection. A new package is made in `publish`, by choosing its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.pages.subjects import CATALOG, COLLECTION, Kind
from litereg.web.site import Site

# The text fields of each form, by their names in the API: first the name in the address, then that
# for people.
FIELDS: Final = {
    CATALOG.name: ("slug", "displayName", "description"),
    COLLECTION.name: ("collectionSlug", "name", "description"),
}


def routes(site: Site) -> list[web.RouteDef]:
    """Return the pages' routes."""
    return [route for kind in (CATALOG, COLLECTION) for route in _routes_of(site, kind)]


def _routes_of(site: Site, kind: Kind) -> list[web.RouteDef]:
    path = f"/new/{kind.name}"

    async def show(request: web.Request) -> web.StreamResponse:
        return await _form(site, request, kind)

    async def submit(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        typed = {name: form.text(name) for name in FIELDS[kind.name]}
        slug, name, _ = FIELDS[kind.name]
        value = typed | {name: typed[name] or typed[slug], "isPublic": form.flag("isPublic")}
        answered = await site.ask(request, f"create_{kind.name}", value=value)
        if answered.errors:
            return await _form(site, request, kind, answered.page_status, answered.problems, value)
        made = answered.data[f"create{kind.name.title()}"]
        return site.to(kind.page_of(made["identifier"]), "created")

    return [web.get(path, site.handler(show)), web.post(path, site.handler(submit))]


async def _form(
    site: Site,
    request: web.Request,
    kind: Kind,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Reply:
    """Return the page with the form, with what was *typed* if that was refused."""
    answered = await site.ask(request, "me")
    if answered.errors:
        return site.refused(request, answered)
    page = {"problems": problems or {}, "typed": typed or {}}
    return site.page(request, f"new_{kind.name}.html", answered, status=status, **page)
