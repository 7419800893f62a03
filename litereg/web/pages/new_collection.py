"""Making a collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.pages.subjects import COLLECTION
from litereg.web.site import Site

PATH = "/new/collection"


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        return await _form(site, request)

    async def submit(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        typed = {name: form.text(name) for name in ("collectionSlug", "name", "description")}
        value = typed | {
            "name": typed["name"] or typed["collectionSlug"],
            "isPublic": form.flag("isPublic"),
        }
        answered = await site.ask(request, "create_collection", value=value)
        if answered.errors:
            return await _form(site, request, answered.page_status, answered.problems, value)
        identifier = answered.data["createCollection"]["identifier"]
        return site.to(COLLECTION.page_of(identifier), "created")

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
    return site.page(request, "new_collection.html", answered, status=status, **page)
