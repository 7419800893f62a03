"""A label: what it says, what carries it, and who put it there."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.answered import Answered
from litereg.web.forms import Form
from litereg.web.pages.label_assignments import assigning, label_address, removing
from litereg.web.site import Site

PATH = "/label"
PAGE_SIZE = 100


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        return await _page(site, request, request.query.get("name", ""))

    async def change(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        label = {
            "name": form.raw("label"),
            "updatedName": form.text("updatedName"),
            "updatedDescription": form.text("updatedDescription"),
        }
        answered = await site.ask(request, "update_label", label=label)
        if answered.errors:
            return await _page(site, request, label["name"], answered, edited=label)
        return site.to(label_address(label["updatedName"]), "saved")

    async def delete(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        answered = await site.ask(request, "delete_label", label={"name": form.raw("label")})
        if answered.errors:
            return site.refused(request, answered)
        return site.to("/labels", "deleted")

    async def assign(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        operation, variables = assigning(form)
        answered = await site.ask(request, operation, **variables)
        if answered.errors:
            return await _page(site, request, form.raw("label"), answered, assigned=form)
        return site.to(label_address(form.raw("label")), "added")

    async def remove(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        operation, variables = removing(form)
        answered = await site.ask(request, operation, **variables)
        if answered.errors:
            return site.refused(request, answered)
        return site.to(label_address(form.raw("label")), "removed")

    return [
        web.get(PATH, site.handler(show)),
        web.post(PATH, site.handler(change)),
        web.post(f"{PATH}/delete", site.handler(delete)),
        web.post(f"{PATH}/assign", site.handler(assign)),
        web.post(f"{PATH}/remove", site.handler(remove)),
    ]


async def _page(
    site: Site,
    request: web.Request,
    name: str,
    refused: Answered | None = None,
    *,
    edited: Mapping[str, str] | None = None,
    assigned: Form | None = None,
) -> Reply:
    """Return the page of the label *name*; *refused* is what a form of it was answered."""
    answered = await site.ask(
        request,
        "label_page",
        name=name,
        first=PAGE_SIZE,
        afterPackage=request.query.get("afterPackage") or None,
        afterVersion=request.query.get("afterVersion") or None,
    )
    if answered.errors:
        return site.refused(request, answered)
    label = answered.data["customCatalogLabel"]["getLabel"]
    if label is None:
        return site.error(request, 404, f"There is no label “{name}”.", answered)
    return site.page(
        request,
        "label.html",
        answered,
        status=refused.page_status if refused else 200,
        label=label,
        may_change=answered.data["mayChangeLabels"],
        edited=edited or {"updatedName": name, "updatedDescription": label["description"]},
        edit_problem=refused.problem if refused and edited else None,
        assigned=assigned or Form(),
        assign_problem=refused.problem if refused and assigned else None,
    )
