"""A catalog: what it is, and its packages."""

from __future__ import annotations

from aiohttp import web

from litereg.web.pages.subjects import CATALOG
from litereg.web.site import Site, page_number

PAGE_SIZE = 20


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        page = page_number(request)
        answered = await site.ask(
            request,
            "catalog_page",
            identifier=CATALOG.identifier(request),
            offset=PAGE_SIZE * (page - 1),
        )
        catalog = answered.data.get("catalog")
        if catalog is None:
            return site.refused(request, answered)
        packages = answered.data["catalogPackages"]
        return site.page(
            request,
            "catalog.html",
            answered,
            catalog=catalog,
            packages=packages[:PAGE_SIZE],
            has_more=len(packages) > PAGE_SIZE,
            page=page,
        )

    return [web.get(CATALOG.page, site.for_people_alone(show))]
