"""What is one's own: catalogs, collections and packages, and where to begin with none."""

from __future__ import annotations

from aiohttp import web

from litereg.web.site import Site, page_number

PAGE_SIZE = 20


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        page = page_number(request)
        answered = await site.ask(request, "my_page", offset=PAGE_SIZE * (page - 1))
        if answered.errors:
            return site.refused(request, answered)
        return site.page(
            request,
            "my_page.html",
            answered,
            catalogs=answered.data["myCatalogs"],
            collections=answered.data["myCollections"]["collections"],
            packages=answered.data["myPackages"],
            page=page,
        )

    return [web.get("/me", site.handler(show))]
