"""The address of the registry itself: what is new here, and where everything is."""

from __future__ import annotations

from aiohttp import web

from litereg.web.site import Site


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        answered = await site.ask(request, "home_page")
        if answered.errors:
            return site.refused(request, answered)
        return site.page(
            request,
            "home.html",
            answered,
            is_empty=answered.data["registryStatus"]["isEmpty"],
            latest=answered.data["latestPackages"],
            collections=answered.data["latestCollections"],
        )

    return [web.get("/", site.for_people(show))]
