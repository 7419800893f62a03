"""A collection: its packages, as they were added or by name; adding and removing them."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.pages.subjects import COLLECTION
from litereg.web.site import Site, page_number

PAGE_SIZE: Final = 20
# By name, all of them stand on one page.
MAX_BY_NAME: Final = 1_000


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        return await _page(site, request)

    async def add(request: web.Request) -> web.StreamResponse:
        name = (await site.form(request)).text("package")
        answered = await site.ask(
            request,
            "add_package_to_collection",
            collectionIdentifier=COLLECTION.identifier(request),
            packageIdentifier=_package(name),
        )
        if answered.errors:
            problem = answered.problem
            return await _page(site, request, answered.page_status, problem=problem, name=name)
        return site.to(COLLECTION.page_of(COLLECTION.identifier(request)), "added")

    async def remove(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        answered = await site.ask(
            request,
            "remove_package_from_collection",
            collectionIdentifier=COLLECTION.identifier(request),
            packageIdentifier=_package(form.text("package")),
        )
        if answered.errors:
            return await _page(site, request, answered.page_status, problem=answered.problem)
        return site.to(COLLECTION.page_of(COLLECTION.identifier(request)), "removed")

    return [
        web.get(COLLECTION.page, site.handler(show)),
        web.post(f"{COLLECTION.room}/add", site.handler(add)),
        web.post(f"{COLLECTION.room}/remove", site.handler(remove)),
    ]


def _package(name: str) -> dict[str, str]:
    """Return the package that somebody typed: "catalog/package", or its address."""
    *_, catalog, package = ["", *name.strip("/").split("/")]
    return {"catalogSlug": catalog, "packageSlug": package}


async def _page(
    site: Site,
    request: web.Request,
    status: int = 200,
    *,
    problem: str | None = None,
    name: str = "",
) -> Reply:
    page, by_name = page_number(request), request.query.get("order") == "name"
    answered = await site.ask(
        request,
        "collection_page",
        identifier=COLLECTION.identifier(request),
        offset=PAGE_SIZE * (page - 1),
        byName=by_name,
    )
    collection = answered.data.get("collection")
    if collection is None:
        return site.refused(request, answered)
    if by_name:
        packages = sorted(collection["packages"], key=_by_name)[:MAX_BY_NAME]
        has_more = False
    else:
        found = answered.data["collectionPackages"]
        packages, has_more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    return site.page(
        request,
        "collection.html",
        answered,
        status=status,
        collection=collection,
        packages=packages,
        has_more=has_more,
        page=page,
        by_name=by_name,
        problem=problem,
        name=name,
    )


def _by_name(package: dict[str, Any]) -> tuple[str, str]:
    return package["displayName"].casefold(), package["identifier"]["packageSlug"]
