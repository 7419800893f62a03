"""Making a catalog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.rendering import path
from litereg.web.site import Site

PATH = "/new/catalog"


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        return await _form(site, request)

    async def submit(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        typed = {name: form.text(name) for name in ("slug", "displayName", "description")}
        value = typed | {
            "displayName": typed["displayName"] or typed["slug"],
            "isPublic": form.flag("isPublic"),
        }
        answered = await site.ask(request, "create_catalog", value=value)
        if answered.errors:
            return await _form(site, request, answered.page_status, answered.problems, value)
        slug = answered.data["createCatalog"]["identifier"]["catalogSlug"]
        return site.to(path(slug), "created")

    return [web.get(PATH, site.handler(show)), web.post(PATH, site.handler(submit))]


async def _form(
    site: Site,
    request: web.Request,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Reply:
    answered = await site.ask(request, "me")
    if answered.errors:
        return site.refused(request, answered)
    page = {"problems": problems or {}, "typed": typed or {}}
    return site.page(request, "new_catalog.html", answered, status=status, **page)
