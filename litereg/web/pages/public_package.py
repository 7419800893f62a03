"""A public package, of npm or PyPI or this registry: its versions, and the labels on all of it."""

from __future__ import annotations

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.answered import Answered
from litereg.web.forms import Form
from litereg.web.pages.label_assignments import assigning, package_address, removing
from litereg.web.site import Site

PATH = "/public-package"
PAGE_SIZE = 100


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        query = request.query
        return await _page(site, request, query.get("type", ""), query.get("name", ""))

    async def assign(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        operation, variables = assigning(form)
        answered = await site.ask(request, operation, **variables)
        if answered.errors:
            return await _page(site, request, form.text("type"), form.text("name"), answered, form)
        return site.to(package_address(form.text("type"), form.text("name")), "added")

    async def remove(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        operation, variables = removing(form)
        answered = await site.ask(request, operation, **variables)
        if answered.errors:
            return site.refused(request, answered)
        return site.to(package_address(form.text("type"), form.text("name")), "removed")

    return [
        web.get(PATH, site.handler(show)),
        web.post(f"{PATH}/assign", site.handler(assign)),
        web.post(f"{PATH}/remove", site.handler(remove)),
    ]


async def _page(
    site: Site,
    request: web.Request,
    type_: str,
    name: str,
    refused: Answered | None = None,
    form: Form | None = None,
) -> Reply:
    """Return the page of a package; *refused* is what a *form* of it was answered."""
    after = request.query.get("after") or None
    answered = await site.ask(
        request, "public_package_page", type=type_, name=name, first=PAGE_SIZE, after=after
    )
    if answered.errors:
        return site.refused(request, answered)
    package = answered.data["publicPackage"]["getPackage"]
    if package is None:
        return site.error(request, 404, f"The catalog has no {type_} package “{name}”.", answered)
    return site.page(
        request,
        "public_package.html",
        answered,
        status=refused.page_status if refused else 200,
        package=package,
        may_change=answered.data["mayChangeLabels"],
        labels=answered.data["customCatalogLabel"]["searchLabels"]["edges"],
        form=form or Form(),
        problem=refused.problem if refused else None,
    )
