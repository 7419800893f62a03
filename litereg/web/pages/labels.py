"""All labels: find them, and make one."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.pages.label_assignments import label_address
from litereg.web.site import Site

PATH = "/labels"
PAGE_SIZE = 50


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        return await _list(site, request)

    async def create(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        label = {"name": form.text("name"), "description": form.text("description")}
        answered = await site.ask(request, "create_label", label=label)
        if answered.errors:
            status, problem = answered.page_status, answered.problem
            return await _list(site, request, status, problem=problem, label=label)
        return site.to(label_address(label["name"]), "created")

    return [web.get(PATH, site.handler(show)), web.post(PATH, site.handler(create))]


async def _list(
    site: Site,
    request: web.Request,
    status: int = 200,
    *,
    problem: str | None = None,
    label: dict[str, str] | None = None,
) -> Reply:
    words = request.query.get("q", "").strip()
    asked: dict[str, Any] = {"first": PAGE_SIZE, "after": request.query.get("after") or None}
    if words:
        folded = {"nameContainsFold": words}, {"descriptionContainsFold": words}
        asked["where"] = {"or": list(folded)}
    answered = await site.ask(request, "labels_page", **asked)
    if answered.errors:
        return site.refused(request, answered)
    return site.page(
        request,
        "labels.html",
        answered,
        status=status,
        labels=answered.data["customCatalogLabel"]["searchLabels"],
        may_change=answered.data["mayChangeLabels"],
        words=words,
        problem=problem,
        label=label or {"name": "", "description": ""},
    )
