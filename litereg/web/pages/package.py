"""A package: what it is, what its latest version holds, and which versions there are."""

from __future__ import annotations

import orjson
from aiohttp import web

from litereg.web.site import Site


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        identifier = {
            "catalogSlug": request.match_info["catalog"],
            "packageSlug": request.match_info["package"],
        }
        answered = await site.ask(request, "package_page", identifier=identifier)
        package = answered.data.get("package")
        if package is None:
            return site.refused(request, answered)
        latest = package["latestVersion"]
        file = orjson.loads(latest["packageFile"]) if latest else {}
        return site.page(request, "package.html", answered, package=package, file=file)

    return [web.get("/{catalog}/{package}", site.for_people(show))]
